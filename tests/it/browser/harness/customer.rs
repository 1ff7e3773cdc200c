//! The page of one customer as it is shown.

use churn_core::Row;
use fantoccini::elements::Element;
use fantoccini::key::Key;
use serde::Deserialize;
use serde_json::json;

use super::figure::Figure;
use super::page::{Page, comes_to};
use super::truth::Truth;

/// The customer of a page.
#[derive(Clone, Copy)]
pub struct Customer<'a>(pub &'a Page);

/// What is shown of a feature.
#[derive(Debug, Deserialize)]
pub struct ShownFeature {
    /// Its name.
    pub label: String,
    /// The value of the data.
    pub original: String,
    /// The weight.
    pub weight: String,
    /// It is marked as changed.
    pub changed: bool,
    /// What is said of a number that is odd.
    pub warning: String,
}

/// Reads every feature.
const FEATURES: &str = "[...document.querySelectorAll('li.feature')].map(row => ({
    label: row.querySelector('.label').textContent,
    original: row.querySelector('.original').textContent.trim(),
    weight: row.querySelector('.weight').textContent,
    changed: row.classList.contains('changed'),
    warning: row.querySelector('.warning')?.textContent ?? '',
}))";

impl Customer<'_> {
    /// The features in the order of the page.
    pub async fn features(self) -> Vec<ShownFeature> {
        self.0.read(FEATURES).await
    }

    /// One feature, by its name.
    pub async fn feature(self, label: &str) -> ShownFeature {
        let mut features = self.features().await.into_iter();
        let found = features.find(|feature| feature.label == label);
        found.unwrap_or_else(|| panic!("the page has no feature “{label}”"))
    }

    /// Names of the features that are marked as changed.
    pub async fn changed(self) -> Vec<String> {
        let features = self.features().await.into_iter();
        features
            .filter(|feature| feature.changed)
            .map(|feature| feature.label)
            .collect()
    }

    /// Waits until the page shows of a customer what the model says of these
    /// values: risk, change and every weight.
    pub async fn shows(self, truth: &Truth, id: &str, values: &Row) {
        let original = truth.predictor.probability(&truth.data.row(truth.row(id)));
        let explanation = truth.predictor.explain_exact(values);
        let probability = explanation.probability;
        comes_to("the customer", id.to_owned(), async || {
            let name = "document.querySelector('.customer h1')?.firstChild.textContent ?? ''";
            self.0.read::<String>(name).await
        })
        .await;
        let unchanged = values == &truth.data.row(truth.row(id));
        comes_to("what is wrong", Vec::<String>::new(), async || {
            let mut wrong = Vec::new();
            let risk = self.0.text("output.probability").await;
            if !Figure::risk(&risk).shows(probability) {
                wrong.push(format!("risk {risk}, not {probability}"));
            }
            let change = self.0.text(".change strong").await;
            let right = match change.as_str() {
                "" => unchanged,
                change => Figure::points(change).shows(probability - original),
            };
            if !right {
                wrong.push(format!("change “{change}”, not {}", probability - original));
            }
            for shown in self.features().await {
                let weight = explanation.weights[truth.labelled(&shown.label)];
                if !Figure::weight(&shown.weight).shows(weight) {
                    wrong.push(format!(
                        "{} weighs {}, not {weight}",
                        shown.label, shown.weight
                    ));
                }
            }
            wrong
        })
        .await;
    }

    /// The button of a level, or its place in a list, which is unfolded before.
    pub async fn level(self, label: &str, level: &str) -> Element {
        let unfold = "[...document.querySelectorAll('fieldset.editor')]
            .filter(field => field.querySelector('legend').textContent === arguments[0])
            .flatMap(field => [...field.querySelectorAll('[role=combobox][aria-expanded=false]')])
            .map(list => list.click()).length";
        let lists: u32 = self.0.read_with(unfold, vec![json!(label)]).await;
        assert!(lists < 2, "{lists} lists of {label}");
        let path = format!(
            "//fieldset[legend='{label}']//*[self::label/span/text()[1]='{level}' \
                or (self::li and span='{level}')]"
        );
        self.0.find_by_path(&path).await
    }

    /// Chooses a level, by button or from a list.
    pub async fn choose(self, label: &str, level: &str) {
        let choice = self.level(label, level).await;
        // On a phone the estimate may lie over it: scroll as a reader would.
        let center = "arguments[0].scrollIntoView({block: 'center'})";
        let element = serde_json::to_value(&choice).expect("a reference");
        self.0
            .read_with::<serde_json::Value>(center, vec![element])
            .await;
        choice
            .click()
            .await
            .unwrap_or_else(|error| panic!("{label}, {level}: {error}"));
    }

    /// Unfolds a part below the features.
    pub async fn unfold(self, label: &str) {
        let path = format!("//details[@class='fold']/summary[.//h2='{label}']");
        let part = self.0.find_by_path(&path).await;
        part.click().await.expect("a part to unfold");
    }

    /// An input of a feature: `number` or `range`.
    pub async fn input(self, label: &str, kind: &str) -> Element {
        let path = format!("//fieldset[legend='{label}']//input[@type='{kind}']");
        self.0.find_by_path(&path).await
    }

    /// Types a number in place of the one that is there; one that follows others
    /// is opened before.
    pub async fn enter(self, label: &str, text: &str) {
        let field = self.input(label, "number").await;
        if !field.is_enabled().await.expect("a state") {
            let path = format!("//li[.//legend='{label}']//button[starts-with(., 'Edit apart')]");
            let open = self.0.find_by_path(&path).await;
            open.click().await.expect("a way to open the field");
        }
        // Marked and typed over, as clearing would be an edit of its own.
        let mark = format!("{}a{}", char::from(Key::Control), char::from(Key::Null));
        field.send_keys(&(mark + text)).await.expect("a number");
    }

    /// Takes back the edit of a feature.
    pub async fn reset(self, label: &str) {
        let css = format!("button[aria-label='Reset {label}']");
        self.0
            .find(&css)
            .await
            .click()
            .await
            .expect("a way to reset");
    }
}
