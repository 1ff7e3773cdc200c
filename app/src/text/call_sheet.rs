//! Texts of the call sheets.

use crate::number::count;

pub const CALL_SHEETS: &str = "Call sheets";
pub const CALL_SHEETS_FILE: &str = "churn-call-sheets.html";
pub const WHY: &str = "What raises the estimate most";
pub const NOTHING_RAISES: &str = "Nothing raises it above the average.";
pub const LEVERS: &str = "What would lower the estimate";
pub const NO_LEVERS: &str = "No single change lowers it by a point.";
pub const LEVER_HEADS: [&str; 4] = ["Change", "From", "To", "Estimate"];
pub const FACTS: &str = "The customer";
pub const NOTES: &str = "Notes";

pub fn call_sheets_help(sheets: usize, listed: usize) -> String {
    if sheets < listed {
        format!("A page for each of the first {sheets} listed customers, to print")
    } else {
        format!(
            "A page for each of the {} listed customers, to print",
            count(listed)
        )
    }
}

/// What the sheets go back to.
pub fn made_of(model: &str, data: &str) -> String {
    format!("Model {model}, customers of data {data:.12}")
}

pub fn lowered(from: &str, to: &str, points: &str) -> String {
    format!("{from} → {to} ({points})")
}
