//! Files and rows of earlier builds: they open, are migrated, answer as they did, verify, and take new calls.

#[path = "../common/mod.rs"]
mod common;
mod narrowed;
mod onboarding;
mod released;
mod versions;
