//! The registry of a model: its builds by version, the aliases of these, and
//! which of them answered when. Versions count up from 1; history is only ever
//! added to.

mod which;

use churn_core::registry::{CHAMPION, Served};
use uuid::Uuid;

use super::deployments::{self, BuildRecord, Current};
use super::{Connection, SqlError, SqlResult, Store, StoreError, lineage};
use crate::clock;

pub use which::{Which, alias};

/// A build with its place in the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Registered {
    /// What the store knows of it.
    pub build: BuildRecord,
    /// Its place among the builds of its model, from 1.
    pub version: i64,
    /// Characters of its document; 0 when that was deleted.
    pub length: i64,
    /// Its aliases, [`CHAMPION`] among them where it answers.
    pub aliases: Vec<String>,
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// What was named is not there.
    Unknown(String),
    /// As things are, it cannot be.
    Conflict(String),
}

impl Refused {
    /// What to tell.
    pub fn message(&self) -> &str {
        match self {
            Self::Unknown(message) | Self::Conflict(message) => message,
        }
    }
}

/// What came of it, the database permitting.
pub type Outcome<T> = SqlResult<Result<T, Refused>>;

/// The builds of a model, by version; none where there is no such model.
///
/// # Errors
/// When the database cannot be read.
pub fn builds(connection: &mut Connection, name: &str) -> SqlResult<Vec<Registered>> {
    let sql = "SELECT b.id, b.uuid, b.created_ms, b.sha256, m.name, m.uuid, \
         row_number() OVER (ORDER BY b.id), CAST(length(b.document) AS BIGINT) \
         FROM builds b JOIN models m ON m.id = b.model WHERE m.name = ?1 ORDER BY b.id";
    let mut builds = connection.query(sql, &[&name], |row| {
        Ok(Registered {
            build: BuildRecord {
                id: row.get(0)?,
                uuid: row.get(1)?,
                created_ms: row.get(2)?,
                sha256: row.get(3)?,
                model: row.get(4)?,
                model_uuid: row.get(5)?,
            },
            version: row.get(6)?,
            length: row.get(7)?,
            aliases: Vec::new(),
        })
    })?;
    let sql = "SELECT a.alias, a.build FROM aliases a JOIN models m ON m.id = a.model \
         WHERE m.name = ?1 AND a.build IS NOT NULL AND NOT EXISTS (SELECT 1 FROM aliases n \
         WHERE n.model = a.model AND n.alias = a.alias AND n.id > a.id) ORDER BY a.alias";
    let aliases = connection.query(sql, &[&name], |row| {
        Ok((row.get::<String>(0)?, row.get::<i64>(1)?))
    })?;
    let champion = deployments::current(connection, name)?;
    let champion = champion.map(|current| (CHAMPION.to_owned(), current.build));
    for (alias, id) in champion.into_iter().chain(aliases) {
        if let Some(of) = builds
            .iter_mut()
            .find(|registered| registered.build.id == id)
        {
            of.aliases.push(alias);
        }
    }
    Ok(builds)
}

/// Adds a document to the builds of a model, or finds it among them.
///
/// # Errors
/// When the database does not take it.
pub fn add(
    connection: &mut Connection,
    name: &str,
    document: &str,
    by: Option<&str>,
) -> SqlResult<Registered> {
    let (build, _) = deployments::register(connection, name, document, by)?;
    let mut builds = builds(connection, name)?.into_iter();
    let found = builds.find(|registered| registered.build.id == build);
    found.ok_or(SqlError::Value("a build"))
}

/// One build of a model.
///
/// # Errors
/// When the database cannot be read.
pub fn find(connection: &mut Connection, name: &str, which: &Which) -> Outcome<Registered> {
    let builds = builds(connection, name)?;
    if builds.is_empty() {
        return Ok(Err(Refused::Unknown(format!("no model '{name}'"))));
    }
    let mut builds = builds.into_iter();
    let found = match which {
        Which::Version(version) => builds.find(|registered| registered.version == *version),
        Which::Alias(alias) => builds.find(|registered| registered.aliases.contains(alias)),
    };
    let unknown = || Refused::Unknown(format!("model '{name}' has no {which}"));
    Ok(found.ok_or_else(unknown))
}

/// Lets a build answer from now on; the deployment's uuid.
///
/// # Errors
/// When the database does not take it.
pub fn promote(
    connection: &mut Connection,
    name: &str,
    which: &Which,
    by: Option<&str>,
) -> Outcome<Uuid> {
    match find(connection, name, which)? {
        Err(refused) => Ok(Err(refused)),
        Ok(registered) if registered.length == 0 => Ok(Err(deleted(&registered))),
        Ok(registered) => deployments::add(connection, registered.build.id, None, by).map(Ok),
    }
}

/// Lets the build answer again that did before the present one; the deployment's
/// uuid. Once more goes a step further back.
///
/// # Errors
/// When the database does not take it.
pub fn roll_back(connection: &mut Connection, name: &str, by: Option<&str>) -> Outcome<Uuid> {
    let Some(Current {
        id,
        build,
        restores,
        ..
    }) = deployments::current(connection, name)?
    else {
        return Ok(Err(Refused::Unknown(format!(
            "no model '{name}' is deployed"
        ))));
    };
    let from = restores.unwrap_or(id);
    let sql = "SELECT d.id, d.build FROM deployments d JOIN builds b ON b.id = d.build \
         JOIN models m ON m.id = b.model \
         WHERE m.name = ?1 AND d.id < ?2 AND d.build <> ?3 AND b.document <> '' \
         ORDER BY d.id DESC LIMIT 1";
    let before = connection.first(sql, &[&name, &from, &build], |row| {
        Ok((row.get::<i64>(0)?, row.get::<i64>(1)?))
    })?;
    match before {
        Some((restores, build)) => deployments::add(connection, build, Some(restores), by).map(Ok),
        None => Ok(Err(Refused::Conflict(format!(
            "nothing else answered for '{name}' before"
        )))),
    }
}

/// Gives a build an alias, which no other build of the model has from then on.
///
/// # Errors
/// When the database does not take it.
pub fn name(connection: &mut Connection, model: &str, which: &Which, alias: &str) -> Outcome<()> {
    if alias == CHAMPION {
        return Ok(Err(of_champion()));
    }
    let registered = match find(connection, model, which)? {
        Ok(registered) => registered,
        Err(refused) => return Ok(Err(refused)),
    };
    if !registered.aliases.iter().any(|known| known == alias) {
        put(connection, model, alias, Some(registered.build.id))?;
    }
    Ok(Ok(()))
}

/// Takes an alias away.
///
/// # Errors
/// When the database does not take it.
pub fn unname(connection: &mut Connection, model: &str, alias: &str) -> Outcome<()> {
    if alias == CHAMPION {
        return Ok(Err(of_champion()));
    }
    if let Err(refused) = find(connection, model, &Which::Alias(alias.to_owned()))? {
        return Ok(Err(refused));
    }
    put(connection, model, alias, None).map(Ok)
}

fn put(connection: &mut Connection, model: &str, alias: &str, build: Option<i64>) -> SqlResult<()> {
    let sql = "INSERT INTO aliases (model, alias, build, created_ms) \
         SELECT id, ?1, ?2, ?3 FROM models WHERE name = ?4";
    connection.execute(sql, &[&alias, &build, &clock::now_ms(), &model])?;
    Ok(())
}

/// Deletes the document of a build that nothing needs: one that has no alias,
/// and made no prediction that is still kept. Its place in history stays. Gives
/// the characters that were freed.
///
/// # Errors
/// When the database does not take it.
pub fn delete(connection: &mut Connection, name: &str, version: i64) -> Outcome<i64> {
    let registered = match find(connection, name, &Which::Version(version))? {
        Ok(registered) => registered,
        Err(refused) => return Ok(Err(refused)),
    };
    if registered.length == 0 {
        return Ok(Err(deleted(&registered)));
    }
    if let Some(alias) = registered.aliases.first() {
        let message = format!("version {version} of '{name}' is its {alias}");
        return Ok(Err(Refused::Conflict(message)));
    }
    let sql = "SELECT p.id FROM predictions p JOIN deployments d ON d.id = p.deployment \
         WHERE d.build = ?1 LIMIT 1";
    let id = registered.build.id;
    if connection
        .first(sql, &[&id], |row| row.get::<i64>(0))?
        .is_some()
    {
        let message = format!(
            "version {version} of '{name}' explains predictions that are kept: \
             `churn prune` or `churn erase` them first"
        );
        return Ok(Err(Refused::Conflict(message)));
    }
    lineage::keep_training(connection, id)?;
    connection.execute("UPDATE builds SET document = '' WHERE id = ?1", &[&id])?;
    Ok(Ok(registered.length))
}

/// Which builds of a model answered when, the first one first.
///
/// # Errors
/// When the database cannot be read.
pub fn history(connection: &mut Connection, name: &str) -> SqlResult<Vec<Served>> {
    let sql = "SELECT d.uuid, v.version, v.uuid, d.created_ms, \
         lead(d.created_ms) OVER (ORDER BY d.id), r.uuid \
         FROM deployments d JOIN (SELECT b.id, b.uuid, row_number() OVER (ORDER BY b.id) version \
         FROM builds b JOIN models m ON m.id = b.model WHERE m.name = ?1) v ON v.id = d.build \
         LEFT JOIN deployments r ON r.id = d.restores ORDER BY d.id";
    connection.query(sql, &[&name], |row| {
        Ok(Served {
            deployment: row.get::<Uuid>(0)?.to_string(),
            version: row.get(1)?,
            build: row.get::<Uuid>(2)?.to_string(),
            from_ms: row.get(3)?,
            until_ms: row.get(4)?,
            restores: row.get::<Option<Uuid>>(5)?.map(|uuid| uuid.to_string()),
        })
    })
}

fn deleted(registered: &Registered) -> Refused {
    let model = &registered.build.model;
    Refused::Conflict(format!(
        "the document of version {} of '{model}' was deleted",
        registered.version
    ))
}

fn of_champion() -> Refused {
    Refused::Conflict(format!("the {CHAMPION} is what was promoted last"))
}

impl Store {
    /// Reads the registry.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn registry<T>(
        &self,
        read: impl Fn(&mut Connection) -> SqlResult<T>,
    ) -> Result<T, StoreError> {
        self.read(read)
    }

    /// Changes the registry; answers when that is on disk.
    ///
    /// # Errors
    /// When it is not.
    pub async fn change_registry<T: Send + 'static>(
        &self,
        change: impl FnOnce(&mut Connection) -> Outcome<T> + Send + 'static,
    ) -> Result<Result<T, Refused>, StoreError> {
        self.write(change).await
    }
}
