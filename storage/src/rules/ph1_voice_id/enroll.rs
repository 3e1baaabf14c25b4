//! Voice enrollments: started once for an onboarding session on a device, completed with a profile, or deferred.

use selene_contracts::ph1_f::DeviceRecord;
use selene_contracts::ph1_voice_id::{
    VidEnrollCompleteCommitRow, VidEnrollDeferReminderCommitRow, VidEnrollStartDraftRow,
    VoiceEnrollmentSessionId, VoiceEnrollmentSessionRecord, VoiceProfileBindingsRow, VoiceProfileId,
    VoiceProfileRecord, VoiceProfilesRow,
};
use selene_contracts::shared::IdempotencyKey;
use selene_contracts::{Admitted, StorageError};

use super::moves::START;
use crate::change::{Insert, Update};
use crate::encode::{Encoder, short_id};
use crate::rules::enrollment::moves::On;
use crate::rules::enrollment::{
    Enrollment as _, EnrollmentFacts, Subject, check_start, decide_deferral, event,
};
use crate::rules::onboarding::OnboardingStanding;
use crate::rules::person::Person;
use crate::rules::standing::DeviceStanding;
use crate::rules::{Decision, WriteRule, refuse};

/// The rows that the start of an enrollment depends on.
#[derive(Debug, Clone)]
pub struct StartFacts {
    pub(crate) onboarding: Option<OnboardingStanding>,
    pub(crate) device: Option<DeviceStanding>,
    /// The owner of the device.
    pub(crate) owner: Option<Person>,
}

impl WriteRule for VidEnrollStartDraftRow {
    type Facts = StartFacts;
    type Change = Insert<VoiceEnrollmentSessionRecord>;

    /// The consent is asserted. A call without it is refused before any row is read, so that it discloses no enrollment.
    fn check_input(input: &Self) -> Result<(), StorageError> {
        if input.consent_asserted {
            Ok(())
        } else {
            Err(refuse::rule::<Self>("consent_asserted", "must be true"))
        }
    }

    /// Checks in this order: the device exists; the onboarding session exists and is of the tenant of the device and of
    /// its owner; it is of that owner where its person is known, was not declined and began before.
    fn decide(call: &Admitted<Self>, facts: StartFacts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        let device = facts.device.ok_or_else(|| refuse::foreign_key::<Self, DeviceRecord>("device_id"))?;
        let onboarding = OnboardingStanding::found::<Self>(facts.onboarding, &device, facts.owner.as_ref())?;
        check_start::<Self, VoiceEnrollmentSessionRecord>(&onboarding, &device, now)?;
        let record = VoiceEnrollmentSessionRecord {
            voice_enrollment_session_id: session_key(input),
            onboarding_session_id: input.onboarding_session_id.clone(),
            device_id: input.device_id.clone(),
            voice_profile_id: None,
            voice_enroll_status: START,
            lock_after_consecutive_passes: input.lock_after_consecutive_passes,
            consecutive_passes: 0,
            attempt_count: 0,
            max_total_attempts: input.max_total_attempts,
            max_session_enroll_time_ms: input.max_session_enroll_time_ms,
            reason_code: None,
            deferred_until: None,
            created_at: now,
            updated_at: now,
        };
        let mut event = event(call, &record, &Subject::of(Some(&onboarding), &device), [])?;
        event.idempotency_key = Some(start_key(input));
        Ok(Decision { change: Insert(record.clone()), event, output: record })
    }
}

/// The idempotency key of the event of a start, whose input has none: `key_` and a hash of session and device, for which there is
/// one enrollment.
fn start_key(input: &VidEnrollStartDraftRow) -> IdempotencyKey {
    IdempotencyKey::new(short_id("key_", &start_hash("selene.voice_enrollment_start.v1", input)))
}

/// The key of an enrollment: `ves_` and a hash of the dedupe key of its start.
fn session_key(input: &VidEnrollStartDraftRow) -> VoiceEnrollmentSessionId {
    let hash = start_hash("selene.voice_enrollment_session.v1", input);
    VoiceEnrollmentSessionId::new(short_id("ves_", &hash))
}

fn start_hash(domain: &str, input: &VidEnrollStartDraftRow) -> [u8; 32] {
    let mut bytes = Encoder::new(domain);
    bytes.text(input.onboarding_session_id.as_str());
    bytes.text(input.device_id.as_str());
    bytes.finish()
}

/// A new profile with its binding, and the enrollment that it comes from.
pub type CompleteChange =
    (Insert<VoiceProfileRecord>, Insert<VoiceProfileBindingsRow>, Update<VoiceEnrollmentSessionRecord>);

impl WriteRule for VidEnrollCompleteCommitRow {
    type Facts = EnrollmentFacts<VoiceEnrollmentSessionRecord>;
    /// None where the profile was written before.
    type Change = Option<CompleteChange>;

    /// Checks in this order: the enrollment exists; its onboarding was not declined; it is locked; time does not go back.
    fn decide(call: &Admitted<Self>, facts: Self::Facts) -> Result<Decision<Self>, StorageError> {
        let now = call.context().now;
        let (before, subject) = facts.found::<Self>()?;
        let after = before.after::<Self>(On::Complete, None, &[], now)?;
        let voice_profile_id = profile_key(&before);
        let (record, change) = if before.voice_profile_id.is_some() {
            (before, None)
        } else {
            let id = voice_profile_id.clone();
            let profile: VoiceProfileRecord =
                VoiceProfilesRow::of_voice_enrollment_session_record(&before, id, now).into();
            let session =
                VoiceEnrollmentSessionRecord { voice_profile_id: Some(voice_profile_id.clone()), ..after };
            let binding = VoiceProfileBindingsRow::of_voice_profile_record(&profile, now);
            (session.clone(), Some((Insert(profile), Insert(binding), Update(session))))
        };
        let profile = ("voice_profile_id", Some(voice_profile_id.as_str()));
        let event = event(call, &record, &subject, [profile])?;
        Ok(Decision { change, event, output: record })
    }
}

/// The key of a profile: `vpr_` and a hash of the keys of its enrollment.
fn profile_key(session: &VoiceEnrollmentSessionRecord) -> VoiceProfileId {
    let mut bytes = Encoder::new("selene.voice_profile.v1");
    bytes.text(session.voice_enrollment_session_id.as_str());
    bytes.text(session.onboarding_session_id.as_str());
    bytes.text(session.device_id.as_str());
    VoiceProfileId::new(short_id("vpr_", &bytes.finish()))
}

impl WriteRule for VidEnrollDeferReminderCommitRow {
    type Facts = EnrollmentFacts<VoiceEnrollmentSessionRecord>;
    type Change = Update<VoiceEnrollmentSessionRecord>;

    /// Checks in the order of [`decide_deferral`]. The page gives no time to remind, so `deferred_until` stays.
    fn decide(call: &Admitted<Self>, facts: Self::Facts) -> Result<Decision<Self>, StorageError> {
        decide_deferral(call, facts, call.input().reason_code, |after| after)
    }
}
