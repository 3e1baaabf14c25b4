//! `cargo xtask ddl`: the statements that make the tables of engines as their contracts want them.

use std::process::ExitCode;

use selene_codegen::contract::Contract;
use selene_codegen::naming::without_schema;
use selene_codegen::schema::{Dialect, Schema, Table};

use super::engines::chosen;
use super::{NO_WORKSPACE, exit_code, print, print_diagnostics, print_error};
use crate::cli::{DdlArgs, DdlDialect};
use crate::pipeline;

/// Runs the command.
#[must_use]
pub fn run(args: &DdlArgs) -> ExitCode {
    let Some([specs, out]) = args.folders.resolve() else {
        print_error(NO_WORKSPACE);
        return ExitCode::FAILURE;
    };
    let run = pipeline::run(&specs, &out);
    print_diagnostics(&run.diagnostics, &run.sources);
    if run.diagnostics.has_errors() {
        return exit_code(false);
    }
    let contracts = &run.resolved.contracts;
    let printed = chosen(contracts, &args.engines).and_then(|engines| {
        let schema = Schema::of(contracts, &run.resolved.shared).map_err(|error| error.to_string())?;
        Ok(script(&schema, contracts, &engines, args.dialect))
    });
    match printed {
        Ok(text) => print(&text),
        Err(problem) => {
            print_error(&format!("error: {problem}\n"));
            return exit_code(false);
        }
    }
    exit_code(true)
}

/// Everything as one text that can be run as it is.
fn script(schema: &Schema, contracts: &[Contract], engines: &[&str], dialect: DdlDialect) -> String {
    let is_chosen = |table: &&Table| engines.contains(&table.engine.as_str());
    let tables: Vec<&Table> = schema.tables.iter().filter(is_chosen).collect();
    let (title, dialect) = match dialect {
        DdlDialect::Sqlite => ("SQLite", Dialect::Sqlite),
        DdlDialect::Postgres => ("PostgreSQL", Dialect::Postgres),
    };
    let mut head = vec![format!("-- {} on {title}, as the contracts want it.", engines.join(", "))];
    let needed = needed(schema, &tables);
    if !needed.is_empty() {
        head.push(format!("-- To be there before: {}.", needed.join(", ")));
    }
    let unlisted = columnless(contracts, schema, engines);
    head.extend(unlisted.into_iter().map(|name| format!("-- No DB wiring lists the columns of {name}.")));
    if tables.is_empty() {
        head.push("-- No table of its own.".to_owned());
    }
    let mut parts = vec![head.join("\n")];
    parts.extend(dialect.statements(&tables));
    parts.join("\n\n") + "\n"
}

/// Tables that others have and that these refer to, each with its engine.
fn needed(schema: &Schema, tables: &[&Table]) -> Vec<String> {
    let mut names: Vec<&str> =
        tables.iter().flat_map(|table| &table.foreign_keys).map(|key| key.table.as_str()).collect();
    names.retain(|name| !tables.iter().any(|table| table.name == *name));
    names.sort_unstable();
    names.dedup();
    let shown = |name: &str| match schema.table(name) {
        Some(table) => format!("{name} of {}", table.engine),
        None => format!("{name}, which no engine here has"),
    };
    names.into_iter().map(shown).collect()
}

/// Tables of these engines that are declared, and whose columns nobody lists.
fn columnless<'c>(contracts: &'c [Contract], schema: &Schema, engines: &[&str]) -> Vec<&'c str> {
    let chosen = contracts.iter().filter(|contract| engines.contains(&contract.engine.id.as_str()));
    let names = chosen.flat_map(|contract| &contract.tables).map(|table| without_schema(&table.name));
    let mut names: Vec<&str> = names.filter(|name| schema.table(name).is_none()).collect();
    names.sort_unstable();
    names.dedup();
    names
}
