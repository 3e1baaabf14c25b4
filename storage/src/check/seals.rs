//! Checking that every row is what the newest event that seals it says.
//!
//! Every event names, under its hash, the rows that its commit wrote: so an intact chain says of every row of every table
//! which columns it must have, and names every row that is gone. What lives here: walks over events and tables, and the report.
//! What must not: what a row means, which is the folds' part.
//!
//! Events and tables are walked over once. What they say is parted by a hash of the keys, and each part is held for itself, so memory
//! does not grow with the store. Only the seals of groups, one for each campaign, are held all at once.

mod events;
mod form;
mod groups;
mod held;
mod newest;
mod report;
mod table;
pub(crate) mod unsealed;

use selene_contracts::row::cell;
use selene_contracts::sql;

pub use report::{RowFault, RowFaultKind, RowReport};

use self::groups::Groups;
use self::held::Held;
use self::newest::{Newest, Survey};
use self::report::Findings;
use self::table::SealedTable;
use crate::check::spill::{self, Spill};
use crate::failure::Failure;
use crate::session::Session;

/// Rows of a part, about: some hundred bytes each.
const AT_ONCE: u64 = 50_000;

/// Holds every row against the newest event that seals it. Runs in one snapshot.
///
/// # Errors
/// The database reports one. What is wrong is no error, it is what the report says, and so is a value that cannot be read.
pub fn check(db: &impl Session) -> Result<RowReport, Failure> {
    check_parts(db, AT_ONCE)
}

/// The same, with about this many rows in each part.
pub(crate) fn check_parts(db: &impl Session, at_once: u64) -> Result<RowReport, Failure> {
    let tables = table::all();
    let mut findings = Findings::default();
    let parts = parts(db, at_once)?;
    let mut survey = Survey::of(db, parts, &mut findings)?;
    let mut seals = std::mem::replace(&mut survey.seals, Spill::new(1));
    let mut check = Check { db, survey: &survey, tables: &tables, findings };
    check.hold_groups()?;
    let mut rows = check.part_rows(parts)?;
    for part in 0..rows.parts() {
        check.hold_part(Newest::of(&mut seals, part)?, &mut rows, part)?;
    }
    check.findings.into_report(db)
}

/// In how many parts about this many rows are: most events seal a row and an idempotency record.
fn parts(db: &impl Session, at_once: u64) -> Result<u64, Failure> {
    Ok(spill::parts_of(events(db)?.saturating_mul(2), at_once))
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
    /// What is held of every row, in parts.
    fn part_rows(&mut self, parts: u64) -> Result<Spill, Failure> {
        let mut rows = Spill::new(parts);
        for (number, table) in self.tables.iter().enumerate() {
            for row in table.rows(self.db) {
                Held::of(number, table, &row?, self.survey).push(&mut rows)?;
                self.findings.report.rows += 1;
            }
        }
        Ok(rows)
    }

    /// Holds the rows of a part against the seals of the same part.
    fn hold_part(&mut self, mut newest: Newest, rows: &mut Spill, part: usize) -> Result<(), Failure> {
        rows.visit(part, &mut |record| {
            let row = Held::read(record)?;
            let sealed = newest.take(&row.hash);
            self.hold(&row, sealed)
        })?;
        for (table, key, event) in newest.left() {
            self.findings.add(table, key, Some(event), RowFaultKind::Missing);
        }
        Ok(())
    }

    fn hold(&mut self, row: &Held, sealed: Option<newest::Sealed>) -> Result<(), Failure> {
        let table = &self.tables[row.table];
        if let Some(sealed) = sealed {
            if row.digest == Some(sealed.digest) {
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

    fn add(&mut self, row: &Held, event: Option<u64>, kind: RowFaultKind) {
        let table = &self.tables[row.table];
        let column = row.unreadable.and_then(|position| table.column(position));
        self.findings.add_of_row(table.name, row.shown.clone(), event, kind, column);
    }

    /// Whether a row that no event seals may be from before events sealed rows.
    fn may_be_unsealed(&self, table: &SealedTable, row: &Held) -> Result<bool, Failure> {
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

    /// Holds the rows that were sealed together.
    fn hold_groups(&mut self) -> Result<(), Failure> {
        let groups: &Groups = &self.survey.groups;
        for table in self.tables.iter().filter(|table| groups.are_in(table.name)) {
            groups.hold(self.db, table, &mut self.findings)?;
        }
        Ok(())
    }
}
