//! The calls of PH1.W that its suite makes, and what it reads back.

use selene_contracts::Capability as _;
use selene_contracts::ph1_w::{
    Ph1WReasonCode as Code, Ph1wEnrollCompleteCommitRow, Ph1wEnrollDeferReminderCommitRow,
    Ph1wEnrollSampleCommitRow, Ph1wEnrollStartDraftRow, Ph1wReadActiveWakeProfile,
    Ph1wReadEnrollmentSampleRows, Ph1wReadEnrollmentSessionRow, Ph1wReadRuntimeEventRows,
    Ph1wRuntimeEventCommitRow, WakeEnrollmentSampleRecord, WakeEnrollmentSessionId,
    WakeEnrollmentSessionRecord, WakeProfileId, WakeRuntimeEventRecord, WakeSampleResult,
};
use selene_contracts::row::Selection as _;
use selene_contracts::shared::{AuditEventRecord, DeviceId, MonotonicTimeNs, UserId};
use selene_storage::test_support::inputs;
use serde_json::{Value, json};

use crate::harness::Backend;
use crate::world::{World, context, key};

/// An enrollment of `ann` on her phone.
pub fn start(idempotency_key: &str) -> Ph1wEnrollStartDraftRow {
    inputs::wake_start(UserId::new("ann"), DeviceId::new("ann_phone"), key(idempotency_key))
}

/// A sample of good quality.
pub fn sample(
    session: &WakeEnrollmentSessionId,
    result: WakeSampleResult,
    idempotency_key: &str,
) -> Ph1wEnrollSampleCommitRow {
    Ph1wEnrollSampleCommitRow {
        vad_coverage: 0.75,
        clipping_pct: 0.01,
        rms_dbfs: -20.3,
        noise_floor_dbfs: -61.0,
        peak_dbfs: -2.7,
        overlap_ratio: 0.125,
        result,
        ..inputs::wake_sample(session.clone(), key(idempotency_key))
    }
}

/// The completion of an enrollment with a profile.
pub fn complete(
    session: &WakeEnrollmentSessionId,
    profile: &str,
    idempotency_key: &str,
) -> Ph1wEnrollCompleteCommitRow {
    Ph1wEnrollCompleteCommitRow {
        wake_enrollment_session_id: session.clone(),
        wake_profile_id: WakeProfileId::new(profile),
        idempotency_key: key(idempotency_key),
    }
}

/// A deferral until 900.
pub fn defer(session: &WakeEnrollmentSessionId, idempotency_key: &str) -> Ph1wEnrollDeferReminderCommitRow {
    Ph1wEnrollDeferReminderCommitRow {
        wake_enrollment_session_id: session.clone(),
        deferred_until: Some(MonotonicTimeNs::new(900)),
        reason_code: Code::FailG0DeviceUnhealthy,
        idempotency_key: key(idempotency_key),
    }
}

/// Starts an enrollment.
///
/// # Panics
/// It is refused.
pub fn begin(
    world: &World<impl Backend>,
    now: u64,
    input: Ph1wEnrollStartDraftRow,
) -> WakeEnrollmentSessionId {
    let started = world.store().ph1w_enroll_start_draft_row(&context(now), input);
    started.expect("the enrollment starts").value.wake_enrollment_session_id
}

/// Commits a sample and gives the enrollment after it.
///
/// # Panics
/// It is refused.
pub fn take(
    world: &World<impl Backend>,
    now: u64,
    input: Ph1wEnrollSampleCommitRow,
) -> WakeEnrollmentSessionRecord {
    let taken = world.store().ph1w_enroll_sample_commit_row(&context(now), input);
    taken.expect("the sample is taken").value
}

/// Passes until an enrollment is complete.
///
/// # Panics
/// A sample is refused.
pub fn pass_all(world: &World<impl Backend>, now: u64, session: &WakeEnrollmentSessionId) {
    for step in 0..3 {
        take(world, now + step, sample(session, WakeSampleResult::Pass, &format!("pass_{step}")));
    }
}

/// An enrollment, if there is one.
///
/// # Panics
/// The read is refused.
pub fn read(
    world: &World<impl Backend>,
    session: &WakeEnrollmentSessionId,
) -> Option<WakeEnrollmentSessionRecord> {
    let input = Ph1wReadEnrollmentSessionRow { wake_enrollment_session_id: session.clone() };
    world.store().ph1w_read_enrollment_session_row(&context(1), input).expect("the read is served")
}

/// The samples of an enrollment.
///
/// # Panics
/// The read is refused.
pub fn samples(
    world: &World<impl Backend>,
    session: &WakeEnrollmentSessionId,
) -> Vec<WakeEnrollmentSampleRecord> {
    let input = Ph1wReadEnrollmentSampleRows { wake_enrollment_session_id: session.clone() };
    world.store().ph1w_read_enrollment_sample_rows(&context(1), input).expect("the read is served")
}

/// The active profile of a user on a device.
///
/// # Panics
/// The read is refused.
pub fn active(world: &World<impl Backend>, user: &str, device: &str) -> Option<WakeProfileId> {
    let input = Ph1wReadActiveWakeProfile { user_id: UserId::new(user), device_id: DeviceId::new(device) };
    world.store().ph1w_read_active_wake_profile(&context(1), input).expect("the read is served")
}

/// The ids of all wake events, in order.
///
/// # Panics
/// The read is refused.
pub fn wakes(world: &World<impl Backend>) -> Vec<String> {
    let rows = world.store().ph1w_read_runtime_event_rows(&context(1), Ph1wReadRuntimeEventRows {});
    rows.expect("the read is served").iter().map(|row| row.wake_event_id.to_string()).collect()
}

/// The payload keys of the specs that are fields of the row have its values, and are absent where it has none.
///
/// # Panics
/// The event says something else.
pub fn says_its_row(event: &AuditEventRecord, row: &WakeRuntimeEventRecord) {
    let values = json!(row);
    for key in Ph1wRuntimeEventCommitRow::SPEC.audit.payload_keys {
        if WakeRuntimeEventRecord::COLUMNS.contains(&key.name) {
            let expected = match &values[key.name] {
                Value::Null => None,
                Value::String(text) => Some(text.clone()),
                other => Some(other.to_string()),
            };
            assert_eq!(event.payload_min.get(key.name), expected.as_deref(), "{}", key.name);
        }
    }
}
