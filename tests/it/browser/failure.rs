//! Files that are missing or broken: the page says which, why, and what to do.

use super::harness::{DATA, MODEL, PRESET, Page, Site, Table, Visit};

/// What is done to the site, and texts that the page must say then.
type Case = (&'static str, fn(&Site), &'static [&'static str]);

const CASES: [Case; 8] = [
    (
        "the model is cut off",
        |site| site.edit(MODEL, |text| text[..text.len() / 2].to_owned()),
        &[MODEL, "Train on this data", "Try again"],
    ),
    (
        "the model is of another version",
        |site| {
            site.edit(MODEL, |text| {
                text.replacen("\"version\":1", "\"version\":999", 1)
            })
        },
        &[MODEL, "version", "999", "Train on this data"],
    ),
    (
        "the data lacks a column of the model",
        |site| site.edit(DATA, |text| text.replacen(",Contract,", ",Deal,", 1)),
        &["Contract", "Train on this data"],
    ),
    (
        "the data is missing",
        |site| site.remove(DATA),
        &[DATA, "Put the file beside the page", "Try again"],
    ),
    (
        "the data is empty",
        |site| site.write(DATA, b""),
        &[DATA, "Try again"],
    ),
    (
        "the data is no table",
        |site| site.write(DATA, b"\x89PNG\r\n\x1a\n\0\0\0"),
        &[DATA, "Try again"],
    ),
    (
        "data and model are missing",
        |site| {
            site.remove(DATA);
            site.remove(MODEL);
        },
        &[DATA, "Try again"],
    ),
    (
        "the model is missing and the data cannot train one",
        |site| {
            site.remove(MODEL);
            site.write(DATA, b"customerID,tenure,Churn\na,1,No\nb,2,No\n");
        },
        &[DATA, "Churn", "Try again"],
    ),
];

#[test]
fn a_broken_site_says_what_is_wrong_and_how_to_mend_it() {
    let visit = Visit::default()
        .prepared(|_| {})
        .expecting("404 (Not Found)");
    visit.run(async |page| {
        let mut wrong = Vec::new();
        for (case, break_it, texts) in CASES {
            break_it(&page.site);
            page.open("").await;
            let said = page.text("[role=alert]").await;
            let missing = texts.iter().filter(|text| !said.contains(**text));
            wrong.extend(missing.map(|text| format!("{case}: no “{text}” in “{said}”")));
            page.site.restore(DATA);
            page.site.restore(MODEL);
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        // Once mended, its own button is the way back.
        page.click_text("Try again").await;
        Table(page).counts("5,174 of 7,043").await;
    });
}

#[test]
fn without_its_worker_the_page_says_that_it_cannot_train() {
    let visit = Visit::default()
        .expecting("404 (Not Found)")
        .prepared(|site| {
            site.remove(MODEL);
            site.remove("worker_loader.js");
        });
    visit.run(async |page| {
        page.open("").await;
        let said = page.text("[role=alert]").await;
        assert!(said.contains("worker_loader.js"), "the page says “{said}”");
    });
}

#[test]
fn a_broken_preset_is_named_and_column_names_are_shown() {
    let visit = Visit::default().prepared(|site| site.write(PRESET, b"{"));
    visit.run(async |page| {
        page.open("").await;
        Table(page).counts("5,174 of 7,043").await;
        notice_names(page, PRESET).await;
        Table(page).head("MonthlyCharges").await;
    });
}

#[test]
fn rows_that_cannot_be_read_are_counted_and_the_first_is_named() {
    let visit = Visit::default().prepared(|site| {
        site.edit(DATA, |text| {
            text.replacen(",29.85,29.85,", ",29.85,n/a,", 1)
        });
    });
    visit.run(async |page| {
        page.open("").await;
        Table(page).counts("5,173 of 7,042").await;
        for text in ["1 row", "TotalCharges", "n/a"] {
            notice_names(page, text).await;
        }
    });
}

async fn notice_names(page: &Page, text: &str) {
    let said = page.text("main > .notice").await;
    assert!(said.contains(text), "no “{text}” in “{said}”");
}
