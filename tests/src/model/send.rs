//! Sends a call of the model to a store. This file sends those of the foundation, of PH1.J, PH1.W, PH1.VOICE.ID, PH1.PERSONA
//! and PH1.WRITE; `hiring` sends the others.

use selene_contracts::CallContext;
use selene_storage::test_support::onboarding_session;

use self::forms::{read, ticket, writes, written};
use super::calls::{Answer, Call, Step, Value};
use super::engines;
use crate::harness::Backend;

pub(super) mod forms;
mod hiring;

pub use self::forms::Wait;

writes! {
    Call, std::convert::identity,
    Identity => ph1f_identity_insert_row as Value::Identity,
    Device => ph1f_device_insert_row as Value::Device,
    Session => ph1f_session_open_commit_row as Value::Session,
    State => ph1f_session_state_commit_row as Value::Session,
    Memory => ph1f_memory_append_commit_row as Value::Memory,
    Turn => ph1f_conversation_append_commit_row as Value::Turn,
    Format => ph1write_format_commit_row as Value::Event,
    Profile => ph1persona_profile_commit_row as Value::Event,
    Append => ph1j_audit_append_commit_row as Value::Appended,
    WakeStart => ph1w_enroll_start_draft_row as Value::Wake,
    WakeSample => ph1w_enroll_sample_commit_row as Value::Wake,
    WakeComplete => ph1w_enroll_complete_commit_row as Value::Wake,
    WakeDefer => ph1w_enroll_defer_reminder_commit_row as Value::Wake,
    WakeRuntime => ph1w_runtime_event_commit_row as Value::WakeRuntime,
    VoiceStart => vid_enroll_start_draft_row as Value::Voice,
    VoiceSample => vid_enroll_sample_commit_row as Value::Voice,
    VoiceComplete => vid_enroll_complete_commit_row as Value::Voice,
    VoiceDefer => vid_enroll_defer_reminder_commit_row as Value::Voice,
}

/// Makes a call through the public traits.
pub(super) fn send(store: &impl Backend, step: &Step) -> Answer {
    let at = &step.context;
    if let Some(answer) = write(store, at, &step.call) {
        return answer;
    }
    match step.call.clone() {
        Call::Onboarding { id, tenant, primary_device } => {
            let mut row = onboarding_session(id, tenant, primary_device);
            (row.created_at, row.updated_at) = (at.now, at.now);
            read(store.insert_onboarding_session(&row), |()| Value::Unit)
        }
        Call::Decline { id } => read(store.decline_onboarding_session(&id), |()| Value::Unit),
        Call::WakeReadSession(input) => {
            read(store.ph1w_read_enrollment_session_row(at, input), Value::WakeFound)
        }
        Call::WakeReadSamples(input) => {
            read(store.ph1w_read_enrollment_sample_rows(at, input), Value::WakeSamples)
        }
        Call::WakeReadRuntime(input) => {
            read(store.ph1w_read_runtime_event_rows(at, input), Value::WakeRuntimes)
        }
        Call::WakeReadActive(input) => {
            read(store.ph1w_read_active_wake_profile(at, input), Value::WakeActive)
        }
        Call::WakeGuard(input) => read(store.ph1w_append_only_guards(at, input), |()| Value::Unit),
        Call::VoiceRead(input) => read(store.vid_read_enrollment_state(at, input), Value::VoiceState),
        Call::VoiceGuard(input) => read(store.vid_append_only_guard(at, input), |()| Value::Unit),
        Call::Hiring(call) => hiring::send(store, at, *call),
        Call::Engine(call) => engines::send(store, at, &call),
        write => unreachable!("{write:?} is in the list of writes"),
    }
}

/// Hands a write over without waiting for it; what comes back waits for its answer. Reads, guards and rows that are
/// inserted without a call are done at once; a read that waits in the queue is answered after the writes before it.
pub fn submit(store: &impl Backend, step: &Step) -> Wait {
    let at = &step.context;
    let handed_over = match &step.call {
        Call::Hiring(call) => hiring::hand_over(store, at, call),
        Call::Engine(call) => engines::hand_over(store, at, call),
        call => hand_over(store, at, call),
    };
    handed_over.unwrap_or_else(|| {
        let answer = send(store, step);
        Box::new(move || answer)
    })
}
