//! `churn retrain`: rules on a model, and a look at it by them.

use std::path::{Path, PathBuf};

use churn_core::retraining::{CheckOutcome, RuleCheck, RuleFigure, Rules};
use churn_core::{Error, ErrorCode, Result};
use clap::{Args, Subcommand};

use super::data::DataArgs;
use crate::build::check_name;
use crate::clock::{now_ms, rfc3339};
use crate::input;
use crate::output::{print, print_json};
use crate::retraining::check::check;
use crate::store::retraining as store;
use crate::terminal::say;

/// Looks that `show` tells of.
const TOLD: usize = 20;

/// The form of rules.
const RULES: &str = "\
Rules are a TOML file:

    model = \"churn-model\"
    window = { predictions = 1000, labels = 200 }
    rule = [{ measure = \"accuracy\", limit = 0.75 }, { measure = \"drift\", limit = 0.2 }]
    retrain = { predictions = 1000, held_out = 0.3, promote = true }

Measures: accuracy, estimated_accuracy, auc (at least the limit), log_loss, drift and
age in days (at most the limit). Without 'retrain' rules only tell.";

/// Looks after a model by rules: tells when one is broken, and trains the model
/// anew where that is asked for.
///
/// What chance has a part in is broken when its whole 95% range is beyond the limit.
/// A model that is trained anew answers only if it is better, beyond chance, on
/// customers held out.
#[derive(Debug, Args)]
#[command(after_long_help = RULES)]
pub struct RetrainArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Set the rules of a model, in the place of those it has
    Rules {
        /// The rules
        #[arg(value_name = "RULES.toml")]
        file: PathBuf,

        #[command(flatten)]
        data: DataArgs,
    },
    /// Take the rules of a model away
    Forget {
        /// Name of the model
        name: String,

        #[command(flatten)]
        data: DataArgs,
    },
    /// Tell the rules of a model, what is broken, and what was done
    Show {
        /// Name of the model
        name: String,

        /// Print JSON
        #[arg(long)]
        json: bool,

        #[command(flatten)]
        data: DataArgs,
    },
    /// Look at a model now, and do what its rules say
    Run {
        /// Name of the model
        name: String,

        /// Print JSON
        #[arg(long)]
        json: bool,

        #[command(flatten)]
        data: DataArgs,
    },
}

pub(super) fn run(args: &RetrainArgs) -> Result<()> {
    match &args.action {
        Action::Rules { file, data } => set(file, data),
        Action::Forget { name, data } => {
            let mut connection = data.existing()?.open()?;
            store::set_rules(&mut connection, name, None, now_ms())?;
            say(format_args!("{name}: no rules any more"));
            Ok(())
        }
        Action::Show { name, json, data } => {
            let mut connection = data.existing()?.open()?;
            let told = store::retraining(&mut connection, name, TOLD)?;
            if *json {
                return print_json(&told);
            }
            let rules = told.rules.ok_or_else(|| {
                let message = format!("model '{name}' has no rules");
                Error::new(ErrorCode::Parameter, message)
            })?;
            let mut text = toml::to_string(&rules)
                .map_err(|error| Error::new(ErrorCode::Io, error.to_string()))?;
            for alert in &told.alerts {
                let since = rfc3339(alert.since_ms);
                text += &format!("\nbroken since {since}: {}\n", alert.measure);
            }
            for check in &told.checks {
                text += &format!("\n{}", lines(check));
            }
            print(&text)
        }
        Action::Run { name, json, data } => {
            let mut connection = data.existing()?.open()?;
            let check = check(&mut connection, name)?;
            match json {
                true => print_json(&check),
                false => print(&lines(&check)),
            }
        }
    }
}

fn set(file: &Path, data: &DataArgs) -> Result<()> {
    let rules = input::toml::<Rules>(&input::text(file)?, "rules").and_then(|rules| {
        check_name(&rules.model)?;
        rules.check()?;
        Ok(rules)
    });
    let rules = rules.map_err(input::in_file(file))?;
    let mut connection = data.made()?.open()?;
    store::set_rules(&mut connection, &rules.model, Some(&rules), now_ms())?;
    say(format_args!("rules of {} are set", rules.model));
    Ok(())
}

/// A look, for people.
fn lines(check: &RuleCheck) -> String {
    let mut text = format!(
        "{}  {} version {}, {} predictions, {} outcomes\n",
        rfc3339(check.at_ms),
        check.model,
        check.version,
        check.predictions,
        check.labels
    );
    for figure in &check.figures {
        text += &format!("  {}\n", rule(figure));
    }
    let (what, reason, comparison) = match &check.outcome {
        CheckOutcome::Well => ("well".into(), None, None),
        CheckOutcome::Alert => ("a rule is broken".into(), None, None),
        CheckOutcome::NotTried { reason } => ("not trained anew".into(), Some(reason), None),
        CheckOutcome::Refused { reason, comparison } => (
            "the challenger is refused".to_owned(),
            Some(reason),
            Some(comparison),
        ),
        CheckOutcome::Waiting {
            reason,
            version,
            comparison,
        } => (
            format!("version {version} is better, and waits as challenger"),
            Some(reason),
            Some(comparison),
        ),
        CheckOutcome::Promoted {
            reason,
            version,
            comparison,
        } => (
            format!("version {version} is better, and answers"),
            Some(reason),
            Some(comparison),
        ),
    };
    text += &format!("  {what}");
    if let Some(reason) = reason {
        text += &format!(": {reason}");
    }
    if let Some(found) = comparison {
        text += &format!(
            "\n  on {} customers held out: AUC {:.3}, challenger {:+.3} ({:+.3} to {:+.3}); \
             log loss {:.3}, challenger {:+.3} ({:+.3} to {:+.3}); right alone: {} and {}, \
             p = {:.2e}",
            found.rows,
            found.auc,
            found.auc_gain,
            found.auc_gain_low,
            found.auc_gain_high,
            found.log_loss,
            found.log_loss_change,
            found.log_loss_change_low,
            found.log_loss_change_high,
            found.only_model,
            found.only_challenger,
            found.p_value
        );
    }
    text + "\n"
}

fn rule(figure: &RuleFigure) -> String {
    let relation = match figure.measure.is_at_least() {
        true => "at least",
        false => "at most",
    };
    let (measure, limit) = (figure.measure, figure.limit);
    let Some(value) = figure.value else {
        return format!("{measure} {relation} {limit}: too little is known");
    };
    let range = figure.low.zip(figure.high);
    let range = range.map(|(low, high)| format!(" ({low:.3} to {high:.3})"));
    let verdict = match figure.broken {
        true => "BROKEN",
        false => "holds",
    };
    format!(
        "{measure} {relation} {limit}: {value:.3}{} {verdict}",
        range.unwrap_or_default()
    )
}
