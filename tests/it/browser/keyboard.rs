//! Everything can be done by keyboard alone.

use fantoccini::key::Key;

use super::harness::{Customer, DATA, Page, Table, Visit, comes_to};

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

/// Moves the focus to an element and presses Enter.
async fn enter(page: &Page, css: &str) {
    page.tab_to(css).await;
    page.press(Key::Enter).await;
}

#[test]
fn a_question_mark_lists_the_keys_of_the_page() {
    Visit::default().run(async |page| {
        for (address, key, act) in [
            ("", "S", "In the table: star the customer"),
            (
                "#/customer/7590-VHVEG",
                "J K",
                "Next customer, previous customer",
            ),
            ("#/compare/7590-VHVEG/5575-GNVDE", "?", "This list"),
            ("#/model", "→ ← PgUp PgDn", "On the slider: another cut"),
            ("#/data", "→ ←", "In a chart: next part, previous part"),
            ("#/monitoring", "Esc", "Close what is open"),
        ] {
            page.open(address).await;
            page.tab_to("nav a:last-child").await;
            let focus = page.focus().await;
            page.press('?').await;
            page.shows("dialog[open] h2", "Keys").await;
            let keys: Vec<(String, String)> = page
                .read(
                    "[...document.querySelectorAll('dialog dt')].map(keys => \
                     [keys.innerText.trim(), keys.nextElementSibling.innerText])",
                )
                .await;
            assert!(
                keys.contains(&(key.into(), act.into())),
                "{address}: {keys:?}"
            );
            page.press(Key::Escape).await;
            page.until("it is closed", "!document.querySelector('dialog[open]')")
                .await;
            assert_eq!(page.focus().await, focus, "{address}");
        }
        // In a field it is a letter.
        page.open("").await;
        page.press('/').await;
        page.press('?').await;
        page.until("it is typed", "document.activeElement.value === '?'")
            .await;
        page.until("nothing opens", "!document.querySelector('dialog[open]')")
            .await;
    });
}

#[test]
fn the_keyboard_can_go_past_the_head_and_is_not_lost_with_a_page() {
    Visit::default().run(async |page| {
        page.open("#/model").await;
        page.press(Key::Tab).await;
        let seen = "document.activeElement.matches('.skip') \
             && document.activeElement.getBoundingClientRect().top >= 0";
        page.until("the way past the head is seen", seen).await;
        page.press(Key::Enter).await;
        page.press(Key::Tab).await;
        let inside = "document.querySelector('main').contains(document.activeElement)";
        page.until("the focus is in the content", inside).await;
        page.open("").await;
        page.find("tr[data-place]").await;
        page.tab_to("table").await;
        page.press(Key::Enter).await;
        page.find(".customer").await;
        page.until(
            "the focus is in the content",
            "document.activeElement.matches('main')",
        )
        .await;
        enter(page, ".neighbours a").await;
        page.until(
            "the focus is on the table",
            "document.activeElement.matches('table')",
        )
        .await;
    });
}

#[test]
fn sorting_and_what_buttons_open_need_no_mouse() {
    Visit::default().run(async |page| {
        page.open("").await;
        // Several columns.
        page.tab_to("th.level button").await;
        page.press(Key::Enter).await;
        page.tab_to("th.number button:not(.head-filter)").await;
        page.press_with(Key::Shift, Key::Enter).await;
        let sorted = "[...document.querySelectorAll('thead button > span')]\
             .filter(mark => mark.textContent).length";
        comes_to("columns that sort", 2, async || page.read(sorted).await).await;
        // The columns.
        let columns = "document.querySelectorAll('thead th').length";
        let before: usize = page.read(columns).await;
        page.press('/').await;
        enter(page, ".menu summary").await;
        page.tab_to(".menu[open] li input[type=checkbox]").await;
        page.press(' ').await;
        comes_to("columns", before - 1, async || page.read(columns).await).await;
        page.press(Key::Escape).await;
        page.until("back on its button", "document.activeElement.matches('.menu:not([open]) summary')").await;
        // A cohort of what is filtered.
        page.open("#/customers?q=tenure%3C6").await;
        enter(page, "[popovertarget=cohorts]").await;
        page.tab_to("#cohorts .name input").await;
        page.press('x').await;
        page.press(Key::Enter).await;
        page.until(
            "the cohort is there",
            "[...document.querySelectorAll('#cohorts .choice')].some(it => it.innerText.startsWith('x'))",
        )
        .await;
        page.press(Key::Escape).await;
        page.until(
            "back on its button",
            "document.activeElement.matches('[popovertarget=cohorts]')",
        )
        .await;
    });
}

#[test]
fn the_model_and_the_comparison_need_no_mouse() {
    Visit::default().run(async |page| {
        page.open("#/model").await;
        let flagged = page.text(".flagged-count").await;
        page.tab_to(".rule-slider input").await;
        page.press(Key::Right).await;
        comes_to("another count", true, async || {
            page.text(".flagged-count").await != flagged
        })
        .await;
        enter(page, ".chart [data-act=enlarge]").await;
        page.find("dialog[open] table td").await;
        page.press(Key::Escape).await;
        page.open("#/model").await;
        enter(page, ".matrix td a").await;
        page.find(".chip").await;

        page.open("#/compare/7590-VHVEG/5575-GNVDE").await;
        enter(page, ".toolbar a:nth-of-type(2)").await;
        comes_to("the other way round", true, async || {
            page.location()
                .await
                .ends_with("#/compare/5575-GNVDE/7590-VHVEG")
        })
        .await;
        page.tab_to("input[name=method]").await;
        page.press(Key::Right).await;
        page.until(
            "log-odds",
            "document.querySelector('.legend').innerText.includes('1.0')",
        )
        .await;
        enter(page, "thead a").await;
        page.find(".customer").await;
    });
}

#[test]
fn monitoring_needs_no_mouse() {
    Visit::default().with_api().run(async |page| {
        page.open("#/monitoring").await;
        let address = page.address();
        page.site
            .churn(&["simulate", "--url", address, "--data", DATA, "--calls", "3"]);
        page.tab_to("#deployment").await;
        page.tab_to("select:not(#deployment)").await;
        page.press(Key::Down).await;
        page.until(
            "another range",
            "document.activeElement.selectedIndex === 1",
        )
        .await;
        enter(page, "#recent [data-left=false]").await;
        page.find("#recent [data-left=false][aria-pressed=true]")
            .await;
        page.until(
            "the focus stays",
            "document.activeElement.dataset.left === 'false'",
        )
        .await;
    });
}

#[test]
fn the_way_out_of_a_failure_needs_no_mouse() {
    let visit = Visit::default().prepared(|site| site.remove(DATA));
    visit.expecting("404 (Not Found)").run(async |page| {
        page.open("").await;
        page.site.restore(DATA);
        enter(page, "[role=alert] button").await;
        Table(page).counts("5,174 of 7,043").await;
    });
}
