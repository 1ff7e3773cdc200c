//! From the expressions of SQL, of which few are taken, to conditions.

use churn_core::{Error, ErrorCode, Result, infer};
use sqlparser::ast::{BinaryOperator, Expr, Ident, InTarget, Spanned as _, UnaryOperator, Value};
use sqlparser::parser::ParserError;
use sqlparser::tokenizer::Location;

use super::{Comparison, Condition, Literal, Lookup};
use crate::table::cells::Kind;

/// From the expressions of SQL to conditions.
pub(super) struct Reader<'a> {
    pub field: &'a str,
    pub lookup: Lookup<'a>,
}

impl Reader<'_> {
    pub fn condition(&self, expression: &Expr) -> Result<Condition> {
        match expression {
            Expr::Nested(inner) => self.condition(inner),
            Expr::UnaryOp {
                op: UnaryOperator::Not,
                expr,
            } => Ok(Condition::Not(Box::new(self.condition(expr)?))),
            Expr::BinaryOp { left, op, right } => match op {
                BinaryOperator::And | BinaryOperator::Or => {
                    let mut parts = Vec::new();
                    self.parts(expression, op, &mut parts)?;
                    Ok(match op {
                        BinaryOperator::And => Condition::All(parts),
                        _ => Condition::Any(parts),
                    })
                }
                op => {
                    let (at, kind) = self.name(left)?;
                    let comparison = match op {
                        BinaryOperator::Eq => Comparison::Equal,
                        BinaryOperator::NotEq => Comparison::Unequal,
                        BinaryOperator::Lt => Comparison::Less,
                        BinaryOperator::LtEq => Comparison::AtMost,
                        BinaryOperator::Gt => Comparison::More,
                        BinaryOperator::GtEq => Comparison::AtLeast,
                        op => return Err(self.no_comparison(left, &op.to_string())),
                    };
                    Ok(Condition::Compare(
                        at,
                        comparison,
                        self.literal(right, kind)?,
                    ))
                }
            },
            Expr::IsNull(inner) => Ok(Condition::IsMissing(self.name(inner)?.0)),
            Expr::IsNotNull(inner) => {
                let missing = Condition::IsMissing(self.name(inner)?.0);
                Ok(Condition::Not(Box::new(missing)))
            }
            Expr::Like {
                negated,
                any: false,
                expr,
                pattern,
                escape_char: None,
            } => {
                let (at, kind) = self.name(expr)?;
                let form = match self.literal(pattern, kind)? {
                    Literal::Text(form) => Condition::Like(at, form),
                    _ => {
                        let expected = "a name of a text before like";
                        return Err(self.wrong(expr.span().start, expected, &expr.to_string()));
                    }
                };
                Ok(match negated {
                    true => Condition::Not(Box::new(form)),
                    false => form,
                })
            }
            Expr::In {
                expr,
                target: InTarget::List(list),
                negated,
                global: false,
            } => {
                let (at, kind) = self.name(expr)?;
                let literals = list.iter().map(|item| self.literal(item, kind));
                let found = Condition::In(at, literals.collect::<Result<_>>()?);
                Ok(match negated {
                    true => Condition::Not(Box::new(found)),
                    false => found,
                })
            }
            other => Err(self.no_comparison(other, &other.to_string())),
        }
    }

    /// The parts of a chain of one operator, in order. Chains lean to the left
    /// and may be long.
    fn parts(&self, chain: &Expr, op: &BinaryOperator, parts: &mut Vec<Condition>) -> Result<()> {
        let mut rights = Vec::new();
        let mut rest = chain;
        while let Expr::BinaryOp {
            left,
            op: found,
            right,
        } = rest
            && found == op
        {
            rights.push(right);
            rest = left;
        }
        parts.push(self.condition(rest)?);
        for right in rights.into_iter().rev() {
            parts.push(self.condition(right)?);
        }
        Ok(())
    }

    pub fn name(&self, expression: &Expr) -> Result<(usize, Kind)> {
        let names: &[Ident] = match expression {
            Expr::Identifier(name) => std::slice::from_ref(name),
            Expr::CompoundIdentifier(names) => names,
            other => return Err(self.no_comparison(other, &other.to_string())),
        };
        let names: Vec<&str> = names.iter().map(|name| name.value.as_str()).collect();
        let name = names.join(".");
        (self.lookup)(&name).ok_or_else(|| {
            let got = format!("'{name}'");
            self.wrong(expression.span().start, "a known name", &got)
        })
    }

    /// A value of this kind.
    fn literal(&self, expression: &Expr, kind: Kind) -> Result<Literal> {
        let (minus, value) = match expression {
            Expr::UnaryOp {
                op: UnaryOperator::Minus,
                expr,
            } => ("-", expr.as_ref()),
            other => ("", other),
        };
        let literal = match value {
            Expr::Value(value) => match &value.value {
                Value::Number(digits, false) => number(&format!("{minus}{digits}")),
                Value::SingleQuotedString(text) if minus.is_empty() => {
                    Some(Literal::Text(text.clone()))
                }
                Value::Boolean(value) if minus.is_empty() => Some(Literal::Boolean(*value)),
                _ => None,
            },
            _ => None,
        };
        literal.filter(|literal| literal.fits(kind)).ok_or_else(|| {
            let expected = match kind {
                Kind::Integer | Kind::Number => "a number",
                Kind::Text => "a text in single quotes",
                Kind::Boolean => "true or false",
            };
            self.wrong(expression.span().start, expected, &expression.to_string())
        })
    }

    fn no_comparison(&self, expression: &Expr, got: &str) -> Error {
        let expected = "a name compared with a value";
        self.wrong(expression.span().start, expected, got)
    }

    pub fn wrong(&self, at: Location, expected: &str, got: &str) -> Error {
        let place = match (at.line, at.column) {
            (0, _) => String::new(),
            (1, column) => format!(", character {column}"),
            (line, column) => format!(", line {line}, character {column}"),
        };
        let error = Error::mismatch(ErrorCode::Parameter, expected, got);
        error.in_field(format!("{}{place}", self.field))
    }

    /// What the parser says; it has the place in its text.
    pub fn no_condition(&self, error: &ParserError) -> Error {
        let told = match error {
            ParserError::TokenizerError(told) | ParserError::ParserError(told) => told.as_str(),
            ParserError::RecursionLimitExceeded => "too many parentheses",
        };
        let (told, place) = told.split_once(" at Line: ").unwrap_or((told, ""));
        let place = place.replace("Column: ", "character ");
        let place = match place.strip_prefix("1, ").unwrap_or(&place) {
            "" => String::new(),
            place => format!(", {place}"),
        };
        let told = match told.replace("found: EOF", "found the end") {
            told if told.starts_with("Expected: ") => told.replacen("Expected: ", "expected ", 1),
            told => told,
        };
        Error::new(ErrorCode::Parameter, told.replace("found: ", "found "))
            .in_field(format!("{}{place}", self.field))
    }
}

fn number(text: &str) -> Option<Literal> {
    let integer = text.parse().ok().map(Literal::Integer);
    integer.or_else(|| infer::number(text).map(Literal::Number))
}
