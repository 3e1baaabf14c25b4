//! Rows of PH1.VOICE.ID: enrollments, samples, profiles and their bindings.

mod enroll;
mod samples;

use selene_contracts::Admitted;
use selene_contracts::ph1_voice_id::{
    VidReadEnrollmentState, VidReadEnrollmentStateOutput, VoiceEnrollmentSessionId,
    VoiceEnrollmentSessionRecord, VoiceProfileRecord,
};
use selene_contracts::row::Column as _;

use crate::failure::Failure;
use crate::rows::stored::StoredRead;
use crate::rules::refuse;
use crate::session::Session;

impl StoredRead for VidReadEnrollmentState {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<VidReadEnrollmentStateOutput, Failure> {
        let session = |id: &VoiceEnrollmentSessionId| {
            db.by_key::<VoiceEnrollmentSessionRecord>(&[id.value()])?.ok_or_else(|| {
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
                let samples = samples::of_session(db, voice_enrollment_session_id)?;
                VidReadEnrollmentStateOutput::VoiceEnrollmentSampleRecords(samples)
            }
            Self::Profile { voice_profile_id } => {
                let profile = db
                    .by_key::<VoiceProfileRecord>(&[voice_profile_id.value()])?
                    .ok_or_else(|| refuse::not_found::<Self, VoiceProfileRecord>("voice_profile_id"))?;
                VidReadEnrollmentStateOutput::VoiceProfileRecord(profile)
            }
        };
        Ok(state)
    }
}
