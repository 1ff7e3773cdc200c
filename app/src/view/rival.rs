//! The page's model beside another one, whose document the user chooses.

use std::cell::RefCell;
use std::sync::Arc;

use churn_core::interval::Interval;
use churn_core::paired::Difference;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::chart::{Actions, Drawing};
use super::file_button::{Document, FileButton};
use super::handler::handler;
use super::wide_table::wide_table;
use crate::reactive::RwSignal;
use crate::rival::{Figures, Judged, Rival};
use crate::state::State;
use crate::{number, page, source, text};

thread_local! {
    /// The other model, while other pages are looked at.
    static KEPT: RefCell<Option<Arc<Rival>>> = const { RefCell::new(None) };
}

/// A button that takes another model, and how it compares.
#[component]
pub fn OtherModel() -> impl IntoView {
    let state = expect_context::<State>();
    let rival = RwSignal::new(KEPT.with_borrow(Clone::clone));
    let keep = move |found: Option<Arc<Rival>>| {
        KEPT.set(found.clone());
        // The page may be another one by now.
        rival.try_set(found);
    };
    let said = RwSignal::new(String::new());
    let refused = RwSignal::new(String::new());
    let take = move |Document { name, content }| {
        refused.set(String::new());
        said.set(text::READING_RIVAL.into());
        spawn_local(async move {
            page::pause().await;
            let found = match source::customers().await {
                Ok((_, bytes)) => Rival::read(name.clone(), &content, &bytes, &state.explorer())
                    .map_err(|error| text::file_broken(&name, &error.to_string())),
                Err(failure) => Err(failure.to_string()),
            };
            match found {
                Ok(found) => {
                    keep(Some(Arc::new(found)));
                    said.try_set(text::rival_read(&name));
                }
                Err(error) => {
                    said.try_set(String::new());
                    refused.try_set(error);
                }
            }
        });
    };
    let remove = move |_| {
        keep(None);
        refused.set(String::new());
        said.set(text::RIVAL_REMOVED.into());
        page::focus_soon("#rival input".into());
    };
    let none = Signal::derive(move || rival.with(Option::is_none));
    view! {
        <section aria-labelledby="rival-title" id="rival">
            <h2 id="rival-title">{text::RIVAL}</h2>
            <p class="muted">{text::RIVAL_HELP}</p>
            <p class="actions">
                <FileButton label=text::CHOOSE_RIVAL take=Callback::new(take) />
                <button class="button" hidden=none on:click=handler(remove)>{text::REMOVE_RIVAL}</button>
                <span role="status" class="spoken">{said.signal()}</span>
            </p>
            <p role="alert">{refused.signal()}</p>
            {move || rival.get().map(|rival| view! { <Beside rival /> })}
        </section>
    }
}

/// Both models in figures.
#[component]
fn Beside(rival: Arc<Rival>) -> impl IntoView {
    let state = expect_context::<State>();
    move || {
        let told = rival.compare(&state.explorer(), &state.cohort_rows.get());
        let basis = text::rival_basis(&rival.file, rival.is_of_same_data, &told);
        let decided = text::decided_otherwise(&told);
        let judged = told.judged.map(|judged| {
            let rows = lines(&judged);
            let markup = markup(&rows);
            let help = basis.clone();
            let draw = Callback::new(move |()| Drawing {
                name: "two-models".into(),
                question: text::RIVAL.into(),
                help: help.clone(),
                heads: text::RIVAL_FILE_HEADS.map(str::to_owned).into(),
                rows: rows.iter().map(Line::exact).collect(),
                ..Drawing::default()
            });
            view! {
                <p><strong>{text::rival_verdict(&judged.paired)}</strong></p>
                <div class="beside">
                    {wide_table(None, text::RIVAL, Signal::stored(markup))}
                    <Actions question=text::RIVAL is_drawn=false draw />
                </div>
                <p>{text::only_right(&judged.paired)}</p>
            }
        });
        view! {
            <p class="basis">{basis}</p>
            {judged}
            <p>{decided}</p>
        }
    }
}

/// A figure of both.
struct Line {
    name: &'static str,
    write: fn(f64) -> String,
    ends: fn(Interval) -> String,
    models: [(f64, Option<Interval>); 2],
    difference: Option<(f64, Option<Interval>)>,
    /// How a difference is written.
    change: fn(f64) -> String,
}

fn lines(judged: &Judged) -> Vec<Line> {
    let paired = &judged.paired;
    let line = |name, of: fn(&Figures) -> (f64, Option<Interval>), paired: Option<&Difference>| {
        let models = [0, 1].map(|model| of(&judged.models[model]));
        Line {
            name,
            write: text::figure,
            ends: text::figure_interval,
            models,
            change: text::difference,
            difference: Some((models[1].0 - models[0].0, paired.map(|it| it.interval))),
        }
    };
    vec![
        Line {
            write: number::cut,
            difference: None,
            ..line(text::OWN_CUT, |of| (of.threshold, None), None)
        },
        Line {
            write: text::exact_percent,
            ends: text::percent_interval,
            change: text::exact_points,
            ..line(
                text::OWN_ACCURACY,
                |of| (of.metrics.accuracy, Some(of.accuracy)),
                None,
            )
        },
        line(
            text::AUC,
            |of| (of.metrics.roc_auc, Some(of.drawn.roc_auc)),
            Some(&paired.roc_auc),
        ),
        line(
            text::LOG_LOSS,
            |of| (of.metrics.log_loss, Some(of.drawn.log_loss)),
            Some(&paired.log_loss),
        ),
        line(
            text::BRIER,
            |of| (of.metrics.brier, Some(of.drawn.brier)),
            None,
        ),
        line(text::ECE, |of| (of.metrics.ece, None), None),
    ]
}

impl Line {
    /// Everything in full precision; empty where there is no interval.
    fn exact(&self) -> Vec<String> {
        let mut row = vec![self.name.to_owned()];
        let [own, other] = self.models.map(Some);
        for figure in [own, other, self.difference] {
            let ends = figure.and_then(|(_, interval)| interval);
            let ends = [ends.map(|it| it.low), ends.map(|it| it.high)];
            let cells = [figure.map(|(figure, _)| figure), ends[0], ends[1]];
            row.extend(cells.map(|cell| cell.map(|x| x.to_string()).unwrap_or_default()));
        }
        row
    }

    fn difference(&self) -> (String, String) {
        let Some((difference, interval)) = self.difference else {
            return Default::default();
        };
        let ends = interval.map(|it| text::difference_interval(it.low, it.high));
        ((self.change)(difference), ends.unwrap_or_default())
    }
}

/// The inside of the table: a figure per row, its interval below.
fn markup(lines: &[Line]) -> String {
    let mut out = String::from("<tr>");
    for head in text::RIVAL_HEADS {
        match head.is_empty() {
            true => out += "<td></td>",
            false => out += &format!("<th scope=\"col\">{head}</th>"),
        }
    }
    out += "</tr>";
    for line in lines {
        out += &format!("<tr><th scope=\"row\">{}</th>", line.name);
        let shown = |(figure, interval): (f64, Option<Interval>)| {
            let ends = interval.map(line.ends).unwrap_or_default();
            ((line.write)(figure), ends)
        };
        let [own, other] = line.models.map(shown);
        for (figure, interval) in [own, other, line.difference()] {
            out += &format!("<td>{figure}<span class=\"muted\">{interval}</span></td>");
        }
        out += "</tr>";
    }
    out
}
