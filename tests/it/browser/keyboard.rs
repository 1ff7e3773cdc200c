//! Everything can be done by keyboard alone.

use fantoccini::key::Key;

use super::harness::{Customer, Table, Visit, comes_to};

#[test]
fn the_keyboard_reaches_everything_in_order() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open("").await;
        for stop in [
            "[aria-label='Switch between light and dark']",
            "input[name=audience]",
            "input[type=search]",
            "table",
            "th.risk button",
            "th.number button",
        ] {
            page.tab_to(stop).await;
        }
        page.press('/').await;
        page.until(
            "the slash leads to the search",
            "document.activeElement.type === 'search'",
        )
        .await;
        for letter in "dsl".chars() {
            page.press(letter).await;
        }
        page.tab_to("table").await;
        let listed = truth.by_risk(truth.active());
        let internet = truth.feature("InternetService");
        let dsl = truth.value(internet, "DSL");
        let mut listed = listed
            .into_iter()
            .filter(|&row| truth.data.value(row, internet) == dsl);
        let id = truth.data.id(listed.next().expect("a customer with DSL"));
        Table(page).starts_with(std::slice::from_ref(&id)).await;
        page.press(Key::Enter).await;
        Customer(page)
            .shows(&truth, &id, &truth.edited(&id, &[]))
            .await;

        page.tab_to(".neighbours a").await;
        page.tab_to("input[name=method]").await;
        let contract = truth.feature("Contract");
        page.tab_to(&format!("input[name=feature-{contract}]"))
            .await;
        page.press(Key::Right).await;
        let edits = [("Contract", "One year")];
        Customer(page)
            .shows(&truth, &id, &truth.edited(&id, &edits))
            .await;
        page.tab_to("[aria-label='Reset Contract']").await;
        page.press(Key::Enter).await;
        Customer(page)
            .shows(&truth, &id, &truth.edited(&id, &[]))
            .await;
        page.tab_to("input[type=range][aria-label='Tenure']").await;
        page.press(Key::Home).await;
        Customer(page)
            .shows(&truth, &id, &truth.linked(&id, &[("tenure", "0")]))
            .await;
        page.tab_to("input[type=number][aria-label='Tenure']").await;
    });
}

#[test]
fn the_focus_is_always_seen() {
    Visit::default().run(async |page| {
        page.open("").await;
        for stop in [
            "input[name=audience]",
            "input[type=search]",
            "th.risk button",
        ] {
            page.tab_to(stop).await;
            comes_to(&format!("{stop} shows its focus"), true, async || {
                let outlined = "[document.activeElement, document.activeElement.parentElement]
                    .some(element => getComputedStyle(element).outlineStyle === 'solid')";
                page.read(outlined).await
            })
            .await;
        }
    });
}

#[test]
fn single_keys_work_wherever_nothing_is_typed() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open("").await;
        page.click_text("Everyone").await;
        page.press('/').await;
        page.until(
            "the slash leads from a button to the search",
            "document.activeElement.type === 'search'",
        )
        .await;
        let listed = truth.ids(&truth.by_risk((0..truth.data.rows()).collect())[..2]);
        Table(page).open(&listed[0]).await;
        Customer(page).choose("Contract", "One year").await;
        page.press('j').await;
        Customer(page)
            .shows(&truth, &listed[1], &truth.edited(&listed[1], &[]))
            .await;
    });
}
