//! Texts of the customer page.

use crate::number::{count, points, risk};

/// The unit of numbers that are turned by years.
pub const MONTHS: &str = "months";

pub const TICKS: &str = "Weight changes at ticks; risk everywhere.";
pub const UNDO: &str = "Undo (Ctrl+Z)";
pub const REDO: &str = "Redo (Ctrl+Shift+Z)";
pub const PREVIEW: &str = "Preview";
pub const CHANGES: &str = "Changes";
pub const HOLD: &str = "Hold";
pub const FOLLOW_AGAIN: &str = "Follow again";

pub fn edit_apart(services: bool) -> &'static str {
    if services {
        "Edit apart from services"
    } else {
        "Edit apart from what it follows"
    }
}

pub fn unseen(customers: u32) -> String {
    let customers = count(customers as usize);
    format!("None of {customers} customers has this combination.")
}

pub fn set(label: &str, from: &str, to: &str) -> String {
    format!("{label} {from} → {to}")
}

pub fn followed(label: &str, from: &str, to: &str, because: &str) -> String {
    format!("↳ {label} {from} → {to}, follows {because}")
}

pub fn held(label: &str, value: &str) -> String {
    format!("{label} stays {value}")
}

pub fn of_feature(action: &str, label: &str) -> String {
    format!("{action}: {label}")
}

/// How many fields differ, and which ones are held.
pub fn edits(changed: usize, held: &[&str]) -> String {
    let fields = if changed == 1 { "field" } else { "fields" };
    let edits = format!("{changed} {fields} edited");
    if held.is_empty() {
        edits
    } else {
        format!("{edits}, held: {}", held.join(", "))
    }
}

/// What a screen reader says of an edit.
pub fn announcement(probability: f64, change: f64, verdict: &str, threshold: f64) -> String {
    let risk = risk(probability, threshold);
    format!("Risk {risk}, {}. {verdict}", points(change))
}
