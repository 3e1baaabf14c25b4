//! What another program does to the rows of a file: ledgers refuse it, and the checks of a store name what was changed.

mod append_only;
mod chains;
#[path = "../common/mod.rs"]
mod common;
mod folds;
mod sealed;
