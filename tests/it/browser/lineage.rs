//! The lineage page: what came from what, drawn and in words.

use super::harness::{DATA, Page, Visit, comes_to};

const PAGE: &str = "#/lineage";

/// Names of the nodes that belong to the chosen one, in order.
const REACHED: &str = "[...document.querySelectorAll('#lineage-drawing g')]
    .filter(it => !it.querySelector('.off'))
    .map(it => it.getAttribute('data-node').split(':')[0]).join()";

/// A table and a model of it, deployed by hand.
async fn fill(page: &Page) {
    let data = page.host().data().to_string_lossy().into_owned();
    let churn = |arguments: &[&str]| {
        let place = ["--data-dir", data.as_str()];
        page.site.churn(&[arguments, &place].concat())
    };
    let model = format!("{data}/other.json");
    churn(&["ingest", DATA, "--table", "customers"]);
    churn(&[
        "train",
        "--table",
        "customers",
        "--c",
        "0.1",
        "--out",
        &model,
    ]);
    churn(&["deploy", &model, "--name", "other"]);
}

#[test]
fn without_a_server_lineage_needs_one() {
    Visit::default().run(async |page| {
        page.open(PAGE).await;
        let says = page.text(".message").await;
        assert!(says.contains("churn serve"), "{says}");
    });
}

#[test]
fn what_came_from_what_is_followed() {
    Visit::default().with_api().run(async |page| {
        fill(page).await;
        page.open("").await;
        page.click_text("Lineage").await;
        page.shows("nav [aria-current]", "Lineage").await;
        page.find("[data-node='table:customers@1']").await;
        // The file is one, whether it was trained on or ingested.
        let sources = "document.querySelectorAll('[data-node^=source]').length";
        comes_to("one source", 1, async || page.read(sources).await).await;
        let edges = "document.querySelectorAll('#lineage-drawing .edge').length";
        comes_to("all that is between", 7, async || page.read(edges).await).await;

        // A press shows what belongs to it; all of that is in the address.
        let press = "document.querySelector(\"[data-node='build:other@1']\")
            .dispatchEvent(new MouseEvent('click', {bubbles: true})), 1";
        let _: u8 = page.read(press).await;
        page.shows("#lineage-node", "other@1").await;
        let reached = "source,table,training,build,deployment".to_owned();
        comes_to("its way", reached.clone(), async || {
            page.read(REACHED).await
        })
        .await;
        let facts = page.text("#lineage-facts").await;
        assert!(
            facts.contains("SHA-256") && facts.contains("Build"),
            "{facts}"
        );
        page.until(
            "it is in the address",
            "decodeURIComponent(location.hash).includes('build:other@1')",
        )
        .await;
        page.visit(&page.location().await).await;
        page.shows("#lineage-node", "other@1").await;
        comes_to("its way", reached, async || page.read(REACHED).await).await;

        // With the keyboard alone: to the next one, and back to all.
        page.find("#lineage-drawing [tabindex='0']").await;
        let key = |key: &str| {
            format!(
                "document.activeElement.dispatchEvent(
                    new KeyboardEvent('keydown', {{key: '{key}', bubbles: true}})), 1"
            )
        };
        let focus = "document.querySelector(\"#lineage-drawing g[tabindex='0']\").focus(), 1";
        let _: u8 = page.read(focus).await;
        let _: u8 = page.read(&key("Enter")).await;
        page.until(
            "nothing is chosen",
            "document.getElementById('lineage-node').closest('section').hidden",
        )
        .await;
        // The focus stays where it was, though all was drawn anew.
        page.until(
            "it can go on",
            "document.activeElement.matches('#lineage-drawing g')",
        )
        .await;
        let _: u8 = page.read(&key("ArrowRight")).await;
        let _: u8 = page.read(&key("Enter")).await;
        page.until(
            "another one is",
            "!document.getElementById('lineage-node').closest('section').hidden",
        )
        .await;

        // Links lead on, here and to the other pages.
        page.open("#/lineage?node=table:customers@1").await;
        page.shows("#lineage-node", "customers@1").await;
        page.click_text("Look into the table").await;
        page.shows("#content", "What is in customers@1?").await;

        // What is listed says the same.
        page.open(PAGE).await;
        page.find("#lineage-list summary")
            .await
            .click()
            .await
            .expect("a click");
        let rows = "document.querySelectorAll('#lineage-list th[scope=row]').length";
        let nodes = "document.querySelectorAll('#lineage-drawing g').length";
        let nodes: usize = page.read(nodes).await;
        comes_to("a line for each", nodes, async || page.read(rows).await).await;
    });
}

#[test]
fn a_node_that_is_not_there_is_told() {
    Visit::default()
        .with_api()
        .expecting("404")
        .run(async |page| {
            page.open("#/lineage?node=nothing").await;
            page.shows("#not-done", "The server knows nothing of that name.")
                .await;
            page.find("[data-node^=build]").await;
        });
}
