//! The monitoring page: a server that is watched.

use super::harness::{DATA, MODEL, Page, Table, Visit, comes_to};

/// Where it is.
pub const PAGE: &str = "#/monitoring";

/// Runs `churn simulate` against the page's server.
pub fn simulate(page: &Page, options: &[&str]) {
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
pub async fn has_figure(page: &Page, name: &str, figure: &str) {
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
fn broken_rules_and_what_was_decided_are_shown() {
    Visit::default().with_api().run(async |page| {
        page.open(PAGE).await;
        page.until(
            "it says that there are no rules",
            "document.body.innerText.includes('No rules are set for this model')",
        )
        .await;
        let rules = "model = \"model\"\nwindow = { predictions = 1000, labels = 200 }\n\
             rule = [{ measure = \"accuracy\", limit = 0.7 }, { measure = \"drift\", limit = 0.3 }]\n\
             retrain = { predictions = 1000, held_out = 0.3, promote = true }\n";
        let file = page.host().data().join("rules.toml");
        std::fs::write(&file, rules).expect("rules");
        let file = file.to_string_lossy();
        let data = page.host().data().to_string_lossy().into_owned();
        let retrain = |act: &str, of: &str| {
            page.site.churn(&["retrain", act, of, "--data-dir", &data]);
        };
        retrain("rules", &file);
        let state = "[...document.querySelectorAll('#rules tr')].slice(1)\
             .map(row => [row.cells[0].innerText, row.cells[4].innerText])";
        let states = |accuracy: &str| {
            [["Accuracy", accuracy], ["Drift of a feature", "Holds"]].map(|row| row.map(str::to_owned))
        };

        // Noise in the outcomes: an alert, and no new model.
        simulate(page, &["--calls", "1000", "--drift", "labels"]);
        retrain("run", "model");
        comes_to("the rules", states("Broken").to_vec(), async || {
            page.read::<Vec<[String; 2]>>(state).await
        })
        .await;
        let alert = page.text("#alerts").await;
        assert!(alert.starts_with("Broken rules: Accuracy (since "), "{alert}");
        let decided = page.text("#decisions").await;
        assert!(decided.contains("the challenger is refused"), "{decided}");
        assert!(decided.contains("as noise in the outcomes moves it"), "{decided}");

        // A changed concept: another model answers, and the alert is over.
        simulate(page, &["--calls", "1000", "--drift", "concept", "--drift-until", "0"]);
        retrain("run", "model");
        page.until(
            "another model answers",
            "document.getElementById('decisions').innerText.includes('Version 2 is better, and answers')",
        )
        .await;
        page.until("there is no alert", "document.getElementById('alerts').innerText === ''")
            .await;
    });
}

#[test]
fn the_page_is_usable_while_predictions_pour_in() {
    Visit::default().with_api().run(async |page| {
        page.open(PAGE).await;
        let address = page.address();
        let calls = ["--calls", "1500", "--pause", "10", "--delay", "1"];
        let common = ["simulate", "--url", address, "--data", DATA];
        let mut simulation = page.site.start_churn(&[&common[..], &calls].concat());
        let shown = "Number([...document.querySelectorAll('#figures tr')]\
             .find(row => row.cells[0].innerText === 'Predictions')\
             ?.cells[1].innerText.replace(',', '') ?? 0)";
        page.until("predictions pour in", &format!("{shown} > 100"))
            .await;
        // What was chosen and where the focus is stay as the page is renewed.
        let choose = "(() => { const choice = document.querySelectorAll('.monitoring select')[1]; \
             choice.selectedIndex = 1; choice.focus(); \
             choice.dispatchEvent(new Event('change', {bubbles: true})); return 1; })()";
        let _: u8 = page.read(choose).await;
        let before: u32 = page.read(shown).await;
        page.until("more have come", &format!("{shown} > {}", before + 100))
            .await;
        let kept = "(() => { const choice = document.querySelectorAll('.monitoring select')[1]; \
             return choice.value === '300000' && document.activeElement === choice; })()";
        page.until("the choice is kept", kept).await;
        // An outcome is taken, and the list below the pointer stays.
        let outcome = "#recent tr:last-child [data-left='true']";
        page.find(outcome).await.click().await.expect("a click");
        page.find(&format!("{outcome}[aria-pressed='true']")).await;
        // A chart stays enlarged, and closes when it is asked to.
        page.find("#accuracy-over-time [data-act='enlarge']")
            .await
            .click()
            .await
            .expect("a click");
        let before: u32 = page.read(shown).await;
        page.until("more have come", &format!("{shown} > {}", before + 100))
            .await;
        page.until("it is enlarged", "document.getElementById('enlarged').open")
            .await;
        page.click_text("Close").await;
        page.until("it is closed", "!document.getElementById('enlarged').open")
            .await;
        // Away and back.
        page.click_text("Customers").await;
        Table(page).search("dsl").await;
        page.shows(".chip :first-child", "“dsl”").await;
        page.click_text("Monitoring").await;
        let status = simulation.wait().expect("a simulation");
        assert!(status.success());
        has_figure(page, "Predictions", "1,500").await;
        has_figure(page, "Outcomes known", "1,500").await;
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
fn another_build_is_let_answer_and_taken_back() {
    let visit = Visit::default().with_api();
    visit.expecting("409").run(async |page| {
        let data = page.host().data().to_string_lossy().into_owned();
        let other = format!("{data}/other.json");
        page.site
            .churn(&["train", DATA, "--c", "0.001", "--out", &other]);
        let add = [
            "model",
            "add",
            &other,
            "--name",
            "model",
            "--alias",
            "challenger",
        ];
        page.site
            .churn(&[&add[..], &["--data-dir", &data]].concat());
        page.open(PAGE).await;
        let states = "[...document.querySelectorAll('#builds tr')].slice(1)\
             .map(row => `${row.cells[0].innerText} ${row.cells[4].innerText}`).join()";
        comes_to(
            "builds",
            "2 Let it answer,1 Answers".to_owned(),
            async || page.read(states).await,
        )
        .await;
        page.click_text("Let it answer").await;
        comes_to(
            "the other",
            "2 Answers,1 Let it answer".to_owned(),
            async || page.read(states).await,
        )
        .await;
        page.click_text("Bring the one before back").await;
        comes_to(
            "the first",
            "2 Let it answer,1 Answers".to_owned(),
            async || page.read(states).await,
        )
        .await;
        let versions = "[...document.querySelectorAll('#history tr')].slice(1)\
             .map(row => row.cells[0].innerText).join()";
        comes_to("history", "1,2,1".to_owned(), async || {
            page.read(versions).await
        })
        .await;
        // There is nothing further back.
        page.click_text("Bring the one before back").await;
        page.until(
            "it says so",
            "document.getElementById('not-done').innerText !== ''",
        )
        .await;
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
