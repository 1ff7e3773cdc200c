//! The address: it follows the state, and the state follows it.

use std::time::Duration;

use churn_core::cohorts::Cohort;
use leptos::leptos_dom::helpers::set_timeout_with_handle;
use leptos::prelude::untrack;

use super::filtering::with_cohort;
use super::{Open, State, standard_rule};
use crate::draft::Draft;
use crate::edits::Edits;
use crate::explorer::Explorer;
use crate::filter::Filter;
use crate::listing::{Audience, Listing};
use crate::reactive::watch;
use crate::route::Route;
use crate::rule::Rule;
use crate::{edits, page, text};

impl State {
    /// Address of a customer, with its edits.
    pub fn customer_address(self, row: u32) -> String {
        let explorer = self.explorer();
        let asked = self.asked.get_untracked().filter(|(of, _)| *of == row);
        let edits = self
            .drafts
            .with_untracked(|drafts| match (asked, drafts.get(row)) {
                (Some((_, asked)), _) => asked,
                (None, Some(draft)) => {
                    edits::write(draft.row(), &draft.step().changed(), explorer.schema())
                }
                (None, None) => Vec::new(),
            });
        let route = Route::Customer {
            id: explorer.id(row as usize).into(),
            edits,
        };
        address(&explorer, &route, self.linked_rule.get(), None)
    }

    /// Address of the list of everyone who satisfies a filter.
    pub fn address_of(self, filter: &Filter) -> String {
        let explorer = self.explorer();
        let listing = Listing {
            audience: Audience::Everyone,
            query: filter.text(&explorer),
        };
        let route = Route::Customers(listing, self.arrangement.get());
        self.cohorts
            .current
            .with(|cohort| address(&explorer, &route, self.linked_rule.get(), cohort.as_ref()))
    }

    /// Address of the model's page.
    pub fn model_address(self) -> String {
        let route = Route::Model(self.money.get(), self.all_rows.get());
        self.cohorts.current.with(|cohort| {
            address(
                &self.explorer(),
                &route,
                self.linked_rule.get(),
                cohort.as_ref(),
            )
        })
    }

    /// Address of the data's page.
    pub fn data_address(self) -> String {
        let route = self.data_route();
        self.cohorts.current.with(|cohort| {
            address(
                &self.explorer(),
                &route,
                self.linked_rule.get(),
                cohort.as_ref(),
            )
        })
    }

    fn data_route(self) -> Route {
        Route::Data {
            query: self.listing.get().query,
            pair: self.pair_open.get().then(|| self.pair.get()),
        }
    }

    /// Writes the state into the address now.
    pub fn write_address(self) {
        self.pending.update_value(|pending| {
            if let Some(pending) = pending.take() {
                pending.clear();
            }
        });
        page::replace_fragment(&self.address());
        let rule = self.rule.get_untracked();
        if self.linked_rule.get_untracked() != rule {
            self.linked_rule.set(rule);
        }
    }

    /// Writes the state into the address after a rest: it takes a browser as long
    /// as half of an edit, and one refuses more than a hundred in thirty seconds.
    pub(super) fn write_address_soon(self) {
        const REST: Duration = Duration::from_millis(500);
        let timer = set_timeout_with_handle(move || self.write_address(), REST).ok();
        self.pending.update_value(|pending| {
            if let Some(earlier) = std::mem::replace(pending, timer) {
                earlier.clear();
            }
        });
    }

    fn address(self) -> String {
        let explorer = self.explorer();
        let route = match self.open.get_untracked() {
            Open::Customers => Route::Customers(
                self.listing.get_untracked(),
                self.arrangement.get_untracked(),
            ),
            Open::Customer(row) => return self.customer_address(row),
            Open::Compare(first, second) => {
                let id = |row: u32| explorer.id(row as usize).to_owned();
                Route::Compare(id(first), id(second))
            }
            Open::Unknown(id) => Route::Customer {
                id,
                edits: Vec::new(),
            },
            Open::Model => Route::Model(self.money.get_untracked(), self.all_rows.get_untracked()),
            Open::Data => untrack(|| self.data_route()),
            Open::Monitoring => Route::Monitoring,
            Open::Runs => Route::Runs(self.runs.get_untracked()),
            Open::Tables => Route::Tables(self.tables.get_untracked()),
            Open::Jobs => Route::Jobs(self.jobs.get_untracked()),
            Open::Lineage => Route::Lineage(self.lineage.get_untracked()),
        };
        self.cohorts.current.with_untracked(|cohort| {
            address(
                &explorer,
                &route,
                self.rule.get_untracked(),
                cohort.as_ref(),
            )
        })
    }

    /// Takes over the edits of a customer that the address asks for, now and when it
    /// asks for others. The customer's page does it: what follows an edit is not known
    /// to the first page's code.
    pub fn take_asked(self, row: u32) {
        self.take_edits(row);
        watch(move || self.asked.track(), move || self.take_edits(row));
    }

    fn take_edits(self, row: u32) {
        let of_row = |(of, _): &mut (u32, Edits)| *of == row;
        let asked = self.asked.update_untracked(|asked| asked.take_if(of_row));
        let Some((_, edits)) = asked else {
            return;
        };
        let explorer = self.explorer();
        let original = explorer.original(row);
        let schema = explorer.schema();
        let (edited, refused) = edits::apply(&original, &edits, schema);
        let is_new = self
            .drafts
            .with_untracked(|drafts| *drafts.get(row).map_or(&original, Draft::row) != edited);
        if is_new {
            let order = edits::order(&edits, schema);
            self.edit(row, &|draft, explorer| {
                draft.take(explorer.links(), &edited, &order);
            });
        }
        self.refused.set(text::refused_edits(&refused));
    }

    /// Takes over what an address says.
    pub(super) fn follow(self, fragment: &str) {
        let explorer = self.explorer();
        // An address without a rule leaves the rule as it is: it is one for the
        // whole app, whatever page is opened.
        let (rule, fragment) = Rule::take(fragment, explorer.schema());
        match rule {
            Some(rule) if rule != self.rule.get_untracked() => self.rule.set(rule),
            None if self.rule.get_untracked() != standard_rule(&explorer) => {
                self.write_address_soon();
            }
            _ => {}
        }
        match Route::parse(&fragment, explorer.schema()) {
            Route::Customers(listing, arrangement) => {
                self.follow_cohort(&fragment);
                if self
                    .arrangement
                    .with_untracked(|current| *current != arrangement)
                {
                    self.arrangement.set(arrangement);
                }
                if self.listing.with_untracked(|current| *current != listing) {
                    self.listing.set(listing);
                }
                self.show(Open::Customers);
            }
            Route::Compare(first, second) => {
                match (explorer.find(&first), explorer.find(&second)) {
                    (Some(first), Some(second)) => self.show(Open::Compare(first, second)),
                    (None, _) => self.show(Open::Unknown(first)),
                    (_, None) => self.show(Open::Unknown(second)),
                }
            }
            Route::Customer { id, edits } => match explorer.find(&id) {
                Some(row) => {
                    self.asked.set(Some((row, edits)));
                    self.show(Open::Customer(row));
                }
                None => self.show(Open::Unknown(id)),
            },
            Route::Monitoring => self.show(Open::Monitoring),
            Route::Runs(asked) => {
                if self.runs.with_untracked(|current| *current != asked) {
                    self.runs.set(asked);
                }
                self.show(Open::Runs);
            }
            Route::Tables(asked) => {
                if self.tables.with_untracked(|current| *current != asked) {
                    self.tables.set(asked);
                }
                self.show(Open::Tables);
            }
            Route::Jobs(asked) => {
                if self.jobs.with_untracked(|current| *current != asked) {
                    self.jobs.set(asked);
                }
                self.show(Open::Jobs);
            }
            Route::Lineage(asked) => {
                if self.lineage.with_untracked(|current| *current != asked) {
                    self.lineage.set(asked);
                }
                self.show(Open::Lineage);
            }
            Route::Model(money, all_rows) => {
                self.follow_cohort(&fragment);
                if self.all_rows.get_untracked() != all_rows {
                    self.all_rows.set(all_rows);
                }
                if self.money.get_untracked() != money {
                    self.money.set(money);
                }
                self.show(Open::Model);
            }
            Route::Data { query, pair } => {
                self.follow_cohort(&fragment);
                if self
                    .listing
                    .with_untracked(|listing| listing.query != query)
                {
                    self.listing.update(|listing| listing.query = query);
                }
                if let Some(pair) = pair
                    && self.pair.get_untracked() != pair
                {
                    self.pair.set(pair);
                }
                if self.pair_open.get_untracked() != pair.is_some() {
                    self.pair_open.set(pair.is_some());
                }
                self.show(Open::Data);
            }
        }
    }
}

/// Address of a page, with the rule unless it is the standard one, and on the
/// pages that show a cohort with that, so that a link means the same elsewhere.
pub fn address(explorer: &Explorer, route: &Route, rule: Rule, cohort: Option<&Cohort>) -> String {
    let mut address = route.address(explorer.schema());
    if rule != standard_rule(explorer) {
        rule.add(&mut address, explorer.schema());
    }
    match route {
        Route::Customers(..) | Route::Model(..) | Route::Data { .. } => {
            with_cohort(&address, cohort)
        }
        Route::Customer { .. }
        | Route::Compare(..)
        | Route::Monitoring
        | Route::Runs(_)
        | Route::Tables(_)
        | Route::Jobs(_)
        | Route::Lineage(_) => address,
    }
}
