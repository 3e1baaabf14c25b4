//! Arguments of `scaffold`. What must not live here: doing it.

use clap::Args;

/// What `scaffold --help` says at its end.
pub const HELP: &str = "\
Examples:
  cargo xtask scaffold PH1.NOTES             shows every file and every line that is missing, and writes nothing
  cargo xtask scaffold PH1.NOTES --accept    writes them; then write the bodies that say `skeleton!`
  cargo xtask scaffold PH1.W --accept        after an edit of a page: adds what the new capability needs

What is drafted, where it is missing:
  rules       storage/src/rules                    a rule for each write, around one function that a person writes
  rows        storage/src/rows                     what each capability loads and stores; reads and guards by key are whole
  migration   storage/src/sqlite/migrations        the tables that no migration makes, and columns that a table lacks
  answers     storage/src/check/folds/answers      which answers hold which fields of a table, for `verify_folds`
  suite       tests/src/suites                     one body for each acceptance test of the page, also in a suite that is there
  model       tests/src/model                      the reference model, with one body to write for each write
  scenario    storage/tests/migrations/released    a call of each write, with values within the bounds
  sentences   tests/tests/conformance/invariants   a place to say what keeps each sentence about rows
A file that is there is never touched, but for lines that name what is new, at places that are recognised; what has no such
place is listed as `to do`. A body that nobody has written panics with what it is for. Run `regenerate` before: the code of a draft names
what the contract says.

Exit codes: 0 nothing is missing, or all of it was written; 1 something is missing, an error in the specs, no such engine, or
a file that cannot be read or written; 2 a wrong command line.";

/// Arguments of `scaffold`.
#[derive(Debug, Args)]
pub struct ScaffoldArgs {
    /// The engine, as PH1.W.
    #[arg(value_name = "ENGINE")]
    pub engine: String,
    /// Write what is shown.
    #[arg(long)]
    pub accept: bool,
}
