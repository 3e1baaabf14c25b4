//! PH1.VOICE.ID: voice enrollments with their samples, and the profile of a LOCKED enrollment.

mod enroll;
mod moves;
mod sample;
#[cfg(test)]
pub(crate) mod tests;

use selene_contracts::StorageError;
use selene_contracts::ph1_voice_id::VidReadEnrollmentState;
use selene_contracts::row::Selection;

use crate::rules::refuse;

pub(crate) use enroll::StartFacts;

/// A row that a read asks for. Its absence is refused, so that no samples and no enrollment are two answers.
///
/// # Errors
/// There is no such row: the refusal names the field `key`.
pub(crate) fn existing<R: Selection>(found: Option<R>, key: &'static str) -> Result<R, StorageError> {
    found.ok_or_else(|| refuse::not_found::<VidReadEnrollmentState, R>(key))
}
