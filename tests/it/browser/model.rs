//! What the model's page says beyond the decision: the report, what the model
//! goes by, where it is worst, its card.

use churn_core::metrics::Confusion;
use churn_core::{Explanation, Method};

use super::harness::{Downloads, Page, Truth, Visit, comes_to};

/// Rows that were held out.
fn held_out(truth: &Truth) -> Vec<usize> {
    let held_out = &truth.predictor.artefact().training.held_out;
    let rows = 0..truth.data.rows();
    rows.filter(|&row| held_out.contains(&truth.data.position(row)))
        .collect()
}

fn confusion(truth: &Truth, rows: &[usize], cut: f64) -> Confusion {
    let risks: Vec<f64> = rows.iter().map(|&row| truth.probabilities[row]).collect();
    Confusion::at(&risks, &truth.data.left(rows), cut)
}

/// The cells of a table, row by row.
async fn table(page: &Page, css: &str) -> Vec<Vec<String>> {
    let cells = format!(
        "[...document.querySelectorAll('{css} tr')].map(row => \
            [...row.children].map(cell => cell.textContent))"
    );
    page.read(&cells).await
}

/// The report as it is shown.
fn report(truth: &Truth, rows: &[usize], cut: f64) -> Vec<Vec<String>> {
    let report = confusion(truth, rows, cut).report();
    let classes = [
        ("Left", report.positive),
        ("Stayed", report.negative),
        ("Plain mean", report.macro_average),
        ("Weighted mean", report.weighted_average),
    ];
    let row = |(name, scores): (&str, churn_core::metrics::ClassScores)| {
        let mut row = vec![name.to_owned()];
        row.extend([scores.precision, scores.recall, scores.f1].map(|x| format!("{x:.2}")));
        row
    };
    classes.map(row).into()
}

/// Waits for the report, but for its last column.
async fn reports(page: &Page, expected: Vec<Vec<String>>) {
    comes_to("the report", expected, async || {
        let mut rows = table(page, ".report").await;
        rows.remove(0);
        rows.iter_mut().for_each(|row| drop(row.pop()));
        rows
    })
    .await;
}

#[test]
fn figures_are_of_held_out_customers_unless_switched() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open("#/model?cut=0.3").await;
        reports(page, report(&truth, &held_out(&truth), 0.3)).await;
        page.click_text("Include the customers it was trained on")
            .await;
        let all: Vec<usize> = (0..truth.data.rows()).collect();
        reports(page, report(&truth, &all, 0.3)).await;
        let said = page.text(".basis").await;
        assert!(
            said.contains("all 7,043 labelled customers") && said.contains("flatter"),
            "{said}"
        );
        let link = format!("{}#/model?rows=all&cut=0.3", page.address());
        comes_to("the address", link.clone(), async || page.location().await).await;
        page.visit(&link).await;
        reports(page, report(&truth, &all, 0.3)).await;
        // The cells of the matrix open the same customers.
        let counts = confusion(&truth, &all, 0.3);
        page.find(".matrix .tp a")
            .await
            .click()
            .await
            .expect("a click");
        let count = counts.true_positives;
        let grouped = format!("{},{:03} of 7,043", count / 1000, count % 1000);
        page.shows(".counts .count", &grouped).await;
    });
}

#[test]
fn what_the_model_goes_by_is_told_of_everyone_and_by_cohort() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        let rows = held_out(&truth);
        page.open("#/model").await;
        let explain = |method: Method, row: usize| -> Explanation {
            let values = truth.data.row(row);
            match method {
                Method::Contributions => truth.predictor.explain_contributions(&values),
                _ => truth.predictor.explain_exact(&values),
            }
        };
        let mean = |method: Method, rows: &[usize]| {
            let mut sums = vec![0.0; truth.data.schema().features.len()];
            for &row in rows {
                let weights = explain(method, row).weights;
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum += weight.abs();
                }
            }
            sums.iter_mut().for_each(|sum| *sum /= rows.len() as f64);
            sums
        };
        let (lime, log_odds) = (
            mean(Method::Exact, &rows),
            mean(Method::Contributions, &rows),
        );
        let shown = table(page, ".importance").await;
        assert_eq!(shown.len(), 20);
        for row in &shown[1..] {
            let at = truth.labelled(&row[0]);
            let expected = [lime[at], log_odds[at]].map(|x| format!("{x:.3}"));
            assert_eq!(row[1..], expected, "{}", row[0]);
        }
        let sizes: Vec<&String> = shown[1..].iter().map(|row| &row[1]).collect();
        assert!(sizes.windows(2).all(|pair| pair[0] >= pair[1]), "{sizes:?}");
        page.click_text("By cohort").await;
        page.click_text("In log-odds").await;
        let left: Vec<usize> = rows
            .iter()
            .copied()
            .filter(|&row| truth.data.label(row) == Some(true))
            .collect();
        let of_left = mean(Method::Contributions, &left);
        comes_to("the columns", 4, async || {
            table(page, ".importance").await[0].len()
        })
        .await;
        for row in &table(page, ".importance").await[1..] {
            let at = truth.labelled(&row[0]);
            let expected = [log_odds[at], of_left[at]].map(|x| format!("{x:.3}"));
            assert_eq!(row[1..3], expected, "{}", row[0]);
        }
    });
}

#[test]
fn the_worst_groups_of_all_features_come_first() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open("#/model").await;
        page.find("#slices summary")
            .await
            .click()
            .await
            .expect("a click");
        page.find("#slices option:last-child")
            .await
            .click()
            .await
            .expect("a choice");
        page.until(
            "the groups",
            "document.querySelectorAll('#slices tr').length === 13",
        )
        .await;
        let shown = table(page, "#slices").await;
        let share = |row: &Vec<String>| -> f64 {
            let share = row.last().expect("a share").trim_end_matches('%');
            share.parse().expect("a number")
        };
        let shares: Vec<f64> = shown[1..].iter().map(share).collect();
        assert!(
            shares.windows(2).all(|pair| pair[0] <= pair[1]),
            "{shares:?}"
        );
        // No group of levels that is large enough is worse than the first.
        for (at, feature) in truth.data.schema().features.iter().enumerate() {
            for level in feature.levels() {
                let value = truth.value(at, level);
                let mut rows = held_out(&truth);
                rows.retain(|&row| truth.data.value(row, at) == value);
                let left = truth
                    .data
                    .left(&rows)
                    .into_iter()
                    .filter(|&left| left)
                    .count();
                if rows.len() >= 50 && left >= 10 && rows.len() - left >= 10 {
                    let right = 100.0 * confusion(&truth, &rows, 0.5).accuracy();
                    assert!(right > shares[0] - 0.51, "{level}: {right}");
                }
            }
        }
    });
}

#[test]
fn the_card_is_kept_as_markdown() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        let downloads = Downloads::of(page).await;
        page.open("#/model").await;
        page.find("#card summary")
            .await
            .click()
            .await
            .expect("a click");
        page.click_text("Markdown").await;
        let card = downloads.take("model-card.md").await;
        let training = &truth.predictor.artefact().training;
        assert!(card.starts_with("# Model card"), "{card}");
        for part in [
            &format!("| SHA-256 of the data | {} |", training.data_hash),
            "| Protected | Gender, Senior citizen:",
            "Test offers against a control group",
            "| Contract | Two year |",
            "| Weighted mean |",
        ] {
            assert!(card.contains(part), "{card} lacks {part}");
        }
    });
}

#[test]
fn a_chart_of_the_model_is_enlarged_with_its_numbers() {
    Visit::default().run(async |page| {
        page.open("#/model").await;
        page.find("#scores .actions button")
            .await
            .click()
            .await
            .expect("a click");
        page.until(
            "the dialog",
            "document.querySelector('#enlarged').open
                && document.querySelectorAll('#enlarged tr').length === 21",
        )
        .await;
        // Of each outcome the shares add up to everyone.
        for column in [2, 3] {
            let sum: f64 = page
                .read(&format!(
                    "[...document.querySelectorAll('#enlarged tr')].slice(1)
                        .reduce((sum, row) => sum + Number(row.children[{column}].textContent), 0)"
                ))
                .await;
            assert!((sum - 1.0).abs() < 0.02, "{sum}");
        }
        page.find("#enlarged form button")
            .await
            .click()
            .await
            .expect("a click");
        page.until(
            "the dialog is closed",
            "!document.querySelector('#enlarged').open",
        )
        .await;
    });
}
