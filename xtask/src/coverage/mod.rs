//! What is proven: what the specs state, held against what tests saw and what is written in Rust.
//!
//! Nothing is declared by hand: the harness of the tests writes down what came of every call ([`record`]), and the report reads
//! it. What must not live here: printing, which is the command's.

pub mod item;
pub mod place;
pub mod proof;
pub mod record;
pub mod report;
pub mod rust;
