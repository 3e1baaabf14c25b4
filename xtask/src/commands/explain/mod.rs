//! `cargo xtask explain`: all about whatever specs and tools name: a capability, a reason code, a table, a field, a type, a record,
//! an engine, an acceptance test, a diagnostic or a kind of change.
//!
//! What lives here: which things a name names. One file for each kind of thing makes its page. Lines of specs and sources are
//! looked up when they are asked for, and kept nowhere.

mod capability;
mod code;
mod field;
mod known;
mod named;
mod page;
mod statements;
mod table;
mod test;

use std::process::ExitCode;

use selene_codegen::naming::without_schema;

use self::known::Known;
use self::page::Page;
use super::{NO_WORKSPACE_AT_ALL, exit_code, lint, print, print_diagnostics, print_error};
use crate::cli::{ExplainArgs, ReportFormat};
use crate::coverage::record::{FOLDER, Record};
use crate::coverage::report::Report;
use crate::coverage::rust::RustSources;
use crate::diagnostics::{codes, guess_or};
use crate::diff::kinds;
use crate::{paths, pipeline};

/// Runs the command.
#[must_use]
pub fn run(args: &ExplainArgs) -> ExitCode {
    let pages = match diagnostic(&args.name).or_else(|| change(&args.name)) {
        Some(page) => Ok(vec![page]),
        None => of_specs(&args.name),
    };
    match pages {
        Ok(pages) => {
            print(&match args.format {
                ReportFormat::Text => pages.iter().map(Page::to_text).collect::<Vec<_>>().join("\n"),
                ReportFormat::Json => format!("{:#}\n", serde_json::json!(pages)),
            });
            exit_code(true)
        }
        Err(problem) => {
            print_error(&problem);
            exit_code(false)
        }
    }
}

/// The page of a diagnostic by its code. It needs no workspace.
fn diagnostic(name: &str) -> Option<Page> {
    let wanted = name.to_ascii_uppercase();
    let code = codes::ALL.iter().find(|code| code.id == wanted)?;
    let explained = lint::explained(code.id);
    // The first line says again what it is.
    let lines = explained.lines().skip(1).map(str::to_owned);
    Some(Page::new("diagnostic", code.id, None).with(code.severity.as_str(), lines))
}

/// The page of a kind of change that `diff` reports. It needs no workspace.
fn change(name: &str) -> Option<Page> {
    let kind = kinds::find(&name.to_ascii_uppercase())?;
    let lines = [kind.purpose.to_owned(), format!("to do: {}", kind.to_do)];
    Some(Page::new("kind of change", kind.id, None).with(kind.class.title(), lines))
}

/// The pages of everything in the specs that goes by a name.
fn of_specs(name: &str) -> Result<Vec<Page>, String> {
    let workspace = paths::workspace_root().ok_or(NO_WORKSPACE_AT_ALL)?;
    let run = pipeline::run(&workspace.join("specs"), &workspace.join("generated"));
    if run.diagnostics.has_errors() {
        print_diagnostics(&run.diagnostics, &run.sources);
        return Err(String::new());
    }
    let failed = |error| format!("error: {error}\n");
    let report = Report::of(&run, workspace).map_err(failed)?;
    let records = Record::read_all(&workspace.join(FOLDER)).map_err(failed)?;
    let rust = RustSources::read(workspace);
    let known = Known { run: &run, rust: &rust, report: &report };
    let pages = pages(&known, &records, name);
    if pages.is_empty() {
        let names = names(&known);
        let known = "`cargo xtask coverage --all` lists capabilities, codes, tests and tables";
        let help = guess_or(name, names.iter().map(String::as_str), known);
        return Err(format!("error: nothing is called `{name}`\nhelp: {help}\n"));
    }
    Ok(pages)
}

fn pages(known: &Known<'_>, records: &[Record], name: &str) -> Vec<Page> {
    let is_named = |other: &str| other.eq_ignore_ascii_case(name);
    let mut pages = Vec::new();
    for contract in known.contracts() {
        if is_named(&contract.engine.id) {
            pages.push(named::engine(known, contract));
        }
        let capabilities = contract.capabilities.iter().filter(|capability| is_named(&capability.id));
        pages.extend(capabilities.map(|capability| capability::page(known, contract, capability)));
        let codes = contract.reason_codes.iter().filter(|code| is_named(&code.name));
        pages.extend(codes.map(|code| code::page(known, contract, code)));
        let tables = contract.tables.iter();
        let tables = tables.filter(|table| is_named(&table.name) || is_named(without_schema(&table.name)));
        pages.extend(tables.map(|table| table::page(known, contract, table)));
        let tests = contract.acceptance_tests.iter();
        let tests = tests.filter(|test| is_named(&test.id) || is_named(&test.test_fn));
        pages.extend(tests.map(|test| test::page(known, records, contract, test)));
    }
    pages.extend(named::pages(known, name));
    let (owner, field) = name.rsplit_once('.').map_or((None, name), |(owner, field)| (Some(owner), field));
    pages.extend(field::page(known, field, owner.map(without_schema)));
    pages
}

/// Every name that has a page.
fn names(known: &Known<'_>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let shared = &known.run.resolved.shared;
    names.extend(shared.types.iter().map(|one| one.name.clone()));
    names.extend(shared.records.iter().map(|one| one.name.clone()));
    for contract in known.contracts() {
        names.push(contract.engine.id.clone());
        names.extend(contract.types.iter().map(|one| one.name.clone()));
        names.extend(contract.records.iter().map(|one| one.name.clone()));
        names.extend(contract.capabilities.iter().map(|capability| capability.id.clone()));
        names.extend(contract.reason_codes.iter().map(|code| code.name.clone()));
        names.extend(contract.tables.iter().map(|table| without_schema(&table.name).to_owned()));
        names.extend(
            contract.acceptance_tests.iter().flat_map(|test| [test.id.clone(), test.test_fn.clone()]),
        );
    }
    names.extend(field::names(known));
    names.extend(codes::ALL.iter().map(|code| code.id.to_owned()));
    names.extend(kinds::ALL.iter().map(|kind| kind.id.to_owned()));
    names
}
