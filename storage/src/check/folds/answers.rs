//! What the answers of the writes say of the rows that they wrote.
//!
//! Every applied write leaves its answer in the idempotency records, a ledger, and an event. The newest answer about a row gives
//! each of its fields as it must be now: so deferrals and reasons, which leave no sample, are checked too, and rows that have no
//! ledger of their own. Where the payload of the event says the field, it counts and not the answer, because the chain of the
//! events shows when it was changed.
//!
//! Tables and records are walked over once. Rows and answers are parted by a hash of the row's key, and each part is held for itself.

mod fits;
mod form;
mod order;
mod part;
mod place;
mod record;
mod said;
mod stored;
mod tables;
#[cfg(test)]
mod tests;

use selene_contracts::sql;

use self::part::hold;
use self::place::Place;
use self::said::Writers;
use self::tables::TABLES;
use super::FoldReport;
use crate::check::spill::{self, Spill};
use crate::check::stream::Stream;
use crate::failure::Failure;
use crate::session::Session;

/// Answers of a part, about: a kilobyte each.
const AT_ONCE: u64 = 25_000;

/// Holds every row against the answers that have fields of it.
pub(super) fn check(db: &impl Session, report: &mut FoldReport) -> Result<(), Failure> {
    check_parts(db, report, AT_ONCE)
}

/// The same, with about this many answers in each part.
pub(crate) fn check_parts<S: Session>(db: &S, report: &mut FoldReport, at_once: u64) -> Result<(), Failure> {
    for table in TABLES.iter() {
        report.cover(table.name);
    }
    let records = db.first::<(u64,)>(sql!("SELECT COUNT(*) FROM {@idempotency_records}"), &[])?;
    let parts = spill::parts_of(records.map_or(0, |(records,)| records), at_once);
    let mut rows = part_rows(db, parts, report)?;
    let mut answers = Writers::of_all_tables().part_answers(db, parts, report)?;
    for part in 0..rows.parts() {
        hold(&mut rows, &mut answers, part, report)?;
    }
    Ok(())
}

/// The fields of every row that an answer may say, in parts.
fn part_rows<S: Session>(db: &S, parts: u64, report: &mut FoldReport) -> Result<Spill, Failure> {
    let mut rows = Spill::new(parts);
    for (number, table) in TABLES.iter().enumerate() {
        for row in Stream::of_table(db, table.name, table.columns, table.key) {
            let row = row?;
            report.rows += u64::from(table.has_no_other_ledger);
            let place = match Place::of_row(number, table, &row)? {
                Ok(place) => place,
                Err(unread) => {
                    report.add_unread(unread);
                    continue;
                }
            };
            let fields = table.fields().map(|field| row.value(field)).collect::<Result<Vec<_>, _>>()?;
            rows.push(place.hash(), |record| {
                place.write(record);
                for value in &fields {
                    record.value(value);
                }
            })?;
        }
    }
    Ok(rows)
}
