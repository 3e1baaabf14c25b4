//! Recorded calls: one JSON object per call, and how one is made by the name of its capability.

use std::path::Path;

use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, SimulationId, TurnId};
use selene_contracts::{CallContext, Caller, Capability, Committed, Disposition, FieldSpec, StorageError};
use selene_storage::{SqliteStore, StoredWrite};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A write as it was made, and, once it was made, what it gave.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Call {
    /// What the call is for; names it within its file.
    pub name: String,
    /// `PH1F_IDENTITY_INSERT_ROW`. The name under which its calls are stored: a rename does not change it.
    pub capability: String,
    pub now_ns: u64,
    pub chain: u64,
    pub turn: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub simulation: Option<String>,
    pub input: Value,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
}

/// What a write gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    pub event_id: String,
    pub value: Value,
}

impl Call {
    /// The calls of a file, in order.
    pub fn read(path: &Path) -> Vec<Self> {
        let text = std::fs::read_to_string(path).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// What the call brings beside its input.
    pub fn context(&self) -> CallContext {
        let context = CallContext::new(
            Caller::SeleneOs,
            MonotonicTimeNs::new(self.now_ns),
            CorrelationId::new(self.chain.into()),
            TurnId::new(self.turn),
        );
        match &self.simulation {
            Some(simulation) => context.with_simulation(SimulationId::new(simulation.as_str())),
            None => context,
        }
    }

    /// Makes the call, or makes it again.
    pub fn make(&self, store: &impl Writes) -> Result<Made, StorageError> {
        let mut maker = Maker { call: self, store, made: None };
        each_write(&mut maker);
        maker.made.unwrap_or_else(|| panic!("no capability is `{}` today", self.capability))
    }
}

/// A store that takes writes by the types of their inputs.
pub trait Writes {
    fn write<C: StoredWrite>(
        &self,
        context: &CallContext,
        input: C,
    ) -> Result<Committed<C::Output>, StorageError>;
}

impl Writes for SqliteStore {
    fn write<C: StoredWrite>(
        &self,
        context: &CallContext,
        input: C,
    ) -> Result<Committed<C::Output>, StorageError> {
        self.submit(context, input).wait()
    }
}

/// What a call gave just now.
#[derive(Debug, PartialEq)]
pub struct Made {
    pub answer: Answer,
    /// The recorded answer, read by the type that the capability gives today and written again.
    pub recorded: Option<Value>,
    pub disposition: Disposition,
}

/// Takes the input types of the writes one after the other.
pub trait WriteVisitor {
    fn visit<C: StoredWrite>(&mut self);
}

struct Maker<'a, S> {
    call: &'a Call,
    store: &'a S,
    made: Option<Result<Made, StorageError>>,
}

impl<S: Writes> WriteVisitor for Maker<'_, S> {
    fn visit<C: StoredWrite>(&mut self) {
        if C::SPEC.stored_name != self.call.capability {
            return;
        }
        let input: C = serde_json::from_value(with_added_fields::<C>(&self.call.input))
            .unwrap_or_else(|error| panic!("{}: the input is not read: {error}", self.call.name));
        let json = |value: &C::Output| serde_json::to_value(value).unwrap();
        let recorded = self.call.answer.as_ref().map(|answer| {
            let value: C::Output = serde_json::from_value(answer.value.clone())
                .unwrap_or_else(|error| panic!("{}: the answer is not read: {error}", self.call.name));
            json(&value)
        });
        self.made = Some(self.store.write(&self.call.context(), input).map(|committed| Made {
            answer: Answer { event_id: committed.event_id.to_string(), value: json(&committed.value) },
            recorded,
            disposition: committed.disposition,
        }));
    }
}

/// The recorded input, with nothing in the lists that the capability has got since. Optional fields may be absent.
fn with_added_fields<C: Capability>(input: &Value) -> Value {
    let mut input = input.clone();
    let fields = input.as_object_mut().expect("an input is an object");
    let added = |field: &&FieldSpec| field.is_list && !field.is_optional;
    for field in C::SPEC.input.iter().copied().flatten().filter(added) {
        fields.entry(field.name).or_insert_with(|| Value::Array(Vec::new()));
    }
    input
}

macro_rules! each_write {
    ($($module:ident: $repo:ident {
        writes { $($write:ident => $method:ident,)* }
        reads { $($read:tt)* }
        pages { $($page:tt)* }
    })*) => {
        /// Shows every write to a visitor.
        pub fn each_write(visitor: &mut impl WriteVisitor) {
            $($(visitor.visit::<selene_contracts::$module::$write>();)*)*
        }
    };
}

selene_contracts::for_every_engine!(each_write);
