//! What the user changes: the open page, the list, the edits. The address
//! follows the state, and the state follows the address.
//!
//! * `filtering`: the filter and the cohort.

mod filtering;

use std::sync::Arc;
use std::time::Duration;

use churn_core::Row;
use churn_core::cohorts::Cohort;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;

use crate::cohorts::Cohorts;
use crate::explorer::Explorer;
use crate::filter::{Field, Filter};
use crate::listing::Listing;
use crate::route::Route;
use crate::view::Toast;
use crate::{edits, page, text};

use filtering::{facts, with_cohort};

/// The open page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Open {
    /// The table.
    Customers,
    /// One customer, by row.
    Customer(u32),
    /// An id that the data does not have.
    Unknown(String),
}

/// The state of the app; a handle, copied freely.
#[derive(Clone, Copy)]
pub struct State {
    explorer: StoredValue<Arc<Explorer>>,
    /// The open page.
    pub open: RwSignal<Open>,
    /// Probability from which a customer is flagged, for the whole app.
    pub threshold: RwSignal<f64>,
    /// What the table lists.
    pub listing: RwSignal<Listing>,
    /// The user's cohorts, and the one that all pages are about.
    pub cohorts: Cohorts,
    /// The filter that the list's query spells.
    pub filter: Memo<Arc<Filter>>,
    /// The customers that all pages are about, in the order of the data.
    pub cohort_rows: Memo<Arc<Vec<u32>>>,
    /// The listed customers in order.
    pub listed: Memo<Arc<Vec<u32>>>,
    /// The column that the filter of one column is about.
    pub filter_field: RwSignal<Field>,
    /// What was just done.
    pub toast: RwSignal<Option<Toast>>,
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
    /// The address waits to be written.
    pending: StoredValue<Option<TimeoutHandle>>,
}

impl State {
    /// The state that the page's address asks for, kept in step with it.
    pub fn new(explorer: Arc<Explorer>) -> Self {
        let listing = RwSignal::new(Listing::default());
        let all = Arc::clone(&explorer);
        let parsed = Arc::clone(&explorer);
        let filter = Memo::new(move |_| {
            let filter = listing.with(|listing| Filter::parse(&listing.query, &parsed));
            Arc::new(filter.unwrap_or_default())
        });
        let cohorts = Cohorts::new(&explorer);
        let everyone = Arc::new((0..).take(explorer.rows()).collect::<Vec<u32>>());
        let of_cohort = Arc::clone(&explorer);
        let cohort_rows = Memo::new(move |_| {
            let rows = cohorts.current.with(|cohort| {
                let filter = Filter::parse(&cohort.as_ref()?.filter, &of_cohort).ok()?;
                Some(Arc::new(filter.of(&everyone, &facts(&of_cohort))))
            });
            rows.unwrap_or_else(|| Arc::clone(&everyone))
        });
        let listed = Memo::new(move |_| {
            let (filter, rows) = (filter.get(), cohort_rows.get());
            Arc::new(listing.with(|listing| listing.rows(&rows, &filter, &facts(&all))))
        });
        let addressed = Arc::clone(&explorer);
        let threshold = RwSignal::new(explorer.predictor.artefact().threshold);
        let state = Self {
            threshold,
            explorer: StoredValue::new(explorer),
            open: RwSignal::new(Open::Customers),
            listing,
            cohorts,
            filter,
            cohort_rows,
            filter_field: RwSignal::new(Field::Risk),
            toast: RwSignal::new(None),
            listed,
            table_address: Signal::derive(move || {
                let address = Route::Customers(listing.get()).address(addressed.schema());
                cohorts
                    .current
                    .with(|cohort| with_cohort(&address, cohort.as_ref()))
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
                state.cohorts.current.track();
                (state.listing.get(), state.edited.get())
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
        page::open_fragment(&self.customer_address(row));
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
        route.address(explorer.schema())
    }

    /// Writes the state into the address now.
    pub fn write_address(self) {
        self.pending.update_value(|pending| {
            if let Some(pending) = pending.take() {
                pending.clear();
            }
        });
        page::replace_fragment(&self.address());
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
            Open::Customers => {
                let route = Route::Customers(self.listing.get_untracked());
                let address = route.address(explorer.schema());
                let with = |cohort: &Option<Cohort>| with_cohort(&address, cohort.as_ref());
                return self.cohorts.current.with_untracked(with);
            }
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
        };
        route.address(explorer.schema())
    }

    /// Takes over what an address says.
    fn follow(self, fragment: &str) {
        let explorer = self.explorer();
        match Route::parse(fragment, explorer.schema()) {
            Route::Customers(listing) => {
                self.follow_cohort(fragment);
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
        }
    }

    fn show(self, open: Open) {
        if self.open.with_untracked(|current| *current != open) {
            self.open.set(open);
        }
    }
}
