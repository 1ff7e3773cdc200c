//! The export: exactly the list, as CSV.

use churn_core::Value;
use fantoccini::key::Key;

use super::harness::{Downloads, Figure, Page, Table, Truth, Visit};

/// The parts of a table by the names of its columns.
struct Csv {
    head: Vec<String>,
    lines: Vec<Vec<String>>,
}

impl Csv {
    fn read(text: &str) -> Self {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let strings = |record: &csv::StringRecord| record.iter().map(Into::into).collect();
        let head = strings(reader.headers().expect("a head"));
        let lines = reader.records().map(|line| strings(&line.expect("a line")));
        Self {
            head,
            lines: lines.collect(),
        }
    }

    fn cell<'a>(&self, line: &'a [String], name: &str) -> &'a str {
        let place = self.head.iter().position(|column| column == name);
        &line[place.unwrap_or_else(|| panic!("no column {name} in {:?}", self.head))]
    }
}

async fn exported(page: &Page, button: &str, downloads: &Downloads) -> Csv {
    page.click_text(button).await;
    Csv::read(&downloads.take("churn-customers.csv").await)
}

/// Whether the file holds these customers in this order, to the bit.
fn check(csv: &Csv, rows: &[usize], threshold: f64, truth: &Truth) {
    let ids: Vec<&str> = csv.lines.iter().map(|line| line[0].as_str()).collect();
    assert_eq!(ids, truth.ids(rows));
    let artefact = truth.predictor.artefact();
    for (line, &row) in csv.lines.iter().zip(rows) {
        let number = |name: &str| -> f64 {
            let cell = csv.cell(line, name);
            cell.parse()
                .unwrap_or_else(|_| panic!("{name} is no number: {cell}"))
        };
        let risk = truth.probabilities[row];
        assert_eq!(number("risk").to_bits(), risk.to_bits(), "{line:?}");
        let decision = if risk >= threshold {
            "contact"
        } else {
            "no contact"
        };
        assert_eq!(csv.cell(line, "decision"), decision);
        let outcome = match truth.data.label(row) {
            Some(true) => "Left",
            Some(false) => "Active",
            None => "–",
        };
        assert_eq!(csv.cell(line, "outcome"), outcome);
        for (feature, weight) in artefact.schema.features.iter().zip(truth.weights.row(row)) {
            let name = &feature.name;
            let exported = number(&format!("weight({name})"));
            assert_eq!(exported.to_bits(), weight.to_bits(), "{name}: {line:?}");
            let cell = csv.cell(line, name);
            match truth.data.value(row, truth.feature(name)) {
                Value::Number(value) => assert_eq!(number(name), value),
                Value::Level(code) => assert_eq!(cell, feature.levels()[usize::from(code)]),
                Value::Missing => assert_eq!(cell, ""),
            }
        }
        let imputed = csv.cell(line, "imputed");
        assert_eq!(
            !imputed.is_empty(),
            truth.imputed.contains(&row),
            "{line:?}"
        );
        assert_eq!(number("threshold"), threshold);
        assert_eq!(csv.cell(line, "rule"), format!("cut={threshold}"));
        assert_eq!(csv.cell(line, "model_id"), truth.predictor.id());
        assert_eq!(
            csv.cell(line, "model_data_hash"),
            artefact.training.data_hash
        );
    }
}

#[test]
fn the_listed_customers_are_exported_in_their_order() {
    Visit::default().run(async |page| {
        let (table, truth) = (Table(page), page.truth());
        page.open("").await;
        let downloads = Downloads::of(page).await;
        let threshold = truth.predictor.artefact().threshold;
        let csv = exported(page, "Export 5,174", &downloads).await;
        let columns = truth.data.schema().features.len();
        assert_eq!(csv.head.len(), 2 * columns + 9, "{:?}", csv.head);
        check(&csv, &truth.by_risk(truth.active()), threshold, &truth);

        page.click_text("Everyone").await;
        table.search("tenure<2").await;
        table.head("Tenure").await.click().await.expect("a click");
        let tenure = truth.feature("tenure");
        let mut rows: Vec<usize> = (0..truth.data.rows()).collect();
        rows.retain(|&row| truth.number(tenure, row) < 2.0);
        rows.sort_by(|&a, &b| truth.compare(tenure, a, b));
        table.starts_with(&truth.ids(&rows[..10])).await;
        let csv = exported(page, &format!("Export {}", rows.len()), &downloads).await;
        check(&csv, &rows, threshold, &truth);
    });
}

#[test]
fn only_the_columns_that_are_shown_are_exported() {
    Visit::default().run(async |page| {
        page.open("").await;
        // As the choice of columns is kept: hidden, hidden, shown.
        let choose = "localStorage.setItem('columns', 'value.gender\\noutcome\\npart\\n') ?? true";
        assert!(page.read::<bool>(choose).await);
        page.open("#/customers?q=tenure%3C2").await;
        let downloads = Downloads::of(page).await;
        let button = page.text(".export button").await;
        let csv = exported(page, &button, &downloads).await;
        let has = |name: &str| csv.head.iter().any(|column| column == name);
        assert!(has("part") && has("tenure") && has("weight(tenure)"));
        assert!(!has("outcome") && !has("gender") && !has("weight(gender)"));
        let truth = page.truth();
        let held_out = &truth.predictor.artefact().training.held_out;
        for line in &csv.lines {
            let position = truth.data.position(truth.row(&line[0]));
            let is_held_out = held_out.contains(&position);
            assert_eq!(
                csv.cell(line, "part") == "Held-out",
                is_held_out,
                "{line:?}"
            );
        }
    });
}

#[test]
fn a_spreadsheet_takes_no_cell_for_a_formula() {
    let visit = Visit::default().prepared(|site| {
        // An id as a formula would be written.
        site.edit(super::harness::DATA, |data| {
            data.replacen("7590-VHVEG", "=1+1", 1)
        });
    });
    visit.run(async |page| {
        page.open("#/customers?q=%22=1%2B1%22").await;
        let downloads = Downloads::of(page).await;
        let csv = exported(page, "Export 1", &downloads).await;
        assert_eq!(csv.lines.len(), 1);
        assert_eq!(csv.lines[0][0], "'=1+1");
        // Weights below zero stay numbers.
        let numbers = csv.lines[0].iter().filter(|cell| cell.starts_with('-'));
        assert!(numbers.clone().count() > 0);
        assert!(numbers.clone().all(|cell| cell.parse::<f64>().is_ok()));
    });
}

#[test]
fn nothing_is_exported_of_an_empty_list_and_a_long_export_can_be_stopped() {
    Visit::default().run(async |page| {
        let table = Table(page);
        page.open("#/customers?who=everyone&q=nowhere").await;
        page.until(
            "there is nothing to export",
            "document.querySelector('.export button').disabled",
        )
        .await;
        page.click_text("Clear all").await;
        table.counts("7,043 of 7,043").await;
        let downloads = Downloads::of(page).await;
        // A clock that runs fast: every look at it finds another tenth gone.
        let hurry = "(() => {
            const now = performance.now.bind(performance);
            let gone = 0;
            performance.now = () => now() + (gone += 100);
            return true;
        })()";
        assert!(page.read::<bool>(hurry).await);
        let start = "document.querySelector('.export button').click() ?? true";
        assert!(page.read::<bool>(start).await);
        page.until(
            "progress is told",
            "document.querySelector('.export [role=status]').textContent.startsWith('Exporting … ')",
        )
        .await;
        page.click_text("Cancel").await;
        page.until(
            "the export is offered again",
            "!document.querySelector('.export button').hidden",
        )
        .await;
        page.press(Key::Escape).await;
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        assert!(downloads.is_empty(), "a stopped export gives no file");
    });
}

#[test]
fn call_sheets_name_levers_but_nothing_protected() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open("#/customers?q=p%3E0.5+tenure%3C24").await;
        let downloads = Downloads::of(page).await;
        page.click_text("Call sheets").await;
        let file = downloads.take("churn-call-sheets.html").await;
        let tenure = truth.feature("tenure");
        let mut rows = truth.by_risk(truth.active());
        rows.retain(|&row| truth.probabilities[row] > 0.5 && truth.number(tenure, row) < 24.0);
        assert!(rows.len() > 100, "more than the sheets of one file");
        let sheets: Vec<&str> = file.split("<section>").skip(1).collect();
        assert_eq!(sheets.len(), 100);
        for (sheet, id) in sheets.iter().zip(truth.ids(&rows)) {
            assert!(
                sheet.contains(&format!("<span>{id}</span>")),
                "{id}: {sheet}"
            );
        }
        for word in ["Gender", "Senior", "Female"] {
            assert!(!file.contains(word), "{word} is on a sheet");
        }
        // A lever's figure is the exact result of choosing it.
        let id = truth.data.id(rows[0]);
        let lever = sheets[0]
            .split("<tr>")
            .find(|line| line.contains("Two year"));
        let lever = lever.expect("a longer contract helps");
        let told = lever
            .split("→ ")
            .nth(1)
            .and_then(|rest| rest.split(' ').next());
        let linked = truth.linked(&id, &[("Contract", "Two year")]);
        let probability = truth.predictor.probability(&linked);
        let told = told.expect("a risk");
        assert!(
            Figure::risk(told).shows(probability),
            "{told}, not {probability}"
        );
        assert!(sheets[0].contains("not a promised effect"));
    });
}
