//! Without a network, and with another release.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use churn_core::artefact::sha256;
use serde_json::{Value, json};

use super::harness::{Customer, DATA, MODEL, Page, Site, Table, Visit, comes_to};

/// Waits until the page is kept: from then on it needs no network.
async fn is_kept(page: &Page) {
    let kept = "!!navigator.serviceWorker.controller";
    page.until("the service worker keeps the page", kept).await;
}

#[test]
fn after_one_visit_everything_works_without_a_network() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open("").await;
        is_kept(page).await;
        page.host().stop();
        page.open("").await;
        Table(page).counts("5,174 of 7,043").await;
        let id = truth.data.id(truth.by_risk(truth.active())[0]);
        Table(page).open(&id).await;
        Customer(page).choose("Contract", "Two year").await;
        let edited = truth.edited(&id, &[("Contract", "Two year")]);
        Customer(page).shows(&truth, &id, &edited).await;
        for (address, shown) in [
            ("?source=home#/model", ".model-page .figures"),
            ("#/data", ".data-page figure"),
            ("#/monitoring", ".message code"),
        ] {
            page.open(address).await;
            page.find(shown).await;
        }
    });
}

#[test]
fn below_a_path_it_also_trains_without_a_network() {
    let visit = Visit::default()
        .below("/some/path")
        .prepared(|site| site.remove(MODEL));
    visit.expecting(MODEL).run(async |page| {
        page.open("").await;
        is_kept(page).await;
        page.host().stop();
        page.open("").await;
        Table(page).counts("5,174 of 7,043").await;
    });
}

#[test]
fn other_data_are_seen_at_once_and_then_kept() {
    Visit::default().prepared(|_| {}).run(async |page| {
        page.open("").await;
        is_kept(page).await;
        page.site.edit(DATA, |text| {
            let (rest, _last) = text.trim_end().rsplit_once('\n').expect("lines");
            format!("{rest}\n")
        });
        page.open("#/customers?who=everyone").await;
        Table(page).counts("7,042 of 7,042").await;
        page.host().stop();
        page.open("#/customers?who=everyone").await;
        Table(page).counts("7,042 of 7,042").await;
    });
}

/// Puts another release in place: a style sheet has another corner.
fn release(site: &Site) {
    let html = site.read("index.html");
    let start = html.find("./style-").expect("the style sheet") + "./".len();
    let end = start + html[start..].find(".css").expect("its end") + ".css".len();
    let (old, new) = (&html[start..end], "style-0123456789abcdef.css");
    let css = site.read(old).replace("6px", "7px");
    site.write(new, css.as_bytes());
    site.remove(old);
    // The hash of what is no longer there goes, too. A minified page has no quotes.
    let hash = end + html[end..].find(" integrity=").expect("a hash");
    let length = html[hash + 1..].find([' ', '>']).expect("its end");
    let (between, rest) = (&html[end..hash], &html[hash + 1 + length..]);
    let html = format!("{}{new}{between}{rest}", &html[..start]);
    site.write("index.html", html.as_bytes());
    site.edit("sw.js", |worker| {
        let line = |name| {
            let line = worker.lines().find(|line| line.starts_with(name));
            line.expect("a line of the worker").to_owned()
        };
        let files = line("const FILES = ");
        let list = files.trim_start_matches("const FILES = ");
        let mut list: Value = serde_json::from_str(list.trim_end_matches(';')).expect("a list");
        list.as_object_mut().expect("files").remove(old);
        list[new] = integrity(css.as_bytes());
        list["./"] = integrity(html.as_bytes());
        let named = worker.replace(&files, &format!("const FILES = {list};"));
        named.replace(&line("const RELEASE = "), "const RELEASE = 'another';")
    });
}

/// A hash as browsers check it.
fn integrity(bytes: &[u8]) -> Value {
    let digest = sha256(bytes);
    let digest = (0..digest.len()).step_by(2).map(|place| {
        let byte = digest.get(place..place + 2).expect("two digits");
        u8::from_str_radix(byte, 16).expect("a byte")
    });
    let digest = STANDARD.encode(digest.collect::<Vec<u8>>());
    json!(format!("sha256-{digest}"))
}

#[test]
fn a_new_release_is_told_of_and_taken_when_the_visitor_says_so() {
    const CORNER: &str =
        "getComputedStyle(document.documentElement).getPropertyValue('--radius').trim()";
    let corner = async |page: &Page| page.read::<String>(CORNER).await;
    Visit::default().prepared(|_| {}).run(async |page| {
        page.open("").await;
        is_kept(page).await;
        let told = page.text(".foot").await;
        assert!(!told.contains("Reload"), "{told}");
        release(&page.site);
        // What the page does by itself from time to time.
        let look = "navigator.serviceWorker.ready.then(worker => worker.update())";
        let _: Value = page
            .read(&format!("(window.before = true, {look}, null)"))
            .await;
        page.shows(".release", "A new version is ready.\nReload")
            .await;
        assert!(
            page.read::<bool>("window.before === true").await,
            "it is loaded anew"
        );
        assert_eq!(corner(page).await, "6px");
        page.click_text("Reload").await;
        comes_to("the new release", "7px".to_owned(), async || {
            corner(page).await
        })
        .await;
        page.host().stop();
        page.open("").await;
        Table(page).counts("5,174 of 7,043").await;
        assert_eq!(corner(page).await, "7px");
        let caches: usize = page.read("caches.keys().then(names => names.length)").await;
        assert_eq!(caches, 1, "the old release is kept, too");
    });
}

#[test]
fn nothing_but_the_page_is_kept_of_a_server() {
    let visit = Visit::default().with_api();
    visit.expecting("ERR_CONNECTION_REFUSED").run(async |page| {
        page.open("").await;
        is_kept(page).await;
        page.open("#/monitoring").await;
        page.shows("#live", "Live").await;
        let kept = "caches.keys().then(names => caches.open(names[0])).then(cache => cache.keys())\
             .then(files => files.map(file => file.url))";
        let mut kept: Vec<String> = page.read(kept).await;
        assert!(kept.len() > 15, "only {kept:?}");
        kept.retain(|url| {
            let path = url.trim_start_matches(page.address());
            !path.is_empty() && !page.site.has(path)
        });
        assert!(kept.is_empty(), "kept: {kept:?}");
        page.host().stop();
        page.until(
            "the loss is told",
            "document.getElementById('live').innerText.includes('does not answer')",
        )
        .await;
    });
}

#[test]
fn it_can_be_installed() {
    Visit::default().run(async |page| {
        page.open("").await;
        is_kept(page).await;
        let errors = page.ask("Page.getInstallabilityErrors", json!({})).await;
        assert_eq!(errors["installabilityErrors"], json!([]));
        let manifest = page.ask("Page.getAppManifest", json!({})).await;
        assert_eq!(manifest["errors"], json!([]));
        assert!(
            manifest["url"]
                .as_str()
                .is_some_and(|url| url.ends_with(".webmanifest"))
        );
    });
}

#[test]
fn without_a_service_worker_the_page_works_all_the_same() {
    Visit::default().below("/some/path").run(async |page| {
        let address = page.address().replace("127.0.0.1", "explorer.test");
        page.visit(&address).await;
        Table(page).counts("5,174 of 7,043").await;
        assert!(!page.read::<bool>("'serviceWorker' in navigator").await);
    });
}
