//! The rule that flags customers, and what the model's page says of it.

use churn_core::cuts::Cuts;
use churn_core::metrics::Confusion;
use churn_core::profit::Offer;
use fantoccini::actions::{InputSource as _, MouseActions, PointerAction};
use fantoccini::elements::Element;
use fantoccini::key::Key;
use serde_json::json;

use super::harness::{DATA, Figure, Page, Table, Truth, Visit, comes_to};

const SLIDER: &str = ".rule-slider input";
const RISK: &str = "input[aria-label^='Flag from']";
const TOP: &str = "input[aria-label^='Flag this many']";
const TOP_PERCENT: &str = "input[aria-label^='Flag this share']";

/// Customers of rows at or above a cut.
fn flagged(truth: &Truth, rows: &[usize], cut: f64) -> usize {
    let risks = rows.iter().map(|&row| truth.probabilities[row]);
    risks.filter(|&risk| risk >= cut).count()
}

/// The risk of the customer at a place of the list by risk, from 1.
fn risk_of(truth: &Truth, place: usize) -> f64 {
    truth.probabilities[truth.by_risk(truth.active())[place - 1]]
}

/// Risks and labels of the rows that were held out.
fn held_out(truth: &Truth) -> (Vec<f64>, Vec<bool>) {
    let held_out = &truth.predictor.artefact().training.held_out;
    let rows = (0..truth.data.rows()).filter(|&row| held_out.contains(&truth.data.position(row)));
    rows.map(|row| {
        (
            truth.probabilities[row],
            truth.data.label(row) == Some(true),
        )
    })
    .unzip()
}

/// Thousands are grouped.
fn grouped(number: u64) -> String {
    if number < 1000 {
        return number.to_string();
    }
    format!("{},{:03}", number / 1000, number % 1000)
}

fn percent(part: u64, whole: u64) -> String {
    format!("{:.0}%", 100.0 * part as f64 / whole as f64)
}

/// Types a number in place of the one that is there.
async fn enter(page: &Page, css: &str, text: &str) {
    let field = page.find(css).await;
    let mark = format!("{}a{}", char::from(Key::Control), char::from(Key::Null));
    field.send_keys(&(mark + text)).await.expect("a number");
}

async fn send(page: &Page, css: &str, keys: &[Key]) {
    let keys: String = keys.iter().copied().map(char::from).collect();
    page.find(css).await.send_keys(&keys).await.expect("keys");
}

/// Presses on the middle of an element and lets go so many pixels to its right.
async fn drag(page: &Page, element: &Element, by: (f64, f64)) {
    let actions = MouseActions::new("mouse".into())
        .then(PointerAction::MoveToElement {
            element: element.clone(),
            duration: None,
            x: by.0,
            y: 0.0,
        })
        .then(PointerAction::Down { button: 0 })
        .then(PointerAction::MoveBy {
            duration: None,
            x: by.1,
            y: 0.0,
        })
        .then(PointerAction::Up { button: 0 });
    page.act(actions).await;
}

/// Waits until the page follows a cut: the count, the held-out sentence, and
/// the rows of the table.
async fn follows(page: &Page, truth: &Truth, cut: f64) {
    let count = flagged(truth, &truth.active(), cut) as u64;
    page.shows(".flagged-count", &format!("{} flagged", grouped(count)))
        .await;
    let (risks, left) = held_out(truth);
    let counts = Confusion::at(&risks, &left, cut);
    let taken = counts.true_positives + counts.false_positives;
    let right = percent(counts.true_positives, taken);
    let sentence = format!("Of held-out customers at this cut, {right} left");
    page.shows(".left-at-cut", &sentence).await;
    // The list at the cut: flagged rows above, others below.
    let place = count.saturating_sub(5) * 32;
    Table(page).scroll(place).await;
    let expected: Vec<(String, bool)> = truth
        .by_risk(truth.active())
        .into_iter()
        .skip((count as usize).saturating_sub(3))
        .take(6)
        .map(|row| (truth.data.id(row), truth.probabilities[row] >= cut))
        .collect();
    let ids: Vec<&String> = expected.iter().map(|(id, _)| id).collect();
    comes_to(
        "the decisions around the cut",
        expected.clone(),
        async || {
            let rows = "[...document.querySelectorAll('tr[data-place]')].map(row =>
            [row.querySelector('.id a').textContent, !!row.querySelector('.risk.flagged')])";
            let rows: Vec<(String, bool)> = page.read(rows).await;
            rows.into_iter()
                .filter(|(id, _)| ids.contains(&id))
                .collect()
        },
    )
    .await;
}

#[test]
fn the_slider_moves_every_decision_by_key_and_by_mouse() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open("").await;
        follows(page, &truth, 0.5).await;
        send(
            page,
            SLIDER,
            &[Key::PageDown, Key::Left, Key::Left, Key::Left],
        )
        .await;
        follows(page, &truth, 0.37).await;
        send(page, SLIDER, &[Key::PageUp, Key::Right]).await;
        follows(page, &truth, 0.48).await;
        // From the thumb to the left, by as much as 20 points take.
        let slider = page.find(SLIDER).await;
        let (_, _, width, _) = slider.rectangle().await.expect("a place");
        let point = (width - 16.0) / 100.0;
        drag(page, &slider, (-2.0 * point, -20.0 * point)).await;
        let value = slider.prop("value").await.expect("a value");
        let cut: f64 = value.expect("a value").parse().expect("a number");
        assert!((27.0..=29.0).contains(&cut), "dragged to {cut}");
        follows(page, &truth, cut / 100.0).await;
    });
}

#[test]
fn a_risk_a_number_or_a_share_may_be_typed_and_a_link_restores_it() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open("").await;
        for (field, typed, cut, name) in [
            (RISK, "34.5", 0.345, "cut=0.345"),
            (TOP, "500", risk_of(&truth, 500), "top=500"),
            // Of 5,174 customers these are 517.4.
            (TOP_PERCENT, "10", risk_of(&truth, 517), "top=10pct"),
        ] {
            enter(page, field, typed).await;
            follows(page, &truth, cut).await;
            let expected = format!("{}#/customers?{name}", page.address());
            comes_to("the address", expected.clone(), async || {
                page.location().await
            })
            .await;
            page.visit(&expected).await;
            follows(page, &truth, cut).await;
            let shown = page.find(field).await.prop("value").await.expect("a value");
            assert_eq!(shown.as_deref(), Some(typed));
        }
        // Nonsense keeps the last rule, and the field says so.
        enter(page, TOP, "0").await;
        page.until(
            "the field is marked",
            "!!document.querySelector('.rule-field input[aria-invalid=true]')",
        )
        .await;
        follows(page, &truth, risk_of(&truth, 517)).await;
    });
}

#[test]
fn the_rule_holds_on_every_page() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        let id = truth.data.id(truth.by_risk(truth.active())[99]);
        page.open(&format!("#/customer/{id}?Partner=Yes&top=50"))
            .await;
        let cut = 100.0 * risk_of(&truth, 50);
        let cut = format!("{cut:.1}%").replace(".0%", "%");
        page.shows(".risk-panel .rule", &format!("Contact at risk ≥ {cut}"))
            .await;
        page.click_text("Model").await;
        page.shows(".flagged-count", "50 flagged").await;
        page.click_text("Customers").await;
        follows(page, &truth, risk_of(&truth, 50)).await;
    });
}

/// Share of the plot's width and height at which a chart's dot is.
async fn dot(page: &Page, chart: &str) -> (f64, f64) {
    let place = "(() => {
        const chart = document.getElementById(arguments[0]);
        const grid = [...chart.querySelectorAll('.grid')].map(line => line.getBBox());
        const left = Math.min(...grid.map(line => line.x));
        const right = Math.max(...grid.map(line => line.x + line.width));
        const top = Math.min(...grid.map(line => line.y));
        const bottom = Math.max(...grid.map(line => line.y + line.height));
        const dot = chart.querySelector('.dot');
        return [(dot.cx.baseVal.value - left) / (right - left),
            (bottom - dot.cy.baseVal.value) / (bottom - top)];
    })()";
    page.read_with(place, vec![json!(chart)]).await
}

/// Waits until matrix, rates and dots of the model's page are those of a cut.
async fn judges(page: &Page, truth: &Truth, cut: f64) {
    let (risks, left) = held_out(truth);
    let counts = Confusion::at(&risks, &left, cut);
    let expected = [
        counts.true_positives,
        counts.false_negatives,
        counts.false_positives,
        counts.true_negatives,
    ];
    comes_to("the matrix", expected.map(grouped).to_vec(), async || {
        page.read("[...document.querySelectorAll('.matrix td a')].map(a => a.textContent)")
            .await
    })
    .await;
    let taken = counts.true_positives + counts.false_positives;
    let gone = counts.true_positives + counts.false_negatives;
    let stayed = counts.false_positives + counts.true_negatives;
    let rates = [
        ("precision", counts.true_positives, taken),
        ("recall", counts.true_positives, gone),
        ("alarms", counts.false_positives, stayed),
    ];
    for (class, part, whole) in rates {
        let shown = page.text(&format!(".rates .{class} dd")).await;
        let expected = percent(part, whole);
        assert!(
            shown.starts_with(&expected),
            "{class}: {shown}, not {expected}"
        );
    }
    let share = |part: u64, whole: u64| part as f64 / whole as f64;
    let (found, alarmed) = (
        share(counts.true_positives, gone),
        share(counts.false_positives, stayed),
    );
    let right = share(counts.true_positives, taken);
    let reached = share(taken, counts.rows());
    let lift = right / share(gone, counts.rows());
    for (chart, x, y) in [
        ("roc", alarmed, found),
        ("precision-recall", found, right),
        ("gain", reached, found),
        // Its axis ends at 4.
        ("lift", reached, lift / 4.0),
    ] {
        let (at_x, at_y) = dot(page, chart).await;
        let near = (at_x - x).abs() < 0.001 && (at_y - y).abs() < 0.001;
        assert!(near, "{chart}: the dot is at {at_x}, {at_y}, not {x}, {y}");
    }
    let accuracy = 100.0 * counts.accuracy();
    page.shows(".figures output", &format!("{accuracy:.1}%"))
        .await;
}

#[test]
fn matrix_and_dots_follow_the_slider() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open("#/model").await;
        let said = page.text(".basis").await;
        let rows = truth.predictor.artefact().training.held_out.len() as u64;
        let expected = format!("{} held-out customers", grouped(rows));
        assert!(said.contains(&expected), "“{said}” does not name {expected}");
        judges(page, &truth, 0.5).await;
        send(page, SLIDER, &[Key::PageDown, Key::Left]).await;
        judges(page, &truth, 0.39).await;
        enter(page, TOP, "200").await;
        judges(page, &truth, risk_of(&truth, 200)).await;
        // Intervals of the other figures come a moment later.
        page.until(
            "the intervals are there",
            "[...document.querySelectorAll('.figures .interval')].every(i => /95%: /.test(i.textContent))",
        )
        .await;
    });
}

#[test]
fn the_best_cut_is_that_of_the_typed_money() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open("#/model").await;
        page.shows(".advice", "Enter your own figures to see profit.")
            .await;
        enter(page, "input[aria-label^='Cost']", "40").await;
        enter(page, "input[aria-label^='Value']", "350").await;
        enter(page, "input[aria-label^='Offers that save']", "30").await;
        let offer = Offer {
            cost: 40.0,
            value: 350.0,
            saved: 0.3,
        };
        let (risks, left) = held_out(&truth);
        let best = offer.best(&Cuts::new(&risks, &left)).expect("a best cut");
        // By counting, at every cut that there is.
        let earned = |cut: f64| {
            let counts = Confusion::at(&risks, &left, cut);
            offer.profit(
                counts.true_positives as f64,
                counts.false_positives as f64,
                counts.rows(),
            )
        };
        let most = risks.iter().map(|&cut| earned(cut)).fold(0.0, f64::max);
        assert_eq!(earned(best.threshold), most, "the best cut earns most");
        let cut = format!("{:.1}%", 100.0 * best.threshold).replace(".0%", "%");
        let start = format!("Best cut: {cut}, with {} per", grouped(most.round() as u64));
        comes_to("the advice", true, async || {
            page.text(".advice").await.starts_with(&start)
        })
        .await;
        page.click_text("Use this cut").await;
        judges(page, &truth, best.threshold).await;
        let readout = page.text("#profit .readout").await;
        let profit = format!(": {} per 1,000 customers.", grouped(most.round() as u64));
        assert!(readout.ends_with(&profit), "{readout}");
        let link = format!(
            "{}#/model?cost=40&value=350&saved=30&cut={}",
            page.address(),
            best.threshold
        );
        comes_to("the address", link.clone(), async || page.location().await).await;
        page.visit(&link).await;
        judges(page, &truth, best.threshold).await;
        comes_to("the advice", true, async || {
            page.text(".advice").await.starts_with(&start)
        })
        .await;
    });
}

#[test]
fn numbers_of_a_chart_can_be_read() {
    Visit::default().run(async |page| {
        page.open("#/model").await;
        page.find("#roc [data-act=enlarge]")
            .await
            .click()
            .await
            .expect("a click");
        page.until(
            "a table of the curve",
            "document.querySelectorAll('#enlarged[open] tr').length === 22",
        )
        .await;
    });
}

#[test]
fn other_data_than_the_models_is_said_to_be_so() {
    let without_last = |site: &super::harness::Site| {
        site.edit(DATA, |text| {
            let end = text.trim_end().rfind('\n').expect("lines");
            text[..=end].to_owned()
        });
    };
    Visit::default().prepared(without_last).run(async |page| {
        page.open("#/model").await;
        let said = page.text(".basis").await;
        assert!(said.contains("not what the model was trained on"), "{said}");
        assert!(said.contains("7,042 labelled customers"), "{said}");
    });
}

#[test]
fn groups_are_judged_apart_and_the_model_is_open() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open("#/model?cut=0.3").await;
        page.find("#slices summary")
            .await
            .click()
            .await
            .expect("a click");
        let choice = page
            .find_by_path("//*[@id='slices']//option[.='Contract']")
            .await;
        choice.click().await.expect("a choice");
        let contract = truth.feature("Contract");
        let held_out = &truth.predictor.artefact().training.held_out;
        let mut expected = Vec::new();
        for level in ["Month-to-month", "One year", "Two year"] {
            let value = truth.value(contract, level);
            let rows: Vec<usize> = (0..truth.data.rows())
                .filter(|&row| held_out.contains(&truth.data.position(row)))
                .filter(|&row| truth.data.value(row, contract) == value)
                .collect();
            let (risks, left): (Vec<f64>, Vec<bool>) = rows
                .iter()
                .map(|&row| {
                    (
                        truth.probabilities[row],
                        truth.data.label(row) == Some(true),
                    )
                })
                .unzip();
            let counts = Confusion::at(&risks, &left, 0.3);
            let gone = counts.true_positives + counts.false_negatives;
            let right = counts.true_positives + counts.true_negatives;
            expected.push(vec![
                level.to_owned(),
                grouped(counts.rows()),
                percent(gone, counts.rows()),
                percent(right, counts.rows()),
            ]);
        }
        comes_to("the groups", expected, async || {
            let rows = "[...document.querySelectorAll('#slices tr')].slice(1)
                .map(row => [...row.children].map(cell => cell.textContent))
                .map(cells => [cells[0], cells[1], cells[2], cells.at(-1)])";
            page.read(rows).await
        })
        .await;
        page.find("#coefficients summary")
            .await
            .click()
            .await
            .expect("a click");
        // Three levels, each with what it adds to the log-odds of the average.
        let predictor = &truth.predictor;
        let columns = predictor.design().columns(contract);
        let coefficients = &predictor.model().coefficients[columns];
        let added = predictor
            .contributions_of()
            .of_term(contract, coefficients[2]);
        let shown: String = page
            .read(
                "[...document.querySelectorAll('#coefficients tr')]
                    .map(row => [...row.children].map(cell => cell.textContent))
                    .find(cells => cells[0] === 'Contract' && cells[1] === 'Two year')[2]",
            )
            .await;
        assert!(Figure::weight(&shown).shows(added), "{shown}, not {added}");
        page.find("#card summary")
            .await
            .click()
            .await
            .expect("a click");
        let hash = &predictor.artefact().training.data_hash;
        let card = page.text("#card table").await;
        assert!(card.contains(hash.as_str()), "{card}");
    });
}
