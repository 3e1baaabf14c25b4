//! The rules of the engines: which rows to write, which event to emit, or which error to return, given the
//! rows read and the admitted call.
//!
//! What lives here: pure decisions, one file per engine, and what they share. What must not: SQL,
//! connections, clocks, threads. Another backend reuses all of this unchanged.

pub(crate) mod asked;
pub(crate) mod audit_only;
pub(crate) mod audited;
pub(crate) mod enrollment;
mod event;
pub(crate) mod fingerprint;
pub(crate) mod folds;
#[cfg(test)]
pub(crate) mod machine;
#[cfg(test)]
mod machines;
pub(crate) mod onboarding;
pub(crate) mod person;
pub(crate) mod ph1_f;
pub(crate) mod ph1_j;
pub(crate) mod ph1_link;
pub(crate) mod ph1_onb;
pub(crate) mod ph1_persona;
pub(crate) mod ph1_position;
pub(crate) mod ph1_voice_id;
pub(crate) mod ph1_w;
pub(crate) mod ph1_write;
pub(crate) mod ph2_access;
pub(crate) mod refuse;
pub(crate) mod requirements;
mod rule;
pub(crate) mod standing;
#[cfg(test)]
pub(crate) mod test_calls;
#[cfg(test)]
pub(crate) mod trial;
#[cfg(feature = "test-support")]
pub(crate) mod wake_event;

pub use event::{CheckedEvent, EventDraft};
pub use rule::{Audience, Decision, WriteRule};
