//! A second implementation of PH1.W, PH1.VOICE.ID, PH1.LINK, PH1.POSITION, PH2.ACCESS and PH1.ONB, of the
//! commits of PH1.PERSONA and PH1.WRITE, of the direct appends of PH1.J, and of what all of them need of PH1.F, to compare the store with: plain
//! collections, written from the specs.
//!
//! What lives here, each file on those above it: the forms of calls and answers (`calls`), the tables as lists (`tables`),
//! events (`event`), what a call must pass before any row is looked at (`admission`), what a rule decides (`decision`), the
//! order of every call (`reference`), the rules of each engine as its spec states them (`wake`, `voice`, `link`, `position`,
//! `access`, `onboarding`, `campaign`, `outcomes`, `journal`, `foundation`), and which engine answers (`answer`). Beside them random
//! sequences of calls (`scripts`), the same calls sent to a store (`send`), the comparison (`compare`), and the runs that
//! tests make of all this (`check`). What must not: SQL, and anything taken from the storage crate's rules. A model that
//! follows the code proves nothing.
//!
//! Engines whose specs say the same are alike here too, `wake` and `voice` above all, and share no rule: each is held
//! against its own spec, line by line, and a difference between two specs must not be hidden by shared code.
//!
//! The model gives ids of its own (`wake-1`, `voice-2`, `#token/boss/k1`); `names` pairs them with the ids
//! that the store gave.

mod access;
mod admission;
mod answer;
mod asked;
mod calls;
mod campaign;
mod check;
mod compare;
mod decision;
mod engine_call;
mod engines;
mod event;
#[cfg(test)]
mod examples;
mod foundation;
mod journal;
mod link;
mod listed;
mod names;
mod onboarding;
mod outcomes;
mod position;
mod reference;
mod rows;
mod scripts;
mod send;
mod tables;
mod voice;
mod wake;

pub use calls::{Answer, Call, HiringCall, HiringValue, Script, Start, Step, Value};
pub use check::{agree, assert_reached, hold, run};
pub use compare::{Run, Sent};
pub use engine_call::{EngineCall, EngineValue};
pub use engines::model::{EngineModel, ReadEntry, ReadModel, WriteEntry, WriteModel, Written};
pub use engines::reach::{assert_engines_reached, every_engine_has_a_model};
pub use engines::{ALL as ENGINES, engine_script};
pub use event::{Event, EventKey};
pub use listed::WITHOUT_MODEL;
pub use reference::Model;
pub use rows::{Row, Rows};
pub use scripts::{mixed_writes, onboarding_script, voice_script, wake_script};
pub use send::{Wait, submit};
pub use tables::Tables;
