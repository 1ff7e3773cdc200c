//! The monitoring page: a server that is watched.

use super::harness::{DATA, MODEL, Page, Visit, comes_to};

const PAGE: &str = "#/monitoring";

/// Runs `churn simulate` against the page's server.
fn simulate(page: &Page, options: &[&str]) {
    let address = page.address();
    let common = ["simulate", "--url", address, "--data", DATA];
    page.site.churn(&[&common, options].concat());
}

/// Asks the page's server for a prediction, from within the page.
async fn ask(page: &Page) {
    let status: u16 = page
        .read(
            "(() => { const call = new XMLHttpRequest(); call.open('POST', 'model', false); \
             call.setRequestHeader('content-type', 'application/json'); \
             call.send('{\"request\": {\"tenure\": 3}}'); return call.status; })()",
        )
        .await;
    assert_eq!(status, 200);
}

/// Waits until a row of the figures begins so.
async fn has_figure(page: &Page, name: &str, figure: &str) {
    let expression = format!(
        "[...document.querySelectorAll('#figures tr')].some(row => \
         row.cells[0].innerText === '{name}' && row.cells[1].innerText === '{figure}')"
    );
    page.until(&format!("{name}: {figure}"), &expression).await;
}

#[test]
fn without_a_server_it_says_how_to_start_one() {
    Visit::default().run(async |page| {
        page.open(PAGE).await;
        let says = page.text(".message").await;
        assert!(says.contains("churn serve --model"), "{says}");
        let links: usize = page.read("document.querySelectorAll('nav a').length").await;
        assert_eq!(links, 3);
    });
}

#[test]
fn a_simulation_is_watched_as_it_runs() {
    Visit::default().with_api().run(async |page| {
        page.open("").await;
        page.click_text("Monitoring").await;
        page.shows("nav [aria-current]", "Monitoring").await;
        page.shows("#live", "Live").await;
        let says = page.text("#figures").await;
        assert!(says.contains("No predictions yet"), "{says}");
        simulate(page, &["--calls", "1050", "--drift", "labels"]);
        has_figure(page, "Predictions", "1,050").await;
        has_figure(page, "Outcomes known", "1,050").await;
        page.until(
            "the gap is named",
            "document.getElementById('figures').innerText.includes('Concept drift:')",
        )
        .await;
        // The estimate does not see it, the truth does; nobody has changed.
        let figure = "Number.parseFloat([...document.querySelectorAll('#figures tr')]\
             .find(row => row.cells[0].innerText === arguments[0]).cells[1].innerText)";
        let estimated: f64 = page.read_with(figure, vec!["Estimated".into()]).await;
        let realized: f64 = page.read_with(figure, vec!["Realized".into()]).await;
        assert!((75.0..85.0).contains(&estimated), "{estimated}");
        assert!((45.0..60.0).contains(&realized), "{realized}");
        has_figure(page, "Drifted features", "0").await;
        let drift = "document.querySelectorAll('#drift tr').length";
        comes_to("features and score", 21, async || page.read(drift).await).await;
        // Every chart is drawn; eleven accuracies were reported.
        let drawn = "[...document.querySelectorAll('.monitoring .chart')]\
             .filter(chart => chart.querySelector('path.line, path.span')).length";
        comes_to("charts", 6, async || page.read(drawn).await).await;
        let discs = "document.querySelectorAll('#accuracy-over-time g circle').length";
        comes_to("accuracies", 11, async || page.read(discs).await).await;
    });
}

#[test]
fn unlike_customers_move_the_drift() {
    Visit::default().with_api().run(async |page| {
        page.open(PAGE).await;
        simulate(page, &["--calls", "600", "--drift", "inputs"]);
        has_figure(page, "Predictions", "600").await;
        let marked = "[...document.querySelectorAll('#drift td:last-child')]\
             .filter(cell => cell.innerText === 'Drift').length > 4";
        page.until("features have drifted", marked).await;
        let says = page.text("#figures").await;
        assert!(says.contains("No concept drift seen"), "{says}");
    });
}

#[test]
fn an_outcome_is_said_by_hand() {
    Visit::default().with_api().run(async |page| {
        page.open(PAGE).await;
        ask(page).await;
        has_figure(page, "Predictions", "1").await;
        has_figure(page, "Outcomes known", "0").await;
        for class in ["Yes", "No"] {
            page.click_text(class).await;
            let pressed = format!(
                "#recent [aria-pressed='true'][data-left='{}']",
                class == "Yes"
            );
            page.find(&pressed).await;
            has_figure(page, "Outcomes known", "1").await;
        }
        let pressed: usize = page
            .read("document.querySelectorAll('#recent [aria-pressed=\"true\"]').length")
            .await;
        assert_eq!(pressed, 1);
        let reasons = page.text("#recent td:nth-child(4)").await;
        assert!(
            reasons.contains("Contract") && reasons.contains('+'),
            "{reasons}"
        );
    });
}

#[test]
fn deployments_are_told_apart() {
    Visit::default().with_api().run(async |page| {
        page.open(PAGE).await;
        ask(page).await;
        has_figure(page, "Predictions", "1").await;
        let data = page.host().data().to_string_lossy().into_owned();
        page.site.churn(&["deploy", MODEL, "--data-dir", &data]);
        let choices = "document.querySelectorAll('#deployment option').length";
        comes_to("deployments", 2, async || page.read(choices).await).await;
        page.until(
            "the new one has no predictions",
            "document.getElementById('figures').innerText.includes('No predictions yet')",
        )
        .await;
        let choose = "(() => { const choice = document.getElementById('deployment'); \
             choice.selectedIndex = 1; choice.dispatchEvent(new Event('change', {bubbles: true})); return 1; })()";
        let _: u8 = page.read(choose).await;
        has_figure(page, "Predictions", "1").await;
    });
}

#[test]
fn a_server_that_was_lost_is_found_again() {
    let visit = Visit::default().with_api();
    visit.expecting("ERR_CONNECTION_REFUSED").run(async |page| {
        page.open(PAGE).await;
        ask(page).await;
        has_figure(page, "Predictions", "1").await;
        page.host().stop();
        page.until(
            "the loss is told",
            "document.getElementById('live').innerText.includes('does not answer')",
        )
        .await;
        has_figure(page, "Predictions", "1").await;
        page.host().start();
        page.shows("#live", "Live").await;
        ask(page).await;
        has_figure(page, "Predictions", "2").await;
    });
}
