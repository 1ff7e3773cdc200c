//! One page is about what another one counts or was told.

use serde_json::json;

use super::harness::{Page, Table, Truth, Visit, comes_to};

/// Rows that the model did not train on.
fn held_out(truth: &Truth) -> Vec<usize> {
    let held_out = &truth.predictor.artefact().training.held_out;
    let rows = 0..truth.data.rows();
    rows.filter(|&row| held_out.contains(&truth.data.position(row)))
        .collect()
}

/// The counts of the matrix.
async fn matrix(page: &Page) -> Vec<usize> {
    page.read(
        "[...document.querySelectorAll('.matrix td a')]
            .map(count => Number(count.textContent.replace(',', '')))",
    )
    .await
}

#[test]
fn a_cell_of_the_matrix_lists_the_customers_that_it_counts() {
    Visit::default().run(async |page| {
        let (table, truth) = (Table(page), page.truth());
        let cut = 0.3;
        let open = "document.querySelectorAll('.matrix td a')[arguments[0]].click() ?? true";
        let cells = [(true, true), (true, false), (false, true), (false, false)];
        for (place, (left, flagged)) in cells.into_iter().enumerate() {
            page.open("#/model?cut=0.3").await;
            let mut rows = held_out(&truth);
            rows.retain(|&row| {
                (truth.data.label(row) == Some(true)) == left
                    && (truth.probabilities[row] >= cut) == flagged
            });
            comes_to("the count", rows.len(), async || {
                matrix(page).await.get(place).copied().unwrap_or(0)
            })
            .await;
            page.read_with::<bool>(open, vec![json!(place)]).await;
            table.counts(&format!("{} of 7,043", rows.len())).await;
            let ids = truth.ids(&truth.by_risk(rows));
            table.starts_with(&ids[..10]).await;
            // The way back leads to the matrix as it was.
            page.back().await;
            comes_to("the count", ids.len(), async || {
                matrix(page).await.get(place).copied().unwrap_or(0)
            })
            .await;
        }
    });
}

#[test]
fn the_models_page_is_about_the_cohort() {
    Visit::default().run(async |page| {
        let truth = page.truth();
        page.open("#/customers?cohort=Monthly&within=Contract%3AMonth-to-month")
            .await;
        page.shows(".cohort", "Monthly ▾").await;
        page.click_text("Model").await;
        let contract = truth.feature("Contract");
        let monthly = truth.value(contract, "Month-to-month");
        let mut rows = held_out(&truth);
        let all = rows.len();
        rows.retain(|&row| truth.data.value(row, contract) == monthly);
        assert!(rows.len() < all);
        page.shows(".cohort", "Monthly ▾").await;
        comes_to("held-out customers of the cohort", rows.len(), async || {
            matrix(page).await.iter().sum()
        })
        .await;
        let said = page.text(".basis").await;
        let named = format!("{} held-out customers", rows.len());
        assert!(said.contains(&named), "“{said}” does not name {named}");
        // Everyone again: the page follows at once.
        page.find(".cohort").await.click().await.expect("a click");
        page.find(".choice").await.click().await.expect("a click");
        comes_to("held-out customers", all, async || {
            matrix(page).await.iter().sum()
        })
        .await;
    });
}
