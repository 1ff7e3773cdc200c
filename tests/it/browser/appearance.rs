//! Light and dark, wide and narrow.

use serde_json::json;

use super::harness::{DATA, Page, Table, Visit, comes_to};

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
fn charts_are_seen_in_the_colours_of_the_system() {
    Visit::default().run(async |page| {
        page.open("#/model").await;
        page.find(".chart path.line").await;
        for theme in ["light", "dark"] {
            let features = json!({"features": [
                {"name": "forced-colors", "value": "active"},
                {"name": "prefers-color-scheme", "value": theme},
            ]});
            page.emulate("Emulation.setEmulatedMedia", features).await;
            let colours = "(() => {
                const colour = (css, name) => getComputedStyle(document.querySelector(css))[name];
                return [colour('.chart path.line', 'stroke'), colour('.chart', 'backgroundColor')];
            })()";
            let [line, ground]: [String; 2] = page.read(colours).await;
            assert_ne!(line, ground, "{theme}");
            assert_eq!(is_dark(page).await, theme == "dark", "{ground}");
        }
    });
}

#[test]
fn numbers_and_dates_are_the_readers_own_where_the_language_is_theirs() {
    Visit::default().with_api().run(async |page| {
        let address = page.address();
        page.site
            .churn(&["simulate", "--url", address, "--data", DATA, "--calls", "3"]);
        for (language, count, month_first) in [
            ("en-US", "5,174 of 7,043", true),
            ("en-DE", "5.174 of 7.043", false),
            // The page has no German.
            ("de-DE", "5,174 of 7,043", true),
        ] {
            let user = json!({"userAgent": "a visitor", "acceptLanguage": language});
            page.emulate("Emulation.setUserAgentOverride", user).await;
            page.open("").await;
            Table(page).counts(count).await;
            page.open("#/monitoring").await;
            let date = page.text("#recent [scope=row]").await;
            let begins = date.starts_with(|c: char| c.is_ascii_alphabetic());
            assert_eq!(begins, month_first, "{language}: {date}");
        }
    });
}
