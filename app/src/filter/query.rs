//! The text form of filters, read. What it cannot read it names, with what was
//! expected in its place.

use std::fmt;

use super::field::Field;
use super::reader::{
    FAMILY, IMPUTED, OPERATORS, Reader, SPELLINGS, STARRED, WEIGHT, operator_of, starts,
};
use super::{Condition, Filter, Range, Test};
use crate::explorer::Explorer;
use crate::{number, text};

/// Levels that a message names.
const NAMED_LEVELS: usize = 4;

/// Where a text stops being a filter, and what was expected there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    place: String,
    expected: String,
}

impl Fault {
    /// A fault at a place.
    pub fn new(place: &str, expected: &str) -> Self {
        Self {
            place: place.trim_end().into(),
            expected: expected.into(),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text::expected(&self.place, &self.expected))
    }
}

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
        } else if matches!(operator, ":" | "=" | "!=") {
            Test::Levels(field, self.levels(field)?)
        } else {
            return self.fault(text::EXPECTED_COLON);
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

    /// Levels with commas between them.
    fn levels(&mut self, field: Field) -> Result<Vec<u8>, Fault> {
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

    /// A number, or two with dots between them.
    fn range(&mut self, field: Field, operator: &str) -> Result<Range, Fault> {
        self.skip_spaces();
        let rest = self.rest();
        let word = &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())];
        let ends = matches!(operator, ":" | "=" | "!=")
            .then(|| word.split_once(".."))
            .flatten();
        let range = match (operator, ends) {
            (_, Some((low, ""))) => Range::AtLeast(self.number(field, low, operator)?),
            (_, Some(("", high))) => Range::AtMost(self.number(field, high, operator)?),
            (_, Some((low, high))) => {
                let low = self.number(field, low, operator)?;
                let high = self.number(field, high, operator)?;
                if low > high {
                    self.at += word.len();
                    return self.fault(text::EXPECTED_ORDER);
                }
                Range::Between(low, high)
            }
            ("<", _) => Range::Below(self.number(field, word, operator)?),
            ("<=", _) => Range::AtMost(self.number(field, word, operator)?),
            (">", _) => Range::Above(self.number(field, word, operator)?),
            (">=", _) => Range::AtLeast(self.number(field, word, operator)?),
            _ => Range::Exactly(self.number(field, word, operator)?),
        };
        self.at += word.len();
        Ok(range)
    }

    fn number(&self, field: Field, word: &str, operator: &str) -> Result<f64, Fault> {
        let percent = word.strip_suffix('%').filter(|_| field == Field::Risk);
        let number = match percent {
            Some(percent) => number::parse(percent).map(|percent| percent / 100.0),
            None => number::parse(word),
        };
        match number {
            None => self.fault(&text::expected_number(operator)),
            Some(risk) if field == Field::Risk && !(0.0..=1.0).contains(&risk) => {
                self.fault(text::EXPECTED_RISK)
            }
            Some(number) => Ok(number),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample::{explorer, of_csv};

    #[test]
    fn there_are_many_ways_to_write_a_condition() {
        let explorer = explorer();
        for (typed, text) in [
            (
                "  TENURE < 6  Contract : \"month\" ",
                "tenure<6 contract:month",
            ),
            (
                "tenure:6..12 tenure:6.. tenure:..12",
                "tenure:6..12 tenure>=6 tenure<=12",
            ),
            ("tenure=6 tenure:6 tenure!=6", "tenure=6 tenure=6 -tenure=6"),
            ("contract=Year, month", "contract:month,year"),
            (
                "!contract:year -contract!=year",
                "-contract:year contract:year",
            ),
            ("risk>50% p>=.5 p<100%", "p>0.5 p>=0.5 p<1"),
            ("weight( \"Contract\" ) > -.1", "weight(contract)>-0.1"),
            (
                "outcome:YES,active part:held-out",
                "outcome:active,left part:held-out",
            ),
            (
                "Starred -IMPUTED \"starred\"",
                "starred -imputed \"starred\"",
            ),
            ("7590-vhveg \"two words\"", "7590-vhveg \"two words\""),
        ] {
            let filter = Filter::parse(typed, &explorer).unwrap();
            assert_eq!(filter.text(&explorer), text, "{typed}");
        }
    }

    #[test]
    fn names_and_levels_with_spaces_need_no_quotes() {
        let mut csv = String::from("id,monthly fee,kind,left\n");
        for row in 0..40 {
            let kind = ["One year", "Two year", "One"][row % 3];
            let left = ["Yes", "No"][row / 3 % 2];
            csv += &format!("{row},{row},{kind},{left}\n");
        }
        let explorer = of_csv(&csv);
        let text = |typed| Filter::parse(typed, &explorer).unwrap().text(&explorer);
        assert_eq!(
            text("monthly fee>5 kind:one year"),
            "\"monthly fee\">5 kind:\"One year\""
        );
        assert_eq!(text("kind:two year,ONE x"), "kind:\"One\",\"Two year\" x");
        assert_eq!(text("monthly"), "\"monthly\"");
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let explorer = explorer();
        for (typed, said) in [
            ("tenure<", "tenure<: expected a number after <"),
            ("c-3 tenure>=many", "tenure>=: expected a number after >="),
            (
                "tenure:1..x",
                "tenure: expected a number after :, or two as in 6..12",
            ),
            (
                "tenure:9..1",
                "tenure:9..1: expected the smaller number first",
            ),
            ("contract:", "contract: expected one of \"month\", \"year\""),
            (
                "contract:month,",
                "contract:month,: expected one of \"month\", \"year\"",
            ),
            ("contract<3", "contract<: expected : before a level"),
            (
                "p>50",
                "p>: expected a number from 0 to 1, or one such as 50%",
            ),
        ] {
            let fault = Filter::parse(typed, &explorer).unwrap_err();
            assert_eq!(fault.to_string(), said);
        }
        for (typed, place) in [
            ("age<3", "age: "),
            ("tenure", "tenure: "),
            ("-", "-: "),
            ("\"\"", "\"\": "),
            ("\"open", "\"open: "),
            ("\"age\":3", "\"age\": "),
            ("weight(age)>1", "weight(: "),
            ("weight(tenure", "weight(: "),
            ("family(contract)>1", "family(: "),
        ] {
            let fault = Filter::parse(typed, &explorer).unwrap_err().to_string();
            assert!(
                fault.starts_with(&format!("{place}expected")),
                "{typed}: {fault}"
            );
        }
    }
}
