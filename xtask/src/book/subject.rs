//! What a book is made from, collected by whoever asks for it.

use super::changes::Changes;
use super::machine::Machine;
use crate::coverage::report::Report;
use crate::parse::Parsed;
use crate::pipeline::Run;

/// What a book is made from.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The specs, read and resolved without an error.
    pub run: &'a Run,
    /// What every stretch of the specs was read as.
    pub parsed: &'a Parsed,
    /// What is proven; none where the specs are not those of the workspace.
    pub report: Option<&'a Report>,
    /// The state machines that the rules run.
    pub machines: &'a [Machine],
    /// What differs from another revision, where one was asked for.
    pub changes: Option<&'a Changes>,
}
