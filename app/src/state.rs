//! What the user changes: the open page, the list, the edits. The address
//! follows the state, and the state follows the address.

use std::sync::Arc;
use std::time::Duration;

use churn_core::Method;
use churn_core::cohorts::Cohort;
use churn_core::ranks::Ranks;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;

use crate::arrangement::Arrangement;
use crate::chosen_columns::ChosenColumns;
use crate::cohorts::Cohorts;
use crate::column_key::ColumnKey;
use crate::draft::{Draft, Drafts};
use crate::evaluation::Evaluation;
use crate::explorer::Explorer;
use crate::filter::{Facts, Fault, Field, Filter, may_go_on};
use crate::fragment::Fragment;
use crate::listing::{Audience, Listing};
use crate::marks::Marks;
use crate::money::Money;
use crate::ranks;
use crate::route::Route;
use crate::rule::{Risks, Rule};
use crate::view::Toast;
use crate::{edits, page, storage, text};

/// Where the choice of columns is kept.
const COLUMNS: &str = "columns";
/// Columns whose ranks are kept; each takes four bytes per customer.
const KNOWN_RANKS: usize = 40;
/// Time between two columns that are ranked ahead.
const BREATH: Duration = Duration::from_millis(40);

/// Columns that were ranked.
type KnownRanks = StoredValue<Vec<(ColumnKey, Method, Arc<Ranks>)>>;

/// What an address calls the name of the cohort.
const COHORT: &str = "cohort";
/// What an address calls the filter of the cohort.
const WITHIN: &str = "within";

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
    /// The columns that the user wants to see.
    pub columns: RwSignal<ChosenColumns>,
    /// The user's stars and pins.
    pub marks: RwSignal<Marks>,
    /// Place in the list of the row that the keyboard is on.
    pub active: RwSignal<Option<usize>>,
    /// How far the table is scrolled, kept while a customer is open.
    pub scroll: StoredValue<(f64, f64)>,
    /// The customers that were edited.
    pub drafts: RwSignal<Drafts>,
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
        let arrangement = RwSignal::new(Arrangement::default());
        let all = Arc::clone(&explorer);
        let ranked = Arc::clone(&explorer);
        let ranks: KnownRanks = StoredValue::new(Vec::new());
        let kept = |key: &str| storage::read(key).unwrap_or_default();
        let columns = ChosenColumns::parse(&kept(COLUMNS), explorer.schema());
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
                    let stars = marks.with_untracked(|marks| marks.stars().to_vec());
                    Arc::new(Ranks::of_chosen(ranked.rows(), &stars))
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
        let evaluate = move |_: Option<&Arc<Evaluation>>| {
            Arc::new(cohort_rows.with(|rows| Evaluation::of(rows, &judged)))
        };
        let evaluation = Memo::new_with_compare(evaluate, |_, _| true);
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
            cohorts,
            filter,
            cohort_rows,
            evaluation,
            filter_field: RwSignal::new(Field::Risk),
            toast: RwSignal::new(None),
            arrangement,
            columns,
            marks,
            listed,
            table_address: Signal::derive(move || {
                let route = Route::Customers(listing.get(), arrangement.get());
                cohorts.current.with(|cohort| {
                    address(&explorer.get_value(), &route, linked_rule.get(), cohort)
                })
            }),
            active: RwSignal::new(None),
            scroll: StoredValue::new((0.0, 0.0)),
            drafts: RwSignal::new(Drafts::default()),
            refused: RwSignal::new(String::new()),
            pending: StoredValue::new(None),
        };
        let ahead = ColumnKey::all(&state.explorer());
        rank_ahead(ranks, state.explorer(), ahead);
        state.follow(&page::fragment());
        page::on_fragment(move |fragment| state.follow(&fragment));
        Effect::watch(
            move || {
                listing.track();
                arrangement.track();
                rule.track();
                state.cohorts.current.track();
                state.money.track();
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
        let current = self.cohorts.current.get_untracked();
        let within = current
            .map(|cohort| cohort.filter + " ")
            .unwrap_or_default();
        let filter = self.listing.with_untracked(|listing| listing.query.clone());
        self.cohorts.save(Cohort {
            name: name.into(),
            filter: within + &filter,
        });
        self.edit_filter(|filter| filter.conditions.clear());
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
        address(&explorer, &route, self.linked_rule.get(), &None)
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
            .with(|cohort| address(&explorer, &route, self.linked_rule.get(), cohort))
    }

    /// Address of the model's page.
    pub fn model_address(self) -> String {
        let route = Route::Model(self.money.get());
        self.cohorts
            .current
            .with(|cohort| address(&self.explorer(), &route, self.linked_rule.get(), cohort))
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
            Open::Model => Route::Model(self.money.get_untracked()),
        };
        self.cohorts
            .current
            .with_untracked(|cohort| address(&explorer, &route, self.rule.get_untracked(), cohort))
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
            Route::Model(money) => {
                self.follow_cohort(&fragment);
                if self.money.get_untracked() != money {
                    self.money.set(money);
                }
                self.show(Open::Model);
            }
        }
    }

    /// Takes over the cohort of an address; without one it stays as it is.
    fn follow_cohort(self, fragment: &str) {
        let fragment = Fragment::parse(fragment);
        let (Some(name), Some(filter)) = (fragment.value(COHORT), fragment.value(WITHIN)) else {
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

/// Whether the user starred a customer.
fn is_starred(marks: RwSignal<Marks>, row: u32) -> bool {
    marks.with(|marks| marks.stars().contains(&row))
}

/// What filters are about.
fn facts<'a>(explorer: &'a Explorer, starred: &'a dyn Fn(u32) -> bool) -> Facts<'a> {
    Facts { explorer, starred }
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

/// The rule that holds until the user states one.
fn standard_rule(explorer: &Explorer) -> Rule {
    Rule::Risk(explorer.predictor.artefact().threshold)
}

/// Address of a page, with the rule unless it is the standard one, and on the
/// pages that show a cohort with that, so that a link means the same elsewhere.
fn address(explorer: &Explorer, route: &Route, rule: Rule, cohort: &Option<Cohort>) -> String {
    let mut address = route.address(explorer.schema());
    if rule != standard_rule(explorer) {
        rule.add(&mut address, explorer.schema());
    }
    match (route, cohort) {
        (Route::Customers(..) | Route::Model(_), Some(Cohort { name, filter })) => {
            let mut fragment = Fragment::parse(&address);
            let values = [(COHORT, name), (WITHIN, filter)];
            let values = values.map(|(name, value)| (name.into(), value.clone()));
            fragment.values.extend(values);
            fragment.text()
        }
        _ => address,
    }
}
