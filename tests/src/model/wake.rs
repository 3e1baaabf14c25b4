//! PH1.W as its specs state it. Alike to `voice` by nature: a reference model shares nothing that could be wrong in both.

mod bounds;
mod runtime;

use selene_contracts::ph1_w::{
    Ph1WReasonCode as W, Ph1wAppendOnlyGuards, Ph1wEnrollCompleteCommitRow, Ph1wEnrollDeferReminderCommitRow,
    Ph1wEnrollSampleCommitRow, Ph1wEnrollStartDraftRow, WakeEnrollStatus, WakeEnrollmentSampleRecord,
    WakeEnrollmentSessionId, WakeEnrollmentSessionRecord, WakeSampleResult,
};
use selene_contracts::shared::{AuditEventType, IdempotencyKey, MonotonicTimeNs};
use selene_contracts::{CallContext, ReasonCode};

use self::bounds::{
    ENGINE, admission, guard_admission, is_gate, is_outcome, sample_admission, start_admission,
};
use self::runtime::{runtime, runtime_admission};
use super::admission::text;
use super::calls::{Answer, Call, Value};
use super::decision::Decided;
use super::event::{Event, EventKey};
use super::reference::Model;
use super::tables::{BindingRow, Tables};

const NS_PER_MS: u64 = 1_000_000;

impl Model {
    /// Answers a call of PH1.W; `None` for a call of another engine.
    pub(super) fn answer_wake(&mut self, context: &CallContext, call: &Call) -> Option<Answer> {
        let answer = match call {
            Call::WakeStart(input) => self.write(
                context,
                "PH1W_ENROLL_START_DRAFT_ROW",
                &[input.user_id.as_str(), input.device_id.as_str(), input.idempotency_key.as_str()],
                input,
                &start_admission(input),
                |tables| start(tables, context, input),
            ),
            Call::WakeSample(input) => self.write(
                context,
                "PH1W_ENROLL_SAMPLE_COMMIT_ROW",
                &[input.wake_enrollment_session_id.as_str(), input.idempotency_key.as_str()],
                input,
                &sample_admission(input),
                |tables| sample(tables, context, input),
            ),
            Call::WakeComplete(input) => self.write(
                context,
                "PH1W_ENROLL_COMPLETE_COMMIT_ROW",
                &[input.wake_enrollment_session_id.as_str(), input.idempotency_key.as_str()],
                input,
                &admission(&[
                    text(input.wake_enrollment_session_id.as_str(), 64),
                    text(input.wake_profile_id.as_str(), 128),
                    text(input.idempotency_key.as_str(), 128),
                ]),
                |tables| complete(tables, context, input),
            ),
            Call::WakeDefer(input) => self.write(
                context,
                "PH1W_ENROLL_DEFER_REMINDER_COMMIT_ROW",
                &[input.wake_enrollment_session_id.as_str(), input.idempotency_key.as_str()],
                input,
                &admission(&[
                    text(input.wake_enrollment_session_id.as_str(), 64),
                    is_outcome(input.reason_code) || is_gate(input.reason_code),
                    text(input.idempotency_key.as_str(), 128),
                ]),
                |tables| defer(tables, context, input),
            ),
            Call::WakeRuntime(input) => self.write(
                context,
                "PH1W_RUNTIME_EVENT_COMMIT_ROW",
                &[input.device_id.as_str(), input.idempotency_key.as_str()],
                input,
                &runtime_admission(input),
                |tables| runtime(tables, context, input),
            ),
            call => return self.answer_wake_read(context, call),
        };
        Some(answer)
    }

    fn answer_wake_read(&mut self, context: &CallContext, call: &Call) -> Option<Answer> {
        let answer = match call {
            Call::WakeReadSession(input) => {
                let id = &input.wake_enrollment_session_id;
                self.read(context, ENGINE, &admission(&[text(id.as_str(), 64)]), |tables| {
                    Ok(Value::WakeFound(find(tables, id).cloned()))
                })
            }
            Call::WakeReadSamples(input) => {
                let id = &input.wake_enrollment_session_id;
                self.read(context, ENGINE, &admission(&[text(id.as_str(), 64)]), |tables| {
                    Ok(Value::WakeSamples(samples_of(tables, id)))
                })
            }
            Call::WakeReadRuntime(_) => self.read(context, ENGINE, &admission(&[]), |tables| {
                Ok(Value::WakeRuntimes(tables.wake_events.clone()))
            }),
            Call::WakeReadActive(input) => {
                let bounds = [text(input.user_id.as_str(), 128), text(input.device_id.as_str(), 128)];
                self.read(context, ENGINE, &admission(&bounds), |tables| {
                    let active = tables.wake_bindings.iter().find(|row| {
                        row.active && row.user_id == input.user_id && row.device_id == input.device_id
                    });
                    Ok(Value::WakeActive(active.map(|row| row.wake_profile_id.clone())))
                })
            }
            Call::WakeGuard(guard) => {
                let codes = (W::WAppendOnlyViolation.into(), W::WScopeViolation.into());
                self.guard(context, ENGINE, &guard_admission(guard), codes, |tables| match guard {
                    Ph1wAppendOnlyGuards::WakeEnrollmentSessionIdAndSampleSeq {
                        wake_enrollment_session_id: id,
                        sample_seq,
                    } => samples_of(tables, id).iter().any(|row| row.sample_seq == *sample_seq),
                    Ph1wAppendOnlyGuards::WakeEventId { wake_event_id } => {
                        tables.wake_events.iter().any(|row| row.wake_event_id == *wake_event_id)
                    }
                })
            }
            _ => return None,
        };
        Some(answer)
    }
}

fn find<'a>(tables: &'a Tables, id: &WakeEnrollmentSessionId) -> Option<&'a WakeEnrollmentSessionRecord> {
    tables.wake_sessions.iter().find(|row| row.wake_enrollment_session_id == *id)
}

/// The session that a change names. Where its onboarding ended with declined terms, nothing later may commit.
fn to_change(
    tables: &Tables,
    id: &WakeEnrollmentSessionId,
) -> Result<WakeEnrollmentSessionRecord, ReasonCode> {
    let session = find(tables, id).ok_or(W::WScopeViolation)?;
    if session.onboarding_session_id.as_ref().is_some_and(|id| tables.onboarding[id].is_declined) {
        return Err(W::WOnboardingDeclined.into());
    }
    Ok(session.clone())
}

fn put(tables: &mut Tables, changed: &WakeEnrollmentSessionRecord) {
    let id = &changed.wake_enrollment_session_id;
    let row = tables.wake_sessions.iter_mut().find(|row| row.wake_enrollment_session_id == *id);
    *row.expect("the row was found before") = changed.clone();
}

fn samples_of(tables: &Tables, id: &WakeEnrollmentSessionId) -> Vec<WakeEnrollmentSampleRecord> {
    tables.wake_samples.iter().filter(|row| row.wake_enrollment_session_id == *id).cloned().collect()
}

/// Whether the pair of a session has another session that is IN_PROGRESS.
fn has_other_in_progress(tables: &Tables, session: &WakeEnrollmentSessionRecord) -> bool {
    tables.wake_sessions.iter().any(|row| {
        row.wake_enrollment_session_id != session.wake_enrollment_session_id
            && row.user_id == session.user_id
            && row.device_id == session.device_id
            && row.wake_enroll_status == WakeEnrollStatus::InProgress
    })
}

/// The event of an enrollment write: its session's user and device, in the chain of the onboarding session's tenant, else of
/// the device's.
fn enrollment_event(
    tables: &Tables,
    context: &CallContext,
    (event_type, code): (AuditEventType, W),
    session: &WakeEnrollmentSessionRecord,
    key: &IdempotencyKey,
) -> Event {
    let mut event = Event::new(context, ENGINE, event_type, code);
    let onboarding = session.onboarding_session_id.as_ref().and_then(|id| tables.onboarding.get(id));
    event.tenant_id =
        onboarding.and_then(|row| row.tenant.clone()).or_else(|| tables.tenant_of(&session.device_id));
    event.user_id = Some(session.user_id.clone());
    event.device_id = Some(session.device_id.clone());
    event.key = EventKey::Given(key.clone());
    event.note("wake_enrollment_session_id", &session.wake_enrollment_session_id);
    event.note("user_id", &session.user_id);
    event.note("device_id", &session.device_id);
    event.note("wake_enroll_status", &session.wake_enroll_status);
    event
}

/// What is refused before the pair is looked at, in the order of the spec.
fn may_start(
    tables: &Tables,
    context: &CallContext,
    input: &Ph1wEnrollStartDraftRow,
) -> Result<(), ReasonCode> {
    let user = tables.identity(&input.user_id).ok_or(W::WEnrollUserMissing)?;
    let device = tables.devices.get(&input.device_id).ok_or(W::WEnrollDeviceMissing)?;
    if device.owner != input.user_id {
        let tenants = user.tenant_id.clone().zip(tables.tenant_of(&input.device_id));
        let is_elsewhere = tenants.is_some_and(|(home, tenant)| home != tenant);
        let refusal = if is_elsewhere { W::WEnrollDeviceMissing } else { W::WEnrollDeviceOwnershipMismatch };
        return Err(refusal.into());
    }
    let Some(id) = &input.onboarding_session_id else { return Ok(()) };
    let onboarding = tables.onboarding.get(id).ok_or(W::WScopeViolation)?;
    if onboarding.is_of_another(device.tenant.as_ref()) || onboarding.is_of_another(user.tenant_id.as_ref()) {
        return Err(W::WScopeViolation.into());
    }
    if tables.person_of(onboarding).is_some_and(|person| *person != input.user_id) {
        return Err(W::WScopeViolation.into());
    }
    if onboarding.is_declined {
        return Err(W::WOnboardingDeclined.into());
    }
    if context.now < onboarding.began_at {
        return Err(W::WEnrollTimeInvalid.into());
    }
    Ok(())
}

fn start(tables: &mut Tables, context: &CallContext, input: &Ph1wEnrollStartDraftRow) -> Decided {
    may_start(tables, context, input)?;
    let session = WakeEnrollmentSessionRecord {
        wake_enrollment_session_id: WakeEnrollmentSessionId::new(format!(
            "wake-{}",
            tables.wake_sessions.len() + 1
        )),
        user_id: input.user_id.clone(),
        device_id: input.device_id.clone(),
        onboarding_session_id: input.onboarding_session_id.clone(),
        wake_profile_id: None,
        wake_enroll_status: WakeEnrollStatus::InProgress,
        pass_target: input.pass_target,
        pass_count: 0,
        attempt_count: 0,
        max_attempts: input.max_attempts,
        enrollment_timeout_ms: input.enrollment_timeout_ms,
        reason_code: None,
        created_at: context.now,
        updated_at: context.now,
        completed_at: None,
        deferred_until: None,
    };
    if has_other_in_progress(tables, &session) {
        return Err(W::WEnrollAlreadyInProgress.into());
    }
    tables.wake_sessions.push(session.clone());
    let kind = (AuditEventType::StateTransition, W::WakeEnrollStartDraft);
    let event = enrollment_event(tables, context, kind, &session, &input.idempotency_key);
    Ok((Value::Wake(session), event))
}

fn sample(tables: &mut Tables, context: &CallContext, input: &Ph1wEnrollSampleCommitRow) -> Decided {
    let now = context.now;
    let mut session = to_change(tables, &input.wake_enrollment_session_id)?;
    if matches!(session.wake_enroll_status, WakeEnrollStatus::Complete | WakeEnrollStatus::Declined) {
        return Err(W::WEnrollSampleSessionClosed.into());
    }
    if now < session.updated_at {
        return Err(W::WEnrollTimeInvalid.into());
    }
    session.attempt_count = session.attempt_count.checked_add(1).ok_or(W::WCounterExhausted)?;
    session.pass_count += u8::from(input.result == WakeSampleResult::Pass);
    session.updated_at = now;
    settle(tables, now, &mut session, input.reason_code);
    put(tables, &session);
    let row = sample_row(input, session.attempt_count, now);
    tables.wake_samples.push(row);
    let kind = (AuditEventType::PerceptionSignalEmitted, W::WakeEnrollSampleCommit);
    let mut event = enrollment_event(tables, context, kind, &session, &input.idempotency_key);
    event.note("sample_seq", &session.attempt_count);
    event.note("result", &input.result);
    event.note_some("gate_reason_code", input.reason_code);
    Ok((Value::Wake(session), event))
}

/// The status after a sample: the first condition that holds decides. What a line of the spec does not name is not changed:
/// the reason and the time to remind of a session that waited, too.
fn settle(
    tables: &Tables,
    now: MonotonicTimeNs,
    session: &mut WakeEnrollmentSessionRecord,
    given: Option<W>,
) {
    let elapsed = now.get() - session.created_at.get();
    let is_timed_out = elapsed >= u64::from(session.enrollment_timeout_ms) * NS_PER_MS;
    if session.pass_count >= session.pass_target {
        session.wake_enroll_status = WakeEnrollStatus::Complete;
        session.completed_at = Some(now);
        session.reason_code = None;
        session.deferred_until = None;
    } else if is_timed_out {
        session.wake_enroll_status = WakeEnrollStatus::Pending;
        session.reason_code = Some(given.unwrap_or(W::WEnrollTimeout));
    } else if session.attempt_count >= u32::from(session.max_attempts) {
        session.wake_enroll_status = WakeEnrollStatus::Pending;
        session.reason_code = Some(given.unwrap_or(W::WEnrollMaxAttempts));
    } else if has_other_in_progress(tables, session) {
        session.wake_enroll_status = WakeEnrollStatus::Pending;
    } else {
        session.wake_enroll_status = WakeEnrollStatus::InProgress;
    }
}

fn sample_row(
    input: &Ph1wEnrollSampleCommitRow,
    sample_seq: u32,
    now: MonotonicTimeNs,
) -> WakeEnrollmentSampleRecord {
    WakeEnrollmentSampleRecord {
        wake_enrollment_session_id: input.wake_enrollment_session_id.clone(),
        sample_seq,
        captured_at: now,
        sample_duration_ms: input.sample_duration_ms,
        vad_coverage: input.vad_coverage,
        snr_db: input.snr_db,
        clipping_pct: input.clipping_pct,
        rms_dbfs: input.rms_dbfs,
        noise_floor_dbfs: input.noise_floor_dbfs,
        peak_dbfs: input.peak_dbfs,
        overlap_ratio: input.overlap_ratio,
        result: input.result,
        reason_code: input.reason_code,
    }
}

fn complete(tables: &mut Tables, context: &CallContext, input: &Ph1wEnrollCompleteCommitRow) -> Decided {
    let now = context.now;
    let mut session = to_change(tables, &input.wake_enrollment_session_id)?;
    if session.pass_count < session.pass_target {
        return Err(W::WEnrollPassTargetNotMet.into());
    }
    if now < session.updated_at {
        return Err(W::WEnrollTimeInvalid.into());
    }
    if session.wake_profile_id.as_ref().is_some_and(|bound| *bound != input.wake_profile_id) {
        return Err(W::WEnrollProfileConflict.into());
    }
    // The same profile again is applied and changes nothing but the event.
    if session.wake_profile_id.is_none() {
        let replaced = tables
            .wake_bindings
            .iter()
            .find(|row| row.active && row.user_id == session.user_id && row.device_id == session.device_id);
        // A binding that ends does not end before it began.
        if replaced.is_some_and(|row| now < row.bound_at) {
            return Err(W::WEnrollTimeInvalid.into());
        }
        session.wake_profile_id = Some(input.wake_profile_id.clone());
        session.updated_at = now;
        put(tables, &session);
        for row in &mut tables.wake_bindings {
            if row.active && row.user_id == session.user_id && row.device_id == session.device_id {
                row.active = false;
                row.unbound_at = Some(now);
            }
        }
        tables.wake_bindings.push(BindingRow {
            user_id: session.user_id.clone(),
            device_id: session.device_id.clone(),
            wake_enrollment_session_id: session.wake_enrollment_session_id.clone(),
            wake_profile_id: input.wake_profile_id.clone(),
            active: true,
            bound_at: now,
            unbound_at: None,
        });
    }
    let kind = (AuditEventType::StateTransition, W::WakeEnrollCompleteCommit);
    let mut event = enrollment_event(tables, context, kind, &session, &input.idempotency_key);
    event.note("wake_profile_id", &input.wake_profile_id);
    Ok((Value::Wake(session), event))
}

fn defer(tables: &mut Tables, context: &CallContext, input: &Ph1wEnrollDeferReminderCommitRow) -> Decided {
    let mut session = to_change(tables, &input.wake_enrollment_session_id)?;
    if matches!(session.wake_enroll_status, WakeEnrollStatus::Complete | WakeEnrollStatus::Declined) {
        return Err(W::WEnrollDeferSessionClosed.into());
    }
    if context.now < session.updated_at {
        return Err(W::WEnrollTimeInvalid.into());
    }
    session.wake_enroll_status = WakeEnrollStatus::Pending;
    session.reason_code = Some(input.reason_code);
    session.deferred_until = input.deferred_until;
    session.updated_at = context.now;
    put(tables, &session);
    let kind = (AuditEventType::StateTransition, W::WakeEnrollDeferReminderCommit);
    let mut event = enrollment_event(tables, context, kind, &session, &input.idempotency_key);
    event.note("gate_reason_code", &input.reason_code);
    Ok((Value::Wake(session), event))
}
