//! A value of any type that a table may have, on its way from one database to
//! the other.

use std::error::Error;

use rusqlite::types::{FromSqlResult, ToSqlOutput, Value, ValueRef};
use tokio_postgres::types::private::BytesMut;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use uuid::Uuid;

/// A value as SQLite has it; PostgreSQL's names are bytes there.
#[derive(Debug)]
pub(super) struct Cell(Value);

type Failure = Box<dyn Error + Sync + Send>;

impl rusqlite::types::FromSql for Cell {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Value::column_result(value).map(Self)
    }
}

impl rusqlite::ToSql for Cell {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        self.0.to_sql()
    }
}

impl<'a> FromSql<'a> for Cell {
    fn from_sql(of: &Type, raw: &'a [u8]) -> Result<Self, Failure> {
        Ok(Self(match *of {
            Type::INT8 => Value::Integer(i64::from_sql(of, raw)?),
            Type::FLOAT8 => Value::Real(f64::from_sql(of, raw)?),
            Type::TEXT => Value::Text(String::from_sql(of, raw)?),
            Type::UUID => Value::Blob(Uuid::from_sql(of, raw)?.as_bytes().to_vec()),
            _ => Value::Blob(Vec::from_sql(of, raw)?),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Failure> {
        Ok(Self(Value::Null))
    }

    fn accepts(of: &Type) -> bool {
        [
            Type::INT8,
            Type::FLOAT8,
            Type::TEXT,
            Type::UUID,
            Type::BYTEA,
        ]
        .contains(of)
    }
}

impl ToSql for Cell {
    fn to_sql(&self, of: &Type, out: &mut BytesMut) -> Result<IsNull, Failure> {
        match (&self.0, of) {
            (Value::Null, _) => Ok(IsNull::Yes),
            (Value::Integer(x), &Type::INT8) => x.to_sql(of, out),
            (Value::Real(x), &Type::FLOAT8) => x.to_sql(of, out),
            (Value::Text(text), &Type::TEXT) => text.to_sql(of, out),
            (Value::Blob(bytes), &Type::UUID) => Uuid::from_slice(bytes)?.to_sql(of, out),
            (Value::Blob(bytes), &Type::BYTEA) => bytes.to_sql(of, out),
            (value, of) => Err(format!("{} for a column of {of}", value.data_type()).into()),
        }
    }

    fn accepts(of: &Type) -> bool {
        <Self as FromSql<'_>>::accepts(of)
    }

    to_sql_checked!();
}
