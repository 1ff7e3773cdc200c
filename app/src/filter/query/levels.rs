//! The levels that a condition asks for, read.

use crate::filter::fault::Fault;
use crate::filter::field::Field;
use crate::filter::reader::{Reader, starts};
use crate::text;

/// Levels that a message names.
const NAMED_LEVELS: usize = 4;

impl Reader<'_> {
    /// Levels with commas between them.
    pub(super) fn levels(&mut self, field: Field) -> Result<Vec<u8>, Fault> {
        let all = field.levels(self.explorer);
        let mut codes = Vec::new();
        loop {
            self.skip_spaces();
            let before = self.at;
            let code = if self.rest().starts_with('"') {
                let quoted = self.quoted()?;
                self.code(field, &quoted)
            } else {
                let rest = self.rest();
                let ends = |level: &str| {
                    let after = &rest[level.len()..];
                    after.is_empty() || after.starts_with(|c: char| c.is_whitespace() || c == ',')
                };
                let fits = all
                    .iter()
                    .filter(|level| starts(rest, level) && ends(level));
                let end = rest.find(|c: char| c.is_whitespace() || c == ',');
                let word = &rest[..end.unwrap_or(rest.len())];
                let level = fits
                    .map(AsRef::as_ref)
                    .max_by_key(|level: &&str| level.len());
                let level = level.map_or(word, |level| &rest[..level.len()]);
                self.at += level.len();
                self.code(field, level)
            };
            let Some(code) = code else {
                self.at = before;
                return self.fault(&text::expected_level(&all, NAMED_LEVELS));
            };
            codes.push(code);
            let end = self.at;
            self.skip_spaces();
            if !self.take(",") {
                self.at = end;
                codes.sort_unstable();
                codes.dedup();
                return Ok(codes);
            }
        }
    }

    /// Code of a level: spelt exactly, or else in another case.
    fn code(&self, field: Field, level: &str) -> Option<u8> {
        let all = field.levels(self.explorer);
        let exact = all.iter().position(|other| other == level);
        let place = exact.or_else(|| {
            let mut all = all.iter();
            all.position(|other| other.eq_ignore_ascii_case(level))
        });
        match (place, field) {
            (Some(place), _) => u8::try_from(place).ok(),
            (None, Field::Value(feature)) => self.explorer.feature(feature).code_of(level),
            // The classes as the data spells them.
            (None, Field::Outcome) => {
                let target = self.explorer.schema().target.as_ref()?;
                let classes = [&target.negative, &target.positive];
                let class = classes
                    .iter()
                    .position(|class| class.eq_ignore_ascii_case(level));
                class.and_then(|class| u8::try_from(class).ok())
            }
            (None, _) => None,
        }
    }
}
