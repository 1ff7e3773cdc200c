//! One look at a model by its rules, and what is done then: all of it at once, or
//! nothing.

use std::collections::HashMap;

use churn_core::registry::CHAMPION;
use churn_core::retraining::{CheckOutcome, Measure, Retrain, RuleCheck, Rules};
use churn_core::{Error, ErrorCode, Result};

use super::challenger::Challenger;
use super::measuring::Measured;
use super::notice::Notice;
use crate::build::Build;
use crate::clock;
use crate::store::deployments::{self, Current};
use crate::store::registry::{self, Registered, Which};
use crate::store::{Connection, retraining as store};
use crate::told::LABEL;
use crate::user::user;

/// The alias of a build that is better and waits.
const CHALLENGER: &str = "challenger";

/// The model that answers.
struct Champion {
    current: Current,
    version: i64,
    build: Build,
}

/// What is to be done, before any of it is.
struct Decision {
    outcome: CheckOutcome,
    /// The document of a challenger that is better.
    document: Option<String>,
    /// Number of the newest label that a challenger was trained with.
    label: Option<i64>,
}

impl From<CheckOutcome> for Decision {
    fn from(outcome: CheckOutcome) -> Self {
        Self {
            outcome,
            document: None,
            label: None,
        }
    }
}

/// Looks at a model, does what its rules say, and keeps that.
///
/// # Errors
/// [`ErrorCode::Parameter`] for a model without rules, or that does not answer;
/// [`ErrorCode::Io`].
pub fn check(connection: &mut Connection, model: &str) -> Result<RuleCheck> {
    let rules = store::rules(connection, model)?.ok_or_else(|| {
        let message = format!("model '{model}' has no rules: `churn retrain rules FILE` sets them");
        Error::new(ErrorCode::Parameter, message)
    })?;
    let champion = champion(connection, model)?;
    let now_ms = clock::now_ms();
    let window = store::window(
        connection,
        champion.current.id,
        LABEL,
        rules.window.predictions,
    )?;
    let measured = Measured::new(&champion.build, &window);
    let figures = measured.figures(&rules, now_ms)?;
    let is_broken = figures.iter().any(|figure| figure.broken);
    let decision = match (is_broken, &rules.retrain) {
        (false, _) => CheckOutcome::Well.into(),
        (true, None) => CheckOutcome::Alert.into(),
        (true, Some(retrain)) => decide(connection, &rules, retrain, &champion)?,
    };
    let mut check = RuleCheck {
        model: model.to_owned(),
        at_ms: now_ms,
        deployment: champion.current.uuid.hyphenated().to_string(),
        version: champion.version,
        predictions: measured.predictions(),
        labels: measured.labels(),
        figures,
        outcome: decision.outcome,
    };
    connection.transaction(|connection| {
        let current = deployments::current(connection, model)?;
        if current.is_none_or(|current| current.id != champion.current.id) {
            let message = format!("another build of '{model}' was promoted meanwhile");
            return Err(Error::new(ErrorCode::Io, message));
        }
        if let Some(document) = &decision.document {
            add(connection, model, document, &mut check.outcome)?;
        }
        let (opened, closed) = change_alerts(connection, &check)?;
        let is_tried = decision.label.is_some();
        if is_tried || !opened.is_empty() || !closed.is_empty() {
            Notice::new(&check, opened, closed).add(connection)?;
        }
        store::add_check(connection, &check, decision.label)?;
        Ok(())
    })?;
    Ok(check)
}

fn champion(connection: &mut Connection, model: &str) -> Result<Champion> {
    let refused = |message: &str| Error::new(ErrorCode::Parameter, message);
    let current = deployments::current(connection, model)?;
    let current = current.ok_or_else(|| refused(&format!("no model '{model}' is deployed")))?;
    let which = Which::Alias(CHAMPION.into());
    let Registered { build, version, .. } =
        registry::find(connection, model, &which)?.map_err(|error| refused(error.message()))?;
    let document = deployments::document(connection, build.id)?;
    Ok(Champion {
        current,
        version,
        build: Build::load(build, &document)?,
    })
}

/// Trains a challenger on what came since the last one, and judges it.
fn decide(
    connection: &mut Connection,
    rules: &Rules,
    retrain: &Retrain,
    champion: &Champion,
) -> Result<Decision> {
    let seen = store::labelled(connection, &rules.model, LABEL, retrain.predictions)?;
    let tried = store::newest_tried(connection, &rules.model)?;
    let labels = || seen.iter().filter_map(|seen| Some(seen.label.as_ref()?.0));
    let new = labels().filter(|label| *label > tried).count() as u64;
    if new < rules.window.labels {
        // Trying again and again on the same rows would find what is not there.
        let reason = format!(
            "{new} outcomes came since a challenger was tried; {} are needed",
            rules.window.labels
        );
        return Ok(CheckOutcome::NotTried { reason }.into());
    }
    let mut builds = HashMap::new();
    for registered in registry::builds(connection, &rules.model)? {
        if registered.length > 0 && seen.iter().any(|seen| seen.build == registered.build.id) {
            let document = deployments::document(connection, registered.build.id)?;
            let build = registered.build;
            builds.insert(build.id, Build::load(build, &document)?);
        }
    }
    let label = labels().max();
    let recent = rules.window.predictions;
    let challenger = match Challenger::new(&champion.build, &builds, &seen, recent, retrain) {
        Ok(challenger) => challenger,
        Err(error) => {
            let reason = error.to_string();
            return Ok(CheckOutcome::NotTried { reason }.into());
        }
    };
    let (reason, comparison) = (challenger.reason.to_owned(), challenger.comparison);
    // Its version is known once it is added.
    let version = 0;
    let outcome = match (challenger.is_better, retrain.promote) {
        (false, _) => CheckOutcome::Refused { reason, comparison },
        (true, false) => CheckOutcome::Waiting {
            reason,
            version,
            comparison,
        },
        (true, true) => CheckOutcome::Promoted {
            reason,
            version,
            comparison,
        },
    };
    let document = challenger.is_better.then(|| challenger.artefact.to_json());
    Ok(Decision {
        outcome,
        document: document.transpose()?,
        label,
    })
}

/// Adds a build that is better, and lets it wait or answer.
fn add(
    connection: &mut Connection,
    model: &str,
    document: &str,
    outcome: &mut CheckOutcome,
) -> Result<()> {
    let by = user();
    let added = registry::add(connection, model, document, by.as_deref())?;
    let which = Which::Version(added.version);
    let done = match outcome {
        CheckOutcome::Promoted { version, .. } => {
            *version = added.version;
            registry::promote(connection, model, &which, by.as_deref())?.map(drop)
        }
        CheckOutcome::Waiting { version, .. } => {
            *version = added.version;
            registry::name(connection, model, &which, CHALLENGER)?
        }
        _ => Ok(()),
    };
    done.map_err(|refused| Error::new(ErrorCode::Io, refused.message()))
}

/// Opens and closes alerts; which. What could not be measured stays as it is, and
/// a new model begins with none.
fn change_alerts(
    connection: &mut Connection,
    check: &RuleCheck,
) -> Result<(Vec<Measure>, Vec<Measure>)> {
    let (model, now_ms) = (check.model.as_str(), check.at_ms);
    let open = store::alerts(connection, model)?;
    let is_new = matches!(check.outcome, CheckOutcome::Promoted { .. });
    let (mut opened, mut closed) = (Vec::new(), Vec::new());
    for alert in &open {
        let figure = check
            .figures
            .iter()
            .find(|figure| figure.measure == alert.measure);
        let holds = figure.is_none_or(|figure| figure.value.is_some() && !figure.broken);
        if holds || is_new {
            store::close_alert(connection, model, alert.measure, now_ms)?;
            closed.push(alert.measure);
        }
    }
    for figure in check
        .figures
        .iter()
        .filter(|figure| figure.broken && !is_new)
    {
        if open.iter().all(|alert| alert.measure != figure.measure) {
            store::open_alert(connection, model, figure.measure, now_ms)?;
            opened.push(figure.measure);
        }
    }
    Ok((opened, closed))
}
