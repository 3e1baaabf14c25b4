//! Rows of PH1.VOICE.ID: enrollments, samples, profiles and their bindings.

mod enroll;
mod samples;

use selene_contracts::Admitted;
use selene_contracts::ph1_voice_id::keys::{
    VoiceEnrollmentSamplesKey, VoiceEnrollmentSessionsKey, VoiceProfilesKey,
};
use selene_contracts::ph1_voice_id::{
    VidReadEnrollmentState, VidReadEnrollmentStateOutput, VoiceEnrollmentSessionId,
    VoiceEnrollmentSessionRecord, VoiceProfileRecord,
};

use crate::failure::Failure;
use crate::rows::stored::StoredRead;
use crate::rules::refuse;
use crate::session::Session;

impl StoredRead for VidReadEnrollmentState {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<VidReadEnrollmentStateOutput, Failure> {
        let session = |voice_enrollment_session_id: &VoiceEnrollmentSessionId| {
            db.by_key::<VoiceEnrollmentSessionRecord, _>(&VoiceEnrollmentSessionsKey {
                voice_enrollment_session_id,
            })?
            .ok_or_else(|| {
                Failure::from(refuse::not_found::<Self, VoiceEnrollmentSessionRecord>(
                    "voice_enrollment_session_id",
                ))
            })
        };
        let state = match call.input() {
            Self::Session { voice_enrollment_session_id } => {
                VidReadEnrollmentStateOutput::VoiceEnrollmentSessionRecord(session(
                    voice_enrollment_session_id,
                )?)
            }
            // No samples and no enrollment are two answers.
            Self::Samples { voice_enrollment_session_id } => {
                session(voice_enrollment_session_id)?;
                let samples = db.listed(&VoiceEnrollmentSamplesKey::of_voice_enrollment_session_id(
                    voice_enrollment_session_id,
                ))?;
                VidReadEnrollmentStateOutput::VoiceEnrollmentSampleRecords(samples)
            }
            Self::Profile { voice_profile_id } => {
                let profile = db
                    .by_key::<VoiceProfileRecord, _>(&VoiceProfilesKey { voice_profile_id })?
                    .ok_or_else(|| refuse::not_found::<Self, VoiceProfileRecord>("voice_profile_id"))?;
                VidReadEnrollmentStateOutput::VoiceProfileRecord(profile)
            }
        };
        Ok(state)
    }
}
