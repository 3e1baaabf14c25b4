//! The file of a store: which are opened, how it is locked and shared, what happens when it goes away, and its log.

#[path = "../common/mod.rs"]
mod common;
mod log;
#[cfg(unix)]
mod misplaced;
mod open;
mod processes;
mod read_only;
