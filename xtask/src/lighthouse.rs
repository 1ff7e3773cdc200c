//! What Lighthouse says of the page, as `churn serve` serves it.

use anyhow::{Context, Result};
use serde_json::Value;

use crate::browser::Browser;
use crate::process::{command, find, output};
use crate::service::{Folder, Service};
use crate::terminal::step;
use crate::{npm, site, workspace};

/// Name and address of each page.
const PAGES: [(&str, &str); 4] = [
    ("Customers", ""),
    ("Customer", "#/customer/5150-ITWWB"),
    ("Model", "#/model"),
    ("Data", "#/data"),
];

/// What is judged, each of 100 points.
const CATEGORIES: [&str; 3] = ["performance", "accessibility", "best-practices"];

/// Points to reach.
const GOAL: &str = ">= 95";

/// Builds the site, has it judged and prints the table, with what costs points.
pub fn run() -> Result<()> {
    let browser = Browser::prepare()?;
    let lighthouse = npm::prepare(npm::LIGHTHOUSE)?;
    let node = find("node").context("node is missing")?;
    let site = site::build()?;
    let folder = Folder::with_model(&site.churn, "lighthouse")?;
    let dist = workspace::dist();
    let dist = dist.to_str().context("the path of the site is no text")?;
    let service = Service::churn(&site.churn, &folder, &["--open", "--static", dist])?;
    step("page: Lighthouse, as on a desktop (two minutes)");
    println!(
        "\n| page | {} | to reach |\n|---|---:|---:|---:|---|",
        CATEGORIES.join(" | ")
    );
    let mut lost = Vec::new();
    for (page, fragment) in PAGES {
        let report = output(
            command(&node)
                .arg(lighthouse.join("node_modules/lighthouse/cli/index.js"))
                .arg(format!("http://{}/{fragment}", service.address))
                .args(["--preset=desktop", "--quiet", "--output=json"])
                .arg(format!("--only-categories={}", CATEGORIES.join(",")))
                .arg("--chrome-flags=--headless=new --no-sandbox --disable-gpu")
                .env("CHROME_PATH", &browser.chrome),
        )?;
        let report: Value = serde_json::from_str(&report).context("not a report")?;
        let points = CATEGORIES.map(|name| {
            let score = report["categories"][name]["score"].as_f64();
            score.map_or_else(|| "none".into(), |score| format!("{:.0}", score * 100.0))
        });
        println!("| {page} | {} | {GOAL} |", points.join(" | "));
        lost.extend(losses(&report).map(|loss| format!("- {page}: {loss}")));
    }
    println!("\nNot with all points:\n{}", lost.join("\n"));
    Ok(())
}

/// The audits that count in a category and do not have all points.
fn losses(report: &Value) -> impl Iterator<Item = String> {
    let counted = CATEGORIES.iter().flat_map(move |name| {
        let audits = report["categories"][name]["auditRefs"].as_array();
        audits.into_iter().flatten()
    });
    counted.filter_map(move |audit| {
        let weight = audit["weight"].as_f64()?;
        let result = &report["audits"][audit["id"].as_str()?];
        let score = result["score"].as_f64()?;
        let title = result["title"].as_str()?;
        let shown = result["displayValue"].as_str().unwrap_or_default();
        (weight > 0.0 && score < 1.0).then(|| format!("{title}: {:.0} {shown}", score * 100.0))
    })
}
