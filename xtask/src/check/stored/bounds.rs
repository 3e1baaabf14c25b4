//! Bounds that became narrower: what is stored beyond them stays readable, but no call can name it any more.

use std::collections::BTreeMap;

use selene_codegen::contract::{Contract, Effect, Field, Number, TypeKind, TypeRef};
use selene_codegen::naming::module_name;

use super::origins::{origin, type_of};
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::lexicon::Lexicon;
use crate::paths::SHARED;
use crate::resolve::Resolved;
use crate::source::Span;
use crate::written::{WrittenContract, WrittenContracts};

/// What became narrower, with all the places where values of it are stored or named.
struct Narrowed {
    span: Span,
    changes: Vec<String>,
    places: Vec<String>,
}

/// Reports what is stored and no longer admitted, each type and each field once.
pub(super) fn check(
    resolved: &Resolved,
    before: &WrittenContracts,
    lexicon: &Lexicon,
    diagnostics: &mut Diagnostics,
) {
    let mut found: BTreeMap<String, Narrowed> = BTreeMap::new();
    for WrittenContract { contract: old, .. } in &before.engines {
        let Some(new) = resolved.contracts.iter().find(|contract| contract.engine.id == old.engine.id) else {
            continue;
        };
        for (place, path, field) in stored_fields(old) {
            let Some((_, _, now)) = stored_fields(new).into_iter().find(|(other, ..)| *other == place) else {
                continue;
            };
            let mut note = |name: &str, span: Option<Span>, changes: Vec<String>| {
                let (Some(span), false) = (span, changes.is_empty()) else { return };
                let entry = found.entry(name.to_owned()).or_insert_with(|| Narrowed {
                    span,
                    changes: Vec::new(),
                    places: Vec::new(),
                });
                entry.changes.extend(
                    changes.into_iter().filter(|change| !entry.changes.contains(change)).collect::<Vec<_>>(),
                );
                if !entry.places.contains(&place) {
                    entry.places.push(place.clone());
                }
            };
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            note(&field.name, origin(resolved, new, &path), of_field(field, now));
            let (TypeRef::Named(was), TypeRef::Named(is)) = (leaf(&field.ty), leaf(&now.ty)) else {
                continue;
            };
            let kinds = type_of(old, &before.shared, was).zip(type_of(new, &resolved.shared, is));
            let Some((was, is)) = kinds else { continue };
            let home = if new.types.iter().any(|ty| ty.name == is.name) {
                module_name(&new.engine.id)
            } else {
                SHARED.to_owned()
            };
            let parts = ["types".to_owned(), is.name.clone()];
            note(&is.name, resolved.provenance.find(&home, &parts), of_kind(&was.kind, &is.kind));
        }
    }
    for (name, narrowed) in found {
        if lexicon.acknowledged.iter().any(|known| known.value == name) {
            continue;
        }
        let message =
            format!("`{name}` admits less than what may be stored: {}", narrowed.changes.join(", "));
        diagnostics.push(
            Diagnostic::new(codes::NARROWED_BOUND, message, narrowed.span, "narrower than before").help(format!(
                "stored in or named by {}; rows beyond the bound stay readable, but no call can name them. Put the bound back, or add `{name}` to `acknowledged` in lexicon.yaml",
                narrowed.places.join(", ")
            )),
        );
    }
}

/// Columns of tables and inputs of capabilities: where they are, their path in the contract, the field.
fn stored_fields(contract: &Contract) -> Vec<(String, Vec<String>, &Field)> {
    let columns = contract.tables.iter().flat_map(|table| {
        table.columns.iter().map(|column| {
            let path = ["tables", &table.name, "columns", &column.name].map(str::to_owned);
            (format!("{}.{}", table.name, column.name), path.to_vec(), column)
        })
    });
    let inputs = contract.served().filter(|capability| capability.effect != Effect::Guard);
    let inputs = inputs.flat_map(|capability| {
        capability.input_fields().map(move |field| {
            let path = ["capabilities", &capability.id, "input", &field.name].map(str::to_owned);
            (format!("{} ({})", capability.stored_name(), field.name), path.to_vec(), field)
        })
    });
    columns.chain(inputs).collect()
}

fn leaf(ty: &TypeRef) -> &TypeRef {
    match ty {
        TypeRef::Option(inner) | TypeRef::List(inner) => leaf(inner),
        other => other,
    }
}

/// What a field admitted and does not any more.
fn of_field(old: &Field, new: &Field) -> Vec<String> {
    let mut changes = Vec::new();
    let value = |number: &Number| match number {
        #[allow(clippy::cast_precision_loss, reason = "bounds of the lexicon are small")]
        Number::Whole(number) => *number as f64,
        Number::Real(number) => *number,
    };
    if let Some((low, high)) = &new.range {
        let is_narrower = old
            .range
            .as_ref()
            .is_none_or(|(old_low, old_high)| value(low) > value(old_low) || value(high) < value(old_high));
        if is_narrower {
            let old = old.range.as_ref().map_or("any".to_owned(), |(low, high)| format!("{low}..={high}"));
            changes.push(format!("range {old} became {low}..={high}"));
        }
    }
    if let Some(most) = new.max_items
        && old.max_items.is_none_or(|old| old > most)
    {
        let old = old.max_items.map_or("any".to_owned(), |old| old.to_string());
        changes.push(format!("max_items {old} became {most}"));
    }
    changes
}

/// What a type admitted and does not any more.
fn of_kind(old: &TypeKind, new: &TypeKind) -> Vec<String> {
    let mut changes = Vec::new();
    let mut compare = |name: &str, old: u128, new: u128, is_narrower: bool| {
        if is_narrower {
            changes.push(format!("{name} {old} became {new}"));
        }
    };
    match (old, new) {
        (
            TypeKind::Text { min_len: old_min, max_len: old_max, ascii: was_ascii, free: was_free },
            TypeKind::Text { min_len, max_len, ascii, free },
        ) => {
            compare("min_len", u128::from(*old_min), u128::from(*min_len), min_len > old_min);
            compare("max_len", u128::from(*old_max), u128::from(*max_len), max_len < old_max);
            if *ascii && !was_ascii {
                changes.push("only ASCII is left".to_owned());
            }
            if *was_free && !free {
                changes.push("a text became an id, which must not look like another one".to_owned());
            }
        }
        (TypeKind::Integer { min: old_min, max: old_max, .. }, TypeKind::Integer { min, max, .. }) => {
            let (old_min, min) = (old_min.unwrap_or(0), min.unwrap_or(0));
            let (old_max, max) = (old_max.unwrap_or(u128::MAX), max.unwrap_or(u128::MAX));
            compare("min", old_min, min, min > old_min);
            compare("max", old_max, max, max < old_max);
        }
        (TypeKind::Enum { values }, TypeKind::Enum { values: new }) => {
            let gone: Vec<&str> =
                values.iter().filter(|value| !new.contains(value)).map(String::as_str).collect();
            if !gone.is_empty() {
                changes.push(format!("`{}` is gone", gone.join("`, `")));
            }
        }
        _ => changes.push("its kind is another one".to_owned()),
    }
    changes
}
