//! The migration that makes the tables of an engine, and adds columns to those that are there: `storage/src/sqlite/migrations`.

use std::collections::BTreeSet;

use selene_codegen::naming::without_schema;
use selene_codegen::schema::{Column, Dialect, Table};

use super::drafted::{Draft, NewFile};
use super::places::{MIGRATIONS, RELEASED, SCHEMA};
use super::registration::Registrations;
use super::subject::Subject;
use super::tree::Tree;

/// Drafts a migration with the tables that no migration makes, and with the columns that those which are made lack.
pub(super) fn draft(
    subject: &Subject<'_>,
    tree: &Tree,
    registrations: &mut Registrations<'_>,
    draft: &mut Draft,
) {
    report_bare(subject, draft);
    let engine = &subject.contract.engine.id;
    let made: BTreeSet<&str> = tree.below(MIGRATIONS).flat_map(|(_, text)| made_by(text)).collect();
    let of_engine = subject.schema.tables.iter().filter(|table| table.engine == *engine);
    let (there, tables): (Vec<&Table>, Vec<&Table>) =
        of_engine.partition(|table| made.contains(table.name.as_str()));
    let mut statements = Dialect::Sqlite.statements(&tables);
    for table in there {
        let known = columns_of(table, tree);
        for column in table.columns.iter().filter(|column| !known.contains(column.name.as_str())) {
            add(table, column, &mut statements, draft);
        }
    }
    if statements.is_empty() {
        return;
    }
    let newest = tree.below(MIGRATIONS).count();
    let (version, module) = (newest + 1, subject.module());
    let name = format!("{version:04}_{module}.sql");
    let head = if tables.is_empty() { "Further columns" } else { "The tables" };
    let text = format!("-- {head} of {engine}.\n\n{}\n", statements.join("\n\n"));
    draft.files.push(NewFile { path: format!("{MIGRATIONS}/{name}"), text });
    let line = format!("    ({version}, include_str!(\"migrations/{name}\")),\n");
    registrations.entry(SCHEMA, ("const MIGRATIONS", "];"), &line);
    if tree.below(&format!("{RELEASED}/v{newest}")).next().is_none() {
        draft.to_do.push(format!(
            "{RELEASED}/v{newest} is not there: a checkout without this migration makes the files of schema version {newest}:\n\
             cargo test -p selene-storage --test migrations -- --ignored make_the_files"
        ));
    }
}

/// Lists tables of which the page names no columns: nothing can be drafted of them.
fn report_bare(subject: &Subject<'_>, draft: &mut Draft) {
    let has_columns = |name: &str| {
        let tables = subject.contracts.iter().flat_map(|contract| &contract.tables);
        tables.into_iter().any(|table| without_schema(&table.name) == name && !table.columns.is_empty())
    };
    let names = subject.contract.tables.iter().map(|table| without_schema(&table.name));
    let bare: Vec<String> = names.filter(|name| !has_columns(name)).map(|name| format!("`{name}`")).collect();
    if !bare.is_empty() {
        draft.to_do.push(format!(
            "the DB wiring names no fields of {}, so that nothing is drafted of their rows: add a bullet `fields` below the key \
             (`cargo xtask adopt` drafts one), then regenerate",
            bare.join(", ")
        ));
    }
}

/// Drafts one column, and lists what no statement can add.
fn add(table: &Table, column: &Column, statements: &mut Vec<String>, draft: &mut Draft) {
    let (name, table_name) = (&column.name, &table.name);
    let Some(statement) = Dialect::Sqlite.add_column(table, column) else {
        draft.to_do.push(format!(
            "`{table_name}.{name}` must have a value, and rows from before have none: make the column optional (`{name}?`), or \
             write a migration that rebuilds the table"
        ));
        return;
    };
    statements.push(statement);
    if table.fixed.iter().chain(&table.set_once).any(|stays| stays == name) {
        draft.to_do.push(format!(
            "`{table_name}.{name}` stays as it is: let the migration make the trigger of the columns that stay again, as \
             `cargo xtask ddl` prints it"
        ));
    }
}

/// The name behind a head of a statement.
fn named(rest: &str) -> &str {
    rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap_or_default()
}

/// The tables that a migration makes.
fn made_by(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter_map(|line| line.trim_start().strip_prefix("CREATE TABLE ")).map(named)
}

/// The columns that any migration gives a table: one that makes it, makes it again, or adds them.
fn columns_of<'a>(table: &Table, tree: &'a Tree) -> BTreeSet<&'a str> {
    let again = format!("{}_new", table.name);
    let is_it = |name: &str| name == table.name || name == again;
    let mut columns = BTreeSet::new();
    for (_, text) in tree.below(MIGRATIONS) {
        let mut is_within = false;
        for line in text.lines().map(str::trim_start) {
            if let Some(rest) = line.strip_prefix("CREATE TABLE ") {
                is_within = is_it(named(rest));
            } else if line.starts_with(')') {
                is_within = false;
            } else if is_within {
                columns.insert(named(line));
            }
            let added = line.strip_prefix("ALTER TABLE ").filter(|rest| is_it(named(rest)));
            columns
                .extend(added.and_then(|rest| rest.split_once(" ADD COLUMN ")).map(|(_, rest)| named(rest)));
        }
    }
    columns
}
