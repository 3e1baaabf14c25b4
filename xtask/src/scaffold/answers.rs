//! Which answers hold which fields of the rows of an engine: `storage/src/check/folds/answers/tables`.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use selene_codegen::contract::{Capability, Effect, Field, Record, Table};
use selene_codegen::naming::{module_name, without_schema};
use selene_codegen::row::{self, Fit, is_column};

use super::drafted::{Draft, NewFile};
use super::places::ANSWERS;
use super::registration::Registrations;
use super::rust_type::{Imports, RustType};
use super::subject::{Given, Owned, Subject, field, given_record, input_type};
use super::tree::Tree;

/// A write of a row, and the record that it answers with.
struct Writer<'a> {
    ty: RustType,
    record: &'a Record,
    is_whole: bool,
}

/// Drafts what the answers of writes say of the tables of an engine, where nothing says it yet.
pub(super) fn draft(
    subject: &Subject<'_>,
    tree: &Tree,
    registrations: &mut Registrations<'_>,
    draft: &mut Draft,
) {
    let mut imports = Imports::default();
    imports.name("selene_contracts::row", "Selection as _");
    let mut entries = String::new();
    for table in row::tables(subject.contract) {
        let name = row::struct_name(table);
        if tree.contains("storage/src/check", &name) {
            continue;
        }
        let writers = writers(subject, table);
        if !writers.is_empty() {
            imports.ty(&RustType::row(Owned { owner: subject.contract, table }));
            entries.push_str(&entry(table, &writers, &mut imports));
        }
    }
    if entries.is_empty() {
        return;
    }
    let (module, id) = (subject.module(), &subject.contract.engine.id);
    imports.name("crate::check::folds::answers::form", "By");
    imports.name("crate::check::folds::answers::form", "Table");
    let text = format!(
        "//! Which answers hold which fields of the rows of {id}.\n\n{}pub(super) const TABLES: &[Table] = &[\n{entries}];\n",
        imports.lines()
    );
    draft.files.push(NewFile { path: format!("{ANSWERS}/{module}.rs"), text });
    let list = format!("{ANSWERS}.rs");
    registrations.module(&list, &format!("mod {module};"));
    registrations.entry(&list, ("const OF_ENGINES", "];"), &format!("    {module}::TABLES,\n"));
}

/// The writes of a table whose answers name its row by the key.
fn writers<'a>(subject: &Subject<'a>, table: &Table) -> Vec<Writer<'a>> {
    let mut found = Vec::new();
    for contract in subject.contracts {
        // A record of another engine is not known here.
        let is_own = std::ptr::eq(contract, subject.contract);
        let writes = contract.served().filter(|capability| capability.effect == Effect::Write);
        for capability in writes.filter(|write| is_own && write_table(write, table)) {
            let Some((name, Given::One)) = given_record(capability) else { continue };
            let Some(record) = subject.record(name) else { continue };
            let names_row = table
                .primary_key
                .iter()
                .all(|key| field(&record.fields, key).is_some_and(|field| is_column(table, field)));
            if names_row {
                let ty = RustType { module: module_name(&contract.engine.id), name: input_type(capability) };
                found.push(Writer { ty, record, is_whole: Fit::of(table, record) == Some(Fit::Whole) });
            }
        }
    }
    found
}

fn write_table(write: &Capability, table: &Table) -> bool {
    write.writes.iter().any(|name| without_schema(name) == row::bare_name(table))
}

/// The entry of one table. What not every answer says is not held, unless it never changes.
fn entry(table: &Table, writers: &[Writer<'_>], imports: &mut Imports) -> String {
    let row_type = row::struct_name(table);
    let fixed: BTreeSet<&str> =
        table.constraints.iter().flat_map(|constraint| &constraint.fixed).map(String::as_str).collect();
    let is_answered = |column: &Field, record: &Record| {
        field(&record.fields, &column.name).is_some_and(|field| field.ty == column.ty)
    };
    let is_held = |column: &&Field| {
        let mut records = writers.iter().map(|writer| writer.record);
        records.clone().all(|record| is_answered(column, record))
            || (fixed.contains(column.name.as_str()) && records.any(|record| is_answered(column, record)))
    };
    let beside_key = table.columns.iter().filter(|column| !table.primary_key.contains(&column.name));
    let bare = row::bare_name(table);
    let not_held: Vec<String> = beside_key
        .filter(|column| !is_held(column))
        .map(|column| format!("{bare}::{}", column.name.to_ascii_uppercase()))
        .collect();
    let mut text = "    Table {\n".to_owned();
    if !not_held.is_empty() {
        imports.name("selene_contracts::tables", bare);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "        not_held: &[{}],", not_held.join(", "));
    }
    let by: Vec<String> = writers
        .iter()
        .map(|writer| {
            imports.ty(&writer.ty);
            let how = if writer.is_whole { "row" } else { "part" };
            format!("By::{how}::<{}>({row_type}::KEY)", writer.ty.name)
        })
        .collect();
    let _ = writeln!(text, "        by: &[{}],\n        ..Table::of::<{row_type}>()\n    }},", by.join(", "));
    text
}
