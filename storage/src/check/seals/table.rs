//! A table as seals see it: its columns in their order, and its rows as they are stored.

use std::collections::BTreeMap;
use std::rc::Rc;

use selene_contracts::ph1_j::AuditEventsRow;
use selene_contracts::row::{Selection as _, Value};
use selene_contracts::tables::audit_events;
use selene_contracts::{FieldSpec, TableSpec, engines};

use super::form::has_form;
use crate::check::stream::{StoredRow, Stream, each_row};
use crate::failure::Failure;
use crate::seal::{digest_of_columns, shared_digest, shown};
use crate::session::Session;

/// A table whose rows events seal.
pub(super) struct SealedTable {
    pub(super) name: &'static str,
    /// Whether its rows count how often they were written.
    pub(super) is_versioned: bool,
    pub(super) key: &'static [&'static str],
    /// The columns of a seal in their order, and behind them the count.
    columns: Rc<[&'static str]>,
    /// The types of these columns, but for the count.
    fields: Rc<[Option<&'static FieldSpec>]>,
    /// Where the place of its event stands in the columns, if a row has one.
    place: Option<[usize; 2]>,
}

/// Every table whose columns a contract lists, by name, but for the audit events, which the check of the chains covers.
pub(super) fn all() -> Vec<SealedTable> {
    let specs = engines::ALL.iter().flat_map(|engine| engine.tables).filter(|spec| !spec.columns.is_empty());
    let tables: BTreeMap<&str, SealedTable> =
        specs.map(SealedTable::of).map(|table| (table.name, table)).collect();
    tables.into_values().filter(|table| table.name != AuditEventsRow::TABLE).collect()
}

impl SealedTable {
    fn of(spec: &'static TableSpec) -> Self {
        let is_versioned = spec.row_version.is_some();
        let columns: Rc<[&str]> = spec.sealed_columns.iter().copied().chain(spec.row_version).collect();
        let position = |name: &str| columns.iter().position(|column| *column == name);
        let place = position(audit_events::CHAIN_ID)
            .zip(position(audit_events::CHAIN_SEQUENCE))
            .map(|(id, sequence)| [id, sequence]);
        let field = |name: &&str| spec.columns.iter().find(|field| field.name == *name);
        let fields = columns.iter().map(field).collect();
        Self { name: spec.bare_name(), is_versioned, key: spec.primary_key, columns, fields, place }
    }

    /// The name of the column at a place.
    pub(super) fn column(&self, position: u64) -> Option<&'static str> {
        usize::try_from(position).ok().and_then(|position| self.columns.get(position)).copied()
    }

    /// The columns of a seal in their order.
    pub(super) fn sealed_columns(&self) -> impl Iterator<Item = &'static str> {
        let count = self.columns.len() - usize::from(self.is_versioned);
        self.columns.iter().copied().take(count)
    }

    /// The rows in the order of their keys.
    pub(super) fn rows<'a, S: Session>(
        &'a self,
        db: &'a S,
    ) -> impl Iterator<Item = Result<SealedRow<'a, 'static>, Failure>> {
        let rows = Stream::of_table(db, self.name, Rc::clone(&self.columns), self.key);
        rows.map(|row| row.map(|row| SealedRow { table: self, row }))
    }

    /// Shows the rows in no order, without a copy of their values.
    pub(super) fn each_row(
        &self,
        db: &impl Session,
        visit: &mut dyn FnMut(&SealedRow<'_, '_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        each_row(db, self.name, Rc::clone(&self.columns), self.key, &mut |row| {
            visit(&SealedRow { table: self, row })
        })
    }
}

/// A row as it is stored.
pub(super) struct SealedRow<'a, 'v> {
    table: &'a SealedTable,
    row: StoredRow<'v>,
}

impl SealedRow<'_, '_> {
    /// The columns of a seal in their order.
    pub(super) fn columns(&self) -> impl Iterator<Item = (&str, &Value<'_>)> {
        let names = self.table.sealed_columns().map(|name| -> &str { name });
        names.zip(self.row.values())
    }

    /// Where the first column stands whose value cannot be read.
    pub(super) fn unreadable(&self) -> Option<u64> {
        let mut columns = self.table.fields.iter().zip(self.row.values());
        let position = columns.position(|(field, value)| match field {
            Some(field) => !has_form(field, value),
            None => !matches!(value, Value::Integer(_)),
        });
        position.and_then(|position| u64::try_from(position).ok())
    }

    /// How often it was written since events seal it; zero in a table whose rows never change.
    pub(super) fn version(&self) -> u64 {
        match self.row.values().last() {
            Some(Value::Integer(version)) if self.table.is_versioned => version.cast_unsigned(),
            _ => 0,
        }
    }

    /// The digest that a seal of the row as it lies in the table now would have.
    pub(super) fn digest(&self) -> [u8; 32] {
        digest_of_columns(self.table.name, self.columns(), self.version())
    }

    /// The columns of its key.
    pub(super) fn key_columns(&self) -> impl Iterator<Item = (&str, &Value<'_>)> {
        self.columns().take(self.table.key.len())
    }

    /// The values of its key, as a seal has them.
    pub(super) fn key(&self) -> Vec<String> {
        self.key_columns().map(|(_, value)| shown(value)).collect()
    }

    /// The values of its key, as a report has them.
    pub(super) fn shown(&self) -> String {
        self.key().join(", ")
    }

    /// The digest of what stands beside its key.
    pub(super) fn shared_digest(&self) -> String {
        shared_digest(self.columns().skip(self.table.key.len()))
    }

    /// The place of its event, where the row has one.
    pub(super) fn place(&self) -> Option<[Value<'_>; 2]> {
        let place = self.table.place?;
        Some(place.map(|position| self.row.values()[position].clone()))
    }
}
