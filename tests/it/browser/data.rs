//! The data's page: what it says of the cohort, and how it filters.

use churn_core::exploration::{Association, BoxPlot, Outcomes, Values, counts};
use fantoccini::key::Key;
use serde_json::{Value, json};

use super::harness::{DATA, Downloads, Page, Table, Truth, Visit, comes_to};

/// Id of a feature's chart.
fn chart(truth: &Truth, feature: &str) -> String {
    format!("#feature-{}", truth.feature(feature))
}

/// Customers and share that left, as a bar says it to a screen reader.
fn spoken(name: &str, counted: &Outcomes) -> String {
    let rows = match counted.rows {
        rows if rows < 1000 => rows.to_string(),
        rows => format!("{},{:03}", rows / 1000, rows % 1000),
    };
    let rate = counted.rate().expect("outcomes");
    format!("{name}: {rows} customers, {:.0}% left", 100.0 * rate)
}

/// What the bars of a chart say to a screen reader.
async fn bars(page: &Page, chart: &str) -> Vec<String> {
    let bars = format!(
        "[...document.querySelectorAll('{chart} svg [data-at]')].map(bar => \
            bar.getAttribute('aria-label'))"
    );
    page.read(&bars).await
}

/// Every level of a feature in some rows.
fn levels(truth: &Truth, feature: &str, rows: &[u32]) -> Vec<String> {
    let data = &truth.data;
    let at = truth.feature(feature);
    let names = data.schema().features[at].levels();
    let codes = Values::of(data, at, rows).codes(None);
    let counted = counts::by_code(&codes, names.len(), &Values::outcome(data, rows));
    let bars = names.iter().zip(&counted);
    bars.map(|(name, counted)| spoken(name, counted)).collect()
}

/// Clicks what a selector finds, in the middle of the page as a reader would have
/// it: the filter lies over what is scrolled below it.
async fn press(page: &Page, css: &str) {
    let middle = "document.querySelector(arguments[0]).scrollIntoView({block: 'center'})";
    let found = page.find(css).await;
    page.read_with::<Value>(middle, vec![json!(css)]).await;
    found
        .click()
        .await
        .unwrap_or_else(|error| panic!("{css}: {error}"));
}

fn everyone(truth: &Truth) -> Vec<u32> {
    (0..).take(truth.data.rows()).collect()
}

#[test]
fn every_column_is_drawn_by_outcome_the_strongest_first() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        let all = everyone(&truth);
        page.open("#/data").await;
        page.shows(".facts output", "7,043").await;
        let facts = page.text(".facts").await;
        for fact in ["26.5%", "5,174", "11", "Total charges"] {
            assert!(facts.contains(fact), "{facts} lacks {fact}");
        }
        let outcome = Values::outcome(&truth.data, &all);
        let features = truth.data.schema().features.len();
        let strength = |at: usize| {
            Association::of(&Values::of(&truth.data, at, &all), &outcome)
                .value
                .abs()
        };
        let mut order: Vec<usize> = (0..features).collect();
        order.sort_by(|&a, &b| strength(b).total_cmp(&strength(a)));
        let ids: Vec<String> = order.iter().map(|at| format!("feature-{at}")).collect();
        comes_to("the charts", ids, async || {
            page.read("[...document.querySelectorAll('.charts .drawing')].map(chart => chart.id)")
                .await
        })
        .await;
        for feature in ["Contract", "PaymentMethod"] {
            let shown = bars(page, &chart(&truth, feature)).await;
            assert_eq!(shown, levels(&truth, feature, &all), "{feature}");
        }
        let question = page.text(&format!("{} h3", chart(&truth, "tenure"))).await;
        assert_eq!(question, "Does tenure separate those who left?");
        let question = page
            .text(&format!("{} h3", chart(&truth, "Contract")))
            .await;
        assert_eq!(question, "Who leaves, by contract?");
        // 0–4, 5–9, … 70–74 months.
        let tenure = bars(page, &chart(&truth, "tenure")).await;
        assert_eq!(tenure.len(), 15);
        let first =
            (0..truth.data.rows()).filter(|&row| truth.number(truth.feature("tenure"), row) < 5.0);
        let count = first.count();
        assert!(
            tenure[0].starts_with(&format!(
                "0–4 months: {},{:03} customers",
                count / 1000,
                count % 1000
            )),
            "{tenure:?}"
        );
    });
}

#[test]
fn pressing_bars_filters_the_customers_and_a_link_brings_it_back() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open("#/data").await;
        let contract = chart(&truth, "Contract");
        press(page, &format!("{contract} [aria-label^='Two year']")).await;
        press(page, &format!("{contract} [aria-label^='One year']")).await;
        let pressed = format!(
            "[...document.querySelectorAll('{contract} [aria-pressed=true]')].map(bar => \
                bar.getAttribute('aria-label').split(':')[0])"
        );
        comes_to("the pressed bars", vec!["One year".to_owned(), "Two year".to_owned()], async || page.read(&pressed).await).await;
        // A bin of a number that has values missing: those are left out.
        let total = chart(&truth, "TotalCharges");
        press(page, &format!("{total} [data-at$='.0']")).await;
        let link = format!(
            "{}#/data?q=Contract:%22One+year%22,%22Two+year%22+TotalCharges%3E%3D0+TotalCharges%3C500+-imputed",
            page.address()
        );
        comes_to("the address", link.clone(), async || page.location().await).await;
        let at = truth.feature("TotalCharges");
        let contracts = ["One year", "Two year"].map(|level| truth.value(truth.feature("Contract"), level));
        let count = (0..truth.data.rows())
            .filter(|&row| contracts.contains(&truth.data.value(row, truth.feature("Contract"))))
            .filter(|&row| (0.0..500.0).contains(&truth.number(at, row)))
            .filter(|&row| truth.number(truth.feature("tenure"), row) > 0.0)
            .count();
        page.shows(".asked .count", &format!("{count} of 7,043")).await;
        page.visit(&link).await;
        comes_to("the pressed bars", vec!["One year".to_owned(), "Two year".to_owned()], async || page.read(&pressed).await).await;
        press(page, ".selection a").await;
        Table(page).counts(&format!("{count} of 7,043")).await;
        page.back().await;
        // Pressed again, a bar is taken back.
        press(page, &format!("{total} [aria-pressed=true]")).await;
        press(page, &format!("{contract} [aria-label^='Two year']")).await;
        press(page, &format!("{contract} [aria-label^='One year']")).await;
        comes_to("the address", format!("{}#/data", page.address()), async || page.location().await).await;
    });
}

#[test]
fn the_keyboard_alone_leads_through_a_chart_and_presses_it() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open("#/data").await;
        let contract = chart(&truth, "Contract");
        page.find(&contract).await;
        let walked = page.tab_to(&format!("{contract} [data-at]")).await;
        assert!(walked.len() < 40, "{} stops to the first chart", walked.len());
        page.press(Key::Down).await;
        page.press(Key::Enter).await;
        let focused = "document.activeElement.getAttribute('aria-label')?.split(':')[0] ?? ''";
        comes_to("the focus stays", "One year".to_owned(), async || page.read(focused).await).await;
        page.until("it is pressed", "document.activeElement.getAttribute('aria-pressed') === 'true'").await;
        page.press(' ').await;
        page.until("it is taken back", "document.activeElement.getAttribute('aria-pressed') === 'false'").await;
        // The next stop is the chart's first button.
        page.press(Key::Tab).await;
        let enlarge = "document.activeElement.dataset.act ?? ''";
        comes_to("the button", "enlarge".to_owned(), async || page.read(enlarge).await).await;
        page.press(Key::Enter).await;
        page.until("the dialog is open", "document.querySelector('#enlarged').open").await;
        let rows: Vec<Vec<String>> = page
            .read("[...document.querySelectorAll('#enlarged tr')].map(row => [...row.children].map(cell => cell.textContent))")
            .await;
        assert_eq!(rows[0][..3], ["Contract", "Customers", "Left"]);
        assert_eq!(rows[1][..3], ["Month-to-month", "3875", "1655"]);
        page.press(Key::Escape).await;
        page.until("the dialog is closed", "!document.querySelector('#enlarged').open").await;
        comes_to("the focus is back", "enlarge".to_owned(), async || page.read(enlarge).await).await;
    });
}

#[test]
fn charts_follow_the_cohort_and_a_selection_becomes_one() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open("#/data?q=InternetService:DSL").await;
        page.click_text("Only these in the charts").await;
        let (internet, contract) = (truth.feature("InternetService"), chart(&truth, "Contract"));
        let dsl = truth.value(internet, "DSL");
        let mut rows = everyone(&truth);
        rows.retain(|&row| truth.data.value(row as usize, internet) == dsl);
        comes_to(
            "the levels",
            levels(&truth, "Contract", &rows),
            async || bars(page, &contract).await,
        )
        .await;
        page.shows(".facts output", "2,421").await;
        comes_to("the address", true, async || {
            page.location().await.contains("within=")
        })
        .await;
        let link = page.location().await;
        page.visit(&link).await;
        comes_to(
            "the levels",
            levels(&truth, "Contract", &rows),
            async || bars(page, &contract).await,
        )
        .await;
    });
}

#[test]
fn two_columns_and_all_columns_are_drawn_together() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        let all = everyone(&truth);
        page.open("#/data").await;
        page.find_by_path("//summary[h2='All columns together']").await.click().await.expect("a click");
        let (tenure, contract) = (truth.feature("tenure"), truth.feature("Contract"));
        let of = |at: usize| Values::of(&truth.data, at, &all);
        let eta = Association::of(&of(tenure), &of(contract)).value;
        page.until("the matrix", "document.querySelectorAll('#associations [role=button]').length === 190").await;
        let cell = "[...document.querySelectorAll('#associations [role=button]')].map(cell => cell.getAttribute('aria-label')).find(label => /Tenure/.test(label) && /Contract/.test(label))";
        let said: String = page.read(cell).await;
        assert!(said.ends_with(&format!(": η {eta:.2}")), "{said}");
        let (first, second) = said.split_once(':').expect("a measure").0.split_once(" and ").expect("two");
        press(page, &format!("#associations [aria-label^='{first} and {second}']")).await;
        page.until("the pair plot", "document.querySelectorAll('#pair [data-at]').length > 10").await;
        comes_to("the address", true, async || {
            let address = page.location().await;
            address.contains("x=") && address.contains("Contract") && address.contains("tenure")
        })
        .await;
        let link = page.location().await;
        page.visit(&link).await;
        page.until("the pair plot", "document.querySelectorAll('#pair [data-at]').length > 10").await;
        // A square asks for both at once.
        press(page, "#pair [aria-label*='Two year']").await;
        comes_to("both conditions", true, async || {
            let address = page.location().await;
            address.contains("Contract:%22Two+year%22") && address.contains("tenure:")
        })
        .await;
    });
}

#[test]
fn a_chart_is_saved_as_drawing_and_as_numbers() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        let all = everyone(&truth);
        let downloads = Downloads::of(page).await;
        page.open("#/data").await;
        let tenure = chart(&truth, "tenure");
        for act in ["svg", "csv"] {
            press(page, &format!("{tenure} [data-act={act}]")).await;
        }
        let drawing = downloads.take("tenure.svg").await;
        assert!(
            drawing.starts_with("<svg xmlns=") && drawing.contains("<title>Does tenure"),
            "{drawing}"
        );
        let numbers = downloads.take("tenure.csv").await;
        let mut lines = numbers.lines();
        assert_eq!(
            lines.next(),
            Some("Tenure,Customers,Left,Stayed,Share that left,95% from,95% to")
        );
        assert_eq!(
            lines.clone().take_while(|line| !line.is_empty()).count(),
            15
        );
        // Below, the boxes.
        let Values::Numbers(months) = Values::of(&truth.data, truth.feature("tenure"), &all) else {
            panic!("tenure is a number");
        };
        let left = all
            .iter()
            .zip(months)
            .filter(|(row, _)| truth.data.label(**row as usize) == Some(true));
        let plot = BoxPlot::of(left.map(|(_, x)| x).collect()).expect("customers");
        let row = numbers
            .lines()
            .find(|line| line.starts_with("Left,"))
            .expect("a box");
        let cells: Vec<&str> = row.split(',').collect();
        assert_eq!(cells[1], plot.rows.to_string());
        assert_eq!(cells[5], plot.median.to_string());
    });
}

#[test]
fn rows_that_cannot_be_read_are_listed() {
    let broken = |site: &super::harness::Site| {
        site.edit(DATA, |text| {
            let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
            // The tenure of line 214, and a field too few in line 300.
            let mut cells: Vec<&str> = lines[213].split(',').collect();
            cells[5] = "n/a";
            lines[213] = cells.join(",");
            let cut = lines[299].rfind(',').expect("fields");
            lines[299].truncate(cut);
            lines.join("\n") + "\n"
        });
    };
    Visit::default().prepared(broken).run(async |page| {
        page.open("#/data").await;
        press(page, "#issues summary").await;
        let expected = json!([
            ["Line", "Column", "Expected", "Got"],
            ["214", "tenure", "a number", "'n/a'"],
            ["300", "", "21 fields", "20 fields"],
        ]);
        comes_to("the issues", expected, async || {
            page.read::<Value>("[...document.querySelectorAll('#issues .numbers:last-child tr')].map(row => [...row.children].map(cell => cell.textContent))").await
        })
        .await;
    });
}
