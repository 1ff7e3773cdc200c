//! axe finds nothing on any page, in either theme, wide and narrow.

use std::fmt::Write as _;
use std::{env, fs};

use serde::Deserialize;
use serde_json::{Value, json};

use super::harness::{DATA, Page, Visit};

/// Set to the file of axe where it is installed.
const AXE: &str = "CHURN_AXE";

/// WCAG 2.2, levels A and AA, and what is good practice.
const RULES: &str = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']";

/// A wide window and the smallest phone.
const SIZES: [(u32, u32); 2] = [(1440, 900), (360, 740)];
const THEMES: [&str; 2] = ["light", "dark"];

/// A rule that is broken, and where.
#[derive(Debug, Deserialize)]
struct Violation {
    id: String,
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    html: String,
    #[serde(rename = "failureSummary")]
    summary: String,
}

/// A name, an address, an element that shows when the page is there, and what is
/// pressed then, one after the other.
type Case = (
    &'static str,
    &'static str,
    &'static str,
    &'static [&'static str],
);

const PAGES: [Case; 9] = [
    ("customers", "", "tr[data-place]", &[]),
    (
        "filtered",
        "#/customers?q=tenure<6",
        ".chip",
        &["tr[data-place='0'] .mark-star"],
    ),
    (
        "nobody",
        "#/customers?q=tenure>999",
        ".message:not([hidden])",
        &[],
    ),
    ("customer", "#/customer/7590-VHVEG", ".customer", &[]),
    (
        "edited customer",
        "#/customer/7590-VHVEG?Contract=One+year&tenure=80",
        ".feature.changed",
        &["details.fold:not([open]) > summary"; 5],
    ),
    (
        "compared",
        "#/compare/7590-VHVEG/5575-GNVDE",
        ".compare table",
        &[],
    ),
    (
        "model",
        "#/model?cost=40&value=350&saved=30",
        ".model-page .chart path",
        &["details:not([open]) > summary"; 9],
    ),
    (
        "data",
        "#/data",
        ".data-page figure",
        &["details:not([open]) > summary"; 3],
    ),
    (
        "unknown customer",
        "#/customer/nobody",
        ".message .button",
        &[],
    ),
];

/// What lies over a page.
const OPENED: [Case; 9] = [
    ("rule", "", "tr[data-place]", &[".rule-chip"]),
    (
        "suggestions",
        "#/customers?q=con",
        "tr[data-place]",
        &["[popovertarget=query-help]"],
    ),
    (
        "filter",
        "",
        "tr[data-place]",
        &["[popovertarget=column-filter]"],
    ),
    (
        "head's filter",
        "",
        "tr[data-place]",
        &["th.number .head-filter"],
    ),
    (
        "cohorts",
        "#/customers?q=tenure<6",
        ".chip",
        &["[popovertarget=cohorts]"],
    ),
    ("columns", "", "tr[data-place]", &[".menu summary"]),
    (
        "colours",
        "",
        "tr[data-place]",
        &[".menu:last-child summary"],
    ),
    (
        "enlarged chart",
        "#/data",
        ".data-page figure",
        &["[data-act=enlarge]"],
    ),
    (
        "keys",
        "#/model",
        ".model-page .chart path",
        &[".show-keys"],
    ),
];

#[test]
fn pages_are_fit_for_everybody() {
    run(Visit::default(), async |page, judge| {
        judge.all(page, &PAGES).await
    });
}

#[test]
fn what_opens_over_a_page_is_fit_for_everybody() {
    run(Visit::default(), async |page, judge| {
        judge.all(page, &OPENED).await
    });
}

#[test]
fn monitoring_is_fit_for_everybody() {
    run(Visit::default().with_api(), async |page, judge| {
        let address = page.address();
        let calls = [
            "simulate", "--url", address, "--data", DATA, "--calls", "600",
        ];
        page.site
            .churn(&[&calls[..], &["--drift", "labels"]].concat());
        judge
            .all(
                page,
                &[(
                    "monitoring",
                    "#/monitoring",
                    "#accuracy-over-time path",
                    &[],
                )],
            )
            .await;
    });
}

#[test]
fn what_a_server_keeps_is_fit_for_everybody() {
    run(Visit::default().with_api(), async |page, judge| {
        let empty = [
            ("no runs", "#/runs", ".runs pre", &[][..]),
            ("no tables", "#/tables", ".tables .message code", &[]),
            ("no jobs", "#/jobs", ".jobs .message code", &[]),
        ];
        judge.all(page, &empty).await;
        let data = page.host().data().to_string_lossy().into_owned();
        let grid = format!("{data}/grid.toml");
        let model = "[[grid]]\nmodel = \"logistic\"\nc = [0.1, 1.0]\n";
        fs::write(&grid, model).expect("a grid");
        let churn = |arguments: &[&str]| {
            let place = ["--data-dir", data.as_str()];
            page.site.churn(&[arguments, &place].concat());
        };
        churn(&["experiment", &grid, DATA]);
        churn(&["ingest", DATA, "--table", "customers"]);
        let small = "customerID,tenure\na,1\nb,2\n";
        fs::write(page.site.folder().join("small.csv"), small).expect("rows");
        for (rows, table) in [("small.csv", "t"), (DATA, "u")] {
            churn(&["ingest", rows, "--table", table]);
        }
        fs::write(
            page.site.folder().join("small.csv"),
            small.to_owned() + "c,3\n",
        )
        .expect("rows");
        churn(&["ingest", "small.csv", "--table", "t"]);
        let job = format!("{data}/job.toml");
        let lost = "name = 'lost'\nschedule.cron = { expression = '0 2 * * *', zone = 'UTC' }\n\
             [work]\nkind = 'evaluate'\ntable = 'customers'\nmodel = 'none'\n";
        fs::write(&job, lost).expect("a job");
        churn(&["job", "add", &job]);
        churn(&["job", "run", "lost"]);
        let full = [
            ("runs", "#/runs?runs=grid-1,grid-2", "#tests td", &[][..]),
            ("tables", "#/tables?table=t@2&from=1", "#moved td", &[]),
            ("jobs", "#/jobs?job=lost&run=1", ".said pre", &[]),
            (
                "lineage",
                "#/lineage?node=table:t@2",
                "#lineage-facts td",
                &[],
            ),
        ];
        judge.all(page, &full).await;
    });
}

#[test]
fn signing_in_is_fit_for_everybody() {
    let visit = Visit::default().with_keys().expecting("status of 401");
    run(visit, async |page, judge| {
        judge
            .all(page, &[("sign-in", "#/monitoring", ".sign-in", &[])])
            .await;
    });
}

#[test]
fn a_failure_and_no_server_are_fit_for_everybody() {
    let visit = Visit::default()
        .prepared(|_| {})
        .expecting("404 (Not Found)");
    run(visit, async |page, judge| {
        judge
            .all(page, &[("no server", "#/monitoring", ".message code", &[])])
            .await;
        page.site.remove(DATA);
        judge
            .all(page, &[("failure", "", ".message[role=alert]", &[])])
            .await;
    });
}

#[test]
fn every_drawing_says_what_it_shows() {
    Visit::default().with_api().run(async |page| {
        let address = page.address();
        page.site.churn(&["simulate", "--url", address, "--data", DATA, "--calls", "300"]);
        for (address, shown) in [
            ("", "tr[data-place] .reason"),
            ("#/customer/7590-VHVEG", ".bar"),
            ("#/model?cost=40&value=350&saved=30", ".chart path.line"),
            ("#/data", ".data-page figure"),
            ("#/monitoring", "#risk-over-time path.line"),
        ] {
            page.open(address).await;
            page.find(shown).await;
            for _ in 0..5 {
                let unfold = "document.querySelector('details.fold:not([open]) > summary')?.click()";
                let _: Value = page.read(unfold).await;
            }
            // Hidden with what it stands beside, named by a figure, or made of
            // parts that are.
            let silent = "[...document.querySelectorAll('svg, canvas')]
                .filter(drawing => drawing.checkVisibility() && !drawing.closest('[aria-hidden=true]'))
                .filter(drawing => {
                    const parts = drawing.getAttribute('role') === 'group'
                        ? [...drawing.querySelectorAll('[role=button]')] : [drawing];
                    return !parts.length || !parts.every(part => /\\d/.test(part.ariaLabel)
                        && ['img', 'button'].includes(part.getAttribute('role')));
                })
                .map(drawing => drawing.outerHTML.slice(0, 120))";
            let silent: Vec<String> = page.read(silent).await;
            assert!(silent.is_empty(), "{address}: {silent:#?}");
        }
    });
}

/// axe, and what it has found so far.
struct Judge {
    axe: String,
    found: String,
}

/// Runs a test with axe where it is installed; fails with all that it finds.
fn run(visit: Visit, test: impl AsyncFnOnce(&Page, &mut Judge)) {
    let Some(path) = env::var_os(AXE) else {
        println!("SKIPPED, as {AXE} is not set; `cargo xtask test` sets it");
        return;
    };
    visit.run(async |page| {
        let mut judge = Judge {
            axe: fs::read_to_string(path).expect("axe"),
            found: String::new(),
        };
        test(page, &mut judge).await;
        assert!(judge.found.is_empty(), "{}", judge.found);
    });
}

impl Judge {
    async fn all(&mut self, page: &Page, cases: &[Case]) {
        for (width, height) in SIZES {
            let size = json!({
                "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 640
            });
            page.emulate("Emulation.setDeviceMetricsOverride", size)
                .await;
            for (what, address, shown, pressed) in cases {
                page.open(address).await;
                page.find(shown).await;
                for css in *pressed {
                    let press = "(() => {
                        const found = document.querySelector(arguments[0]);
                        if (found?.checkVisibility()) found.click();
                    })()";
                    let _: Value = page.read_with(press, vec![json!(css)]).await;
                }
                for theme in THEMES {
                    self.look(page, &format!("{what}, {width} px, {theme}"), theme)
                        .await;
                }
            }
        }
    }

    async fn look(&mut self, page: &Page, what: &str, theme: &str) {
        let media = json!({"features": [
            {"name": "prefers-color-scheme", "value": theme},
            // What is on its way has no contrast yet.
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]});
        page.emulate("Emulation.setEmulatedMedia", media).await;
        let run = format!(
            "{}; return axe.run(document, {{runOnly: {RULES}, resultTypes: ['violations']}})\
             .then(result => result.violations)",
            self.axe
        );
        for Violation { id, nodes } in page.run::<Vec<Violation>>(&run, vec![]).await {
            for node in nodes.iter().take(3) {
                let html: String = node.html.chars().take(160).collect();
                let summary = node.summary.replace('\n', " ");
                let _ = writeln!(self.found, "{what}: {id}: {html}\n    {summary}");
            }
        }
    }
}
