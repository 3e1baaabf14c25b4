//! A table: its lines, its columns and keys, who writes and reads it, its statements, what keeps its sentences.

use selene_codegen::contract::{Contract, Table, TruthType};
use selene_codegen::naming::without_schema;
use selene_codegen::row;

use super::known::{Known, at, contract_file, field};
use super::page::Page;
use super::statements::statements_about;
use crate::coverage::item::Kind;

/// The page of a table, as one contract declares it.
pub fn page(known: &Known<'_>, contract: &Contract, table: &Table) -> Page {
    let name = without_schema(&table.name);
    let engine = contract.engine.id.as_str();
    let base = ["tables", table.name.as_str()];
    let keys = ["truth_type", "primary_key", "columns", "unique_keys", "constraints"];
    let places: Vec<String> = (0..table.invariants.len()).map(|index| index.to_string()).collect();
    let paths: Vec<Vec<&str>> = std::iter::once(base.to_vec())
        .chain(keys.iter().map(|key| [&base[..], &[*key]].concat()))
        .chain(places.iter().map(|index| [&base[..], &["invariants", index.as_str()]].concat()))
        .collect();
    let row_type = if table.columns.is_empty() { String::new() } else { row::struct_name(table) };
    let migrations = known.rust.table(name).into_iter().chain(known.rust.trigger(name));
    let sentence = format!("{name}: ");
    Page::new("table", name, Some(engine))
        .with("spec", known.spec_lines(engine, &paths.iter().map(Vec::as_slice).collect::<Vec<_>>()))
        .with("contract", std::iter::once(contract_file(engine)).chain(facts(table)))
        .with("columns", table.columns.iter().map(field))
        .with("written by", using(known, name, true))
        .with("read by", using(known, name, false))
        .with("row type", [row_type])
        .with("migrations", migrations.map(at))
        .with("statements", statements_about(known.rust, name))
        .with(
            "tests",
            known.tests(Kind::LedgerLock, |row| row.engine == engine && row.name == name).into_iter().chain(
                known.tests(Kind::Invariant, |row| row.engine == engine && row.name.starts_with(&sentence)),
            ),
        )
}

fn facts(table: &Table) -> Vec<String> {
    let truth = match table.truth_type {
        TruthType::Ledger => "a ledger: rows are appended, and never changed or removed",
        TruthType::Current => "rows hold the newest state and are updated",
    };
    let unique = table.unique_keys.iter().map(|key| format!("unique ({})", key.join(", ")));
    let key = format!("primary key ({})", table.primary_key.join(", "));
    [truth.to_owned(), key].into_iter().chain(unique).collect()
}

/// The capabilities that write a table, or the engines whose wirings read it.
fn using(known: &Known<'_>, table: &str, writes: bool) -> Vec<String> {
    let is_it = |name: &String| without_schema(name) == table;
    let mut lines = Vec::new();
    for contract in known.contracts() {
        if writes {
            let changing = contract.served().filter(|capability| capability.writes.iter().any(is_it));
            lines.extend(changing.map(|capability| capability.id.clone()));
        } else {
            let reads = contract.reads.iter().filter(|read| read.tables.iter().any(is_it));
            lines.extend(reads.map(|read| format!("{}: {}", contract.engine.id, read.title)));
        }
    }
    lines
}
