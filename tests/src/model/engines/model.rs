//! What a model of an engine is: its writes and reads, each a trait of the call's input, and what an applied write leaves.
//!
//! What must not live here: a model, or the list of them.

use selene_contracts::{
    CallContext, Capability, EngineSpec, ReadCapability, ReasonCode, WriteCapability, engines,
};
use serde::Serialize;
use serde_json::Value;

use crate::model::rows::Row;
use crate::model::tables::Tables;

/// The model of one engine.
pub struct EngineModel {
    /// `PH1.NOTES`
    pub engine: &'static str,
    /// What each write makes of the rows.
    pub writes: &'static [WriteEntry],
    /// What each read gives. Guards follow from the contract.
    pub reads: &'static [ReadEntry],
    /// Answers that no sequence can reach, as `CALL ANSWER`, each with the reason.
    pub never: &'static [(&'static str, &'static str)],
}

impl EngineModel {
    /// What the contract says of the engine.
    ///
    /// # Panics
    /// There is no contract of this engine.
    pub fn spec(&self) -> &'static EngineSpec {
        let found = engines::ALL.iter().find(|engine| engine.id == self.engine);
        found.unwrap_or_else(|| panic!("there is no contract of {}", self.engine))
    }
}

/// A write as its page states it.
pub trait WriteModel: WriteCapability {
    /// What an input must say beyond its bounds: asked before an earlier answer is given again.
    ///
    /// # Errors
    /// The code of the refusal.
    fn check(&self) -> Result<(), ReasonCode> {
        Ok(())
    }

    /// What the call makes of the rows. The rows of the engine are in `tables.rows`; those that the call writes are given back and
    /// put there.
    ///
    /// # Errors
    /// The code of the refusal. Nothing is changed then, whatever was done to `tables`.
    fn decide(&self, context: &CallContext, tables: &mut Tables)
    -> Result<Written<Self::Output>, ReasonCode>;
}

/// A read as its page states it.
pub trait ReadModel: ReadCapability {
    /// What the call gives.
    ///
    /// # Errors
    /// The code of the refusal.
    fn rows(&self, tables: &Tables) -> Result<Self::Output, ReasonCode>;
}

/// What an applied write leaves.
pub struct Written<O> {
    answer: O,
    rows: Vec<Row>,
    stated: Vec<(&'static str, String)>,
}

impl<O> Written<O> {
    /// What the caller gets. An id that the store makes is one that begins with `#`, whatever follows: a store's id takes its place.
    pub const fn new(answer: O) -> Self {
        Self { answer, rows: Vec::new(), stated: Vec::new() }
    }

    /// A row that the write adds, or leaves instead of the one with the same key.
    #[must_use]
    pub fn row(mut self, row: &impl selene_contracts::row::TableRow) -> Self {
        self.rows.push(Row::of(row));
        self
    }

    /// What the event says where it is not the value of a field of the input or of a row that is written: a payload entry, or
    /// `tenant_id`, `user_id`, `device_id`, `session_id`, `event_type`, `reason_code`, `evidence_ref`.
    #[must_use]
    pub fn says(mut self, name: &'static str, value: &impl ToString) -> Self {
        self.stated.push((name, value.to_string()));
        self
    }
}

/// What an applied write leaves, whatever its type.
pub(super) struct Outcome {
    pub(super) answer: Value,
    pub(super) rows: Vec<Row>,
    pub(super) stated: Vec<(&'static str, String)>,
}

/// A write in the list of an engine.
pub struct WriteEntry {
    pub(super) capability: &'static str,
    pub(super) check: fn(&Value) -> Result<(), ReasonCode>,
    pub(super) decide: fn(&Value, &CallContext, &mut Tables) -> Result<Outcome, ReasonCode>,
}

impl WriteEntry {
    /// The entry of a write.
    pub const fn of<C: WriteModel>() -> Self {
        Self { capability: C::SPEC.id, check: check::<C>, decide: decide::<C> }
    }
}

/// A read in the list of an engine.
pub struct ReadEntry {
    pub(super) capability: &'static str,
    pub(super) rows: fn(&Value, &Tables) -> Result<Value, ReasonCode>,
}

impl ReadEntry {
    /// The entry of a read.
    pub const fn of<C: ReadModel>() -> Self {
        Self { capability: C::SPEC.id, rows: rows::<C> }
    }
}

fn check<C: WriteModel>(input: &Value) -> Result<(), ReasonCode> {
    typed::<C>(input).check()
}

fn decide<C: WriteModel>(
    input: &Value,
    context: &CallContext,
    tables: &mut Tables,
) -> Result<Outcome, ReasonCode> {
    let Written { answer, rows, stated } = typed::<C>(input).decide(context, tables)?;
    Ok(Outcome { answer: json(&answer), rows, stated })
}

fn rows<C: ReadModel>(input: &Value, tables: &Tables) -> Result<Value, ReasonCode> {
    typed::<C>(input).rows(tables).map(|found| json(&found))
}

/// The input of a call as its type.
pub(super) fn typed<C: Capability>(input: &Value) -> C {
    serde_json::from_value(input.clone()).unwrap_or_else(|error| panic!("{}: {error}: {input}", C::SPEC.id))
}

pub(super) fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).expect("an answer has a JSON form")
}
