//! The figures of the model's page as files: every panel is enlarged and saved.

use churn_core::Method;
use churn_core::metrics::Confusion;

use super::harness::{Downloads, Page, Visit};

/// The lines of a file of numbers.
fn lines(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).flexible(true);
    let mut reader = reader.from_reader(text.as_bytes());
    let cells = |line: csv::Result<csv::StringRecord>| {
        let line = line.expect("a line");
        line.iter().map(Into::into).collect()
    };
    reader.records().map(cells).collect()
}

/// Saves a panel's figures as numbers.
async fn saved(page: &Page, panel: &str, file: &str, downloads: &Downloads) -> Vec<Vec<String>> {
    press(page, panel, "csv").await;
    lines(&downloads.take(file).await)
}

async fn press(page: &Page, panel: &str, act: &str) {
    let button = page.find(&format!("{panel} [data-act={act}]")).await;
    button.click().await.expect("a click");
}

/// Opens a folded panel; its table is there.
async fn unfold(page: &Page, panel: &str) {
    let summary = page.find(&format!("{panel} summary")).await;
    summary.click().await.expect("a click");
    page.find(&format!("{panel} td")).await;
}

fn number(cell: &str) -> f64 {
    cell.parse()
        .unwrap_or_else(|_| panic!("“{cell}” is no number"))
}

/// The text of one cell of a panel's table.
async fn shown(page: &Page, panel: &str, (row, column): (usize, usize)) -> String {
    let cell =
        format!("document.querySelectorAll('{panel} tr')[{row}].children[{column}].textContent");
    page.read(&cell).await
}

#[test]
fn the_decisions_are_saved_in_full_precision() {
    Visit::default().run(async |page| {
        let downloads = Downloads::of(page).await;
        let truth = page.truth();
        page.open("#/model?cut=0.3").await;
        let held_out = &truth.predictor.artefact().training.held_out;
        let mut rows: Vec<usize> = (0..truth.data.rows()).collect();
        rows.retain(|&row| held_out.contains(&truth.data.position(row)));
        let risks: Vec<f64> = rows.iter().map(|&row| truth.probabilities[row]).collect();
        let counts = Confusion::at(&risks, &truth.data.left(&rows), 0.3);

        let matrix = saved(page, ".matrix", "confusion-matrix.csv", &downloads).await;
        assert_eq!(matrix[0], ["", "Flagged", "Not flagged"]);
        let cells = [counts.true_positives, counts.false_negatives];
        assert_eq!(matrix[1][1..], cells.map(|rows| rows.to_string()));
        let told: String = page.text(".matrix .tp a").await;
        assert_eq!(matrix[1][1], told);
        let precision = matrix.iter().find(|row| row[0] == "Of those flagged, left");
        let flagged = counts.true_positives + counts.false_positives;
        assert_eq!(
            number(&precision.expect("the rate")[1]),
            counts.true_positives as f64 / flagged as f64
        );
        press(page, ".matrix", "svg").await;
        let drawing = downloads.take("confusion-matrix.svg").await;
        assert!(drawing.contains(&format!(">{told}</text>")), "{drawing}");

        let report = saved(page, ".report", "classification-report.csv", &downloads).await;
        assert_eq!(
            report[0],
            ["", "Precision", "Recall", "F1", "Customers"].map(str::to_owned)
        );
        let positive = counts.report().positive;
        assert_eq!(report[1][0], "Left");
        assert_eq!(number(&report[1][3]).to_bits(), positive.f1.to_bits());
        assert_eq!(
            shown(page, ".report", (1, 3)).await,
            format!("{:.2}", positive.f1)
        );
        let drawings = "document.querySelectorAll('.report [data-act=svg]').length";
        assert_eq!(page.read::<usize>(drawings).await, 0);

        unfold(page, "#slices").await;
        let groups = saved(page, "#slices", "groups.csv", &downloads).await;
        assert_eq!(groups[0][..2], ["Group", "Customers"]);
        assert_eq!(groups[0].last().expect("a head"), "Right decisions");
        let right = number(groups[1].last().expect("a share"));
        assert_eq!(
            format!("{:.0}%", right * 100.0),
            shown(page, "#slices", (1, 7)).await
        );
        assert_eq!(groups[1][0], shown(page, "#slices", (1, 0)).await);
    });
}

#[test]
fn what_the_model_goes_by_is_saved_in_full_precision() {
    Visit::default().run(async |page| {
        let downloads = Downloads::of(page).await;
        let truth = page.truth();
        page.open("#/model?rows=all").await;
        let importance = saved(page, "#importance", "importance.csv", &downloads).await;
        assert_eq!(
            importance[0],
            ["Feature", "Mean |LIME weight|", "Mean |log-odds|"]
        );
        assert_eq!(importance.len(), 20);
        let first = truth.labelled(&importance[1][0]);
        let rows = truth.data.rows();
        let sizes = |method: Method| -> f64 {
            let size = |row: usize| -> f64 {
                match method {
                    Method::Contributions => {
                        let row = truth.data.row(row);
                        truth.predictor.explain_contributions(&row).weights[first].abs()
                    }
                    _ => truth.weights.row(row)[first].abs(),
                }
            };
            (0..rows).map(size).sum::<f64>() / rows as f64
        };
        for (cell, method) in importance[1][1..]
            .iter()
            .zip([Method::Exact, Method::Contributions])
        {
            assert!((number(cell) - sizes(method)).abs() < 1e-9, "{cell}");
            assert!(cell.len() > 8, "{cell}");
        }
        press(page, "#importance", "svg").await;
        let drawing = downloads.take("importance.svg").await;
        assert_eq!(drawing.matches("<rect").count(), 2 * 19);

        unfold(page, "#coefficients").await;
        let weighed = saved(page, "#coefficients", "coefficients.csv", &downloads).await;
        assert_eq!(
            weighed[0],
            ["Feature", "Value", "Log-odds", "Odds ratio"].map(str::to_owned)
        );
        let (log_odds, ratio) = (number(&weighed[1][2]), number(&weighed[1][3]));
        assert_eq!(ratio.to_bits(), log_odds.exp().to_bits());
        assert_eq!(
            format!("× {ratio:.2}"),
            shown(page, "#coefficients", (1, 3)).await
        );

        // Enlarged, the same figures are rounded.
        press(page, "#coefficients", "enlarge").await;
        page.until("the dialog", "document.querySelector('#enlarged').open")
            .await;
        let large = shown(page, "#enlarged", (1, 3)).await;
        assert!((number(&large) - ratio).abs() < 1e-4, "{large}");
        assert!(large.len() <= 6, "{large}");
    });
}
