//! Rules on models, what was decided by them, and the predictions that they look at.

use churn_core::retraining::{CheckOutcome, Measure, Retraining, RuleAlert, RuleCheck, Rules};
use uuid::Uuid;

use super::connection::{Row, Value};
use super::{Connection, SqlError, SqlResult, Store, StoreError};

/// A prediction as rules look at it.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// Its name.
    pub uuid: Uuid,
    /// Number of the build that answered.
    pub build: i64,
    /// Level codes and numbers.
    pub input: Vec<u8>,
    /// The model's probability.
    pub probability: f64,
    /// Number and value, as JSON, of the label in force.
    pub label: Option<(i64, String)>,
}

/// Puts rules in the place of those of their model; none takes them away.
///
/// # Errors
/// When the database does not take it.
pub fn set_rules(
    connection: &mut Connection,
    model: &str,
    rules: Option<&Rules>,
    now_ms: i64,
) -> SqlResult<()> {
    let document = rules.map(serde_json::to_string).transpose();
    let document = document.map_err(|_| SqlError::Value("rules"))?;
    let sql = "INSERT INTO rules (model, created_ms, document) VALUES (?1, ?2, ?3)";
    connection
        .execute(sql, &[&model, &now_ms, &document])
        .map(drop)
}

/// The rules of a model.
///
/// # Errors
/// When the database cannot be read.
pub fn rules(connection: &mut Connection, model: &str) -> SqlResult<Option<Rules>> {
    let sql = "SELECT document FROM rules WHERE model = ?1 ORDER BY id DESC LIMIT 1";
    let document = connection.first(sql, &[&model], |row| row.get::<Option<String>>(0))?;
    document
        .flatten()
        .map(|text| document_of(&text))
        .transpose()
}

/// Rules, open alerts, and the newest looks.
///
/// # Errors
/// When the database cannot be read.
pub fn retraining(connection: &mut Connection, model: &str, most: usize) -> SqlResult<Retraining> {
    let sql = "SELECT document FROM checks WHERE model = ?1 ORDER BY id DESC LIMIT ?2";
    let values: [&dyn Value; 2] = [&model, &(most as i64)];
    Ok(Retraining {
        rules: rules(connection, model)?,
        alerts: alerts(connection, model)?,
        checks: connection.query(sql, &values, |row| document_of(&row.get::<String>(0)?))?,
    })
}

/// Looks that made a build, with its version, the first one first.
///
/// # Errors
/// When the database cannot be read.
pub fn made_builds(connection: &mut Connection) -> SqlResult<Vec<(i64, RuleCheck)>> {
    let sql = "SELECT document FROM checks WHERE label IS NOT NULL ORDER BY id";
    let checks = connection.query(sql, &[], |row| {
        document_of::<RuleCheck>(&row.get::<String>(0)?)
    })?;
    let made = checks.into_iter().filter_map(|check| match check.outcome {
        CheckOutcome::Waiting { version, .. } | CheckOutcome::Promoted { version, .. } => {
            Some((version, check))
        }
        _ => None,
    });
    Ok(made.collect())
}

/// Keeps a look at a model, and the number of the newest label that a challenger
/// was trained with.
///
/// # Errors
/// When the database does not take it.
pub fn add_check(
    connection: &mut Connection,
    check: &RuleCheck,
    label: Option<i64>,
) -> SqlResult<()> {
    let document = serde_json::to_string(check).map_err(|_| SqlError::Value("a check"))?;
    let sql = "INSERT INTO checks (model, at_ms, document, label) VALUES (?1, ?2, ?3, ?4)";
    let values: [&dyn Value; 4] = [&check.model, &check.at_ms, &document, &label];
    connection.execute(sql, &values).map(drop)
}

/// Number of the newest label that a challenger was trained with; 0 of none.
///
/// # Errors
/// When the database cannot be read.
pub fn newest_tried(connection: &mut Connection, model: &str) -> SqlResult<i64> {
    let sql = "SELECT coalesce(max(label), 0) FROM checks WHERE model = ?1";
    let newest = connection.first(sql, &[&model], |row| row.get(0))?;
    Ok(newest.unwrap_or_default())
}

/// Rules that are broken, the first broken first.
///
/// # Errors
/// When the database cannot be read.
pub fn alerts(connection: &mut Connection, model: &str) -> SqlResult<Vec<RuleAlert>> {
    let sql = "SELECT measure, since_ms FROM alerts \
         WHERE model = ?1 AND until_ms IS NULL ORDER BY id";
    connection.query(sql, &[&model], |row| {
        Ok(RuleAlert {
            measure: measure(row)?,
            since_ms: row.get(1)?,
        })
    })
}

/// Opens an alert.
///
/// # Errors
/// When the database does not take it.
pub fn open_alert(
    connection: &mut Connection,
    model: &str,
    measure: Measure,
    now_ms: i64,
) -> SqlResult<()> {
    let sql = "INSERT INTO alerts (model, measure, since_ms) VALUES (?1, ?2, ?3)";
    let measure = measure.to_string();
    connection
        .execute(sql, &[&model, &measure, &now_ms])
        .map(drop)
}

/// Closes the open alert of a measure.
///
/// # Errors
/// When the database does not take it.
pub fn close_alert(
    connection: &mut Connection,
    model: &str,
    measure: Measure,
    now_ms: i64,
) -> SqlResult<()> {
    let sql = "UPDATE alerts SET until_ms = ?3 \
         WHERE model = ?1 AND measure = ?2 AND until_ms IS NULL";
    let measure = measure.to_string();
    connection
        .execute(sql, &[&model, &measure, &now_ms])
        .map(drop)
}

/// The newest predictions of a deployment that were made here.
///
/// # Errors
/// When the database cannot be read.
pub fn window(
    connection: &mut Connection,
    deployment: i64,
    key: &str,
    most: u64,
) -> SqlResult<Vec<Seen>> {
    let sql = seen("p.deployment = ?2");
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    connection.query(&sql, &[&key, &deployment, &most], read)
}

/// The newest predictions of a model, whichever build answered, of which something
/// is known.
///
/// # Errors
/// When the database cannot be read.
pub fn labelled(
    connection: &mut Connection,
    model: &str,
    key: &str,
    most: u64,
) -> SqlResult<Vec<Seen>> {
    let sql = seen("m.name = ?2 AND v.id IS NOT NULL");
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    connection.query(&sql, &[&key, &model, &most], read)
}

fn seen(condition: &str) -> String {
    format!(
        "SELECT p.uuid, d.build, p.input, p.probability, v.id, v.value FROM predictions p \
         JOIN deployments d ON d.id = p.deployment JOIN builds b ON b.id = d.build \
         JOIN models m ON m.id = b.model LEFT JOIN labels v ON v.id = \
         (SELECT max(l.id) FROM labels l WHERE l.uuid = p.uuid AND l.key = ?1) \
         WHERE {condition} AND p.input IS NOT NULL AND p.probability IS NOT NULL \
         ORDER BY p.start_ms DESC, p.id DESC LIMIT ?3"
    )
}

fn read(row: &Row<'_>) -> SqlResult<Seen> {
    let label: (Option<i64>, Option<String>) = (row.get(4)?, row.get(5)?);
    Ok(Seen {
        uuid: row.get(0)?,
        build: row.get(1)?,
        input: row.get(2)?,
        probability: row.get(3)?,
        label: label.0.zip(label.1),
    })
}

fn measure(row: &Row<'_>) -> SqlResult<Measure> {
    let name = row.get::<String>(0)?;
    serde_json::from_value(name.into()).map_err(|_| SqlError::Value("the measure of an alert"))
}

fn document_of<T: serde::de::DeserializeOwned>(text: &str) -> SqlResult<T> {
    serde_json::from_str(text).map_err(|_| SqlError::Value("a document on retraining"))
}

impl Store {
    /// Rules, open alerts, and the newest looks.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn retraining(&self, model: &str, most: usize) -> Result<Retraining, StoreError> {
        self.read(|connection| retraining(connection, model, most))
    }

    /// Puts rules in the place of those of their model; none takes them away.
    ///
    /// # Errors
    /// When that is not on disk.
    pub async fn set_rules(
        &self,
        model: String,
        rules: Option<Rules>,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        self.write(move |connection| set_rules(connection, &model, rules.as_ref(), now_ms))
            .await
    }
}
