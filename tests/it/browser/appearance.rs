//! Light and dark, wide and narrow.

use serde_json::json;

use super::harness::{Customer, Page, Table, Visit, comes_to};

/// Whether the page's background is dark.
async fn is_dark(page: &Page) -> bool {
    let background = "getComputedStyle(document.body).backgroundColor";
    let colour: String = page.read(background).await;
    let red = colour
        .split(['(', ','])
        .nth(1)
        .and_then(|red| red.trim().parse::<u32>().ok());
    red.unwrap_or_else(|| panic!("no colour: {colour}")) < 128
}

#[test]
fn dark_follows_the_system_until_the_visitor_chooses() {
    Visit::default().run(async |page| {
        page.open("").await;
        comes_to("dark", false, async || is_dark(page).await).await;
        let dark = json!({"features": [{"name": "prefers-color-scheme", "value": "dark"}]});
        page.emulate("Emulation.setEmulatedMedia", dark).await;
        comes_to("dark as the system", true, async || is_dark(page).await).await;
        page.click_text("◐").await;
        comes_to("dark by choice", false, async || is_dark(page).await).await;
        page.open("").await;
        comes_to("dark after loading again", false, async || {
            is_dark(page).await
        })
        .await;
        page.click_text("◐").await;
        comes_to("dark by a second choice", true, async || {
            is_dark(page).await
        })
        .await;
    });
}

#[test]
fn a_phone_gets_cards_and_folded_families() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        let phone = json!({"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": true});
        page.emulate("Emulation.setDeviceMetricsOverride", phone)
            .await;
        let touch = json!({"enabled": true});
        page.emulate("Emulation.setTouchEmulationEnabled", touch)
            .await;
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
        assert!(rows.len() >= 10, "only {} rows", rows.len());
        for row in &rows {
            assert_eq!(
                *row,
                json!({"height": 56, "cells": ["id", "risk", "reasons"]})
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
