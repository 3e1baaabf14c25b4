//! What a check of the current rows found.

use std::collections::BTreeSet;

use selene_contracts::{EngineSpec, engines};
use serde::Serialize;

use crate::check::stream::Unread;
use crate::faults::Faults;

/// What a check of the current rows found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct FoldReport {
    /// Current rows that were checked.
    pub rows: u64,
    /// Ledger rows that they were compared with.
    pub ledger_rows: u64,
    /// Everything that does not fit, table by table.
    #[serde(flatten)]
    pub faults: Faults<FoldFault>,
    /// Tables of the contracts, and of this store, whose rows were compared with nothing, by name. A change of such a row
    /// is not found.
    pub not_covered: Vec<String>,
    /// Tables that were looked at so far.
    #[serde(skip)]
    covered: BTreeSet<&'static str>,
}

impl FoldReport {
    /// Whether every current row that is covered is what its ledger leads to; [`FoldReport::not_covered`] names the
    /// tables that are not.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.faults.is_empty()
    }

    /// Notes that the rows of a table are compared with something.
    pub(super) fn cover(&mut self, table: &'static str) {
        self.covered.insert(table);
    }

    /// Whether the rows of a table are compared with something.
    pub(super) fn covers(&self, table: &str) -> bool {
        self.covered.contains(table)
    }

    /// Names the tables that nothing has covered: of the contracts, and of those that the store has.
    pub(super) fn name_uncovered(&mut self, stored: impl IntoIterator<Item = String>) {
        let mut known: BTreeSet<String> = stored.into_iter().collect();
        known.extend(stated_tables(engines::ALL));
        self.not_covered = known.into_iter().filter(|table| !self.covered.contains(table.as_str())).collect();
    }

    pub(super) fn add(&mut self, table: &'static str, row: String, field: &'static str, kind: FoldFaultKind) {
        let fault = FoldFault { table, row, field, kind };
        // Two ledgers may lead to the same field.
        if !self.faults.contains(&fault) {
            self.faults.add(fault);
        }
    }

    /// Names a value that does not have the form of its column.
    pub(super) fn add_unread(&mut self, unread: Unread) {
        self.add(unread.table, unread.row, unread.column, FoldFaultKind::Unreadable);
    }

    pub(super) fn add_all(&mut self, table: &'static str, row: &str, fields: Vec<&'static str>) {
        for field in fields {
            self.add(table, row.to_owned(), field, FoldFaultKind::Differs);
        }
    }
}

/// The tables that contracts state, without their schemas.
fn stated_tables(engines: &[&EngineSpec]) -> impl Iterator<Item = String> {
    let tables = engines.iter().flat_map(|engine| engine.tables);
    tables.map(|table| table.bare_name().to_owned())
}

/// One field of a row that does not fit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize)]
#[error("{table} ({row}): {field} {kind}")]
#[non_exhaustive]
pub struct FoldFault {
    /// The table of the row.
    pub table: &'static str,
    /// The row's primary key, its columns in order.
    pub row: String,
    /// The field that does not fit.
    pub field: &'static str,
    /// What is wrong with it.
    pub kind: FoldFaultKind,
}

/// What is wrong with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FoldFaultKind {
    /// The value is another one.
    #[error("is not what the ledger leads to")]
    Differs,
    /// The row is not there.
    #[error("names a row that is missing")]
    Missing,
    /// The row is there without a reason.
    #[error("names a row that nothing leads to")]
    Unfounded,
    /// Ledger rows before this one are not there.
    #[error("leaves a gap behind the row before it")]
    Gap,
    /// The value is none that the column can have, so nothing that follows from it is compared.
    #[error("holds a value that cannot be read")]
    Unreadable,
}

#[cfg(test)]
mod tests {
    use selene_contracts::{TableSpec, TruthType};

    use super::*;

    #[test]
    fn a_table_that_nothing_is_held_against_is_named() {
        static TABLES: [TableSpec; 1] = [TableSpec {
            name: "app.notes",
            truth_type: TruthType::Current,
            primary_key: &["note_id"],
            columns: &[],
            sealed_columns: &[],
            row_version: Some("row_version"),
            counter: None,
            unique_keys: &[],
            invariants: &[],
        }];
        static ENGINE: EngineSpec = EngineSpec {
            planned_capabilities: &[],
            id: "PH9.NEW",
            purpose: "An engine that nobody wrote a check for.",
            capabilities: &[],
            reason_codes: &[],
            tables: &TABLES,
            acceptance_tests: &[],
        };
        assert_eq!(stated_tables(&[&ENGINE]).collect::<Vec<_>>(), ["notes"]);
        let mut report = FoldReport::default();
        report.cover("links");
        report.name_uncovered(["stray".to_owned()]);
        assert!(report.not_covered.contains(&"stray".to_owned()), "{:?}", report.not_covered);
        assert!(report.not_covered.contains(&"identities".to_owned()));
        assert!(!report.not_covered.contains(&"links".to_owned()));
    }
}
