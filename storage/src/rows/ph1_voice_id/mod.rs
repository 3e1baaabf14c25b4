//! PH1.VOICE.ID on SQLite.

mod enroll;
mod samples;

use selene_contracts::Admitted;
use selene_contracts::ph1_voice_id::{VidReadEnrollmentState, VidReadEnrollmentStateOutput};

use crate::failure::Failure;
use crate::rows::stored::StoredRead;
use crate::rules::refuse;
use crate::session::Session;

impl StoredRead for VidReadEnrollmentState {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<VidReadEnrollmentStateOutput, Failure> {
        let connection = db.connection();
        let session = |voice_enrollment_session_id| {
            enroll::session(connection, voice_enrollment_session_id)?.ok_or_else(|| {
                Failure::from(refuse::not_found::<Self>(
                    "voice_enrollment_session_id",
                    "voice_enrollment_sessions",
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
                let samples = samples::of_session(connection, voice_enrollment_session_id)?;
                VidReadEnrollmentStateOutput::VoiceEnrollmentSampleRecords(samples)
            }
            Self::Profile { voice_profile_id } => {
                let profile = enroll::profile(connection, voice_profile_id)?
                    .ok_or_else(|| refuse::not_found::<Self>("voice_profile_id", "voice_profiles"))?;
                VidReadEnrollmentStateOutput::VoiceProfileRecord(profile)
            }
        };
        Ok(state)
    }
}
