//! What the user changes: the open page, the list, the edits. The address
//! follows the state, and the state follows the address.

use std::sync::Arc;
use std::time::Duration;

use churn_core::ranks::Ranks;
use churn_core::{Method, Row};
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;

use crate::arrangement::Arrangement;
use crate::chosen_columns::ChosenColumns;
use crate::column_key::ColumnKey;
use crate::explorer::Explorer;
use crate::listing::Listing;
use crate::marks::Marks;
use crate::ranks;
use crate::route::Route;
use crate::{edits, page, storage, text};

/// Where the choice of columns is kept.
const COLUMNS: &str = "columns";
/// Columns whose ranks are kept; each takes four bytes per customer.
const KNOWN_RANKS: usize = 40;
/// Time between two columns that are ranked ahead.
const BREATH: Duration = Duration::from_millis(40);

/// Columns that were ranked.
type KnownRanks = StoredValue<Vec<(ColumnKey, Method, Arc<Ranks>)>>;

/// The open page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Open {
    /// The table.
    Customers,
    /// One customer, by row.
    Customer(u32),
    /// Two customers side by side, by row.
    Compare(u32, u32),
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
    /// How the table presents it.
    pub arrangement: RwSignal<Arrangement>,
    /// The listed customers in order.
    pub listed: Memo<Arc<Vec<u32>>>,
    /// Address of the table as it was left.
    pub table_address: Signal<String>,
    /// The columns that the user wants to see.
    pub columns: RwSignal<ChosenColumns>,
    /// The user's stars and pins.
    pub marks: RwSignal<Marks>,
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
        let arrangement = RwSignal::new(Arrangement::default());
        let all = Arc::clone(&explorer);
        let ranked = Arc::clone(&explorer);
        let ranks: KnownRanks = StoredValue::new(Vec::new());
        let kept = |key: &str| storage::read(key).unwrap_or_default();
        let columns = ChosenColumns::parse(&kept(COLUMNS), explorer.schema());
        let columns = RwSignal::new(columns);
        let marks = Marks::parse(&kept(&marks_key(&explorer)), &explorer);
        let marks = RwSignal::new(marks);
        // Only what decides a memo runs it again: a sort filters nothing.
        let found = Memo::new(move |_| Arc::new(listing.with(|listing| listing.rows(&all))));
        let order = Memo::new(move |_| {
            arrangement.with(|arrangement| (arrangement.order.clone(), arrangement.colour.method()))
        });
        let listed = Memo::new(move |_| {
            let (order, method) = order.get();
            let ranks = |key| match key {
                // A new star waits for the next sort: no row moves on its own.
                ColumnKey::Star => {
                    let stars = marks.with_untracked(|marks| marks.stars().to_vec());
                    Arc::new(Ranks::of_chosen(ranked.rows(), &stars))
                }
                key => ranks_of(ranks, &ranked, key, method),
            };
            Arc::new(found.with(|rows| order.apply(rows, ranks)))
        });
        let addressed = Arc::clone(&explorer);
        let threshold = RwSignal::new(explorer.predictor.artefact().threshold);
        let state = Self {
            threshold,
            explorer: StoredValue::new(explorer),
            open: RwSignal::new(Open::Customers),
            listing,
            arrangement,
            columns,
            marks,
            listed,
            table_address: Signal::derive(move || {
                Route::Customers(listing.get(), arrangement.get()).address(addressed.schema())
            }),
            active: RwSignal::new(None),
            scroll: StoredValue::new((0.0, 0.0)),
            edited: RwSignal::new(Row(Vec::new())),
            refused: RwSignal::new(String::new()),
            pending: StoredValue::new(None),
        };
        let ahead = ColumnKey::all(&state.explorer());
        rank_ahead(ranks, state.explorer(), ahead);
        state.follow(&page::fragment());
        page::on_fragment(move |fragment| state.follow(&fragment));
        Effect::watch(
            move || (listing.get(), arrangement.get(), state.edited.get()),
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

    /// Changes the user's marks and keeps them, for these very data.
    pub fn mark(self, change: impl FnOnce(&mut Marks)) {
        let explorer = self.explorer();
        self.marks.update(change);
        let text = self.marks.with_untracked(|marks| marks.text(&explorer));
        storage::write(&marks_key(&explorer), &text);
    }

    /// Shows other columns and keeps the choice.
    pub fn choose_columns(self, change: impl FnOnce(&mut ChosenColumns)) {
        self.columns.update(change);
        let explorer = self.explorer();
        let text = self
            .columns
            .with_untracked(|columns| columns.text(explorer.schema()));
        storage::write(COLUMNS, &text);
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
            Open::Customers => Route::Customers(
                self.listing.get_untracked(),
                self.arrangement.get_untracked(),
            ),
            Open::Customer(row) => Route::Customer {
                id: explorer.id(row as usize).into(),
                edits: self.edited.with_untracked(|edited| {
                    edits::write(&explorer.original(row), edited, explorer.schema())
                }),
            },
            Open::Compare(first, second) => {
                let id = |row: u32| explorer.id(row as usize).to_owned();
                Route::Compare(id(first), id(second))
            }
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
            Route::Customers(listing, arrangement) => {
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

/// Where the marks for the loaded data are kept.
fn marks_key(explorer: &Explorer) -> String {
    format!("marks {}", explorer.data_hash)
}

/// Ranks the columns that are shown at first, one after the other while nothing
/// else is to be done, so that the first sort by one is as quick as the next.
fn rank_ahead(known: KnownRanks, explorer: Arc<Explorer>, mut columns: Vec<ColumnKey>) {
    columns.retain(|&key| key.is_standard() && key != ColumnKey::Star);
    columns.truncate(KNOWN_RANKS);
    let Some(&key) = columns.first() else {
        return;
    };
    set_timeout(
        move || {
            ranks_of(known, &explorer, key, Method::Exact);
            columns.remove(0);
            rank_ahead(known, explorer, columns);
        },
        BREATH,
    );
}

/// The ranks of a column, computed at the first sort by it and kept for the
/// next ones.
fn ranks_of(known: KnownRanks, explorer: &Explorer, key: ColumnKey, method: Method) -> Arc<Ranks> {
    let found = known.with_value(|known| {
        let mut known = known.iter();
        let found = known.find(|(column, by, _)| (*column, *by) == (key, method));
        found.map(|(_, _, ranks)| Arc::clone(ranks))
    });
    found.unwrap_or_else(|| {
        let ranks = Arc::new(ranks::ranks(explorer, key, method));
        known.update_value(|known| {
            if known.len() == KNOWN_RANKS {
                known.remove(0);
            }
            known.push((key, method, Arc::clone(&ranks)));
        });
        ranks
    })
}
