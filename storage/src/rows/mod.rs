//! The rows of every engine: what a rule needs is loaded, what it decided is stored.
//!
//! What lives here: statements, and how rows become facts and changes become rows. What must not: a decision about a
//! call, which is a rule's; transactions and events, which are a commit's.

mod audit_only;
mod enrollment;
mod events;
mod known;
pub(crate) mod listed;
pub(crate) mod onboarding;
pub(crate) mod person;
mod ph1_f;
mod ph1_j;
mod ph1_link;
mod ph1_onb;
mod ph1_persona;
mod ph1_position;
mod ph1_voice_id;
mod ph1_w;
mod ph1_write;
mod ph2_access;
pub(crate) mod standing;
pub(crate) mod stored;
