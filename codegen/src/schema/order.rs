//! The order in which tables can be made.

use super::table::Table;

/// Each table behind those that it refers to; else as they stood. Of a circle the first one goes first.
pub(super) fn by_references(tables: Vec<Table>) -> Vec<Table> {
    let mut waiting = tables;
    let mut ordered: Vec<Table> = Vec::with_capacity(waiting.len());
    while !waiting.is_empty() {
        let is_ready = |table: &Table| {
            table
                .foreign_keys
                .iter()
                .all(|key| key.table == table.name || !waiting.iter().any(|other| other.name == key.table))
        };
        let next = waiting.iter().position(is_ready).unwrap_or(0);
        ordered.push(waiting.remove(next));
    }
    ordered
}
