//! Checking rows against the recorded answers of the writes that wrote them.
//!
//! Every applied write leaves its answer in the idempotency records, a ledger, and an event. The newest answer about a row gives
//! each of its fields as it must be now: so deferrals and reasons, which leave no sample, are checked too, and rows that have no
//! ledger of their own. Where the payload of the event has the field, it counts and not the answer, because the chain of the
//! events shows when it was changed.
//!
//! Tables and records are walked over once. Rows and answers are partitioned by a hash of the row's key, and one partition is compared at
//! a time.

mod comparison;
mod form;
mod order;
mod partition;
mod record;
mod recorded;
mod row_key;
mod stored;
mod tables;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use selene_contracts::sql;

use self::partition::compare;
use self::recorded::Writers;
use self::row_key::RowKey;
use self::tables::TABLES;
use super::{FoldFault, FoldReport};
use crate::check::spill::{self, Spill};
use crate::check::stream::each_row;
use crate::failure::Failure;
use crate::faults::Faults;
use crate::session::Session;

/// Answers of a partition, about: a kilobyte each.
const AT_ONCE: u64 = 25_000;

/// Compares every row with the answers that have fields of it.
pub(super) fn check(db: &impl Session, report: &mut FoldReport) -> Result<(), Failure> {
    check_partitioned(db, report, AT_ONCE)
}

/// The same, with about this many answers in each partition.
pub(crate) fn check_partitioned<S: Session>(
    db: &S,
    report: &mut FoldReport,
    at_once: u64,
) -> Result<(), Failure> {
    for table in TABLES.iter() {
        report.cover(table.name);
    }
    let records = db.first::<(u64,)>(sql!("SELECT COUNT(*) FROM {@idempotency_records}"), &[])?;
    let partitions = spill::partitions_for(records.map_or(0, |(records,)| records), at_once);
    let mut rows = partition_rows(db, partitions, report)?;
    let mut answers = Writers::of_all_tables().partition_answers(db, partitions, report)?;
    for partition in 0..rows.partitions() {
        compare(&mut rows, &mut answers, partition, report)?;
    }
    Ok(())
}

/// The fields of every row that an answer may have, in partitions.
fn partition_rows<S: Session>(db: &S, partitions: u64, report: &mut FoldReport) -> Result<Spill, Failure> {
    let mut rows = Spill::new(partitions);
    for (number, table) in TABLES.iter().enumerate() {
        // Rows come in no order, and the report has them in that of their keys.
        let mut unreadable = BTreeSet::new();
        each_row(db, table.name, table.columns, table.key, &mut |row| {
            report.rows += u64::from(table.has_no_other_ledger);
            let key = match RowKey::of_row(number, table, &row)? {
                Ok(key) => key,
                Err(unread) => {
                    unreadable.insert(unread);
                    if unreadable.len() > Faults::<FoldFault>::AT_MOST + 1 {
                        unreadable.pop_last();
                    }
                    return Ok(());
                }
            };
            let fields = table.fields().map(|field| row.value(field)).collect::<Result<Vec<_>, _>>()?;
            rows.push(key.hash(), |record| {
                key.write(record);
                for value in &fields {
                    record.value(value);
                }
            })
        })?;
        for unread in unreadable {
            report.add_unread(unread);
        }
    }
    Ok(rows)
}
