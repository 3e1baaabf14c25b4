//! Seals: what an event says, under its hash, of the rows that its commit wrote.
//!
//! A seal names a table, the key of a row, how often the row was written, and a digest of its columns. What must not live
//! here: reading rows, or what a row means.

use selene_contracts::Digest;
use selene_contracts::row::{Cells, TableRow, Unreadable, Value, cell};

use crate::encode::{Encoder, hexadecimal};

/// The domain of a row's digest. A change of what is hashed needs a new number.
const ROW_DOMAIN: &str = "selene.row.v1";
/// The domain of a digest of keys, each over the one before.
const ROWS_DOMAIN: &str = "selene.rows.v1";
/// The domain of a digest of the columns that many rows share.
const SHARED_DOMAIN: &str = "selene.rows.shared.v1";

/// One row as its commit left it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RowSeal {
    /// The table, without its schema.
    pub(crate) table: String,
    /// The values of the primary key in its order, as [`shown`] shows them.
    pub(crate) key: Vec<String>,
    /// How often the row was written; zero in a table whose rows never change.
    pub(crate) version: u64,
    /// The digest, as hexadecimal digits.
    pub(crate) digest: String,
    /// Only where the seal stands for many rows, all that one statement wrote: `key` is the start of the key that they share,
    /// `digest` goes over their keys, and this one over the columns beside the key, which are the same in all of them.
    pub(crate) shared_digest: Option<String>,
}

impl RowSeal {
    /// The seal of a row that was just written.
    pub(crate) fn of<R: TableRow>(row: &R, version: u64) -> Self {
        let values = row.values();
        let columns = R::SEALED.iter().map(|(position, name)| (*name, &values.as_ref()[*position]));
        Self::of_columns(R::TABLE, R::KEY.len(), columns, version)
    }

    /// The seal of a row as it is stored: its columns in the order of the table, then how often it was written.
    pub(crate) fn of_stored<R: TableRow>(cells: &dyn Cells) -> Result<Self, Unreadable> {
        let values: Vec<Value<'_>> = (0..R::COLUMNS.len()).map(|position| cells.cell(position)).collect();
        let columns = R::SEALED.iter().map(|(position, name)| (*name, &values[*position]));
        Ok(Self::of_columns(R::TABLE, R::KEY.len(), columns, cell(cells, R::COLUMNS.len())?))
    }

    /// The digest as bytes; none where the digits are no digest.
    pub(crate) fn digest_bytes(&self) -> Option<[u8; 32]> {
        self.digest.parse::<Digest>().ok().map(|digest| digest.0)
    }

    /// The seal of a row whose columns come in the order of [`TableRow::SEALED`], the key first.
    pub(crate) fn of_columns<'a>(
        table: &str,
        key_columns: usize,
        columns: impl Iterator<Item = (&'a str, &'a Value<'a>)>,
        version: u64,
    ) -> Self {
        let mut key = Vec::with_capacity(key_columns);
        let columns = columns.enumerate().map(|(place, (name, value))| {
            if place < key_columns {
                key.push(shown(value));
            }
            (name, value)
        });
        let digest = hexadecimal(&digest_of_columns(table, columns, version));
        Self { table: table.to_owned(), key, version, digest, shared_digest: None }
    }
}

/// The digest that the seal of a row has.
pub(crate) fn digest_of_columns<'a>(
    table: &str,
    columns: impl Iterator<Item = (&'a str, &'a Value<'a>)>,
    version: u64,
) -> [u8; 32] {
    let mut bytes = Encoder::new(ROW_DOMAIN);
    bytes.text(table);
    bytes.number(version);
    for (name, value) in columns {
        encode(&mut bytes, name, value);
    }
    bytes.finish()
}

/// Makes the seal of many rows, one after the other in the order of their keys.
#[derive(Debug, Clone)]
pub(crate) struct GroupSealer {
    keys: [u8; 32],
    shared: Option<String>,
}

impl GroupSealer {
    /// Before the first row.
    pub(crate) const fn new() -> Self {
        Self { keys: [0; 32], shared: None }
    }

    /// Takes the key of a row.
    pub(crate) fn take_key<'a>(&mut self, key: impl Iterator<Item = (&'a str, &'a Value<'a>)>) {
        let mut bytes = Encoder::new(ROWS_DOMAIN);
        bytes.bytes(&self.keys);
        for (name, value) in key {
            encode(&mut bytes, name, value);
        }
        self.keys = bytes.finish();
    }

    /// Takes the columns of a row beside its key; says whether they are those of the rows before.
    pub(crate) fn takes_columns<'a>(
        &mut self,
        columns: impl Iterator<Item = (&'a str, &'a Value<'a>)>,
    ) -> bool {
        let digest = shared_digest(columns);
        *self.shared.get_or_insert_with(|| digest.clone()) == digest
    }

    /// The digest of the keys so far.
    pub(crate) fn digest(&self) -> String {
        hexadecimal(&self.keys)
    }

    /// The seal of the rows of a table whose key starts with `key`.
    pub(crate) fn seal(self, table: &str, key: &[Value<'_>], version: u64) -> RowSeal {
        let digest = self.digest();
        let shared = self.shared.unwrap_or_else(|| shared_digest(std::iter::empty()));
        let key = key.iter().map(shown).collect();
        RowSeal { table: table.to_owned(), key, version, digest, shared_digest: Some(shared) }
    }
}

/// The digest of columns that many rows share.
pub(crate) fn shared_digest<'a>(columns: impl Iterator<Item = (&'a str, &'a Value<'a>)>) -> String {
    let mut bytes = Encoder::new(SHARED_DOMAIN);
    for (name, value) in columns {
        encode(&mut bytes, name, value);
    }
    hexadecimal(&bytes.finish())
}

/// Adds a column. An absent value adds nothing, so a column that a later schema brings leaves the digests of rows without a
/// value in it as they are.
pub(crate) fn encode(bytes: &mut Encoder, name: &str, value: &Value<'_>) {
    match value {
        Value::Null => return,
        Value::Integer(number) => {
            bytes.text("i");
            bytes.number(number.cast_unsigned());
        }
        Value::Real(number) => {
            bytes.text("r");
            bytes.number(number.to_bits());
        }
        Value::Text(text) => {
            bytes.text("t");
            bytes.text(text);
        }
        Value::Bytes(blob) => {
            bytes.text("b");
            bytes.bytes(blob);
        }
        Value::Wide(blob) => {
            bytes.text("b");
            bytes.bytes(blob);
        }
    }
    bytes.text(name);
}

/// A value of a key as people read it: a text as it is, a number in decimal digits, bytes in hexadecimal ones.
pub(crate) fn shown(value: &Value<'_>) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(number) => number.cast_unsigned().to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) => text.to_string(),
        Value::Bytes(blob) => hexadecimal(blob),
        Value::Wide(blob) => hexadecimal(blob),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(columns: &[(&str, Value<'static>)], version: u64) -> RowSeal {
        RowSeal::of_columns("t", 1, columns.iter().map(|(name, value)| (*name, value)), version)
    }

    #[test]
    fn every_part_reaches_the_digest() {
        let (key, text) = (("id", Value::Text("a".into())), ("x", Value::Text("b".into())));
        let first = seal(&[key.clone(), text.clone()], 1);
        assert_eq!(
            (first.table.as_str(), first.key.as_slice(), first.version),
            ("t", &["a".to_owned()][..], 1)
        );
        for other in [
            seal(&[("id", Value::Text("b".into())), text.clone()], 1),
            seal(&[key.clone(), ("y", Value::Text("b".into()))], 1),
            seal(&[key.clone(), ("x", Value::Bytes(b"b"[..].into()))], 1),
            seal(&[key.clone(), ("x", Value::Integer(1))], 1),
            seal(&[key.clone(), ("x", Value::Real(1.0))], 1),
            seal(&[key.clone(), text.clone()], 2),
            seal(std::slice::from_ref(&key), 1),
        ] {
            assert_ne!(other.digest, first.digest);
        }
    }

    #[test]
    fn an_absent_value_adds_nothing_and_both_forms_of_an_id_are_one() {
        let key = ("id", Value::Wide([7; 16]));
        let with_null = seal(&[key.clone(), ("x", Value::Null)], 1);
        assert_eq!(seal(&[key], 1), with_null);
        assert_eq!(seal(&[("id", Value::Bytes(vec![7; 16].into()))], 1), with_null);
    }

    /// The seal of rows with these keys and a column that they share, and whether they do share it.
    fn group(rows: &[(&'static str, i64)]) -> (RowSeal, bool) {
        let (mut sealer, mut is_equal) = (GroupSealer::new(), true);
        for (key, shared) in rows {
            sealer.take_key([("id", &Value::Text((*key).into()))].into_iter());
            is_equal &= sealer.takes_columns([("x", &Value::Integer(*shared))].into_iter());
        }
        (sealer.seal("t", &[Value::Text("g".into())], 1), is_equal)
    }

    #[test]
    fn the_seal_of_a_group_goes_over_every_key_in_order_and_over_what_the_rows_share() {
        let (first, is_equal) = group(&[("a", 1), ("b", 1)]);
        assert!(is_equal);
        assert_eq!(group(&[("a", 1), ("b", 1)]).0, first);
        let shared = first.shared_digest.clone().unwrap();
        assert_eq!((first.digest.len(), shared.len()), (64, 64), "32 bytes in hexadecimal digits");
        for keys in [&[("b", 1), ("a", 1)][..], &[("a", 1), ("c", 1)], &[("c", 1), ("b", 1)], &[("a", 1)]] {
            let (other, _) = group(keys);
            assert_ne!(other.digest, first.digest, "{keys:?}");
            assert_eq!(other.shared_digest, first.shared_digest, "{keys:?}");
        }
        let (other, _) = group(&[("a", 2), ("b", 2)]);
        assert_eq!(other.digest, first.digest);
        assert_ne!(other.shared_digest, first.shared_digest);
        assert!(!group(&[("a", 1), ("b", 2)]).1);
    }
}
