//! The texts of statements as PostgreSQL takes them, what is read from a text, and neutral values as its types.
//!
//! What must not live here: a connection, and when a statement is sent.

pub mod dialect;
pub mod many;
pub mod reach;
pub mod value;
pub mod words;
