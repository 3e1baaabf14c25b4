//! Neutral values as PostgreSQL takes and gives them, in its binary form.

use std::borrow::Cow;
use std::error::Error;

use bytes::BytesMut;
use selene_contracts::row::{Cells, Value};
use tokio_postgres::Row;
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

type Refused = Box<dyn Error + Sync + Send>;

/// A value as it is sent.
#[derive(Debug)]
pub(crate) struct Bound<'a>(pub(crate) &'a Value<'a>);

impl ToSql for Bound<'_> {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Refused> {
        match self.0 {
            Value::Null => Ok(IsNull::Yes),
            Value::Integer(value) if *ty == Type::INT8 => value.to_sql(ty, out),
            Value::Integer(value) if *ty == Type::INT4 => i32::try_from(*value)?.to_sql(ty, out),
            Value::Real(value) if *ty == Type::FLOAT8 => value.to_sql(ty, out),
            Value::Text(text) if is_text(ty) => text.to_sql(ty, out),
            Value::Bytes(bytes) if *ty == Type::BYTEA => (&**bytes).to_sql(ty, out),
            Value::Wide(bytes) if *ty == Type::BYTEA => bytes.as_slice().to_sql(ty, out),
            _ => Err(format!("a value of another type than {ty}").into()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

fn is_text(ty: &Type) -> bool {
    [Type::TEXT, Type::VARCHAR, Type::NAME].contains(ty)
}

/// Whether a value is one that no row has: PostgreSQL stores no U+0000.
pub(crate) fn is_in_no_row(value: &Value<'_>) -> bool {
    matches!(value, Value::Text(text) if text.contains('\0'))
}

/// A row of an answer.
pub(crate) struct PostgresCells<'a>(pub(crate) &'a Row);

impl Cells for PostgresCells<'_> {
    fn cell(&self, position: usize) -> Value<'_> {
        // What is there and has no form of ours is no absent value either: these bytes are read as nothing.
        self.0.try_get(position).map_or(Value::Bytes(Cow::Borrowed(&[])), |Given(value)| value)
    }
}

/// A value as it comes.
struct Given<'a>(Value<'a>);

impl<'a> FromSql<'a> for Given<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Refused> {
        Ok(Self(match *ty {
            Type::INT8 => Value::Integer(i64::from_sql(ty, raw)?),
            Type::INT4 => Value::Integer(i32::from_sql(ty, raw)?.into()),
            Type::BOOL => Value::Integer(bool::from_sql(ty, raw)?.into()),
            Type::FLOAT8 => Value::Real(f64::from_sql(ty, raw)?),
            Type::BYTEA => Value::Bytes(Cow::Borrowed(raw)),
            _ if is_text(ty) => Value::Text(Cow::Borrowed(std::str::from_utf8(raw)?)),
            _ => return Err(format!("no column has a value of type {ty}").into()),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Refused> {
        Ok(Self(Value::Null))
    }

    fn accepts(_: &Type) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_comes_back_as_it_was_sent() {
        let values = [
            (Value::Integer(i64::MIN), Type::INT8),
            (Value::Integer(7), Type::INT4),
            (Value::Real(-0.5), Type::FLOAT8),
            (Value::Text("Zoë".into()), Type::TEXT),
            (Value::Bytes(vec![0, 255].into()), Type::BYTEA),
        ];
        for (value, ty) in values {
            let mut sent = BytesMut::new();
            assert!(matches!(Bound(&value).to_sql(&ty, &mut sent), Ok(IsNull::No)));
            assert_eq!(Given::from_sql(&ty, &sent).unwrap().0, value);
        }
    }

    #[test]
    fn a_value_of_another_type_is_refused() {
        let mut sent = BytesMut::new();
        assert!(Bound(&Value::Integer(1)).to_sql(&Type::TEXT, &mut sent).is_err());
        assert!(Bound(&Value::Integer(i64::MAX)).to_sql(&Type::INT4, &mut sent).is_err());
        assert!(Given::from_sql(&Type::NUMERIC, &[]).is_err());
    }
}
