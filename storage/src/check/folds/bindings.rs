//! The wake profiles of a user on a device, one after the other.

use selene_contracts::ph1_w::WakeProfileBindingsRow;
use selene_contracts::row::Selection as _;
use selene_contracts::tables::wake_profile_bindings as columns;

use super::{FoldFaultKind, FoldReport};
use crate::check::stream::{StoredRow, Stream, Unread};
use crate::failure::Failure;
use crate::rules::folds::bindings::{Binding, differing};
use crate::session::Session;

/// A user and a device.
type Pair = (String, String);

const TABLE: &str = WakeProfileBindingsRow::TABLE;

/// Compares the bindings of every user and device with each other. A pair has as many as it completed enrollments.
pub(super) fn check(db: &impl Session, report: &mut FoldReport) -> Result<(), Failure> {
    report.cover(TABLE);
    let mut pair: Option<Pair> = None;
    let mut bindings = Some(Vec::new());
    for row in Stream::of::<WakeProfileBindingsRow>(db) {
        let row = row?;
        report.rows += 1;
        let of = match pair_of(&row) {
            Ok(of) => of,
            Err(unread) => {
                report.add_unread(unread);
                continue;
            }
        };
        if pair.as_ref() != Some(&of) {
            finish(pair.replace(of), bindings.replace(Vec::new()), report);
        }
        match (binding(&row), &mut bindings) {
            (Ok(binding), Some(bindings)) => bindings.push(binding),
            (Ok(_), None) => {}
            (Err(unread), _) => {
                report.add_unread(unread);
                bindings = None;
            }
        }
    }
    finish(pair, bindings, report);
    Ok(())
}

fn pair_of(row: &StoredRow<'_>) -> Result<Pair, Unread> {
    Ok((row.get(columns::USER_ID)?, row.get(columns::DEVICE_ID)?))
}

fn binding(row: &StoredRow<'_>) -> Result<Binding, Unread> {
    Ok(Binding {
        enrollment: row.get(columns::WAKE_ENROLLMENT_SESSION_ID)?,
        is_active: row.get(columns::ACTIVE)?,
        bound_at: row.get(columns::BOUND_AT)?,
        unbound_at: row.get(columns::UNBOUND_AT)?,
    })
}

/// Compares the bindings of a pair with each other; none where one of them cannot be read.
fn finish(pair: Option<Pair>, bindings: Option<Vec<Binding>>, report: &mut FoldReport) {
    let (Some((user_id, device_id)), Some(bindings)) = (pair, bindings) else { return };
    for (enrollment, field) in differing(bindings) {
        let row = format!("{user_id}, {device_id}, {enrollment}");
        report.add(TABLE, row, field, FoldFaultKind::Differs);
    }
}
