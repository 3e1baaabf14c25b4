//! What a person may type. What must not live here: doing it.

mod adopt;
mod book;
mod export;
mod folders;
mod format;
mod mutate;
mod proven;
mod scaffold;
mod upkeep;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::diagnostics::{self, codes};
pub use adopt::{AdoptArgs, AdoptPart};
pub use book::BookArgs;
pub use export::{ExportArgs, ExportFormat};
pub use folders::FolderArgs;
pub(crate) use folders::{out_or_default, released_beside, specs_or_default};
pub use format::{DiffFormat, FindingFormat, ReportFormat};
pub use mutate::MutateArgs;
pub use proven::{CoverageArgs, Denied, ExplainArgs};
pub use scaffold::ScaffoldArgs;
pub use upkeep::{BlessArgs, CheckArgs, DiffArgs, SchemaArgs, WatchArgs, Watched};

/// Reads the Markdown specs, checks them, and writes the generated contracts.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, arg_required_else_help = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What `cargo xtask` can do; one file below `commands` for each.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Reads specs/ and writes generated/: only files whose content changed; orphans are deleted.
    #[command(after_long_help = "\
Examples:
  cargo xtask regenerate             after an edit in specs/: write generated/, then review the diff
  cargo xtask regenerate --dry-run   see what an edit would change, and write nothing
  cargo xtask regenerate --check     in CI: fail if generated/ is not what specs/ say
  cargo xtask regenerate --check --format github     in a workflow: findings and differences stand beside the lines of a change

Nothing is written if any spec has an error. Every finding shows its file, line and column and says what to type.
A reason code that is new needs a number in specs/reason_codes.yaml; the finding names the next free one.

Exit codes: 0 success; 1 an error in the specs, or with --check a difference; 2 a wrong command line.")]
    Regenerate(RegenerateArgs),

    /// Prints documents as they are read: any file, or a folder with *.md files at any depth.
    #[command(after_long_help = "\
Examples:
  cargo xtask parse specs/ecm/PH1_W.md               one document, for people
  cargo xtask parse specs --format json | jq '.[].engine_id'
  cargo xtask parse specs/ecm/PH1_W.md --format yaml

Names are not looked up, so that no lexicon is needed. A document that is not understood is printed too, with its findings.
In JSON and YAML, `stretches` says for every byte of a page what it was read as, that it is prose or a mark, or which
diagnostic names it; `page` says whether it is a spec, an index of others, deprecated or empty.

Exit codes: 0 every document was understood; 1 a document has an error, or a path is missing; 2 a wrong command line.")]
    Parse(ParseArgs),

    /// Reports what pages, lexicon and register say against each other.
    #[command(after_long_help = "\
Examples:
  cargo xtask lint                      every rule, for people; run it after an edit in specs/
  cargo xtask lint --rule E0606         what one rule finds
  cargo xtask lint --explain E0606      what a rule is for, what mends its findings, and where it is broken on purpose
  cargo xtask lint --list               every rule with its severity and its purpose
  cargo xtask lint --format github --deny-warnings     in a workflow: findings stand beside the lines of a change

Every finding names all places that it is about, also in two files. `regenerate` runs the rules whose findings are errors, and
writes nothing while there is one. A finding that is meant is silenced right above one of its lines, with a reason:
  <!-- lint: allow E0606 because the ECM is given, and names the profile that the binding leads to -->     in a page
  # lint: allow W0648 because the next engine uses it                                                     in a YAML file
With a name behind the rule, as in `allow W0649 COMPLETED because …`, only what is found of that name is silenced. A line
that silences nothing is a finding too. In a list of bullets, indent it as the bullet above goes on.

Exit codes: 0 no error, and with --deny-warnings no warning; 1 an error or such a warning; 2 a wrong command line, such as an
unknown rule.")]
    Lint(LintArgs),

    /// Reports what a change of the specs breaks: callers, backends, stored data or proof.
    #[command(after_long_help = "\
Examples:
  cargo xtask diff --against main            what the specs as they stand break that main does not
  cargo xtask diff --against v1.2.0          the same since a release
  cargo xtask diff --against ../release      against a folder: specs, or one that holds specs/
  cargo xtask diff --against HEAD~30:docs/specs     the specs lay elsewhere then
  cargo xtask diff --against main --format markdown     for a comment on a change; also json, for tools
  cargo xtask diff --list                    every kind of change with its class and its purpose

Two contracts are compared, not two texts. Every change has an id, its place in the old and in the new specs, and what to do. A
side that cannot be read wholly is compared as far as it was read, with a note. One without lexicon.yaml is read by the
lexicon of the other; without any, names are compared as they are written.

A capability that has another name says so with the bullet `renamed_from`; callers keep the first name as a deprecated alias. So does
a table; its columns say it under `renamed columns` (`former -> name`), fields, types and records in lexicon.yaml (`renamed_from: former`).
What was renamed is held against its former self. A break that is meant is acknowledged right above the new line that the change
names, with a reason:
  <!-- breaking: callers because nobody calls it yet -->             in a page
  # breaking: C0402, C0401 HOME because migration 0014 moves the rows      in a YAML file
It names classes (callers, backends, stored_data, weaker_proof) or kinds, and with a name behind them only findings about that
name. A line that acknowledges nothing, and a rename of nothing, is an error. What the old specs have too acknowledges nothing
new and may stay.

Exit codes: 0 nothing breaks, or all of it is acknowledged; 1 something breaks, a statement is of no use, or with
--deny-weaker-proof less is proven; 2 a wrong command line, or nothing to compare with.")]
    Diff(DiffArgs),

    /// Everything that must hold of specs and contracts before a commit, on one page.
    #[command(after_long_help = "\
Examples:
  cargo xtask check                    before a commit: one page, one exit code
  cargo xtask check --format github    in a workflow: findings and differences stand beside the lines of a change
  cargo xtask check --against origin/release     compares with another branch than main
  cargo xtask check --format json | jq '.sections[] | select(.verdict == \"failed\")'

The sections of the page:
  specs         what `lint` finds, warnings too
  contracts     whether generated/ is what specs/ say, as `regenerate --check` reports
  main branch   which files of specs/ differ from the point where this branch left main, and what that breaks, as `diff` reports
  coverage      what the last run of the tests proved, as `coverage` reports; without one, that fails nothing
Nothing is written. Where there is no main to compare with, such as in a shallow clone, the page says so and that fails nothing;
a revision of --against that does not exist fails, and so does a break that no line of the specs acknowledges.

Exit codes: 0 nothing failed; 1 an error in the specs, a warning with --deny-warnings, a difference, a break, an unknown revision,
something that nobody has written, or an acceptance test that failed; 2 a wrong command line.")]
    Check(CheckArgs),

    /// Changes one constraint of a contract at a time, and says which changes no test notices.
    #[command(after_long_help = mutate::HELP)]
    Mutate(MutateArgs),

    /// Drafts what pages of an engine need and is missing: lexicon entries, reason-code numbers, the other half.
    #[command(after_long_help = adopt::HELP)]
    Adopt(AdoptArgs),

    /// What of the specs is proven: by which test, or only written, or not even that.
    #[command(after_long_help = proven::COVERAGE_HELP)]
    Coverage(CoverageArgs),

    /// Shows all about a capability, a reason code, a table, a field, a type, an engine, a test or a diagnostic.
    #[command(after_long_help = proven::EXPLAIN_HELP)]
    Explain(ExplainArgs),

    /// Accepts pinned texts that an edit of specs/ rightly changes: shows each difference, writes with --accept.
    #[command(after_long_help = "\
Examples:
  cargo xtask bless                      shows what differs, and writes nothing
  cargo xtask bless --accept             accepts all of it; review it with `git diff` beside the specs
  cargo xtask bless --accept outlines    accepts one kind

What is pinned:
  outlines   tests/tests/snapshots     the Rust code of every engine in outline
  messages   generated/tests/ui        what the compiler says to code that breaks a contract
  codes      generated/tests/pinned    the reason codes that every write takes
Their tests are built and run, so the workspace has to compile: `regenerate` first, then write what the compiler asks for.
The tests of the tools stand on fixtures, which an edit of specs/ does not change.

Exit codes: 0 nothing differs, or it was accepted; 1 something differs, or a test could not be run; 2 a wrong command line.")]
    Bless(BlessArgs),

    /// Writes the JSON Schemas of lexicon.yaml and reason_codes.yaml, for completion and checks in editors.
    #[command(after_long_help = "\
Examples:
  cargo xtask schema            after a change of the readers in xtask/src/parse
  cargo xtask schema --check    fails if a schema is not what the readers take

They lie in generated/schemas. The first line of each YAML file names its schema; editors with the YAML language server
(VS Code, Neovim, Helix, Emacs, JetBrains) find it there.

Exit codes: 0 success; 1 with --check a schema that differs, or a file that cannot be written; 2 a wrong command line.")]
    Schema(SchemaArgs),

    /// Runs a command again whenever a file of specs/ has changed.
    #[command(after_long_help = "\
Examples:
  cargo xtask watch                what `lint` finds, after every edit
  cargo xtask watch regenerate     writes generated/ after every edit; nothing is written while there is an error
  cargo xtask watch lint --interval-ms 2000     looks less often

It runs once at the beginning, then each time a file of the folder has other bytes than before and stays as it is for one
interval, so that a file that is just being written is not read. Ctrl-C ends it.

Exit codes: 1 the folder does not exist; 2 a wrong command line. It does not end by itself otherwise.")]
    Watch(WatchArgs),

    /// Prints the statements that make the tables of engines as their contracts want them.
    #[command(after_long_help = "\
Examples:
  cargo xtask ddl PH1.W                      tables, keys, indices, checks and locks of one engine, for SQLite
  cargo xtask ddl PH1.W --dialect postgres   the same for PostgreSQL
  cargo xtask ddl > schema.sql               of every engine, in an order in which it can be run as it is

What is printed is what a migration has to end in; it is no migration itself. It is made from specs/ as they stand, and
conformance tests compare live schemas with the same contracts. A table that refers to one of another engine needs that one to
be there before; which ones these are stands at the top.

Exit codes: 0 success; 1 an error in the specs, or no such engine; 2 a wrong command line.")]
    Ddl(DdlArgs),

    /// Writes the contracts as a static site to look at: pages, pictures, the specs line by line, a search.
    #[command(after_long_help = book::HELP)]
    Book(BookArgs),

    /// Writes contracts as JSON Schema or OpenAPI, for callers in other languages.
    #[command(after_long_help = export::HELP)]
    Export(ExportArgs),

    /// Drafts what is hand-written for an engine and missing: rules, rows, migration, acceptance suite; writes with --accept.
    #[command(after_long_help = scaffold::HELP)]
    Scaffold(ScaffoldArgs),

    /// Runs every engine on a SQLite file or on PostgreSQL: shows what came of each call, and prints the audit trail.
    #[command(after_long_help = "\
Examples:
  cargo xtask demo                   on a fresh file that is removed at the end
  cargo xtask demo --db demo.sqlite  on a file that you can look at afterwards
  cargo xtask demo --db demo.sqlite  once more: what was applied is replayed, and nothing is written
  cargo xtask demo --db postgres://selene@localhost/selene --owner postgres://selene_owner@localhost/selene
                                     on a server, with tables that their owner makes first (docs/POSTGRES.md)

The demo is a program of its own (`cargo run -p selene-storage --example demo`), so that xtask itself needs no C compiler.
The first time it is built without a word, and SQLite with it: that takes a minute or two.

Exit codes: 0 everything went as shown; 1 something did not, or the database cannot be used; 2 a wrong command line.")]
    Demo(DemoArgs),
}

/// Arguments of `regenerate`.
#[derive(Debug, Args)]
pub struct RegenerateArgs {
    /// Write nothing; list every stale, missing, extra and hand-edited file, and fail if there is any.
    #[arg(long, conflicts_with = "dry_run")]
    pub check: bool,
    /// Write nothing; list what would change.
    #[arg(long)]
    pub dry_run: bool,
    /// The folders of specs and output.
    #[command(flatten)]
    pub folders: FolderArgs,
    /// How to print the result.
    #[arg(long, value_enum, default_value_t = FindingFormat::Text)]
    pub format: FindingFormat,
}

/// Arguments of `parse`.
#[derive(Debug, Args)]
pub struct ParseArgs {
    /// Files, or folders that are searched for *.md.
    #[arg(required = true, value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// How to print the documents.
    #[arg(long, value_enum, default_value_t = ParseFormat::Text)]
    pub format: ParseFormat,
}

/// Arguments of `lint`.
#[derive(Debug, Args)]
pub struct LintArgs {
    /// Only this rule.
    #[arg(long, value_name = "ID", value_parser = rule_id)]
    pub rule: Option<&'static str>,
    /// Print what a rule is for, and check nothing.
    #[arg(long, value_name = "ID", conflicts_with_all = ["rule", "list"], value_parser = rule_id)]
    pub explain: Option<&'static str>,
    /// Print every rule, and check nothing.
    #[arg(long, conflicts_with = "rule")]
    pub list: bool,
    /// Fail where there are warnings, too.
    #[arg(long)]
    pub deny_warnings: bool,
    /// How to print what is found.
    #[arg(long, value_enum, default_value_t = FindingFormat::Text)]
    pub format: FindingFormat,
    /// The folders of specs and output.
    #[command(flatten)]
    pub folders: FolderArgs,
}

/// The id of a code in the spelling of the table.
fn rule_id(text: &str) -> Result<&'static str, String> {
    let known = codes::ALL.iter().map(|code| code.id);
    let wanted = text.to_ascii_uppercase();
    known
        .clone()
        .find(|id| *id == wanted)
        .ok_or_else(|| diagnostics::guess_or(&wanted, known, "`cargo xtask lint --list` prints every rule"))
}

/// Arguments of `ddl`.
#[derive(Debug, Args)]
pub struct DdlArgs {
    /// The engines, as PH1.W [default: all of them]
    #[arg(value_name = "ENGINE")]
    pub engines: Vec<String>,
    /// The database that takes the statements.
    #[arg(long, value_enum, default_value_t = DdlDialect::Sqlite)]
    pub dialect: DdlDialect,
    /// The folders of specs and output.
    #[command(flatten)]
    pub folders: FolderArgs,
}

/// Arguments of `demo`.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// The database file; it is made where there is none. Without it, a fresh one that is removed at the end. Or the address of a
    /// PostgreSQL database, as the role of the stores: `postgres://…`, or words as `host=… dbname=… user=…`.
    #[arg(long, value_name = "FILE|ADDRESS")]
    pub db: Option<PathBuf>,
    /// The address of the same PostgreSQL database as the owner of the tables: makes them first, where they are not there.
    #[arg(long, value_name = "ADDRESS", requires = "db")]
    pub owner: Option<String>,
}

/// Which database `ddl` writes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DdlDialect {
    /// SQLite from 3.37, with STRICT tables.
    Sqlite,
    /// PostgreSQL from 14.
    Postgres,
}

/// How `parse` prints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ParseFormat {
    /// An outline, for people.
    Text,
    /// An array with one object per document.
    Json,
    /// The same as YAML.
    Yaml,
}
