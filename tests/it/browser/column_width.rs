//! How wide columns are: by the mouse, by the keyboard, and kept.

use std::time::Duration;

use fantoccini::actions::{InputSource as _, MouseActions, PointerAction};
use fantoccini::key::Key;
use serde_json::json;

use super::harness::{Page, Table, Visit, comes_to};

/// Where the right edge of a column's head is, in pixels: x and y.
async fn edge(page: &Page, css: &str) -> [i64; 2] {
    let edge = format!(
        "(() => {{ const box = document.querySelector('{css}').getBoundingClientRect(); \
         return [Math.round(box.right), Math.round(box.top + 8)]; }})()"
    );
    page.read(&edge).await
}

/// Widths of a column: of its head, and of its cell in the first row.
async fn widths(page: &Page, column: &str) -> [i64; 2] {
    let widths = format!(
        "['thead th', 'tr[data-place] > *'].map(css => Math.round(\
         document.querySelector(css + '.{column}').getBoundingClientRect().width))"
    );
    page.read(&widths).await
}

async fn has_width(page: &Page, column: &str, width: i64) {
    comes_to(column, [width; 2], async || widths(page, column).await).await;
}

/// Presses the left button at a place, moves to others, and lets go.
fn drag(from: [i64; 2], by: &[i64]) -> MouseActions {
    let to = |x| PointerAction::MoveTo {
        duration: Some(Duration::ZERO),
        x: x as f64,
        y: from[1] as f64,
    };
    let pressed = MouseActions::new("mouse".into())
        .then(to(from[0]))
        .then(PointerAction::Down { button: 0 });
    let moved = by
        .iter()
        .fold(pressed, |actions, by| actions.then(to(from[0] + by)));
    moved.then(PointerAction::Up { button: 0 })
}

#[test]
fn an_edge_is_dragged_and_the_width_is_kept() {
    Visit::default().run(async |page| {
        let table = Table(page);
        page.open("").await;
        let [start, _] = widths(page, "outcome").await;
        let order = table.ids().await;
        let from = edge(page, "thead .outcome").await;
        page.act(drag(from, &[20, 90, 60])).await;
        has_width(page, "outcome", start + 60).await;
        // Neither sorted nor opened by that.
        assert_eq!(table.ids().await, order);
        // The columns behind it have moved along.
        let aligned = "['thead .reasons', 'tr[data-place] .reasons'].map(css => \
            document.querySelector(css).getBoundingClientRect().left)";
        let [head, cell]: [f64; 2] = page.read(aligned).await;
        assert!((head - cell).abs() < 0.5, "{head}, {cell}");
        page.open("").await;
        has_width(page, "outcome", start + 60).await;

        // Not narrower than what can be taken again; what is cut is clipped.
        let from = edge(page, "thead .outcome").await;
        page.act(drag(from, &[-300])).await;
        has_width(page, "outcome", 64).await;
        let clipped =
            "getComputedStyle(document.querySelector('tr[data-place] .outcome')).overflow";
        comes_to("the clip", "clip".to_owned(), async || {
            page.read(clipped).await
        })
        .await;
        // A click alone changes nothing, two give the width that is needed.
        let from = edge(page, "thead .outcome").await;
        page.act(drag(from, &[])).await;
        has_width(page, "outcome", 64).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let twice = drag(from, &[])
            .then(PointerAction::Down { button: 0 })
            .then(PointerAction::Up { button: 0 });
        page.act(twice).await;
        has_width(page, "outcome", start).await;
        let kept: String = page.read("localStorage.getItem('columns') ?? ''").await;
        assert_eq!(kept, "");
    });
}

#[test]
fn the_columns_that_stay_move_along() {
    Visit::default().run(async |page| {
        page.open("").await;
        let [start, _] = widths(page, "id").await;
        let from = edge(page, "thead .id").await;
        page.act(drag(from, &[80])).await;
        has_width(page, "id", start + 80).await;
        // Scrolled to the side, id and risk are still beside each other.
        let scroll = "document.querySelector('.table').scrollLeft = arguments[0]";
        let _: f64 = page.read_with(scroll, vec![json!(600)]).await;
        page.find("table.aside").await;
        for row in ["thead", "tr[data-place]"] {
            let ends = format!(
                "['id', 'risk'].map(name => document.querySelector('{row} .' + name)\
                 .getBoundingClientRect()).map((box, place) => place ? box.left : box.right)"
            );
            let [right, left]: [f64; 2] = page.read(&ends).await;
            assert!((right - left).abs() < 0.5, "{row}: {right}, {left}");
        }
    });
}

#[test]
fn the_keyboard_makes_a_column_wider_and_narrower() {
    Visit::default().run(async |page| {
        page.open("").await;
        let [start, _] = widths(page, "risk").await;
        let head = page.find("th.risk button").await;
        let alt = |keys: &[char]| {
            let keys: String = keys.iter().collect();
            format!("{}{keys}{}", char::from(Key::Alt), char::from(Key::Null))
        };
        let (left, right) = (char::from(Key::Left), char::from(Key::Right));
        for (keys, width) in [
            (vec![right, right, right], start + 48),
            (vec![left], start + 32),
            (vec!['0'], start),
        ] {
            head.send_keys(&alt(&keys)).await.expect("keys");
            has_width(page, "risk", width).await;
            // The head keeps the focus, and the page stays.
            page.until(
                "the focus is on the head",
                "document.activeElement.matches('th.risk button')",
            )
            .await;
        }
        head.send_keys(&alt(&[right])).await.expect("keys");
        has_width(page, "risk", start + 16).await;
        // With the columns, widths are set back.
        page.find(".tools summary")
            .await
            .click()
            .await
            .expect("a click");
        page.click_text("Reset").await;
        has_width(page, "risk", start).await;
    });
}
