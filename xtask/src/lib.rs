//! From Markdown specs to contracts: the phases behind `cargo xtask`.
//!
//! The phases are modules; [`pipeline`] says their order and runs them. Each gives what it could build together with all its
//! [`diagnostics`].
//! What must not live here: SQL, storage, C code, clocks (`watch` sleeps, and reads none), network (`book --open` serves a folder to
//! this machine alone).

pub mod adopt;
pub mod book;
pub mod check;
pub mod cli;
pub mod commands;
pub mod coverage;
pub mod diagnostics;
pub mod diff;
pub mod editors;
pub mod emission;
pub mod export;
pub mod lint;
pub mod mutate;
pub mod parallel;
pub mod parse;
pub mod paths;
pub mod pipeline;
pub mod read;
pub mod resolve;
pub mod scaffold;
pub mod source;
pub mod write;
pub mod written;
