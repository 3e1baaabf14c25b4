//! Arguments of `adopt`. What must not live here: doing it.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::folders::FolderArgs;
use super::format::ReportFormat;

/// What `adopt --help` says at its end.
pub const HELP: &str = "\
Examples:
  cargo xtask adopt notes_ecm.md notes_wiring.md      shows what is missing, and writes nothing
  cargo xtask adopt notes_ecm.md --accept             writes all of it: the page goes to specs/, and a DB wiring beside it
  cargo xtask adopt specs/ecm/PH1_W.md --accept=lexicon,codes     after an edit of a page that is there already
  cargo xtask adopt drafts/ --format json | jq '.guesses[]'       every guess, with what it was made from

What is drafted, and what --accept= calls it:
  lexicon   types, fields, groups, records and refusals of the engine, at the end of its block in lexicon.yaml
  codes     reason codes with the next free numbers of the engine's block, or a new block, in reason_codes.yaml
  pair      the pages in their places, with a function below every acceptance test that has none; the missing half as a skeleton
What stands is never changed, lines are only added, and a second run adds nothing. A guess is marked with what it was made
from: `# guess: …` behind an entry, `<!-- guess: … -->` above lines of a page. Correct it, and take the mark away; `lint` warns of
those that stand.
What only a person can decide is a finding; numbers become permanent with the next `regenerate`.

Exit codes: 0 nothing is missing or all of it was written, and `regenerate` would find no error; 1 something is missing, or a
finding is left, or a file cannot be read or written; 2 a wrong command line.";

/// Arguments of `adopt`.
#[derive(Debug, Args)]
pub struct AdoptArgs {
    /// Pages of one or several engines, one half or both; a folder is searched for *.md.
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Write what is drafted: all of it, or the parts that are named.
    #[arg(
        long,
        value_name = "PARTS",
        value_enum,
        value_delimiter = ',',
        num_args = 0..,
        require_equals = true,
        default_missing_value = "lexicon,codes,pair"
    )]
    pub accept: Vec<AdoptPart>,
    /// The folders of specs and output.
    #[command(flatten)]
    pub folders: FolderArgs,
    /// How to print what is drafted.
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

/// A part of what is drafted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub enum AdoptPart {
    /// lexicon.yaml
    Lexicon,
    /// reason_codes.yaml
    Codes,
    /// Pages below ecm/ and `db_wiring`/.
    Pair,
}
