//! Checking that every row is what the newest event that seals it says.
//!
//! Every event names, under its hash, the rows that its commit wrote: so an intact chain tells of every row of every table
//! which columns it must have, and of every row that is gone. What lives here: walks over events and tables, and the report.
//! What must not: what a row means, which is the folds' part.
//!
//! Memory does not grow with the store: rows are held against the events in parts, by a hash of their keys, and each part
//! costs one walk. Only the seals of groups, one for each campaign, are held all at once.

mod events;
mod groups;
mod newest;
mod report;
mod table;
pub(crate) mod unsealed;

use selene_contracts::sql;

pub use report::{RowFault, RowFaultKind, RowReport};

use self::groups::Groups;
use self::newest::{KeyHash, Newest, Survey};
use self::report::Findings;
use self::table::{SealedRow, SealedTable};
use crate::failure::Failure;
use crate::session::Session;

/// Seals that are held at once, about a hundred bytes each.
const AT_ONCE: u64 = 500_000;

/// Holds every row against the newest event that seals it. Runs in one snapshot.
///
/// # Errors
/// The database reports one, or a value cannot be read. What is wrong is no error, it is what the report says.
pub fn check(db: &impl Session) -> Result<RowReport, Failure> {
    check_parts(db, AT_ONCE)
}

/// The same, with about this many seals at once.
pub(crate) fn check_parts(db: &impl Session, at_once: u64) -> Result<RowReport, Failure> {
    let tables = table::all();
    let mut findings = Findings::default();
    let survey = Survey::of(db, &mut findings)?;
    let parts = survey.seals.div_ceil(at_once).max(1);
    let mut check = Check { db, survey: &survey, tables: &tables, findings };
    check.hold_groups()?;
    for part in 0..parts {
        check.hold_part(part, parts)?;
    }
    check.findings.into_report(db)
}

/// A check on its way.
struct Check<'a, S> {
    db: &'a S,
    survey: &'a Survey,
    tables: &'a [SealedTable],
    findings: Findings,
}

impl<S: Session> Check<'_, S> {
    /// Holds the rows whose keys fall into a part.
    fn hold_part(&mut self, part: u64, parts: u64) -> Result<(), Failure> {
        let is_here = |hash: &KeyHash| newest::part_of(hash, parts) == part;
        let mut newest = Newest::of(self.db, is_here)?;
        for table in self.tables {
            for row in table.rows(self.db) {
                let row = row?;
                let hash = newest::key_hash(table.name, &row.key());
                if is_here(&hash) {
                    self.findings.report.rows += 1;
                    let sealed = newest.take(&hash);
                    self.hold(table, &row, sealed)?;
                }
            }
        }
        newest.visit_left(self.db, |event, seal| {
            self.findings.add(seal.table.clone(), seal.key.join(", "), Some(event), RowFaultKind::Missing);
        })
    }

    fn hold(
        &mut self,
        table: &SealedTable,
        row: &SealedRow<'_>,
        sealed: Option<newest::Sealed>,
    ) -> Result<(), Failure> {
        if let Some(sealed) = sealed {
            if row.seal().digest_bytes() == Some(sealed.digest) {
                self.findings.report.sealed += 1;
            } else {
                self.findings.add(table.name, row.shown(), Some(sealed.event), RowFaultKind::Changed);
            }
            return Ok(());
        }
        if table.is_versioned && row.version() == 1 && self.survey.groups.holds(table, row) {
            self.findings.report.sealed += 1;
            return Ok(());
        }
        if self.may_be_unsealed(table, row)? {
            self.findings.report.unsealed += 1;
        } else {
            self.findings.add(table.name, row.shown(), None, RowFaultKind::Unfounded);
        }
        Ok(())
    }

    /// Whether a row that no event seals may be from before events sealed rows.
    fn may_be_unsealed(&self, table: &SealedTable, row: &SealedRow<'_>) -> Result<bool, Failure> {
        if !self.survey.has_unsealed_events || table.is_versioned && row.version() != 0 {
            return Ok(false);
        }
        // A row that names the place of its event: that event must be from before, too.
        let Some(place) = row.place() else { return Ok(true) };
        self.db.exists(
            sql!(
                "SELECT 1 FROM {@audit_events}
                 WHERE {chain_id} = $1 AND {chain_sequence} = $2 AND {row_seals} IS NULL"
            ),
            &place,
        )
    }

    /// Holds the rows that were sealed together.
    fn hold_groups(&mut self) -> Result<(), Failure> {
        let groups: &Groups = &self.survey.groups;
        for table in self.tables.iter().filter(|table| groups.are_in(table.name)) {
            groups.hold(self.db, table, &mut self.findings)?;
        }
        Ok(())
    }
}
