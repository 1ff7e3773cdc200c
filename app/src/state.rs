//! What the user changes: the open page, the list, the edits. The address
//! follows the state, and the state follows the address.
//!
//! * `address`: the way between both. `filtering`: the filter and the cohort.
//! * `known_ranks`: what sorting needs, kept. `session`: all of it as a file.

mod address;
mod filtering;
mod known_ranks;
mod session;

use std::sync::Arc;

use churn_core::ranks::Ranks;
use leptos::leptos_dom::helpers::TimeoutHandle;
use leptos::prelude::*;

use address::address;
use filtering::{facts, is_starred};
use known_ranks::{KnownRanks, rank_ahead, ranks_of};

use crate::arrangement::Arrangement;
use crate::chosen_columns::ChosenColumns;
use crate::cohorts::Cohorts;
use crate::column_key::ColumnKey;
use crate::draft::{Draft, Drafts};
use crate::edits::Edits;
use crate::evaluation::Evaluation;
use crate::explorer::Explorer;
use crate::filter::{Field, Filter};
use crate::listing::Listing;
use crate::marks::Marks;
use crate::money::Money;
use crate::reactive::{Memo, RwSignal, StoredValue, watch};
use crate::route::Route;
use crate::rule::{Risks, Rule};
use crate::view::Toast;
use crate::{page, storage};

/// Where the choice of columns is kept.
const COLUMNS: &str = "columns";

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
    /// The model: how good it is, and where to cut.
    Model,
    /// The data: what is in it.
    Data,
    /// The server's predictions: whether the model is still right.
    Monitoring,
    /// The server's runs of experiments: which model is better.
    Runs,
    /// The server's tables: which rows there are.
    Tables,
    /// The server's jobs: what it does by itself.
    Jobs,
    /// What came from what on the server.
    Lineage,
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
    /// The user's cohorts, and the one that all pages are about.
    pub cohorts: Cohorts,
    /// The filter that the list's query spells.
    pub filter: Memo<Arc<Filter>>,
    /// The customers that all pages are about, in the order of the data.
    pub cohort_rows: Memo<Arc<Vec<u32>>>,
    /// The rows of the cohort that figures are honest on.
    evaluation: Memo<Arc<Evaluation>>,
    /// Figures are computed on the rows that were trained on, too.
    pub all_rows: RwSignal<bool>,
    /// A customer's features are in the order of their weights, not by family.
    pub by_weight: RwSignal<bool>,
    /// The two features that are looked at together.
    pub pair: RwSignal<(usize, usize)>,
    /// Whether they are unfolded.
    pub pair_open: RwSignal<bool>,
    /// How the table presents the listed customers.
    pub arrangement: RwSignal<Arrangement>,
    /// The listed customers in order.
    pub listed: Memo<Arc<Vec<u32>>>,
    /// The column that the filter of one column is about.
    pub filter_field: RwSignal<Field>,
    /// What was just done.
    pub toast: RwSignal<Option<Toast>>,
    /// Address of the table as it was left.
    pub table_address: Signal<String>,
    /// The columns that the user wants to see, and how wide.
    pub columns: RwSignal<ChosenColumns>,
    /// The user's stars and pins.
    pub marks: RwSignal<Marks>,
    /// Place in the list of the row that the keyboard is on.
    pub active: RwSignal<Option<usize>>,
    /// How far the table is scrolled, kept while a customer is open.
    pub scroll: StoredValue<(f64, f64)>,
    /// Where the pointer is among a customer's features.
    pub pointer: StoredValue<(i32, i32)>,
    /// The customers that were edited.
    pub drafts: RwSignal<Drafts>,
    /// The customer and the edits that the address asks for, until the customer's page
    /// takes them over.
    asked: RwSignal<Option<(u32, Edits)>>,
    /// Says which edits of the address the data does not know; mostly empty.
    pub refused: RwSignal<String>,
    /// The rule as the address has it, for the links of the page: they need not
    /// follow every move of a slider.
    linked_rule: RwSignal<Rule>,
    /// What is asked of the runs of experiments, as the address has it.
    pub runs: RwSignal<Vec<(String, String)>>,
    /// What is asked of the tables, as the address has it.
    pub tables: RwSignal<Vec<(String, String)>>,
    /// What is asked of the jobs, as the address has it.
    pub jobs: RwSignal<Vec<(String, String)>>,
    /// What is asked of what came from what, as the address has it.
    pub lineage: RwSignal<Vec<(String, String)>>,
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
        let columns = ChosenColumns::parse(kept(COLUMNS).lines(), explorer.schema());
        let columns = RwSignal::new(columns);
        let marks = Marks::parse(&kept(&marks_key(&explorer)), &explorer);
        let marks = RwSignal::new(marks);
        let parsed = Arc::clone(&explorer);
        let filter = Memo::new(move |_| {
            let filter = listing.with(|listing| Filter::parse(&listing.query, &parsed));
            Arc::new(filter.unwrap_or_default())
        });
        let cohorts = Cohorts::new(&explorer);
        let everyone = Arc::new((0..).take(explorer.rows()).collect::<Vec<u32>>());
        let of_cohort = Arc::clone(&explorer);
        let cohort_rows = Memo::new(move |_| {
            let starred = |row| is_starred(marks, row);
            let rows = cohorts.current.with(|cohort| {
                let filter = Filter::parse(&cohort.as_ref()?.filter, &of_cohort).ok()?;
                Some(Arc::new(filter.of(&everyone, &facts(&of_cohort, &starred))))
            });
            rows.unwrap_or_else(|| Arc::clone(&everyone))
        });
        // Only what decides a memo runs it again: a sort filters nothing.
        let found = Memo::new(move |_| {
            let starred = |row| is_starred(marks, row);
            let facts = facts(&all, &starred);
            let (filter, rows) = (filter.get(), cohort_rows.get());
            Arc::new(listing.with(|listing| listing.rows(&rows, &filter, &facts)))
        });
        let order = Memo::new(move |_| {
            arrangement.with(|arrangement| (arrangement.order.clone(), arrangement.colour.method()))
        });
        let listed = Memo::new(move |_| {
            let (order, method) = order.get();
            let ranks = |key| match key {
                // A new star waits for the next sort: no row moves on its own.
                ColumnKey::Star => {
                    let rows = ranked.rows();
                    let ranks = |marks: &Marks| Ranks::of_chosen(rows, marks.stars());
                    Arc::new(marks.with_untracked(ranks))
                }
                key => ranks_of(ranks, &ranked, key, method),
            };
            Arc::new(found.with(|rows| order.apply(rows, ranks)))
        });
        let rule = RwSignal::new(standard_rule(&explorer));
        let audience = Memo::new(move |_| listing.with(|listing| listing.audience));
        let risky = Arc::clone(&explorer);
        let population = Memo::new(move |_| {
            let (audience, rows) = (audience.get(), cohort_rows.get());
            let rows = rows.iter().map(|&row| row as usize);
            let rows = rows.filter(|&row| audience.holds(risky.data.label(row)));
            Arc::new(Risks::new(rows.map(|row| risky.probabilities[row])))
        });
        let threshold = Memo::new(move |_| population.with(|risks| risks.cut(rule.get())));
        let judged = Arc::clone(&explorer);
        let all_rows = RwSignal::new(false);
        let evaluate = move |_: Option<&Arc<Evaluation>>| {
            let all = all_rows.get();
            Arc::new(cohort_rows.with(|rows| Evaluation::of(rows, &judged, all)))
        };
        let evaluation = Memo::new_with_compare(evaluate, |_, _| true);
        let linked_rule = RwSignal::new(rule.get_untracked());
        // The two that weigh most are likely the ones to look at.
        let first = |place| explorer.columns.get(place).or(explorer.columns.first());
        let pair = [0, 1].map(|place| first(place).copied().unwrap_or(0));
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
            cohorts,
            filter,
            cohort_rows,
            evaluation,
            all_rows,
            by_weight: RwSignal::new(false),
            pair: RwSignal::new(pair.into()),
            pair_open: RwSignal::new(false),
            filter_field: RwSignal::new(Field::Risk),
            toast: RwSignal::new(None),
            arrangement,
            columns,
            marks,
            listed,
            table_address: Signal::derive(move || {
                let route = Route::Customers(listing.get(), arrangement.get());
                cohorts.current.with(|cohort| {
                    let explorer = explorer.get_value();
                    address(&explorer, &route, linked_rule.get(), cohort.as_ref())
                })
            }),
            active: RwSignal::new(None),
            scroll: StoredValue::new((0.0, 0.0)),
            pointer: StoredValue::new((-1, -1)),
            drafts: RwSignal::new(Drafts::default()),
            asked: RwSignal::new(None),
            refused: RwSignal::new(String::new()),
            runs: RwSignal::new(Vec::new()),
            tables: RwSignal::new(Vec::new()),
            jobs: RwSignal::new(Vec::new()),
            lineage: RwSignal::new(Vec::new()),
            pending: StoredValue::new(None),
        };
        let ahead = ColumnKey::all(&state.explorer());
        rank_ahead(ranks, state.explorer(), ahead);
        state.follow(&page::fragment());
        page::on_fragment(move |fragment| state.follow(&fragment));
        watch(
            move || {
                listing.track();
                arrangement.track();
                rule.track();
                state.cohorts.current.track();
                state.money.track();
                state.drafts.track();
                state.pair_open.track();
                state.all_rows.track();
                state.runs.track();
                state.tables.track();
                state.jobs.track();
                state.lineage.track();
            },
            move || state.write_address_soon(),
        );
        state
    }

    /// The loaded data.
    pub fn explorer(self) -> Arc<Explorer> {
        self.explorer.get_value()
    }

    /// The rows of the cohort that figures are honest on.
    pub fn evaluation(self) -> Arc<Evaluation> {
        self.evaluation.get()
    }

    /// Opens a customer; the table's address is kept for the way back.
    pub fn open_customer(self, row: u32) {
        self.write_address();
        page::open_fragment(&untrack(|| self.customer_address(row)));
    }

    /// Changes the user's marks and keeps them, for these very data.
    pub fn mark(self, change: impl FnOnce(&mut Marks)) {
        let explorer = self.explorer();
        self.marks.update(change);
        let text = self.marks.with_untracked(|marks| marks.text(&explorer));
        storage::write(&marks_key(&explorer), &text);
    }

    /// Shows other columns, or the same in other widths, and keeps the choice.
    pub fn choose_columns(self, change: impl FnOnce(&mut ChosenColumns)) {
        self.columns.update(change);
        storage::write(COLUMNS, &self.chosen_columns().join("\n"));
    }

    /// The choice of columns as it is kept.
    fn chosen_columns(self) -> Vec<String> {
        let explorer = self.explorer();
        self.columns
            .with_untracked(|columns| columns.texts(explorer.schema()))
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

    /// Changes the draft of a customer.
    pub fn edit(self, row: u32, change: &dyn Fn(&mut Draft, &Explorer)) {
        let explorer = self.explorer();
        self.drafts.update(|drafts| {
            change(drafts.begin(row, || explorer.original(row)), &explorer);
        });
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

/// The rule that holds until the user states one.
fn standard_rule(explorer: &Explorer) -> Rule {
    Rule::Risk(explorer.predictor.artefact().threshold)
}
