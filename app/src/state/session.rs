//! The session as a file, and taken up again.

use churn_core::session::{self, SessionDocument};

use super::State;
use crate::chosen_columns::ChosenColumns;
use crate::route::Route;
use crate::scenarios;
use crate::state::address::address;
use crate::{page, text};

impl State {
    /// All that the user made, as a document.
    pub fn session(self) -> String {
        let explorer = self.explorer();
        let id = |&row: &u32| explorer.id(row as usize).into();
        let route = Route::Customers(
            self.listing.get_untracked(),
            self.arrangement.get_untracked(),
        );
        let rule = self.rule.get_untracked();
        let cohort = self.cohorts.current.get_untracked();
        let document = SessionDocument {
            format: session::FORMAT.into(),
            version: session::VERSION,
            data_hash: explorer.data_hash.clone(),
            model_id: explorer.predictor.id(),
            address: address(&explorer, &route, rule, cohort.as_ref()),
            cohorts: self.cohorts.kept().get_untracked(),
            stars: self
                .marks
                .with_untracked(|marks| marks.stars().iter().map(id).collect()),
            pins: self
                .marks
                .with_untracked(|marks| marks.pins().iter().map(id).collect()),
            columns: self.chosen_columns(),
            scenarios: scenarios::all(&explorer),
        };
        document.to_json().unwrap_or_default()
    }

    /// Adds what a session holds and shows its list; says what was done, or why
    /// not.
    pub fn take_up(self, document: &str) -> String {
        let explorer = self.explorer();
        let document = match SessionDocument::from_json(document) {
            Ok(document) => document,
            Err(error) => return text::not_imported(&error.to_string()),
        };
        if let Err(fault) = self.cohorts.add(document.cohorts, &explorer) {
            return text::not_imported(&fault);
        }
        self.mark(|marks| marks.add(&document.stars, &document.pins, &explorer));
        if !document.columns.is_empty() {
            let columns = document.columns.iter().map(String::as_str);
            let chosen = ChosenColumns::parse(columns, explorer.schema());
            self.choose_columns(|columns| *columns = chosen);
        }
        scenarios::add(&explorer, &document.scenarios);
        if document.address.starts_with(CUSTOMERS) {
            page::open_fragment(&document.address);
        }
        let marked = document.stars.iter().chain(&document.pins);
        let customers = document.scenarios.iter().map(|saved| &saved.customer);
        let unknown = marked
            .chain(customers)
            .filter(|id| explorer.find(id).is_none());
        text::taken_up(
            document.data_hash == explorer.data_hash,
            document.model_id == explorer.predictor.id(),
            unknown.count(),
        )
    }
}

/// How the address of a list starts.
const CUSTOMERS: &str = "#/customers";
