//! The table: who is listed, what a row says, order, search.

use fantoccini::key::Key;

use super::harness::{Figure, ShownRow, Table, Visit, comes_to};

/// Where the steps of the colour scale begin.
const STEPS: [f64; 3] = [0.02, 0.06, 0.15];

#[test]
fn still_customers_are_listed_and_everyone_is_one_click_away() {
    Visit::default().run(async |page| {
        let (table, truth) = (Table(page), page.truth());
        page.open("").await;
        table.counts("5,174 of 7,043").await;
        let listed = truth.by_risk(truth.active());
        table.starts_with(&truth.ids(&listed[..20])).await;
        page.click_text("Everyone").await;
        table.counts("7,043 of 7,043").await;
        let listed = truth.by_risk((0..truth.data.rows()).collect());
        table.starts_with(&truth.ids(&listed[..20])).await;
    });
}

#[test]
fn rows_say_what_the_model_says() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open("#/customers?who=everyone").await;
        let rows = Table(page).rows().await;
        assert!(rows.len() >= 20, "only {} rows", rows.len());
        for row in rows {
            let (id, place) = (&row.id, truth.row(&row.id));
            let probability = truth.probabilities[place];
            let right = Figure::risk(&row.risk).shows(probability);
            assert!(right, "{id}: risk {}, not {probability}", row.risk);
            let weights = truth.weights.row(place);
            assert_eq!(row.cells.len(), weights.len(), "{id}: cells of features");
            for cell in row.cells {
                let weight = weights[truth.labelled(&cell.label)];
                let shown = format!("{id}: {} shows {cell:?} for {weight}", cell.label);
                assert!(Figure::weight(&cell.weight).shows(weight), "{shown}");
                let step = STEPS.iter().filter(|&&step| weight.abs() >= step).count();
                let arrow = if weight < 0.0 { "▼" } else { "▲" };
                assert_eq!(cell.arrows, arrow.repeat(step), "{shown}");
                let effect = match step {
                    0 => "hardly matters",
                    _ if weight < 0.0 => "lowers risk",
                    _ => "raises risk",
                };
                let told = cell.told.as_deref().unwrap_or_default();
                let said = told.strip_prefix(&format!("{}, ", cell.text));
                assert!(said.is_some_and(|said| said.starts_with(effect)), "{shown}");
                let (red, blue) = cell.colour;
                let right = match step {
                    0 => red == blue,
                    _ if weight < 0.0 => blue > red,
                    _ => red > blue,
                };
                assert!(right, "{shown}: the colour is wrong");
            }
        }
    });
}

#[test]
fn customers_with_a_value_filled_in_are_marked() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        assert_eq!(truth.imputed.len(), 11);
        page.open("#/customers?who=everyone&sort=value.TotalCharges")
            .await;
        page.shows(".imputed-legend", "≈ value filled in (11)")
            .await;
        let rows = Table(page).rows().await;
        let (marked, plain): (Vec<_>, Vec<_>) =
            rows.into_iter().partition(|row| row.imputed.is_some());
        let mut expected = truth.ids(&truth.imputed);
        let mut found: Vec<String> = marked.iter().map(|row| row.id.clone()).collect();
        expected.sort();
        found.sort();
        assert_eq!(found, expected, "the marked customers");
        let total = truth.feature("TotalCharges");
        let filled = |row: &ShownRow| -> Vec<usize> {
            let cells = row.cells.iter().filter(|cell| cell.text.starts_with('≈'));
            cells.map(|cell| truth.labelled(&cell.label)).collect()
        };
        for row in &marked {
            let title = row.imputed.as_deref();
            assert_eq!(title, Some("Filled in: Total charges"), "{}", row.id);
            assert_eq!(filled(row), [total], "features marked of {}", row.id);
        }
        for row in &plain {
            assert_eq!(filled(row), [0; 0], "{} has all values", row.id);
        }
    });
}

#[test]
fn only_the_rows_in_sight_are_in_the_document() {
    Visit::default().run(async |page| {
        let (table, truth) = (Table(page), page.truth());
        page.open("").await;
        let listed = truth.by_risk(truth.active());
        for top in [0, 80_000, 10_000_000] {
            table.scroll(top).await;
            let row = match top {
                0 => listed[0],
                80_000 => listed[80_000 / 32],
                _ => *listed.last().expect("customers"),
            };
            let id = truth.data.id(row);
            comes_to(&format!("{id} is in sight"), true, async || {
                let seen = "[...document.querySelectorAll('tr[data-place] a')].some(link => {
                    const place = link.getBoundingClientRect();
                    return link.textContent === arguments[0]
                        && document.elementFromPoint(place.x + 5, place.y + 5) === link;
                })";
                page.read_with(seen, vec![id.clone().into()]).await
            })
            .await;
            let rows: usize = page.read("document.querySelectorAll('tr').length").await;
            assert!(rows < 60, "{rows} rows in the document at {top} pixels");
        }
        page.until(
            "all rows are announced",
            "document.querySelector('table').ariaRowCount === '5175'",
        )
        .await;
    });
}

#[test]
fn a_head_sorts_by_click_and_by_key() {
    Visit::default().run(async |page| {
        let (table, truth) = (Table(page), page.truth());
        page.open("").await;
        table.is_ordered("Risk", "descending").await;
        let tenure = truth.feature("tenure");
        let mut rising = truth.active();
        rising.sort_by(|&a, &b| truth.compare(tenure, a, b));
        table.head("Tenure").await.click().await.expect("a click");
        table.is_ordered("Tenure", "ascending").await;
        table.starts_with(&truth.ids(&rising[..20])).await;
        let contract = truth.feature("Contract");
        let mut falling = truth.active();
        falling.sort_by(|&a, &b| truth.compare(contract, b, a));
        let head = table.head("Contract").await;
        head.send_keys(&char::from(Key::Enter).to_string())
            .await
            .expect("a key");
        table.is_ordered("Contract", "ascending").await;
        page.press(Key::Space).await;
        table.is_ordered("Contract", "descending").await;
        table.starts_with(&truth.ids(&falling[..20])).await;
    });
}

#[test]
fn search_narrows_the_list_and_an_empty_one_has_a_way_out() {
    Visit::default().run(async |page| {
        let (table, truth) = (Table(page), page.truth());
        page.open("").await;
        let payment = truth.feature("PaymentMethod");
        let mailed = truth.value(payment, "Mailed check");
        let listed = truth.active().into_iter();
        let listed = listed
            .filter(|&row| truth.data.value(row, payment) == mailed)
            .count();
        table.search("mailed CHECK").await;
        table
            .counts(&format!("{},{:03} of 7,043", listed / 1000, listed % 1000))
            .await;
        table.search("nobody has this").await;
        table.counts("0 of 7,043").await;
        page.shows(".table .message p", "No customer matches.")
            .await;
        page.click_text("Clear all").await;
        table.counts("5,174 of 7,043").await;
        // One who left: the way out is another.
        table.search("3668-QPYBK").await;
        table.counts("0 of 7,043").await;
        page.click_text("Everyone").await;
        table.counts("1 of 7,043").await;
        table.starts_with(&["3668-QPYBK".into()]).await;
    });
}

#[test]
fn heads_ids_and_risks_stay_in_sight() {
    Visit::default().run(async |page| {
        let table = Table(page);
        page.open("").await;
        table.scroll(3200).await;
        let right = "(document.querySelector('.table').scrollLeft = 900) > 0";
        assert!(page.read::<bool>(right).await);
        page.until(
            "what tells the rows stays at the left and at the top",
            "(() => {
                const table = document.querySelector('.table').getBoundingClientRect();
                const at = (x, y) => document.elementFromPoint(table.x + x, table.y + y);
                const [star, id, risk] = [20, 90, 250];
                return [[id, 20, 'th.id'], [risk, 20, 'th.risk'], [star, 200, 'tbody .star'],
                    [id, 200, 'tbody .id'], [risk, 200, 'tbody .risk']]
                    .every(([x, y, css]) => at(x, y).closest(css));
            })()",
        )
        .await;
    });
}

#[test]
fn main_reasons_are_the_families_that_weigh_most() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open("").await;
        let reasons = "[...document.querySelectorAll('tr[data-place]')].map(row => [
            row.querySelector('.id a').textContent,
            ...[...row.querySelectorAll('.reason')].map(reason => reason.lastChild.textContent)])";
        let rows: Vec<[String; 3]> = page.read(reasons).await;
        assert!(rows.len() > 10);
        for [id, first, second] in rows {
            let weights = truth.weights.row(truth.row(&id));
            let mut sums = truth.families();
            let sum = |features: &[usize]| features.iter().map(|&f| weights[f]).sum::<f64>();
            sums.sort_by(|(_, a), (_, b)| sum(b).abs().total_cmp(&sum(a).abs()));
            assert_eq!((&first, &second), (&sums[0].0, &sums[1].0), "{id}");
        }
    });
}
