//! How a query that is being typed may go on.

use super::fault::Fault;
use super::field::{Field, WORDS};
use super::print::{level_text, quoted};
use super::reader::{FAMILY, IMPUTED, OPERATORS, Reader, STARRED, WEIGHT, starts};
use super::{Filter, Test};
use crate::explorer::Explorer;
use crate::text;

/// Most suggestions at a time.
const MOST: usize = 8;

/// A way to go on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// The whole query with the suggestion taken.
    pub query: String,
    /// What is suggested.
    pub part: String,
    /// What it means.
    pub help: String,
    /// It starts as the typed part does.
    pub likely: bool,
}

/// Ways to go on, the likely ones first.
pub fn suggestions(query: &str, explorer: &Explorer) -> Vec<Suggestion> {
    let (head, tail) = query.split_at(last_condition(query, explorer));
    let sign = &tail[..usize::from(tail.starts_with(['-', '!']))];
    let tail = &tail[sign.len()..];
    let mut found = Vec::new();
    let mut add = |part: String, typed: &str, names: &[&str], help: String| {
        let typed = typed.trim_start_matches('"');
        let likely = !typed.is_empty() && names.iter().any(|name| starts(name, typed));
        let holds = |name: &&str| {
            let name = name.to_ascii_lowercase();
            name.contains(&typed.to_ascii_lowercase())
        };
        if likely || names.iter().any(holds) {
            found.push(Suggestion {
                query: format!("{head}{sign}{part}"),
                part,
                help,
                likely,
            });
        }
    };
    if let Some(operator) = operator_place(tail) {
        let (name, values) = tail.split_at(operator + 1);
        let done = values.rfind(',').map_or(0, |comma| comma + 1);
        let (done, typed) = values.split_at(done);
        let name_only = name.trim_end_matches(|c: char| OPERATORS.contains(c) || c == ' ');
        if let Some(field) = named(name_only, explorer) {
            for level in field.levels(explorer) {
                let part = format!("{name}{done}{}", level_text(field, &level, explorer));
                add(part, typed.trim(), &[&level], String::new());
            }
        }
    } else {
        for field in Field::all(explorer) {
            let (name, label) = (field.name(explorer), field.label(explorer));
            let names = [name.trim_matches('"'), label.as_str()];
            add(format!("{name}:"), tail, &names, label.clone());
        }
        for (word, help) in [(STARRED, text::STARRED), (IMPUTED, text::FILLED_IN)] {
            add(word.into(), tail, &[word, help], help.into());
        }
        if !tail.is_empty() {
            for field in Field::all(explorer) {
                for level in field.levels(explorer) {
                    let part = level_text(field, &level, explorer);
                    let part = format!("{}:{part}", field.name(explorer));
                    let likely_only: &[&str] = &[&level];
                    add(part, tail, likely_only, field.label(explorer));
                }
            }
        }
    }
    let (mut likely, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|s| s.likely);
    likely.extend(others);
    likely.truncate(MOST);
    likely
}

/// Says so where a query that nobody matches may be a column's name that is
/// still being typed.
pub fn may_go_on(query: &str, filter: &Filter, explorer: &Explorer) -> Option<Fault> {
    let Some(Test::Word(word)) = filter.conditions.last().map(|last| &last.test) else {
        return None;
    };
    if !query.ends_with(word.as_str()) {
        return None;
    }
    let goes_on = |name: &str| name.len() > word.len() && starts(name, word);
    let mut features = 0..explorer.schema().features.len();
    let words = WORDS.iter().map(|(name, _)| *name);
    let goes_on = words.chain([STARRED, IMPUTED, WEIGHT, FAMILY]).any(goes_on)
        || features.any(|feature| {
            goes_on(&explorer.feature(feature).name) || goes_on(explorer.label(feature))
        });
    goes_on.then(|| Fault::new(word, text::EXPECTED_REST))
}

/// Where the condition starts that is being typed.
fn last_condition(query: &str, explorer: &Explorer) -> usize {
    let mut reader = Reader::new(query, explorer);
    let finished = reader.filter().is_ok() && !query.ends_with(|c: char| !c.is_whitespace());
    if finished { query.len() } else { reader.start }
}

/// The first operator outside of quotes.
fn operator_place(text: &str) -> Option<usize> {
    let mut within = false;
    text.char_indices().find_map(|(at, c)| {
        within ^= c == '"';
        (!within && OPERATORS.contains(c)).then_some(at)
    })
}

/// The field of a name as it was typed.
fn named(name: &str, explorer: &Explorer) -> Option<Field> {
    let same = |other: &str| other.eq_ignore_ascii_case(name);
    let word = WORDS.iter().find(|(word, _)| same(word));
    word.map(|(_, field)| *field).or_else(|| {
        Field::all(explorer).into_iter().find(|field| {
            let label = field.label(explorer);
            same(&field.name(explorer)) || same(&label) || same(&quoted(&label))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::sample::explorer;

    fn parts(query: &str) -> Vec<String> {
        let found = suggestions(query, &explorer()).into_iter();
        found.map(|suggestion| suggestion.part).collect()
    }

    #[test]
    fn columns_and_levels_are_suggested() {
        assert_eq!(parts("con")[..2], ["contract:", "weight(contract):"]);
        assert_eq!(parts("contract:"), ["contract:month", "contract:year"]);
        assert_eq!(parts("-contract:y"), ["contract:year"]);
        assert_eq!(parts("contract:month,y"), ["contract:month,year"]);
        assert_eq!(parts("mon"), ["contract:month"]);
        assert_eq!(parts("outcome:l"), ["outcome:left"]);
        assert_eq!(parts("").len(), MOST);
        assert_eq!(parts("tenure<"), [""; 0]);
        let found = suggestions("tenure<6 -con", &explorer());
        assert_eq!(found[0].query, "tenure<6 -contract:");
        let found = suggestions("tenure<6 ", &explorer());
        assert_eq!(found[0].query, "tenure<6 p:");
    }

    #[test]
    fn a_name_that_is_being_typed_is_told_from_a_word() {
        let explorer = explorer();
        let said = |query| {
            let filter = Filter::parse(query, &explorer).unwrap();
            may_go_on(query, &filter, &explorer).map(|fault| fault.to_string())
        };
        assert!(said("contract:month tenu").is_some_and(|said| said.starts_with("tenu: expected")));
        assert_eq!(said("tenu "), None);
        assert_eq!(said("\"tenu\""), None);
        assert_eq!(said("nowhere"), None);
        assert_eq!(said("contract:month"), None);
    }
}
