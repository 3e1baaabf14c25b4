//! What the sections are made from.

use std::path::PathBuf;

use crate::cli::CheckArgs;
use crate::pipeline::Run;
use crate::write::Change;

/// What every section is made from.
pub struct Subject<'a> {
    /// The phases over the specs, with every rule.
    pub run: Run,
    /// What differs between the specs and the output folder; empty where the specs have an error.
    pub changes: Vec<Change>,
    /// The folder of the specs: `specs`.
    pub specs: PathBuf,
    /// The folder of the contracts: `generated`.
    pub out: PathBuf,
    /// What the command line says.
    pub args: &'a CheckArgs,
}
