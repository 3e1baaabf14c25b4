//! Wake runtime events: one row for each wake word that was accepted, rejected or suppressed.

use selene_contracts::ph1_f::{DeviceRecord, SessionRecord};
use selene_contracts::ph1_w::{
    Ph1WReasonCode, Ph1wRuntimeEventCommitRow, WakeProfileId, WakeRuntimeEventRecord,
};
use selene_contracts::shared::UserId;
use selene_contracts::{Admitted, ReasonClass, StorageError};

use crate::rules::standing::{DeviceStanding, SessionStanding, fits};
use crate::rules::{Decision, EventDraft, WriteRule, refuse};

/// The rows that a wake event depends on.
#[derive(Debug, Clone)]
pub struct RuntimeFacts {
    pub(crate) device: Option<DeviceStanding>,
    /// The session that the call names.
    pub(crate) session: Option<SessionStanding>,
    /// The event was committed before.
    pub(crate) has_event: bool,
}

/// A wake event. Its row also has the place of its audit event, which only a commit knows.
#[derive(Debug, Clone, PartialEq)]
pub struct WakeEvent(pub(crate) WakeRuntimeEventRecord);

impl WriteRule for Ph1wRuntimeEventCommitRow {
    type Facts = RuntimeFacts;
    type Change = WakeEvent;

    /// The reason codes fit `accepted` and each other.
    fn check_input(input: &Self) -> Result<(), StorageError> {
        check_reasons(input)
    }

    /// Checks in this order: the device exists; the session, when given, exists and is of the device and the user; the user, when
    /// given, owns the device (an owner always exists); the event is new. A session of another tenant than the device's is refused as one
    /// that does not exist.
    fn decide(call: &Admitted<Self>, facts: RuntimeFacts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let device = facts.device.ok_or_else(|| {
            refuse::foreign_key_as::<DeviceRecord>(Ph1WReasonCode::WRuntimeDeviceMissing, "device_id")
        })?;
        check_session(input, &device, facts.session.as_ref())?;
        if input.user_id.as_ref().is_some_and(|user_id| *user_id != device.owner) {
            let code = Ph1WReasonCode::WRuntimeUserInvalid;
            return Err(refuse::scope_as(code, "user_id", "must be an identity that owns the device"));
        }
        if facts.has_event {
            let code = Ph1WReasonCode::WRuntimeEventDuplicate;
            return Err(refuse::duplicate_as::<WakeRuntimeEventRecord>(code, "wake_event_id"));
        }
        let row = WakeRuntimeEventRecord::of_ph1w_runtime_event_commit_row(input, call.context().now);
        let event = event(call, &row, &device)?;
        Ok(Decision { change: WakeEvent(row.clone()), event, output: row })
    }
}

/// An accepted event failed no gate and was not suppressed; a rejected one names the gate; a suppressed one names the
/// suppression, and may name a gate that failed as well.
fn check_reasons(input: &Ph1wRuntimeEventCommitRow) -> Result<(), StorageError> {
    let refused = |field, rule| Err(refuse::rule::<Ph1wRuntimeEventCommitRow>(field, rule));
    let reason = input.reason_code;
    match (input.accepted, input.suppression_reason_code) {
        (true, Some(_)) => refused("suppression_reason_code", "must be absent, the event was accepted"),
        (true, None) if reason != Ph1WReasonCode::WakeRuntimeEventCommit => {
            refused("reason_code", "must be WAKE_RUNTIME_EVENT_COMMIT, the event was accepted")
        }
        (false, None) if reason.class() != ReasonClass::Gate => {
            refused("reason_code", "must be that of a gate, the event was rejected and not suppressed")
        }
        (false, Some(suppression)) if reason != suppression && reason.class() != ReasonClass::Gate => {
            refused("reason_code", "must repeat the suppression, or be that of a gate")
        }
        _ => Ok(()),
    }
}

fn check_session(
    input: &Ph1wRuntimeEventCommitRow,
    device: &DeviceStanding,
    session: Option<&SessionStanding>,
) -> Result<(), StorageError> {
    if input.session_id.is_none() {
        return Ok(());
    }
    let code = Ph1WReasonCode::WRuntimeSessionInvalid;
    let session = session
        .filter(|session| fits(device.event_tenant(), session.event_tenant()))
        .ok_or_else(|| refuse::foreign_key_as::<SessionRecord>(code, "session_id"))?;
    let is_theirs = session.device_id == input.device_id
        && input.user_id.as_ref().is_none_or(|user_id| *user_id == session.owner);
    if is_theirs {
        Ok(())
    } else {
        Err(refuse::scope_as(code, "session_id", "must be a session of the user on the device"))
    }
}

fn event(
    call: &Admitted<Ph1wRuntimeEventCommitRow>,
    row: &WakeRuntimeEventRecord,
    device: &DeviceStanding,
) -> Result<EventDraft, StorageError> {
    // The user of the row is the one that the engine recognised, where it did. The event is about the owner of the device.
    let event = EventDraft::fixed(call)?
        .user(Some(&device.owner))
        .device(Some(&row.device_id))
        .session(row.session_id)
        .tenant(device.event_tenant())
        .details([
            ("wake_event_id", Some(row.wake_event_id.as_str())),
            ("user_id", row.user_id.as_ref().map(UserId::as_str)),
            ("device_id", Some(row.device_id.as_str())),
            ("wake_profile_id", row.wake_profile_id.as_ref().map(WakeProfileId::as_str)),
            ("accepted", Some(if row.accepted { "true" } else { "false" })),
            ("gate_reason_code", Some(row.reason_code.as_str())),
            ("suppression_reason_code", row.suppression_reason_code.map(Ph1WReasonCode::as_str)),
        ]);
    Ok(event)
}
