//! Lineage files: what people say of where models come from, in the form of the
//! workshop's platform, `lineage.yml`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use churn_core::artefact::sha256;
use churn_core::{Error, ErrorCode, Result};
use serde::Deserialize;
use serde_path_to_error::{Deserializer, Track};
use serde_saphyr::Spanned;

use crate::input::{in_file, text};
use crate::store::Connection;
use crate::store::lineage::{self, EntryRecord};
use crate::store::{SqlError, SqlResult};

/// What a file says of a model.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    #[serde(default)]
    hive_table_qualified_names: Vec<Spanned<String>>,
    #[serde(default)]
    metadata: BTreeMap<String, String>,
}

/// What a file says of each model that it names, by name.
///
/// # Errors
/// [`ErrorCode::Io`]; [`ErrorCode::Parameter`] for a file of another name, and with
/// line and field for what is none of such a file.
pub fn read(path: &Path, made_by: Option<&str>) -> Result<Vec<EntryRecord>> {
    let end = path.extension().and_then(|end| end.to_str());
    if !end.is_some_and(|end| ["yml", "yaml"].contains(&end)) {
        let expected = "a name that ends in .yml or .yaml";
        let error = Error::mismatch(ErrorCode::Parameter, expected, "another");
        return Err(in_file(path)(error));
    }
    let text = text(path)?;
    let entries = parse(&text).map_err(in_file(path))?.into_iter();
    let sha256 = sha256(text.as_bytes());
    let record = |(model, entry): (String, Entry)| EntryRecord {
        model,
        tables: entry
            .hive_table_qualified_names
            .into_iter()
            .map(|name| name.value)
            .collect(),
        metadata: entry.metadata,
        file: path.display().to_string(),
        sha256: sha256.clone(),
        made_by: made_by.map(Into::into),
        created_ms: 0,
    };
    Ok(entries.map(record).collect())
}

/// Keeps what is new of what a file says; the names of models that there are not.
///
/// # Errors
/// When the database does not take it.
pub fn keep(connection: &mut Connection, entries: &[EntryRecord]) -> SqlResult<Vec<String>> {
    connection.transaction::<_, SqlError>(|connection| {
        let known = lineage::entries(connection)?;
        let says = |entry: &EntryRecord| (entry.tables.clone(), entry.metadata.clone());
        for entry in entries {
            let before = known.iter().find(|known| known.model == entry.model);
            if before.is_none_or(|before| says(before) != says(entry)) {
                lineage::add_entry(connection, entry)?;
            }
        }
        let builds = lineage::builds(connection)?;
        let models: BTreeSet<&str> = builds.iter().map(|build| build.model.as_str()).collect();
        let names = entries.iter().map(|entry| &entry.model);
        let unknown = names.filter(|name| !models.contains(name.as_str()));
        Ok(unknown.cloned().collect())
    })
}

fn parse(text: &str) -> Result<BTreeMap<String, Entry>> {
    let mut track = Track::new();
    let parsed = serde_saphyr::with_deserializer_from_str(text, |document| {
        BTreeMap::<String, Entry>::deserialize(Deserializer::new(document, &mut track))
    });
    let entries = parsed.map_err(|error| {
        let path = track.path().to_string();
        // Of a key that is there twice nothing is known but where it is.
        match path.trim_end_matches('?').trim_end_matches('.') {
            "" => refused(&error),
            path => refused(&error).in_field(path),
        }
    })?;
    if entries.is_empty() {
        return Err(Error::mismatch(ErrorCode::Parameter, "models", "none"));
    }
    for (model, entry) in &entries {
        for (at, name) in entry.hive_table_qualified_names.iter().enumerate() {
            if !is_qualified(&name.value) {
                let field = format!("{model}.hive_table_qualified_names[{at}]");
                let expected = "a table such as default.customers@cm";
                let got = format!("'{}'", name.value);
                let error = Error::mismatch(ErrorCode::Parameter, expected, got);
                return Err(error.in_field(field).at_line(name.referenced.line()));
            }
        }
    }
    Ok(entries)
}

/// Whether a name has a database, a table and a cluster: `default.customers@cm`.
fn is_qualified(name: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace());
    name.split_once('@').is_some_and(|(table, cluster)| {
        let parts = table.split_once('.');
        plain(cluster) && parts.is_some_and(|(database, table)| plain(database) && plain(table))
    })
}

/// What is wrong with the text. The place is told before it, as everywhere.
fn refused(error: &serde_saphyr::Error) -> Error {
    let plain = error.without_snippet();
    let told = plain.to_string();
    let told = told
        .rsplit_once(" at line ")
        .map_or(told.as_str(), |(told, _)| told);
    let told = told
        .split(", set DuplicateKeyPolicy")
        .next()
        .unwrap_or(told);
    let refused = Error::new(ErrorCode::Parameter, told);
    match plain.location() {
        Some(at) if at.line() > 0 => refused.at_line(at.line()),
        _ => refused,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "Churn Model API Endpoint:   # the model\n  hive_table_qualified_names:\n    \
        - \"default.churn_prototype@cm\"\n  metadata:\n    query: \"select * from historical_data\"\n    \
        training_file: \"code/4_train_models.py\"\nother: {metadata: {version: 3}}\n";

    #[test]
    fn the_workshops_file_is_read() -> Result<()> {
        let entries = parse(FILE)?;
        let entry = &entries["Churn Model API Endpoint"];
        let tables: Vec<&str> = entry
            .hive_table_qualified_names
            .iter()
            .map(|name| name.value.as_str())
            .collect();
        assert_eq!(tables, ["default.churn_prototype@cm"]);
        assert_eq!(entry.metadata["training_file"], "code/4_train_models.py");
        assert_eq!(entries["other"].metadata["version"], "3");
        Ok(())
    }

    #[test]
    fn another_file_is_refused_with_line_and_field() {
        let unknown =
            "unknown field `tables`, expected one of hive_table_qualified_names, metadata";
        let unknown = format!("line 2, m.tables: {unknown}");
        for (text, told) in [
            ("", "expected models, got none"),
            ("- a\n", "line 1: expected mapping start"),
            ("m:\n  tables: []\n", unknown.as_str()),
            (
                "m:\n  metadata:\n    a: [1]\n",
                "line 3, m.metadata.a: expected string scalar",
            ),
            (
                "m:\n  hive_table_qualified_names: default.t@cm\n",
                "line 2, m.hive_table_qualified_names: expected sequence start",
            ),
            (
                "m:\n  hive_table_qualified_names:\n    - a.b@c\n    - churn\n",
                "line 4, m.hive_table_qualified_names[1]: \
                 expected a table such as default.customers@cm, got 'churn'",
            ),
            ("m: {}\nm: {}\n", "line 2: duplicate mapping key: m"),
            (
                "m:\n  metadata: {a: b}\n  metadata: {a: c}\n",
                "line 3, m: duplicate mapping key: metadata",
            ),
            (
                "m: {metadata: *x}\n",
                "line 1, m: alias references unknown anchor",
            ),
            ("m: [\n", "line 1, m: expected mapping start"),
        ] {
            let refused = parse(text).err().map(|error| error.to_string());
            assert_eq!(refused.as_deref(), Some(told), "{text}");
        }
    }
}
