//! What is copied: the list, pinned customers, the link, an explanation.

use serde_json::json;

use super::harness::{Customer, Downloads, Figure, Page, Table, Visit, comes_to};

/// A customer with fiber optic, two add-ons and a monthly contract.
const ID: &str = "5150-ITWWB";

/// Lets the page use the clipboard, and the test read it, or refuses.
async fn permit(page: &Page, allowed: bool) {
    let setting = if allowed { "granted" } else { "denied" };
    for name in ["clipboard-read", "clipboard-write"] {
        let permission = json!({"permission": {"name": name}, "setting": setting});
        page.emulate("Browser.setPermission", permission).await;
    }
}

/// What is on the clipboard, once the page says that it is there.
async fn copied(page: &Page, said: &str) -> String {
    page.shows(".toast span", said).await;
    page.read("navigator.clipboard.readText()").await
}

/// The cells of lines with a separator.
fn cells(text: &str, separator: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.delimiter(separator).has_headers(false);
    let lines = reader.from_reader(text.as_bytes()).into_records();
    let line = |line: Result<csv::StringRecord, _>| line.expect("a line");
    lines
        .map(|cells| line(cells).iter().map(Into::into).collect())
        .collect()
}

#[test]
fn the_list_is_copied_as_it_is_exported() {
    Visit::default().run(async |page| {
        let table = Table(page);
        permit(page, true).await;
        page.open("#/customers?who=everyone&q=tenure%3C2&sort=-value.MonthlyCharges")
            .await;
        let downloads = Downloads::of(page).await;
        let listed = page.text(".export button").await;
        let number = listed.trim_start_matches("Export ").to_owned();
        page.click_text("Copy").await;
        let text = copied(page, &format!("{number} customers copied.")).await;
        page.click_text(&listed).await;
        let file = downloads.take("churn-customers.csv").await;
        let lines = cells(&text, b'\t');
        assert_eq!(lines.len(), number.parse::<usize>().expect("a count") + 1);
        assert_eq!(lines, cells(&file, b','));
        assert!(lines[0].len() > 40, "{:?}", lines[0]);

        // Of pinned ones these alone.
        let ids = table.ids().await;
        for place in [3, 1] {
            let pin = format!(
                "document.querySelector('tr[data-place=\"{place}\"] .mark-pin').click() ?? true"
            );
            assert!(page.read::<bool>(&pin).await);
        }
        page.click_text("Copy 2 pinned").await;
        let text = copied(page, "2 customers copied.").await;
        let pinned = cells(&text, b'\t');
        assert_eq!(pinned[0], lines[0]);
        let pinned: Vec<&str> = pinned[1..].iter().map(|line| line[0].as_str()).collect();
        assert_eq!(pinned, [&ids[3], &ids[1]]);
    });
}

#[test]
fn a_link_leads_to_the_same_view() {
    Visit::default().run(async |page| {
        permit(page, true).await;
        page.open("").await;
        Table(page).search("dsl").await;
        // At once: the address is written only after a rest.
        page.click_text("Copy link").await;
        let link = copied(page, "Address of this view copied.").await;
        assert_eq!(link, page.location().await);
        page.visit(&link).await;
        comes_to("the search", "dsl".to_owned(), async || {
            page.read("document.querySelector('[type=search]').value")
                .await
        })
        .await;
    });
}

#[test]
fn an_explanation_is_copied_as_text() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        permit(page, true).await;
        page.open(&format!("#/customer/{ID}")).await;
        let customer = Customer(page);
        customer.choose("Contract", "One year").await;
        let row = truth.edited(ID, &[("Contract", "One year")]);
        customer.shows(&truth, ID, &row).await;
        page.click_text("Copy this explanation").await;
        let text = copied(page, "Explanation copied as text.").await;
        let explanation = truth.predictor.explain_exact(&row);
        let risk = page.text("output.probability").await;
        assert!(
            text.starts_with(&format!("{ID}: The model rates this customer at {risk}. ")),
            "{text}"
        );
        let lines: Vec<&str> = text.lines().collect();
        let table: Vec<Vec<&str>> = lines
            .iter()
            .map(|line| line.split('\t').collect())
            .filter(|cells: &Vec<&str>| cells.len() == 3)
            .collect();
        assert_eq!(table.len(), row.0.len() + 1);
        assert_eq!(table[0], ["Feature", "Value", "Weight in the estimate"]);
        let mut before = f64::INFINITY;
        for cells in &table[1..] {
            let weight = explanation.weights[truth.labelled(cells[0])];
            assert!(
                Figure::weight(cells[2]).shows(weight),
                "{cells:?}, not {weight}"
            );
            assert!(weight.abs() <= before, "{cells:?} is out of order");
            before = weight.abs();
        }
        assert!(text.contains("Contract\tOne year\t"), "{text}");
        assert!(text.contains(" from the original "), "{text}");
        let id = truth.predictor.id();
        for part in ["Test offers against a control group.", "(R²)", &id] {
            assert!(text.contains(part), "{text} lacks {part}");
        }
    });
}

#[test]
fn a_browser_that_refuses_is_told() {
    Visit::default().run(async |page| {
        permit(page, false).await;
        page.open("").await;
        let said = "The browser does not let this page use the clipboard: nothing was copied.";
        for button in ["Copy", "Copy link"] {
            page.click_text(button).await;
            page.shows(".toast span", said).await;
        }
    });
}
