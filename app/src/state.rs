//! What the user changes: the open page, the list, the edits. The address
//! follows the state, and the state follows the address.

use std::sync::Arc;
use std::time::Duration;

use churn_core::Row;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;

use crate::explorer::Explorer;
use crate::listing::Listing;
use crate::money::Money;
use crate::route::Route;
use crate::rule::{Risks, Rule};
use crate::{edits, page, text};

/// The open page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Open {
    /// The table.
    Customers,
    /// One customer, by row.
    Customer(u32),
    /// An id that the data does not have.
    Unknown(String),
    /// The model: how good it is, and where to cut.
    Model,
}

/// The state of the app; a handle, copied freely.
#[derive(Clone, Copy)]
pub struct State {
    explorer: StoredValue<Arc<Explorer>>,
    /// The open page.
    pub open: RwSignal<Open>,
    /// Who is flagged, for the whole app.
    pub rule: RwSignal<Rule>,
    /// Probability from which a customer is flagged, as the rule implies it.
    pub threshold: Memo<f64>,
    /// The risks that the rule chooses from: of all who are listed when nothing
    /// is searched for.
    pub population: Memo<Arc<Risks>>,
    /// How many of them are flagged.
    pub flagged: Memo<usize>,
    /// What an offer costs and brings.
    pub money: RwSignal<Money>,
    /// What the table lists.
    pub listing: RwSignal<Listing>,
    /// The listed customers in order.
    pub listed: Memo<Arc<Vec<u32>>>,
    /// Address of the table as it was left.
    pub table_address: Signal<String>,
    /// Place in the list of the row that the keyboard is on.
    pub active: RwSignal<Option<usize>>,
    /// How far the table is scrolled, kept while a customer is open.
    pub scroll: StoredValue<(f64, f64)>,
    /// The open customer with its edits.
    pub edited: RwSignal<Row>,
    /// Says which edits of the address the data does not know; mostly empty.
    pub refused: RwSignal<String>,
    /// The rule as the address has it, for the links of the page: they need not
    /// follow every move of a slider.
    linked_rule: RwSignal<Rule>,
    /// The address waits to be written.
    pending: StoredValue<Option<TimeoutHandle>>,
}

impl State {
    /// The state that the page's address asks for, kept in step with it.
    pub fn new(explorer: Arc<Explorer>) -> Self {
        let listing = RwSignal::new(Listing::default());
        let all = Arc::clone(&explorer);
        let rule = RwSignal::new(standard_rule(&explorer));
        let audience = Memo::new(move |_| listing.with(|listing| listing.audience));
        let everyone = Arc::clone(&explorer);
        let population = Memo::new(move |_| {
            let audience = audience.get();
            let rows = everyone.probabilities.iter().enumerate();
            let rows = rows.filter(|&(row, _)| audience.holds(everyone.data.label(row)));
            Arc::new(Risks::new(rows.map(|(_, &risk)| risk)))
        });
        let threshold = Memo::new(move |_| population.with(|risks| risks.cut(rule.get())));
        let linked_rule = RwSignal::new(rule.get_untracked());
        let explorer = StoredValue::new(explorer);
        let state = Self {
            rule,
            threshold,
            population,
            flagged: Memo::new(move |_| population.with(|risks| risks.flagged(threshold.get()))),
            money: RwSignal::new(Money::default()),
            linked_rule,
            explorer,
            open: RwSignal::new(Open::Customers),
            listing,
            listed: Memo::new(move |_| Arc::new(listing.with(|listing| listing.rows(&all)))),
            table_address: Signal::derive(move || {
                let route = Route::Customers(listing.get());
                address(&explorer.get_value(), &route, linked_rule.get())
            }),
            active: RwSignal::new(None),
            scroll: StoredValue::new((0.0, 0.0)),
            edited: RwSignal::new(Row(Vec::new())),
            refused: RwSignal::new(String::new()),
            pending: StoredValue::new(None),
        };
        state.follow(&page::fragment());
        page::on_fragment(move |fragment| state.follow(&fragment));
        Effect::watch(
            move || {
                state.rule.track();
                state.money.track();
                state.listing.track();
                state.edited.track();
            },
            move |_, _, _| state.write_address_soon(),
            false,
        );
        state
    }

    /// The loaded data.
    pub fn explorer(self) -> Arc<Explorer> {
        self.explorer.get_value()
    }

    /// Opens a customer; the table's address is kept for the way back.
    pub fn open_customer(self, row: u32) {
        self.write_address();
        page::open_fragment(&untrack(|| self.customer_address(row)));
    }

    /// Place of a customer in the list.
    pub fn place(self, row: u32) -> Option<usize> {
        self.listed
            .with(|rows| rows.iter().position(|&listed| listed == row))
    }

    /// The customer some places further down the list.
    pub fn neighbour(self, row: u32, by: isize) -> Option<u32> {
        let place = self.place(row)?.checked_add_signed(by)?;
        self.listed.with(|rows| rows.get(place).copied())
    }

    /// Address of a customer without edits.
    pub fn customer_address(self, row: u32) -> String {
        let explorer = self.explorer();
        let route = Route::Customer {
            id: explorer.id(row as usize).into(),
            edits: Vec::new(),
        };
        address(&explorer, &route, self.linked_rule.get())
    }

    /// Address of the model's page.
    pub fn model_address(self) -> String {
        let route = Route::Model(self.money.get());
        address(&self.explorer(), &route, self.linked_rule.get())
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

    /// Writes the state into the address after a rest: browsers refuse an
    /// address that changes with every move of a slider.
    fn write_address_soon(self) {
        const REST: Duration = Duration::from_millis(250);
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
            Open::Customers => Route::Customers(self.listing.get_untracked()),
            Open::Customer(row) => Route::Customer {
                id: explorer.id(row as usize).into(),
                edits: self.edited.with_untracked(|edited| {
                    edits::write(&explorer.original(row), edited, explorer.schema())
                }),
            },
            Open::Unknown(id) => Route::Customer {
                id,
                edits: Vec::new(),
            },
            Open::Model => Route::Model(self.money.get_untracked()),
        };
        address(&explorer, &route, self.rule.get_untracked())
    }

    /// Takes over what an address says.
    fn follow(self, fragment: &str) {
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
            Route::Customers(listing) => {
                if self.listing.with_untracked(|current| *current != listing) {
                    self.listing.set(listing);
                }
                self.show(Open::Customers);
            }
            Route::Customer { id, edits } => match explorer.find(&id) {
                Some(row) => {
                    let original = explorer.original(row);
                    let (edited, refused) = edits::apply(&original, &edits, explorer.schema());
                    self.edited.set(edited);
                    self.refused.set(text::refused_edits(&refused));
                    self.show(Open::Customer(row));
                }
                None => self.show(Open::Unknown(id)),
            },
            Route::Model(money) => {
                if self.money.get_untracked() != money {
                    self.money.set(money);
                }
                self.show(Open::Model);
            }
        }
    }

    fn show(self, open: Open) {
        if self.open.with_untracked(|current| *current != open) {
            self.open.set(open);
        }
    }
}

/// The rule that holds until the user states one.
fn standard_rule(explorer: &Explorer) -> Rule {
    Rule::Risk(explorer.predictor.artefact().threshold)
}

/// Address of a page, with the rule unless it is the standard one.
fn address(explorer: &Explorer, route: &Route, rule: Rule) -> String {
    let mut address = route.address(explorer.schema());
    if rule != standard_rule(explorer) {
        rule.add(&mut address, explorer.schema());
    }
    address
}
