//! Reason codes: which there are, what they mean, and which refusal carries which. Where one side has no register, only their
//! names are held against each other.

use std::collections::BTreeSet;

use selene_codegen::contract::{Contract, ReasonCode, RefusalClass, SpecKind};

use super::change::Changes;
use super::kinds;
use super::pair::Pair;
use super::side::Side;
use super::words::has_same_meaning;
use crate::resolve::EngineDocuments;
use crate::source::Span;

/// Compares the codes of one engine.
pub(super) fn compare(pair: &Pair<'_>, changes: &mut Changes) {
    let is_lost = |side: &Side, contract: &Contract| {
        [SpecKind::Ecm, SpecKind::DbWiring].into_iter().any(|half| side.is_lost(contract, half))
    };
    if pair.sides.old.has_register && pair.sides.new.has_register {
        registered(pair, changes);
        refusals(pair, changes);
    } else if !is_lost(pair.sides.old, pair.old) && !is_lost(pair.sides.new, pair.new) {
        named(pair, changes);
    }
}

fn registered(pair: &Pair<'_>, changes: &mut Changes) {
    for old in &pair.old.reason_codes {
        let at = pair.at(&["reason_codes", &old.name]);
        let Some(new) = pair.new.reason_codes.iter().find(|new| new.name == old.name) else {
            pair.push(kinds::CODE_REMOVED, &old.name, "is gone", &at, changes);
            let words = format!("`0x{:08X}` has no name any more", old.number);
            pair.push(kinds::CODE_LOST, &old.name, words, &at, changes);
            continue;
        };
        both(pair, (old, new), changes);
    }
    for new in &pair.new.reason_codes {
        if !pair.old.reason_codes.iter().any(|old| old.name == new.name) {
            let words = format!("is new, of class `{}`", new.class.as_str());
            pair.push(kinds::CODE_ADDED, &new.name, words, &pair.at(&["reason_codes", &new.name]), changes);
        }
    }
}

fn both(pair: &Pair<'_>, (old, new): (&ReasonCode, &ReasonCode), changes: &mut Changes) {
    let name = old.name.as_str();
    let at = pair.at(&["reason_codes", name]);
    match (old.retired, new.retired) {
        (false, true) => pair.push(kinds::CODE_REMOVED, name, "is retired", &at, changes),
        (true, false) => pair.push(kinds::CODE_ADDED, name, "is in use again", &at, changes),
        _ => {}
    }
    if old.number != new.number {
        let words = format!("is `0x{:08X}`, and was `0x{:08X}`", new.number, old.number);
        pair.push(kinds::CODE_NUMBER, name, words, &at, changes);
    }
    if old.class != new.class {
        let words = format!("is of class `{}`, and was of `{}`", new.class.as_str(), old.class.as_str());
        pair.push(kinds::CODE_CLASS, name, words, &at, changes);
    }
    if old.meaning != new.meaning {
        let is_same = has_same_meaning(&old.meaning, &new.meaning);
        let kind = if is_same { kinds::WORDS_CHANGED } else { kinds::CODE_MEANING };
        pair.push(
            kind,
            name,
            format!("means \"{}\", and meant \"{}\"", new.meaning, old.meaning),
            &at,
            changes,
        );
    }
    if old.source != new.source {
        pair.push(kinds::WORDS_CHANGED, name, "comes from another section", &at, changes);
    }
}

fn refusals(pair: &Pair<'_>, changes: &mut Changes) {
    for class in RefusalClass::ALL {
        let (old, new) = (pair.old.refusals.get(&class), pair.new.refusals.get(&class));
        let (Some(old), Some(new)) = (old, new) else { continue };
        if old != new {
            let words = format!(
                "a refusal of `{}` carries `{}`, and carried `{}`",
                class.as_str(),
                new.name,
                old.name
            );
            let item = pair.new.engine.id.as_str();
            pair.push(kinds::REFUSAL_CODE, item, words, &pair.at(&["refusals", class.as_str()]), changes);
        }
    }
}

/// The codes that pages name.
fn named(pair: &Pair<'_>, changes: &mut Changes) {
    let names = |side: &Side, engine: &str| -> Vec<(String, Span)> {
        let pages = side.pages(engine);
        let codes = pages.iter().flat_map(EngineDocuments::both).flat_map(|page| &page.reason_codes);
        codes.map(|code| (code.value.clone(), code.span)).collect()
    };
    let (old, new) = (names(pair.sides.old, &pair.old.engine.id), names(pair.sides.new, &pair.new.engine.id));
    let only = |one: &[(String, Span)], other: &[(String, Span)]| -> BTreeSet<(String, Span)> {
        let is_known = |name: &str| other.iter().any(|(known, _)| known == name);
        let mut seen = BTreeSet::new();
        one.iter().filter(|(name, _)| !is_known(name) && seen.insert(name.clone())).cloned().collect()
    };
    let engine = pair.at(&["engine"]);
    for (name, span) in only(&old, &new) {
        pair.push_at(kinds::CODE_REMOVED, &name, "is named no longer", (Some(span), None), &engine, changes);
    }
    for (name, span) in only(&new, &old) {
        pair.push_at(kinds::CODE_ADDED, &name, "is named", (None, Some(span)), &engine, changes);
    }
}
