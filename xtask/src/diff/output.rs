//! What an answer holds.

use std::collections::{BTreeMap, BTreeSet};

use selene_codegen::contract::{Builtin, Capability, Contract, Effect, Field, Record, TypeRef};

use super::change::Changes;
use super::field::{self, is_alike, is_option, without_option};
use super::kinds;
use super::pair::{At, Pair};
use super::side::Side;

/// Holds the output of a capability against its former self. The records that it gives are compared by [`records`].
pub(super) fn compare(
    pair: &Pair<'_>,
    (old, new): (&Capability, &Capability),
    at: &At,
    changes: &mut Changes,
) {
    let id = &new.id;
    if pair.unread.contains(&format!("{id}.output")) {
        return;
    }
    let at = at.child(&["output"]);
    let (from, to) = (old.output.types(), new.output.types());
    if let ([from], [to]) = (from, to) {
        let (was_maybe, is_maybe) = (is_option(from), is_option(to));
        if is_maybe && !was_maybe {
            pair.push(kinds::OUTPUT_MAYBE, id, format!("gives `{to}`, and gave `{from}`"), &at, changes);
        } else if was_maybe && !is_maybe {
            pair.push(kinds::OUTPUT_ALWAYS, id, format!("gives `{to}`, and gave `{from}`"), &at, changes);
        }
        let own_name = |ty: &TypeRef| is_named_after(ty, old) || is_named_after(ty, new);
        let (from, to) = (without_option(from), without_option(to));
        let is_same = is_alike(from, to) || (own_name(from) && own_name(to));
        if !is_same {
            pair.push(kinds::OUTPUT_TYPE, id, format!("gives `{to}`, and gave `{from}`"), &at, changes);
            stored(pair, old, format!("stored answers are `{from}`, and are read as `{to}`"), &at, changes);
        }
        return;
    }
    for ty in to.iter().filter(|ty| !from.contains(ty)) {
        pair.push(kinds::OUTPUT_FURTHER, id, format!("may give `{ty}`"), &at, changes);
    }
    for ty in from.iter().filter(|ty| !to.contains(ty)) {
        pair.push(kinds::OUTPUT_FEWER, id, format!("no longer gives `{ty}`"), &at, changes);
        stored(pair, old, format!("stored answers are `{ty}`, which it gives no longer"), &at, changes);
    }
}

/// A record that the schema writes in place and that bears the capability's name, which may be another one now.
fn is_named_after(ty: &TypeRef, capability: &Capability) -> bool {
    let stem = selene_codegen::naming::pascal(&capability.id);
    matches!(ty, TypeRef::Named(name) if name.strip_prefix(&stem).is_some_and(|rest| matches!(rest, "Output" | "Record")))
}

fn stored(pair: &Pair<'_>, old: &Capability, words: String, at: &At, changes: &mut Changes) {
    if old.effect == Effect::Write {
        pair.push(kinds::STORED_ANSWER, &old.id, words, at, changes);
    }
}

/// Records that answers of an engine give, each once, with the capabilities that give it.
pub(super) fn records(pair: &Pair<'_>, changes: &mut Changes) {
    let given = Given::of(pair.sides.old, pair.old);
    let gives_now = Given::of(pair.sides.new, pair.new);
    for (name, by) in &given.records {
        if !gives_now.records.contains_key(name) {
            continue;
        }
        let Some((old, old_file)) = pair.sides.old.record_of(pair.old, name) else { continue };
        let Some((new, new_file)) = pair.sides.new.record_of(pair.new, name) else { continue };
        let path = vec!["records".to_owned(), name.clone()];
        let at = At { old: (old_file, path.clone()), new: (new_file, path) };
        let is_stored = by.iter().any(|id| given.writes.contains(id));
        fields(pair, name, (old, new), is_stored, &at.child(&["fields"]), changes);
        if old.doc != new.doc {
            pair.push(
                kinds::WORDS_CHANGED,
                name,
                "is described in other words",
                &at.child(&["doc"]),
                changes,
            );
        }
    }
}

/// The records that the answers of an engine give, and whether answers with them are stored.
pub(super) fn given(side: &Side, contract: &Contract) -> Vec<(String, bool)> {
    let Given { records, writes } = Given::of(side, contract);
    let is_stored = |by: &BTreeSet<&str>| by.iter().any(|id| writes.contains(id));
    records.into_iter().map(|(name, by)| (name, is_stored(&by))).collect()
}

/// What the answers of an engine give.
struct Given<'a> {
    /// Records by name, with the capabilities that give them, within others too.
    records: BTreeMap<String, BTreeSet<&'a str>>,
    /// Capabilities whose answers are stored.
    writes: BTreeSet<&'a str>,
}

impl<'a> Given<'a> {
    fn of(side: &'a Side, contract: &'a Contract) -> Self {
        let mut given = Self { records: BTreeMap::new(), writes: BTreeSet::new() };
        for capability in contract.served() {
            if capability.effect == Effect::Write {
                given.writes.insert(&capability.id);
            }
            let mut open: Vec<&TypeRef> = capability.output.types().iter().collect();
            while let Some(ty) = open.pop() {
                match ty {
                    TypeRef::Option(inner) | TypeRef::List(inner) => open.push(inner),
                    TypeRef::Map(key, value) => open.extend([&**key, &**value]),
                    TypeRef::Named(name) => {
                        let Some((record, _)) = side.record_of(contract, name) else { continue };
                        if given.records.entry(name.clone()).or_default().insert(&capability.id) {
                            open.extend(record.fields.iter().map(|field| &field.ty));
                        }
                    }
                    TypeRef::Unit | TypeRef::Builtin(_) => {}
                }
            }
        }
        given
    }
}

fn fields(
    pair: &Pair<'_>,
    name: &str,
    (old, new): (&Record, &Record),
    is_stored: bool,
    at: &At,
    changes: &mut Changes,
) {
    let has = |record: &Record, field: &Field| record.fields.iter().any(|other| other.name == field.name);
    for field in &old.fields {
        let item = format!("{name}.{}", field.name);
        let at = at.child(&[&field.name]);
        let Some(other) = new.fields.iter().find(|other| other.name == field.name) else {
            pair.push(kinds::ANSWER_REMOVED, &item, "is given no longer", &at, changes);
            if is_stored {
                pair.push(
                    kinds::STORED_ANSWER,
                    &item,
                    "stored answers have it, and it is read no longer",
                    &at,
                    changes,
                );
            }
            continue;
        };
        field::compare(pair, &field::ANSWER, &item, &at, (field, other), changes);
        let is_needed = !is_option(&other.ty) && other.absent.is_none();
        if is_stored && is_option(&field.ty) && is_needed {
            pair.push(kinds::STORED_ANSWER, &item, "stored answers may lack it", &at, changes);
        }
        if is_stored
            && !widens(without_option(&field.ty), without_option(&other.ty))
            && !is_alike(without_option(&field.ty), without_option(&other.ty))
        {
            let words = format!("stored answers have `{}`, and are read as `{}`", field.ty, other.ty);
            pair.push(kinds::STORED_ANSWER, &item, words, &at.child(&["type"]), changes);
        }
    }
    for field in new.fields.iter().filter(|field| !has(old, field)) {
        let item = format!("{name}.{}", field.name);
        let at = at.child(&[&field.name]);
        pair.push(kinds::ANSWER_ADDED, &item, format!("is new, of `{}`", field.ty), &at, changes);
        let may_lack = is_option(&field.ty) || matches!(field.ty, TypeRef::List(_)) || field.absent.is_some();
        if is_stored && !may_lack {
            pair.push(kinds::STORED_ANSWER, &item, "stored answers lack it", &at, changes);
        }
    }
}

/// Whether every value of one whole number is one of the other.
fn widens(old: &TypeRef, new: &TypeRef) -> bool {
    let width = |ty: &TypeRef| {
        let widths = [Builtin::U8, Builtin::U16, Builtin::U32, Builtin::U64];
        widths.iter().position(|known| matches!(ty, TypeRef::Builtin(builtin) if builtin == known))
    };
    width(old).zip(width(new)).is_some_and(|(old, new)| old <= new)
}
