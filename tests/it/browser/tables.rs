//! The tables page: rows that are sent, looked into, compared and deleted.

use std::fs;

use super::harness::{DATA, Page, Visit, comes_to};

const PAGE: &str = "#/tables";

/// The versions in the table, in their order.
const VERSIONS: &str =
    "[...document.querySelectorAll('#versions th[scope=row]')].map(it => it.innerText).join()";

/// Sends some text as the rows of a table.
async fn send(page: &Page, name: &str, rows: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("customers.csv");
    fs::write(&file, rows).expect("a file");
    let field = page.find("#table-name").await;
    field.clear().await.expect("an empty field");
    field.send_keys(name).await.expect("typing");
    let input = page.find("#table-file").await;
    let path = file.to_str().expect("a path");
    input.send_keys(path).await.expect("a file");
    page.click_text("Ingest").await;
    // The browser reads the file when it is sent.
    page.until(
        "it is done",
        "!/^$|Ingesting/.test(document.querySelector('.tables [role=status]').innerText)
            || document.getElementById('not-done').innerText !== ''",
    )
    .await;
}

#[test]
fn without_a_server_tables_need_one() {
    Visit::default().run(async |page| {
        page.open(PAGE).await;
        let says = page.text(".message").await;
        assert!(says.contains("churn serve"), "{says}");
    });
}

#[test]
fn rows_are_sent_looked_into_compared_and_deleted() {
    let visit = Visit::default().with_api();
    visit.expecting("422").run(async |page| {
        page.open("").await;
        page.click_text("Tables").await;
        page.shows("nav [aria-current]", "Tables").await;
        page.shows(
            ".tables .message code",
            "churn ingest customers.csv --table customers --data-dir data",
        )
        .await;

        let all = fs::read_to_string(page.site.folder().join(DATA)).expect("the data");
        let first: String = all
            .lines()
            .take(101)
            .map(|line| line.to_owned() + "\n")
            .collect();
        send(page, "customers", &first).await;
        page.shows("[role=status]", "customers@1: 100 rows, 0 rejected.")
            .await;
        page.shows("#content", "What is in customers@1?").await;
        let columns = "document.querySelectorAll('#quality th[scope=row]').length";
        comes_to("a line for each column", 21, async || {
            page.read(columns).await
        })
        .await;
        send(page, "customers", &first).await;
        let nothing = "Nothing new: customers@1 holds these rows already.";
        page.shows("[role=status]", nothing).await;

        // One customer less, and one whose tenure is none.
        let second: String = first
            .lines()
            .take(100)
            .map(|line| line.to_owned() + "\n")
            .collect();
        let second = second.replacen(
            "7590-VHVEG,Female,0,Yes,No,1,",
            "7590-VHVEG,Female,0,Yes,No,long,",
            1,
        );
        send(page, "customers", &second).await;
        page.shows("[role=status]", "customers@2: 98 rows, 1 rejected.")
            .await;
        comes_to("both", "customers@2,customers@1".to_owned(), async || {
            page.read(VERSIONS).await
        })
        .await;
        let rejected: String = page
            .read("document.getElementById('rejected').innerText")
            .await;
        assert!(
            rejected.contains("tenure") && rejected.contains("a whole number"),
            "{rejected}"
        );

        // Compared with the one before; all of that is in the address.
        let choose = "(() => { const choice = document.getElementById('compare-with'); \
             choice.value = '1'; \
             choice.dispatchEvent(new Event('change', {bubbles: true})); return 1; })()";
        let _: u8 = page.read(choose).await;
        page.shows("#changes", "What changed from customers@1 to customers@2?")
            .await;
        let told = page.text("section:has(#changes)").await;
        assert!(
            told.contains("By customerID: 0 came, 2 went, 0 changed."),
            "{told}"
        );
        page.until("it is in the address", "location.hash.includes('from=1')")
            .await;
        page.visit(&page.location().await).await;
        page.shows("#changes", "What changed from customers@1 to customers@2?")
            .await;

        // A file that fits no table is refused in words.
        send(page, "customers", "a,b\n1,2\n").await;
        page.until(
            "it says why",
            "document.getElementById('not-done').innerText.includes('no such column')",
        )
        .await;

        page.find("[data-delete='customers@1']")
            .await
            .click()
            .await
            .expect("a click");
        page.shows("#versions tr:last-child td:last-child", "Rows deleted")
            .await;
    });
}

#[test]
fn who_may_only_look_cannot_send() {
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
        page.open(PAGE).await;
        page.find("#key")
            .await
            .send_keys(key.trim())
            .await
            .expect("typing");
        page.click_text("Sign in").await;
        page.shows("h1", "Tables").await;
        page.find("#which-tables").await;
        assert_eq!(
            page.read::<usize>("document.querySelectorAll('#table-name').length")
                .await,
            0
        );
    });
}
