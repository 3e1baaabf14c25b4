//! Rows of wake enrollments and of the profiles that they bind.

use selene_contracts::Admitted;
use selene_contracts::ph1_w::keys::{
    WakeEnrollmentSessionsInProgress, WakeEnrollmentSessionsKey, WakeProfileBindingsActive,
};
use selene_contracts::ph1_w::{
    Ph1wEnrollCompleteCommitRow, Ph1wEnrollDeferReminderCommitRow, Ph1wEnrollStartDraftRow,
    Ph1wReadActiveWakeProfile, WakeEnrollmentSessionId, WakeEnrollmentSessionRecord, WakeProfileBindingsRow,
    WakeProfileId,
};
use selene_contracts::shared::{DeviceId, UserId};

use crate::failure::Failure;
use crate::rows::enrollment;
use crate::rows::onboarding;
use crate::rows::person;
use crate::rows::standing;
use crate::rows::stored::{StoredRead, StoredWrite};
use crate::rules::enrollment::EnrollmentFacts;
use crate::rules::ph1_w::{CompleteFacts, StartFacts};
use crate::session::Session;

impl StoredWrite for Ph1wEnrollStartDraftRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<StartFacts, Failure> {
        let input = call.input();
        let onboarding = match &input.onboarding_session_id {
            Some(onboarding_session_id) => onboarding::standing(db, onboarding_session_id)?,
            None => None,
        };
        Ok(StartFacts {
            user: person::person(db, &input.user_id)?,
            device: standing::device(db, &input.device_id)?,
            onboarding,
            is_taken: is_in_progress(db, &input.user_id, &input.device_id)?,
        })
    }
}

impl StoredWrite for Ph1wEnrollCompleteCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<CompleteFacts, Failure> {
        let enrollment = facts(db, &call.input().wake_enrollment_session_id)?;
        let active = match &enrollment.session {
            Some(session) => active_binding(db, &session.user_id, &session.device_id)?,
            None => None,
        };
        Ok(CompleteFacts { enrollment, active })
    }
}

impl StoredWrite for Ph1wEnrollDeferReminderCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Self::Facts, Failure> {
        facts(db, &call.input().wake_enrollment_session_id)
    }
}

impl StoredRead for Ph1wReadActiveWakeProfile {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<WakeProfileId>, Failure> {
        let input = call.input();
        let binding = active_binding(db, &input.user_id, &input.device_id)?;
        Ok(binding.map(|binding| binding.wake_profile_id))
    }
}

/// The profile that is active for a user on a device; there is one at most.
fn active_binding(
    db: &impl Session,
    user_id: &UserId,
    device_id: &DeviceId,
) -> Result<Option<WakeProfileBindingsRow>, Failure> {
    db.by_key(&WakeProfileBindingsActive { user_id, device_id })
}

/// Whether an enrollment is in progress for a user on a device; there is one at most.
pub(super) fn is_in_progress(
    db: &impl Session,
    user_id: &UserId,
    device_id: &DeviceId,
) -> Result<bool, Failure> {
    db.has(&WakeEnrollmentSessionsInProgress { user_id, device_id })
}

/// An enrollment with its device and its onboarding session.
pub(super) fn facts(
    db: &impl Session,
    wake_enrollment_session_id: &WakeEnrollmentSessionId,
) -> Result<EnrollmentFacts<WakeEnrollmentSessionRecord>, Failure> {
    enrollment::facts(
        db,
        &WakeEnrollmentSessionsKey { wake_enrollment_session_id },
        |session: &WakeEnrollmentSessionRecord| (&session.device_id, session.onboarding_session_id.as_ref()),
    )
}
