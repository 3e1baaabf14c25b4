//! Rows of wake enrollments, of their samples and of the profiles that they bind.

use selene_contracts::Admitted;
use selene_contracts::ph1_w::keys::{
    WakeEnrollmentSessionsInProgress, WakeEnrollmentSessionsKey, WakeProfileBindingsActive,
};
use selene_contracts::ph1_w::{
    Ph1wEnrollCompleteCommitRow, Ph1wEnrollDeferReminderCommitRow, Ph1wEnrollSampleCommitRow,
    Ph1wEnrollStartDraftRow, Ph1wReadActiveWakeProfile, WakeEnrollmentSessionRecord, WakeProfileBindingsRow,
    WakeProfileId,
};

use crate::failure::Failure;
use crate::rows::enrollment::facts;
use crate::rows::onboarding;
use crate::rows::person;
use crate::rows::standing;
use crate::rows::stored::{StoredRead, StoredWrite};
use crate::rules::enrollment::EnrollmentFacts;
use crate::rules::ph1_w::{CompleteFacts, SampleFacts, StartFacts, needs_free_slot};
use crate::session::Session;

impl StoredWrite for Ph1wEnrollStartDraftRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<StartFacts, Failure> {
        let Self { user_id, device_id, onboarding_session_id, .. } = call.input();
        Ok(StartFacts {
            user: person::person(db, user_id)?,
            device: standing::device(db, device_id)?,
            onboarding: onboarding_session_id.as_ref().map_or(Ok(None), |id| onboarding::standing(db, id))?,
            is_taken: db.has(&WakeEnrollmentSessionsInProgress { user_id, device_id })?,
        })
    }
}

impl StoredWrite for Ph1wEnrollSampleCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<SampleFacts, Failure> {
        let Self { wake_enrollment_session_id, .. } = call.input();
        let enrollment: EnrollmentFacts<WakeEnrollmentSessionRecord> =
            facts(db, &WakeEnrollmentSessionsKey { wake_enrollment_session_id })?;
        let is_taken = match &enrollment.session {
            Some(session) if needs_free_slot(session) => {
                let WakeEnrollmentSessionRecord { user_id, device_id, .. } = session;
                db.has(&WakeEnrollmentSessionsInProgress { user_id, device_id })?
            }
            _ => false,
        };
        Ok(SampleFacts { enrollment, is_taken })
    }
}

impl StoredWrite for Ph1wEnrollCompleteCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<CompleteFacts, Failure> {
        let Self { wake_enrollment_session_id, .. } = call.input();
        let enrollment: EnrollmentFacts<WakeEnrollmentSessionRecord> =
            facts(db, &WakeEnrollmentSessionsKey { wake_enrollment_session_id })?;
        let binding = |WakeEnrollmentSessionRecord { user_id, device_id, .. }: &_| {
            db.by_key(&WakeProfileBindingsActive { user_id, device_id })
        };
        let active = enrollment.session.as_ref().map_or(Ok(None), binding)?;
        Ok(CompleteFacts { enrollment, active })
    }
}

impl StoredWrite for Ph1wEnrollDeferReminderCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Self::Facts, Failure> {
        let Self { wake_enrollment_session_id, .. } = call.input();
        facts(db, &WakeEnrollmentSessionsKey { wake_enrollment_session_id })
    }
}

impl StoredRead for Ph1wReadActiveWakeProfile {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<WakeProfileId>, Failure> {
        let Self { user_id, device_id } = call.input();
        let binding: Option<WakeProfileBindingsRow> =
            db.by_key(&WakeProfileBindingsActive { user_id, device_id })?;
        Ok(binding.map(|binding| binding.wake_profile_id))
    }
}
