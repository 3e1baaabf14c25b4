//! What the programs for operators share: `selene-store`, and those of other databases. It is no part of what the library promises.
//!
//! What lives here: files of heads, output for people and for tools, how far a command is, what it comes to, and the parts of command
//! lines that several programs have. What must not: a driver, a statement, a rule; what a command does.

pub mod address;
pub mod ending;
pub mod failure;
pub mod heads_file;
pub mod output;
pub mod progress;
pub mod report;
pub mod saved_heads;
pub mod shown_contents;
pub mod shown_export;
pub mod shown_trail;
