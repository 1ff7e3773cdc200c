//! The filter and the cohort: changed by the user, carried by the address.

use churn_core::cohorts::Cohort;

use super::State;
use crate::explorer::Explorer;
use crate::filter::{Facts, Fault, Filter, Pasted, may_go_on};
use crate::fragment::Fragment;
use crate::marks::Marks;
use crate::reactive::RwSignal;
use crate::text;
use crate::view::Toast;

/// What an address calls the name of the cohort.
const COHORT: &str = "cohort";
/// What an address calls the filter of the cohort.
const WITHIN: &str = "within";

impl State {
    /// Lists who satisfies a query.
    ///
    /// # Errors
    /// Of a query that cannot be read, or is still being typed: the one before
    /// it still counts.
    pub fn ask(self, query: &str) -> Result<(), Fault> {
        let explorer = self.explorer();
        let filter = Filter::parse(query, &explorer)?;
        let unfinished = may_go_on(query, &filter, &explorer);
        if let Some(fault) = unfinished
            && self.rows_of(&filter).is_empty()
        {
            return Err(fault);
        }
        self.set_filter(&filter);
        Ok(())
    }

    /// Changes the filter.
    pub fn edit_filter(self, change: impl FnOnce(&mut Filter)) {
        let mut filter = Filter::clone(&self.filter.get_untracked());
        change(&mut filter);
        self.set_filter(&filter);
    }

    /// Asks for the customers whose ids a text lists; says what is no id.
    pub fn ask_for_ids(self, text: &str) -> String {
        let Pasted { rows, unknown } = Pasted::read(text, &self.explorer());
        self.edit_filter(|filter| filter.set_ids(rows));
        text::unknown_ids(&unknown)
    }

    /// Takes a pasted text as ids if it lists several; says whether it did.
    pub fn paste(self, text: &str) -> bool {
        let several = Pasted::read(text, &self.explorer()).rows.len() > 1;
        if several {
            let message = self.ask_for_ids(text);
            if !message.is_empty() {
                self.toast.set(Some(Toast {
                    message,
                    undo: None,
                }));
            }
        }
        several
    }

    fn set_filter(self, filter: &Filter) {
        let query = filter.text(&self.explorer());
        if self
            .listing
            .with_untracked(|listing| listing.query != query)
        {
            self.listing.update(|listing| listing.query = query);
        }
    }

    /// Who would be listed with another filter.
    pub fn rows_of(self, filter: &Filter) -> Vec<u32> {
        let explorer = self.explorer();
        let starred = |row| is_starred(self.marks, row);
        let rows = filter.of(&self.cohort_rows.get(), &facts(&explorer, &starred));
        self.listing
            .with(|listing| listing.of_audience(rows, &explorer))
    }

    /// Who in the cohort satisfies the filter, whoever is listed.
    pub fn rows_asked(self) -> Vec<u32> {
        let explorer = self.explorer();
        let starred = |row| is_starred(self.marks, row);
        let filter = self.filter.get();
        filter.of(&self.cohort_rows.get(), &facts(&explorer, &starred))
    }

    /// All pages are about those who satisfy the filter, under its own text as a
    /// name; nothing is kept.
    pub fn look_at_asked(self) {
        let query = self.listing.with_untracked(|listing| listing.query.clone());
        let cohort = self.within_cohort(&query, &query);
        self.cohorts.current.set(Some(cohort));
        self.edit_filter(|filter| filter.conditions.clear());
    }

    /// A cohort of those who satisfy a query, within the current cohort.
    fn within_cohort(self, name: &str, query: &str) -> Cohort {
        let current = self.cohorts.current.get_untracked();
        let within = current
            .map(|cohort| cohort.filter + " ")
            .unwrap_or_default();
        Cohort {
            name: name.into(),
            filter: within + query,
        }
    }

    /// Who is in a cohort, if its filter can be read.
    pub fn rows_of_cohort(self, cohort: &Cohort) -> Option<Vec<u32>> {
        let explorer = self.explorer();
        let filter = Filter::parse(&cohort.filter, &explorer).ok()?;
        let all: Vec<u32> = (0..).take(explorer.rows()).collect();
        let starred = |row| is_starred(self.marks, row);
        Some(filter.of(&all, &facts(&explorer, &starred)))
    }

    /// Makes a cohort of those who satisfy the filter, within the current
    /// cohort; the filter is done with.
    pub fn save_cohort(self, name: &str) {
        let filter = self.listing.with_untracked(|listing| listing.query.clone());
        self.cohorts.save(self.within_cohort(name, &filter));
        self.edit_filter(|filter| filter.conditions.clear());
    }

    /// Takes over the cohort of an address; without one it stays as it is.
    pub(super) fn follow_cohort(self, fragment: &str) {
        let fragment = Fragment::parse(fragment);
        let (Some(name), Some(filter)) = (fragment.value(COHORT), fragment.value(WITHIN)) else {
            if self.cohorts.current.with_untracked(Option::is_some) {
                self.write_address_soon();
            }
            return;
        };
        match Filter::parse(filter, &self.explorer()) {
            Ok(_) => {
                let cohort = Some(Cohort {
                    name: name.into(),
                    filter: filter.into(),
                });
                if self
                    .cohorts
                    .current
                    .with_untracked(|current| *current != cohort)
                {
                    self.cohorts.current.set(cohort);
                }
            }
            Err(fault) => self.toast.set(Some(Toast {
                message: text::cohort_ignored(name, &fault.to_string()),
                undo: None,
            })),
        }
    }
}

/// What filters are about.
pub fn facts<'a>(explorer: &'a Explorer, starred: &'a dyn Fn(u32) -> bool) -> Facts<'a> {
    Facts { explorer, starred }
}

/// Whether the user starred a customer.
pub fn is_starred(marks: RwSignal<Marks>, row: u32) -> bool {
    marks.with(|marks| marks.stars().contains(&row))
}

/// An address that carries a cohort, too, so that a link means the same on
/// another device.
pub fn with_cohort(address: &str, cohort: Option<&Cohort>) -> String {
    let mut fragment = Fragment::parse(address);
    if let Some(Cohort { name, filter }) = cohort.cloned() {
        let values = [(COHORT.into(), name), (WITHIN.into(), filter)];
        fragment.values.extend(values);
    }
    fragment.text()
}
