//! Rows of voice enrollments and of the profiles that they lead to.

use selene_contracts::Admitted;
use selene_contracts::ph1_voice_id::keys::VoiceEnrollmentSessionsKey;
use selene_contracts::ph1_voice_id::{
    VidEnrollCompleteCommitRow, VidEnrollDeferReminderCommitRow, VidEnrollStartDraftRow,
    VoiceEnrollmentSessionId, VoiceEnrollmentSessionRecord,
};

use crate::failure::Failure;
use crate::rows::enrollment;
use crate::rows::onboarding;
use crate::rows::person;
use crate::rows::standing;
use crate::rows::stored::StoredWrite;
use crate::rules::enrollment::EnrollmentFacts;
use crate::rules::ph1_voice_id::StartFacts;
use crate::session::Session;

impl StoredWrite for VidEnrollStartDraftRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<StartFacts, Failure> {
        let input = call.input();
        let device = standing::device(db, &input.device_id)?;
        let owner = match &device {
            Some(device) => person::person(db, &device.owner)?,
            None => None,
        };
        let onboarding = onboarding::standing(db, &input.onboarding_session_id)?;
        Ok(StartFacts { onboarding, device, owner })
    }
}

impl StoredWrite for VidEnrollCompleteCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Self::Facts, Failure> {
        facts(db, &call.input().voice_enrollment_session_id)
    }
}

impl StoredWrite for VidEnrollDeferReminderCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Self::Facts, Failure> {
        facts(db, &call.input().voice_enrollment_session_id)
    }
}

/// An enrollment with its device and its onboarding session.
pub(super) fn facts(
    db: &impl Session,
    voice_enrollment_session_id: &VoiceEnrollmentSessionId,
) -> Result<EnrollmentFacts<VoiceEnrollmentSessionRecord>, Failure> {
    enrollment::facts(
        db,
        &VoiceEnrollmentSessionsKey { voice_enrollment_session_id },
        |session: &VoiceEnrollmentSessionRecord| (&session.device_id, Some(&session.onboarding_session_id)),
    )
}
