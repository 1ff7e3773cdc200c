//! The jobs page: what runs by itself, told to run, paused and looked into.

use std::fs;

use serde_json::Value;

use super::harness::{DATA, Page, Visit, comes_to};

const PAGE: &str = "#/jobs";

/// Adds a job to the server of the page.
fn add(page: &Page, name: &str, rest: &str) {
    let data = page.host().data().to_string_lossy().into_owned();
    let file = format!("{data}/job.toml");
    fs::write(&file, format!("name = '{name}'\n{rest}")).expect("a job");
    page.site.churn(&["job", "add", &file, "--data-dir", &data]);
}

#[test]
fn without_a_server_jobs_need_one() {
    Visit::default().run(async |page| {
        page.open(PAGE).await;
        let says = page.text(".message").await;
        assert!(says.contains("churn serve"), "{says}");
    });
}

#[test]
fn jobs_are_shown_begun_paused_and_read() {
    let visit = Visit::default().with_api();
    visit.expecting("409").run(async |page| {
        page.open("").await;
        page.click_text("Jobs").await;
        page.shows("nav [aria-current]", "Jobs").await;
        page.shows(
            ".jobs .message code",
            "churn job add nightly.toml --data-dir data",
        )
        .await;

        let rows = page.site.folder().join(DATA);
        let ingest = format!(
            "[work]\nkind = 'ingest'\ntable = 'customers'\nsources = ['{}']\n",
            rows.display()
        );
        add(page, "ingest", &ingest);
        let weekly = "schedule.cron = { expression = '0 2 * * 1', zone = 'Europe/Berlin' }\n\
             retries = 1\nbackoff_s = 1\n\
             [work]\nkind = 'evaluate'\ntable = 'customers'\nmodel = 'nobody'\n";
        add(page, "weekly", weekly);
        // The page finds out by itself.
        comes_to("both jobs", 2, async || {
            page.read::<usize>("document.querySelectorAll('#jobs th[scope=row]').length")
                .await
        })
        .await;
        let row = "[...document.querySelectorAll('#jobs tr')].at(-1).innerText";
        let told: String = page.read(row).await;
        assert!(
            told.contains("evaluate") && told.contains("(Europe/Berlin)"),
            "{told}"
        );
        assert_eq!(told.matches("02:00:00 CE").count(), 3, "{told}");

        // The table may be another one in a moment.
        let press = async |button: &str| {
            page.find(button).await;
            let _: Value = page
                .read(&format!("document.querySelector(\"{button}\").click()"))
                .await;
        };
        let act = async |act: &str, job: &str| {
            press(&format!("[data-act='{act}'][data-job='{job}']")).await;
        };
        act("runs", "ingest").await;
        page.until(
            "it is done",
            "document.getElementById('jobs').innerText.includes('ingested 7,043 rows')",
        )
        .await;
        act("pause", "weekly").await;
        page.shows("#jobs tr:last-child td:nth-child(3)", "Paused")
            .await;
        act("resume", "weekly").await;
        page.shows("#jobs tr:last-child td:nth-child(3)", "Idle")
            .await;

        // What failed is tried again, and says why; all of that is in the address.
        act("runs", "weekly").await;
        press("[data-show='weekly']").await;
        page.shows("#job-history", "How did weekly go?").await;
        page.until(
            "it is tried twice",
            "/Try 1: Failed[^]*Try 2: Failed/.test(document.getElementById('job-runs').innerText)",
        )
        .await;
        page.shows("#job-runs td:nth-child(5)", "Failed").await;
        press("#job-runs [data-run]").await;
        page.shows("#job-log + .said pre", "error: no model 'nobody'")
            .await;
        page.until("it is in the address", "location.hash.includes('run=')")
            .await;
        page.visit(&page.location().await).await;
        page.shows("#job-log + .said pre", "error: no model 'nobody'")
            .await;

        // What is refused is told.
        let name =
            "document.querySelector('[data-act=runs][data-job=weekly]').dataset.act = 'cancel'";
        let _: String = page.read(name).await;
        act("cancel", "weekly").await;
        page.shows("#not-done", "nothing of 'weekly' runs or waits")
            .await;
    });
}

#[test]
fn who_may_only_look_cannot_act() {
    let visit = Visit::default().with_keys().expecting("status of 401");
    visit.run(async |page| {
        let data = page.host().data().to_string_lossy().into_owned();
        let make = [
            "key",
            "create",
            "--data-dir",
            &data,
            "--name",
            "me",
            "--role",
            "read",
        ];
        let key = page.site.churn(&make);
        add(page, "safe", "[work]\nkind = 'backup'\nfolder = 'safe'\n");
        page.open(PAGE).await;
        page.find("#key")
            .await
            .send_keys(key.trim())
            .await
            .expect("typing");
        page.click_text("Sign in").await;
        page.shows("#jobs [data-show]", "safe").await;
        let buttons = "document.querySelectorAll('#jobs [data-act]').length";
        assert_eq!(page.read::<usize>(buttons).await, 0);
    });
}
