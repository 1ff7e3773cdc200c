//! Small CSV texts, read or refused, and what there is to say about them.

use churn_core::dataset::{LeftOut, ReadOptions};
use churn_core::{Dataset, Error, Reading, progress};

pub fn options() -> ReadOptions {
    ReadOptions {
        target: Some("Churn".into()),
        ..ReadOptions::default()
    }
}

pub fn read(bytes: impl AsRef<[u8]>) -> Result<Reading, Error> {
    Dataset::read_csv(bytes.as_ref(), &options(), &mut progress::ignore)
}

#[track_caller]
pub fn good(bytes: impl AsRef<[u8]>) -> Reading {
    read(bytes).unwrap_or_else(|error| panic!("refused: {error}"))
}

/// The whole message of the refusal.
#[track_caller]
pub fn refusal(bytes: impl AsRef<[u8]>) -> String {
    match read(bytes) {
        Ok(reading) => panic!("read as {:?}", reading.dataset.schema()),
        Err(error) => error.to_string(),
    }
}

/// Skipped rows, in the words of the terminal.
pub fn issues(reading: &Reading) -> Vec<String> {
    let text = |issue| Error::from(issue).to_string();
    reading.issues.iter().map(text).collect()
}

/// Columns left out, with the reason.
pub fn left_out(reading: &Reading) -> Vec<String> {
    let text = |left: &LeftOut| format!("{}: {}", left.column, left.reason);
    reading.left_out.iter().map(text).collect()
}

pub const PLAIN: &str = "id,Plan,Tenure,Churn\nA1,basic,3,No\nA2,full,14,Yes\nA3,basic,5,No\n";
