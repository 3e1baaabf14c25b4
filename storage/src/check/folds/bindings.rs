//! The wake profiles of a user on a device, one after the other.

use rusqlite::Connection;

use super::{FoldFaultKind, FoldReport};
use crate::check::values::{number, optional_number};
use crate::failure::Failure;
use crate::rules::folds::bindings::{Binding, differing};

/// Holds the bindings of every user and device against each other. A pair has as many as it completed enrollments.
pub(super) fn check(connection: &Connection, report: &mut FoldReport) -> Result<(), Failure> {
    report.cover("wake_profile_bindings");
    let mut rows = connection.prepare(
        "SELECT * FROM wake_profile_bindings ORDER BY user_id, device_id, wake_enrollment_session_id",
    )?;
    let mut rows = rows.query([])?;
    let mut pair: Option<(String, String)> = None;
    let mut bindings = Vec::new();
    while let Some(row) = rows.next()? {
        let of = (row.get("user_id")?, row.get("device_id")?);
        if pair.as_ref() != Some(&of) {
            finish(pair.replace(of), &mut bindings, report);
        }
        bindings.push(Binding {
            enrollment: row.get("wake_enrollment_session_id")?,
            is_active: row.get("active")?,
            bound_at: number(row, "bound_at")?,
            unbound_at: optional_number(row, "unbound_at")?,
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
        report.add("wake_profile_bindings", row, field, FoldFaultKind::Differs);
    }
}
