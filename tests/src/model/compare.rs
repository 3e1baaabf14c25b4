//! Runs a sequence of calls on a store and on the model, and says where they part.

use std::collections::BTreeSet;
use std::fmt::Debug;

use selene_contracts::StorageError;
use selene_contracts::ph1_f::{
    Ph1fReadConversationRows, Ph1fReadDeviceRow, Ph1fReadMemoryCurrentRows, Ph1fReadMemoryLedgerRows,
    Ph1fReadSessionRow,
};
use selene_contracts::ph1_j::Ph1jReadRows;
use selene_contracts::ph1_voice_id::VidReadEnrollmentState;
use selene_contracts::ph1_w::{
    Ph1wReadActiveWakeProfile, Ph1wReadEnrollmentSampleRows, Ph1wReadEnrollmentSessionRow,
    Ph1wReadRuntimeEventRows,
};
use selene_contracts::shared::{AuditEventRecord, TenantId};
use selene_storage::RowFault;
use selene_storage::test_support::is_of_insert;
use xtask::coverage::record::Check;

use super::asked::DIGEST;
use super::calls::{Answer, Call, Step, Value};
use super::event::{Event, EventKey};
use super::names::Names;
use super::reference::Model;
use super::send::send;
use crate::harness::{Backend, saw};
use crate::world::context;

mod hiring;
mod rows;
mod trails;

/// A store and the model, side by side.
pub struct Run<'a, B> {
    store: &'a B,
    model: Model,
    names: Names,
    /// Whether rows were written that no call wrote, and no event seals.
    has_unsealed: bool,
}

/// A call as the store got it, and its answer, with the store's own ids.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    /// The call with its context, as it was sent.
    pub step: Step,
    /// What the store answered.
    pub answer: Answer,
    /// Whether the store is another one after it: a refusal, a replay and a plain read leave no trace.
    pub leaves_a_trace: bool,
}

impl<'a, B: Backend> Run<'a, B> {
    /// Starts with an empty store.
    pub fn new(store: &'a B) -> Self {
        Self { store, model: Model::new(), names: Names::default(), has_unsealed: false }
    }

    /// The reference model after the calls that were made so far.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// Makes one call on both. An onboarding session that exists is not inserted again: then nothing
    /// is sent.
    ///
    /// # Errors
    /// The two answers, where they differ.
    pub fn step(&mut self, step: &Step) -> Result<Option<Sent>, String> {
        if self.model.has_onboarding(&step.call) {
            return Ok(None);
        }
        let sent = Step { context: step.context.clone(), call: self.names.to_store(&step.call) };
        let events = self.model.events().len();
        let mut expected = self.names.ordered(self.model.answer(step));
        self.order_wake_events(&mut expected);
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
        let is_written_as_it_is = matches!(sent.call, Call::Onboarding { .. } | Call::Decline { .. });
        self.has_unsealed |= is_written_as_it_is;
        let leaves_a_trace = is_written_as_it_is || self.model.events().len() > events;
        Ok(Some(Sent { step: sent, answer, leaves_a_trace }))
    }

    /// Compares all tables, by their rows and by the public reads, all events, and lets the store check itself.
    /// Running campaigns are brought to their end.
    ///
    /// # Errors
    /// The first difference.
    pub fn finish(&mut self) -> Result<(), String> {
        self.compare_rows()?;
        self.compare_foundation()?;
        self.compare_wake()?;
        self.compare_voice()?;
        self.compare_hiring()?;
        self.compare_events()?;
        let chains = self.store.verify_chains(&[]).map_err(|error| error.to_string())?;
        if !chains.is_intact() {
            return Err(format!("a chain is broken: {chains:?}"));
        }
        let rows = self.store.verify_rows().map_err(|error| error.to_string())?;
        // What was written without a call: sessions with their links, and who invited.
        let is_expected = |fault: &RowFault| {
            let is_inviter = (fault.table.as_str(), fault.key.as_str()) == ("identities", "inviter");
            self.has_unsealed
                && (is_inviter || matches!(fault.table.as_str(), "links" | "onboarding_sessions"))
        };
        if !rows.faults.iter().all(is_expected) {
            return Err(format!("rows are not as their events say: {rows:?}"));
        }
        let folds = self.store.verify_folds().map_err(|error| error.to_string())?;
        if !folds.faults.iter().all(is_of_insert) {
            return Err(format!("current rows are not the fold of their ledgers: {folds:?}"));
        }
        saw(|seen| seen.checks.insert(Check::Model));
        Ok(())
    }

    fn compare_foundation(&self) -> Result<(), String> {
        let tables = &self.model.tables;
        for (device_id, device) in &tables.devices {
            let input = Ph1fReadDeviceRow { device_id: device_id.clone() };
            let found = self.store.ph1f_read_device_row(&context(1), input).map_err(show)?;
            same("device", &Some(device.row(device_id)), &found)?;
        }
        for (session_id, session) in &tables.sessions {
            let input = Ph1fReadSessionRow { session_id: *session_id };
            let found = self.store.ph1f_read_session_row(&context(1), input).map_err(show)?;
            same("session", &Some(session), &found.as_ref())?;
        }
        self.compare_ledgers()
    }

    /// Compares the ledgers of PH1.F: memory and conversation.
    fn compare_ledgers(&self) -> Result<(), String> {
        let tables = &self.model.tables;
        for person in &tables.identities {
            let user_id = person.user_id.clone();
            let input = Ph1fReadMemoryLedgerRows { user_id: user_id.clone() };
            let found = self.store.ph1f_read_memory_ledger_rows(&context(1), input).map_err(show)?;
            same("memory", &tables.memory_of(&user_id), &found.iter().collect())?;
            let expected = tables.current_memory_of(&user_id);
            let input = Ph1fReadMemoryCurrentRows { user_id };
            let found = self.store.ph1f_read_memory_current_rows(&context(1), input).map_err(show)?;
            same("current memory", &expected, &found)?;
        }
        let chains: BTreeSet<_> =
            tables.turns.iter().map(|row| (row.user_id.clone(), row.correlation_id)).collect();
        for (user_id, correlation_id) in chains {
            let turns = tables.turns.iter();
            let turns = turns.filter(|row| row.user_id == user_id && row.correlation_id == correlation_id);
            let mut expected: Vec<_> = turns.map(|row| self.names.turn_to_store(row)).collect();
            expected.sort_by_key(|row| row.turn_id);
            let input = Ph1fReadConversationRows { user_id, correlation_id };
            let found = self.store.ph1f_read_conversation_rows(&context(1), input).map_err(show)?;
            same("conversation", &expected, &found)?;
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

    /// The store gives wake events chain by chain, as it gives their audit events.
    fn order_wake_events(&self, answer: &mut Answer) {
        if let Answer::Served(Value::WakeRuntimes(rows)) = answer {
            rows.sort_by_key(|row| self.names.tenant_to_store(self.model.chain_of(&row.wake_event_id)));
        }
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
        let mut expected: Vec<&Event> = self.model.events().iter().collect();
        // A stable order: within a chain, events stay as they were committed.
        expected.sort_by_key(|event| self.names.tenant_to_store(event.tenant_id.as_ref()));
        same("number of events", &expected.len(), &actual.len())?;
        let mut place: (Option<TenantId>, u64) = (None, 0);
        for (expected, actual) in expected.into_iter().zip(&actual) {
            let sequence = if place.0 == expected.tenant_id { place.1 + 1 } else { 1 };
            place = (expected.tenant_id.clone(), sequence);
            let what = format!("events {sequence} of {:?}", expected.tenant_id);
            same(&what, &sequence, &actual.chain_sequence)?;
            same(&what, expected, &self.event(expected, actual))?;
        }
        self.compare_trails(&actual)
    }

    /// A payload value as the model writes it: an id in its words, a digest as one.
    fn payload_value(&self, key: &str, value: &str) -> String {
        let is_digest = key.ends_with("_digest") && value.starts_with("dig_");
        if is_digest { DIGEST.to_owned() } else { self.names.text_to_model(value) }
    }

    /// An event of the store as the model writes it.
    fn event(&self, expected: &Event, actual: &AuditEventRecord) -> Event {
        let key = match (&expected.key, &actual.idempotency_key) {
            (_, None) => EventKey::Absent,
            (EventKey::Derived, Some(_)) => EventKey::Derived,
            (_, Some(key)) => EventKey::Given(key.clone()),
        };
        let payload = actual.payload_min.iter();
        Event {
            engine: if actual.engine.as_str() == expected.engine {
                expected.engine
            } else {
                "another engine"
            },
            event_type: actual.event_type,
            reason_code: actual.reason_code,
            severity: actual.severity,
            work_order_id: actual.work_order_id.clone(),
            tenant_id: self.names.tenant_to_model(actual.tenant_id.as_ref()),
            user_id: actual.user_id.clone(),
            device_id: actual.device_id.clone(),
            session_id: actual.session_id,
            key,
            payload: payload.map(|(key, value)| (key.to_owned(), self.payload_value(key, value))).collect(),
            evidence_ref: actual.evidence_ref.clone(),
            created_at: actual.created_at,
            correlation_id: actual.correlation_id,
            turn_id: actual.turn_id,
            simulation_id: actual.simulation_id.clone(),
        }
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
