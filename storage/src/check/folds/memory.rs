//! Remembered values, compared with the memory ledger of their user.

use selene_contracts::ph1_f::{IdentitiesRow, MemoryCurrentRow, MemoryLedgerRow};
use selene_contracts::row::Selection as _;
use selene_contracts::tables::{identities, memory_current, memory_ledger};

use super::groups::{Content, Groups, count};
use super::{FoldFaultKind, FoldReport};
use crate::check::stream::{StoredRow, Stream, Unread};
use crate::failure::Failure;
use crate::rules::folds::{Count, MemoryFold, Remembered};
use crate::session::Session;

const LEDGER: &str = MemoryLedgerRow::TABLE;
const CURRENT: &str = MemoryCurrentRow::TABLE;

/// Compares the remembered values of every user with the ledger.
pub(super) fn check(db: &impl Session, report: &mut FoldReport) -> Result<(), Failure> {
    report.cover(LEDGER);
    report.cover(CURRENT);
    let ledger_key = |row: &StoredRow<'_>| row.get(memory_ledger::USER_ID);
    let mut ledger =
        Groups::of::<MemoryLedgerRow>(db, memory_ledger::USER_ID, ledger_key, operation, report)?;
    let key = |row: &StoredRow<'_>| row.get(memory_current::USER_ID);
    let mut current = Groups::of::<MemoryCurrentRow>(db, memory_current::USER_ID, key, value, report)?;
    for user in Stream::of::<IdentitiesRow>(db) {
        match user?.get::<String>(identities::USER_ID) {
            Ok(user) => check_user(&user, &mut ledger, &mut current, report)?,
            Err(unread) => report.add_unread(unread),
        }
    }
    ledger.finish(report)?;
    current.finish(report)
}

/// Compares the remembered values of a user with the ledger. Where a row cannot be read, the ledger leads to nothing that is
/// known for certain.
fn check_user<S: Session>(
    user: &String,
    ledger: &mut Groups<'_, S, (String, Remembered)>,
    current: &mut Groups<'_, S, Remembered>,
    report: &mut FoldReport,
) -> Result<(), Failure> {
    let (mut fold, mut counted) = (MemoryFold::default(), Count::default());
    let (mut is_ledger_read, mut are_values_read) = (true, true);
    ledger.each(user, report, |content, report| {
        let Some(Content { value: (key, row), .. }) = content else {
            counted.pass();
            is_ledger_read = false;
            return;
        };
        count(&mut counted, report, (LEDGER, memory_ledger::MEMORY_SEQ), (user, row.seq));
        fold.take(key, row);
    })?;
    current.each(user, report, |content, report| {
        report.rows += 1;
        let Some(Content { place, value }) = content else {
            are_values_read = false;
            return;
        };
        let row = format!("{user}, {place}");
        match fold.differences(&place, &value) {
            _ if !is_ledger_read => {}
            Some(fields) => report.add_all(CURRENT, &row, fields),
            None => report.add(CURRENT, row, memory_current::MEMORY_KEY, FoldFaultKind::Unfounded),
        }
    })?;
    if is_ledger_read && are_values_read {
        for key in fold.missing() {
            let row = format!("{user}, {key}");
            report.add(CURRENT, row, memory_current::MEMORY_KEY, FoldFaultKind::Missing);
        }
    }
    Ok(())
}

/// A row of the ledger: the memory key that it is about, and what it says of it.
fn operation(row: &StoredRow<'_>) -> Result<Content<(String, Remembered)>, Unread> {
    let remembered = Remembered {
        value_ref: row.get(memory_ledger::MEMORY_VALUE_REF)?,
        seq: row.get(memory_ledger::MEMORY_SEQ)?,
        at: row.get(memory_ledger::CREATED_AT)?,
    };
    Ok(Content {
        place: remembered.seq.to_string(),
        value: (row.get(memory_ledger::MEMORY_KEY)?, remembered),
    })
}

fn value(row: &StoredRow<'_>) -> Result<Content<Remembered>, Unread> {
    Ok(Content {
        place: row.get(memory_current::MEMORY_KEY)?,
        value: Remembered {
            value_ref: row.get(memory_current::MEMORY_VALUE_REF)?,
            seq: row.get(memory_current::MEMORY_SEQ)?,
            at: row.get(memory_current::UPDATED_AT)?,
        },
    })
}
