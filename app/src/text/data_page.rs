//! Texts of the data's page.

use churn_core::dataset::{LeftOut, RowIssue};
use churn_core::interval::Interval;

use super::model_page::{percent_interval, rows};
use crate::number::{count, percent};

pub const DATA: &str = "Data";

// Data: what is asked for.
pub const ALONE: &str = "Only these in the charts";
pub const ALONE_HELP: &str = "Makes a cohort of the customers that the filter asks for";

pub fn show_customers(number: usize) -> String {
    let customers = if number == 1 { "customer" } else { "customers" };
    format!("Show {} {customers}", count(number))
}

// Data: facts.
pub const WHAT_IS_IN_IT: &str = "What is in it?";
pub const LEFT: &str = "Left";
pub const INCOMPLETE: &str = "With a value missing";
pub const ISSUES: &str = "Which rows could not be read?";
pub const ISSUE_HEADS: [&str; 4] = ["Line", "Column", "Expected", "Got"];
pub const KIND_HEADS: [&str; 3] = ["Column", "Expected", "Rows"];
pub const COLUMNS_TITLE: &str = "What does each column hold?";
pub const COLUMNS_HELP: &str = "Those that go most with leaving first.";
pub const COLUMN_HEADS: [&str; 5] = ["Column", "Holds", "Missing", "With leaving", "What it is"];

pub fn part_of_all(rows: usize, all: usize) -> String {
    if rows == all {
        "All rows that could be read.".into()
    } else {
        let share = percent(rows as f64 / all.max(1) as f64);
        format!("{share} of all {}.", count(all))
    }
}

pub fn rate_help(left: u64, interval: Interval) -> String {
    format!("{} customers. {}", rows(left), percent_interval(interval))
}

pub fn unknown_outcomes(number: u64) -> String {
    match number {
        0 => "The outcome of everyone is known.".into(),
        number => format!("The outcome of {} is not known.", rows(number)),
    }
}

pub fn lacking(labels: &[&str]) -> String {
    if labels.is_empty() {
        "No cell is empty.".into()
    } else {
        format!(
            "In {}. The charts leave them out; the model has them filled in.",
            labels.join(", ")
        )
    }
}

/// What reading the file found, in a line.
pub fn reading(issues: &[RowIssue], left_out: &[LeftOut]) -> String {
    let mut said = match issues.len() {
        0 => "Every row of the file could be read.".into(),
        1 => "One row of the file could not be read and is left out.".to_owned(),
        number => format!(
            "{} rows of the file could not be read and are left out.",
            count(number)
        ),
    };
    if !left_out.is_empty() {
        let columns: Vec<String> = left_out
            .iter()
            .map(|column| format!("{} ({})", column.column, column.reason))
            .collect();
        said += &format!(" Columns that are left out: {}.", columns.join(", "));
    }
    said
}

pub fn issues_help(number: usize, most: usize) -> String {
    let listed = match number > most {
        true => format!(" The first {} are listed.", count(most)),
        false => String::new(),
    };
    format!("By column, then line by line. The header is line 1.{listed}")
}

pub fn numbers_held(low: &str, median: &str, high: &str) -> String {
    format!("Numbers from {low} to {high}, median {median}")
}

pub fn levels_held(number: usize, most: &str) -> String {
    format!("{} levels, most often {most}", count(number))
}
