//! The text of a filter while it is read: where the reading is, and the names
//! that may stand there.

use super::fault::Fault;
use super::field::{Field, WORDS};
use crate::explorer::Explorer;
use crate::text;

/// Characters that begin an operator.
pub const OPERATORS: &str = ":<>=";
/// What stands before the column of a weight.
pub const WEIGHT: &str = "weight(";
/// What stands before the family of a sum of weights.
pub const FAMILY: &str = "family(";
/// Word for customers with a star.
pub const STARRED: &str = "starred";
/// Word for customers with a value that was filled in.
pub const IMPUTED: &str = "imputed";

/// The operators; longer ones before those they begin with.
pub const SPELLINGS: [&str; 7] = ["<=", ">=", "!=", "<", ">", "=", ":"];

/// Whether a text starts with another, in any case.
pub fn starts(text: &str, prefix: &str) -> bool {
    let start = text.get(..prefix.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

/// A text on its way to a filter.
pub struct Reader<'a> {
    /// The data that the filter is about.
    pub explorer: &'a Explorer,
    text: &'a str,
    /// What has been read.
    pub at: usize,
    /// Where the current condition starts.
    pub start: usize,
}

impl<'a> Reader<'a> {
    /// Before the text.
    pub fn new(text: &'a str, explorer: &'a Explorer) -> Self {
        Self {
            explorer,
            text,
            at: 0,
            start: 0,
        }
    }

    /// A text in quotes.
    ///
    /// # Errors
    /// Without a closing quote.
    pub fn quoted(&mut self) -> Result<String, Fault> {
        let mut text = String::new();
        let mut chars = self.rest().char_indices().skip(1).peekable();
        while let Some((at, c)) = chars.next() {
            if c != '"' {
                text.push(c);
            } else if chars.next_if(|(_, next)| *next == '"').is_some() {
                text.push('"');
            } else {
                self.at += at + 1;
                return Ok(text);
            }
        }
        self.at = self.text.len();
        self.fault(text::EXPECTED_QUOTE)
    }

    /// The column of a name in quotes.
    pub fn column(&self, name: &str) -> Option<usize> {
        let exact = self.columns().find(|(other, _)| *other == name);
        let same = |other: &str| other.eq_ignore_ascii_case(name);
        let found = exact.or_else(|| self.columns().find(|(other, _)| same(other)));
        found.map(|(_, feature)| feature)
    }

    /// Names of the fields that need no quotes or brackets.
    pub fn names(&self) -> impl Iterator<Item = (&'a str, Field)> + use<'a> {
        let plain = |name: &str| {
            !name.is_empty()
                && !name.starts_with(['-', '!', '"'])
                && !name.contains(|c| OPERATORS.contains(c))
        };
        let columns = self.columns().filter(move |(name, _)| plain(name));
        let columns = columns.map(|(name, feature)| (name, Field::Value(feature)));
        WORDS.into_iter().chain(columns)
    }

    /// Columns by name, then by label.
    pub fn columns(&self) -> impl Iterator<Item = (&'a str, usize)> + use<'a> {
        let explorer = self.explorer;
        let features = 0..explorer.schema().features.len();
        let names = features
            .clone()
            .map(|at| (explorer.feature(at).name.as_str(), at));
        names.chain(features.map(|at| (explorer.label(at), at)))
    }

    /// Families by label.
    pub fn families(&self) -> impl Iterator<Item = (&'a str, Field)> + use<'a> {
        let families = self.explorer.families.iter().enumerate();
        families.map(|(at, family)| (family.label.as_str(), Field::Family(at)))
    }

    /// What is still to be read.
    pub fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Passes over spaces.
    pub fn skip_spaces(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Passes over a text if it stands here.
    pub fn take(&mut self, text: &str) -> bool {
        let there = starts(self.rest(), text);
        if there {
            self.at += text.len();
        }
        there
    }

    /// Whether an operator comes next.
    pub fn operator_ahead(&self) -> bool {
        operator_of(self.rest()).is_some()
    }

    /// That something else was expected after what has been read of the
    /// condition.
    ///
    /// # Errors
    /// Always.
    pub fn fault<T>(&self, expected: &str) -> Result<T, Fault> {
        Err(Fault::new(&self.text[self.start..self.at], expected))
    }
}

/// The operator that a text starts with, after spaces.
pub fn operator_of(text: &str) -> Option<&'static str> {
    let text = text.trim_start();
    SPELLINGS
        .into_iter()
        .find(|operator| text.starts_with(operator))
}
