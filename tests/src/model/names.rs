//! Pairs of the model's ids and the store's: a store may choose the ids of its rows, as long as a row
//! keeps its id.

use std::collections::BTreeMap;

use selene_contracts::ph1_f::{ConversationTurnId, ConversationTurnRecord};
use selene_contracts::ph1_voice_id::{
    VidReadEnrollmentState, VidReadEnrollmentStateOutput, VoiceEnrollmentSessionId,
    VoiceEnrollmentSessionRecord, VoiceProfileId,
};
use selene_contracts::ph1_w::{Ph1wAppendOnlyGuards, WakeEnrollmentSessionId, WakeEnrollmentSessionRecord};
use selene_contracts::shared::AuditEventId;

use super::calls::{Call, Value};
use super::engine_call::{made_ids, renamed};

mod hiring;

/// Which id of the store stands for which id of the model.
#[derive(Debug, Clone, Default)]
pub(super) struct Names {
    to_store: BTreeMap<String, String>,
    to_model: BTreeMap<String, String>,
}

/// The ids of one direction: from the model to the store, or back.
struct Renamer<'a>(&'a BTreeMap<String, String>);

impl Renamer<'_> {
    fn text(&self, id: &str) -> String {
        self.0.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }

    fn wake_id(&self, id: &mut WakeEnrollmentSessionId) {
        *id = WakeEnrollmentSessionId::new(self.text(id.as_str()));
    }

    fn voice_id(&self, id: &mut VoiceEnrollmentSessionId) {
        *id = VoiceEnrollmentSessionId::new(self.text(id.as_str()));
    }

    fn profile_id(&self, id: &mut VoiceProfileId) {
        *id = VoiceProfileId::new(self.text(id.as_str()));
    }

    fn turn(&self, row: &mut ConversationTurnRecord) {
        row.conversation_turn_id = ConversationTurnId::new(self.text(row.conversation_turn_id.as_str()));
    }

    fn wake(&self, row: &mut WakeEnrollmentSessionRecord) {
        self.wake_id(&mut row.wake_enrollment_session_id);
    }

    fn voice(&self, row: &mut VoiceEnrollmentSessionRecord) {
        self.voice_id(&mut row.voice_enrollment_session_id);
        row.voice_profile_id.iter_mut().for_each(|id| self.profile_id(id));
    }

    fn voice_state(&self, output: &mut VidReadEnrollmentStateOutput) {
        match output {
            VidReadEnrollmentStateOutput::VoiceEnrollmentSessionRecord(row) => self.voice(row),
            VidReadEnrollmentStateOutput::VoiceEnrollmentSampleRecords(rows) => {
                for row in rows {
                    self.voice_id(&mut row.voice_enrollment_session_id);
                }
            }
            VidReadEnrollmentStateOutput::VoiceProfileRecord(row) => {
                self.profile_id(&mut row.voice_profile_id);
                self.voice_id(&mut row.voice_enrollment_session_id);
            }
        }
    }
}

impl Names {
    /// Takes note of the ids that an applied write made. A new row of the model must have a new id of the
    /// store, and an old one its old id.
    pub(super) fn learn(&mut self, model: &Value, store: &Value) -> Result<(), String> {
        match (model, store) {
            (Value::Wake(model), Value::Wake(store)) => self
                .pair(model.wake_enrollment_session_id.as_str(), store.wake_enrollment_session_id.as_str()),
            (Value::Voice(model), Value::Voice(store)) => {
                self.pair(
                    model.voice_enrollment_session_id.as_str(),
                    store.voice_enrollment_session_id.as_str(),
                )?;
                match (&model.voice_profile_id, &store.voice_profile_id) {
                    (Some(model), Some(store)) => self.pair(model.as_str(), store.as_str()),
                    _ => Ok(()),
                }
            }
            (Value::Turn(model), Value::Turn(store)) => {
                self.pair(model.conversation_turn_id.as_str(), store.conversation_turn_id.as_str())
            }
            (Value::Event(model), Value::Event(store)) | (Value::Appended(model), Value::Appended(store)) => {
                self.pair(model.as_str(), store.as_str())
            }
            (Value::Hiring(model), Value::Hiring(store)) => self.learn_hiring(model, store),
            (Value::Engine(model), Value::Engine(store)) => {
                let mut made = Vec::new();
                made_ids(&model.value, &store.value, &mut made);
                made.into_iter().try_for_each(|(model, store)| self.pair(model, store))
            }
            _ => Ok(()),
        }
    }

    fn pair(&mut self, model: &str, store: &str) -> Result<(), String> {
        match (self.to_store.get(model), self.to_model.get(store)) {
            (None, None) => {
                self.to_store.insert(model.to_owned(), store.to_owned());
                self.to_model.insert(store.to_owned(), model.to_owned());
                Ok(())
            }
            (Some(known), Some(_)) if known == store => Ok(()),
            (known, other) => Err(format!(
                "{model} is {store} now; before, {model} was {known:?} and {store} stood for {other:?}"
            )),
        }
    }

    /// A payload value with the model's ids.
    pub(super) fn text_to_model(&self, text: &str) -> String {
        Renamer(&self.to_model).text(text)
    }

    /// An id as the store calls it.
    pub(super) fn text_to_store(&self, text: &str) -> String {
        Renamer(&self.to_store).text(text)
    }

    /// The row with the store's id.
    pub(super) fn turn_to_store(&self, row: &ConversationTurnRecord) -> ConversationTurnRecord {
        let mut row = row.clone();
        Renamer(&self.to_store).turn(&mut row);
        row
    }

    /// The call with the store's ids.
    pub(super) fn to_store(&self, call: &Call) -> Call {
        let to = Renamer(&self.to_store);
        let mut call = call.clone();
        match &mut call {
            Call::WakeSample(input) => to.wake_id(&mut input.wake_enrollment_session_id),
            Call::WakeComplete(input) => to.wake_id(&mut input.wake_enrollment_session_id),
            Call::WakeDefer(input) => to.wake_id(&mut input.wake_enrollment_session_id),
            Call::WakeReadSession(input) => to.wake_id(&mut input.wake_enrollment_session_id),
            Call::WakeReadSamples(input) => to.wake_id(&mut input.wake_enrollment_session_id),
            Call::WakeGuard(Ph1wAppendOnlyGuards::WakeEnrollmentSessionIdAndSampleSeq {
                wake_enrollment_session_id: id,
                ..
            }) => to.wake_id(id),
            Call::VoiceSample(input) => to.voice_id(&mut input.voice_enrollment_session_id),
            Call::VoiceComplete(input) => to.voice_id(&mut input.voice_enrollment_session_id),
            Call::VoiceDefer(input) => to.voice_id(&mut input.voice_enrollment_session_id),
            Call::VoiceGuard(input) => to.voice_id(&mut input.voice_enrollment_session_id),
            Call::VoiceRead(
                VidReadEnrollmentState::Session { voice_enrollment_session_id: id }
                | VidReadEnrollmentState::Samples { voice_enrollment_session_id: id },
            ) => to.voice_id(id),
            Call::VoiceRead(VidReadEnrollmentState::Profile { voice_profile_id }) => {
                to.profile_id(voice_profile_id);
            }
            Call::Hiring(call) => *call = to.whole(call),
            Call::Engine(call) => call.input = renamed(&call.input, &|text| to.text(text)),
            _ => {}
        }
        call
    }

    /// The value with the model's ids.
    pub(super) fn to_model(&self, mut value: Value) -> Value {
        let to = Renamer(&self.to_model);
        match &mut value {
            Value::Turn(row) => to.turn(row),
            Value::Event(id) | Value::Appended(id) => *id = AuditEventId::new(to.text(id.as_str())),
            Value::Wake(row) => to.wake(row),
            Value::WakeFound(row) => row.iter_mut().for_each(|row| to.wake(row)),
            Value::WakeSamples(rows) => {
                for row in rows {
                    to.wake_id(&mut row.wake_enrollment_session_id);
                }
            }
            Value::Voice(row) => to.voice(row),
            Value::VoiceState(output) => to.voice_state(output),
            Value::Hiring(value) => *value = to.whole(value),
            Value::Engine(given) => given.value = renamed(&given.value, &|text| to.text(text)),
            _ => {}
        }
        value
    }
}
