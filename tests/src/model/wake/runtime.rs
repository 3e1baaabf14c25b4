//! Wake runtime events: their bounds, and what a commit makes of them.

use selene_contracts::CallContext;
use selene_contracts::ph1_w::{Ph1WReasonCode as W, Ph1wRuntimeEventCommitRow, WakeRuntimeEventRecord};
use selene_contracts::shared::AuditEventType;

use super::bounds::{ENGINE, admission, is_gate};
use crate::model::admission::{Admission, text};
use crate::model::calls::Value;
use crate::model::decision::Decided;
use crate::model::event::{Event, EventKey};
use crate::model::tables::Tables;

/// Why a wake word was not answered.
fn is_suppression(code: W) -> bool {
    [W::SuppressCooldown, W::SuppressPolicySuspended, W::SuppressEchoOwnSpeech, W::SuppressEchoMedia]
        .contains(&code)
}

/// The bounds of an event, field by field in the order of the input, and whether its reasons fit.
pub(super) fn runtime_admission(input: &Ph1wRuntimeEventCommitRow) -> Admission {
    admission(&[
        text(input.wake_event_id.as_str(), 128),
        input.user_id.as_ref().is_none_or(|id| text(id.as_str(), 128)),
        text(input.device_id.as_str(), 128),
        input.wake_profile_id.as_ref().is_none_or(|id| text(id.as_str(), 128)),
        text(input.idempotency_key.as_str(), 128),
    ])
    .and(
        match (input.accepted, input.suppression_reason_code) {
            (true, None) => input.reason_code == W::WakeRuntimeEventCommit,
            (true, Some(_)) => false,
            (false, None) => is_gate(input.reason_code),
            (false, Some(code)) => {
                is_suppression(code) && (input.reason_code == code || is_gate(input.reason_code))
            }
        },
        W::WContractValidationFailed,
    )
}

/// An event keeps its time, whatever came before it, and its reasons, which fit each other.
pub(super) fn runtime(
    tables: &mut Tables,
    context: &CallContext,
    input: &Ph1wRuntimeEventCommitRow,
) -> Decided {
    let device = tables.devices.get(&input.device_id).ok_or(W::WRuntimeDeviceMissing)?;
    if let Some(session_id) = &input.session_id {
        let session = tables.sessions.get(session_id).ok_or(W::WRuntimeSessionInvalid)?;
        let is_of_another = input.user_id.as_ref().is_some_and(|given| *given != session.user_id);
        if session.device_id != input.device_id || is_of_another {
            return Err(W::WRuntimeSessionInvalid.into());
        }
    }
    if let Some(user_id) = &input.user_id
        && (!tables.has_identity(user_id) || device.owner != *user_id)
    {
        return Err(W::WRuntimeUserInvalid.into());
    }
    if tables.wake_events.iter().any(|row| row.wake_event_id == input.wake_event_id) {
        return Err(W::WRuntimeEventDuplicate.into());
    }
    let row = WakeRuntimeEventRecord {
        wake_event_id: input.wake_event_id.clone(),
        created_at: context.now,
        session_id: input.session_id,
        user_id: input.user_id.clone(),
        device_id: input.device_id.clone(),
        accepted: input.accepted,
        reason_code: input.reason_code,
        wake_profile_id: input.wake_profile_id.clone(),
        tts_active_at_trigger: input.tts_active_at_trigger,
        media_playback_active_at_trigger: input.media_playback_active_at_trigger,
        suppression_reason_code: input.suppression_reason_code,
    };
    tables.wake_events.push(row.clone());
    let kind = (AuditEventType::PerceptionSignalEmitted, W::WakeRuntimeEventCommit);
    let mut event = Event::new(context, ENGINE, kind.0, kind.1);
    event.tenant_id = tables.tenant_of(&input.device_id);
    event.user_id = Some(tables.devices[&input.device_id].owner.clone());
    event.device_id = Some(input.device_id.clone());
    event.session_id = input.session_id;
    event.key = EventKey::Given(input.idempotency_key.clone());
    event.note("wake_event_id", &input.wake_event_id);
    event.note_some("user_id", input.user_id.as_ref());
    event.note("device_id", &input.device_id);
    event.note_some("wake_profile_id", input.wake_profile_id.as_ref());
    event.note("accepted", &input.accepted);
    event.note("gate_reason_code", &input.reason_code);
    event.note_some("suppression_reason_code", input.suppression_reason_code);
    Ok((Value::WakeRuntime(row), event))
}
