//! The jobs of a server: told to run, paused, looked into.

use churn_core::jobs::{JobLog, JobRuns, JobState};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, MouseEvent};

use super::handler::handler;
use super::jobs_markup;
use super::wide_table::wide_table;
use crate::jobs::Jobs;
use crate::reactive::{Memo, RwSignal, effect};
use crate::server::Trouble;
use crate::state::State;
use crate::watch::Watch;
use crate::{jobs, page, text};

/// Id of the table of jobs.
pub const TABLE: &str = "jobs";

/// What the address says: the job that is looked into, and the run whose words are
/// read.
const JOB: &str = "job";
const RUN: &str = "run";

/// Milliseconds until jobs are asked for again, while one runs and else.
const SOON: i32 = 1000;
const AGAIN: i32 = 5000;

/// What is known of the jobs; a handle, copied freely.
#[derive(Clone, Copy)]
struct Known {
    state: State,
    watch: Watch,
    told: RwSignal<Option<Jobs>>,
    runs: RwSignal<Option<JobRuns>>,
    log: RwSignal<Option<JobLog>>,
    /// What was not done.
    trouble: RwSignal<String>,
}

impl Known {
    /// The job and the run that are looked into; empty where none is.
    fn chosen(self) -> (String, String) {
        self.state.jobs.with(|asked| {
            let value = |name: &str| {
                let found = asked.iter().find(|(known, _)| known == name);
                found.map(|(_, value)| value.clone()).unwrap_or_default()
            };
            (value(JOB), value(RUN))
        })
    }

    /// Whether the page is still there.
    fn is_there(self) -> bool {
        self.trouble.try_get_untracked().is_some()
    }

    /// Takes an answer.
    fn take<T>(self, place: RwSignal<Option<T>>, told: Result<T, Trouble>)
    where
        T: PartialEq + Send + Sync + 'static,
    {
        match told {
            _ if !self.is_there() => {}
            // What has the focus stays where nothing is new.
            Ok(told) => {
                if place.with_untracked(|known| known.as_ref() != Some(&told)) {
                    place.set(Some(told));
                }
            }
            Err(trouble) if trouble.is_locked() => self.watch.lock(Some(&trouble)),
            Err(trouble) => self.trouble.set(text::trouble(&trouble)),
        }
    }

    /// Asks for all that is looked at.
    async fn look(self) {
        self.take(self.told, jobs::list().await);
        if !self.is_there() {
            return;
        }
        let (job, run) = untrack(|| self.chosen());
        // Another may be chosen meanwhile.
        let is_chosen = || self.is_there() && untrack(|| self.chosen()).0 == job;
        if !job.is_empty() {
            let runs = jobs::runs(&job).await;
            if is_chosen() {
                self.take(self.runs, runs);
            }
        }
        if !run.is_empty() && is_chosen() {
            let log = jobs::log(&job, &run).await;
            if is_chosen() && untrack(|| self.chosen()).1 == run {
                self.take(self.log, log);
            }
        }
    }

    /// Asks again and again until the page is left.
    async fn keep(self) {
        loop {
            self.look().await;
            if !self.is_there() {
                return;
            }
            let is_busy = self.told.with_untracked(|told| {
                let mut jobs = told.iter().flat_map(|told| &told.jobs);
                jobs.any(|job| matches!(job.state, JobState::Running | JobState::Waiting))
            });
            page::wait(if is_busy { SOON } else { AGAIN }).await;
            if !self.is_there() {
                return;
            }
        }
    }

    async fn act(self, name: String, what: String) {
        if let Err(trouble) = jobs::act(&name, &what).await {
            self.take::<()>(RwSignal::new(None), Err(trouble));
        }
        self.look().await;
    }

    /// Does what the pressed button says.
    fn press(self, event: &MouseEvent) {
        let pressed = event.target();
        let Some(pressed) = pressed.and_then(|pressed| pressed.dyn_into::<Element>().ok()) else {
            return;
        };
        let of = |name: &str| pressed.get_attribute(name);
        self.trouble.set(String::new());
        if let Some(job) = of("data-show") {
            self.state.jobs.set(vec![(JOB.into(), job)]);
        }
        if let Some(run) = of("data-run") {
            let (job, _) = untrack(|| self.chosen());
            let asked = vec![(JOB.into(), job), (RUN.into(), run)];
            self.state.jobs.set(asked);
        }
        if let (Some(job), Some(what)) = (of("data-job"), of("data-act")) {
            spawn_local(self.act(job, what));
        }
    }
}

/// What has the focus in a table is soon a new element: the keyboard goes on there.
fn keep_place() {
    let focused = document().active_element();
    let place = focused.and_then(|element| {
        let of = |name: &str| Some(format!("[{name}='{}']", element.get_attribute(name)?));
        let of_job = || Some(of("data-job")? + &of("data-act")?);
        of("data-show").or_else(|| of("data-run")).or_else(of_job)
    });
    if let Some(place) = place {
        page::keep_focus(place);
    }
}

/// All jobs with their next times, the runs of one and what one of them said; or how
/// to add the first job.
#[component]
pub fn JobsView(watch: Watch, may_change: bool) -> impl IntoView {
    let known = Known {
        state: expect_context(),
        watch,
        told: RwSignal::new(None),
        runs: RwSignal::new(None),
        log: RwSignal::new(None),
        trouble: RwSignal::new(String::new()),
    };
    spawn_local(known.keep());
    let chosen = Memo::new(move |_| known.chosen());
    effect(move || {
        chosen.with(|_| ());
        known.runs.set(None);
        known.log.set(None);
        spawn_local(known.look());
    });
    let table = Memo::new(move |_| {
        keep_place();
        chosen.with(|(job, _)| {
            let made = |told: &Jobs| jobs_markup::jobs(told, job, may_change);
            known
                .told
                .with(|told| told.as_ref().map(made).unwrap_or_default())
        })
    });
    let runs = Memo::new(move |_| {
        keep_place();
        chosen.with(|(_, run)| {
            let made = |told: &JobRuns| jobs_markup::runs(&told.runs, run);
            known
                .runs
                .with(|told| told.as_ref().map(made).unwrap_or_default())
        })
    });
    let log = Memo::new(move |_| {
        known
            .log
            .with(|told| told.as_ref().map(jobs_markup::log).unwrap_or_default())
    });
    let log_title = Signal::derive(move || {
        let title = |told: &JobLog| text::said_in(told.run);
        known
            .log
            .with(|told| told.as_ref().map(title).unwrap_or_default())
    });
    let is_empty = Memo::new(move |_| {
        let is_empty = |told: &Jobs| told.jobs.is_empty();
        known.told.with(|told| told.as_ref().is_some_and(is_empty))
    });
    let has_runs = Memo::new(move |_| known.runs.with(Option::is_some));
    let has_log = Memo::new(move |_| known.log.with(Option::is_some));
    view! {
        <section aria-labelledby="which-jobs" on:click=handler(move |event: MouseEvent| known.press(&event))>
            <h2 id="which-jobs">{text::WHICH_JOBS}</h2>
            <p class="muted">{text::JOBS_HELP}</p>
            <p id="not-done" role="alert">{known.trouble.signal()}</p>
            <div class="message" hidden=move || !is_empty.get()>
                <h3>{text::NO_JOB}</h3>
                <p>{text::NO_JOB_HELP}</p>
                <pre tabindex="0">{text::FIRST_JOB}</pre>
                <p><code>{text::ADD_JOB}</code></p>
                <p class="muted">{text::ADD_JOB_MORE}</p>
            </div>
            <div hidden=is_empty.signal()>
                {wide_table(Some(TABLE), text::WHICH_JOBS, table.signal())}
            </div>
        </section>
        <section
            aria-labelledby="job-history"
            hidden=move || !has_runs.get()
            on:click=handler(move |event: MouseEvent| known.press(&event))
        >
            <h2 id="job-history">{move || chosen.with(|(job, _)| text::history_of(job))}</h2>
            {wide_table(Some("job-runs"), text::JOBS, runs.signal())}
        </section>
        <section aria-labelledby="job-log" hidden=move || !has_log.get()>
            <h2 id="job-log">{log_title}</h2>
            <div class="said" inner_html=log.signal()></div>
        </section>
    }
}
