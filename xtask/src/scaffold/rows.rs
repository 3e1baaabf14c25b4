//! The rows of each capability: `storage/src/rows`. Reads and guards of which the contract says the rows need nothing.

use std::fmt::Write as _;

use selene_codegen::contract::{Capability, Effect, Table};
use selene_codegen::paged::Listed;
use selene_codegen::row::{self, Fit};

use super::drafted::Draft;
use super::lists;
use super::places::{ROWS, RULES};
use super::registration::Registrations;
use super::rules::{add_modules, sentence};
use super::rust_type::{Imports, RustType, ident};
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
        subject.known(capability).is_none()
            && !tree.contains(ROWS, &format!("for {name}"))
            && !tree.contains(RULES, &format!("AuditOnly for {name}"))
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
                Effect::Read => read(subject, capability),
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

/// `NotesKey { tenant_id: &input.tenant_id, note_id: &input.note_id }`: columns with the fields of the input that give them.
fn key_of<'n>(ty: &RustType, columns: impl IntoIterator<Item = (&'n str, &'n str)>) -> String {
    let fields: Vec<String> = columns
        .into_iter()
        .map(|(column, given)| format!("{}: &input.{}", ident(column), ident(given)))
        .collect();
    format!("{} {{ {} }}", ty.name, fields.join(", "))
}

/// `NotesKey::of_tenant_id(&input.tenant_id)`: the start of a key, whose columns the input has.
fn start_of(ty: &RustType, columns: &[&str]) -> String {
    let given: Vec<String> = columns.iter().map(|column| format!("&input.{}", ident(column))).collect();
    let function =
        if columns.is_empty() { "every".to_owned() } else { format!("of_{}", columns.join("_and_")) };
    format!("{}::{function}({})", ty.name, given.join(", "))
}

/// The struct of the primary key of a table.
fn primary(owned: Owned<'_>) -> RustType {
    RustType::key(owned, row::primary_key_name(owned.table))
}

fn write(subject: &Subject<'_>, tree: &Tree, write: &Capability) -> String {
    let shape = WriteShape::of(subject, write);
    let (head, mut imports) = start(subject, write);
    imports.name("crate::failure", "Failure");
    imports.name("crate::rows::stored", "StoredWrite");
    imports.name("crate::session", "Session");
    let (module, name) = (subject.module(), module_of(write));
    let rules = format!("crate::rules::{module}::{name}");
    // Where a rule was written by hand, its own types count.
    let is_drafted = !tree.contains(RULES, &format!("for {}", input_type(write)));
    let facts = !shape.facts.is_empty() && is_drafted;
    let mut text = format!("impl StoredWrite for {} {{\n", input_type(write));
    if facts {
        imports.name(&rules, "Facts");
        text.push_str("    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Facts, Failure> {\n");
        text.push_str("        let input = call.input();\n        Ok(Facts {\n");
        for fact in &shape.facts {
            let (ty, loaded) = match fact {
                Fact::Row { owned, key, .. } => {
                    let ty = primary(*owned);
                    let columns = owned.table.primary_key.iter().zip(key);
                    let key = key_of(&ty, columns.map(|(column, given)| (column.as_str(), given.as_str())));
                    (ty, format!("db.by_key(&{key})?"))
                }
                Fact::Count { owned, key, .. } => {
                    let ty = primary(*owned);
                    let start = start_of(&ty, key);
                    (ty, format!("db.counted(&{start})?"))
                }
            };
            imports.ty(&ty);
            let _ = writeln!(text, "            {}: {loaded},", fact.name());
        }
        text.push_str("        })\n    }\n}\n");
    } else {
        text.push_str(
            "    fn load<S: Session>(_db: &S, _call: &Admitted<Self>) -> Result<Self::Facts, Failure> {\n",
        );
        let loaded = if is_drafted {
            "        Ok(())\n".to_owned()
        } else {
            format!("        selene_contracts::skeleton!({:?})\n", write.id)
        };
        let _ = writeln!(text, "{loaded}    }}\n}}");
        imports.name("crate::rules", "WriteRule");
        text = text.replace("Self::Facts", "<Self as WriteRule>::Facts");
    }
    format!("{head}{}{text}", imports.lines())
}

/// A read whose body is to be written.
fn read(subject: &Subject<'_>, read: &Capability) -> String {
    let (head, mut imports) = start(subject, read);
    let text = if Listed::of(read, |name| subject.record(name)).is_some() {
        lists::unwritten(read, &mut imports)
    } else {
        imports.name("selene_contracts", "Capability");
        imports.name("crate::failure", "Failure");
        imports.name("crate::rows::stored", "StoredRead");
        imports.name("crate::session", "Session");
        format!(
            "impl StoredRead for {} {{\n    \
             fn read<S: Session>(_db: &S, _call: &Admitted<Self>) -> Result<<Self as Capability>::Output, Failure> {{\n        \
             selene_contracts::skeleton!({:?})\n    }}\n}}\n",
            input_type(read),
            read.id
        )
    };
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

/// A guard whose body is to be written: its input names no ledger of the engine.
fn guard(subject: &Subject<'_>, guard: &Capability) -> String {
    let (head, mut imports) = start(subject, guard);
    imports.name("crate::rows::stored", "LedgerRow");
    imports.name("crate::rows::stored", "StoredGuard");
    format!(
        "{head}{}impl StoredGuard for {} {{\n    \
         fn row(_call: &Admitted<Self>) -> LedgerRow {{\n        selene_contracts::skeleton!({:?})\n    }}\n}}\n",
        imports.lines(),
        input_type(guard),
        guard.id
    )
}
