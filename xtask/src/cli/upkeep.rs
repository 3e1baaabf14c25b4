//! Arguments of the commands that keep a checkout in order: `check`, `diff`, `bless`, `schema`, `watch`. What must not live here: doing it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::folders::FolderArgs;
use super::format::{DiffFormat, FindingFormat};

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Fail where there are warnings, too.
    #[arg(long)]
    pub deny_warnings: bool,
    /// The branch or revision to compare with [default: origin/main, else main]
    #[arg(long, value_name = "REV")]
    pub against: Option<String>,
    /// How to print the page.
    #[arg(long, value_enum, default_value_t = FindingFormat::Text)]
    pub format: FindingFormat,
    /// The folders of specs and output.
    #[command(flatten)]
    pub folders: FolderArgs,
}

/// Arguments of `diff`.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// What to compare with: a folder (specs, or one that holds specs/), else a revision of git, maybe with its folder (REV:docs/specs)
    #[arg(long, value_name = "REV|DIR", required_unless_present = "list", allow_hyphen_values = false)]
    pub against: Option<String>,
    /// Fail where less is proven, too.
    #[arg(long)]
    pub deny_weaker_proof: bool,
    /// Print every kind of change, and compare nothing.
    #[arg(long, conflicts_with_all = ["against", "deny_weaker_proof"])]
    pub list: bool,
    /// How to print the changes.
    #[arg(long, value_enum, default_value_t = DiffFormat::Text)]
    pub format: DiffFormat,
    /// The folder with ecm/, db_wiring/, lexicon.yaml and reason_codes.yaml [default: specs/ of the workspace]
    #[arg(long, value_name = "DIR")]
    pub specs: Option<PathBuf>,
}

/// Arguments of `schema`.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Write nothing; fail if a schema differs.
    #[arg(long)]
    pub check: bool,
    /// The folder that gets schemas/ [default: generated/ of the workspace]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

/// Arguments of `bless`.
#[derive(Debug, Args)]
pub struct BlessArgs {
    /// Kinds of texts [default: all of them]
    #[arg(value_name = "KIND", value_parser = ["outlines", "messages", "codes"])]
    pub pins: Vec<String>,
    /// Write what differs.
    #[arg(long)]
    pub accept: bool,
}

/// Arguments of `watch`.
#[derive(Debug, Args)]
pub struct WatchArgs {
    /// What to run.
    #[arg(value_enum, default_value_t = Watched::Lint)]
    pub command: Watched,
    /// Milliseconds between two looks at the files.
    #[arg(long, value_name = "MS", default_value_t = 300, value_parser = clap::value_parser!(u64).range(10..=60_000))]
    pub interval_ms: u64,
    /// The folders of specs and output.
    #[command(flatten)]
    pub folders: FolderArgs,
}

/// What `watch` runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Watched {
    /// `cargo xtask lint`
    Lint,
    /// `cargo xtask regenerate`
    Regenerate,
}
