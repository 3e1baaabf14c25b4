//! Sends the calls of the foundation, of PH1.W, PH1.VOICE.ID, PH1.PERSONA and PH1.WRITE, and puts every answer into
//! the form of the model.

use selene_contracts::ph1_f::Ph1fFoundationRepo;
use selene_contracts::ph1_persona::Ph1PersonaRepo;
use selene_contracts::ph1_voice_id::Ph1VidEnrollmentRepo;
use selene_contracts::ph1_w::Ph1wWakeRepo;
use selene_contracts::ph1_write::Ph1WriteRepo;
use selene_contracts::{CallContext, Committed, Disposition, StorageError};
use selene_storage::test_support::onboarding_session;
use selene_storage::{SqliteStore, StoredWrite};

use super::hiring;
use crate::model::calls::{Answer, Call, Step, Value};

/// Makes a call through the public traits.
pub(super) fn send(store: &SqliteStore, step: &Step) -> Answer {
    let at = &step.context;
    match step.call.clone() {
        Call::Identity(input) => written(store.ph1f_identity_insert_row(at, input), Value::Identity),
        Call::Device(input) => written(store.ph1f_device_insert_row(at, input), Value::Device),
        Call::Session(input) => written(store.ph1f_session_open_commit_row(at, input), Value::Session),
        Call::Memory(input) => written(store.ph1f_memory_append_commit_row(at, input), Value::Memory),
        Call::Turn(input) => written(store.ph1f_conversation_append_commit_row(at, input), Value::Turn),
        Call::Format(input) => written(store.ph1write_format_commit_row(at, input), Value::Event),
        Call::Profile(input) => written(store.ph1persona_profile_commit_row(at, input), Value::Event),
        Call::Onboarding { id, tenant, primary_device } => {
            let mut row = onboarding_session(id, tenant, primary_device);
            (row.created_at, row.updated_at) = (at.now, at.now);
            read(store.insert_onboarding_session(&row), |()| Value::Unit)
        }
        Call::Decline { id } => read(store.decline_onboarding_session(&id), |()| Value::Unit),
        Call::WakeStart(input) => written(store.ph1w_enroll_start_draft_row(at, input), Value::Wake),
        Call::WakeSample(input) => written(store.ph1w_enroll_sample_commit_row(at, input), Value::Wake),
        Call::WakeComplete(input) => written(store.ph1w_enroll_complete_commit_row(at, input), Value::Wake),
        Call::WakeDefer(input) => {
            written(store.ph1w_enroll_defer_reminder_commit_row(at, input), Value::Wake)
        }
        Call::WakeRuntime(input) => {
            written(store.ph1w_runtime_event_commit_row(at, input), Value::WakeRuntime)
        }
        Call::VoiceStart(input) => written(store.vid_enroll_start_draft_row(at, input), Value::Voice),
        Call::VoiceSample(input) => written(store.vid_enroll_sample_commit_row(at, input), Value::Voice),
        Call::VoiceComplete(input) => written(store.vid_enroll_complete_commit_row(at, input), Value::Voice),
        Call::VoiceDefer(input) => {
            written(store.vid_enroll_defer_reminder_commit_row(at, input), Value::Voice)
        }
        Call::Hiring(call) => hiring::send(store, at, *call),
        call => send_read(store, at, call),
    }
}

fn send_read(store: &SqliteStore, at: &CallContext, call: Call) -> Answer {
    match call {
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
        write => unreachable!("{write:?} is a write"),
    }
}

/// The answer of a write in the model's form.
pub(super) fn written<T>(
    result: Result<Committed<T>, StorageError>,
    value: impl FnOnce(T) -> Value,
) -> Answer {
    match result {
        Ok(committed) => match committed.disposition {
            Disposition::Applied => Answer::Applied(value(committed.value)),
            Disposition::Replayed { identical } => {
                Answer::Replayed { identical, value: value(committed.value) }
            }
        },
        Err(error) => Answer::Refused(error.reason_code()),
    }
}

/// The answer of a read in the model's form.
pub(super) fn read<T>(result: Result<T, StorageError>, value: impl FnOnce(T) -> Value) -> Answer {
    match result {
        Ok(found) => Answer::Served(value(found)),
        Err(error) => Answer::Refused(error.reason_code()),
    }
}

/// What waits for the answer of a call.
pub type Wait = Box<dyn FnOnce() -> Answer>;

/// Hands a write over without waiting for it; what comes back waits for its answer. Reads, guards and what is
/// put in as it is are made at once; those that stand in the queue take what is before them along.
pub fn submit(store: &SqliteStore, step: &Step) -> Wait {
    let at = &step.context;
    match &step.call {
        Call::Identity(input) => ticket(store, at, input, Value::Identity),
        Call::Device(input) => ticket(store, at, input, Value::Device),
        Call::Session(input) => ticket(store, at, input, Value::Session),
        Call::Memory(input) => ticket(store, at, input, Value::Memory),
        Call::Turn(input) => ticket(store, at, input, Value::Turn),
        Call::Format(input) => ticket(store, at, input, Value::Event),
        Call::Profile(input) => ticket(store, at, input, Value::Event),
        Call::WakeStart(input) => ticket(store, at, input, Value::Wake),
        Call::WakeSample(input) => ticket(store, at, input, Value::Wake),
        Call::WakeComplete(input) => ticket(store, at, input, Value::Wake),
        Call::WakeDefer(input) => ticket(store, at, input, Value::Wake),
        Call::WakeRuntime(input) => ticket(store, at, input, Value::WakeRuntime),
        Call::VoiceStart(input) => ticket(store, at, input, Value::Voice),
        Call::VoiceSample(input) => ticket(store, at, input, Value::Voice),
        Call::VoiceComplete(input) => ticket(store, at, input, Value::Voice),
        Call::VoiceDefer(input) => ticket(store, at, input, Value::Voice),
        Call::Hiring(call) => hiring::submit(store, at, call),
        _ => {
            let answer = send(store, step);
            Box::new(move || answer)
        }
    }
}

/// Hands one write over.
pub(super) fn ticket<C: StoredWrite>(
    store: &SqliteStore,
    at: &CallContext,
    input: &C,
    value: impl FnOnce(C::Output) -> Value + 'static,
) -> Wait {
    let ticket = store.submit(at, input.clone());
    Box::new(move || written(ticket.wait(), value))
}
