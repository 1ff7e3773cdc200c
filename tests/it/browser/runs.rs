//! The runs page: an experiment that the server keeps.

use fantoccini::key::Key;

use super::harness::{DATA, Page, Visit, comes_to};

const PAGE: &str = "#/runs";

/// The names in the table, in their order.
const LISTED: &str =
    "[...document.querySelectorAll('#runs tbody th')].map(it => it.innerText).join()";

/// Runs an experiment on the server's data.
fn experiment(page: &Page, grid: &str) {
    let data = page.host().data().to_string_lossy().into_owned();
    let file = format!("{data}/first.toml");
    std::fs::write(&file, grid).expect("a grid");
    page.site
        .churn(&["experiment", &file, DATA, "--data-dir", &data]);
}

async fn find(page: &Page, query: &str) {
    let field = page.find("#find-runs").await;
    field.clear().await.expect("an empty field");
    field.send_keys(query).await.expect("typing");
    page.press(Key::Enter).await;
}

async fn click(page: &Page, css: &str) {
    page.find(css).await.click().await.expect("a click");
}

#[test]
fn without_a_server_runs_need_one() {
    Visit::default().run(async |page| {
        page.open(PAGE).await;
        let says = page.text(".message").await;
        assert!(says.contains("churn serve"), "{says}");
    });
}

#[test]
fn an_experiment_is_made_searched_and_compared() {
    let visit = Visit::default().with_api();
    visit.expecting("422").run(async |page| {
        page.open("").await;
        page.click_text("Runs").await;
        page.shows("nav [aria-current]", "Runs").await;
        // What the page says to do is done, and seen without a reload.
        let grid = page.text(".runs pre").await;
        assert!(page.text(".runs code").await.starts_with("churn experiment"));
        experiment(page, &grid);
        page.shows("#runs-count", "10 runs").await;
        let first = "first-1,first-2,first-3,first-4,first-5,first-6,first-7,first-8,first-9,first-10";
        assert_eq!(page.read::<String>(LISTED).await, first);

        // Searched, in vain and wrongly.
        find(page, "metrics.test_score > 0.5 and params.kernel = 'linear'").await;
        comes_to("the linear one", "first-9".to_owned(), async || page.read(LISTED).await).await;
        find(page, "params.kernel = 'cubic'").await;
        page.shows("#runs-count", "No run is like that.").await;
        find(page, "params.kernel =").await;
        page.until(
            "it says what is wrong",
            "document.getElementById('runs-fault').innerText.includes('expected')",
        )
        .await;
        find(page, "params.model = 'logistic'").await;
        page.shows("#runs-count", "8 runs").await;

        // Sorted: the focus stays on the head.
        click(page, "[data-sort='metrics.test_score']").await;
        page.find("[aria-sort='descending'] [data-sort='metrics.test_score']").await;
        let scores = "(() => { const at = [...document.querySelectorAll('#runs thead :is(td, th)')]\
             .findIndex(it => it.innerText.startsWith('test_score')); \
             return [...document.querySelectorAll('#runs tbody tr')]\
             .map(row => Number(row.cells[at].innerText)); })()";
        let down: Vec<f64> = page.read(scores).await;
        assert!(down.len() == 8 && down.is_sorted_by(|a, b| a >= b), "{down:?}");
        page.until(
            "the focus stays",
            "document.activeElement.dataset.sort === 'metrics.test_score'",
        )
        .await;
        page.press(Key::Enter).await;
        page.find("[aria-sort='ascending'] [data-sort='metrics.test_score']").await;
        let up: Vec<f64> = page.read(scores).await;
        assert!(up.is_sorted(), "{up:?}");

        // Compared.
        for run in ["first-1", "first-8"] {
            click(page, &format!("[data-run='{run}']")).await;
        }
        page.until("both are there", "document.querySelectorAll('#compared th[scope=col]').length === 2").await;
        let differs = "[...document.querySelectorAll('#compared tr:has(abbr)')]\
             .map(row => row.innerText.replaceAll(/\\s+/g, ' ').trim()).join()";
        let told: String = page.read(differs).await;
        assert!(told.contains("≠ balanced false true"), "{told}");
        assert!(told.contains("≠ c 0.01 10"), "{told}");
        assert!(!told.contains("model"), "{told}");
        let tests = "[...document.querySelectorAll('#tests tr')].slice(1)\
             .map(row => `${row.cells[0].innerText} ${row.cells[1].innerText} ${row.cells[4].innerText}`)\
             .join()";
        let told: String = page.read(tests).await;
        assert!(told.starts_with("first-8 Accuracy Yes,first-8 Log loss Yes,"), "{told}");

        // A metric against a parameter: a dot for each run.
        let dots = "document.querySelectorAll('.runs .drawn circle').length";
        comes_to("dots", 8, async || page.read(dots).await).await;
        let choose = "(() => { const choice = document.querySelector('select[name=x]'); \
             choice.value = 'balanced'; \
             choice.dispatchEvent(new Event('change', {bubbles: true})); return 1; })()";
        let _: u8 = page.read(choose).await;
        page.shows(".runs .drawn h3", "test_score, by balanced").await;

        // All of that is in the address.
        page.until("it is in the address", "location.hash.includes('x=balanced')").await;
        page.visit(&page.location().await).await;
        page.shows("#runs-count", "8 runs").await;
        page.shows(".runs .drawn h3", "test_score, by balanced").await;
        page.find("[aria-sort='ascending'] [data-sort='metrics.test_score']").await;
        page.find("[data-run='first-8']:checked").await;
        comes_to("the comparison", 3, async || {
            page.read::<usize>("document.querySelectorAll('#tests tr').length - 1").await
        })
        .await;
    });
}

#[test]
fn an_experiment_is_begun_from_the_page() {
    let visit = Visit::default().with_api();
    visit.expecting("422").run(async |page| {
        let data = page.host().data().to_string_lossy().into_owned();
        let ingest = ["ingest", DATA, "--table", "customers", "--data-dir", &data];
        page.site.churn(&ingest);
        page.open(PAGE).await;
        page.until(
            "the table is offered",
            "document.getElementById('experiment-table').value === 'customers@1'",
        )
        .await;
        page.click_text("Begin").await;
        page.shows("#not-done", "Name the experiment and choose a table. Without one, ingest customers on the page Tables.").await;
        page.find("#experiment-name").await.send_keys("here").await.expect("typing");
        let grid = page.find("#experiment-grid").await;
        grid.clear().await.expect("an empty field");
        grid.send_keys("[[grid]]\nmodel = \"logistic\"\nc = [0.1, \"much\"]").await.expect("typing");
        page.click_text("Begin").await;
        page.until(
            "it says what is wrong",
            "document.getElementById('not-done').innerText.includes('line 3')",
        )
        .await;
        grid.clear().await.expect("an empty field");
        grid.send_keys("[[grid]]\nmodel = \"logistic\"\nc = [0.1, 1.0]").await.expect("typing");
        page.click_text("Begin").await;
        page.shows(".begun", "Begun. Its runs appear as they end.").await;
        page.shows("#runs-count", "2 runs").await;
        page.until(
            "both end",
            "document.querySelectorAll('#runs tr td:nth-child(4)').length === 2
                && [...document.querySelectorAll('#runs tr td:nth-child(4)')]
                    .every(cell => cell.innerText === 'Finished')",
        )
        .await;
        comes_to("their names", "here-1,here-2".to_owned(), async || page.read(LISTED).await).await;
    });
}
