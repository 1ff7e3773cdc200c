//! Texts of filters, cohorts and the export.

use std::borrow::Cow;

use crate::number::count;

// Reading a query.
pub const EXPECTED_TEXT: &str = "a text between the quotes";
pub const EXPECTED_QUOTE: &str = "a closing \"";
pub const EXPECTED_COLUMN: &str =
    "the name of a column before this; put a text to search for in \"quotes\"";
pub const EXPECTED_CONDITION: &str = "a condition after this";
pub const EXPECTED_OPERATOR: &str =
    "<, >, = or : after this; put a text to search for in \"quotes\"";
pub const EXPECTED_COLON: &str = ": before a level";
pub const EXPECTED_BRACKET: &str = "a column or family, and a closing )";
pub const EXPECTED_ORDER: &str = "the smaller number first";
pub const EXPECTED_RISK: &str = "a number from 0 to 1, or one such as 50%";
pub const EXPECTED_PARTS: &str = "the data that the model was trained on";
pub const EXPECTED_ID: &str = "the id of a customer";
pub const EXPECTED_REST: &str = "the rest of a column's name, or a text that a customer has";

pub fn expected(place: &str, expected: &str) -> String {
    let place = place.trim_end_matches(':');
    format!("{place}: expected {expected}")
}

pub fn expected_number(operator: &str) -> String {
    match operator {
        ":" => "a number after :, or two as in 6..12".into(),
        _ => format!("a number after {operator}"),
    }
}

pub fn expected_level(levels: &[Cow<'_, str>], most: usize) -> String {
    let mut text = String::from("one of ");
    for (place, level) in levels.iter().take(most).enumerate() {
        if place > 0 {
            text += ", ";
        }
        text += &crate::filter::quoted(level);
    }
    if levels.len() > most {
        text += ", …";
    }
    text
}

// The box.
pub const QUERY: &str = "Search or filter";
pub const QUERY_HINT: &str = "Search or filter  /";
pub const SUGGESTIONS: &str = "Suggestions";
pub const QUERY_HELP: &str = "How to search and filter";
pub const QUERY_HELP_INTRO: &str = "Every part narrows the list further. For example:";
pub const HELP_WORD: &str = "an id or a level holds the text";
pub const HELP_LEVELS: &str = "one level, or several with commas";
pub const HELP_NOT: &str = "everyone else";
pub const HELP_NUMBER: &str = "also >, <=, >= and =";
pub const HELP_RANGE: &str = "from, to";
pub const HELP_RISK: &str = "risk, also as 0.5";
pub const HELP_WEIGHT: &str = "weight in the explanation";
pub const HELP_OUTCOME: &str = "or active";
pub const HELP_IMPUTED: &str = "a value was filled in";
pub const HELP_STARRED: &str = "starred by you";
pub const HELP_IDS: &str = "or paste a column of ids";

// Conditions in words.
pub const STARRED: &str = "Starred";
pub const FILLED_IN: &str = "Value filled in";

pub fn weight_field(label: &str) -> String {
    format!("Weight of {label}")
}

pub fn not(text: &str) -> String {
    format!("not {text}")
}

pub fn searched(word: &str) -> String {
    format!("“{word}”")
}

pub fn id_condition(named: &[&str], all: usize) -> String {
    let more = if all > named.len() {
        format!(", … ({})", count(all))
    } else {
        String::new()
    };
    format!("ID: {}{more}", named.join(", "))
}

pub fn level_condition(label: &str, levels: &[String], negated: bool) -> String {
    let not = if negated { "not " } else { "" };
    format!("{label}: {not}{}", levels.join(", "))
}

// Chips and the empty list.
pub const CONDITIONS: &str = "Conditions";
pub const CLEAR_ALL: &str = "Clear all";
pub const REMOVE_LAST: &str = "Remove last filter";

pub fn remove_condition(condition: &str) -> String {
    format!("Remove {condition}")
}

// One column.
pub const FILTER: &str = "Filter";
pub const FILTER_BY: &str = "Filter by";
pub const ABOUT_CUSTOMER: &str = "Customer";
pub const VALUES: &str = "Values";
pub const WEIGHTS: &str = "Weights";
pub const FROM: &str = "From";
pub const TO: &str = "To";
pub const CLEAR: &str = "Clear";
pub const DONE: &str = "Done";

pub const IDS_HELP: &str = "Ids, as a spreadsheet or a mail lists them";

pub fn unknown_ids(ids: &[String]) -> String {
    match ids {
        [] => String::new(),
        [id] => format!("Not in the data: {id}"),
        [first, second] => format!("Not in the data: {first}, {second}"),
        [first, ..] => format!("Not in the data: {first} and {} more", count(ids.len() - 1)),
    }
}

pub fn filter_column(label: &str, is_set: bool) -> String {
    let set = if is_set { " (set)" } else { "" };
    format!("Filter {label}{set}")
}

pub fn histogram(label: &str, selected: usize, all: usize) -> String {
    format!("{label}: {} of {} customers", count(selected), count(all))
}

// Cohorts.
pub const ALL_CUSTOMERS: &str = "All customers";
pub const COHORTS_HELP: &str = "All pages are about the chosen cohort.";
pub const SAVE_AS: &str = "Save the current filter as …";
pub const SAVE: &str = "Save";
pub const FILTER_FIRST: &str = "Filter the list to save the filter as a cohort.";
pub const NEW_NAME: &str = "New name";
pub const RENAME: &str = "Rename";
pub const IMPORT: &str = "Import …";
pub const EXPORT_COHORTS: &str = "Export";
pub const COHORTS_FILE: &str = "churn-cohorts.json";
pub const COHORTS_NOT_KEPT: &str = "Storage is full: cohorts last until you close the page.";

pub fn opens(name: &str) -> String {
    format!("{name} ▾")
}

pub fn cohort_is(name: &str) -> String {
    format!("Cohort: {name}")
}

pub fn rename(name: &str) -> String {
    format!("Rename {name}")
}

pub fn delete(name: &str) -> String {
    format!("Delete {name}")
}

pub fn deleted(name: &str) -> String {
    format!("Cohort “{name}” deleted.")
}

pub fn copy(name: &str, number: usize) -> String {
    format!("{name} ({number})")
}

pub fn cohort_fault(place: usize, fault: &str) -> String {
    format!("cohorts[{place}].filter: {fault}")
}

pub fn cohort_ignored(name: &str, fault: &str) -> String {
    format!("The link's cohort “{name}” is left out. {fault}")
}

pub fn not_imported(error: &str) -> String {
    format!("Nothing imported. {error}")
}

pub fn imported(number: usize, same_data: bool) -> String {
    let cohorts = if number == 1 { "cohort" } else { "cohorts" };
    let imported = format!("{} {cohorts} imported.", count(number));
    if same_data {
        imported
    } else {
        imported + " They were saved for other data."
    }
}

// The session.
pub const SAVE_SESSION: &str = "Save session";
pub const SAVE_SESSION_HELP: &str = "Cohorts, stars, pins, scenarios, filter and rule as a file; \
    “Import …” takes it up again";
pub const SESSION_FILE: &str = "churn-session.json";

/// What is odd about a session that was taken up.
pub fn taken_up(same_data: bool, same_model: bool, unknown: usize) -> String {
    let mut said = String::from("Session taken up.");
    if !same_data {
        said += " It was saved for other data.";
    }
    if !same_model {
        said += " It was saved with another model: estimates differ.";
    }
    match unknown {
        0 => {}
        1 => said += " One of its customers is not in the data.",
        _ => said += &format!(" {} of its customers are not in the data.", count(unknown)),
    }
    said
}

// The export.
pub const EXPORT_FILE: &str = "churn-customers.csv";
pub const EXPORT_ID: &str = "id";
pub const EXPORT_RISK: &str = "risk";
pub const EXPORT_DECISION: &str = "decision";
pub const EXPORT_OUTCOME: &str = "outcome";
pub const EXPORT_PART: &str = "part";
pub const EXPORT_IMPUTED: &str = "imputed";
/// What each line goes back to.
pub const EXPORT_ORIGIN: [&str; 4] = ["threshold", "rule", "model_id", "model_data_hash"];

pub fn export(customers: usize) -> String {
    format!("Export {}", count(customers))
}

pub fn export_help(customers: usize) -> String {
    format!(
        "Export the {} listed customers in their order, as CSV",
        count(customers)
    )
}

pub const COPY: &str = "Copy";
pub const COPY_LINK: &str = "Copy link";
pub const COPY_LINK_HELP: &str = "Copy the address of this view";
pub const LINK_COPIED: &str = "Address of this view copied.";
pub const COPY_EXPLANATION: &str = "Copy this explanation";
pub const EXPLANATION_COPIED: &str = "Explanation copied as text.";
pub const COPY_REFUSED: &str = "The browser does not let this page use the clipboard: nothing \
    was copied.";

pub fn copy_help(customers: usize) -> String {
    format!(
        "Copy the {} listed customers in their order, to paste them into a spreadsheet",
        count(customers)
    )
}

pub fn copy_pinned(customers: usize) -> String {
    format!("Copy {} pinned", count(customers))
}

pub fn copied(customers: usize) -> String {
    format!("{} copied.", super::customers(customers))
}

pub fn exporting(share: f64) -> String {
    format!("Exporting … {:.0}%", share * 100.0)
}

pub fn decision(contact: bool) -> &'static str {
    if contact { "contact" } else { "no contact" }
}
pub const TAKE_BACK: &str = "Undo";
