//! The user's cohorts: which one all pages are about, and those that are kept
//! in the browser, for these very data.

use churn_core::cohorts::{Cohort, CohortDocument};

use crate::explorer::Explorer;
use crate::filter::Filter;
use crate::reactive::{RwSignal, StoredValue};
use crate::{storage, text};

/// The cohorts; a handle, copied freely.
#[derive(Clone, Copy)]
pub struct Cohorts {
    /// The cohort that all pages are about; everyone if none.
    pub current: RwSignal<Option<Cohort>>,
    kept: RwSignal<Vec<Cohort>>,
    /// Whether those of an earlier visit are among them.
    are_read: StoredValue<bool>,
    /// The browser had no room for them.
    pub unkept: RwSignal<bool>,
    data_hash: StoredValue<String>,
}

impl Cohorts {
    /// The cohorts of these data.
    pub fn new(explorer: &Explorer) -> Self {
        Self {
            current: RwSignal::new(None),
            kept: RwSignal::new(Vec::new()),
            are_read: StoredValue::new(false),
            unkept: RwSignal::new(false),
            data_hash: StoredValue::new(explorer.data_hash.clone()),
        }
    }

    /// The cohorts that are kept; those of an earlier visit are read when first asked
    /// for, which the table never does.
    pub fn kept(self) -> RwSignal<Vec<Cohort>> {
        if !self.are_read.get_value() {
            self.are_read.set_value(true);
            let text = self.data_hash.with_value(|hash| storage::read(&key(hash)));
            let document = text.and_then(|text| CohortDocument::from_json(&text).ok());
            if let Some(document) = document {
                self.kept.set(document.cohorts);
            }
        }
        self.kept
    }

    /// Keeps a cohort and makes it the current one; one of that name gives way.
    pub fn save(self, cohort: Cohort) {
        self.current.set(Some(cohort.clone()));
        self.change(
            |kept| match kept.iter_mut().find(|old| old.name == cohort.name) {
                Some(old) => *old = cohort,
                None => kept.push(cohort),
            },
        );
    }

    /// Gives a cohort another name, if no other one has it.
    pub fn rename(self, place: usize, name: &str) {
        let taken = |kept: &Vec<Cohort>| kept.iter().any(|other| other.name == name);
        let old = self.kept().with_untracked(|kept| kept.get(place).cloned());
        let Some(old) = old.filter(|_| !self.kept().with_untracked(taken)) else {
            return;
        };
        let renamed = Cohort {
            name: name.into(),
            ..old.clone()
        };
        if self.current.with_untracked(|current| *current == Some(old)) {
            self.current.set(Some(renamed.clone()));
        }
        self.change(|kept| kept[place] = renamed);
    }

    /// Forgets a cohort; gives what [`restore`](Self::restore) takes.
    pub fn remove(self, place: usize) -> Option<Removed> {
        let cohort = self
            .kept()
            .with_untracked(|kept| kept.get(place).cloned())?;
        let was_current = self
            .current
            .with_untracked(|current| current.as_ref() == Some(&cohort));
        if was_current {
            self.current.set(None);
        }
        self.change(|kept| drop(kept.remove(place)));
        Some(Removed {
            place,
            cohort,
            was_current,
        })
    }

    /// Undoes [`remove`](Self::remove).
    pub fn restore(self, removed: Removed) {
        let Removed {
            place,
            cohort,
            was_current,
        } = removed;
        if was_current {
            self.current.set(Some(cohort.clone()));
        }
        self.change(|kept| kept.insert(place.min(kept.len()), cohort));
    }

    /// The kept cohorts as a document.
    pub fn document(self) -> String {
        let hash = self.data_hash.get_value();
        let document = CohortDocument::new(&hash, self.kept().get_untracked());
        document.to_json().unwrap_or_default()
    }

    /// Takes over the cohorts of a document; says what was done, or why not.
    pub fn import(self, document: &str, explorer: &Explorer) -> String {
        let document = match CohortDocument::from_json(document) {
            Ok(document) => document,
            Err(error) => return text::not_imported(&error.to_string()),
        };
        let same_data = self
            .data_hash
            .with_value(|hash| *hash == document.data_hash);
        match self.add(document.cohorts, explorer) {
            Ok(number) => text::imported(number, same_data),
            Err(fault) => text::not_imported(&fault),
        }
    }

    /// Keeps further cohorts; gives the number of those that are new.
    ///
    /// # Errors
    /// Of a filter that these data cannot have; nothing is kept then.
    pub fn add(self, mut new: Vec<Cohort>, explorer: &Explorer) -> Result<usize, String> {
        for (place, cohort) in new.iter().enumerate() {
            if let Err(fault) = Filter::parse(&cohort.filter, explorer) {
                return Err(text::cohort_fault(place, &fault.to_string()));
            }
        }
        let known = self.kept().get_untracked();
        new.retain(|cohort| !known.contains(cohort));
        let number = new.len();
        self.change(|kept| {
            for mut cohort in new {
                let mut copy = 1;
                let name = cohort.name.clone();
                while kept.iter().any(|other| other.name == cohort.name) {
                    copy += 1;
                    cohort.name = text::copy(&name, copy);
                }
                kept.push(cohort);
            }
        });
        Ok(number)
    }

    fn change(self, change: impl FnOnce(&mut Vec<Cohort>)) {
        self.kept().update(change);
        let key = self.data_hash.with_value(|hash| key(hash));
        self.unkept.set(!storage::write(&key, &self.document()));
    }
}

/// A cohort that was forgotten, and where it was.
#[derive(Clone)]
pub struct Removed {
    place: usize,
    /// The cohort.
    pub cohort: Cohort,
    was_current: bool,
}

fn key(data_hash: &str) -> String {
    format!("cohorts {data_hash}")
}
