//! The numbers that a condition asks for, read.

use crate::filter::Range;
use crate::filter::fault::Fault;
use crate::filter::field::Field;
use crate::filter::reader::Reader;
use crate::{number, text};

impl Reader<'_> {
    /// A number, or two with dots between them.
    pub(super) fn range(&mut self, field: Field, operator: &str) -> Result<Range, Fault> {
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
