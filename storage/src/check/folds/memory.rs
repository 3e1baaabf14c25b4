//! Remembered values, held against the memory ledger of their user.

use selene_contracts::ph1_f::{IdentitiesRow, MemoryCurrentRow, MemoryLedgerRow};
use selene_contracts::row::Selection as _;
use selene_contracts::tables::{identities, memory_current, memory_ledger};

use super::groups::{Entry, Groups, count};
use super::{FoldFaultKind, FoldReport};
use crate::check::stream::{StoredRow, Stream};
use crate::failure::Failure;
use crate::rules::folds::{Count, MemoryFold, Remembered};
use crate::session::Session;

const LEDGER: &str = MemoryLedgerRow::TABLE;
const CURRENT: &str = MemoryCurrentRow::TABLE;

/// Holds the remembered values of every user against the ledger.
pub(super) fn check(db: &impl Session, report: &mut FoldReport) -> Result<(), Failure> {
    report.cover(LEDGER);
    report.cover(CURRENT);
    let mut ledger = Groups::of::<MemoryLedgerRow>(db, memory_ledger::USER_ID, operation)?;
    let mut current = Groups::of::<MemoryCurrentRow>(db, memory_current::USER_ID, value)?;
    for user in Stream::of::<IdentitiesRow>(db) {
        let user: String = user?.get(identities::USER_ID)?;
        let mut fold = MemoryFold::default();
        let mut counted = Count::default();
        ledger.each(&user, report, |entry, report| {
            let (key, row) = entry.value;
            count(&mut counted, report, (LEDGER, memory_ledger::MEMORY_SEQ), (&user, row.seq));
            fold.take(key, row);
        })?;
        current.each(&user, report, |entry, report| {
            report.rows += 1;
            let row = format!("{user}, {}", entry.place);
            match fold.differences(&entry.place, &entry.value) {
                Some(fields) => report.add_all(CURRENT, &row, fields),
                None => report.add(CURRENT, row, memory_current::MEMORY_KEY, FoldFaultKind::Unfounded),
            }
        })?;
        for key in fold.missing() {
            let row = format!("{user}, {key}");
            report.add(CURRENT, row, memory_current::MEMORY_KEY, FoldFaultKind::Missing);
        }
    }
    ledger.finish(report)?;
    current.finish(report)
}

/// A row of the ledger: the memory key that it is about, and what it says of it.
fn operation(row: &StoredRow) -> Result<Entry<(String, Remembered)>, Failure> {
    let remembered = Remembered {
        value_ref: row.get(memory_ledger::MEMORY_VALUE_REF)?,
        seq: row.get(memory_ledger::MEMORY_SEQ)?,
        at: row.get(memory_ledger::CREATED_AT)?,
    };
    Ok(Entry {
        key: row.get(memory_ledger::USER_ID)?,
        place: remembered.seq.to_string(),
        value: (row.get(memory_ledger::MEMORY_KEY)?, remembered),
    })
}

fn value(row: &StoredRow) -> Result<Entry<Remembered>, Failure> {
    Ok(Entry {
        key: row.get(memory_current::USER_ID)?,
        place: row.get(memory_current::MEMORY_KEY)?,
        value: Remembered {
            value_ref: row.get(memory_current::MEMORY_VALUE_REF)?,
            seq: row.get(memory_current::MEMORY_SEQ)?,
            at: row.get(memory_current::UPDATED_AT)?,
        },
    })
}
