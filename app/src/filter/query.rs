//! The text form of filters, read. What it cannot read it names, with what was
//! expected in its place.

mod ids;
mod levels;
mod range;
#[cfg(test)]
mod tests;

use super::fault::Fault;
use super::field::Field;
use super::reader::{
    FAMILY, IMPUTED, OPERATORS, Reader, SPELLINGS, STARRED, WEIGHT, operator_of, starts,
};
use super::{Condition, Filter, Test};
use crate::explorer::Explorer;
use crate::text;

impl Filter {
    /// Reads a filter.
    ///
    /// # Errors
    /// The first place that is not understood.
    pub fn parse(text: &str, explorer: &Explorer) -> Result<Self, Fault> {
        Reader::new(text, explorer).filter()
    }
}

impl Reader<'_> {
    /// Reads the whole text.
    pub fn filter(&mut self) -> Result<Filter, Fault> {
        let mut filter = Filter::default();
        loop {
            self.skip_spaces();
            if self.rest().is_empty() {
                return Ok(filter);
            }
            self.start = self.at;
            let negated = self.take("-") || self.take("!");
            let mut condition = self.condition()?;
            condition.negated ^= negated;
            filter.conditions.push(condition);
        }
    }

    fn condition(&mut self) -> Result<Condition, Fault> {
        let field = if self.rest().starts_with('"') {
            let quoted = self.quoted()?;
            match self.operator_ahead().then(|| self.column(&quoted)) {
                None if quoted.is_empty() => return self.fault(text::EXPECTED_TEXT),
                None => return Ok(Test::Word(quoted).into()),
                Some(None) => return self.fault(text::EXPECTED_COLUMN),
                Some(Some(feature)) => Field::Value(feature),
            }
        } else if self.take(WEIGHT) {
            let families = self.families();
            let columns = self.columns().map(|(name, at)| (name, Field::Weight(at)));
            self.inner(&columns.chain(families).collect::<Vec<_>>())?
        } else if self.take(FAMILY) {
            self.inner(&self.families().collect::<Vec<_>>())?
        } else if let Some(field) = self.field() {
            field
        } else {
            return self.word();
        };
        if field == Field::Part && !self.explorer.has_parts() {
            return self.fault(text::EXPECTED_PARTS);
        }
        self.skip_spaces();
        let operator = SPELLINGS.into_iter().find(|operator| self.take(operator));
        let Some(operator) = operator else {
            return self.fault(text::EXPECTED_OPERATOR);
        };
        let test = if field.is_numeric(self.explorer) {
            Test::Within(field, self.range(field, operator)?)
        } else if !matches!(operator, ":" | "=" | "!=") {
            return self.fault(text::EXPECTED_COLON);
        } else if field == Field::Id {
            Test::Ids(self.ids()?)
        } else {
            Test::Levels(field, self.levels(field)?)
        };
        Ok(Condition {
            negated: operator == "!=",
            test,
        })
    }

    /// A word without quotes, up to the next space.
    fn word(&mut self) -> Result<Condition, Fault> {
        let rest = self.rest();
        let word = &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())];
        if let Some(end) = word.find(|c| OPERATORS.contains(c)) {
            self.at += end;
            return self.fault(text::EXPECTED_COLUMN);
        }
        self.at += word.len();
        let is_word = |other: &str| word.eq_ignore_ascii_case(other);
        let test = if word.is_empty() {
            return self.fault(text::EXPECTED_CONDITION);
        } else if is_word(STARRED) {
            Test::Starred
        } else if is_word(IMPUTED) {
            Test::Imputed
        } else if self.names().any(|(name, _)| is_word(name)) {
            return self.fault(text::EXPECTED_OPERATOR);
        } else {
            Test::Word(word.into())
        };
        Ok(test.into())
    }

    /// The field that stands here before an operator: the longest name, spelt
    /// exactly if there is such a one.
    fn field(&mut self) -> Option<Field> {
        let rest = self.rest();
        let mut best: Option<(usize, bool, Field)> = None;
        for (name, field) in self.names() {
            if starts(rest, name) && operator_of(&rest[name.len()..]).is_some() {
                let exact = rest.starts_with(name);
                if best.is_none_or(|best| (name.len(), exact) > (best.0, best.1)) {
                    best = Some((name.len(), exact, field));
                }
            }
        }
        let (length, _, field) = best?;
        self.at += length;
        Some(field)
    }

    /// A name and the closing bracket.
    fn inner(&mut self, names: &[(&str, Field)]) -> Result<Field, Fault> {
        self.skip_spaces();
        let rest = self.rest();
        let field = if rest.starts_with('"') {
            let quoted = self.quoted()?;
            let exact = names.iter().find(|(name, _)| *name == quoted);
            let found = exact.or_else(|| {
                let mut names = names.iter();
                names.find(|(name, _)| name.eq_ignore_ascii_case(&quoted))
            });
            found.map(|(_, field)| *field)
        } else {
            let closes = |name: &str| rest[name.len()..].trim_start().starts_with(')');
            let fits = names
                .iter()
                .filter(|(name, _)| starts(rest, name) && closes(name));
            let found = fits.max_by_key(|(name, _)| (name.len(), rest.starts_with(name)));
            found.map(|(name, field)| {
                self.at += name.len();
                *field
            })
        };
        self.skip_spaces();
        match field {
            Some(field) if self.take(")") => Ok(field),
            _ => self.fault(text::EXPECTED_BRACKET),
        }
    }
}
