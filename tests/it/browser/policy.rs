//! The content security policy, and where the page's bytes come from.
//! Violations fail every visit; here is what they would look like.

use super::harness::{Customer, Table, Visit};

const POLICY: &str =
    "document.querySelector('meta[http-equiv=\"Content-Security-Policy\"]')?.content ?? ''";

#[test]
fn the_policy_is_strict() {
    Visit::default().run(async |page| {
        page.open("").await;
        let policy: String = page.read(POLICY).await;
        for part in [
            "default-src 'none'",
            "script-src 'self' 'wasm-unsafe-eval'",
            "style-src 'self'",
        ] {
            assert!(policy.contains(part), "no {part} in “{policy}”");
        }
        for part in ["'unsafe-inline'", "'unsafe-eval'", "http:", "https:", "*"] {
            assert!(!policy.contains(part), "{part} in “{policy}”");
        }
    });
}

#[test]
fn a_violation_would_be_seen() {
    let visit = Visit::default().prepared(|site| {
        site.edit("index.html", |html| {
            html.replacen("<body>", "<body><p style=\"color: red\">inline</p>", 1)
        });
    });
    visit.expecting("inline style").run(async |page| {
        page.open("").await;
        let complaints = page.complaints().await;
        let seen = complaints
            .iter()
            .any(|complaint| complaint.names("Content Security Policy"));
        assert!(seen, "the browser complains of {complaints:?} only");
    });
}

#[test]
fn every_byte_comes_from_the_page_itself() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open("").await;
        let id = truth.data.id(truth.by_risk(truth.active())[0]);
        Table(page).open(&id).await;
        Customer(page).choose("Contract", "One year").await;
        page.click_text("◐").await;
        let loaded: Vec<String> = page
            .read("performance.getEntriesByType('resource').map(entry => entry.name)")
            .await;
        assert!(loaded.len() >= 8, "only {loaded:?} were loaded");
        let foreign: Vec<&String> = loaded
            .iter()
            .filter(|name| !name.starts_with(page.address()))
            .collect();
        assert!(foreign.is_empty(), "loaded from elsewhere: {foreign:?}");
        let cookies: String = page.read("document.cookie").await;
        assert_eq!(cookies, "", "cookies");
    });
}
