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
use crate::rules::ph1_voice_id;
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

/// The row of a key, whose absence the rule refuses.
fn existing<R: FoundBy<K>, K: Key>(db: &impl Session, key: &K) -> Result<R, Failure> {
    Ok(ph1_voice_id::existing(db.by_key(key)?, K::COLUMNS[0])?)
}
