//! PH1.VOICE.ID as its specs state it. Alike to `wake` by nature: a reference model shares nothing that could be wrong in both.

use selene_contracts::ph1_voice_id::{
    Ph1VoiceIdReasonCode as V, VidEnrollCompleteCommitRow, VidEnrollDeferReminderCommitRow,
    VidEnrollSampleCommitRow, VidEnrollStartDraftRow, VidReadEnrollmentState, VidReadEnrollmentStateOutput,
    VoiceEnrollStatus, VoiceEnrollmentSampleRecord, VoiceEnrollmentSessionId, VoiceEnrollmentSessionRecord,
    VoiceProfileId, VoiceProfileRecord, VoiceSampleResult,
};
use selene_contracts::shared::{AuditEventType, EvidenceRef, MonotonicTimeNs};
use selene_contracts::{CallContext, ReasonCode};

use super::admission::{Admission, text};
use super::calls::{Answer, Call, Value};
use super::decision::Decided;
use super::event::{Event, EventKey};
use super::reference::Model;
use super::tables::{Tables, VoiceBindingRow};

const ENGINE: &str = "PH1.VOICE.ID";
const NS_PER_MS: u64 = 1_000_000;

impl Model {
    /// Answers a call of PH1.VOICE.ID; `None` for a call of another engine.
    pub(super) fn answer_voice(&mut self, context: &CallContext, call: &Call) -> Option<Answer> {
        let answer = match call {
            Call::VoiceStart(input) => self.write(
                context,
                "VID_ENROLL_START_DRAFT_ROW",
                &[input.onboarding_session_id.as_str(), input.device_id.as_str()],
                input,
                &admission(&[
                    text(input.onboarding_session_id.as_str(), 64),
                    text(input.device_id.as_str(), 128),
                    (5..=20).contains(&input.max_total_attempts),
                    (60_000..=300_000).contains(&input.max_session_enroll_time_ms),
                    (2..=5).contains(&input.lock_after_consecutive_passes),
                ])
                .and(input.consent_asserted, V::VidContractValidationFailed),
                |tables| start(tables, context, input),
            ),
            Call::VoiceSample(input) => self.write(
                context,
                "VID_ENROLL_SAMPLE_COMMIT_ROW",
                &[
                    input.voice_enrollment_session_id.as_str(),
                    &input.attempt_index.to_string(),
                    input.idempotency_key.as_str(),
                ],
                input,
                &sample_admission(input),
                |tables| sample(tables, context, input),
            ),
            Call::VoiceComplete(input) => self.write(
                context,
                "VID_ENROLL_COMPLETE_COMMIT_ROW",
                &[input.voice_enrollment_session_id.as_str(), input.idempotency_key.as_str()],
                input,
                &admission(&[
                    text(input.voice_enrollment_session_id.as_str(), 64),
                    text(input.idempotency_key.as_str(), 128),
                ]),
                |tables| complete(tables, context, input),
            ),
            Call::VoiceDefer(input) => self.write(
                context,
                "VID_ENROLL_DEFER_REMINDER_COMMIT_ROW",
                &[input.voice_enrollment_session_id.as_str(), input.idempotency_key.as_str()],
                input,
                &admission(&[
                    text(input.voice_enrollment_session_id.as_str(), 64),
                    is_outcome(input.reason_code),
                    text(input.idempotency_key.as_str(), 128),
                ]),
                |tables| defer(tables, context, input),
            ),
            call => return self.answer_voice_read(context, call),
        };
        Some(answer)
    }

    fn answer_voice_read(&mut self, context: &CallContext, call: &Call) -> Option<Answer> {
        let answer = match call {
            Call::VoiceRead(input) => {
                let admission = match input {
                    VidReadEnrollmentState::Session { voice_enrollment_session_id: id }
                    | VidReadEnrollmentState::Samples { voice_enrollment_session_id: id } => {
                        admission(&[text(id.as_str(), 64)])
                    }
                    VidReadEnrollmentState::Profile { voice_profile_id } => {
                        admission(&[text(voice_profile_id.as_str(), 64)])
                    }
                };
                self.read(context, ENGINE, &admission, |tables| state(tables, input))
            }
            Call::VoiceGuard(input) => {
                let id = &input.voice_enrollment_session_id;
                let admission = admission(&[text(id.as_str(), 64), input.sample_seq >= 1]);
                let codes = (V::VidAppendOnlyViolation.into(), V::VidScopeViolation.into());
                self.guard(context, ENGINE, &admission, codes, |tables| {
                    samples_of(tables, id).iter().any(|row| row.sample_seq == input.sample_seq)
                })
            }
            _ => return None,
        };
        Some(answer)
    }
}

/// The reason of a PASS is the code of the commit; only that of a FAIL says anything about the sample.
fn sample_admission(input: &VidEnrollSampleCommitRow) -> Admission {
    let fits = if has_passed(input) {
        input.reason_code == V::VidEnrollSampleCommit
    } else {
        is_outcome(input.reason_code)
    };
    admission(&[
        text(input.voice_enrollment_session_id.as_str(), 64),
        text(input.audio_sample_ref.as_str(), 256),
        input.attempt_index > 0,
        text(input.idempotency_key.as_str(), 128),
    ])
    .and(fits, V::VidContractValidationFailed)
}

/// What a sample or a deferral came to.
fn is_outcome(code: V) -> bool {
    [
        V::VidFailNoSpeech,
        V::VidFailLowConfidence,
        V::VidFailEchoUnsafe,
        V::VidFailProfileNotEnrolled,
        V::VidEnrollmentRequired,
        V::VidReauthRequired,
        V::VidEnrollTimeout,
        V::VidEnrollMaxAttempts,
    ]
    .contains(&code)
}

fn admission(fields: &[bool]) -> Admission {
    Admission::of(V::VidContractValidationFailed, fields)
}

fn find<'a>(tables: &'a Tables, id: &VoiceEnrollmentSessionId) -> Option<&'a VoiceEnrollmentSessionRecord> {
    tables.voice_sessions.iter().find(|row| row.voice_enrollment_session_id == *id)
}

/// The session that a change names. Where its onboarding ended with declined terms, nothing later may commit.
fn to_change(
    tables: &Tables,
    id: &VoiceEnrollmentSessionId,
) -> Result<VoiceEnrollmentSessionRecord, ReasonCode> {
    let session = find(tables, id).ok_or(V::VidScopeViolation)?;
    if tables.onboarding[&session.onboarding_session_id].is_declined {
        return Err(V::VidContractValidationFailed.into());
    }
    Ok(session.clone())
}

fn put(tables: &mut Tables, changed: &VoiceEnrollmentSessionRecord) {
    let id = &changed.voice_enrollment_session_id;
    let row = tables.voice_sessions.iter_mut().find(|row| row.voice_enrollment_session_id == *id);
    *row.expect("the row was found before") = changed.clone();
}

fn samples_of(tables: &Tables, id: &VoiceEnrollmentSessionId) -> Vec<VoiceEnrollmentSampleRecord> {
    tables.voice_samples.iter().filter(|row| row.voice_enrollment_session_id == *id).cloned().collect()
}

fn state(tables: &Tables, input: &VidReadEnrollmentState) -> Result<Value, ReasonCode> {
    use VidReadEnrollmentStateOutput as Output;
    let unknown = V::VidScopeViolation;
    let found = match input {
        VidReadEnrollmentState::Session { voice_enrollment_session_id: id } => {
            Output::VoiceEnrollmentSessionRecord(find(tables, id).ok_or(unknown)?.clone())
        }
        VidReadEnrollmentState::Samples { voice_enrollment_session_id: id } => {
            find(tables, id).ok_or(unknown)?;
            Output::VoiceEnrollmentSampleRecords(samples_of(tables, id))
        }
        VidReadEnrollmentState::Profile { voice_profile_id } => {
            let profile = tables.voice_profiles.iter().find(|row| row.voice_profile_id == *voice_profile_id);
            Output::VoiceProfileRecord(profile.ok_or(unknown)?.clone())
        }
    };
    Ok(Value::VoiceState(found))
}

/// The event of a write: the device's owner, in the chain of the onboarding session's tenant, else of the
/// device's.
fn event_of(
    tables: &Tables,
    context: &CallContext,
    (event_type, code): (AuditEventType, V),
    session: &VoiceEnrollmentSessionRecord,
    key: EventKey,
) -> Event {
    let onboarding = &tables.onboarding[&session.onboarding_session_id];
    let mut event = Event::new(context, ENGINE, event_type, code);
    event.tenant_id = onboarding.tenant.clone().or_else(|| tables.tenant_of(&session.device_id));
    event.user_id = Some(tables.devices[&session.device_id].owner.clone());
    event.device_id = Some(session.device_id.clone());
    event.key = key;
    event.note("voice_enrollment_session_id", &session.voice_enrollment_session_id);
    event.note("onboarding_session_id", &session.onboarding_session_id);
    event.note("device_id", &session.device_id);
    event.note("voice_enroll_status", &session.voice_enroll_status);
    event
}

/// Every event of the engine has a tenant: a call that leads to none is refused.
fn applied(value: Value, event: Event) -> Decided {
    if event.tenant_id.is_some() { Ok((value, event)) } else { Err(V::VidContractValidationFailed.into()) }
}

fn start(tables: &mut Tables, context: &CallContext, input: &VidEnrollStartDraftRow) -> Decided {
    let onboarding = tables.onboarding.get(&input.onboarding_session_id).ok_or(V::VidScopeViolation)?;
    let device = tables.devices.get(&input.device_id).ok_or(V::VidScopeViolation)?;
    let home = tables.identity(&device.owner).and_then(|owner| owner.tenant_id.as_ref());
    if onboarding.is_of_another(device.tenant.as_ref()) || onboarding.is_of_another(home) {
        return Err(V::VidScopeViolation.into());
    }
    if tables.person_of(onboarding).is_some_and(|person| *person != device.owner) {
        return Err(V::VidScopeViolation.into());
    }
    if onboarding.is_declined || context.now < onboarding.began_at {
        return Err(V::VidContractValidationFailed.into());
    }
    let session = VoiceEnrollmentSessionRecord {
        voice_enrollment_session_id: VoiceEnrollmentSessionId::new(format!(
            "voice-{}",
            tables.voice_sessions.len() + 1
        )),
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
        created_at: context.now,
        updated_at: context.now,
    };
    tables.voice_sessions.push(session.clone());
    let kind = (AuditEventType::StateTransition, V::VidEnrollStartDraft);
    applied(Value::Voice(session.clone()), event_of(tables, context, kind, &session, EventKey::Derived))
}

fn has_passed(input: &VidEnrollSampleCommitRow) -> bool {
    input.result == VoiceSampleResult::Pass
}

fn sample(tables: &mut Tables, context: &CallContext, input: &VidEnrollSampleCommitRow) -> Decided {
    let now = context.now;
    let mut session = to_change(tables, &input.voice_enrollment_session_id)?;
    if session.voice_enroll_status != VoiceEnrollStatus::InProgress || now < session.updated_at {
        return Err(V::VidContractValidationFailed.into());
    }
    session.attempt_count = session.attempt_count.checked_add(1).ok_or(V::VidContractValidationFailed)?;
    session.consecutive_passes = match input.result {
        VoiceSampleResult::Pass => session.consecutive_passes + 1,
        VoiceSampleResult::Fail => 0,
    };
    session.updated_at = now;
    let reason = (!has_passed(input)).then_some(input.reason_code);
    settle(&mut session, now, reason);
    put(tables, &session);
    tables.voice_samples.push(VoiceEnrollmentSampleRecord {
        voice_enrollment_session_id: input.voice_enrollment_session_id.clone(),
        sample_seq: u32::from(session.attempt_count),
        attempt_index: input.attempt_index,
        audio_sample_ref: input.audio_sample_ref.clone(),
        result: input.result,
        reason_code: Some(input.reason_code),
        created_at: now,
    });
    let kind = (AuditEventType::PerceptionSignalEmitted, V::VidEnrollSampleCommit);
    let key = EventKey::Given(input.idempotency_key.clone());
    let mut event = event_of(tables, context, kind, &session, key);
    event.evidence_ref = Some(EvidenceRef::new(input.audio_sample_ref.as_str()));
    event.note("attempt_index", &input.attempt_index);
    event.note("sample_result", &input.result);
    event.note("sample_reason_code", &input.reason_code);
    applied(Value::Voice(session), event)
}

/// The status after a sample: the first condition that holds decides.
fn settle(session: &mut VoiceEnrollmentSessionRecord, now: MonotonicTimeNs, reason: Option<V>) {
    let elapsed = now.get() - session.created_at.get();
    let is_timed_out = elapsed >= u64::from(session.max_session_enroll_time_ms) * NS_PER_MS;
    if session.consecutive_passes >= session.lock_after_consecutive_passes {
        session.voice_enroll_status = VoiceEnrollStatus::Locked;
        session.reason_code = None;
    } else if is_timed_out {
        session.voice_enroll_status = VoiceEnrollStatus::Pending;
        session.reason_code = Some(reason.unwrap_or(V::VidEnrollTimeout));
    } else if session.attempt_count >= session.max_total_attempts {
        session.voice_enroll_status = VoiceEnrollStatus::Pending;
        session.reason_code = Some(reason.unwrap_or(V::VidEnrollMaxAttempts));
    } else {
        session.reason_code = reason;
    }
}

fn complete(tables: &mut Tables, context: &CallContext, input: &VidEnrollCompleteCommitRow) -> Decided {
    let now = context.now;
    let mut session = to_change(tables, &input.voice_enrollment_session_id)?;
    if session.voice_enroll_status != VoiceEnrollStatus::Locked || now < session.updated_at {
        return Err(V::VidContractValidationFailed.into());
    }
    let profile_id = if let Some(written) = &session.voice_profile_id {
        written.clone()
    } else {
        let id = VoiceProfileId::new(format!("profile-{}", tables.voice_profiles.len() + 1));
        session.voice_profile_id = Some(id.clone());
        session.updated_at = now;
        put(tables, &session);
        tables.voice_profiles.push(VoiceProfileRecord {
            voice_profile_id: id.clone(),
            voice_enrollment_session_id: session.voice_enrollment_session_id.clone(),
            onboarding_session_id: session.onboarding_session_id.clone(),
            device_id: session.device_id.clone(),
            created_at: now,
        });
        tables.voice_bindings.push(VoiceBindingRow {
            onboarding_session_id: session.onboarding_session_id.clone(),
            device_id: session.device_id.clone(),
            voice_profile_id: id.clone(),
            bound_at: now,
        });
        id
    };
    let kind = (AuditEventType::StateTransition, V::VidEnrollCompleteCommit);
    let key = EventKey::Given(input.idempotency_key.clone());
    let mut event = event_of(tables, context, kind, &session, key);
    event.note("voice_profile_id", &profile_id);
    applied(Value::Voice(session), event)
}

fn defer(tables: &mut Tables, context: &CallContext, input: &VidEnrollDeferReminderCommitRow) -> Decided {
    let mut session = to_change(tables, &input.voice_enrollment_session_id)?;
    let is_open =
        matches!(session.voice_enroll_status, VoiceEnrollStatus::InProgress | VoiceEnrollStatus::Pending);
    if !is_open || context.now < session.updated_at {
        return Err(V::VidContractValidationFailed.into());
    }
    session.voice_enroll_status = VoiceEnrollStatus::Pending;
    session.reason_code = Some(input.reason_code);
    session.updated_at = context.now;
    put(tables, &session);
    let kind = (AuditEventType::StateTransition, V::VidEnrollDeferReminderCommit);
    let key = EventKey::Given(input.idempotency_key.clone());
    let mut event = event_of(tables, context, kind, &session, key);
    event.note("sample_reason_code", &input.reason_code);
    applied(Value::Voice(session), event)
}
