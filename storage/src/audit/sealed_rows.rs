//! The ledger rows that a page of events seals, read together: a database that is far is asked once for each ledger, not for each row.
//!
//! What must not live here: what a line looks like (`format`).

use std::collections::BTreeMap;

use selene_contracts::row::Value;
use selene_contracts::{TableSpec, ValueSpec};

use super::format;
use crate::failure::Failure;
use crate::seal::{RowSeal, shown};
use crate::session::Session;

/// The values of one row.
pub(super) type Row = Vec<Value<'static>>;

/// Rows of ledgers, by table and by key as a seal shows it.
#[derive(Debug, Default)]
pub(super) struct SealedRows(BTreeMap<&'static str, BTreeMap<Vec<String>, Row>>);

impl SealedRows {
    /// Reads the rows that seals name. A row that is not there, or whose key cannot be read, is left out.
    pub(super) fn read<'a>(
        db: &impl Session,
        seals: impl Iterator<Item = (&'static TableSpec, &'a RowSeal)>,
    ) -> Result<Self, Failure> {
        let mut asked: BTreeMap<&str, (&'static TableSpec, Vec<Row>)> = BTreeMap::new();
        for (ledger, seal) in seals {
            if let Some(key) = key(ledger, seal) {
                asked.entry(ledger.bare_name()).or_insert_with(|| (ledger, Vec::new())).1.push(key);
            }
        }
        let mut rows = Self::default();
        for (ledger, mut keys) in asked.into_values() {
            // The last key again and again, so that there are few statements, however many keys a page has.
            let last = keys.last().cloned().unwrap_or_default();
            keys.resize(keys.len().next_power_of_two(), last);
            rows.read_ledger(db, ledger, &keys)?;
        }
        Ok(rows)
    }

    fn read_ledger(
        &mut self,
        db: &impl Session,
        ledger: &'static TableSpec,
        keys: &[Row],
    ) -> Result<(), Failure> {
        let rows = self.0.entry(ledger.bare_name()).or_default();
        db.visit(&statement(ledger, keys.len()), &keys.concat(), &mut |cells| {
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

/// The statement that reads rows of a ledger by their keys.
pub(super) fn statement(ledger: &TableSpec, keys: usize) -> String {
    let (columns, table, parts) =
        (ledger.sealed_columns.join(", "), ledger.bare_name(), ledger.primary_key.len());
    let condition = match ledger.primary_key {
        [column] => {
            let parameters: Vec<String> = (1..=keys).map(|number| format!("${number}")).collect();
            format!("{column} IN ({})", parameters.join(", "))
        }
        key => {
            let of_key = |number: usize| {
                let parts = key.iter().zip(number * parts + 1..);
                let parts: Vec<String> = parts.map(|(column, at)| format!("{column} = ${at}")).collect();
                format!("({})", parts.join(" AND "))
            };
            (0..keys).map(of_key).collect::<Vec<_>>().join(" OR ")
        }
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
