//! The tables that are copied, in an order in which every row follows those that it refers to.

use std::collections::BTreeMap;

use selene_contracts::tables::audit_events;
use selene_contracts::{TableSpec, engines};

use super::shape::Shape;
use crate::failure::Failure;

/// A table whose rows are copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CopiedTable {
    name: &'static str,
    /// Those of the contract, and how often a row was written.
    columns: Vec<&'static str>,
    key: &'static [&'static str],
    /// A number that a file gives its rows in the order in which they came: no column of the contract.
    number: Option<String>,
}

/// Which rows of a table have the number that only a file gives them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Numbered {
    /// All rows, as in a file.
    All,
    /// Those that came from a file once, as on a server.
    Some,
}

impl CopiedTable {
    /// The table, without its schema.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The columns that both databases have, in the order in which they are read.
    #[must_use]
    pub fn columns(&self) -> &[&'static str] {
        &self.columns
    }

    /// All columns in the order in which they are read and written, the number last.
    pub fn all_columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().copied().chain(self.number.as_deref())
    }

    /// The statements that together give every row, always in the same order: in that of their numbers, so that they are appended in the
    /// target as they were, else by the primary key. Rows without a number come last, chain by chain.
    #[must_use]
    pub fn reads(&self, numbered: Numbered) -> Vec<String> {
        let all = self.all_columns().collect::<Vec<_>>().join(", ");
        let (name, key, place) = (self.name, self.key.join(", "), PLACE.join(", "));
        match &self.number {
            None => vec![format!("SELECT {all} FROM {name} ORDER BY {key}")],
            Some(number) if numbered == Numbered::All => {
                vec![format!("SELECT {all} FROM {name} ORDER BY {number}")]
            }
            Some(number) => vec![
                format!("SELECT {all} FROM {name} WHERE {number} IS NOT NULL ORDER BY {number}"),
                format!("SELECT {all} FROM {name} WHERE {number} IS NULL ORDER BY {place}"),
            ],
        }
    }

    /// The statement that gives every row in any order, without numbers.
    #[must_use]
    pub fn read_all(&self) -> String {
        let (name, columns) = (self.name, self.columns.join(", "));
        format!("SELECT {columns} FROM {name}")
    }

    /// The statement that counts the rows.
    #[must_use]
    pub fn count(&self) -> String {
        format!("SELECT count(*) FROM {}", self.name)
    }
}

/// The place of an event in its chain, which every row with a number has.
const PLACE: [&str; 2] = [audit_events::CHAIN_ID, audit_events::CHAIN_SEQUENCE];

/// Every table of a database in an order in which rows follow those that they refer to; among several such orders the first by name.
///
/// # Errors
/// The database has a table that no contract lists, or tables that refer to each other in a circle.
pub fn in_order(shape: &Shape) -> Result<Vec<CopiedTable>, Failure> {
    let specs: BTreeMap<&str, &'static TableSpec> = engines::ALL
        .iter()
        .flat_map(|engine| engine.tables)
        .filter(|spec| !spec.columns.is_empty())
        .map(|spec| (spec.bare_name(), spec))
        .collect();
    let mut left: BTreeMap<&str, CopiedTable> = BTreeMap::new();
    for (name, columns) in &shape.columns {
        let spec = specs.get(name.as_str());
        let spec =
            spec.ok_or_else(|| Failure::Inconsistent(format!("no contract lists the table {name}")))?;
        left.insert(name, of_spec(spec, columns)?);
    }
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let is_ready = |name: &str| {
            let parents = shape.parents.get(name).into_iter().flatten();
            parents.into_iter().all(|parent| parent == name || !left.contains_key(parent.as_str()))
        };
        let Some(next) = left.keys().copied().find(|name| is_ready(name)) else {
            return Err(Failure::Inconsistent("tables refer to each other in a circle".to_owned()));
        };
        ordered.extend(left.remove(next));
    }
    Ok(ordered)
}

fn of_spec(spec: &'static TableSpec, found: &[String]) -> Result<CopiedTable, Failure> {
    let columns: Vec<&str> = spec.columns.iter().map(|column| column.name).chain(spec.row_version).collect();
    let mut others = found.iter().filter(|column| !columns.contains(&column.as_str()));
    let number = others.next().cloned();
    let is_whole = columns.iter().all(|column| found.iter().any(|other| other == column));
    if !is_whole
        || others.next().is_some()
        || number.is_some() && !PLACE.iter().all(|part| columns.contains(part))
    {
        let name = spec.bare_name();
        return Err(Failure::Inconsistent(format!("{name} has other columns than its contract says")));
    }
    Ok(CopiedTable { name: spec.bare_name(), columns, key: spec.primary_key, number })
}
