//! The rules of the engines: which rows to write, which event to emit, or which error to return, given the
//! rows read and the admitted call.
//!
//! What lives here: pure decisions, one file per engine, and what they share. What must not: SQL,
//! connections, clocks, threads. Another backend reuses all of this unchanged.

pub(crate) mod audit_only;
pub(crate) mod enrollment;
mod event;
pub(crate) mod folds;
pub(crate) mod onboarding;
pub(crate) mod ph1_f;
pub(crate) mod ph1_j;
pub(crate) mod ph1_persona;
pub(crate) mod ph1_voice_id;
pub(crate) mod ph1_w;
pub(crate) mod ph1_write;
pub(crate) mod refuse;
mod rule;
pub(crate) mod standing;
#[cfg(test)]
pub(crate) mod test_calls;

pub use event::EventDraft;
pub use rule::{Decision, WriteRule};
