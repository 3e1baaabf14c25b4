//! The ledger rows that a page of events seals, read together: a database that is far is asked for the rows of a ledger, not for each row.
//!
//! What must not live here: what a line looks like (`format`).

use std::collections::BTreeMap;

use selene_contracts::row::{Value, key_condition};
use selene_contracts::{TableSpec, ValueSpec};

use super::format;
use crate::failure::Failure;
use crate::seal::{RowSeal, shown};
use crate::session::Session;

/// The values of one row.
pub(super) type Row = Vec<Value<'static>>;

/// A ledger, and keys of it.
type Asked = (&'static TableSpec, Vec<Row>);

/// Rows of ledgers, by table and by key as a seal shows it.
#[derive(Debug, Default)]
pub(super) struct SealedRows(BTreeMap<&'static str, BTreeMap<Vec<String>, Row>>);

impl SealedRows {
    /// Reads the rows that seals name. A row that is not there, or whose key cannot be read, is left out.
    pub(super) fn read<'a>(
        db: &impl Session,
        seals: impl Iterator<Item = (&'static TableSpec, &'a RowSeal)>,
    ) -> Result<Self, Failure> {
        let mut groups: BTreeMap<(&str, &[String]), Asked> = BTreeMap::new();
        for (ledger, seal) in seals {
            let (Some(key), Some((_, start))) = (key(ledger, seal), seal.key.split_last()) else { continue };
            let group = groups.entry((ledger.bare_name(), start)).or_insert_with(|| (ledger, Vec::new()));
            group.1.push(key);
        }
        let mut rows = Self::default();
        let mut others: BTreeMap<&str, Asked> = BTreeMap::new();
        for ((table, start), (ledger, keys)) in groups {
            if start.is_empty() || keys.len() >= GROUPED_FROM {
                rows.read_keys(db, ledger, Form::OneStart, keys)?;
            } else {
                others.entry(table).or_insert_with(|| (ledger, Vec::new())).1.extend(keys);
            }
        }
        for (ledger, keys) in others.into_values() {
            for keys in keys.chunks(OTHERS_AT_ONCE) {
                rows.read_keys(db, ledger, Form::AnyStart, keys.to_vec())?;
            }
        }
        Ok(rows)
    }

    fn read_keys(
        &mut self,
        db: &impl Session,
        ledger: &'static TableSpec,
        form: Form,
        mut keys: Vec<Row>,
    ) -> Result<(), Failure> {
        // The last key again and again, so that there are few statements, however many keys a page has.
        let last = keys.last().cloned().unwrap_or_default();
        keys.resize(keys.len().next_power_of_two(), last);
        let rows = self.0.entry(ledger.bare_name()).or_default();
        db.visit(&statement(ledger, form, keys.len()), &form.values(&keys), &mut |cells| {
            let row: Row = (0..ledger.sealed_columns.len()).map(|at| cells.cell(at).into_owned()).collect();
            // Those of the key come first.
            let key = row.iter().take(ledger.primary_key.len()).map(shown).collect();
            rows.insert(key, row);
            Ok(())
        })
    }

    /// The row that a seal names.
    pub(super) fn of(&self, ledger: &'static TableSpec, seal: &RowSeal) -> Option<&Row> {
        self.0.get(ledger.bare_name())?.get(&seal.key)
    }
}

/// Whether a key has the form of the ledger's.
pub(super) fn is_readable(ledger: &TableSpec, seal: &RowSeal) -> bool {
    key(ledger, seal).is_some()
}

/// From how many keys on that begin alike a statement has their start once.
const GROUPED_FROM: usize = 4;
/// Keys that begin differently, in one statement: a server plans each of them, and takes ever longer for more.
const OTHERS_AT_ONCE: usize = 16;

/// How a statement names keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    /// They differ in their last column only.
    OneStart,
    /// Each is named as a whole.
    AnyStart,
}

impl Form {
    /// The parameters of a statement for keys.
    fn values(self, keys: &[Row]) -> Row {
        match (self, keys.first().and_then(|key| key.split_last())) {
            (Self::OneStart, Some((_, start))) => {
                start.iter().chain(keys.iter().filter_map(|key| key.last())).cloned().collect()
            }
            _ => keys.concat(),
        }
    }
}

/// The statement that reads rows of a ledger by their keys.
pub(crate) fn statement(ledger: &TableSpec, form: Form, keys: usize) -> String {
    let (columns, table, key) = (ledger.sealed_columns.join(", "), ledger.bare_name(), ledger.primary_key);
    let condition = if let (Form::OneStart, Some((last, start))) = (form, key.split_last()) {
        let parameters: Vec<String> =
            (start.len() + 1..=start.len() + keys).map(|number| format!("${number}")).collect();
        let last = format!("{last} IN ({})", parameters.join(", "));
        if start.is_empty() { last } else { format!("{} AND {last}", key_condition(start)) }
    } else {
        let of_key = |number: usize| {
            let parts = key.iter().zip(number * key.len() + 1..);
            let parts: Vec<String> = parts.map(|(column, at)| format!("{column} = ${at}")).collect();
            format!("({})", parts.join(" AND "))
        };
        (0..keys).map(of_key).collect::<Vec<_>>().join(" OR ")
    };
    format!("SELECT {columns} FROM {table} WHERE {condition}")
}

/// The values of a key, out of how a seal shows them.
fn key(ledger: &TableSpec, seal: &RowSeal) -> Option<Row> {
    if seal.key.len() != ledger.primary_key.len() {
        return None;
    }
    let value = |(column, shown): (&&str, &String)| {
        let field = ledger.columns.iter().find(|field| field.name == *column)?;
        Some(match field.value {
            ValueSpec::Integer { max, .. } if max > u128::from(u64::MAX) => {
                Value::Bytes(format::bytes(shown)?.into())
            }
            ValueSpec::Integer { .. } | ValueSpec::Bool => {
                Value::Integer(shown.parse::<u64>().ok()?.cast_signed())
            }
            _ => Value::Text(shown.clone().into()),
        })
    };
    ledger.primary_key.iter().zip(&seal.key).map(value).collect()
}
