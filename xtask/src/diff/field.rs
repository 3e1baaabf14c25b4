//! One field on both sides: optionality, type and bounds. What a change of it breaks depends on where the field stands.

use selene_codegen::contract::{Field, Number, TypeRef};

use super::change::Changes;
use super::kind::Kind;
use super::kinds;
use super::pair::{At, Pair};
use crate::resolve::UNKNOWN;

/// Where a field stands, and so what its changes are.
pub(super) struct Role {
    pub(super) optional: &'static Kind,
    pub(super) required: &'static Kind,
    pub(super) ty: &'static Kind,
    pub(super) narrower: &'static Kind,
    pub(super) wider: &'static Kind,
}

/// A field of an input.
pub(super) static INPUT: Role = Role {
    optional: kinds::INPUT_OPTIONAL,
    required: kinds::INPUT_REQUIRED,
    ty: kinds::INPUT_TYPE,
    narrower: kinds::INPUT_NARROWER,
    wider: kinds::INPUT_WIDER,
};

/// A field of an output.
pub(super) static ANSWER: Role = Role {
    optional: kinds::ANSWER_OPTIONAL,
    required: kinds::ANSWER_ALWAYS,
    ty: kinds::ANSWER_TYPE,
    narrower: kinds::ANSWER_NARROWER,
    wider: kinds::ANSWER_WIDER,
};

/// A column of a table.
pub(super) static COLUMN: Role = Role {
    optional: kinds::COLUMN_OPTIONAL,
    required: kinds::COLUMN_REQUIRED,
    ty: kinds::COLUMN_TYPE,
    narrower: kinds::COLUMN_NARROWER,
    wider: kinds::COLUMN_WIDER,
};

/// Holds a field against its former self.
pub(super) fn compare(
    pair: &Pair<'_>,
    role: &Role,
    item: &str,
    at: &At,
    (old, new): (&Field, &Field),
    changes: &mut Changes,
) {
    let (is_optional, was_optional) = (is_option(&new.ty), is_option(&old.ty));
    if is_optional && !was_optional {
        pair.push(role.optional, item, "may be absent, and had to be there", at, changes);
    } else if was_optional && !is_optional {
        pair.push(role.required, item, "must be there, and could be absent", at, changes);
    }
    let (from, to) = (without_option(&old.ty), without_option(&new.ty));
    if !is_alike(from, to) {
        pair.push(role.ty, item, format!("is `{to}`, and was `{from}`"), &at.child(&["type"]), changes);
    }
    bounds(pair, role, item, at, (old, new), changes);
    fixed(pair, role, item, at, (old, new), changes);
    classes(pair, role, item, at, (old, new), changes);
    if old.violation != new.violation {
        let words = format!("out of bounds is refused with {}, and was with {}", code(new), code(old));
        pair.push(kinds::REFUSAL_CODE, item, words, &at.child(&["violation"]), changes);
    }
    if old.absent != new.absent {
        let value_or = |value: &Option<String>| {
            value.as_ref().map_or("nothing".to_owned(), |value| format!("`{value}`"))
        };
        let words = format!(
            "stored answers without it have {}, and had {}",
            value_or(&new.absent),
            value_or(&old.absent)
        );
        // What answers lack that were stored before the field was there, is new for those only.
        let kind = if old.absent.is_some() { kinds::STORED_ANSWER } else { kinds::WORDS_CHANGED };
        pair.push(kind, item, words, &at.child(&["type"]), changes);
    }
    if old.doc != new.doc || old.group != new.group {
        pair.push(kinds::WORDS_CHANGED, item, "is described in other words", &at.child(&["doc"]), changes);
    }
}

fn code(field: &Field) -> String {
    field.violation.as_ref().map_or_else(|| "the engine's code".to_owned(), |code| format!("`{code}`"))
}

fn bounds(
    pair: &Pair<'_>,
    role: &Role,
    item: &str,
    at: &At,
    (old, new): (&Field, &Field),
    changes: &mut Changes,
) {
    let numbers = |range: Option<(Number, Number)>| range.map(|(low, high)| (value(low), value(high)));
    let was = numbers(old.range).unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
    let is = numbers(new.range).unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
    let words = format!("takes {}, and took {}", range(new), range(old));
    let place = at.child(&["range"]);
    if is.0 > was.0 || is.1 < was.1 {
        pair.push(role.narrower, item, words.as_str(), &place, changes);
    }
    if is.0 < was.0 || is.1 > was.1 {
        pair.push(role.wider, item, words.as_str(), &place, changes);
    }
    let most = |field: &Field| field.max_items.unwrap_or(u32::MAX);
    if most(old) != most(new) {
        let shown = |field: &Field| {
            field.max_items.map_or("any number of".to_owned(), |most| format!("at most {most}"))
        };
        let words = format!("holds {} items, and held {}", shown(new), shown(old));
        let kind = if most(new) < most(old) { role.narrower } else { role.wider };
        pair.push(kind, item, words, &at.child(&["max_items"]), changes);
    }
}

#[allow(clippy::cast_precision_loss, reason = "bounds are only compared, and equal ones stay equal")]
fn value(number: Number) -> f64 {
    match number {
        Number::Whole(value) => value as f64,
        Number::Real(value) => value,
    }
}

fn range(field: &Field) -> String {
    field.range.map_or_else(|| "any number".to_owned(), |(low, high)| format!("{low} to {high}"))
}

fn fixed(
    pair: &Pair<'_>,
    role: &Role,
    item: &str,
    at: &At,
    (old, new): (&Field, &Field),
    changes: &mut Changes,
) {
    if old.fixed == new.fixed {
        return;
    }
    let shown = |field: &Field| {
        field.fixed.as_ref().map_or("any value".to_owned(), |value| format!("only `{value}`"))
    };
    let words = format!("takes {}, and took {}", shown(new), shown(old));
    let kind = if new.fixed.is_some() { role.narrower } else { role.wider };
    pair.push(kind, item, words, at, changes);
}

/// The classes of the reason codes that stand there.
fn classes(
    pair: &Pair<'_>,
    role: &Role,
    item: &str,
    at: &At,
    (old, new): (&Field, &Field),
    changes: &mut Changes,
) {
    // Without a register nothing is known of classes.
    if !pair.sides.old.has_register || !pair.sides.new.has_register {
        return;
    }
    let place = at.child(&["classes"]);
    for class in old.classes.iter().filter(|class| !new.classes.contains(class)) {
        let words = format!("takes no codes of class `{}` any more", class.as_str());
        pair.push(role.narrower, item, words, &place, changes);
    }
    for class in new.classes.iter().filter(|class| !old.classes.contains(class)) {
        let words = format!("takes codes of class `{}` now", class.as_str());
        pair.push(role.wider, item, words, &place, changes);
    }
    let place = at.child(&["own_step"]);
    if old.own_step != new.own_step {
        if let Some(code) = &old.own_step {
            pair.push(
                role.narrower,
                item,
                format!("takes `{code}` no longer as its own step"),
                &place,
                changes,
            );
        }
        if let Some(code) = &new.own_step {
            pair.push(role.wider, item, format!("takes `{code}` as its own step"), &place, changes);
        }
    }
}

pub(super) const fn is_option(ty: &TypeRef) -> bool {
    matches!(ty, TypeRef::Option(_))
}

pub(super) fn without_option(ty: &TypeRef) -> &TypeRef {
    match ty {
        TypeRef::Option(inner) => inner,
        other => other,
    }
}

/// Whether two types are the same as far as both are known.
pub(super) fn is_alike(old: &TypeRef, new: &TypeRef) -> bool {
    match (old, new) {
        (TypeRef::List(old), TypeRef::List(new)) | (TypeRef::Option(old), TypeRef::Option(new)) => {
            is_alike(old, new)
        }
        (TypeRef::Map(old_key, old), TypeRef::Map(new_key, new)) => {
            is_alike(old_key, new_key) && is_alike(old, new)
        }
        // What no lexicon explains may be anything but another shape.
        (TypeRef::Named(name), other) | (other, TypeRef::Named(name)) if is_unknown_name(name) => {
            !matches!(other, TypeRef::List(_) | TypeRef::Option(_) | TypeRef::Map(..))
        }
        (old, new) => old == new,
    }
}

fn is_unknown_name(name: &str) -> bool {
    name == UNKNOWN
}
