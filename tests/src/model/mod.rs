//! A second implementation of PH1.W, PH1.VOICE.ID, PH1.LINK, PH1.POSITION, PH2.ACCESS and PH1.ONB, of the
//! commits of PH1.PERSONA and PH1.WRITE, and of what all of them need of PH1.F, to hold the store against: plain
//! collections, written from the specs.
//!
//! What lives here: the tables as lists (`tables`), the rules of each engine as its spec tells them (`wake`,
//! `voice`, `link`, `position`, `access`, `onboarding`, `campaign`, `outcomes`, `foundation`), calls and answers (`calls`), random
//! sequences of calls (`scripts`), the comparison with a store (`compare`), and the runs that tests make of
//! all this (`check`). What must not: SQL, and anything taken from the storage crate's rules. A model that
//! follows the code proves nothing.
//!
//! The model gives ids of its own (`wake-1`, `voice-2`, `#token/boss/k1`); `names` pairs them with the ids
//! that the store gave.

mod access;
mod answer;
mod asked;
mod calls;
mod campaign;
mod check;
mod compare;
mod decision;
mod door;
mod event;
#[cfg(test)]
mod examples;
mod foundation;
mod link;
mod names;
mod onboarding;
mod outcomes;
mod position;
mod reference;
mod scripts;
mod send;
mod tables;
mod voice;
mod wake;

pub use calls::{Answer, Call, HiringCall, HiringValue, Script, Start, Step, Value};
pub use check::{agree, assert_reached, hold, run};
pub use compare::{Run, Sent};
pub use event::{Event, EventKey};
pub use reference::Model;
pub use scripts::{mixed_writes, onboarding_script, voice_script, wake_script};
pub use send::{Wait, submit};
