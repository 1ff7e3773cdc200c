//! Conditions on named values, as SQL writes them: `Contract = 'One year' and
//! (tenure < 6 or "Monthly charges" is null)`.
//!
//! Comparisons (`=`, `!=`, `<`, `<=`, `>`, `>=`) of a name with a number, a text
//! in single quotes, true or false; `like` with `%` and `_`, `in (...)`, `is null`,
//! `and`, `or`, `not` and parentheses. A name with other signs in it stands in double quotes. As in
//! SQL, what is missing is neither equal nor unequal to anything.

mod reader;

use std::cmp::Ordering;

use churn_core::{Error, ErrorCode, Result};
use sqlparser::ast::{OrderByExpr, OrderBySort};
use sqlparser::dialect::AnsiDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::Token;

use crate::table::cells::{Cell, Kind};
use reader::Reader;

/// Longest text of a condition, in bytes.
const LONGEST: usize = 4000;

/// Deepest nesting, as the parser counts it, which takes some kilobytes each.
const DEEPEST: usize = 20;

/// A condition on values that are known by their places.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// All of them.
    All(Vec<Condition>),
    /// At least one of them.
    Any(Vec<Condition>),
    /// Not this.
    Not(Box<Condition>),
    /// Nothing is known of a value.
    IsMissing(usize),
    /// A value compared with another.
    Compare(usize, Comparison, Literal),
    /// A value is one of these.
    In(usize, Vec<Literal>),
    /// A text is of this form: `%` stands for any signs, `_` for one.
    Like(usize, String),
}

/// How values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "their names say it")]
pub enum Comparison {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
}

/// A value that is written out.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A text.
    Text(String),
    /// True or false.
    Boolean(bool),
}

/// Says where a name is, and what kind of value it has.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<(usize, Kind)>;

/// Reads an order: names, each with `asc` or `desc` behind it if wanted, and commas
/// between them. Gives their places, and whether they go down.
///
/// # Errors
/// [`ErrorCode::Parameter`], with the place, for what is none, and an unknown name.
pub fn order(text: &str, field: &str, lookup: Lookup<'_>) -> Result<Vec<(usize, bool)>> {
    let reader = Reader { field, lookup };
    check_length(text, field)?;
    let parsed = Parser::new(&AnsiDialect {})
        .with_recursion_limit(DEEPEST)
        .try_with_sql(text)
        .and_then(|mut parser| {
            let order = parser.parse_comma_separated(Parser::parse_order_by_expr)?;
            Ok((order, parser.next_token()))
        });
    let (order, next) = parsed.map_err(|error| reader.no_condition(&error))?;
    if next.token != Token::EOF {
        let expected = "asc, desc, a comma or the end";
        return Err(reader.wrong(next.span.start, expected, &next.token.to_string()));
    }
    let place = |by: &OrderByExpr| {
        let (at, _) = reader.name(&by.expr)?;
        Ok((at, by.options.sort == Some(OrderBySort::Desc)))
    };
    order.iter().map(place).collect()
}

fn check_length(text: &str, field: &str) -> Result<()> {
    if text.len() <= LONGEST {
        return Ok(());
    }
    let expected = format!("at most {LONGEST} bytes");
    let error = Error::mismatch(ErrorCode::Parameter, expected, text.len().to_string());
    Err(error.in_field(field))
}

impl Condition {
    /// Reads a condition. `field` is what to call it in an error.
    ///
    /// # Errors
    /// [`ErrorCode::Parameter`], with the place, for what is no condition, an
    /// unknown name, or a value of another kind than the name's.
    pub fn parse(text: &str, field: &str, lookup: Lookup<'_>) -> Result<Self> {
        let reader = Reader { field, lookup };
        check_length(text, field)?;
        let parsed = Parser::new(&AnsiDialect {})
            .with_recursion_limit(DEEPEST)
            .try_with_sql(text)
            .and_then(|mut parser| Ok((parser.parse_expr()?, parser.next_token())));
        let (expression, next) = parsed.map_err(|error| reader.no_condition(&error))?;
        if next.token != Token::EOF {
            let expected = "and, or, or the end";
            return Err(reader.wrong(next.span.start, expected, &next.token.to_string()));
        }
        reader.condition(&expression)
    }

    /// Whether it holds for values, by their places.
    pub fn holds<'a>(&self, value: &dyn Fn(usize) -> Cell<'a>) -> bool {
        self.is_true(value) == Some(true)
    }

    /// As [`holds`](Self::holds); nothing where that depends on what is missing.
    fn is_true<'a>(&self, value: &dyn Fn(usize) -> Cell<'a>) -> Option<bool> {
        match self {
            Self::All(parts) => join(parts, false, value),
            Self::Any(parts) => join(parts, true, value),
            Self::Not(part) => part.is_true(value).map(|holds| !holds),
            Self::IsMissing(at) => Some(value(*at) == Cell::Missing),
            Self::Compare(at, comparison, literal) => {
                let order = literal.compare(value(*at))?;
                Some(match comparison {
                    Comparison::Equal => order.is_eq(),
                    Comparison::Unequal => order.is_ne(),
                    Comparison::Less => order.is_lt(),
                    Comparison::AtMost => order.is_le(),
                    Comparison::More => order.is_gt(),
                    Comparison::AtLeast => order.is_ge(),
                })
            }
            Self::Like(at, pattern) => match value(*at) {
                Cell::Text(text) => {
                    let signs = |text: &str| text.chars().collect::<Vec<char>>();
                    Some(is_like(&signs(text), &signs(pattern)))
                }
                _ => None,
            },
            Self::In(at, literals) => match value(*at) {
                Cell::Missing => None,
                cell => Some(
                    literals
                        .iter()
                        .any(|literal| literal.compare(cell).is_some_and(Ordering::is_eq)),
                ),
            },
        }
    }
}

/// Whether a text is of the form of a pattern.
fn is_like(text: &[char], pattern: &[char]) -> bool {
    // The last `%` and the text behind it, to try again with more signs for it.
    let mut retry: Option<(usize, usize)> = None;
    let (mut at, mut of) = (0, 0);
    while at < text.len() {
        match pattern.get(of) {
            Some('%') => {
                retry = Some((of, at));
                of += 1;
            }
            Some(sign) if *sign == '_' || *sign == text[at] => {
                of += 1;
                at += 1;
            }
            _ => {
                let Some((star, from)) = retry else {
                    return false;
                };
                retry = Some((star, from + 1));
                (of, at) = (star + 1, from + 1);
            }
        }
    }
    pattern[of..].iter().all(|sign| *sign == '%')
}

/// One part that is `decisive` decides for all; if none is, one that is not
/// known leaves it open.
fn join<'a>(
    parts: &[Condition],
    decisive: bool,
    value: &dyn Fn(usize) -> Cell<'a>,
) -> Option<bool> {
    let mut joined = Some(!decisive);
    for part in parts {
        match part.is_true(value) {
            Some(holds) if holds == decisive => return Some(decisive),
            None => joined = None,
            Some(_) => {}
        }
    }
    joined
}

impl Literal {
    /// How a value stands to this one.
    fn compare(&self, cell: Cell<'_>) -> Option<Ordering> {
        match (cell, self) {
            (Cell::Integer(x), Self::Integer(y)) => Some(x.cmp(y)),
            (Cell::Text(x), Self::Text(y)) => Some(x.cmp(y.as_str())),
            (Cell::Boolean(x), Self::Boolean(y)) => Some(x.cmp(y)),
            (cell, Self::Integer(y)) => cell.number()?.partial_cmp(&(*y as f64)),
            (cell, Self::Number(y)) => cell.number()?.partial_cmp(y),
            _ => None,
        }
    }

    fn fits(&self, kind: Kind) -> bool {
        match self {
            Self::Integer(_) | Self::Number(_) => matches!(kind, Kind::Integer | Kind::Number),
            Self::Text(_) => kind == Kind::Text,
            Self::Boolean(_) => kind == Kind::Boolean,
        }
    }
}

#[cfg(test)]
mod tests;
