//! For tests, benchmarks and the demo only: onboarding sessions without the steps that lead to them, to be written with
//! `SqliteStore::insert_onboarding_session` and declined with `decline_onboarding_session`; enrollments in states
//! that no call leads to, with `overwrite_wake_enrollment` and `overwrite_voice_enrollment`; what
//! `SqliteStore::every_row` gives; and wake events.
//!
//! What must not live here: anything that a store needs to serve a call.

mod wake_event;

pub use crate::sqlite::{Cell, TableRows, is_of_insert, onboarding_session};
pub use wake_event::{Verdict, verdict, wake_event, with_verdict};
