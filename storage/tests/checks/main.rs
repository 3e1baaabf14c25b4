//! What another program does to the rows of a file: ledgers refuse it, and the checks of a store name what was changed.

mod append_only;
#[path = "../migrations/released/calls.rs"]
mod calls;
mod chains;
#[path = "../common/mod.rs"]
mod common;
mod folds;
#[allow(dead_code, reason = "other tests ask more of it")]
#[path = "../migrations/released/make.rs"]
mod make;
mod pages;
mod sealed;
mod tampering;
mod trails;
mod unreadable;
mod world;
