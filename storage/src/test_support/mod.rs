//! For tests, benchmarks and the demo only: inputs of writes, onboarding sessions without the steps that lead to them, enrollments in
//! states that no call leads to, commits that break, rows of whole tables, and wake events. What reads or writes rows takes any store;
//! handles have it as methods by `implement_test_support!`, as `SqliteStore::insert_onboarding_session`.
//!
//! What must not live here: anything that a store needs to serve a call.

mod broken;
pub mod inputs;
mod methods;
mod stored;
mod tables;

pub use broken::BrokenCommit;
pub use methods::implement_test_support;
pub use stored::{
    decline_onboarding_session, insert_onboarding_session, is_of_insert, onboarding_session, overwrite,
};
pub use tables::{Cell, TableRows, every_row};

pub use crate::rules::wake_event::{Verdict, verdict, wake_event, with_verdict};
