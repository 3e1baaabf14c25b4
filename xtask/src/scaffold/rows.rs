//! The rows of each capability: `storage/src/rows`.

use std::fmt::Write as _;

use selene_codegen::contract::{Alternative, Capability, Effect, Field, Table, TruthType};
use selene_codegen::paged::Listed;
use selene_codegen::row::{self, Fit};

use super::drafted::Draft;
use super::lists;
use super::places::{ROWS, RULES};
use super::registration::Registrations;
use super::rules::{add_modules, sentence};
use super::rust_type::{Imports, RustType, ident};
use super::statement::{conditions, key, sql};
use super::subject::{Given, Owned, Subject, field, given_record, input_type, module_of};
use super::tree::Tree;
use super::write_shape::{Fact, WriteShape};

/// Drafts the rows of each capability that has none.
pub(super) fn draft(
    subject: &Subject<'_>,
    tree: &Tree,
    registrations: &mut Registrations<'_>,
    draft: &mut Draft,
) {
    let is_missing = |capability: &&Capability| {
        let name = input_type(capability);
        // A commit that is an audit event and nothing else has no rows of its own.
        !tree.says(ROWS, &format!("for {name}")) && !tree.says(RULES, &format!("AuditOnly for {name}"))
    };
    let module = subject.module();
    let about =
        format!("Rows of {}: {}", subject.contract.engine.id, sentence(&subject.contract.engine.purpose));
    let files: Vec<(String, String)> = subject
        .contract
        .served()
        .filter(is_missing)
        .map(|capability| {
            let rows = match capability.effect {
                Effect::Write => write(subject, tree, capability),
                Effect::Read => match Listed::of(capability, |name| subject.record(name)) {
                    Some(_) => list(subject, capability),
                    None => read(subject, capability),
                },
                Effect::Guard => guard(subject, capability),
            };
            (module_of(capability), rows)
        })
        .collect();
    add_modules(tree, registrations, draft, (ROWS, &module, &format!("{about}."), ""), files);
}

/// The start of a file about a capability.
fn start(subject: &Subject<'_>, capability: &Capability) -> (String, Imports) {
    let mut imports = Imports::default();
    imports.name("selene_contracts", "Admitted");
    imports.ty(&RustType { module: subject.module(), name: input_type(capability) });
    (format!("//! Rows of `{}`: {}.\n\n", capability.id, sentence(&capability.name)), imports)
}

fn write(subject: &Subject<'_>, tree: &Tree, write: &Capability) -> String {
    let shape = WriteShape::of(subject, write);
    let (head, mut imports) = start(subject, write);
    imports.name("crate::failure", "Failure");
    imports.name("crate::rows::stored", "StoredWrite");
    imports.name("crate::session", "Changes");
    imports.name("crate::session", "Session");
    let (module, name) = (subject.module(), module_of(write));
    let rules = format!("crate::rules::{module}::{name}");
    // Where a rule was written by hand, its own types count.
    let is_drafted = !tree.says(RULES, &format!("for {}", input_type(write)));
    let (facts, change) = (!shape.facts.is_empty() && is_drafted, shape.is_known() && is_drafted);
    let mut text = format!("impl StoredWrite for {} {{\n", input_type(write));
    if facts {
        imports.name(&rules, "Facts");
        imports.name("selene_contracts::row", "Column as _");
        text.push_str("    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Facts, Failure> {\n");
        text.push_str("        let input = call.input();\n        Ok(Facts {\n");
        for fact in &shape.facts {
            let loaded = match fact {
                Fact::Row { key: names, .. } => {
                    format!("db.by_key(&{})?", key(names.iter().map(String::as_str)))
                }
                Fact::Count { table, counter, key: names } => {
                    imports.name("selene_contracts", "sql");
                    let select = format!("SELECT max({{{counter}}}) FROM {{@{table}}}");
                    let place = conditions(names.iter().copied());
                    format!(
                        "db.number({}, &{})?",
                        sql(&[&select, &format!("WHERE {place}")]),
                        key(names.iter().copied())
                    )
                }
            };
            let _ = writeln!(text, "            {}: {loaded},", fact.name());
        }
        text.push_str("        })\n    }\n\n");
    } else {
        text.push_str(
            "    fn load<S: Session>(_db: &S, _call: &Admitted<Self>) -> Result<Self::Facts, Failure> {\n",
        );
        let loaded = if is_drafted {
            "        Ok(())\n".to_owned()
        } else {
            format!("        selene_contracts::skeleton!({:?})\n", write.id)
        };
        let _ = write!(text, "{loaded}    }}\n\n");
        imports.name("crate::rules", "WriteRule");
        text = text.replace("Self::Facts", "<Self as WriteRule>::Facts");
    }
    if change {
        imports.name(&rules, "Change");
        text.push_str(
            "    fn store<S: Session>(changes: &mut Changes<'_, S>, change: &Change) -> Result<(), Failure> {\n",
        );
        let stored = shape.changes.iter().map(|changed| {
            let how = if changed.is_new { "insert" } else { "update" };
            format!("changes.{how}(&change.{})", ident(changed.table))
        });
        let stored: Vec<String> = stored.collect();
        let _ = writeln!(text, "        {}\n    }}\n}}", stored.join("?;\n        "));
    } else {
        imports.name("crate::rules", "WriteRule");
        text.push_str(
            "    fn store<S: Session>(_changes: &mut Changes<'_, S>, _change: &<Self as WriteRule>::Change) -> Result<(), Failure> {\n",
        );
        let _ = writeln!(text, "        selene_contracts::skeleton!({:?})\n    }}\n}}", write.id);
    }
    format!("{head}{}{text}", imports.lines())
}

/// A read of one row by its key; else a body to be written.
fn read(subject: &Subject<'_>, read: &Capability) -> String {
    let (head, mut imports) = start(subject, read);
    imports.name("selene_contracts", "Capability");
    imports.name("crate::failure", "Failure");
    imports.name("crate::rows::stored", "StoredRead");
    imports.name("crate::session", "Session");
    let found = selected(subject, read);
    let statement = found.and_then(|(record, given, owned)| statement(read, record, given, owned));
    let (db, call, body) = match statement {
        Some(statement) => {
            imports.name("selene_contracts::row", "Column as _");
            if statement.contains("sql!") {
                imports.name("selene_contracts", "sql");
                if let Some((record, ..)) =
                    found.and_then(|(name, given, owned)| Some((subject.record(name)?, given, owned)))
                {
                    imports.ty(&RustType::record(subject, record));
                }
            }
            ("db", "call", format!("        let input = call.input();\n        {statement}\n"))
        }
        None => ("_db", "_call", format!("        selene_contracts::skeleton!({:?})\n", read.id)),
    };
    let name = input_type(read);
    format!(
        "{head}{}impl StoredRead for {name} {{\n    \
         fn read<S: Session>({db}: &S, {call}: &Admitted<Self>) -> Result<<Self as Capability>::Output, Failure> {{\n{body}    }}\n}}\n",
        imports.lines()
    )
}

/// A list: of the rows of a table that its key begins with, else bodies to be written.
fn list(subject: &Subject<'_>, read: &Capability) -> String {
    let (head, mut imports) = start(subject, read);
    let found = match selected(subject, read) {
        Some((record, Given::Several, owned)) => subject
            .record(record)
            .and_then(|record| lists::rows(subject, read, record, owned.table, &mut imports)),
        _ => None,
    };
    let text = found.unwrap_or_else(|| lists::unwritten(read, &mut imports));
    format!("{head}{}{text}", imports.lines())
}

/// The record that a read gives, with the table of the engine that it is of.
pub(super) fn selected<'a>(
    subject: &Subject<'a>,
    read: &'a Capability,
) -> Option<(&'a str, Given, Owned<'a>)> {
    let (name, given) = given_record(read)?;
    let record = subject.record(name)?;
    let own = row::tables(subject.contract).find(|table| Fit::of(table, record).is_some())?;
    Some((name, given, Owned { owner: subject.contract, table: own }))
}

/// By what a read finds its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lookup {
    /// One row by its primary key.
    Key,
    /// One row by another key that is unique.
    UniqueKey,
    /// Rows by the first columns of their primary key, in its order.
    StartOfKey,
}

/// By what a read finds the rows of a table, where an index that the specs require leads to them.
pub(super) fn lookup(read: &Capability, given: Given, table: &Table) -> Option<Lookup> {
    if !read.input_alternatives.is_empty() {
        return None;
    }
    let asked: Vec<&str> = read.input.iter().map(|field| field.name.as_str()).collect();
    let are_columns =
        read.input.iter().all(|given| field(&table.columns, &given.name).is_some_and(|it| it.ty == given.ty));
    let is_key = |columns: &[String]| {
        columns.len() == asked.len() && columns.iter().all(|column| asked.contains(&column.as_str()))
    };
    match given {
        _ if !are_columns || asked.is_empty() => None,
        Given::Optional if is_key(&table.primary_key) => Some(Lookup::Key),
        Given::Optional if table.unique_keys.iter().any(|columns| is_key(columns)) => Some(Lookup::UniqueKey),
        Given::Several
            if table.primary_key.len() > asked.len() && is_key(&table.primary_key[..asked.len()]) =>
        {
            Some(Lookup::StartOfKey)
        }
        _ => None,
    }
}

/// The read as an expression, where an index that the specs require leads to its rows.
fn statement(read: &Capability, record: &str, given: Given, owned: Owned<'_>) -> Option<String> {
    let table = owned.table;
    let asked: Vec<&str> = read.input.iter().map(|field| field.name.as_str()).collect();
    let select = format!("SELECT {{*{record}}} FROM {{@{}}}", row::bare_name(table));
    Some(match lookup(read, given, table)? {
        Lookup::Key => format!("db.by_key(&{})", key(table.primary_key.iter().map(String::as_str))),
        Lookup::UniqueKey => format!(
            "db.first({}, &{})",
            sql(&[&select, &format!("WHERE {}", conditions(asked.iter().copied()))]),
            key(asked.iter().copied())
        ),
        // What begins a key leads to a list, which is drafted as one.
        Lookup::StartOfKey => return None,
    })
}

/// The row that a guard tries to change: of the ledger whose key its input is.
fn guard(subject: &Subject<'_>, guard: &Capability) -> String {
    let (head, mut imports) = start(subject, guard);
    imports.name("crate::rows::stored", "LedgerRow");
    imports.name("crate::rows::stored", "StoredGuard");
    let mut found = |fields: &[Field], prefix: &str| {
        let owned = ledger(subject, fields)?;
        let ty = RustType::row(owned);
        imports.ty(&ty);
        imports.name("selene_contracts::row", "Column as _");
        let values: Vec<String> =
            owned.table.primary_key.iter().map(|name| format!("{prefix}{}.value()", ident(name))).collect();
        let last = owned.table.primary_key.last()?;
        Some(format!("LedgerRow::of::<{}>({last:?}, &[{}])", ty.name, values.join(", ")))
    };
    let body = if guard.input_alternatives.is_empty() {
        found(&guard.input, "input.").map(|row| format!("let input = call.input();\n{row}"))
    } else {
        let arms: Option<Vec<String>> = guard
            .input_alternatives
            .iter()
            .map(|Alternative { variant, fields, .. }| {
                let names: Vec<String> = fields.iter().map(|field| ident(&field.name)).collect();
                let row = found(fields, "")?;
                Some(format!("Self::{variant} {{ {} }} => {{ {row} }}", names.join(", ")))
            })
            .collect();
        arms.map(|arms| format!("match call.input() {{ {} }}", arms.join("\n")))
    };
    let (call, body) = match body {
        Some(body) => ("call", body),
        None => ("_call", format!("selene_contracts::skeleton!({:?})", guard.id)),
    };
    let name = input_type(guard);
    format!(
        "{head}{}impl StoredGuard for {name} {{\n    fn row({call}: &Admitted<Self>) -> LedgerRow {{\n{body}\n    }}\n}}\n",
        imports.lines()
    )
}

/// The ledger whose primary key these fields are.
fn ledger<'a>(subject: &Subject<'a>, fields: &[Field]) -> Option<Owned<'a>> {
    let is_key = |table: &&'a Table| {
        table.truth_type == TruthType::Ledger
            && table.primary_key.len() == fields.len()
            && table.primary_key.iter().all(|name| {
                let asked = field(fields, name);
                asked.is_some_and(|asked| field(&table.columns, name).is_some_and(|it| it.ty == asked.ty))
            })
    };
    let table = row::tables(subject.contract).find(is_key)?;
    Some(Owned { owner: subject.contract, table })
}
