//! Which types are rows of a table, and the statements that follow from the table alone.
//!
//! What lives here: the choice of records and the texts, for the emission and for tests that compare every statement with a
//! database. What must not: Rust tokens, and any statement with a condition that is no key.

mod fit;
mod keys;
mod known;
mod selection;
mod successor;

pub use fit::Fit;
pub use keys::{Key, all_keys, keys, primary_key_name};
pub use known::{Known, KnownList};
pub use selection::{Selection, bare_name, counter, is_column, tables};
pub use successor::{Successor, Taken};

use selection::conditions;

use std::collections::{BTreeMap, BTreeSet};

use crate::contract::{Contract, ROW_VERSION, Record, SharedContract, Table, TruthType};
use crate::naming;

/// `WakeEnrollmentSessionsRow`, the struct with every column of the table.
#[must_use]
pub fn struct_name(table: &Table) -> String {
    format!("{}Row", naming::pascal(bare_name(table)))
}

/// Every type with a selection that a contract gives, by its name in Rust: the row of each table, and the records that fit.
#[must_use]
pub fn selections<'a>(contract: &'a Contract, shared: &'a SharedContract) -> BTreeMap<String, Selection<'a>> {
    let is_own = |name: &str| {
        contract.types.iter().any(|ty| ty.name == name)
            || contract.records.iter().any(|record| record.name == name)
    };
    let shared = shared.records.iter().filter(|record| !is_own(&record.name));
    let records: Vec<&Record> = contract.records.iter().chain(shared).collect();
    let mut selections = BTreeMap::new();
    for table in tables(contract) {
        selections.insert(struct_name(table), Selection::of(table, &table.columns));
        let fitting = records.iter().filter(|record| Fit::of(table, record).is_some());
        selections.extend(fitting.map(|record| (record.name.clone(), Selection::of(table, &record.fields))));
    }
    selections
}

/// The statements that write a row of a table. Their parameters are `$1..$n` in the order of first appearance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Writes {
    /// `INSERT`; one parameter for each column, in the table's order.
    pub insert: String,
    /// `INSERT` of many rows; one array for each column, in the table's order. Only a database with `unnest` takes it.
    pub insert_many: String,
    /// What changes a row; a ledger has none of it.
    pub updates: Option<Updates>,
}

/// The statements that change a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Updates {
    /// `INSERT`, which writes the columns that may change where the primary key is taken; the parameters of an insert.
    pub insert_or_update: String,
    /// `UPDATE` by primary key; the columns that may change, then the key.
    pub update: String,
}

impl Writes {
    /// The statements of a table.
    #[must_use]
    pub fn of(table: &Table) -> Self {
        let name = bare_name(table);
        let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
        let places: Vec<String> = (1..=columns.len()).map(|place| format!("${place}")).collect();
        // A current row counts how often it was written: no column of the contract, but one of every such table.
        let (counted, first) =
            if is_versioned(table) { (format!(", {ROW_VERSION}"), ", 1") } else { (String::new(), "") };
        let insert = format!(
            "INSERT INTO {name} ({}{counted}) VALUES ({}{first})",
            columns.join(", "),
            places.join(", ")
        );
        let insert_many = format!(
            "INSERT INTO {name} ({0}{counted}) SELECT {0}{first} FROM unnest({1}) AS given ({0})",
            columns.join(", "),
            places.join(", ")
        );
        let changing = changing(table);
        let assignments: Vec<String> =
            changing.iter().zip(1..).map(|(column, place)| format!("{column} = ${place}")).collect();
        let excluded: Vec<String> =
            changing.iter().map(|column| format!("{column} = excluded.{column}")).collect();
        let returns = returning(table);
        // Only current rows change, so both statements count.
        let updates = (!changing.is_empty()).then(|| Updates {
            insert_or_update: format!(
                "{insert} ON CONFLICT ({}) DO UPDATE SET {}, {ROW_VERSION} = {name}.{ROW_VERSION} + 1 {returns}",
                table.primary_key.join(", "),
                excluded.join(", "),
            ),
            update: format!(
                "UPDATE {name} SET {}, {ROW_VERSION} = {ROW_VERSION} + 1 WHERE {} {returns}",
                assignments.join(", "),
                conditions(&table.primary_key, changing.len()),
            ),
        });
        Self { insert, insert_many, updates }
    }
}

/// The statement that updates these columns of a row: `UPDATE` by primary key; the columns as they are given, then the key. A
/// column that is set once is written only where it has no value. `update!` makes the same of a row type.
#[must_use]
pub fn update_of(table: &Table, columns: &[&str]) -> String {
    let name = bare_name(table);
    let set: Vec<String> =
        columns.iter().zip(1..).map(|(column, place)| format!("{column} = ${place}, ")).collect();
    let once: Vec<String> = set_once(table)
        .into_iter()
        .filter(|column| columns.contains(column))
        .map(|column| format!(" AND {column} IS NULL"))
        .collect();
    format!(
        "UPDATE {name} SET {}{ROW_VERSION} = {ROW_VERSION} + 1 WHERE {}{} {}",
        set.concat(),
        conditions(&table.primary_key, columns.len()),
        once.concat(),
        returning(table),
    )
}

/// `RETURNING a, b, row_version`
fn returning(table: &Table) -> String {
    let columns: Vec<&str> = table.columns.iter().map(|column| column.name.as_str()).collect();
    format!("RETURNING {}, {ROW_VERSION}", columns.join(", "))
}

/// Whether rows of the table count how often they were written, in [`ROW_VERSION`].
#[must_use]
pub fn is_versioned(table: &Table) -> bool {
    table.truth_type == TruthType::Current
}

/// Positions and names of all columns as a seal takes them: the primary key in its order, then the others by name.
#[must_use]
pub fn sealed(table: &Table) -> Vec<(usize, &str)> {
    let columns = table.columns.iter().map(|column| column.name.as_str());
    let is_key = |name: &str| table.primary_key.iter().any(|key| key == name);
    let mut others: Vec<&str> = columns.filter(|name| !is_key(name)).collect();
    others.sort_unstable();
    let keys = table.primary_key.iter().map(String::as_str);
    let position = |name: &str| table.columns.iter().position(|column| column.name == name);
    keys.chain(others).filter_map(|name| Some((position(name)?, name))).collect()
}

/// The columns that an update writes, in the table's order: no part of the primary key, and none that never changes. A ledger
/// has none.
#[must_use]
pub fn changing(table: &Table) -> Vec<&str> {
    if table.truth_type == TruthType::Ledger {
        return Vec::new();
    }
    let fixed = table.constraints.iter().flat_map(|constraint| &constraint.fixed);
    let stays: BTreeSet<&str> = table.primary_key.iter().chain(fixed).map(String::as_str).collect();
    let columns = table.columns.iter().map(|column| column.name.as_str());
    columns.filter(|column| !stays.contains(column)).collect()
}

/// The columns that an update writes and that never change once they have a value, in the table's order.
#[must_use]
pub fn set_once(table: &Table) -> Vec<&str> {
    let is_once = |column: &str| {
        table.constraints.iter().flat_map(|constraint| &constraint.set_once).any(|once| once == column)
    };
    changing(table).into_iter().filter(|column| is_once(column)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Constraint, Field};

    fn table() -> Table {
        let columns = "[{name: note_id, type: u64}, {name: text, type: String}, {name: at, type: u64}]";
        let text =
            format!("{{name: notes, truth_type: CURRENT, primary_key: [note_id], columns: {columns}}}");
        crate::yaml::from_str(&text).unwrap()
    }

    fn fields(names: &[&str]) -> Vec<Field> {
        let table = table();
        let column = |name: &&str| table.columns.iter().find(|column| column.name == **name).unwrap().clone();
        names.iter().map(column).collect()
    }

    #[test]
    fn a_row_is_written_only_from_a_type_in_the_order_of_the_table() {
        let table = table();
        let is_whole = |names: &[&str]| Selection::of(&table, &fields(names)).is_whole();
        assert!(is_whole(&["note_id", "text", "at"]));
        assert!(!is_whole(&["note_id", "at", "text"]), "a seal would take one column for the other");
        assert!(!is_whole(&["note_id", "text"]));
    }

    #[test]
    fn a_column_that_is_set_once_is_updated_where_it_has_no_value() {
        let mut table = table();
        let update = update_of(&table, &["text"]);
        let [set, returning] = [
            "UPDATE notes SET text = $1, row_version = row_version + 1 WHERE note_id = $2",
            " RETURNING note_id, text, at, row_version",
        ];
        assert_eq!(update, format!("{set}{returning}"));
        table.constraints = vec![Constraint { set_once: vec!["text".to_owned()], ..Constraint::default() }];
        assert_eq!(set_once(&table), ["text"]);
        assert_eq!(update_of(&table, &["text"]), format!("{set} AND text IS NULL{returning}"));
        assert!(!update_of(&table, &["at"]).contains("IS NULL"));
    }

    #[test]
    fn a_seal_takes_the_key_first_and_then_the_columns_by_name() {
        let table = table();
        assert_eq!(sealed(&table), [(0, "note_id"), (2, "at"), (1, "text")]);
    }
}
