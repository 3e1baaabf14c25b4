//! Rows that were sealed together: all whose key has the same start, equal beside the key.
//!
//! Which rows there are is always compared with the seal; the columns beside their keys, as long as a row was not written again.

use std::collections::BTreeMap;

use super::report::{Findings, RowFaultKind};
use super::table::SealedTable;
use crate::failure::Failure;
use crate::seal::{GroupSealer, RowSeal};
use crate::session::Session;

/// The start of a key.
type Start = Vec<String>;

/// The seals of groups: by table, then by the start of their keys, each with the number of its event.
#[derive(Default)]
pub(super) struct Groups(BTreeMap<String, BTreeMap<Start, (u64, RowSeal)>>);

impl Groups {
    pub(super) fn enter(&mut self, event: u64, seal: RowSeal) {
        let groups = self.0.entry(seal.table.clone()).or_default();
        groups.entry(seal.key.clone()).or_insert((event, seal));
    }

    /// Whether rows of a table were sealed together.
    pub(super) fn are_in(&self, table: &str) -> bool {
        self.0.contains_key(table)
    }

    /// Whether the row of a key belongs to a group.
    pub(super) fn contain(&self, table: &SealedTable, key: &[String]) -> bool {
        self.0.get(table.name).is_some_and(|groups| group_of(groups, key).is_some())
    }

    /// Compares the rows of a table with the seals of its groups.
    pub(super) fn compare(
        &self,
        db: &impl Session,
        table: &SealedTable,
        findings: &mut Findings,
    ) -> Result<(), Failure> {
        let Some(groups) = self.0.get(table.name) else { return Ok(()) };
        // Rows come in the order of their keys, so those of a group lie together.
        let mut sealers: BTreeMap<&Start, GroupSealer> = BTreeMap::new();
        for row in table.rows(db) {
            let row = row?;
            let Some((start, (event, seal))) = group_of(groups, &row.key()) else { continue };
            sealers.entry(start).or_insert_with(GroupSealer::new).take_key(row.key_columns());
            let is_as_sealed = row.version() != seal.version
                || seal.shared_digest.as_ref().is_some_and(|digest| *digest == row.shared_digest());
            if !is_as_sealed || row.version() < seal.version {
                let column = row.unreadable().and_then(|position| table.column(position));
                findings.add_of_row(table.name, row.shown(), Some(*event), RowFaultKind::Changed, column);
            }
        }
        for (start, (event, seal)) in groups {
            let found = sealers.remove(start).unwrap_or_else(GroupSealer::new);
            if found.digest() != seal.digest {
                findings.add(table.name, start.join(", "), Some(*event), RowFaultKind::Changed);
            }
        }
        Ok(())
    }
}

/// The group of a row, if it is in one.
fn group_of<'a>(
    groups: &'a BTreeMap<Start, (u64, RowSeal)>,
    key: &[String],
) -> Option<(&'a Start, &'a (u64, RowSeal))> {
    (1..key.len()).find_map(|length| groups.get_key_value(&key[..length]))
}
