//! Jobs, their runs and what these said, as markup.

use churn_core::jobs::{Job, JobLog, JobRun, JobTitle};

use super::chart::table_markup;
use crate::jobs::Jobs;
use crate::markup::escaped;
use crate::{page, text};

/// A button that says which job it is for to those who hear it alone.
fn button(what: &str, act: &str, name: &str) -> String {
    format!(
        "<button class=\"button\" data-job=\"{name}\" data-act=\"{act}\" aria-label=\"{}\">{what}\
         </button> ",
        text::of_job(what, name)
    )
}

/// All jobs; the chosen one is marked, and who may can do something with them.
pub fn jobs(told: &Jobs, chosen: &str, may_change: bool) -> String {
    let mut out = table_markup(&text::JOB_HEADS, &[]);
    for job in &told.jobs {
        let name = &job.definition.name;
        let mut acts = String::new();
        if may_change {
            acts += &button(text::RUN_NOW, "runs", name);
            acts += &match job.is_paused {
                true => button(text::RESUME, "resume", name),
                false => button(text::PAUSE, "pause", name),
            };
            if !job.open.is_empty() {
                acts += &button(text::CANCEL_RUN, "cancel", name);
            }
        }
        let next = job.next.iter().map(|next| escaped(&next.local));
        out += &format!(
            "<tr><th scope=\"row\"><button class=\"button\" data-show=\"{name}\" \
             aria-pressed=\"{}\">{name}</button><p class=\"muted\">{}</p>\
             <td>{}<td>{}<td>{}<td>{}<td>{acts}",
            name == chosen,
            job.definition.work.kind,
            escaped(&job.schedule),
            state(job),
            job.last.as_ref().map(last).unwrap_or_default(),
            next.collect::<Vec<String>>().join("<br>"),
        );
    }
    out
}

fn state(job: &Job<JobTitle>) -> String {
    let state = text::job_state(job.state);
    match job.is_paused && !job.open.is_empty() {
        true => format!("{state} ({})", text::PAUSED),
        false => state.to_owned(),
    }
}

/// How a run ended, when, and with what.
fn last(run: &JobRun) -> String {
    let result = run.attempts.last().and_then(|last| last.result.as_deref());
    format!(
        "{}, {}<p class=\"muted\">{}</p>",
        text::run_state(run.state),
        run.ended_ms.map(page::moment).unwrap_or_default(),
        escaped(result.unwrap_or_default())
    )
}

/// The runs of a job with their tries; the chosen run is marked.
pub fn runs(told: &[JobRun], chosen: &str) -> String {
    let mut out = table_markup(&text::JOB_RUN_HEADS, &[]);
    for run in told {
        let number = run.run.to_string();
        let head = match run.attempts.is_empty() {
            true => number,
            false => format!(
                "<button class=\"button\" data-run=\"{number}\" aria-pressed=\"{}\">{number}\
                 </button>",
                number == chosen
            ),
        };
        out += &format!(
            "<tr><th scope=\"row\">{head}<td>{}<td>{}<td>{}<td>{}<td>",
            text::run_reason(run.reason),
            run.attempts
                .first()
                .map(|first| page::moment(first.started_ms))
                .unwrap_or_default(),
            run.ended_ms.map(page::moment).unwrap_or_default(),
            text::run_state(run.state),
        );
        let several = run.attempts.len() > 1;
        for (number, attempt) in (1..).zip(&run.attempts) {
            let before = match several {
                true => format!(
                    "{}: {}. ",
                    text::attempt(number),
                    text::attempt_state(attempt.state)
                ),
                false => String::new(),
            };
            let result = attempt.result.as_deref().unwrap_or_default();
            out += &format!("<p>{before}{}</p>", escaped(result));
        }
    }
    out
}

/// What each try of a run said.
pub fn log(told: &JobLog) -> String {
    let several = told.attempts.len() > 1;
    let tries = (1..).zip(&told.attempts).map(|(number, said)| {
        let head = match several {
            true => format!("<h3>{}</h3>", text::attempt(number)),
            false => String::new(),
        };
        format!("{head}<pre tabindex=\"0\">{}</pre>", escaped(said))
    });
    tries.collect()
}
