//! Arguments of `coverage` and `explain`. What must not live here: doing it.

use clap::{Args, ValueEnum};

use super::format::ReportFormat;

/// What `coverage --help` teaches.
pub(super) const COVERAGE_HELP: &str = "\
Examples:
  cargo test -p selene-acceptance      the tests write down what they see
  cargo xtask coverage                 numbers per engine, and everything that is not tested
  cargo xtask coverage --engine PH1.W  everything that one engine states, with the tests that saw it
  cargo xtask coverage --deny missing,skeleton,stale     in CI, after the tests
  cargo xtask coverage --format json | jq '.items[] | select(.state != \"tested\") | .name'

Every capability, reason code, acceptance test, invariant, gate and ledger lock has a state:
  tested        a test that passed saw it at work: the call was answered, the code returned, the lock tried
  implemented   it is written in Rust, and no test saw it
  skeleton      its body is `skeleton!`
  missing       nothing is written
  stale         the test ran against another contract, or is no more
  failed        the acceptance test fails
  excused       no test can see it; tests/unproven.yaml says why
  planned, retired     the specs announce it, or keep its number
The harness of the tests records what came of every call in target/coverage, one file per test; a rerun replaces its own. A test
that fails proves nothing. A record goes by the name of its test, also where tests run one after the other (--test-threads=1).

Exit codes: 0 success; 1 something is in a denied state, an entry of tests/unproven.yaml is proven or unknown, an error in the
specs, or a record that cannot be read; 2 a wrong command line.";

/// Arguments of `coverage`.
#[derive(Debug, Args)]
pub struct CoverageArgs {
    /// Only these engines, as PH1.W, each with all that it states [default: all of them, in numbers]
    #[arg(long, value_name = "ENGINE")]
    pub engine: Vec<String>,
    /// Print every line, not only numbers and what is not tested.
    #[arg(long)]
    pub all: bool,
    /// Fail where something is in one of these states.
    #[arg(long, value_name = "STATE", value_delimiter = ',')]
    pub deny: Vec<Denied>,
    /// How to print the report.
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

/// What `explain --help` teaches.
pub(super) const EXPLAIN_HELP: &str = "\
Examples:
  cargo xtask explain PH1W_ENROLL_START_DRAFT_ROW     its lines, contract, method, rule, rows, statements and tests
  cargo xtask explain W_ENROLL_INVALID_BOUNDS         what returns it, by the contracts and as tests saw
  cargo xtask explain wake_profile_bindings           a table: columns, keys, who writes it, what keeps its sentences
  cargo xtask explain pass_target                     a field, wherever it stands
  cargo xtask explain wake_enrollment_sessions.pass_target     in one table, record or capability
  cargo xtask explain AT-W-DB-01                      an acceptance test, also by the name of its function
  cargo xtask explain WakeEnrollStatus                a type or a record: its values or bounds, and every field of it
  cargo xtask explain PH1.W                           an engine: its capabilities, tables, codes and tests
  cargo xtask explain E0201                           a diagnostic, also a rule of `lint`
  cargo xtask explain C0508                           a kind of change that `diff` reports
  cargo xtask explain AT-W-DB-01 --format json | jq '.[].sections[] | select(.title == \"spec\")'

Lines of specs and sources are looked up at this moment. What tests saw is what they recorded when they ran last, as `coverage`
reports. A name that stands for several things gets a page for each of them.

Exit codes: 0 success; 1 nothing is called so, an error in the specs, or a record that cannot be read; 2 a wrong command line.";

/// Arguments of `explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// A capability, a reason code, a table, a field, TABLE.FIELD, a type, a record, an engine, an acceptance test, a diagnostic or
    /// a kind of change.
    #[arg(value_name = "NAME")]
    pub name: String,
    /// How to print what is known.
    #[arg(long, value_enum, default_value_t = ReportFormat::Text)]
    pub format: ReportFormat,
}

/// A state that `coverage` refuses where it is asked to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Denied {
    /// Written, and seen by no test.
    Implemented,
    /// A body that nobody has written.
    Skeleton,
    /// Nothing is written.
    Missing,
    /// Seen under another contract, or by a test that is no more.
    Stale,
    /// The test that is to prove it fails.
    Failed,
    /// Written, and out of the sight of every test for a stated reason.
    Excused,
}
