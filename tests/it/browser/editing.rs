//! Editing a customer: every editor gives exactly what the model says.

use churn_core::Value;
use fantoccini::key::Key;

use super::harness::{Customer, DATA, Figure, MODEL, PRESET, Site, Truth, Visit, comes_to};

/// A customer who left, with fiber optic and a monthly contract.
const ID: &str = "5150-ITWWB";

#[test]
fn buttons_change_the_estimate_and_every_weight() {
    Visit::default().run(async |page| {
        let (customer, truth) = (Customer(page), page.truth());
        page.open(&format!("#/customer/{ID}")).await;
        customer.shows(&truth, ID, &truth.edited(ID, &[])).await;
        assert_eq!(customer.changed().await, [""; 0], "nothing is edited yet");
        customer.choose("Contract", "Two year").await;
        let edits = [("Contract", "Two year")];
        customer.shows(&truth, ID, &truth.edited(ID, &edits)).await;
        customer.choose("Payment method", "Mailed check").await;
        let edits = [("Contract", "Two year"), ("PaymentMethod", "Mailed check")];
        customer.shows(&truth, ID, &truth.edited(ID, &edits)).await;
        let mut changed = customer.changed().await;
        changed.sort();
        assert_eq!(changed, ["Contract", "Payment method"]);
        let contract = customer.feature("Contract").await;
        assert_eq!(contract.original, "Month-to-month", "the original stays");
    });
}

#[test]
fn numbers_are_edited_by_typing_and_sliding() {
    Visit::default().run(async |page| {
        let (customer, truth) = (Customer(page), page.truth());
        page.open(&format!("#/customer/{ID}")).await;
        customer.enter("Tenure", "60").await;
        customer
            .shows(&truth, ID, &truth.linked(ID, &[("tenure", "60")]))
            .await;
        let slider = customer.input("Tenure", "range").await;
        let keys: String = [Key::Right, Key::Right, Key::Left, Key::Right]
            .map(char::from)
            .iter()
            .collect();
        slider.send_keys(&keys).await.expect("keys");
        customer
            .shows(&truth, ID, &truth.linked(ID, &[("tenure", "62")]))
            .await;
        comes_to(
            "the field follows the slider",
            Some("62".into()),
            async || {
                let field = customer.input("Tenure", "number").await;
                field.prop("value").await.expect("a value")
            },
        )
        .await;
        customer.enter("Total charges", "1234.56").await;
        let edits = [("tenure", "62"), ("TotalCharges", "1234.56")];
        customer.shows(&truth, ID, &truth.linked(ID, &edits)).await;
    });
}

#[test]
fn text_that_is_no_number_keeps_the_last_one_and_says_so() {
    Visit::default().run(async |page| {
        let (customer, truth) = (Customer(page), page.truth());
        page.open(&format!("#/customer/{ID}")).await;
        customer.enter("Tenure", "40").await;
        let kept = truth.linked(ID, &[("tenure", "40")]);
        customer.shows(&truth, ID, &kept).await;
        // What a browser lets be typed: nothing, and beginnings of a number.
        for text in [char::from(Key::Delete).to_string(), "-".into(), "e".into()] {
            customer.enter("Tenure", &text).await;
            comes_to(&format!("the warning at {text:?}"), true, async || {
                let warning = customer.feature("Tenure").await.warning;
                warning.to_lowercase().contains("expected a number")
            })
            .await;
            customer.shows(&truth, ID, &kept).await;
        }
        page.press(Key::Tab).await;
        comes_to(
            "the field after leaving it",
            Some("40".into()),
            async || {
                let field = customer.input("Tenure", "number").await;
                field.prop("value").await.expect("a value")
            },
        )
        .await;
        customer.enter("Tenure", "100").await;
        customer
            .shows(&truth, ID, &truth.linked(ID, &[("tenure", "100")]))
            .await;
        let warning = customer.feature("Tenure").await.warning;
        assert!(
            warning.contains("Outside the data"),
            "100 months give “{warning}”"
        );
    });
}

#[test]
fn one_field_or_all_go_back_to_the_original() {
    Visit::default().run(async |page| {
        let (customer, truth) = (Customer(page), page.truth());
        page.open(&format!("#/customer/{ID}")).await;
        customer.choose("Contract", "One year").await;
        customer.enter("Monthly charges", "20").await;
        let edits = [("Contract", "One year"), ("MonthlyCharges", "20")];
        customer.shows(&truth, ID, &truth.linked(ID, &edits)).await;
        customer.reset("Contract").await;
        customer
            .shows(&truth, ID, &truth.linked(ID, &edits[1..]))
            .await;
        let changed = customer.changed().await;
        assert_eq!(changed, ["Monthly charges", "Total charges"]);
        customer.choose("Online security", "Yes").await;
        page.click_text("Reset all").await;
        customer.shows(&truth, ID, &truth.edited(ID, &[])).await;
        assert_eq!(
            customer.changed().await,
            [""; 0],
            "nothing is edited any more"
        );
        page.until(
            "there is nothing to reset",
            "[...document.querySelectorAll('.reset')].every(b => b.disabled)",
        )
        .await;
    });
}

/// Another dataset: the telco data with a column of many levels, and nothing
/// known about it but the model.
fn with_regions(site: &Site) {
    site.remove(PRESET);
    site.edit(DATA, |text| {
        let mut lines = text.lines();
        let head = lines.next().expect("a header");
        let regions = ["North", "East", "South", "West", "Centre", "Islands"]
            .iter()
            .cycle();
        let rows = lines
            .zip(regions)
            .map(|(line, region)| format!("{region},{line}\n"));
        format!("region,{head}\n{}", rows.collect::<String>())
    });
    site.train();
}

#[test]
fn many_levels_are_a_list_and_a_dataset_needs_no_preset() {
    Visit::default()
        .prepared(with_regions)
        .expecting("preset.json")
        .run(async |page| {
            let customer = Customer(page);
            let truth = Truth::read(page.site.folder());
            page.open(&format!("#/customer/{ID}")).await;
            customer.shows(&truth, ID, &truth.edited(ID, &[])).await;
            for region in ["Islands", "East"] {
                customer.choose("region", region).await;
                customer
                    .shows(&truth, ID, &truth.edited(ID, &[("region", region)]))
                    .await;
            }
            let lists: usize = page
                .read("document.querySelectorAll('.editor [role=combobox]').length")
                .await;
            assert_eq!(lists, 1, "only one feature has many levels");
            assert!(page.site.folder().join(MODEL).exists());
        });
}

#[test]
fn a_level_of_a_list_is_previewed_before_it_is_chosen() {
    Visit::default()
        .prepared(with_regions)
        .expecting("preset.json")
        .run(async |page| {
            let customer = Customer(page);
            let truth = Truth::read(page.site.folder());
            page.open(&format!("#/customer/{ID}")).await;
            let region = truth.feature("region");
            let levels = truth.data.schema().features[region].levels();
            let row = truth.data.row(truth.row(ID));
            let place = |level: &str| levels.iter().position(|other| other == level);
            let own = match row.value(region) {
                Value::Level(code) => usize::from(code),
                other => panic!("no level but {other:?}"),
            };
            page.tab_to("[role=combobox][aria-label=region]").await;
            page.press(Key::Enter).await;
            // Each level says what choosing it gives.
            let results = "[...document.querySelectorAll('.level-list li')]
                .map(level => [...level.children].map(part => part.textContent))";
            comes_to("the levels", levels.len(), async || {
                page.read::<Vec<[String; 2]>>(results).await.len()
            })
            .await;
            for [level, result] in page.read::<Vec<[String; 2]>>(results).await {
                let edited = truth.edited(ID, &[("region", &level)]);
                let probability = truth.predictor.probability(&edited);
                assert!(
                    Figure::risk(&result).shows(probability),
                    "{level} says {result}, not {probability}"
                );
            }
            // The arrows preview, Escape leaves everything as it was.
            let near = if own == 0 { 1 } else { own - 1 };
            let arrow = if own == 0 { Key::Down } else { Key::Up };
            page.press(arrow).await;
            let previewed = truth.edited(ID, &[("region", &levels[near])]);
            customer.shows(&truth, ID, &previewed).await;
            page.shows(".preview-label", "Preview").await;
            assert!(!page.location().await.contains('?'), "a preview is no edit");
            page.press(Key::Escape).await;
            customer.shows(&truth, ID, &truth.edited(ID, &[])).await;
            page.until(
                "the list is folded",
                "document.querySelector('.level-list ul').hidden",
            )
            .await;
            // A letter leads to the level that starts with it, Enter chooses.
            page.press(Key::Enter).await;
            page.press('i').await;
            let islands = truth.edited(ID, &[("region", "Islands")]);
            assert!(place("Islands").is_some_and(|place| place != own));
            customer.shows(&truth, ID, &islands).await;
            page.press(Key::Enter).await;
            customer.shows(&truth, ID, &islands).await;
            comes_to("the choice", true, async || {
                page.location().await.ends_with("?region=Islands")
            })
            .await;
        });
}
