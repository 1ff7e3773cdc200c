//! Code that is loaded when it is needed.

use std::fs;

use super::harness::{Customer, Site, Table, Visit, comes_to};

/// Names of the files with the code of other pages than the first.
fn parts(site: &Site) -> Vec<String> {
    let files = fs::read_dir(site.built_folder()).expect("the built site");
    let names = files.map(|file| {
        let name = file.expect("a file").file_name();
        name.to_string_lossy().into_owned()
    });
    let parts: Vec<String> = names
        .filter(|name| name.starts_with("split_") || name.starts_with("chunk_"))
        .collect();
    assert!(parts.len() > 4, "{parts:?}");
    parts
}

/// A visit to a site that has lost all of them.
fn without_parts() -> Visit {
    let visit = Visit::default().prepared(|site| {
        for part in parts(site) {
            site.remove(&part);
        }
    });
    visit
        .expecting(".wasm")
        .expecting("HTTP status code is not ok")
}

const TOLD: &str = "!!document.querySelector('main [role=alert]')?.textContent
    .startsWith('This part of the page could not be loaded.')";

#[test]
fn what_cannot_be_loaded_can_be_asked_for_again() {
    without_parts().run(async |page| {
        // The table needs none of it.
        page.open("").await;
        Table(page).counts("5,174 of 7,043").await;
        page.click_text("Model").await;
        page.until("the way out", TOLD).await;
        page.click_text("Customers").await;
        Table(page).counts("5,174 of 7,043").await;
        page.click_text("Model").await;
        page.until("the way out", TOLD).await;
        for part in parts(&page.site) {
            page.site.restore(&part);
        }
        page.click_text("Try again").await;
        page.until(
            "the page",
            "document.querySelector('main h1')?.textContent === 'Model'",
        )
        .await;
    });
}

#[test]
fn edits_of_an_address_and_what_a_click_does_wait_for_their_code() {
    const EDITED: &str = "#/customer/5150-ITWWB?InternetService=DSL";
    without_parts().run(async |page| {
        page.open("").await;
        Table(page).counts("5,174 of 7,043").await;
        page.click_text("Call sheets").await;
        let told = "document.querySelector('.toast span')?.textContent
            .startsWith('This part of the page could not be loaded.')";
        page.until("word of it", told).await;
        page.go_to_fragment(EDITED).await;
        page.until("the way out", TOLD).await;
        // The address is written anew, and keeps what nobody has taken over yet.
        page.click_text("Copy link").await;
        assert!(page.location().await.ends_with(EDITED));
        for part in parts(&page.site) {
            page.site.restore(&part);
        }
        page.click_text("Try again").await;
        let customer = Customer(page);
        comes_to("the edit", true, async || {
            customer
                .changed()
                .await
                .contains(&"Internet service".to_owned())
        })
        .await;
    });
}

#[test]
fn the_code_of_other_pages_is_loaded_ahead() {
    Visit::default().run(async |page| {
        page.open("").await;
        Table(page).counts("5,174 of 7,043").await;
        page.until(
            "the parts to be loaded",
            "['sheets', 'customer', 'figures'].every(part =>
                performance.getEntriesByType('resource').some(it => it.name.includes(`split_${part}`)))",
        )
        .await;
    });
}
