//! The folders that most commands read or write.

use std::path::{Path, PathBuf};

use clap::Args;

use crate::paths;

/// Specs and output: as given, else those of the workspace.
#[derive(Debug, Clone, Default, Args)]
pub struct FolderArgs {
    /// The folder with ecm/, db_wiring/, lexicon.yaml and reason_codes.yaml [default: specs/ of the workspace]
    #[arg(long, value_name = "DIR")]
    pub specs: Option<PathBuf>,
    /// The folder that `regenerate` writes contracts/, src/ and sources.json to; the other commands only read there what was
    /// released [default: generated/ of the workspace]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

impl FolderArgs {
    /// The folder of specs and the output folder; nothing where one is not given and there is no workspace.
    pub(crate) fn resolve(&self) -> Option<[PathBuf; 2]> {
        Some([specs_or_default(self.specs.as_ref())?, out_or_default(self.out.as_ref())?])
    }
}

/// A folder of specs: as given, else the one of the workspace, if there is one.
pub(crate) fn specs_or_default(given: Option<&PathBuf>) -> Option<PathBuf> {
    given.cloned().or_else(|| below_workspace("specs"))
}

/// An output folder: as given, else the one of the workspace, if there is one.
pub(crate) fn out_or_default(given: Option<&PathBuf>) -> Option<PathBuf> {
    given.cloned().or_else(|| below_workspace("generated"))
}

/// Where lies what was released of a folder of specs: beside it.
pub(crate) fn released_beside(specs: &Path) -> PathBuf {
    specs.parent().unwrap_or(specs).join("generated")
}

fn below_workspace(name: &str) -> Option<PathBuf> {
    Some(paths::workspace_root()?.join(name))
}
