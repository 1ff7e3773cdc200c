//! Another model beside the page's own.

use std::path::Path;

use churn_core::Predictor;
use churn_core::artefact::ModelArtefact;
use churn_core::svm::SvmArtefact;
use serde_json::{Value, json};

use super::harness::{DATA, Downloads, Page, Visit, comes_to};

/// One support vector machine, on the customers that the page's model is trained on.
const GRID: &str = r#"
name = "svm"
[hold-out]
test-fraction = 0.25
seed = 42
[[grid]]
model = "svm"
kernel = ["linear"]
c = [0.1]
"#;

/// Chooses a file as the other model.
async fn choose(page: &Page, file: &Path) {
    let input = page.find("#rival input[type=file]").await;
    let path = file.to_str().expect("a path");
    input.send_keys(path).await.expect("a file");
}

/// What the page says of the whole comparison.
async fn told(page: &Page) -> String {
    page.read("document.querySelector('#rival').textContent")
        .await
}

/// The first line of a cell: a figure without its interval.
async fn figure(page: &Page, row: &str, column: usize) -> String {
    page.read_with(
        "[...document.querySelectorAll('#rival tr')]
            .find(row => row.firstChild.textContent === arguments[0])
            .children[arguments[1]].firstChild.textContent",
        vec![json!(row), json!(column)],
    )
    .await
}

#[test]
fn another_model_is_judged_on_the_same_customers() {
    Visit::default().prepared(|_| ()).run(async |page| {
        let downloads = Downloads::of(page).await;
        let site = &page.site;
        site.churn(&[
            "train",
            DATA,
            "--c",
            "0.001",
            "--balanced",
            "--out",
            "other.json",
        ]);
        let measured = |model: &str| -> Value {
            let told = site.churn(&["evaluate", DATA, "--model", model, "--json"]);
            serde_json::from_str(&told).expect("figures")
        };
        let models = ["model.json", "other.json"].map(measured);
        page.open("#/model").await;
        choose(page, &site.folder().join("other.json")).await;
        page.find("#rival table").await;
        for (column, model) in (1..).zip(&models) {
            let of = |name: &str| model["metrics"][name].as_f64().expect("a figure");
            for (row, name) in [
                ("AUC", "roc_auc"),
                ("Log loss", "log_loss"),
                ("Brier score", "brier"),
                ("Calibration error (ECE)", "ece"),
            ] {
                let shown = figure(page, row, column).await;
                assert_eq!(shown, format!("{:.3}", of(name)), "{row}");
            }
            let shown = figure(page, "Accuracy at its cut", column).await;
            assert_eq!(shown, format!("{:.1}%", of("accuracy") * 100.0));
        }
        let said = told(page).await;
        let rows = models[0]["metrics"]["rows"].as_u64().expect("rows");
        let rows = format!("{},{:03}", rows / 1000, rows % 1000);
        assert!(
            said.contains(&format!("on {rows} customers that neither")),
            "{said}"
        );
        // Who is decided otherwise, of everyone.
        let truth = page.truth();
        let artefact = ModelArtefact::from_json(&site.read("other.json")).expect("a model");
        let other = Predictor::new(artefact).expect("a model");
        let others = other.probabilities(&truth.data);
        let flags = truth.probabilities.iter().zip(&others);
        let otherwise = flags.filter(|(a, b)| (**a >= 0.5) != (**b >= 0.5)).count();
        assert!(otherwise > 999, "{otherwise}");
        let otherwise = format!("{},{:03} of 7,043", otherwise / 1000, otherwise % 1000);
        assert!(said.contains(&otherwise), "{said}, not {otherwise}");

        // Its numbers are saved in full precision.
        let save = page.find("#rival [data-act=csv]").await;
        save.click().await.expect("a click");
        let file = downloads.take("two-models.csv").await;
        let auc = models[1]["metrics"]["roc_auc"].to_string();
        assert!(file.contains(&format!(",{auc},")), "{file} lacks {auc}");

        // It stays while other pages are looked at, and goes when it is told to.
        page.go_to_fragment("#/data").await;
        page.find(".data-page").await;
        page.go_to_fragment("#/model").await;
        page.find("#rival table").await;
        page.click_text("Remove it").await;
        page.until(
            "nothing is compared",
            "!document.querySelector('#rival table')",
        )
        .await;
    });
}

#[test]
fn a_model_of_another_kind_is_compared_too() {
    Visit::default().prepared(|_| ()).run(async |page| {
        let site = &page.site;
        site.write("svm.toml", GRID.as_bytes());
        site.churn(&["experiment", "svm.toml", DATA, "--data-dir", "runs"]);
        site.churn(&[
            "run",
            "model",
            "svm-1",
            "--data-dir",
            "runs",
            "--out",
            "svm.json",
        ]);
        let machine = SvmArtefact::from_json(&site.read("svm.json")).expect("a machine");
        let test = machine.training.test.expect("scores");
        page.open("#/model").await;
        choose(page, &site.folder().join("svm.json")).await;
        page.find("#rival table").await;
        let shown = figure(page, "AUC", 2).await;
        assert_eq!(shown, format!("{:.3}", test.roc_auc));
        let shown = figure(page, "Log loss", 2).await;
        assert_eq!(shown, format!("{:.3}", test.log_loss));
        let said = told(page).await;
        assert!(said.contains("The other model is worse"), "{said}");
    });
}

#[test]
fn customers_that_one_was_trained_on_judge_neither() {
    Visit::default().prepared(|_| ()).run(async |page| {
        let site = &page.site;
        for (file, held_out) in [("seed.json", "0.25"), ("all.json", "0")] {
            site.churn(&[
                "train",
                DATA,
                "--seed",
                "7",
                "--test-fraction",
                held_out,
                "--out",
                file,
            ]);
        }
        let read = |file: &str| ModelArtefact::from_json(&site.read(file)).expect("a model");
        let (own, other) = (read("model.json"), read("seed.json"));
        let held_out = own.training.held_out.iter();
        let both = held_out.filter(|&&row| other.training.is_held_out(row));
        let both = both.count();
        assert!(
            both > 100 && both < own.training.held_out.len() / 2,
            "{both}"
        );
        page.open("#/model").await;
        choose(page, &site.folder().join("seed.json")).await;
        let judged = format!("on {both} customers that neither");
        comes_to("whom both are judged by", true, async || {
            told(page).await.contains(&judged)
        })
        .await;
        // One that has seen everybody can be judged by nobody.
        choose(page, &site.folder().join("all.json")).await;
        let none = "No figures of all.json: 0 customers that neither";
        comes_to("nobody is left", true, async || {
            told(page).await.contains(none)
        })
        .await;
        assert!(told(page).await.contains("--holdout-ids"));
        assert!(told(page).await.contains("they decide otherwise on"));
    });
}

#[test]
fn a_document_that_does_not_fit_is_refused_with_its_reason() {
    Visit::default().prepared(|_| ()).run(async |page| {
        let site = &page.site;
        let model: Value = serde_json::from_str(&site.read("model.json")).expect("JSON");
        let mut cases = vec![("{\"format\"".to_owned(), "a model document".to_owned())];
        let mut broken = model.clone();
        broken["threshold"] = json!(2);
        let reason = ModelArtefact::from_json(&broken.to_string()).expect_err("it is broken");
        cases.push((broken.to_string(), reason.to_string()));
        let mut other = model.clone();
        other["schema"]["target"]["positive"] = json!("Gone");
        cases.push((
            other.to_string(),
            "expected 'Churn' as 'No' or 'Yes'".into(),
        ));
        let mut lacking = model;
        lacking["schema"]["features"][0]["name"] = json!("shoe size");
        cases.push((lacking.to_string(), "shoe size".into()));
        page.open("#/model").await;
        for (document, reason) in cases {
            site.write("broken.json", document.as_bytes());
            choose(page, &site.folder().join("broken.json")).await;
            let refused = "document.querySelector('#rival [role=alert]').textContent";
            comes_to(&reason, true, async || {
                let said: String = page.read(refused).await;
                said.starts_with("broken.json cannot be used: ") && said.contains(&reason)
            })
            .await;
            let tables: usize = page
                .read("document.querySelectorAll('#rival table').length")
                .await;
            assert_eq!(tables, 0);
        }
    });
}
