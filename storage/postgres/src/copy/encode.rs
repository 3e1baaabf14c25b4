//! Rows in the binary form in which COPY takes them.

use bytes::{BufMut as _, BytesMut};
use selene_contracts::row::{Cells, Value};
use tokio_postgres::types::{IsNull, ToSql as _, Type};

use crate::statement::value::{Bound, is_in_no_row};

/// What stands before all rows: the signature, no flags, no extension.
const HEADER: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";

/// What stands behind them.
const TRAILER: i16 = -1;

/// Rows of one table on their way.
#[derive(Debug, Default)]
pub(super) struct Rows {
    bytes: BytesMut,
    rows: u64,
}

/// The column that does not take its value, by its position, and why.
pub(super) type Refused = (usize, &'static str);

impl Rows {
    /// How many there are.
    pub(super) const fn count(&self) -> u64 {
        self.rows
    }

    /// How many bytes they are.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Adds a row with a value for each of these types.
    pub(super) fn add(&mut self, types: &[Type], row: &dyn Cells) -> Result<(), Refused> {
        if self.bytes.is_empty() {
            self.bytes.put_slice(HEADER);
        }
        let columns = i16::try_from(types.len()).map_err(|_| (0, "there are too many columns"))?;
        self.bytes.put_i16(columns);
        for (position, ty) in types.iter().enumerate() {
            self.add_value(ty, &row.cell(position)).map_err(|why| (position, why))?;
        }
        self.rows += 1;
        Ok(())
    }

    fn add_value(&mut self, ty: &Type, value: &Value<'_>) -> Result<(), &'static str> {
        if is_in_no_row(value) {
            return Err("a text with U+0000");
        }
        let before = self.bytes.len();
        // The length, once it is known; -1 stands for no value.
        self.bytes.put_i32(-1);
        let written = Bound(value).to_sql(ty, &mut self.bytes).map_err(|_| "a value of another type")?;
        if matches!(written, IsNull::No) {
            let length = i32::try_from(self.bytes.len() - before - 4).map_err(|_| "it is too long")?;
            self.bytes[before..before + 4].copy_from_slice(&length.to_be_bytes());
        }
        Ok(())
    }

    /// All rows, for one COPY; there is none here then.
    pub(super) fn take(&mut self) -> BytesMut {
        self.rows = 0;
        let mut bytes = std::mem::take(&mut self.bytes);
        bytes.put_i16(TRAILER);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Row(Vec<Value<'static>>);

    impl Cells for Row {
        fn cell(&self, position: usize) -> Value<'_> {
            self.0.get(position).cloned().unwrap_or(Value::Null)
        }
    }

    #[test]
    fn rows_have_the_form_of_the_manual() {
        let mut rows = Rows::default();
        rows.add(&[Type::INT8, Type::TEXT], &Row(vec![Value::Integer(1)])).unwrap();
        rows.add(&[Type::INT8, Type::TEXT], &Row(vec![Value::Integer(-2), Value::Text("ab".into())]))
            .unwrap();
        assert_eq!(rows.count(), 2);
        let mut expected = b"PGCOPY\n\xff\r\n\0".to_vec();
        expected.extend([0; 8]);
        expected.extend([0, 2, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 1, 255, 255, 255, 255]);
        expected.extend([0, 2, 0, 0, 0, 8, 255, 255, 255, 255, 255, 255, 255, 254, 0, 0, 0, 2, b'a', b'b']);
        expected.extend([255, 255]);
        assert_eq!(rows.take().to_vec(), expected);
        assert_eq!((rows.count(), rows.len()), (0, 0));
    }

    #[test]
    fn what_the_server_does_not_store_is_named() {
        let refused =
            |value, ty| Rows::default().add(&[Type::INT8, ty], &Row(vec![Value::Integer(1), value]));
        assert_eq!(refused(Value::Text("a\0".into()), Type::TEXT), Err((1, "a text with U+0000")));
        assert_eq!(refused(Value::Bytes(vec![1].into()), Type::TEXT), Err((1, "a value of another type")));
        assert_eq!(refused(Value::Bytes(vec![1].into()), Type::BYTEA), Ok(()));
    }
}
