//! The reference model, with one body for each write: `tests/src/model/engines`.
//!
//! A model is a second reading of the pages, so what a write makes of the rows is a body that a person writes. What the contract
//! says is asked of it while the model runs: admission, keys, events, guards, random calls. A read of rows by their key is drafted whole.

use selene_codegen::contract::{Capability, Effect};
use selene_codegen::naming::without_schema;

use super::drafted::{Draft, NewFile};
use super::places::MODEL;
use super::registration::Registrations;
use super::rows::{Lookup, lookup, selected};
use super::rules::{sentence, to_write};
use super::rust_type::{Imports, RustType, ident};
use super::subject::{Subject, input_type};
use super::tree::Tree;

/// What the modules of models name of each other and of the contracts.
const ENGINES: &str = "crate::model::engines::model";
const TABLES: &str = "crate::model::tables";
const CONTRACTS: &str = "selene_contracts";

/// A capability with the text that models it.
struct Modelled {
    /// `writes` or `reads`
    list: &'static str,
    /// `        WriteEntry::of::<Ph1notesNoteCreateDraftRow>(),`
    entry: String,
    text: String,
}

/// Drafts the model of an engine that has none, or what it lacks. An engine whose model was written by hand, and one that is stated to
/// have none, is named in the list of models.
pub(super) fn draft(
    subject: &Subject<'_>,
    tree: &Tree,
    registrations: &mut Registrations<'_>,
    draft: &mut Draft,
) {
    let (module, id) = (subject.module(), &subject.contract.engine.id);
    let is_named = |text: &str| text.contains(&format!("{id:?},"));
    if tree.text(&format!("{MODEL}/listed.rs")).is_some_and(is_named) {
        return;
    }
    let path = format!("{MODEL}/engines/{module}.rs");
    let is_new = tree.text(&path).is_none();
    // Lines that are added to a file name everything by its whole path, as nothing is known of what the file imports.
    let mut names = Names(is_new.then(Imports::default));
    let missing: Vec<Modelled> = subject
        .contract
        .served()
        .filter(|capability| capability.effect != Effect::Guard)
        .filter(|capability| !tree.contains(MODEL, &format!("Model for {}", input_type(capability))))
        .map(|capability| modelled(subject, capability, &mut names))
        .collect();
    if missing.is_empty() {
        return;
    }
    let entries = |list: &str| -> String {
        missing
            .iter()
            .filter(|modelled| modelled.list == list)
            .map(|modelled| modelled.entry.as_str())
            .collect()
    };
    let texts: Vec<&str> = missing.iter().map(|modelled| modelled.text.as_str()).collect();
    if is_new {
        let text = whole(subject, [&entries("writes"), &entries("reads")], &texts, names);
        draft.files.push(NewFile { path, text });
        let list = format!("{MODEL}/engines.rs");
        registrations.module(&list, &format!("mod {module};"));
        registrations.entry(&list, ("pub const ALL", "];"), &format!("    &{module}::MODEL,\n"));
        return;
    }
    for list in ["writes", "reads"] {
        let lines = entries(list);
        if !lines.is_empty() {
            registrations.entry(&path, (&format!("    {list}: &["), "    ],"), &lines);
        }
    }
    registrations.append(&path, &format!("\n{}", texts.join("\n")));
}

/// How the lines of a file name what stands elsewhere: by its name, which is imported, or by its whole path.
struct Names(Option<Imports>);

impl Names {
    fn name(&mut self, module: &str, name: &str) -> String {
        match &mut self.0 {
            Some(imports) => {
                imports.name(module, name);
                name.to_owned()
            }
            None => format!("{module}::{name}"),
        }
    }

    fn ty(&mut self, ty: &RustType) -> String {
        self.name(&format!("selene_contracts::{}", ty.module), &ty.name)
    }
}

/// The file of an engine.
fn whole(subject: &Subject<'_>, [writes, reads]: [&str; 2], texts: &[&str], mut names: Names) -> String {
    let id = &subject.contract.engine.id;
    names.name(ENGINES, "EngineModel");
    format!(
        "//! The reference model of {id}: {}.\n//!\n\
         //! Written from the pages: a model that follows the rules of the store proves nothing.\n\n\
         {}/// What its calls are answered.\n#[rustfmt::skip]\npub(super) const MODEL: EngineModel = EngineModel {{\n    \
         engine: {id:?},\n    writes: &[\n{writes}    ],\n    reads: &[\n{reads}    ],\n    never: &[\n    ],\n}};\n\n{}",
        sentence(&subject.contract.engine.purpose),
        names.0.unwrap_or_default().lines(),
        texts.join("\n")
    )
}

fn modelled(subject: &Subject<'_>, capability: &Capability, names: &mut Names) -> Modelled {
    let input = names.ty(&RustType { module: subject.module(), name: input_type(capability) });
    let is_write = capability.effect == Effect::Write;
    let entry = names.name(ENGINES, if is_write { "WriteEntry" } else { "ReadEntry" });
    Modelled {
        list: if is_write { "writes" } else { "reads" },
        entry: format!("        {entry}::of::<{input}>(),\n"),
        text: if is_write {
            write(subject, capability, &input, names)
        } else {
            read(subject, capability, &input, names)
        },
    }
}

/// The model of a write: a person says which rows it leaves, or why it is refused.
fn write(subject: &Subject<'_>, write: &Capability, input: &str, names: &mut Names) -> String {
    let tables: Vec<String> = write.writes.iter().map(|name| format!("`{}`", without_schema(name))).collect();
    let writes = if tables.is_empty() { String::new() } else { format!(" It writes {}.", tables.join(", ")) };
    let (model, written) = (names.name(ENGINES, "WriteModel"), names.name(ENGINES, "Written"));
    let (context, code) = (names.name(CONTRACTS, "CallContext"), names.name(CONTRACTS, "ReasonCode"));
    let (tables, capability) = (names.name(TABLES, "Tables"), names.name(CONTRACTS, "Capability"));
    format!(
        "/// {}.{writes}\nimpl {model} for {input} {{\n    \
         fn decide(&self, _context: &{context}, _tables: &mut {tables}) -> Result<{written}<<Self as {capability}>::Output>, {code}> {{\n{}    }}\n}}\n",
        write.name.trim_end_matches('.'),
        to_write(subject, write, 8)
    )
}

/// The model of a read: rows by their key, else a body to be written.
fn read(subject: &Subject<'_>, read: &Capability, input: &str, names: &mut Names) -> String {
    let found = selected(subject, read).and_then(|(name, given, owned)| {
        let lookup = lookup(read, given, owned.table)?;
        Some((RustType::record(subject, subject.record(name)?), lookup))
    });
    let (given, body) = match found {
        Some((ty, lookup)) => {
            let ty = names.ty(&ty);
            let is_asked: Vec<String> =
                read.input.iter().map(|field| format!("row.{0} == self.{0}", ident(&field.name))).collect();
            let is_asked = is_asked.join(" && ");
            let rows = match lookup {
                Lookup::Key | Lookup::UniqueKey => {
                    format!("tables.rows.all::<{ty}>().into_iter().find(|row| {is_asked})")
                }
                Lookup::StartOfKey => {
                    format!("tables.rows.by_key::<{ty}>().into_iter().filter(|row| {is_asked}).collect()")
                }
            };
            ("tables", format!("        Ok({rows})\n"))
        }
        None => ("_tables", format!("        selene_contracts::skeleton!({:?})\n", read.id)),
    };
    let (model, code) = (names.name(ENGINES, "ReadModel"), names.name(CONTRACTS, "ReasonCode"));
    let (tables, capability) = (names.name(TABLES, "Tables"), names.name(CONTRACTS, "Capability"));
    format!(
        "/// {}.\nimpl {model} for {input} {{\n    \
         fn rows(&self, {given}: &{tables}) -> Result<<Self as {capability}>::Output, {code}> {{\n{body}    }}\n}}\n",
        read.name.trim_end_matches('.')
    )
}
