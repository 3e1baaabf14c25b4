//! The words that every database takes in the same form.

use super::bounds::{Words, bound};
use crate::schema::domain::{Column, Literal};
use crate::schema::table::{ForeignKey, Index, Table};
use crate::schema::text::{hex, quoted};

pub(super) fn literal(value: &Literal, bytes: fn(&str) -> String) -> String {
    match value {
        Literal::Integer(number) => number.to_string(),
        Literal::Real(number) => format!("{number:?}"),
        Literal::Text(text) => quoted(text),
        Literal::Blob(blob) => bytes(&hex(blob)),
    }
}

pub(super) fn one_of(name: &str, values: &[String]) -> String {
    format!("{name} IN ({})", values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(", "))
}

/// Characters of a line of a column, above which its condition stands below it.
const MAX_LINE: usize = 120;

/// `CREATE TABLE` up to the closing bracket.
pub(super) struct Layout<'a> {
    pub(super) table: &'a Table,
    /// The type of each column.
    pub(super) types: Vec<String>,
    /// What stands behind it.
    pub(super) behind: Vec<String>,
    /// What stands behind the columns.
    pub(super) rest: Vec<String>,
}

impl Layout<'_> {
    /// The lines, with types under each other.
    pub(super) fn text(&self) -> String {
        let width = |texts: &mut dyn Iterator<Item = usize>| texts.max().unwrap_or(0);
        let name_width = width(&mut self.table.columns.iter().map(|column| column.name.len())) + 1;
        let type_width = width(&mut self.types.iter().map(String::len));
        let columns = self.table.columns.iter().zip(&self.types).zip(&self.behind);
        let lines = columns.map(|((column, ty), behind)| {
            let line = format!("    {:name_width$} {ty:type_width$} {behind}", column.name);
            let line = line.trim_end();
            if line.len() > MAX_LINE {
                line.replacen(" CHECK (", "\n        CHECK (", 1)
            } else {
                line.to_owned()
            }
        });
        let rest = self.rest.iter().map(|line| format!("    {line}"));
        let lines: Vec<String> = lines.chain(rest).collect();
        format!("CREATE TABLE {} (\n{}\n)", self.table.name, lines.join(",\n"))
    }
}

/// `REFERENCES links (token_id)`
pub(super) fn references(key: &ForeignKey) -> String {
    format!("REFERENCES {} ({})", key.table, key.to.join(", "))
}

/// The reference of one column, where it has one of its own.
pub(super) fn reference_of<'a>(table: &'a Table, column: &Column) -> Option<&'a ForeignKey> {
    table.foreign_keys.iter().find(|key| key.columns.len() == 1 && key.columns[0] == column.name)
}

/// The statement that adds a column to a table with rows, with the table's conditions that name it. None for a column of a key,
/// and for one that must have a value and has no default.
pub(super) fn add_column(
    table: &Table,
    column: &Column,
    ty: &str,
    bytes: fn(&str) -> String,
    words: &Words,
) -> Option<String> {
    let mut of_keys = table.keys().chain([table.clustered_by.as_slice()]).flatten();
    let default = column.default.as_ref().map(|default| format!("DEFAULT {}", literal(default, bytes)));
    if of_keys.any(|name| *name == column.name) || !column.is_optional && default.is_none() {
        return None;
    }
    let names_it = |text: &String| {
        text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|word| word == column.name)
    };
    let checks = table.checks.iter().map(ToString::to_string).filter(names_it);
    let mut parts = vec![ty.to_owned()];
    parts.extend((!column.is_optional).then(|| "NOT NULL".to_owned()));
    parts.extend(default);
    parts.extend(reference_of(table, column).map(references));
    parts.extend(bound(column, words).into_iter().chain(checks).map(|check| format!("CHECK ({check})")));
    Some(format!("ALTER TABLE {} ADD COLUMN {} {};", table.name, column.name, parts.join(" ")))
}

/// `CREATE INDEX`
pub(super) fn index(table: &Table, index: &Index, is_unique: bool) -> String {
    let unique = if is_unique { "UNIQUE " } else { "" };
    let columns = index.columns.join(", ");
    let head = format!("CREATE {unique}INDEX {} ON {} ({columns})", index.name, table.name);
    match &index.condition {
        Some(condition) => format!("{head}\nWHERE {condition};"),
        None => format!("{head};"),
    }
}

pub(super) fn indices(table: &Table) -> impl Iterator<Item = String> {
    let keys = table.partial_keys.iter().map(|key| index(table, key, true));
    keys.chain(table.indices.iter().map(|one| index(table, one, false)))
}

/// When an update changes what stays, in a dialect's words for `is another value`.
pub(super) fn changes(table: &Table, differs: &str) -> Option<String> {
    let fixed = table.fixed.iter().map(|column| format!("NEW.{column} {differs} OLD.{column}"));
    let set_once = table
        .set_once
        .iter()
        .filter(|column| !table.fixed.contains(column))
        .map(|column| format!("(OLD.{column} IS NOT NULL AND NEW.{column} {differs} OLD.{column})"));
    let parts: Vec<String> = fixed.chain(set_once).collect();
    (!parts.is_empty()).then(|| parts.join("\n  OR "))
}
