//! The table's tools: further sort keys, columns, colours, marks, the map, and
//! the comparison of two customers.

use std::cmp::Ordering;

use fantoccini::key::Key;
use serde_json::{Value, json};

use super::harness::{Figure, Page, Table, Truth, Visit, comes_to};
use churn_core::Method;

/// Log-odds contributions of a customer.
fn contributions(truth: &Truth, row: usize) -> Vec<f64> {
    let explanation = truth.predictor.explain_contributions(&truth.data.row(row));
    assert_eq!(explanation.method, Method::Contributions);
    explanation.weights
}

/// Clicks a head with Shift held.
async fn further(page: &Page, label: &str) {
    let click = "(() => {
        const heads = [...document.querySelectorAll('thead button')];
        const head = heads.find(head => head.textContent.startsWith(arguments[0]));
        head.dispatchEvent(new MouseEvent('click', {bubbles: true, shiftKey: true}));
        return head !== undefined;
    })()";
    assert!(page.read_with::<bool>(click, vec![json!(label)]).await);
}

/// What the heads that decide about the order show behind their names.
async fn marks(page: &Page) -> Vec<String> {
    let marks = "[...document.querySelectorAll('thead button span[aria-hidden]')]
        .map(mark => mark.textContent.trim()).filter(mark => mark)";
    page.read(marks).await
}

async fn heads(page: &Page) -> Vec<String> {
    let heads = "[...document.querySelectorAll('thead button:first-child')].map(head => {
        head = head.cloneNode(true);
        head.querySelector('[aria-hidden]').remove();
        return head.textContent.trim();
    })";
    page.read(heads).await
}

/// The shown list, without drawing more columns than are in sight.
async fn first_ids(page: &Page, count: usize) -> Vec<String> {
    let mut ids = Table(page).ids().await;
    ids.truncate(count);
    ids
}

/// Unfolds a menu.
async fn unfold(page: &Page, name: &str) {
    let path = format!("//summary[starts-with(normalize-space(), '{name}')]");
    page.find_by_path(&path)
        .await
        .click()
        .await
        .expect("a menu");
}

#[test]
fn a_further_key_decides_among_equals_and_the_address_keeps_it() {
    Visit::default().run(async |page| {
        let (table, truth) = (Table(page), page.truth());
        page.open("").await;
        table.head("Contract").await.click().await.expect("a click");
        further(page, "Monthly").await;
        comes_to(
            "the marks",
            vec!["↑1".into(), "↑2".into()],
            async || {
                let mut marks: Vec<String> = marks(page).await;
                marks.sort();
                marks
            },
        )
        .await;
        // The first key alone is said to order the table.
        table.is_ordered("Contract", "ascending").await;
        let (contract, monthly) = (truth.feature("Contract"), truth.feature("MonthlyCharges"));
        let mut expected = truth.active();
        expected.sort_by(|&a, &b| {
            let first = truth.compare(contract, a, b);
            first.then(truth.compare(monthly, a, b))
        });
        table.starts_with(&truth.ids(&expected[..20])).await;
        // By keys: the second turns round.
        let head = table.head("Monthly").await;
        let keys = format!("{}{}", char::from(Key::Shift), char::from(Key::Enter));
        head.send_keys(&keys).await.expect("keys");
        expected.sort_by(|&a, &b| {
            let first = truth.compare(contract, a, b);
            first.then(truth.compare(monthly, b, a))
        });
        table.starts_with(&truth.ids(&expected[..20])).await;
        let address = format!(
            "{}#/customers?sort=value.Contract&sort=-value.MonthlyCharges",
            page.address()
        );
        comes_to("the address", address.clone(), async || {
            page.location().await
        })
        .await;
        page.visit(&address).await;
        table.starts_with(&truth.ids(&expected[..20])).await;
        table.head("Risk").await.click().await.expect("a click");
        comes_to("one mark", vec!["↓".to_owned()], async || {
            marks(page).await
        })
        .await;
    });
}

#[test]
fn columns_are_chosen_and_remembered() {
    Visit::default().run(async |page| {
        let (table, truth) = (Table(page), page.truth());
        page.open("").await;
        let standard = heads(page).await;
        assert_eq!(standard[..5], ["★", "ID", "Risk", "Outcome", "Main reasons"]);
        assert_eq!(standard.len(), 5 + truth.weights.width);
        unfold(page, "Columns").await;
        page.click_text("None").await;
        comes_to("only what cannot be hidden", 3, async || heads(page).await.len()).await;
        page.click_text("Part").await;
        let weight = page.find("input[aria-label='Tenure: weight']").await;
        weight.click().await.expect("a click");
        let chosen = ["★", "ID", "Risk", "Part", "LIME weight of Tenure"];
        comes_to("the columns", chosen.map(String::from).to_vec(), async || heads(page).await).await;
        page.open("").await;
        comes_to("the columns", chosen.map(String::from).to_vec(), async || heads(page).await).await;
        // A weight sorts as any column.
        table.head("LIME weight").await.click().await.expect("a click");
        let tenure = truth.feature("tenure");
        let weight = |row: usize| truth.weights.row(row)[tenure];
        let mut rows = truth.active();
        rows.sort_by(|&a, &b| weight(b).total_cmp(&weight(a)));
        table.starts_with(&truth.ids(&rows[..20])).await;
        let shown: Vec<String> = page
            .read("[...document.querySelectorAll('tr[data-place] .number')].map(cell => cell.lastChild.data)")
            .await;
        for (shown, &row) in shown.iter().zip(&rows) {
            assert!(Figure::weight(shown).shows(weight(row)), "{shown}");
        }
        unfold(page, "Columns").await;
        page.click_text("Reset").await;
        comes_to("the columns", standard, async || heads(page).await).await;
    });
}

#[test]
fn the_part_says_what_the_model_used_a_customer_for() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open("#/customers?who=everyone&sort=value.TotalCharges")
            .await;
        unfold(page, "Columns").await;
        page.click_text("Part").await;
        page.find("td.part").await;
        let parts: Vec<(String, String)> = page
            .read(
                "[...document.querySelectorAll('tr[data-place]')].map(row =>
                [row.querySelector('.id a').textContent, row.querySelector('.part').textContent])",
            )
            .await;
        let held_out = &truth.predictor.artefact().training.held_out;
        let mut seen = Vec::new();
        for (id, part) in parts {
            let row = truth.row(&id);
            let expected = if truth.imputed.contains(&row) {
                "Not used"
            } else if held_out.contains(&truth.data.position(row)) {
                "Held-out"
            } else {
                "Training"
            };
            assert_eq!(part, expected, "{id}");
            seen.push(part);
        }
        for part in ["Not used", "Held-out", "Training"] {
            assert!(seen.iter().any(|seen| seen == part), "nobody is {part}");
        }
    });
}

#[test]
fn without_the_data_of_the_training_there_is_no_part() {
    let shorter = |site: &super::harness::Site| {
        site.edit(super::harness::DATA, |text| {
            let rows: Vec<&str> = text.lines().take(500).collect();
            rows.join("\n") + "\n"
        });
    };
    Visit::default().prepared(shorter).run(async |page| {
        page.open("").await;
        unfold(page, "Columns").await;
        let boxes: Vec<String> = page
            .read("[...document.querySelectorAll('.menu[open] div.checks label')].map(label => label.innerText.trim())")
            .await;
        assert_eq!(boxes, ["Outcome", "Main reasons"]);
    });
}

#[test]
fn colours_and_figures_follow_the_method() {
    Visit::default().run(async |page| {
        let (table, truth) = (Table(page), page.truth());
        page.open("").await;
        unfold(page, "Show").await;
        page.click_text("Log-odds").await;
        page.click_text("Both").await;
        let address = format!("{}#/customers?colour=log-odds&show=both", page.address());
        comes_to("the address", address, async || page.location().await).await;
        page.shows(".legend li:nth-child(4) .boundary", "+0.10")
            .await;
        for row in table.rows().await.into_iter().take(12) {
            let weights = contributions(&truth, truth.row(&row.id));
            for cell in &row.cells {
                let weight = weights[truth.labelled(&cell.label)];
                let shown = format!("{}: {cell:?} for {weight}", row.id);
                let (_, figure) = cell.text.split_once(" · ").expect("a value and a weight");
                assert!(Figure::weight(figure).shows(weight), "{shown}");
                let steps = [0.1, 0.4, 1.0];
                let step = steps.iter().filter(|&&step| weight.abs() >= step).count();
                let arrow = if weight < 0.0 { "▼" } else { "▲" };
                assert_eq!(cell.arrows, arrow.repeat(step), "{shown}");
            }
        }
        page.open("#/customers?colour=none&show=weights").await;
        let rows = table.rows().await;
        for cell in rows.iter().flat_map(|row| &row.cells) {
            assert!(cell.arrows.is_empty(), "{cell:?}");
            assert_eq!(cell.told, None);
            assert_eq!(cell.text, cell.weight);
        }
        let legend = "document.querySelector('.legend').checkVisibility()";
        assert!(!page.read::<bool>(legend).await, "nothing to explain");
    });
}

#[test]
fn shift_stars_all_between_two_customers() {
    Visit::default().run(async |page| {
        page.open("").await;
        let starred = async |expected: &str| {
            comes_to("the starred", expected.to_owned(), async || {
                let places = "[...document.querySelectorAll('tr[data-place]')]
                    .filter(row => row.querySelector('.mark-star').ariaPressed === 'true')
                    .map(row => row.dataset.place).join(' ')";
                page.read::<String>(places).await
            })
            .await;
        };
        let click = async |place: usize, shift: bool| {
            let click = format!(
                "document.querySelector(`tr[data-place='{place}'] .mark-star`).dispatchEvent(
                    new MouseEvent('click', {{bubbles: true, shiftKey: {shift}}}))"
            );
            page.read::<bool>(&click).await;
        };
        click(6, false).await;
        starred("6").await;
        click(3, true).await;
        starred("3 4 5 6").await;
        // The other way round, and only as far as the click.
        click(5, true).await;
        starred("6").await;
        page.press_with(Key::Shift, Key::Up).await;
        starred("4 5 6").await;
        page.open("#/customers?q=starred").await;
        starred("0 1 2").await;
    });
}

#[test]
fn stars_and_pins_last_and_two_customers_are_compared() {
    Visit::default().run(async |page| {
        let (table, truth) = (Table(page), page.truth());
        page.open("").await;
        let listed = truth.ids(&truth.by_risk(truth.active())[..4]);
        page.tab_to("table").await;
        for key in ["s", "p"] {
            page.press(key.chars().next().expect("a key")).await;
        }
        page.press(Key::Down).await;
        page.press(Key::Down).await;
        page.press('s').await;
        let star = page.find("tr[data-place='1'] .mark-star").await;
        star.click().await.expect("a click");
        // The keyboard goes on from there.
        page.press(Key::Down).await;
        page.press(Key::Down).await;
        page.press('p').await;
        let pinned = vec![listed[0].clone(), listed[3].clone()];
        let pins = "[...document.querySelectorAll('.pinned tr .id a')].map(a => a.textContent)";
        comes_to("the pinned", pinned.clone(), async || {
            page.read::<Vec<String>>(pins).await
        })
        .await;
        let stars = "[...document.querySelectorAll('tr[data-place]')]
            .filter(row => row.querySelector('.mark-star').ariaPressed === 'true')
            .map(row => row.dataset.place)";
        for _ in 0..2 {
            comes_to("the starred", vec!["0", "1", "2"], async || {
                let stars: Vec<String> = page.read(stars).await;
                stars
                    .iter()
                    .map(|star| match star.as_str() {
                        "0" => "0",
                        "1" => "1",
                        "2" => "2",
                        _ => "another",
                    })
                    .collect::<Vec<_>>()
            })
            .await;
            page.open("").await;
        }
        comes_to("the pinned", pinned.clone(), async || {
            page.read::<Vec<String>>(pins).await
        })
        .await;
        // They stay on top and hide no row.
        table.scroll(3200).await;
        comes_to("the rows below the pinned", true, async || {
            page.read::<bool>(
                "(() => {
                const pinned = document.querySelector('.pinned').getBoundingClientRect();
                const head = document.querySelector('thead').getBoundingClientRect();
                const place = document.elementFromPoint(pinned.x + 100, pinned.bottom + 16)
                    ?.closest('tr')?.dataset.place;
                return pinned.top === head.bottom && pinned.height === 64 && place === '100';
            })()",
            )
            .await
        })
        .await;
        page.click_text("Compare").await;
        compares(page, &truth, &pinned).await;
        page.click_text("Swap").await;
        let swapped = vec![pinned[1].clone(), pinned[0].clone()];
        compares(page, &truth, &swapped).await;
        page.click_text("‹ Customers").await;
        table.counts("5,174 of 7,043").await;
    });
}

/// The page compares two customers as the model does.
async fn compares(page: &Page, truth: &Truth, ids: &[String]) {
    comes_to("the compared", ids.to_vec(), async || {
        page.read::<Vec<String>>(
            "[...document.querySelectorAll('.compared thead a')].map(a => a.textContent)",
        )
        .await
    })
    .await;
    let address = format!("{}#/compare/{}/{}", page.address(), ids[0], ids[1]);
    assert_eq!(page.location().await, address);
    let rows = [truth.row(&ids[0]), truth.row(&ids[1])];
    let risks: Vec<String> = page
        .read("[...document.querySelectorAll('.risks td')].map(cell => cell.textContent)")
        .await;
    let probabilities = rows.map(|row| truth.probabilities[row]);
    for (risk, probability) in risks.iter().zip(probabilities) {
        assert!(
            Figure::risk(risk).shows(probability),
            "{risk} for {probability}"
        );
    }
    let points = (probabilities[1] - probabilities[0]) * 100.0;
    assert_eq!(
        risks[2].starts_with('−'),
        points <= -0.05,
        "{} for {points}",
        risks[2]
    );
    let lines: Vec<(String, bool, Vec<String>)> = page
        .read(
            "[...document.querySelectorAll('.compared tbody tr:not(.family, .risks)')]
            .filter(row => row.querySelector('.compared-weight'))
            .map(row => [
                row.querySelector('th').firstChild.textContent.trim(),
                row.classList.contains('differs'),
                [...row.querySelectorAll('td')].map(cell => cell.textContent.trim()),
            ])",
        )
        .await;
    assert_eq!(lines.len(), truth.weights.width);
    for (label, differs, cells) in lines {
        let feature = truth.labelled(&label);
        let weights = rows.map(|row| truth.weights.row(row)[feature]);
        for (cell, weight) in [(&cells[1], weights[0]), (&cells[3], weights[1])] {
            assert!(
                Figure::weight(cell).shows(weight),
                "{label}: {cell} for {weight}"
            );
        }
        assert!(
            Figure::weight(&cells[4]).shows(weights[1] - weights[0]),
            "{label}: {cells:?}"
        );
        let differ = truth.compare(feature, rows[0], rows[1]) != Ordering::Equal;
        assert_eq!(differs, differ, "{label}: {cells:?}");
        assert_eq!(cells[0] != cells[2], differ, "{label}: {cells:?}");
    }
}

#[test]
fn the_map_shows_the_list_and_leads_through_it() {
    Visit::default().run(async |page| {
        let (table, truth) = (Table(page), page.truth());
        page.open("#/customers?sort=value.tenure").await;
        // The dots of a feature at the top and at the bottom, as red minus blue.
        let redness = "(() => {
            const map = document.querySelector('.map canvas');
            const dots = map.getContext('2d');
            return [0, map.height - 1].map(line => {
                const [red, , blue] = dots.getImageData(arguments[0], line, 1, 1).data;
                return red - blue;
            });
        })()";
        let mean = |feature: usize| {
            let weights = (0..truth.data.rows()).map(|row| truth.weights.row(row)[feature].abs());
            weights.sum::<f64>()
        };
        let mut features: Vec<usize> = (0..truth.weights.width).collect();
        features.sort_by(|&a, &b| mean(b).total_cmp(&mean(a)));
        let tenure = features
            .iter()
            .position(|&feature| feature == truth.feature("tenure"));
        let column = json!(tenure.expect("a column of tenure"));
        comes_to(
            "short tenure is red, long is blue",
            vec![true, false],
            async || {
                let dots: Vec<i32> = page.read_with(redness, vec![column.clone()]).await;
                dots.iter().map(|&dot| dot > 0).collect()
            },
        )
        .await;
        table.head("Tenure").await.click().await.expect("a click");
        comes_to("the map follows the order", vec![false, true], async || {
            let dots: Vec<i32> = page.read_with(redness, vec![column.clone()]).await;
            dots.iter().map(|&dot| dot > 0).collect()
        })
        .await;
        let press: Value = page
            .read(
                "(() => {
                const map = document.querySelector('.map canvas');
                const place = map.getBoundingClientRect();
                map.dispatchEvent(new PointerEvent('pointerdown', {
                    bubbles: true, buttons: 1, pointerId: 1,
                    clientX: place.x + 5, clientY: place.y + place.height / 2,
                }));
                const table = document.querySelector('.table');
                return (table.scrollTop + table.clientHeight / 2) / table.scrollHeight;
            })()",
            )
            .await;
        let middle = press.as_f64().expect("a share");
        assert!(
            (middle - 0.5).abs() < 0.01,
            "a press in the middle leads to {middle}"
        );
        comes_to("the window marks the middle", true, async || {
            let marked = "(() => {
                const map = document.querySelector('.map').getBoundingClientRect();
                const mark = document.querySelector('.map-window').getBoundingClientRect();
                return (mark.y + mark.height / 2 - map.y) / map.height;
            })()";
            (page.read::<f64>(marked).await - 0.5).abs() < 0.02
        })
        .await;
        assert!(!first_ids(page, 1).await.is_empty());
    });
}
