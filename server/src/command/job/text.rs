//! Jobs as text, for people.

use churn_core::jobs::{AttemptState, Job, JobLog, JobRun, JobState, RunReason, RunState};

use crate::clock::rfc3339;

/// When a job runs, and when next.
pub fn when(job: &Job) -> String {
    match job.next.first() {
        Some(next) => format!("{}, next {}", job.schedule, next.local),
        None => job.schedule.clone(),
    }
}

/// A line per job.
pub fn list(jobs: &[Job]) -> String {
    let mut lines = vec!["job\tkind\tstate\tlast\tended\tnext\tschedule\tresult".to_owned()];
    for job in jobs {
        let next = job.next.first();
        let (last, ended, result) = match &job.last {
            Some(run) => (run_state(run.state), ended(run), result(run)),
            None => ("", String::new(), ""),
        };
        let fields = [
            job.definition.name.as_str(),
            job.definition.work.kind(),
            state(job.state),
            last,
            &ended,
            next.map_or("", |next| next.local.as_str()),
            &job.schedule,
            result,
        ];
        lines.push(fields.join("\t"));
    }
    lines.join("\n") + "\n"
}

/// All of a job, and its runs.
pub fn show(job: &Job, runs: &[JobRun]) -> String {
    let definition = &job.definition;
    let mut lines = vec![
        format!("job\t{}", definition.name),
        format!("kind\t{}", definition.work.kind()),
        format!("state\t{}", state(job.state)),
        format!("schedule\t{}", job.schedule),
    ];
    lines.extend(job.next.iter().map(|next| format!("next\t{}", next.local)));
    lines.push(format!(
        "retries\t{}, the first after {} s",
        definition.retries, definition.backoff_s
    ));
    lines.push(format!("limit\t{} s", definition.limit_s));
    lines.push(format!("added\t{}", rfc3339(job.created_ms)));
    for run in runs {
        lines.push(String::new());
        lines.push(format!(
            "run {}\t{}\t{}, due {}",
            run.run,
            run_state(run.state),
            reason(run.reason),
            rfc3339(run.due_ms)
        ));
        for (number, attempt) in (1..).zip(&run.attempts) {
            let until = attempt.ended_ms.map_or_else(String::new, rfc3339);
            lines.push(format!(
                "try {number}\t{}\t{} to {until}\t{}",
                attempt_state(attempt.state),
                rfc3339(attempt.started_ms),
                attempt.result.as_deref().unwrap_or_default()
            ));
        }
    }
    lines.join("\n") + "\n"
}

/// What the tries of a run said.
pub fn log(log: &JobLog) -> String {
    let mut text = String::new();
    for (number, said) in (1..).zip(&log.attempts) {
        text += &format!("--- run {}, try {number} ---\n{said}", log.run);
        if !said.ends_with('\n') {
            text.push('\n');
        }
    }
    text
}

fn ended(run: &JobRun) -> String {
    run.ended_ms.map_or_else(String::new, rfc3339)
}

/// What the last try of a run came to.
fn result(run: &JobRun) -> &str {
    let last = run.attempts.last();
    last.and_then(|last| last.result.as_deref())
        .unwrap_or_default()
}

fn state(state: JobState) -> &'static str {
    match state {
        JobState::Idle => "idle",
        JobState::Waiting => "waiting",
        JobState::Running => "running",
        JobState::Paused => "paused",
    }
}

fn run_state(state: RunState) -> &'static str {
    match state {
        RunState::Waiting => "waiting",
        RunState::Running => "running",
        RunState::Succeeded => "succeeded",
        RunState::Failed => "FAILED",
        RunState::Cancelled => "cancelled",
        RunState::Missed => "missed",
    }
}

fn attempt_state(state: AttemptState) -> &'static str {
    match state {
        AttemptState::Running => "running",
        AttemptState::Succeeded => "succeeded",
        AttemptState::Failed => "FAILED",
        AttemptState::TimedOut => "TIMED OUT",
        AttemptState::Cancelled => "cancelled",
        AttemptState::BrokenOff => "broken off",
    }
}

fn reason(reason: RunReason) -> &'static str {
    match reason {
        RunReason::Schedule => "by its schedule",
        RunReason::Manual => "by hand",
        RunReason::After => "after another job",
    }
}
