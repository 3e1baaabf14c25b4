//! Checking every row against the newest event that seals it.
//!
//! Every event names, under its hash, the rows that its commit wrote: so an intact chain fixes the columns of every row of every table,
//! and names every row that is gone. What lives here: walks over events and tables, and the report. What must not: what a row means,
//! which is the folds' task.
//!
//! Events and tables are walked over once. Seals and rows are partitioned by a hash of the keys, and one partition is compared at a
//! time, so memory does not grow with the store. Only the seals of groups, one for each campaign, are in memory all at once.

mod events;
mod form;
mod groups;
mod newest;
mod report;
mod row_digest;
mod table;
pub(crate) mod unsealed;

use selene_contracts::row::cell;
use selene_contracts::sql;

pub use report::{RowFault, RowFaultKind, RowReport};

use self::groups::Groups;
use self::newest::{Newest, Survey};
use self::report::Findings;
use self::row_digest::RowDigest;
use self::table::SealedTable;
use crate::check::spill::{self, Spill};
use crate::failure::Failure;
use crate::session::Session;

/// Rows of a partition, about: some hundred bytes each.
const AT_ONCE: u64 = 50_000;

/// Compares every row with the newest event that seals it. Runs in one snapshot.
///
/// # Errors
/// The database reports one. What is wrong is no error, it is what the report says, and so is a value that cannot be read.
pub fn check(db: &impl Session) -> Result<RowReport, Failure> {
    check_partitioned(db, AT_ONCE)
}

/// The same, with about this many rows in each partition.
pub(crate) fn check_partitioned(db: &impl Session, at_once: u64) -> Result<RowReport, Failure> {
    let tables = table::all();
    let mut findings = Findings::default();
    let partitions = partitions(db, at_once)?;
    let mut survey = Survey::of(db, partitions, &mut findings)?;
    let mut seals = std::mem::replace(&mut survey.seals, Spill::new(1));
    let mut check = Check { db, survey: &survey, tables: &tables, findings };
    check.compare_groups()?;
    let mut rows = check.partition_rows(partitions)?;
    for partition in 0..rows.partitions() {
        check.compare_partition(Newest::of(&mut seals, partition)?, &mut rows, partition)?;
    }
    check.findings.into_report(db)
}

/// How many partitions give each about this many rows: most events seal a row and an idempotency record.
fn partitions(db: &impl Session, at_once: u64) -> Result<u64, Failure> {
    Ok(spill::partitions_for(events(db)?.saturating_mul(2), at_once))
}

/// How many events there are.
pub(crate) fn events(db: &impl Session) -> Result<u64, Failure> {
    db.number(sql!("SELECT COUNT(*) FROM {@audit_events}"), &[])
}

/// How many rows the tables have that events seal.
pub(crate) fn rows(db: &impl Session) -> Result<u64, Failure> {
    let mut rows = 0;
    for table in table::all() {
        db.visit(&format!("SELECT count(*) FROM {}", table.name), &[], &mut |cells| {
            rows += cell::<u64>(cells, 0).unwrap_or_default();
            Ok(())
        })?;
    }
    Ok(rows)
}

/// A check on its way.
struct Check<'a, S> {
    db: &'a S,
    survey: &'a Survey,
    tables: &'a [SealedTable],
    findings: Findings,
}

impl<S: Session> Check<'_, S> {
    /// The digest of every row, in partitions.
    fn partition_rows(&mut self, partitions: u64) -> Result<Spill, Failure> {
        let mut rows = Spill::new(partitions);
        for (number, table) in self.tables.iter().enumerate() {
            table.each_row(self.db, &mut |row| {
                self.findings.report.rows += 1;
                RowDigest::of(number, table, row, self.survey).push(&mut rows)
            })?;
        }
        Ok(rows)
    }

    /// Compares the rows of a partition with the seals of the same partition.
    fn compare_partition(
        &mut self,
        mut newest: Newest,
        rows: &mut Spill,
        partition: usize,
    ) -> Result<(), Failure> {
        rows.visit(partition, &mut |record| {
            let row = RowDigest::read(record)?;
            let sealed = newest.take(&row.hash);
            self.compare(&row, sealed)
        })?;
        for (table, key, event) in newest.left() {
            self.findings.add(table, key, Some(event), RowFaultKind::Missing);
        }
        Ok(())
    }

    fn compare(&mut self, row: &RowDigest, sealed: Option<newest::Sealed>) -> Result<(), Failure> {
        let table = &self.tables[row.table];
        if let Some(sealed) = sealed {
            if row.digest == sealed.digest {
                self.findings.report.sealed += 1;
            } else {
                self.add(row, Some(sealed.event), RowFaultKind::Changed);
            }
            return Ok(());
        }
        if row.is_in_group {
            self.findings.report.sealed += 1;
        } else if self.may_be_unsealed(table, row)? {
            self.findings.report.unsealed += 1;
            if row.unreadable.is_some() {
                self.add(row, None, RowFaultKind::NoValue);
            }
        } else {
            self.add(row, None, RowFaultKind::Unfounded);
        }
        Ok(())
    }

    fn add(&mut self, row: &RowDigest, event: Option<u64>, kind: RowFaultKind) {
        let table = &self.tables[row.table];
        let column = row.unreadable.and_then(|position| table.column(position));
        self.findings.add_of_row(table.name, row.shown.clone(), event, kind, column);
    }

    /// Whether a row that no event seals may be from before events sealed rows.
    fn may_be_unsealed(&self, table: &SealedTable, row: &RowDigest) -> Result<bool, Failure> {
        if !self.survey.has_unsealed_events || table.is_versioned && row.version != 0 {
            return Ok(false);
        }
        // A row that names the place of its event: that event must be from before, too.
        let Some(place) = &row.place else { return Ok(true) };
        self.db.exists(
            sql!(
                "SELECT 1 FROM {@audit_events}
                 WHERE {chain_id} = $1 AND {chain_sequence} = $2 AND {row_seals} IS NULL"
            ),
            place,
        )
    }

    /// Compares the rows that were sealed together with their seals.
    fn compare_groups(&mut self) -> Result<(), Failure> {
        let groups: &Groups = &self.survey.groups;
        for table in self.tables.iter().filter(|table| groups.are_in(table.name)) {
            groups.compare(self.db, table, &mut self.findings)?;
        }
        Ok(())
    }
}
