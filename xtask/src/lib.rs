//! From Markdown specs to contracts: the phases behind `cargo xtask`.
//!
//! The phases are modules, in the order in which data flows: [`read`] (files to trees), [`parse`] (trees to documents),
//! [`resolve`] (documents to contracts), [`check`] (what contracts must keep to), [`mod@write`] (contracts to files).
//! Each gives what it could build together with all its [`diagnostics`].
//! What must not live here: SQL, storage, C code, clocks, network.

pub mod check;
pub mod cli;
pub mod commands;
pub mod diagnostics;
pub mod parse;
pub mod paths;
pub mod pipeline;
pub mod read;
pub mod resolve;
pub mod source;
pub mod write;
