//! Files, models and lists of ids, read whole. An error names the file.

use std::collections::HashSet;
use std::fs::{self, File};
use std::path::Path;

use churn_core::{Error, ErrorCode, ModelArtefact, Predictor, Result, Target};
use serde::de::DeserializeOwned;

/// Bytes of a file.
///
/// # Errors
/// [`ErrorCode::Io`].
pub fn bytes(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| unreadable(path, &error))
}

/// A file open for reading, and its length where it is known (0 elsewhere).
///
/// # Errors
/// [`ErrorCode::Io`].
pub fn open(path: &Path) -> Result<(File, u64)> {
    let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
    let (metadata, file) = opened.map_err(|error| unreadable(path, &error))?;
    if metadata.is_dir() {
        return Err(Error::new(ErrorCode::Io, "it is a folder, not a file")).map_err(in_file(path));
    }
    Ok((file, metadata.len()))
}

/// A model, ready to score and explain.
///
/// # Errors
/// [`ErrorCode::Io`] or [`ErrorCode::Model`].
pub fn predictor(path: &Path) -> Result<Predictor> {
    ModelArtefact::from_json(&text(path)?)
        .and_then(Predictor::new)
        .map_err(in_file(path))
}

/// The target of a model, with the names of its two classes.
///
/// # Errors
/// [`ErrorCode::Model`] for a model without one.
pub fn target(predictor: &Predictor) -> Result<&Target> {
    predictor.artefact().schema.target.as_ref().ok_or_else(|| {
        let expected = "the column to predict and its classes";
        Error::mismatch(ErrorCode::Model, expected, "nothing").in_field("schema.target")
    })
}

/// Ids of customers: a text file with one a line.
///
/// # Errors
/// [`ErrorCode::Io`]; [`ErrorCode::Parameter`] for a file without ids.
pub fn ids(path: &Path) -> Result<HashSet<String>> {
    let text = text(path)?;
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let ids: HashSet<String> = lines
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect();
    if ids.is_empty() {
        let error = Error::mismatch(ErrorCode::Parameter, "one id a line", "an empty file");
        return Err(error).map_err(in_file(path));
    }
    Ok(ids)
}

/// Puts the name of the file into an error about its content.
pub fn in_file(path: &Path) -> impl Fn(Error) -> Error + '_ {
    move |error| named(&path.display().to_string(), error)
}

/// An error with what it is about before it.
pub fn named(name: &str, error: Error) -> Error {
    match error.code {
        ErrorCode::Cancelled => error,
        code => Error::new(code, format!("{name}: {error}")),
    }
}

/// Text of a file.
///
/// # Errors
/// [`ErrorCode::Io`].
pub fn text(path: &Path) -> Result<String> {
    String::from_utf8(bytes(path)?)
        .map_err(|_| in_file(path)(Error::mismatch(ErrorCode::Io, "UTF-8 text", "other bytes")))
}

/// A value of a text in TOML.
///
/// # Errors
/// [`ErrorCode::Parameter`], with the line, for what is none.
pub fn toml<T: DeserializeOwned>(text: &str, what: &str) -> Result<T> {
    toml::from_str(text).map_err(|error| {
        let message = format!("not {what}: {}", error.message());
        let refused = Error::new(ErrorCode::Parameter, message);
        match error.span() {
            Some(span) => {
                let before = text.get(..span.start).unwrap_or(text);
                refused.at_line(1 + before.matches('\n').count() as u64)
            }
            None => refused,
        }
    })
}

fn unreadable(path: &Path, error: &std::io::Error) -> Error {
    let message = format!("cannot read {}: {error}", path.display());
    Error::new(ErrorCode::Io, message)
}
