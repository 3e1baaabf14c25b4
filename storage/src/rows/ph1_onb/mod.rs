//! PH1.ONB on SQLite.

mod backfill;
mod sessions;
mod steps;

#[cfg(feature = "test-support")]
pub(crate) use sessions::{insert, session, update};
