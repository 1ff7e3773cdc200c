//! The address: it holds what was done, and says what it does not know.

use churn_core::Value;

use super::harness::{Customer, Table, Visit, comes_to};

const ID: &str = "5150-ITWWB";

#[test]
fn an_address_reopens_the_customer_with_its_edits() {
    Visit::default().run(async |page| {
        let (customer, truth) = (Customer(page), page.truth());
        page.open(&format!("#/customer/{ID}")).await;
        customer.choose("Internet service", "DSL").await;
        customer.enter("Monthly charges", "69.95").await;
        let edited = truth.linked(
            ID,
            &[("InternetService", "DSL"), ("MonthlyCharges", "69.95")],
        );
        let Value::Number(total) = edited.value(truth.feature("TotalCharges")) else {
            panic!("no total");
        };
        customer.shows(&truth, ID, &edited).await;
        let expected = format!(
            "{}#/customer/{ID}?InternetService=DSL&MonthlyCharges=69.95&TotalCharges={total}",
            page.address()
        );
        comes_to("the address", expected.clone(), async || {
            page.location().await
        })
        .await;
        page.visit(&expected).await;
        customer.shows(&truth, ID, &edited).await;
        let mut changed = customer.changed().await;
        changed.sort();
        assert_eq!(
            changed,
            ["Internet service", "Monthly charges", "Total charges"]
        );
    });
}

#[test]
fn an_address_reopens_the_list() {
    Visit::default().run(async |page| {
        let table = Table(page);
        page.open("").await;
        page.click_text("Everyone").await;
        table.search("one year").await;
        table.head("Tenure").await.click().await.expect("a click");
        let expected = format!(
            "{}#/customers?who=everyone&q=one+year&sort=value.tenure",
            page.address()
        );
        comes_to("the address", expected.clone(), async || {
            page.location().await
        })
        .await;
        let ids = table.ids().await;
        let count = page.text("output.count").await;
        page.visit(&expected).await;
        table.counts(&count).await;
        table.is_ordered("Tenure", "ascending").await;
        table.starts_with(&ids).await;
    });
}

#[test]
fn an_unknown_customer_is_named_and_there_is_a_way_out() {
    Visit::default().run(async |page| {
        page.open("#/customer/0000-NOONE").await;
        let said = page.text(".message").await;
        assert!(said.contains("0000-NOONE"), "the page says “{said}”");
        page.find(".message a")
            .await
            .click()
            .await
            .expect("a way out");
        Table(page).counts("5,174 of 7,043").await;
    });
}

#[test]
fn edits_that_the_data_does_not_know_are_named_and_left_out() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open(&format!(
            "#/customer/{ID}?Contract=Forever&tenure=soon&Plan=A&Partner=Yes"
        ))
        .await;
        let values = truth.edited(ID, &[("Partner", "Yes")]);
        Customer(page).shows(&truth, ID, &values).await;
        let said = page.text(".notice").await;
        for refused in ["Contract = Forever", "tenure = soon", "Plan = A"] {
            assert!(said.contains(refused), "{refused} is not named in “{said}”");
        }
    });
}

#[test]
fn an_address_may_be_changed_by_hand() {
    Visit::default().run(async |page| {
        let (customer, truth) = (Customer(page), page.truth());
        page.open(&format!("#/customer/{ID}")).await;
        for (fragment, id, edits) in [
            ("?Contract=One+year", ID, &[("Contract", "One year")][..]),
            ("?tenure=3.5", ID, &[("tenure", "3.5")]),
            ("", ID, &[]),
            ("?Partner=Yes", "7590-VHVEG", &[("Partner", "Yes")]),
        ] {
            page.go_to_fragment(&format!("#/customer/{id}{fragment}"))
                .await;
            customer.shows(&truth, id, &truth.edited(id, edits)).await;
        }
    });
}
