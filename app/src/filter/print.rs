//! Filters written as text, so that reading the text gives the filter again.

use super::field::{Field, WORDS};
use super::reader::{FAMILY, IMPUTED, OPERATORS, STARRED, WEIGHT, starts};
use super::{Condition, Filter, Range, Test};
use crate::explorer::Explorer;

impl Filter {
    /// The filter as text.
    pub fn text(&self, explorer: &Explorer) -> String {
        let conditions = self.conditions.iter();
        let conditions: Vec<String> = conditions
            .map(|condition| condition.text(explorer))
            .collect();
        conditions.join(" ")
    }
}

impl Condition {
    /// The condition as text.
    fn text(&self, explorer: &Explorer) -> String {
        let test = match &self.test {
            Test::Word(word) if is_bare_word(word, explorer) => word.clone(),
            Test::Word(word) => quoted(word),
            Test::Levels(field, codes) => {
                let all = field.levels(explorer);
                let levels = codes.iter().filter_map(|code| all.get(usize::from(*code)));
                let levels: Vec<String> = levels
                    .map(|level| level_text(*field, level, explorer))
                    .collect();
                format!("{}:{}", field.name(explorer), levels.join(","))
            }
            Test::Ids(rows) => {
                let ids = rows.iter().map(|&row| id_text(explorer.id(row as usize)));
                format!(
                    "{}:{}",
                    Field::Id.name(explorer),
                    ids.collect::<Vec<_>>().join(",")
                )
            }
            Test::Within(field, range) => field.name(explorer) + &range.text(),
            Test::Starred => STARRED.into(),
            Test::Imputed => IMPUTED.into(),
        };
        if self.negated {
            format!("-{test}")
        } else {
            test
        }
    }
}

impl Range {
    /// The range as text, with its operator.
    fn text(self) -> String {
        match self {
            Self::Below(x) => format!("<{x}"),
            Self::AtMost(x) => format!("<={x}"),
            Self::Above(x) => format!(">{x}"),
            Self::AtLeast(x) => format!(">={x}"),
            Self::Exactly(x) => format!("={x}"),
            Self::Between(low, high) => format!(":{low}..{high}"),
        }
    }
}

impl Field {
    /// Its name as a query spells it.
    pub fn name(self, explorer: &Explorer) -> String {
        let column = |feature: usize| {
            let name = &explorer.feature(feature).name;
            if is_plain(name) && !is_taken(name) {
                name.clone()
            } else {
                quoted(name)
            }
        };
        match self {
            Self::Id => "id".into(),
            Self::Risk => "p".into(),
            Self::Outcome => "outcome".into(),
            Self::Part => "part".into(),
            Self::Value(feature) => column(feature),
            Self::Weight(feature) => format!("{WEIGHT}{})", column(feature)),
            Self::Family(family) => {
                format!("{FAMILY}{})", quoted(&explorer.families[family].label))
            }
        }
    }
}

/// A level as a query spells it.
pub fn level_text(field: Field, level: &str, explorer: &Explorer) -> String {
    let goes_on = |other: &str| other.len() > level.len() && starts(other, level);
    let levels = field.levels(explorer);
    if is_plain(level) && !levels.iter().any(|other| goes_on(other)) {
        level.into()
    } else {
        quoted(level)
    }
}

/// An id as a query spells it.
fn id_text(id: &str) -> String {
    if is_plain(id) { id.into() } else { quoted(id) }
}

/// A text in quotes; a quote within is doubled.
pub fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Whether a text can stand without quotes as the name of a column or level.
fn is_plain(text: &str) -> bool {
    let special = |c: char| c.is_whitespace() || OPERATORS.contains(c) || "\",()".contains(c);
    !text.is_empty() && !text.starts_with(['-', '!']) && !text.contains(special)
}

/// Whether a query has another meaning for a name.
fn is_taken(name: &str) -> bool {
    let words = WORDS.iter().map(|(word, _)| *word);
    words
        .chain([STARRED, IMPUTED])
        .any(|word| word.eq_ignore_ascii_case(name))
}

/// Whether a text is looked for without quotes around it.
fn is_bare_word(word: &str, explorer: &Explorer) -> bool {
    let is_name = |name: &str| {
        name.eq_ignore_ascii_case(word)
            || starts(name, word) && name[word.len()..].starts_with(char::is_whitespace)
    };
    let mut features = 0..explorer.schema().features.len();
    let special = |c: char| c.is_whitespace() || c == '"' || OPERATORS.contains(c);
    !word.is_empty()
        && !word.starts_with(['-', '!', ','])
        && !word.contains(special)
        && !is_taken(word)
        && !starts(word, WEIGHT)
        && !starts(word, FAMILY)
        && !features.any(|feature| {
            is_name(&explorer.feature(feature).name) || is_name(explorer.label(feature))
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample::{explorer, of_csv};

    /// Numbers that look random and are the same in every run.
    struct Random(u64);

    impl Random {
        fn below(&mut self, end: usize) -> usize {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            (self.0 >> 33) as usize % end
        }

        fn pick<T: Clone>(&mut self, from: &[T]) -> T {
            from[self.below(from.len())].clone()
        }
    }

    /// Names and levels that could be taken for something else.
    fn awkward() -> Explorer {
        const NAMES: [&str; 16] = [
            "p",
            "Risk",
            "starred",
            "weight(p)",
            "a",
            "a b",
            "A",
            "-x",
            "!",
            "b<5",
            "say \"hi\"",
            "c,d",
            "outcome",
            "é",
            "e:",
            "a  b",
        ];
        const LEVELS: [&str; 12] = [
            "One", "One year", "one", "a", "a,b", "-", "..", "6..12", "left", "\"", "<", "é ü",
        ];
        let field = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let mut csv = format!("id,{},number,left\n", NAMES.map(field).join(","));
        for row in 0..72 {
            let level = |column: usize| field(LEVELS[(row + column) % LEVELS.len()]);
            let levels: Vec<String> = (0..NAMES.len()).map(level).collect();
            let left = ["Yes", "No"][row / 3 % 2];
            csv += &format!("C {row},{},{},{left}\n", levels.join(","), row as f64 / 8.0);
        }
        of_csv(&csv)
    }

    fn condition(random: &mut Random, explorer: &Explorer) -> Condition {
        const WORDS: [&str; 20] = [
            "fiber",
            "-",
            "a",
            "A",
            "p",
            "weight(a)>1",
            "family(",
            "two words",
            "\"",
            "x\"y",
            "a:b",
            "<6",
            "starred",
            "Imputed",
            "7590-VHVEG",
            "!no",
            "é",
            "..",
            "number",
            ",",
        ];
        let numbers = [0.0, 0.5, 1.0, 0.1 + 0.2, 1e-7];
        let fields = Field::all(explorer);
        let field = random.pick(&fields);
        let test = match random.below(6) {
            0 => Test::Starred,
            1 => Test::Imputed,
            2 => Test::Word(random.pick(&WORDS).into()),
            _ if field == Field::Id => {
                let mut rows: Vec<u32> = (0..).take(explorer.rows()).collect();
                rows.retain(|&row| row == 0 || random.below(9) == 0);
                Test::Ids(rows)
            }
            _ if field.is_numeric(explorer) => {
                let (x, y) = (random.pick(&numbers), random.pick(&numbers));
                let range = match random.below(6) {
                    0 => Range::Below(x),
                    1 => Range::AtMost(x),
                    2 => Range::Above(x),
                    3 => Range::AtLeast(x),
                    4 => Range::Exactly(x),
                    _ => Range::Between(x.min(y), x.max(y)),
                };
                Test::Within(field, range)
            }
            _ => {
                let levels = field.levels(explorer).len();
                let mut codes: Vec<u8> = (0..=u8::MAX).take(levels).collect();
                codes.retain(|_| random.below(3) == 0);
                if codes.is_empty() {
                    codes.push(0);
                }
                Test::Levels(field, codes)
            }
        };
        Condition {
            negated: random.below(3) == 0,
            test,
        }
    }

    #[test]
    fn every_filter_comes_back_from_its_text() {
        let mut random = Random(7);
        for explorer in [explorer(), awkward()] {
            for _ in 0..4000 {
                let number = random.below(5);
                let conditions = (0..number).map(|_| condition(&mut random, &explorer));
                let conditions = conditions.collect();
                let filter = Filter { conditions };
                let text = filter.text(&explorer);
                let read = Filter::parse(&text, &explorer);
                assert_eq!(read, Ok(filter), "{text}");
            }
        }
    }

    #[test]
    fn any_text_is_read_or_refused() {
        let mut random = Random(11);
        let explorer = awkward();
        let parts = [
            "a", "b", " ", ":", "<", "=", ">=", "\"", "-", "!", "weight(", "family(", ")", ",",
            "..", "6", "é", "p", "%", "One", "number",
        ];
        for _ in 0..4000 {
            let number = random.below(9);
            let text: String = (0..number).map(|_| random.pick(&parts)).collect();
            match Filter::parse(&text, &explorer) {
                Ok(filter) => {
                    let again = filter.text(&explorer);
                    assert_eq!(Filter::parse(&again, &explorer), Ok(filter), "{text}");
                }
                Err(fault) => assert!(fault.to_string().contains(": expected "), "{text}"),
            }
            let _ = super::super::suggestions(&text, &explorer);
        }
    }
}
