//! Rows of voice enrollments and of their samples.

use selene_contracts::Admitted;
use selene_contracts::ph1_voice_id::keys::VoiceEnrollmentSessionsKey;
use selene_contracts::ph1_voice_id::{
    VidEnrollCompleteCommitRow, VidEnrollDeferReminderCommitRow, VidEnrollSampleCommitRow,
    VidEnrollStartDraftRow,
};

use crate::failure::Failure;
use crate::rows::enrollment::facts;
use crate::rows::onboarding;
use crate::rows::person;
use crate::rows::standing;
use crate::rows::stored::StoredWrite;
use crate::rules::ph1_voice_id::StartFacts;
use crate::session::Session;

impl StoredWrite for VidEnrollStartDraftRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<StartFacts, Failure> {
        let input = call.input();
        let device = standing::device(db, &input.device_id)?;
        let owner = device.as_ref().map_or(Ok(None), |device| person::person(db, &device.owner))?;
        let onboarding = onboarding::standing(db, &input.onboarding_session_id)?;
        Ok(StartFacts { onboarding, device, owner })
    }
}

impl StoredWrite for VidEnrollSampleCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Self::Facts, Failure> {
        let Self { voice_enrollment_session_id, .. } = call.input();
        facts(db, &VoiceEnrollmentSessionsKey { voice_enrollment_session_id })
    }
}

impl StoredWrite for VidEnrollCompleteCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Self::Facts, Failure> {
        let Self { voice_enrollment_session_id, .. } = call.input();
        facts(db, &VoiceEnrollmentSessionsKey { voice_enrollment_session_id })
    }
}

impl StoredWrite for VidEnrollDeferReminderCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Self::Facts, Failure> {
        let Self { voice_enrollment_session_id, .. } = call.input();
        facts(db, &VoiceEnrollmentSessionsKey { voice_enrollment_session_id })
    }
}
