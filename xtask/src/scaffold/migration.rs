//! The migration that makes the tables of an engine: `storage/src/sqlite/migrations`.

use selene_codegen::schema::{Dialect, Table};

use super::drafted::{Draft, NewFile};
use super::places::{MIGRATIONS, RELEASED, SCHEMA};
use super::registration::Registrations;
use super::subject::Subject;
use super::tree::Tree;

/// Drafts a migration with the tables that no migration makes.
pub(super) fn draft(
    subject: &Subject<'_>,
    tree: &Tree,
    registrations: &mut Registrations<'_>,
    draft: &mut Draft,
) {
    let engine = &subject.contract.engine.id;
    let made: Vec<&str> = tree.below(MIGRATIONS).flat_map(|(_, text)| made_by(text)).collect();
    let is_missing = |table: &&Table| table.engine == *engine && !made.contains(&table.name.as_str());
    let tables: Vec<&Table> = subject.schema.tables.iter().filter(is_missing).collect();
    if tables.is_empty() {
        return;
    }
    let newest = tree.below(MIGRATIONS).count();
    let (version, module) = (newest + 1, subject.module());
    let name = format!("{version:04}_{module}.sql");
    let head = format!("-- The tables of {engine}.");
    let statements = Dialect::Sqlite.statements(&tables);
    let text = format!("{head}\n\n{}\n", statements.join("\n\n"));
    draft.files.push(NewFile { path: format!("{MIGRATIONS}/{name}"), text });
    let line = format!("    ({version}, include_str!(\"migrations/{name}\")),\n");
    registrations.entry(SCHEMA, ("const MIGRATIONS", "];"), &line);
    if tree.below(&format!("{RELEASED}/v{newest}")).next().is_none() {
        draft.told.push(format!(
            "{RELEASED}/v{newest} is not there: a checkout without this migration makes the files of schema version {newest}:\n\
             cargo test -p selene-storage --test migrations -- --ignored make_the_files"
        ));
    }
}

/// The tables that a migration makes.
fn made_by(text: &str) -> impl Iterator<Item = &str> {
    let made = text.lines().filter_map(|line| line.trim_start().strip_prefix("CREATE TABLE "));
    made.filter_map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next())
}
