//! Runs a sequence of calls on a store and on the model, and says where they part.

use std::fmt::Debug;

use selene_contracts::ph1_f::{Ph1fFoundationRepo, Ph1fReadDeviceRow, Ph1fReadSessionRow};
use selene_contracts::ph1_j::{Ph1jAuditRepo, Ph1jReadRows};
use selene_contracts::ph1_voice_id::{Ph1VidEnrollmentRepo, VidReadEnrollmentState};
use selene_contracts::ph1_w::{
    Ph1wReadActiveWakeProfile, Ph1wReadEnrollmentSampleRows, Ph1wReadEnrollmentSessionRow,
    Ph1wReadRuntimeEventRows, Ph1wWakeRepo,
};
use selene_contracts::shared::{AuditEventRecord, AuditSeverity, TenantId};
use selene_contracts::{CallContext, Committed, Disposition, StorageError};
use selene_storage::test_support::{is_of_insert, onboarding_session};
use selene_storage::{SqliteStore, StoredWrite};

use super::calls::{Answer, Call, Step, Value};
use super::names::Names;
use super::tables::{BindingRow, VoiceBindingRow};
use super::world::{Event, EventKey, Model};
use crate::world::context;

mod hiring;

/// A store and the model, side by side.
pub struct Run<'a> {
    store: &'a SqliteStore,
    model: Model,
    names: Names,
}

/// A call as the store got it, and its answer, with the store's own ids.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// The call.
    pub step: Step,
    /// The answer.
    pub answer: Answer,
}

impl<'a> Run<'a> {
    /// Starts with an empty store.
    pub fn new(store: &'a SqliteStore) -> Self {
        Self { store, model: Model::new(), names: Names::default() }
    }

    /// The model.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Makes one call on both. An onboarding session that is there already is not put in again: then nothing
    /// is sent.
    ///
    /// # Errors
    /// The two answers, where they differ.
    pub fn step(&mut self, step: &Step) -> Result<Option<Sent>, String> {
        if self.model.has_onboarding(&step.call) {
            return Ok(None);
        }
        let sent = Step { context: step.context.clone(), call: self.names.to_store(&step.call) };
        let expected = self.model.answer(step);
        let answer = send(self.store, &sent);
        if let (Answer::Applied(expected), Answer::Applied(actual))
        | (Answer::Served(expected), Answer::Served(actual)) = (&expected, &answer)
        {
            self.names.learn(expected, actual).map_err(|error| format!("{step:?}\n  {error}"))?;
        }
        let actual = match answer.clone() {
            Answer::Applied(value) => Answer::Applied(self.names.to_model(value)),
            Answer::Replayed { identical, value } => {
                Answer::Replayed { identical, value: self.names.to_model(value) }
            }
            Answer::Served(value) => Answer::Served(self.names.to_model(value)),
            Answer::Refused(code) => Answer::Refused(code),
        };
        same("answers", &expected, &actual).map_err(|error| format!("{step:?}\n  {error}"))?;
        Ok(Some(Sent { step: sent, answer }))
    }

    /// Compares all tables by the public reads, all events, and lets the store check itself.
    ///
    /// # Errors
    /// The first difference.
    pub fn finish(&mut self) -> Result<(), String> {
        self.compare_foundation()?;
        self.compare_wake()?;
        self.compare_voice()?;
        self.compare_hiring()?;
        self.compare_events()?;
        let chains = self.store.verify_chains(&[]).map_err(|error| error.to_string())?;
        if !chains.is_intact() {
            return Err(format!("a chain is broken: {chains:?}"));
        }
        let folds = self.store.verify_folds().map_err(|error| error.to_string())?;
        if !folds.faults.iter().all(is_of_insert) {
            return Err(format!("current rows are not the fold of their ledgers: {folds:?}"));
        }
        Ok(())
    }

    /// The rows of `wake_profile_bindings` with the store's ids, in the order of the primary key; no read
    /// shows those that were replaced.
    pub fn wake_bindings(&self) -> Vec<BindingRow> {
        let mut rows = self.model.tables.wake_bindings.clone();
        for row in &mut rows {
            self.names.binding_to_store(row);
        }
        let key = |row: &BindingRow| {
            (row.user_id.clone(), row.device_id.clone(), row.wake_enrollment_session_id.clone())
        };
        rows.sort_by_key(key);
        rows
    }

    /// The rows of `voice_profile_bindings` with the store's ids, in the order of the primary key.
    pub fn voice_bindings(&self) -> Vec<VoiceBindingRow> {
        let mut rows = self.model.tables.voice_bindings.clone();
        for row in &mut rows {
            self.names.voice_binding_to_store(row);
        }
        rows.sort_by_key(|row| (row.onboarding_session_id.clone(), row.device_id.clone()));
        rows
    }

    fn compare_foundation(&self) -> Result<(), String> {
        let tables = &self.model.tables;
        for (device_id, device) in &tables.devices {
            let input = Ph1fReadDeviceRow { device_id: device_id.clone() };
            let found = self.store.ph1f_read_device_row(&context(1), input).map_err(show)?;
            let found = found.as_ref().map(|row| (&row.user_id, &row.tenant_id));
            same("device", &Some((&device.owner, &device.tenant)), &found)?;
        }
        for (session_id, (user_id, device_id)) in &tables.sessions {
            let input = Ph1fReadSessionRow { session_id: *session_id };
            let found = self.store.ph1f_read_session_row(&context(1), input).map_err(show)?;
            let found = found.as_ref().map(|row| (&row.user_id, &row.device_id));
            same("session", &Some((user_id, device_id)), &found)?;
        }
        Ok(())
    }

    fn compare_wake(&mut self) -> Result<(), String> {
        let sessions = self.model.tables.wake_sessions.clone();
        let mut reads = vec![Call::WakeReadRuntime(Ph1wReadRuntimeEventRows {})];
        for session in sessions {
            let wake_enrollment_session_id = session.wake_enrollment_session_id;
            reads.push(Call::WakeReadSession(Ph1wReadEnrollmentSessionRow {
                wake_enrollment_session_id: wake_enrollment_session_id.clone(),
            }));
            reads.push(Call::WakeReadSamples(Ph1wReadEnrollmentSampleRows { wake_enrollment_session_id }));
        }
        for (device_id, device) in &self.model.tables.devices {
            reads.push(Call::WakeReadActive(Ph1wReadActiveWakeProfile {
                user_id: device.owner.clone(),
                device_id: device_id.clone(),
            }));
        }
        self.read_all(reads)
    }

    fn compare_voice(&mut self) -> Result<(), String> {
        let mut reads = Vec::new();
        for session in &self.model.tables.voice_sessions {
            let id = &session.voice_enrollment_session_id;
            reads.push(VidReadEnrollmentState::Session { voice_enrollment_session_id: id.clone() });
            reads.push(VidReadEnrollmentState::Samples { voice_enrollment_session_id: id.clone() });
        }
        for profile in &self.model.tables.voice_profiles {
            let voice_profile_id = profile.voice_profile_id.clone();
            reads.push(VidReadEnrollmentState::Profile { voice_profile_id });
        }
        self.read_all(reads.into_iter().map(Call::VoiceRead).collect())
    }

    fn read_all(&mut self, reads: Vec<Call>) -> Result<(), String> {
        for call in reads {
            self.step(&Step { context: context(1), call })?;
        }
        Ok(())
    }

    /// The store gives its events chain by chain, the chain without a tenant first.
    fn compare_events(&self) -> Result<(), String> {
        let actual = self.store.ph1j_read_rows(&context(1), Ph1jReadRows {}).map_err(show)?;
        let mut expected: Vec<(u64, &Event)> = (1..).zip(self.model.events()).collect();
        let chain = |event: &Event| self.names.tenant_to_store(event.tenant_id.as_ref());
        expected.sort_by_key(|(position, event)| (chain(event), *position));
        same("number of events", &expected.len(), &actual.len())?;
        let mut place: (Option<TenantId>, u64) = (None, 0);
        for ((position, expected), actual) in expected.into_iter().zip(&actual) {
            let sequence = if place.0 == expected.tenant_id { place.1 + 1 } else { 1 };
            place = (expected.tenant_id.clone(), sequence);
            let what = format!("events {position}");
            same(&what, &(position, sequence), &(actual.ledger_position, actual.chain_sequence))?;
            same(&what, expected, &self.event(expected, actual)?)?;
        }
        Ok(())
    }

    /// An event of the store as the model writes it.
    fn event(&self, expected: &Event, actual: &AuditEventRecord) -> Result<Event, String> {
        same("severity", &AuditSeverity::Info, &actual.severity)?;
        same("work order", &None, &actual.work_order_id)?;
        let key = match (&expected.key, &actual.idempotency_key) {
            (_, None) => EventKey::Absent,
            (EventKey::Derived, Some(_)) => EventKey::Derived,
            (_, Some(key)) => EventKey::Given(key.clone()),
        };
        let payload = actual.payload_min.iter();
        Ok(Event {
            engine: if actual.engine.as_str() == expected.engine {
                expected.engine
            } else {
                "another engine"
            },
            event_type: actual.event_type,
            reason_code: actual.reason_code,
            tenant_id: self.names.tenant_to_model(actual.tenant_id.as_ref()),
            user_id: actual.user_id.clone(),
            device_id: actual.device_id.clone(),
            session_id: actual.session_id,
            key,
            payload: payload.map(|(key, value)| (key.to_owned(), self.names.text_to_model(value))).collect(),
            evidence_ref: actual.evidence_ref.clone(),
            created_at: actual.created_at,
            correlation_id: actual.correlation_id,
            turn_id: actual.turn_id,
            simulation_id: actual.simulation_id.clone(),
        })
    }
}

fn same<T: PartialEq + Debug>(what: &str, model: &T, store: &T) -> Result<(), String> {
    if model == store {
        return Ok(());
    }
    Err(format!("{what} differ\n  model: {model:?}\n  store: {store:?}"))
}

#[expect(clippy::needless_pass_by_value, reason = "it is passed to map_err")]
fn show(error: StorageError) -> String {
    error.to_string()
}

/// Makes a call through the public traits.
fn send(store: &SqliteStore, step: &Step) -> Answer {
    let at = &step.context;
    match step.call.clone() {
        Call::Identity(input) => written(store.ph1f_identity_insert_row(at, input), Value::Identity),
        Call::Device(input) => written(store.ph1f_device_insert_row(at, input), Value::Device),
        Call::Session(input) => written(store.ph1f_session_open_commit_row(at, input), Value::Session),
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

fn read<T>(result: Result<T, StorageError>, value: impl FnOnce(T) -> Value) -> Answer {
    match result {
        Ok(found) => Answer::Served(value(found)),
        Err(error) => Answer::Refused(error.reason_code()),
    }
}

/// Hands a write over without waiting for it; what comes back waits for its answer. Calls that are no writes
/// are made at once.
pub fn submit(store: &SqliteStore, step: &Step) -> Box<dyn FnOnce() -> Answer> {
    fn ticket<C: StoredWrite>(
        store: &SqliteStore,
        step: &Step,
        input: &C,
        value: fn(C::Output) -> Value,
    ) -> Box<dyn FnOnce() -> Answer> {
        let ticket = store.submit(&step.context, input.clone());
        Box::new(move || written(ticket.wait(), value))
    }
    match &step.call {
        Call::Identity(input) => ticket(store, step, input, Value::Identity),
        Call::Device(input) => ticket(store, step, input, Value::Device),
        Call::Session(input) => ticket(store, step, input, Value::Session),
        Call::WakeStart(input) => ticket(store, step, input, Value::Wake),
        Call::WakeSample(input) => ticket(store, step, input, Value::Wake),
        Call::WakeComplete(input) => ticket(store, step, input, Value::Wake),
        Call::WakeDefer(input) => ticket(store, step, input, Value::Wake),
        Call::WakeRuntime(input) => ticket(store, step, input, Value::WakeRuntime),
        Call::VoiceStart(input) => ticket(store, step, input, Value::Voice),
        Call::VoiceSample(input) => ticket(store, step, input, Value::Voice),
        Call::VoiceComplete(input) => ticket(store, step, input, Value::Voice),
        Call::VoiceDefer(input) => ticket(store, step, input, Value::Voice),
        _ => {
            let answer = send(store, step);
            Box::new(move || answer)
        }
    }
}
