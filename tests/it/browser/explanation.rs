//! What an explanation says, how far it can be trusted, and what it adds up to.

use churn_core::links::Edit;
use churn_core::{Column, Explanation, Value};
use fantoccini::key::Key;
use serde_json::Value as Json;

use super::harness::{Customer, Downloads, Figure, Table, Visit, comes_to};

/// A customer with fiber optic, two add-ons and a monthly contract.
const ID: &str = "5150-ITWWB";

#[test]
fn curves_pass_through_the_customer() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open(&format!("#/customer/{ID}?Contract=One+year"))
            .await;
        Customer(page).unfold("Curves").await;
        let row = truth.edited(ID, &[("Contract", "One year")]);
        let original = truth.edited(ID, &[]);
        let downloads = Downloads::of(page).await;
        let curves = "[...document.querySelectorAll('[id^=curve-]')].map(curve => [
            curve.id,
            curve.querySelector('.axis').textContent.split(',')[0],
            curve.querySelector('.muted').textContent,
            curve.querySelector('path.line').getAttribute('d'),
            ['cx', 'cy'].map(name => curve.querySelector('circle').getAttribute(name)).join(' '),
        ])";
        comes_to("the curves", 3, async || {
            page.read::<Vec<[String; 5]>>(curves).await.len()
        })
        .await;
        for [id, label, told, path, here] in page.read::<Vec<[String; 5]>>(curves).await {
            let risk = told.split("risk ").nth(1).expect("a risk");
            let probability = truth.predictor.probability(&row);
            assert!(Figure::risk(risk).shows(probability), "{label}: {told}");
            // The dot is on the curve, at its height: 208 of 218 from the top.
            let point = |point: &str| -> (f64, f64) {
                let (x, y) = point.split_once(' ').expect("two numbers");
                (x.parse().expect("x"), y.parse().expect("y"))
            };
            let (x, y) = point(&here);
            assert!(
                (218.0 - 208.0 * probability - y).abs() < 0.1,
                "{label}: {here}"
            );
            let drawn = path.trim_start_matches('M').split('L').map(point);
            let near = |(at, height): (f64, f64)| (at - x).hypot(height - y) < 0.8;
            assert!(
                drawn.into_iter().any(near),
                "{label} is not at {here}: {path}"
            );
            let feature = truth.labelled(&label);
            let name = &truth.data.schema().features[feature].name;
            let save = page.find(&format!("#{id} [data-act=csv]")).await;
            save.click().await.expect("a click");
            let numbers = downloads.take(&format!("curve-{name}.csv")).await;
            let (curve, customers) = numbers.split_once("\r\n\r\n").expect("two tables");
            let points: Vec<(f64, f64)> = curve
                .lines()
                .skip(1)
                .map(|line| line.split_once(',').expect("two numbers"))
                .map(|(x, y)| (x.parse().expect("x"), y.parse().expect("y")))
                .collect();
            assert!(
                (60..=100).contains(&points.len()),
                "{} points",
                points.len()
            );
            // Everybody is in one of the bars below.
            let bars = customers.lines().skip(1).map(|line| line.split(',').nth(2));
            let counts = bars.map(|count| count.expect("a count").parse::<usize>());
            let counted: usize = counts.map(|count| count.expect("a count")).sum();
            assert_eq!(counted, truth.data.rows());
            // The ends, with all that follows them.
            let Column::Numeric(numbers) = truth.data.column(feature) else {
                panic!("{label} is no number");
            };
            let low = numbers.iter().copied().fold(f64::INFINITY, f64::min);
            let high = numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            for (number, end) in [(low, points[0]), (high, points[points.len() - 1])] {
                let value = Value::Number(number);
                let edit = Edit { feature, value };
                let moved = truth.links.consequences(&original, &row, edit, &[]).row;
                let probability = truth.predictor.probability(&moved);
                assert!(
                    end.0 == number && (end.1 - probability).abs() < 0.0001,
                    "{label} {number} is drawn at {end:?}, not {probability}"
                );
            }
        }
    });
}

#[test]
fn methods_are_compared_with_the_spread_of_the_seeds() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open(&format!("#/customer/{ID}")).await;
        Customer(page).unfold("Compare methods").await;
        page.click_text("Run 20 seeds").await;
        page.until(
            "the seeds are done",
            "!document.querySelector('.sampled-fit').textContent.includes('not been run')",
        )
        .await;
        let row = truth.edited(ID, &[]);
        let exact = truth.predictor.explain_exact(&row);
        let log_odds = truth.predictor.explain_contributions(&row);
        let runs: Vec<Vec<f64>> = (0..20)
            .map(|seed| {
                let pool = truth.predictor.pool(5000, seed).expect("a pool");
                let all = row.0.len();
                truth.predictor.explain_sampled(&row, &pool, all).weights
            })
            .collect();
        let cells = "[...document.querySelectorAll('.figures tbody tr')].map(row =>
            [...row.cells].map(cell => cell.textContent))";
        let rows: Vec<Vec<String>> = page.read(cells).await;
        assert_eq!(rows.len(), row.0.len());
        for cells in rows {
            let feature = truth.labelled(&cells[0]);
            assert!(
                Figure::weight(&cells[1]).shows(exact.weights[feature]),
                "{cells:?}"
            );
            let (mean, sd) = cells[2].split_once(" ± ").expect("mean and deviation");
            let own = || runs.iter().map(|weights| weights[feature]);
            let middle = own().sum::<f64>() / 20.0;
            let squares: f64 = own().map(|w| (w - middle) * (w - middle)).sum();
            assert!(
                Figure::weight(mean).shows(middle),
                "{cells:?}, not {middle}"
            );
            let deviation = (squares / 19.0).sqrt();
            assert!(
                Figure::weight(sd).shows(deviation),
                "{cells:?}, not {deviation}"
            );
            assert!(
                Figure::weight(&cells[3]).shows(log_odds.weights[feature]),
                "{cells:?}"
            );
            let same = exact.weights[feature] * log_odds.weights[feature] >= 0.0;
            assert_eq!(cells[4], if same { "agree" } else { "differ" });
        }
        Customer(page).choose("Contract", "One year").await;
        page.until(
            "the samples are old",
            "document.querySelector('.sampled-fit').textContent.includes('run again')",
        )
        .await;
    });
}

#[test]
fn a_run_of_seeds_can_be_cancelled() {
    Visit::default().run(async |page| {
        page.open(&format!("#/customer/{ID}")).await;
        Customer(page).unfold("Compare methods").await;
        page.find(".sampled progress").await;
        // Cancelled as soon as the first seed is done; tells how far it was.
        let cancel = "(() => {
            const progress = document.querySelector('.sampled progress');
            window.seeds = [];
            new MutationObserver(() => {
                window.seeds.push(Number(progress.getAttribute('value')));
                if (window.seeds.at(-1) === 1) progress.nextElementSibling.click();
            }).observe(progress, {attributes: true, attributeFilter: ['value']});
            return true;
        })()";
        page.read::<bool>(cancel).await;
        page.click_text("Run 20 seeds").await;
        page.until(
            "the run has ended",
            "window.seeds.includes(1) && document.querySelector('.sampled progress').hidden",
        )
        .await;
        let furthest: u32 = page.read("Math.max(...window.seeds)").await;
        assert!(furthest < 20, "{furthest} seeds were run");
        let said = page.text(".sampled-fit").await;
        assert_eq!(said, "Sampled LIME has not been run for this customer.");
        // It can be begun again.
        let run = page
            .find_by_path("//button[normalize-space()='Run 20 seeds']")
            .await;
        assert!(run.is_enabled().await.expect("a state"));
    });
}

#[test]
fn the_waterfall_adds_up() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open(&format!("#/customer/{ID}")).await;
        Customer(page)
            .unfold("From the average customer to this one")
            .await;
        page.find("#waterfall .step").await;
        let bars = "[...document.querySelectorAll('#waterfall .step')].map(bar => ({
            left: Number(bar.querySelector('rect').getAttribute('x')),
            width: Number(bar.querySelector('rect').getAttribute('width')),
            end: Number(bar.querySelector('line').getAttribute('x1')),
        }))";
        let bars: Vec<Json> = page.read(bars).await;
        let number = |bar: &Json, name: &str| bar[name].as_f64().expect("a number");
        let row = truth.edited(ID, &[]);
        let log_odds = truth.predictor.explain_contributions(&row);
        assert!((number(&bars[0], "end") - log_odds.intercept).abs() < 1e-9);
        let last = bars.last().expect("a bar");
        let end = truth.predictor.log_odds(&row);
        assert!((number(last, "end") - end).abs() < 1e-9);
        for pair in bars.windows(2) {
            let (from, to) = (number(&pair[0], "end"), number(&pair[1], "end"));
            assert!((number(&pair[1], "left") - from.min(to)).abs() < 1e-9);
            assert!((number(&pair[1], "width") - (to - from).abs()).abs() < 1e-9);
        }
        // Fewer bars sum the rest up in one.
        let field = page.find(".folded .sampled input").await;
        let three = format!(
            "{}a{}3{}",
            char::from(Key::Control),
            char::from(Key::Null),
            char::from(Key::Enter)
        );
        field.send_keys(&three).await.expect("keys");
        let steps = "document.querySelectorAll('#waterfall .step').length";
        comes_to("the bars", 6, async || page.read::<usize>(steps).await).await;
        field
            .send_keys(&three.replace('3', "10"))
            .await
            .expect("keys");
        comes_to("the bars", bars.len(), async || page.read(steps).await).await;
        // The same can be taken away.
        let downloads = Downloads::of(page).await;
        for act in ["svg", "csv", "enlarge"] {
            let button = page.find(&format!("#waterfall [data-act={act}]")).await;
            button.click().await.expect("a click");
        }
        let drawing = downloads.take("waterfall.svg").await;
        assert!(drawing.contains("<title>What adds up to this estimate?"));
        assert_eq!(drawing.matches("<rect").count(), bars.len());
        let numbers = downloads.take("waterfall.csv").await;
        let lines: Vec<&str> = numbers.lines().collect();
        assert_eq!(lines.len(), bars.len() + 1);
        let sum = lines[bars.len()].rsplit(',').next().expect("a sum");
        assert!((sum.parse::<f64>().expect("a number") - end).abs() < 1e-4);
        let rows = "document.querySelectorAll('#enlarged[open] tr').length";
        comes_to("the table", lines.len(), async || page.read(rows).await).await;
    });
}

#[test]
fn features_come_by_weight_where_that_is_asked_for() {
    Visit::default().run(async |page| {
        let (truth, customer) = (page.truth(), Customer(page));
        page.open("").await;
        Table(page).open(ID).await;
        page.click_text("Weight").await;
        let shown = async || {
            let features = customer.features().await.into_iter();
            features.map(|feature| feature.label).collect::<Vec<_>>()
        };
        let heavy = |row: usize| {
            let weights = truth.weights.row(row);
            let mut features: Vec<usize> = (0..weights.len()).collect();
            features.sort_by(|&a, &b| weights[b].abs().total_cmp(&weights[a].abs()));
            features.truncate(5);
            features
        };
        let heaviest = async || -> Vec<usize> {
            let labels = shown().await.into_iter().take(5);
            labels.map(|label| truth.labelled(&label)).collect()
        };
        let row = truth.row(ID);
        comes_to("the heaviest first", heavy(row), heaviest).await;
        // Nothing moves by an edit, though weights change.
        let before = shown().await;
        customer.choose("Internet service", "DSL").await;
        page.until(
            "it is edited",
            "!!document.querySelector('.feature.changed')",
        )
        .await;
        assert_eq!(shown().await, before);
        // The choice holds for the next customer.
        page.press('j').await;
        let listed = truth.by_risk(truth.active());
        let place = listed.iter().position(|&listed| listed == row);
        let next = listed[place.expect("a place") + 1];
        comes_to("the next one's", heavy(next), heaviest).await;
        page.click_text("Family").await;
        page.until(
            "families again",
            "document.querySelectorAll('.family').length > 3",
        )
        .await;
    });
}

/// Whether LIME's summary stands badly for the model: far off, or against it in
/// one of the five features that weigh most.
fn is_poor(lime: &Explanation, log_odds: &Explanation) -> bool {
    let mut features: Vec<usize> = (0..lime.weights.len()).collect();
    features.sort_by(|&a, &b| lime.weights[b].abs().total_cmp(&lime.weights[a].abs()));
    let against = |&feature: &usize| lime.weights[feature] * log_odds.weights[feature] < 0.0;
    (lime.local_prediction - lime.probability).abs() > 0.2 || features[..5].iter().any(against)
}

#[test]
fn a_poor_stand_in_is_called_so() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        for poor in [true, false] {
            let row = (0..truth.data.rows()).find(|&row| {
                let values = truth.data.row(row);
                let lime = truth.predictor.explain_exact(&values);
                let log_odds = truth.predictor.explain_contributions(&values);
                is_poor(&lime, &log_odds) == poor
            });
            let id = truth.data.id(row.expect("such a customer"));
            page.open(&format!("#/customer/{id}")).await;
            let lime = truth.predictor.explain_exact(&truth.edited(&id, &[]));
            let said = page.text(".fidelity").await;
            let r2 = format!("{:.0}% (R²)", lime.r2.expect("a share") * 100.0);
            assert!(said.contains(&r2), "{said}, not {r2}");
            let warning = "document.querySelector('.risk-panel .notice').checkVisibility()";
            assert_eq!(page.read::<bool>(warning).await, poor, "{id}");
            if poor {
                let said = page.text(".risk-panel .notice").await;
                assert!(
                    said.starts_with("Poor stand-in for this customer"),
                    "{said}"
                );
                page.click_text("Show log-odds").await;
                let chosen = "[...document.querySelectorAll('input[name=method]')]
                    .findIndex(input => input.checked)";
                comes_to("the method", 1, async || page.read::<i32>(chosen).await).await;
            }
        }
    });
}
