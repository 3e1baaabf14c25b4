//! `cargo xtask coverage`: the state of everything that the specs state, by what tests saw.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{ContentArrangement, Table};
use serde_json::{Value, json};

use super::engines::chosen;
use super::{NO_WORKSPACE_AT_ALL, exit_code, print, print_diagnostics, print_error};
use crate::cli::{CoverageArgs, Denied, ReportFormat};
use crate::coverage::item::Kind;
use crate::coverage::record::FOLDER;
use crate::coverage::report::{Report, Row, State};
use crate::paths;
use crate::pipeline;

/// What makes the records.
pub const MAKES_RECORDS: &str = "cargo test -p selene-acceptance";

/// Columns of a terminal that a table of items takes at most; longer names are broken.
const WIDTH: u16 = 160;

/// Runs the command.
#[must_use]
pub fn run(args: &CoverageArgs) -> ExitCode {
    let Some(workspace) = paths::workspace_root() else {
        print_error(NO_WORKSPACE_AT_ALL);
        return ExitCode::FAILURE;
    };
    match reported(workspace, args) {
        Ok(is_good) => exit_code(is_good),
        Err(problem) => {
            print_error(&problem);
            ExitCode::FAILURE
        }
    }
}

/// Prints the report, and returns whether nothing in it is denied.
fn reported(workspace: &Path, args: &CoverageArgs) -> Result<bool, String> {
    let run = pipeline::run(&workspace.join("specs"), &workspace.join("generated"));
    print_diagnostics(&run.diagnostics, &run.sources);
    if run.diagnostics.has_errors() {
        return Ok(false);
    }
    let engines =
        chosen(&run.resolved.contracts, &args.engine).map_err(|problem| format!("error: {problem}\n"))?;
    let report = Report::of(&run, workspace).map_err(|error| {
        format!("error: {error}\nhelp: delete it; `{MAKES_RECORDS}` writes the records anew\n")
    })?;
    if report.records == 0 {
        print_error(&format!("note: no test has left a record in {FOLDER}; `{MAKES_RECORDS}` makes them\n"));
    }
    let rows: Vec<&Row> = report.rows.iter().filter(|row| engines.contains(&row.engine.as_str())).collect();
    let is_every_row = args.all || !args.engine.is_empty();
    print(&match args.format {
        ReportFormat::Text => as_text(&report, &engines, &rows, is_every_row),
        ReportFormat::Json => format!("{:#}\n", as_json(&report, &engines, &rows)),
    });
    for problem in &report.problems {
        print_error(&format!("error: {problem}\n"));
    }
    let denied = |row: &&&Row| args.deny.iter().any(|denied| state(*denied) == row.state);
    let denied: Vec<&&Row> = rows.iter().filter(denied).collect();
    for row in &denied {
        let spec = row.spec.as_ref().map_or(String::new(), |line| format!("{}:{}: ", line.path, line.line));
        print_error(&format!("error: {spec}{}\n", row.sentence()));
    }
    Ok(denied.is_empty() && report.problems.is_empty())
}

const fn state(denied: Denied) -> State {
    match denied {
        Denied::Implemented => State::Implemented,
        Denied::Skeleton => State::Skeleton,
        Denied::Missing => State::Missing,
        Denied::Stale => State::Stale,
        Denied::Failed => State::Failed,
        Denied::Excused => State::Excused,
    }
}

/// How many of an engine's items of each kind are tested, in one table; then the items.
fn as_text(report: &Report, engines: &[&str], rows: &[&Row], is_every_row: bool) -> String {
    let mut text = format!("{}\n", numbers(report, engines));
    let is_shown = |row: &&&Row| is_every_row || !is_done(row.state);
    let shown: Vec<&&Row> = rows.iter().filter(is_shown).collect();
    if shown.is_empty() {
        text.push_str("everything is tested\n");
    } else {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{}", items(&shown));
    }
    text
}

/// Whether nobody has to do anything about it.
const fn is_done(state: State) -> bool {
    matches!(state, State::Tested | State::Planned | State::Retired)
}

fn numbers(report: &Report, engines: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(UTF8_FULL_CONDENSED);
    table.set_header(["engine"].into_iter().chain(Kind::ALL.map(Kind::plural)));
    for engine in engines {
        let cells = Kind::ALL.map(|kind| tested(report, engine, kind));
        table.add_row(std::iter::once((*engine).to_owned()).chain(cells));
    }
    table
}

/// `39 of 39`, of those that somebody has to prove; nothing where there are none.
fn tested(report: &Report, engine: &str, kind: Kind) -> String {
    let count = |state| report.count(engine, kind, state);
    let tested = count(State::Tested);
    let all: usize = State::ALL
        .into_iter()
        .filter(|state| !matches!(state, State::Planned | State::Retired))
        .map(count)
        .sum();
    if all == 0 { String::new() } else { format!("{tested} of {all}") }
}

fn items(rows: &[&&Row]) -> Table {
    let mut table = Table::new();
    table
        .load_style(UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(WIDTH);
    table.set_header(["state", "kind", "name", "tested by, or why not"]);
    for row in rows {
        table.add_row([row.state.as_str(), row.kind.as_str(), &row.name, &by(row)]);
    }
    table
}

/// The first test with its place and how many more there are; or what else is known.
fn by(row: &Row) -> String {
    if let Some(reason) = row.reason.as_ref().filter(|_| row.state == State::Excused) {
        return reason.clone();
    }
    if let Some(proof) = row.tests.first() {
        let place =
            proof.place.as_ref().map_or(String::new(), |place| format!(", {}:{}", place.file, place.line));
        let why = proof.stale.map_or(String::new(), |why| format!(" ({why})"));
        let more = match row.tests.len() - 1 {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        return format!("{}{place}{why}{more}", proof.function);
    }
    row.written.first().map_or(String::new(), |place| format!("written in {}:{}", place.file, place.line))
}

fn as_json(report: &Report, engines: &[&str], rows: &[&Row]) -> Value {
    let totals: Vec<Value> = Kind::ALL
        .into_iter()
        .map(|kind| {
            let of = |state| engines.iter().map(|engine| report.count(engine, kind, state)).sum::<usize>();
            let states = State::ALL.into_iter().map(|state| (state.as_str().to_owned(), json!(of(state))));
            json!({ "kind": kind, "states": states.collect::<serde_json::Map<_, _>>() })
        })
        .collect();
    json!({ "records": report.records, "totals": totals, "problems": report.problems, "items": rows })
}
