//! Voice enrollments: started once for an onboarding session on a device, completed with a profile, or deferred.

use selene_contracts::ph1_voice_id::{
    VidEnrollCompleteCommitRow, VidEnrollDeferReminderCommitRow, VidEnrollStartDraftRow, VoiceEnrollStatus,
    VoiceEnrollmentSessionId, VoiceEnrollmentSessionRecord, VoiceProfileId, VoiceProfileRecord,
};
use selene_contracts::shared::{AuditEventId, IdempotencyKey, MonotonicTimeNs, TenantId, UserId};
use selene_contracts::{Admitted, Capability, StorageError};

use crate::encode::{Encoder, short_id};
use crate::engines::onboarding::OnboardingStanding;
use crate::engines::standing::DeviceStanding;
use crate::engines::{Decision, EventDraft, WriteRule, refuse};

/// What the start of an enrollment needs to know.
#[derive(Debug, Clone)]
pub struct StartFacts {
    pub(crate) onboarding: Option<OnboardingStanding>,
    pub(crate) device: Option<DeviceStanding>,
}

/// What a change of an enrollment needs to know.
#[derive(Debug, Clone)]
pub struct EnrollmentFacts {
    pub(crate) session: Option<VoiceEnrollmentSessionRecord>,
    pub(crate) onboarding: Option<OnboardingStanding>,
    pub(crate) device: Option<DeviceStanding>,
}

impl EnrollmentFacts {
    /// The enrollment with whom its events are about, or the refusal of a call that names none.
    pub(super) fn found<C: Capability>(
        self,
    ) -> Result<(VoiceEnrollmentSessionRecord, Subject), StorageError> {
        let Self { session, onboarding, device } = self;
        let found = session.zip(onboarding.zip(device));
        let (session, (onboarding, device)) = found.ok_or_else(|| {
            refuse::not_found::<C>("voice_enrollment_session_id", "voice_enrollment_sessions")
        })?;
        Ok((session, Subject::of(&onboarding, &device)))
    }
}

/// Whom the events of an enrollment are about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Subject {
    /// The onboarding session's tenant, else the device's.
    tenant_id: Option<TenantId>,
    /// The owner of the device.
    user_id: UserId,
}

impl Subject {
    fn of(onboarding: &OnboardingStanding, device: &DeviceStanding) -> Self {
        let tenant_id = OnboardingStanding::tenant_with(Some(onboarding), device);
        Self { tenant_id: tenant_id.cloned(), user_id: device.owner.clone() }
    }
}

impl WriteRule for VidEnrollStartDraftRow {
    type Facts = StartFacts;
    type Change = VoiceEnrollmentSessionRecord;

    /// Checks in this order: the onboarding session exists; the device exists; their tenants fit, and the device
    /// belongs to the session's person where that is known; the consent is asserted.
    fn decide(
        call: &Admitted<Self>,
        facts: StartFacts,
        _event_id: &AuditEventId,
    ) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        let onboarding = facts
            .onboarding
            .ok_or_else(|| refuse::foreign_key::<Self>("onboarding_session_id", "onboarding_sessions"))?;
        let device = facts.device.ok_or_else(|| refuse::foreign_key::<Self>("device_id", "devices"))?;
        onboarding.check_tenant::<Self>(&device)?;
        onboarding.check_owner::<Self>(&device)?;
        if !input.consent_asserted {
            return Err(refuse::rule::<Self>("consent_asserted", "must be true"));
        }
        let record = VoiceEnrollmentSessionRecord {
            voice_enrollment_session_id: session_key(input),
            onboarding_session_id: input.onboarding_session_id.clone(),
            device_id: input.device_id.clone(),
            voice_profile_id: None,
            voice_enroll_status: VoiceEnrollStatus::InProgress,
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
        let mut event = event(call, &record, &Subject::of(&onboarding, &device), [])?;
        event.idempotency_key = Some(start_key(input));
        Ok(Decision { change: record.clone(), event, output: record })
    }
}

/// A start has no key of its own; its session and its device, of which there is one enrollment, make one.
fn start_key(input: &VidEnrollStartDraftRow) -> IdempotencyKey {
    IdempotencyKey::new(short_id("key_", &start_hash("selene.voice_enrollment_start.v1", input)))
}

/// The key of an enrollment follows from the dedupe key of its start.
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

/// A new profile, and the enrollment that leads to it.
#[derive(Debug, Clone)]
pub struct CompleteChange {
    pub(crate) session: VoiceEnrollmentSessionRecord,
    pub(crate) profile: VoiceProfileRecord,
}

impl WriteRule for VidEnrollCompleteCommitRow {
    type Facts = EnrollmentFacts;
    /// Nothing where the profile was written before.
    type Change = Option<CompleteChange>;

    /// Checks in this order: the enrollment exists; it is locked; time does not go back.
    fn decide(
        call: &Admitted<Self>,
        facts: EnrollmentFacts,
        _event_id: &AuditEventId,
    ) -> Result<Decision<Self>, StorageError> {
        let now = call.context().now;
        let (before, subject) = facts.found::<Self>()?;
        if before.voice_enroll_status != VoiceEnrollStatus::Locked {
            return Err(refuse::rule::<Self>("voice_enroll_status", "must be LOCKED"));
        }
        check_time::<Self>(&before, now)?;
        let voice_profile_id = profile_key(&before);
        let (record, change) = if before.voice_profile_id.is_some() {
            (before, None)
        } else {
            let profile = VoiceProfileRecord {
                voice_profile_id: voice_profile_id.clone(),
                voice_enrollment_session_id: before.voice_enrollment_session_id.clone(),
                onboarding_session_id: before.onboarding_session_id.clone(),
                device_id: before.device_id.clone(),
                created_at: now,
            };
            let session = VoiceEnrollmentSessionRecord {
                voice_profile_id: Some(voice_profile_id.clone()),
                updated_at: now,
                ..before
            };
            (session.clone(), Some(CompleteChange { session, profile }))
        };
        let profile = ("voice_profile_id", Some(voice_profile_id.as_str()));
        let event = event(call, &record, &subject, [profile])?;
        Ok(Decision { change, event, output: record })
    }
}

/// The key of a profile follows from the enrollment that leads to it.
fn profile_key(session: &VoiceEnrollmentSessionRecord) -> VoiceProfileId {
    let mut bytes = Encoder::new("selene.voice_profile.v1");
    bytes.text(session.voice_enrollment_session_id.as_str());
    bytes.text(session.onboarding_session_id.as_str());
    bytes.text(session.device_id.as_str());
    VoiceProfileId::new(short_id("vpr_", &bytes.finish()))
}

impl WriteRule for VidEnrollDeferReminderCommitRow {
    type Facts = EnrollmentFacts;
    type Change = VoiceEnrollmentSessionRecord;

    /// Checks in this order: the enrollment exists; it has not ended; time does not go back.
    fn decide(
        call: &Admitted<Self>,
        facts: EnrollmentFacts,
        _event_id: &AuditEventId,
    ) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        let (before, subject) = facts.found::<Self>()?;
        match before.voice_enroll_status {
            VoiceEnrollStatus::InProgress | VoiceEnrollStatus::Pending => {}
            VoiceEnrollStatus::Locked | VoiceEnrollStatus::Declined => {
                return Err(refuse::rule::<Self>("voice_enroll_status", "must be IN_PROGRESS or PENDING"));
            }
        }
        check_time::<Self>(&before, now)?;
        let record = VoiceEnrollmentSessionRecord {
            voice_enroll_status: VoiceEnrollStatus::Pending,
            reason_code: Some(input.reason_code),
            updated_at: now,
            ..before
        };
        let reason = ("sample_reason_code", Some(input.reason_code.as_str()));
        let event = event(call, &record, &subject, [reason])?;
        Ok(Decision { change: record.clone(), event, output: record })
    }
}

/// Time never goes back within an enrollment.
fn check_time<C: Capability>(
    before: &VoiceEnrollmentSessionRecord,
    now: MonotonicTimeNs,
) -> Result<(), StorageError> {
    if now < before.updated_at { Err(time_goes_back::<C>()) } else { Ok(()) }
}

/// The refusal of a time before the enrollment's last change.
pub(super) fn time_goes_back<C: Capability>() -> StorageError {
    refuse::rule::<C>("now", "lies before the last change of the enrollment")
}

/// The event of a change: what all of them say, and what only this one says.
pub(super) fn event<C: Capability, const N: usize>(
    call: &Admitted<C>,
    session: &VoiceEnrollmentSessionRecord,
    subject: &Subject,
    more: [(&'static str, Option<&str>); N],
) -> Result<EventDraft, StorageError> {
    let always = [
        ("voice_enrollment_session_id", Some(session.voice_enrollment_session_id.as_str())),
        ("onboarding_session_id", Some(session.onboarding_session_id.as_str())),
        ("device_id", Some(session.device_id.as_str())),
        ("voice_enroll_status", Some(session.voice_enroll_status.as_str())),
    ];
    let event = EventDraft::fixed(call)?
        .user(Some(&subject.user_id))
        .device(Some(&session.device_id))
        .tenant(subject.tenant_id.as_ref())
        .details(always.into_iter().chain(more));
    event.check::<C>()?;
    Ok(event)
}
