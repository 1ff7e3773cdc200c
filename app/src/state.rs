//! What the user changes: the open page, the list, the edits. The address
//! follows the state, and the state follows the address.

use std::sync::Arc;
use std::time::Duration;

use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;

use crate::draft::{Draft, Drafts};
use crate::explorer::Explorer;
use crate::listing::Listing;
use crate::route::Route;
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
    /// The listed customers in order.
    pub listed: Memo<Arc<Vec<u32>>>,
    /// Address of the table as it was left.
    pub table_address: Signal<String>,
    /// Place in the list of the row that the keyboard is on.
    pub active: RwSignal<Option<usize>>,
    /// How far the table is scrolled, kept while a customer is open.
    pub scroll: StoredValue<(f64, f64)>,
    /// The customers that were edited.
    pub drafts: RwSignal<Drafts>,
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
        let addressed = Arc::clone(&explorer);
        let threshold = RwSignal::new(explorer.predictor.artefact().threshold);
        let state = Self {
            threshold,
            explorer: StoredValue::new(explorer),
            open: RwSignal::new(Open::Customers),
            listing,
            listed: Memo::new(move |_| Arc::new(listing.with(|listing| listing.rows(&all)))),
            table_address: Signal::derive(move || {
                Route::Customers(listing.get()).address(addressed.schema())
            }),
            active: RwSignal::new(None),
            scroll: StoredValue::new((0.0, 0.0)),
            drafts: RwSignal::new(Drafts::default()),
            refused: RwSignal::new(String::new()),
            pending: StoredValue::new(None),
        };
        state.follow(&page::fragment());
        page::on_fragment(move |fragment| state.follow(&fragment));
        Effect::watch(
            move || {
                state.listing.track();
                state.drafts.track();
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

    /// Address of a customer, with its edits.
    pub fn customer_address(self, row: u32) -> String {
        let explorer = self.explorer();
        let edits = self.drafts.with_untracked(|drafts| match drafts.get(row) {
            Some(draft) => edits::write(draft.row(), &draft.step().changed(), explorer.schema()),
            None => Vec::new(),
        });
        let route = Route::Customer {
            id: explorer.id(row as usize).into(),
            edits,
        };
        route.address(explorer.schema())
    }

    /// Changes the draft of a customer.
    pub fn edit(self, row: u32, change: &dyn Fn(&mut Draft, &Explorer)) {
        let explorer = self.explorer();
        self.drafts.update(|drafts| {
            change(drafts.begin(row, || explorer.original(row)), &explorer);
        });
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
            Open::Customers => Route::Customers(self.listing.get_untracked()),
            Open::Customer(row) => return self.customer_address(row),
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
                if self.listing.with_untracked(|current| *current != listing) {
                    self.listing.set(listing);
                }
                self.show(Open::Customers);
            }
            Route::Customer { id, edits } => match explorer.find(&id) {
                Some(row) => {
                    let original = explorer.original(row);
                    let schema = explorer.schema();
                    let (edited, refused) = edits::apply(&original, &edits, schema);
                    let is_new = self.drafts.with_untracked(|drafts| {
                        *drafts.get(row).map_or(&original, Draft::row) != edited
                    });
                    if is_new {
                        let order = edits::order(&edits, schema);
                        self.edit(row, &|draft, explorer| {
                            draft.take(explorer.links(), &edited, &order);
                        });
                    }
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
