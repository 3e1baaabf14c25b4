//! The wake profiles of a user on a device, one after the other.

use selene_contracts::ph1_w::WakeProfileBindingsRow;
use selene_contracts::row::Selection as _;
use selene_contracts::tables::wake_profile_bindings as columns;

use super::{FoldFaultKind, FoldReport};
use crate::check::stream::Stream;
use crate::failure::Failure;
use crate::rules::folds::bindings::{Binding, differing};
use crate::session::Session;

const TABLE: &str = WakeProfileBindingsRow::TABLE;

/// Holds the bindings of every user and device against each other. A pair has as many as it completed enrollments.
pub(super) fn check(db: &impl Session, report: &mut FoldReport) -> Result<(), Failure> {
    report.cover(TABLE);
    let mut pair: Option<(String, String)> = None;
    let mut bindings = Vec::new();
    for row in Stream::of::<WakeProfileBindingsRow>(db) {
        let row = row?;
        let of = (row.get(columns::USER_ID)?, row.get(columns::DEVICE_ID)?);
        if pair.as_ref() != Some(&of) {
            finish(pair.replace(of), &mut bindings, report);
        }
        bindings.push(Binding {
            enrollment: row.get(columns::WAKE_ENROLLMENT_SESSION_ID)?,
            is_active: row.get(columns::ACTIVE)?,
            bound_at: row.get(columns::BOUND_AT)?,
            unbound_at: row.get(columns::UNBOUND_AT)?,
        });
        report.rows += 1;
    }
    finish(pair, &mut bindings, report);
    Ok(())
}

fn finish(pair: Option<(String, String)>, bindings: &mut Vec<Binding>, report: &mut FoldReport) {
    let Some((user_id, device_id)) = pair else { return };
    for (enrollment, field) in differing(std::mem::take(bindings)) {
        let row = format!("{user_id}, {device_id}, {enrollment}");
        report.add(TABLE, row, field, FoldFaultKind::Differs);
    }
}
