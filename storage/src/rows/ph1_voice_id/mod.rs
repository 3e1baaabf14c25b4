//! Rows of PH1.VOICE.ID: enrollments, samples, profiles and their bindings.

mod enroll;

use selene_contracts::Admitted;
use selene_contracts::ph1_voice_id::keys::{
    VoiceEnrollmentSamplesKey, VoiceEnrollmentSessionsKey, VoiceProfilesKey,
};
use selene_contracts::ph1_voice_id::{
    VidReadEnrollmentState, VidReadEnrollmentStateOutput, VoiceEnrollmentSessionRecord,
};
use selene_contracts::row::{FoundBy, Key};

use crate::failure::Failure;
use crate::rows::stored::StoredRead;
use crate::rules::refuse;
use crate::session::Session;

impl StoredRead for VidReadEnrollmentState {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<VidReadEnrollmentStateOutput, Failure> {
        let session = |voice_enrollment_session_id| {
            existing::<VoiceEnrollmentSessionRecord, _>(
                db,
                &VoiceEnrollmentSessionsKey { voice_enrollment_session_id },
            )
        };
        Ok(match call.input() {
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
            Self::Profile { voice_profile_id } => VidReadEnrollmentStateOutput::VoiceProfileRecord(existing(
                db,
                &VoiceProfilesKey { voice_profile_id },
            )?),
        })
    }
}

/// The row of a key, whose absence is refused.
fn existing<R: FoundBy<K>, K: Key>(db: &impl Session, key: &K) -> Result<R, Failure> {
    let found = db.by_key(key)?;
    found.ok_or_else(|| refuse::not_found::<VidReadEnrollmentState, R>(K::COLUMNS[0]).into())
}
