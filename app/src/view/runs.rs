//! The runs of experiments: found, sorted, compared.

use churn_core::runs::{Runs, Status};
use leptos::ev::SubmitEvent;
use leptos::html::Input;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, EventTarget, HtmlInputElement, HtmlSelectElement, MouseEvent};

use super::chart::{Drawing, Drawn};
use super::handler::handler;
use super::runs_tables;
use super::wide_table::wide_table;
use crate::reactive::{Memo, RwSignal, effect};
use crate::server::Trouble;
use crate::state::State;
use crate::watch::Watch;
use crate::{page, runs, text};

/// Id of the search field.
pub const FIND: &str = "find-runs";

/// What the address says: the condition, the order, the runs that are compared,
/// and the axes of the chart.
const QUERY: &str = "q";
const ORDER: &str = "sort";
const CHOSEN: &str = "runs";
const ACROSS: &str = "x";
const UPWARDS: &str = "y";

/// Milliseconds until runs that have not ended are asked for again.
const AGAIN: i32 = 2000;

/// What is known of the runs; a handle, copied freely.
#[derive(Clone, Copy)]
struct Known {
    state: State,
    watch: Watch,
    /// What was told last; none before.
    told: RwSignal<Option<Runs>>,
    /// Why the runs cannot be told, if so.
    trouble: RwSignal<String>,
    /// What differs between those compared, and by more than chance.
    compared: RwSignal<String>,
    tests: RwSignal<String>,
    /// Why they cannot be compared, if so.
    incomparable: RwSignal<String>,
}

impl Known {
    /// What the address says.
    fn asked(self, name: &str) -> String {
        self.state.runs.with(|asked| value(asked, name))
    }

    /// Asks for something else.
    fn ask(self, name: &str, asked: String) {
        self.state.runs.update(|values| {
            values.retain(|(known, _)| known != name);
            if !asked.is_empty() {
                values.push((name.into(), asked));
            }
        });
    }

    /// Whether this is still what is asked, on a page that is still there.
    fn is_asked(self, name: &str, asked: &str) -> bool {
        self.trouble.try_get_untracked().is_some()
            && self
                .state
                .runs
                .with_untracked(|values| value(values, name) == asked)
    }

    /// Tells why the server does not; whether somebody has to sign in is the affair
    /// of the page.
    fn tell(self, place: RwSignal<String>, trouble: Option<&Trouble>) {
        match trouble {
            Some(trouble) if trouble.is_locked() => self.watch.lock(Some(trouble)),
            trouble => drop(place.try_set(trouble.map(text::trouble).unwrap_or_default())),
        }
    }

    /// Asks for runs, and again while some have not ended.
    async fn read(self, condition: String, order: String) {
        loop {
            let told = runs::list(&condition, &order).await;
            if !self.is_asked(QUERY, &condition) || !self.is_asked(ORDER, &order) {
                return;
            }
            self.tell(self.trouble, told.as_ref().err());
            let goes_on = match told {
                Ok(told) => {
                    let has_ended = |status| matches!(status, Status::Finished | Status::Failed);
                    let all_ended = told.runs.iter().all(|run| has_ended(run.status));
                    let goes_on = told.runs.is_empty() || !all_ended;
                    if self
                        .told
                        .with_untracked(|known| known.as_ref() != Some(&told))
                    {
                        self.told.set(Some(told));
                    }
                    goes_on
                }
                Err(trouble) => trouble == Trouble::Lost,
            };
            page::wait(AGAIN).await;
            if !goes_on || !self.is_asked(QUERY, &condition) || !self.is_asked(ORDER, &order) {
                return;
            }
        }
    }

    /// Compares runs.
    async fn compare(self, names: String) {
        let told = runs::compare(&names).await;
        if !self.is_asked(CHOSEN, &names) {
            return;
        }
        self.tell(self.incomparable, told.as_ref().err());
        let told = told.ok();
        let tests = told.as_ref().map(runs_tables::tests);
        drop(self.tests.try_set(tests.unwrap_or_default()));
        let compared = told.as_ref().map(runs_tables::compared);
        drop(self.compared.try_set(compared.unwrap_or_default()));
    }

    /// Something made of what was told.
    fn with<T: Default>(self, make: impl FnOnce(&Runs) -> T) -> T {
        self.told
            .with(|told| told.as_ref().map(make))
            .unwrap_or_default()
    }

    /// Ticks a run, or takes the tick away.
    fn choose(self, event: &Event) {
        let Some(tick) = target::<HtmlInputElement>(event.target()) else {
            return;
        };
        let Some(run) = tick.get_attribute("data-run") else {
            return;
        };
        let chosen = untrack(|| self.asked(CHOSEN));
        let mut names: Vec<&str> = chosen.split(',').collect();
        names.retain(|name| !name.is_empty() && *name != run);
        if tick.checked() {
            names.push(&run);
        }
        self.ask(CHOSEN, names.join(","));
    }

    /// Sorts by the head that was pressed: highest first, lowest first, not at all.
    fn sort(self, event: &MouseEvent) {
        let pressed = target::<Element>(event.target());
        let Some(by) = pressed.and_then(|button| button.get_attribute("data-sort")) else {
            return;
        };
        let order = untrack(|| self.asked(ORDER));
        let order = match order.strip_prefix(by.as_str()) {
            Some(" desc") => by,
            Some("") => String::new(),
            _ => by + " desc",
        };
        self.ask(ORDER, order);
    }

    /// Takes another axis for the chart.
    fn turn(self, event: &Event) {
        if let Some(choice) = target::<HtmlSelectElement>(event.target()) {
            self.ask(&choice.name(), choice.value());
        }
    }

    /// The chosen axes.
    fn axes<T>(self, make: impl FnOnce(&Runs, &str, &str) -> T) -> T
    where
        T: Default,
    {
        let (x, y) = (self.asked(ACROSS), self.asked(UPWARDS));
        self.with(|told| {
            let (x, y) = runs_tables::axes(told, &x, &y);
            make(told, x, y)
        })
    }
}

fn value(asked: &[(String, String)], name: &str) -> String {
    let found = asked.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.clone()).unwrap_or_default()
}

fn target<T: JsCast>(target: Option<EventTarget>) -> Option<T> {
    target.and_then(|target| target.dyn_into().ok())
}

/// What has the focus in the table is soon a new element: the keyboard goes on there.
fn keep_place() {
    let focused = document().active_element();
    let place = focused.and_then(|element| {
        let of = |name: &str| Some(format!("[{name}='{}']", element.get_attribute(name)?));
        of("data-run").or_else(|| of("data-sort"))
    });
    if let Some(place) = place {
        page::keep_focus(place);
    }
}

/// All runs, those that are compared, and a metric against a parameter; or how to
/// make the first ones.
#[component]
pub fn RunsView(
    watch: Watch,
    /// How many experiments were begun here.
    begun: RwSignal<usize>,
) -> impl IntoView {
    let nothing = || RwSignal::new(String::new());
    let known = Known {
        state: expect_context(),
        watch,
        told: RwSignal::new(None),
        trouble: nothing(),
        compared: nothing(),
        tests: nothing(),
        incomparable: nothing(),
    };
    let question = Memo::new(move |_| (known.asked(QUERY), known.asked(ORDER)));
    effect(move || {
        begun.track();
        let (condition, order) = question.get();
        spawn_local(known.read(condition, order));
    });
    let chosen = Memo::new(move |_| known.asked(CHOSEN));
    effect(move || {
        let names = chosen.get();
        if names.contains(',') {
            spawn_local(known.compare(names));
        } else {
            for place in [known.compared, known.tests, known.incomparable] {
                place.set(String::new());
            }
        }
    });
    let table = Memo::new(move |_| {
        keep_place();
        let order = question.with_untracked(|(_, order)| order.clone());
        chosen.with(|chosen| known.with(|told| runs_tables::table(told, chosen, &order)))
    });
    let count = Signal::derive(move || {
        known.with(|told| match told.runs.is_empty() {
            true => text::NO_SUCH_RUN.into(),
            false => text::runs(told.runs.len(), told.matching),
        })
    });
    let is_empty = Memo::new(move |_| {
        let all = question.with(|(condition, _)| condition.is_empty());
        all && known
            .told
            .with(|told| told.as_ref().is_some_and(|told| told.runs.is_empty()))
    });
    let field = NodeRef::<Input>::new();
    let find = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(field) = field.get_untracked() {
            known.ask(QUERY, field.value().trim().to_owned());
        }
    };
    let is_wrong = Signal::derive(move || known.trouble.with(|told| !told.is_empty()).to_string());
    let draw = Callback::new(move |()| -> Drawing { known.axes(runs_tables::chart) });
    let no_chart = Signal::derive(move || {
        known.axes(|told, x, y| Some(runs_tables::chart(told, x, y).inside.is_empty()))
            != Some(false)
    });
    let none_compared = Signal::derive(move || known.compared.with(String::is_empty));
    let across = Signal::derive(move || {
        known.axes(|told, x, _| {
            runs_tables::options(&runs_tables::names(told, runs_tables::params), x)
        })
    });
    let upwards = Signal::derive(move || {
        known.axes(|told, _, y| {
            runs_tables::options(&runs_tables::names(told, runs_tables::metrics), y)
        })
    });
    let first = move || {
        view! {
            <div class="message">
                <h2>{text::NO_RUNS}</h2>
                <p>{text::NO_RUNS_HELP}</p>
                <pre tabindex="0">{text::FIRST_GRID}</pre>
                <p><code>{text::FIRST_EXPERIMENT}</code></p>
                <p class="muted">{text::THEN_RUNS}</p>
            </div>
        }
    };
    let all = move || {
        view! {
            <form class="query" on:submit=handler(find)>
                <input
                    id=FIND
                    class="search"
                    type="search"
                    aria-label=text::FIND_RUNS
                    aria-invalid=is_wrong
                    aria-describedby="runs-fault"
                    placeholder=text::FIND_RUNS_HINT
                    autocomplete="off"
                    autocapitalize="off"
                    spellcheck="false"
                    node_ref=field
                    prop:value=move || known.asked(QUERY)
                />
                <button class="button">{text::FIND_RUNS}</button>
            </form>
            <p id="runs-fault" role="alert">{known.trouble.signal()}</p>
            <p id="runs-count" role="status">{count}</p>
            <div
                on:click=handler(move |event: MouseEvent| known.sort(&event))
                on:change=handler(move |event: Event| known.choose(&event))
            >
                {wide_table(Some("runs"), text::RUNS, table.signal())}
            </div>
            <section aria-labelledby="compared-runs">
                <h2 id="compared-runs">{text::COMPARED}</h2>
                <p class="muted">{text::CHOOSE_RUNS}</p>
                <p id="runs-incomparable" role="alert">{known.incomparable.signal()}</p>
                <div hidden=none_compared>
                    {wide_table(Some("compared"), text::COMPARED, known.compared)}
                    {wide_table(Some("tests"), text::AGAINST, known.tests)}
                </div>
            </section>
            <section aria-labelledby="charted-runs" hidden=no_chart>
                <h2 id="charted-runs">{text::RUNS_CHART}</h2>
                <div class="toolbar" on:change=handler(move |event: Event| known.turn(&event))>
                    <label>
                        <span>{text::PARAMETER}</span>
                        <select name=ACROSS inner_html=across></select>
                    </label>
                    <label>
                        <span>{text::MEASURE}</span>
                        <select name=UPWARDS inner_html=upwards></select>
                    </label>
                </div>
                <Drawn draw />
            </section>
        }
    };
    move || match is_empty.get() {
        true => first().into_any(),
        false => all().into_any(),
    }
}
