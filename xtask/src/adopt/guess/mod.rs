//! What a field is, guessed: from foreign keys, from values that pages name, from fields of the lexicon, from its name, from keys.
//! Every guess says what it was made from.
//!
//! What must not live here: how a guess is written.

pub mod names;
pub(super) mod values;

use selene_codegen::contract::TypeKind;
use selene_codegen::naming::{pascal, without_schema};

use crate::parse::document::TableText;
use crate::parse::lexicon::{FieldEntry, Scope, TypeEntry};
use crate::parse::rust_names::TAKEN;
use crate::parse::schema::ExprKind;

use super::subject::{Adopted, Subject};
use names::{Meaning, pattern_of};

/// A type that a guess names.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Ty {
    /// A type that is there already.
    Known(String),
    /// A type that the engine gets, by its name.
    Own(String, TypeKind),
}

/// What a field is.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Guess {
    pub(super) ty: Ty,
    /// Smallest and largest value, as they are written.
    pub(super) range: Option<(String, String)>,
    pub(super) max_items: Option<u32>,
    /// What it was made from.
    pub(super) from: String,
}

/// The most items of a list of which nothing is known.
const MOST_ITEMS: u32 = 64;
/// The longest id of which nothing is known, in bytes.
const ID_BYTES: u32 = 64;

/// What a field of an engine is.
pub(super) fn field(subject: &Subject<'_>, engine: &Adopted<'_>, name: &str) -> Guess {
    let is_list = engine.is_list(name);
    let mut guess = item(subject, engine, name, is_list);
    if is_list && guess.max_items.is_none() {
        guess.max_items = Some(MOST_ITEMS);
    }
    guess
}

/// One item of a list, or the field itself.
fn item(subject: &Subject<'_>, engine: &Adopted<'_>, name: &str, is_list: bool) -> Guess {
    let one = if is_list { singular(name) } else { name.to_owned() };
    by_reference(subject, engine, name)
        .or_else(|| by_values(subject, engine, name, &one))
        .or_else(|| by_other_engines(subject, engine, name))
        .or_else(|| by_own_table(engine, &one))
        .or_else(|| by_known_end(engine, &one))
        .or_else(|| by_known_type(engine, &one))
        .or_else(|| by_name(subject, engine, &one))
        .unwrap_or_else(|| by_use(engine, name, &one))
}

fn known(ty: impl Into<String>, from: String) -> Guess {
    Guess { ty: Ty::Known(ty.into()), range: None, max_items: None, from }
}

fn own(engine: &Adopted<'_>, name: &str, kind: TypeKind, from: String) -> Guess {
    let ty = type_name(engine, name);
    if engine.names.has_type(&ty) {
        return known(ty.clone(), format!("the lexicon has a type `{ty}`"));
    }
    Guess { ty: Ty::Own(ty, kind), range: None, max_items: None, from }
}

/// A foreign key: both ends have one type.
fn by_reference(subject: &Subject<'_>, engine: &Adopted<'_>, name: &str) -> Option<Guess> {
    let references = &engine.pages.db_wiring?.relations.foreign_keys;
    let (_, to, _) = references
        .iter()
        .find(|(from, ..)| from.value.rsplit_once('.').is_some_and(|(_, end)| end == name))?;
    let (table, column) = to.value.rsplit_once('.')?;
    let from = format!("its foreign key to `{}`", to.value);
    let owner = subject.contracts.iter().find(|contract| {
        contract.tables.iter().any(|known| without_schema(&known.name) == without_schema(table))
    })?;
    let scopes = subject.lexicon.engine(&owner.engine.id).into_iter().chain([&subject.lexicon.shared]);
    let entry = scopes.flat_map(|scope| &scope.fields).find(|entry| entry.name.value == column);
    match entry {
        Some(entry) => of_entry(subject, engine, entry, subject.lexicon.engine(&owner.engine.id), from),
        // A column of its own that is not known yet either: both get the type that its name gives.
        None if owner.engine.id == engine.id && column != name => {
            let guess = by_name(subject, engine, column)?;
            Some(Guess { from, ..guess })
        }
        None => None,
    }
}

/// The type of an entry of the lexicon, as this engine can have it.
fn of_entry(
    subject: &Subject<'_>,
    engine: &Adopted<'_>,
    entry: &FieldEntry,
    scope: Option<&Scope>,
    from: String,
) -> Option<Guess> {
    let ExprKind::Name(ty) = &entry.ty.as_ref()?.kind else { return None };
    let bounds = |guess: Guess| Guess {
        range: entry.range.as_ref().map(|(low, high)| (low.value.clone(), high.value.clone())),
        max_items: entry.max_items,
        ..guess
    };
    if engine.names.has_type(ty) {
        return Some(bounds(known(ty.as_str(), from)));
    }
    let of_scope = scope.into_iter().flat_map(|scope| &scope.types);
    let declared: &TypeEntry =
        of_scope.chain(&subject.lexicon.shared.types).find(|known| known.name.value == *ty)?;
    let guess = Guess { ty: Ty::Own(ty.clone(), declared.kind.clone()), range: None, max_items: None, from };
    Some(bounds(guess))
}

/// Values that the pages name.
fn by_values(subject: &Subject<'_>, engine: &Adopted<'_>, name: &str, one: &str) -> Option<Guess> {
    let is_choice = pattern_of(one).is_none_or(|pattern| pattern.meaning == Meaning::Choice);
    if values::is_yes_or_no(engine, subject, name) {
        return Some(known("bool", "the pages say that it is true or false".to_owned()));
    }
    let values = values::of_field(subject, engine, name);
    if !is_choice || values.is_empty() || values.len() < 2 && pattern_of(one).is_none() {
        return None;
    }
    Some(choice(engine, one, values, "the values that the pages give it".to_owned()))
}

fn choice(engine: &Adopted<'_>, name: &str, values: Vec<String>, from: String) -> Guess {
    own(engine, name, TypeKind::Enum { values }, from)
}

/// A field of that name of other engines, where they agree.
fn by_other_engines(subject: &Subject<'_>, engine: &Adopted<'_>, name: &str) -> Option<Guess> {
    let mut found: Option<(Guess, &str)> = None;
    for (id, scope) in subject.lexicon.engines.iter().filter(|(id, _)| id.value != engine.id) {
        let Some(entry) = scope.fields.iter().find(|entry| entry.name.value == name) else { continue };
        let guess = of_entry(subject, engine, entry, Some(scope), format!("`{name}` of {}", id.value))?;
        match &found {
            Some((known, _)) if known.ty != guess.ty => return None,
            Some(_) => {}
            None => found = Some((guess, &id.value)),
        }
    }
    // What one engine may choose from says little of another.
    let (guess, _) = found?;
    let is_choice = matches!(&guess.ty, Ty::Own(_, TypeKind::Enum { .. }));
    (!is_choice).then_some(guess)
}

/// The id of the rows of a table that the engine owns is an id of its own, whatever it is called after.
fn by_own_table(engine: &Adopted<'_>, name: &str) -> Option<Guess> {
    let tables = &engine.pages.db_wiring?.tables;
    let is_key = |table: &&TableText| table.primary_key.last().is_some_and(|column| column.value == name);
    let table = tables.iter().find(is_key).filter(|_| name.ends_with("_id"))?;
    let kind = TypeKind::Text { min_len: 1, max_len: ID_BYTES, ascii: false, free: false };
    let table = without_schema(&table.name.value);
    Some(own(engine, name, kind, format!("it is the key of the engine's table `{table}`")))
}

/// A field of the lexicon with the same end: `author_user_id` is a `user_id`.
fn by_known_end(engine: &Adopted<'_>, name: &str) -> Option<Guess> {
    let ends = |known: &&str| {
        known.contains('_') && name.strip_suffix(*known).is_some_and(|rest| rest.ends_with('_'))
    };
    let longest = engine.names.field_names().filter(ends).max_by_key(|known| known.len())?;
    let ty = engine.names.type_of_field(longest)?;
    let ExprKind::Name(ty) = &ty.kind else { return None };
    Some(known(ty.as_str(), format!("its name ends as the known `{longest}` does")))
}

/// A type of the lexicon that is called as the name ends: `owner_engine_id` is an `EngineId`.
fn by_known_type(engine: &Adopted<'_>, name: &str) -> Option<Guess> {
    let ends = name.match_indices('_').map(|(at, _)| &name[at + 1..]).filter(|end| end.contains('_'));
    let types = std::iter::once(name).chain(ends).map(pascal);
    let ty = types.into_iter().find(|ty| engine.names.kind(ty).is_some())?;
    Some(known(ty.clone(), format!("its name ends as the type `{ty}` is called")))
}

/// The table of names.
fn by_name(subject: &Subject<'_>, engine: &Adopted<'_>, name: &str) -> Option<Guess> {
    let pattern = pattern_of(name)?;
    let from = pattern.reason();
    let text = |max_len, ascii, free| TypeKind::Text { min_len: 1, max_len, ascii, free };
    Some(match pattern.meaning {
        Meaning::Builtin(ty) => known(ty, from),
        Meaning::Whole(ty, low, high) => {
            Guess { range: Some((low.to_string(), high.to_string())), ..known(ty, from) }
        }
        Meaning::Real(low, high) => {
            Guess { range: Some((low.to_owned(), high.to_owned())), ..known("f32", from) }
        }
        Meaning::Time => known(time_type(engine), from),
        Meaning::Id(most) => own(engine, name, text(most, false, false), from),
        Meaning::AsciiId(most) => own(engine, name, text(most, true, false), from),
        Meaning::Text(most) => own(engine, name, text(most, false, true), from),
        Meaning::Choice => return Some(unnamed_choice(subject, engine, name, &from)),
    })
}

/// The type of `now`.
fn time_type(engine: &Adopted<'_>) -> String {
    match engine.names.type_of_field("now").map(|ty| &ty.kind) {
        Some(ExprKind::Name(ty)) => ty.clone(),
        _ => "u64".to_owned(),
    }
}

/// A choice whose values stand behind no name.
fn unnamed_choice(subject: &Subject<'_>, engine: &Adopted<'_>, name: &str, from: &str) -> Guess {
    let of_sentences = values::of_sentences(engine);
    if of_sentences.len() > 1 && matches!(name.rsplit('_').next(), Some("status" | "state" | "lifecycle")) {
        return choice(
            engine,
            name,
            of_sentences,
            format!("{from}; the values are words in capitals of the sentences"),
        );
    }
    let others = subject.lexicon.engines.iter().filter(|(id, _)| id.value != engine.id);
    for (id, scope) in others {
        let entry = scope.fields.iter().find(|entry| entry.name.value == name);
        let ty = entry.and_then(|entry| entry.ty.as_ref()).map(|ty| &ty.kind);
        let Some(ExprKind::Name(ty)) = ty else { continue };
        let Some(declared) = scope.types.iter().find(|known| known.name.value == *ty) else { continue };
        if let TypeKind::Enum { values } = &declared.kind {
            let from = format!("{from}; the values are those of `{name}` of {}", id.value);
            return choice(engine, name, values.clone(), from);
        }
    }
    let kind = TypeKind::Text { min_len: 1, max_len: ID_BYTES, ascii: true, free: false };
    own(engine, name, kind, format!("{from}, of which no page names the values; an enum has them"))
}

/// What nothing else explains.
fn by_use(engine: &Adopted<'_>, name: &str, one: &str) -> Guess {
    let from = if engine.is_in_a_key(name) { "it is part of a key" } else { "nothing but its name is known" };
    let kind = TypeKind::Text { min_len: 1, max_len: ID_BYTES, ascii: false, free: false };
    own(engine, one, kind, from.to_owned())
}

/// `NoteId` of `note_id`; a single word gets the engine's name before it, because it would mean too much.
pub(super) fn type_name(engine: &Adopted<'_>, field: &str) -> String {
    let name = pascal(field);
    let is_short = !field.contains('_');
    let name = if is_short || TAKEN.contains(&name.as_str()) {
        // Once more, because a name of one letter before it makes other words of it.
        pascal(&format!("{}{name}", pascal(&engine.short_name().to_ascii_lowercase())))
    } else {
        name
    };
    let is_taken = engine.contract.capabilities.iter().any(|capability| pascal(&capability.id) == name);
    if is_taken { format!("{name}Value") } else { name }
}

/// `tag` of `tags`.
pub(super) fn singular(name: &str) -> String {
    if let Some(stem) = name.strip_suffix("ies") {
        return format!("{stem}y");
    }
    match name.strip_suffix("ses").or_else(|| name.strip_suffix("xes")) {
        Some(_) => name.trim_end_matches("es").to_owned(),
        None => name.strip_suffix('s').filter(|stem| !stem.ends_with('s')).unwrap_or(name).to_owned(),
    }
}

/// Whether a word is written as the name of a field.
pub(super) fn is_field_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.contains('_')
        && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}
