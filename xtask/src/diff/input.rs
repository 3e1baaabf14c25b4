//! What a call holds.

use selene_codegen::contract::{Capability, Field, TypeRef};

use super::change::Changes;
use super::field::{self, is_option};
use super::kinds;
use super::pair::{At, Pair};

/// Holds the inputs of a capability against each other.
pub(super) fn compare(
    pair: &Pair<'_>,
    (old, new): (&Capability, &Capability),
    at: &At,
    changes: &mut Changes,
) {
    let id = &new.id;
    if pair.unread.contains(&format!("{id}.input")) {
        return;
    }
    let at_input = at.child(&["input"]);
    if old.input_alternatives.is_empty() != new.input_alternatives.is_empty() {
        let shown = |one: &Capability| match one.input_alternatives.len() {
            0 => "one set of fields".to_owned(),
            count => format!("one of {count} sets of fields"),
        };
        let words = format!("names {}, and named {}", shown(new), shown(old));
        pair.push(kinds::INPUT_SHAPE, id, words, &at_input, changes);
        return;
    }
    fields(pair, id, &at_input, (&old.input, &new.input), changes);
    for one in &old.input_alternatives {
        let Some(other) = new.input_alternatives.iter().find(|other| other.variant == one.variant) else {
            pair.push(
                kinds::VARIANT_REMOVED,
                id,
                format!("the alternative `{}` is gone", one.variant),
                &at_input,
                changes,
            );
            continue;
        };
        fields(pair, id, &at_input, (&one.fields, &other.fields), changes);
        if let (Some(from), Some(to)) = (&one.output, &other.output)
            && from != to
        {
            let words = format!("the alternative `{}` gives `{to}`, and gave `{from}`", one.variant);
            pair.push(kinds::OUTPUT_TYPE, id, words, &at.child(&["output"]), changes);
        }
    }
    for one in &new.input_alternatives {
        if !old.input_alternatives.iter().any(|other| other.variant == one.variant) {
            pair.push(
                kinds::VARIANT_ADDED,
                id,
                format!("the alternative `{}` is new", one.variant),
                &at_input,
                changes,
            );
        }
    }
    if old.context != new.context {
        let words = "the schema names other fields that every call has anyway";
        pair.push(kinds::WORDS_CHANGED, id, words, &at.child(&["context"]), changes);
    }
}

fn fields(pair: &Pair<'_>, id: &str, at: &At, (old, new): (&[Field], &[Field]), changes: &mut Changes) {
    for field in old {
        let item = format!("{id}.{}", field.name);
        let at = at.child(&[&field.name]);
        match new.iter().find(|other| other.name == field.name) {
            Some(other) => field::compare(pair, &field::INPUT, &item, &at, (field, other), changes),
            None => pair.push(kinds::INPUT_REMOVED, item, "is taken no longer", &at, changes),
        }
    }
    for field in new.iter().filter(|field| !old.iter().any(|other| other.name == field.name)) {
        let item = format!("{id}.{}", field.name);
        let at = at.child(&[&field.name]);
        if is_option(&field.ty) || matches!(field.ty, TypeRef::List(_)) {
            pair.push(kinds::INPUT_ADDED, item, "is new, and may be left out", &at, changes);
        } else {
            pair.push(kinds::INPUT_ADDED_REQUIRED, item, "is new, and must be given", &at, changes);
        }
    }
    let common = |one: &[Field], other: &[Field]| -> Vec<String> {
        let is_common = |field: &&Field| other.iter().any(|known| known.name == field.name);
        one.iter().filter(is_common).map(|field| field.name.clone()).collect()
    };
    if common(old, new) != common(new, old) {
        pair.push(kinds::WORDS_CHANGED, id, "the fields of the call stand in another order", at, changes);
    }
}
