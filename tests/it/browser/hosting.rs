//! Any static host will do, also below a path.

use super::harness::{Customer, MODEL, Table, Visit, comes_to};

const PATH: &str = "/some/path";

#[test]
fn the_page_works_below_a_path() {
    Visit::default().below(PATH).run(async |page| {
        let truth = page.truth();
        page.open("").await;
        Table(page).counts("5,174 of 7,043").await;
        let id = truth.data.id(truth.by_risk(truth.active())[0]);
        Table(page).open(&id).await;
        Customer(page).choose("Contract", "Two year").await;
        let edited = truth.edited(&id, &[("Contract", "Two year")]);
        Customer(page).shows(&truth, &id, &edited).await;
        let address = format!("{}#/customer/{id}?Contract=Two+year", page.address());
        assert!(address.contains(PATH), "{address}");
        comes_to("the address", address.clone(), async || {
            page.location().await
        })
        .await;
        page.visit(&address).await;
        Customer(page).shows(&truth, &id, &edited).await;
        page.back().await;
    });
}

#[test]
fn the_page_trains_below_a_path() {
    let visit = Visit::default()
        .below(PATH)
        .prepared(|site| site.remove(MODEL));
    visit.expecting(MODEL).run(async |page| {
        page.open("").await;
        Table(page).counts("5,174 of 7,043").await;
    });
}
