//! Arguments of `mutate`. What must not live here: doing it.

use clap::Args;

use super::format::ReportFormat;

/// What `mutate --help` says at its end.
pub const HELP: &str = "\
Examples:
  cargo xtask mutate --engine PH1.WRITE      every mutant of one contract; several engines at once share builds
  cargo xtask mutate --sample 100            a hundred of all, the same ones every time
  cargo xtask mutate --operator gate-dropped --operator caller-added
  cargo xtask mutate --list --engine PH1.W   the mutants with the lines of the specs that they are about; runs nothing
  cargo xtask mutate --operators             what the operators do

Each mutant is a contract with one constraint changed, in a copy of the workspace below target/mutate. Mutants are tried in three steps:
  schema       tests that read contracts while they run, for constraints of tables; nothing is built for a mutant
  promises     what is written by hand of the calls of an engine; many mutants share a build, and each failure names its place
  all stages   what is left, in groups: where all tests pass, all mutants of the group are open; where one fails, halves are tried
Texts that are pinned and drawn from contracts (outlines, the list of codes) are left out, because they differ from every mutant and
prove nothing. An open mutant needs a test, or an entry in tests/mutants.yaml with the reason why no test can notice it; an entry that
is of no use is an error. What was found is kept below target/mutate until a file changes that the tests are built from, so a run that
was ended goes on where it was. docs/MUTATION.md has numbers.

Exit codes: 0 every mutant was noticed or has a reason; 1 one is open, an entry is of no use, a test fails without any change, or
an error in the specs; 2 a wrong command line.";

/// Arguments of `mutate`.
#[derive(Debug, Args)]
pub struct MutateArgs {
    /// Only the contracts of these engines, as PH1.W; `shared` names the types that all engines share [default: all]
    #[arg(long = "engine", value_name = "ENGINE")]
    pub engines: Vec<String>,
    /// Only these operators
    #[arg(long = "operator", value_name = "NAME")]
    pub operators: Vec<String>,
    /// Only so many of them, the same ones every time
    #[arg(long, value_name = "COUNT")]
    pub sample: Option<usize>,
    /// Print the mutants with their places, and run nothing.
    #[arg(long)]
    pub list: bool,
    /// Print what the operators do, and run nothing.
    #[arg(long = "operators", conflicts_with = "list")]
    pub shows_operators: bool,
    /// Forget what earlier runs found.
    #[arg(long)]
    pub fresh: bool,
    /// How to print the report.
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}
