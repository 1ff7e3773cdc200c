//! The page on a phone: cards, sheets from below, everything in reach of a thumb.

use fantoccini::actions::{InputSource as _, MouseActions, PointerAction};
use serde_json::json;

use super::harness::{Customer, Page, Table, Visit, comes_to};

/// The page is shown on a phone from now on.
async fn take_up(page: &Page) {
    let phone = json!({"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": true});
    page.emulate("Emulation.setDeviceMetricsOverride", phone)
        .await;
    let touch = json!({"enabled": true});
    page.emulate("Emulation.setTouchEmulationEnabled", touch)
        .await;
}

/// Touches the first element that matches.
async fn touch(page: &Page, css: &str) {
    let found = page.find(css).await;
    let touched = found.click().await;
    touched.unwrap_or_else(|error| panic!("{css} takes no touch: {error}"));
}

/// Waits until an element lies at the bottom of the screen, as wide as it is.
async fn is_sheet(page: &Page, css: &str) {
    let at_bottom = format!(
        "(() => {{
            const sheet = document.querySelector('{css}').getBoundingClientRect();
            const {{scrollWidth, clientWidth}} = document.querySelector('{css}');
            return scrollWidth <= clientWidth && sheet.height > 0 && sheet.left === 0 && sheet.right === innerWidth
                && sheet.bottom === innerHeight;
        }})()"
    );
    page.until(&format!("{css} is a sheet from below"), &at_bottom)
        .await;
    nothing_is_cut_off(page).await;
}

#[test]
fn a_phone_gets_cards_and_folded_families() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        take_up(page).await;
        page.open("").await;
        Table(page).counts("5,174 of 7,043").await;
        nothing_is_cut_off(page).await;
        let rows = "[...document.querySelectorAll('tr[data-place]')].map(row => ({
            height: row.getBoundingClientRect().height,
            cells: [...row.children]
                .filter(cell => cell.checkVisibility())
                .map(cell => cell.className.split(' ')[0]),
        }))";
        let rows: Vec<serde_json::Value> = page.read(rows).await;
        let whole = "[...document.querySelectorAll('tr[data-place]')].filter(row => {
            const table = document.querySelector('.table').getBoundingClientRect();
            return row.getBoundingClientRect().bottom <= table.bottom;
        }).length";
        let whole: u32 = page.read(whole).await;
        assert!(whole >= 10, "only {whole} rows in sight");
        for row in &rows {
            assert_eq!(
                *row,
                json!({"height": 56, "cells": ["star", "id", "risk", "reasons"]})
            );
        }
        let id = truth.data.id(truth.by_risk(truth.active())[0]);
        Table(page).open(&id).await;
        nothing_is_cut_off(page).await;
        // What weighs most is unfolded; the rest unfolds by a touch.
        let folded: usize = page
            .read("document.querySelectorAll('details.family:not([open])').length")
            .await;
        assert_eq!(folded, 3, "folded families of 4");
        for _ in 0..folded {
            let family = page.find("details.family:not([open]) > summary").await;
            family.click().await.expect("a touch");
        }
        Customer(page).choose("Contract", "Two year").await;
        let edited = truth.edited(&id, &[("Contract", "Two year")]);
        Customer(page).shows(&truth, &id, &edited).await;
        nothing_is_cut_off(page).await;
    });
}

/// Nothing is wider than the screen, and what is touched is large enough.
async fn nothing_is_cut_off(page: &Page) {
    let wide: u32 = page.read("document.documentElement.scrollWidth").await;
    assert!(wide <= 390, "the page is {wide} pixels wide");
    let small = "[...document.querySelectorAll(
            'button, select, .segment, input[type=search], input[type=number]')]
        .filter(target => target.checkVisibility() && !target.disabled)
        .map(target => [target, target.getBoundingClientRect()])
        .filter(([, place]) => place.height > 0 && place.height < 44)
        .map(([target, place]) => `${target.outerHTML.slice(0, 80)}: ${place.height}`)";
    let small: Vec<String> = page.read(small).await;
    assert!(small.is_empty(), "too small to touch: {small:#?}");
}

#[test]
fn stars_pins_columns_and_looks_are_within_reach() {
    Visit::default().run(async |page| {
        let (table, truth) = (Table(page), page.truth());
        take_up(page).await;
        page.open("").await;
        let ids = truth.ids(&truth.by_risk(truth.active())[..10]);
        table.starts_with(&ids).await;
        touch(page, "tr[data-place='1'] .mark-star").await;
        touch(page, "tr[data-place='2'] .mark-pin").await;
        let marked = "[document.querySelector('tr[data-place=\"1\"] .mark-star').ariaPressed,
            document.querySelector('.pinned .id a').textContent]";
        comes_to(
            "the marks",
            vec!["true".into(), ids[2].clone()],
            async || page.read::<Vec<String>>(marked).await,
        )
        .await;
        nothing_is_cut_off(page).await;
        // What cells show, with the legend.
        touch(page, ".menu:last-child summary").await;
        is_sheet(page, ".menu[open] .panel").await;
        page.until(
            "the legend is there",
            "document.querySelector('.menu[open] .legend').checkVisibility()",
        )
        .await;
        page.click_text("Log-odds").await;
        comes_to("the address", true, async || {
            page.location().await.contains("log-odds")
        })
        .await;
        // A touch beside it closes the sheet.
        let beside = MouseActions::new("finger".into())
            .then(PointerAction::MoveTo {
                duration: None,
                x: 195.0,
                y: 70.0,
            })
            .then(PointerAction::Down { button: 0 })
            .then(PointerAction::Up { button: 0 });
        page.act(beside).await;
        page.until("no sheet", "!document.querySelector('.menu[open]')")
            .await;
        touch(page, ".menu summary").await;
        is_sheet(page, ".menu[open] .panel").await;
        touch(page, ".menu[open] input").await;
        page.until(
            "the sheet stays while columns are chosen",
            "!!document.querySelector('.menu[open] input')",
        )
        .await;
    });
}

#[test]
fn rule_and_filters_are_sheets_from_below() {
    Visit::default().run(async |page| {
        let table = Table(page);
        take_up(page).await;
        page.open("").await;
        touch(page, ".rule-chip").await;
        is_sheet(page, "#rule").await;
        touch(page, ".rule-close").await;
        page.until("no sheet", "!document.querySelector('#rule:popover-open')")
            .await;
        touch(page, ".query [popovertarget=column-filter]").await;
        is_sheet(page, "#column-filter").await;
        let option = "//select//option[.='Contract']";
        let option = page.find_by_path(option).await;
        option.click().await.expect("a choice");
        let level = "//ul[@class='levels']//label[.//span='Two year']";
        let level = page.find_by_path(level).await;
        level.click().await.expect("a touch");
        page.click_text("Done").await;
        page.until(
            "no sheet",
            "!document.querySelector('#column-filter:popover-open')",
        )
        .await;
        page.shows(".chip span", "Contract: Two year").await;
        let all = page.text("output.count").await;
        assert!(all != "5,174 of 7,043", "the filter narrows the list");
        // A head's filter opens as a sheet, too.
        touch(page, "th.risk .head-filter").await;
        is_sheet(page, "#column-filter").await;
        touch(page, ".sheet .actions button:last-child").await;
        touch(page, ".chip").await;
        table.counts("5,174 of 7,043").await;
    });
}

#[test]
fn a_key_is_entered_and_the_session_ended_with_a_thumb() {
    Visit::default().with_keys().run(async |page| {
        take_up(page).await;
        page.open("#/monitoring").await;
        let field = page.find("#key").await;
        nothing_is_cut_off(page).await;
        let size = "(() => { const field = document.getElementById('key'); \
            return [field.offsetHeight, Number.parseFloat(getComputedStyle(field).fontSize)]; })()";
        let (height, letters): (f64, f64) = page.read(size).await;
        // Below 16 pixels some browsers enlarge the page for typing.
        assert!(height >= 44.0 && letters >= 16.0, "{height}, {letters}");
        let data = page.host().data().to_string_lossy().into_owned();
        let create = [
            "key",
            "create",
            "--data-dir",
            &data,
            "--name",
            "a-rather-long-name",
        ];
        let key = page
            .site
            .churn(&[&create[..], &["--role", "read"]].concat());
        field
            .send_keys(key.trim())
            .await
            .expect("a field for a key");
        touch(page, ".sign-in button").await;
        page.shows("#live", "Live").await;
        nothing_is_cut_off(page).await;
        page.click_text("Sign out").await;
        page.find("#key").await;
    });
}
