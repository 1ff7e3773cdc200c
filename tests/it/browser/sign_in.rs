//! Monitoring where the server asks for a key.

use fantoccini::key::Key;

use super::harness::{Page, Visit};
use super::monitoring::{PAGE, has_figure, simulate};

/// A new key of the page's server.
fn key(page: &Page, name: &str, roles: &[&str]) -> String {
    let data = page.host().data().to_string_lossy().into_owned();
    let mut create = vec!["key", "create", "--data-dir", &data, "--name", name];
    create.extend(roles.iter().flat_map(|role| ["--role", role]));
    page.site.churn(&create).trim().to_owned()
}

/// Enters a key by the keyboard alone.
async fn enter(page: &Page, key: &str) {
    let field = page.find("#key").await;
    field.send_keys(key).await.expect("a field for a key");
    page.press(Key::Enter).await;
    page.until(
        "the field is empty",
        "(document.getElementById('key')?.value ?? '') === ''",
    )
    .await;
}

/// What the page's server says that the page is to it.
async fn standing(page: &Page) -> String {
    page.read(
        "(() => { const call = new XMLHttpRequest(); call.open('GET', 'api/v1/session', false); \
         call.send(); return JSON.parse(call.responseText).state; })()",
    )
    .await
}

/// Nothing that was recorded is on the page.
async fn is_locked(page: &Page) {
    page.shows("main h1", "This server asks for a key").await;
    let seen: usize = page
        .read("document.querySelectorAll('.monitoring, table, .chart').length")
        .await;
    assert_eq!(seen, 0);
}

/// No key is in what a script of the page, or a look at it, can find.
async fn is_nowhere(page: &Page, key: &str) {
    let places = "[document.documentElement.outerHTML, location.href, document.cookie, \
         JSON.stringify(localStorage), JSON.stringify(sessionStorage), \
         JSON.stringify(history.state), \
         ...[...document.querySelectorAll('input')].map(field => field.value), \
         ...performance.getEntriesByType('resource').map(entry => entry.name)].join(' ')";
    let found: String = page.read(places).await;
    assert!(!found.contains(key), "the key is in {found}");
    let cookies: String = page.read("document.cookie").await;
    assert_eq!(cookies, "", "cookies that a script can read");
}

#[test]
fn a_key_opens_what_a_server_recorded() {
    let visit = Visit::default().with_keys();
    let visit = visit.expecting("status of 401");
    visit.run(async |page| {
        let good = key(page, "watcher", &["read"]);
        page.open("").await;
        page.click_text("Monitoring").await;
        is_locked(page).await;
        // Nobody has pressed anything yet: the focus is where it was.
        let focused: String = page.read("document.activeElement.id").await;
        assert_eq!(focused, "");
        page.tab_to("#key").await;
        page.press(Key::Enter).await;
        page.shows("#refused", "Enter a key.").await;

        enter(page, "churn_0000").await;
        page.until(
            "a wrong key is told",
            "document.getElementById('refused').innerText.includes('does not know this key')",
        )
        .await;
        let invalid = "document.activeElement.matches('#key[aria-invalid=\"true\"]')";
        page.until("the field is marked and has the focus", invalid)
            .await;
        let blind = key(page, "shop", &["predict", "record"]);
        enter(page, &blind).await;
        page.shows(
            "#refused",
            "The key shop may not look: it lacks the role read.",
        )
        .await;
        is_nowhere(page, &blind).await;
        assert_eq!(standing(page).await, "signed_out");
        is_locked(page).await;

        simulate(page, &["--calls", "20", "--key", &blind]);
        enter(page, &good).await;
        page.shows("#live", "Live").await;
        page.shows(".who", "Signed in with the key watcher").await;
        has_figure(page, "Predictions", "20").await;
        page.until(
            "the focus goes on",
            "document.activeElement.id === 'deployment'",
        )
        .await;
        is_nowhere(page, &good).await;

        // The browser keeps the session, not the page.
        page.open(PAGE).await;
        page.shows("#live", "Live").await;
        has_figure(page, "Predictions", "20").await;
        is_nowhere(page, &good).await;

        page.click_text("Sign out").await;
        is_locked(page).await;
        page.until("the focus goes on", "document.activeElement.id === 'key'")
            .await;
        page.shows("#refused", "").await;
        assert_eq!(standing(page).await, "signed_out");
        page.open(PAGE).await;
        is_locked(page).await;
    });
}

#[test]
fn outcomes_are_said_with_a_key_that_may() {
    let visit = Visit::default().with_keys();
    let visit = visit.expecting("status of 403").expecting("status of 401");
    visit.run(async |page| {
        let maker = key(page, "shop", &["predict", "record"]);
        simulate(page, &["--calls", "1", "--drift", "none", "--key", &maker]);
        page.open(PAGE).await;
        let looking = key(page, "watcher", &["read"]);
        enter(page, &looking).await;
        has_figure(page, "Predictions", "1").await;
        page.find("#recent button").await;
        page.click_text("Yes").await;
        page.until(
            "what is missing is told, and stays",
            "document.getElementById('not-taken').innerText.includes('the role record')",
        )
        .await;
        page.click_text("Sign out").await;
        let both = key(page, "owner", &["read", "record"]);
        enter(page, &both).await;
        for (class, left) in [("Yes", true), ("No", false)] {
            page.find("#recent button").await;
            page.click_text(class).await;
            page.find(&format!(
                "#recent [aria-pressed='true'][data-left='{left}']"
            ))
            .await;
        }
        page.shows("#not-taken", "").await;
        // A session ends with its key; what was recorded is not seen any more.
        let data = page.host().data().to_string_lossy().into_owned();
        page.site
            .churn(&["key", "revoke", "4", "--data-dir", &data]);
        is_locked(page).await;
        page.shows("#refused", "The session has ended. Enter a key again.")
            .await;
    });
}
