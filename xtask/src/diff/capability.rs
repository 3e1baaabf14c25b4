//! Capabilities of two revisions: which of them are the same, and what has become of the others.

use selene_codegen::contract::{Capability, Effect, Note, SpecKind};
use selene_codegen::naming::module_name;

use super::change::Changes;
use super::pair::{At, Pair, Sides, note};
use super::{access, dedupe, event, input, kinds, output};

/// Compares the capabilities of an engine that both sides have.
pub(super) fn compare(pair: &Pair<'_>, changes: &mut Changes) {
    let is_lost = |side: &super::Side, contract| side.is_lost(contract, SpecKind::Ecm);
    if is_lost(pair.sides.old, pair.old) || is_lost(pair.sides.new, pair.new) {
        return;
    }
    for old in &pair.old.capabilities {
        match successor(pair, old) {
            Some(new) => both(pair, (old, new), changes),
            None => removed(pair, old, changes),
        }
    }
    for new in &pair.new.capabilities {
        let is_known =
            pair.old.capabilities.iter().any(|old| successor(pair, old).is_some_and(|one| one.id == new.id));
        if is_known || came_from(pair, new).is_some() {
            continue;
        }
        let kind = if new.planned { kinds::PLAN_CHANGED } else { kinds::CAPABILITY_ADDED };
        let words = if new.planned { "is planned" } else { "is new" };
        pair.push(kind, &new.id, words, &pair.at(&["capabilities", &new.id]), changes);
    }
}

/// The same capability on the new side: by its id, else by the name that its calls are stored under.
fn successor<'a>(pair: &Pair<'a>, old: &Capability) -> Option<&'a Capability> {
    let new = &pair.new.capabilities;
    new.iter().find(|new| new.id == old.id).or_else(|| {
        new.iter().find(|new| {
            let is_taken = pair.old.capabilities.iter().any(|other| other.id == new.id);
            new.stored_name.as_deref() == Some(old.stored_name()) && !is_taken
        })
    })
}

/// The engine on the old side that had a capability which is new in this one, and has it no longer.
fn came_from(pair: &Pair<'_>, new: &Capability) -> Option<String> {
    let has = |contract: &selene_codegen::contract::Contract| {
        contract.capabilities.iter().any(|one| one.id == new.id)
    };
    let before = pair.sides.old.resolved.contracts.iter().find(|contract| has(contract))?;
    let stays = pair.sides.new.contract(&before.engine.id).is_some_and(has);
    (!stays).then(|| before.engine.id.clone())
}

fn removed(pair: &Pair<'_>, old: &Capability, changes: &mut Changes) {
    let elsewhere = pair.sides.new.resolved.contracts.iter().find_map(|contract| {
        let was_there = pair.sides.old.contract(&contract.engine.id);
        let had_it =
            was_there.is_some_and(|contract| contract.capabilities.iter().any(|one| one.id == old.id));
        let new = contract.capabilities.iter().find(|one| one.id == old.id)?;
        (!had_it).then_some((contract, new))
    });
    if let Some((contract, new)) = elsewhere {
        let moved = Pair { new: contract, ..*pair };
        let at = moved.at(&["capabilities", &old.id]);
        let words = format!("belongs to {}, and belonged to {}", contract.engine.id, pair.old.engine.id);
        moved.push(kinds::CAPABILITY_MOVED, &old.id, words.as_str(), &at, changes);
        if is_stored(old) {
            moved.push(kinds::STORED_CALLS_MOVED, &old.id, words, &at, changes);
        }
        both(&moved, (old, new), changes);
        return;
    }
    gone(pair.sides, &pair.old.engine.id, old, changes);
}

/// Notes a capability that is nowhere any more.
pub(super) fn gone(sides: Sides<'_>, engine: &str, old: &Capability, changes: &mut Changes) {
    let at = At::same(&module_name(engine), &["capabilities", &old.id]);
    if old.planned {
        note(sides, engine, kinds::PLAN_CHANGED, &old.id, "is planned no longer", &at, changes);
        return;
    }
    note(sides, engine, kinds::CAPABILITY_REMOVED, &old.id, "is gone", &at, changes);
    if is_stored(old) {
        let words = format!("calls that are stored as `{}` cannot be answered again", old.stored_name());
        note(sides, engine, kinds::STORED_CALLS_LOST, &old.id, words, &at, changes);
    }
}

fn is_stored(capability: &Capability) -> bool {
    capability.effect == Effect::Write && !capability.planned
}

fn both(pair: &Pair<'_>, (old, new): (&Capability, &Capability), changes: &mut Changes) {
    let mut at = pair.at(&["capabilities", &new.id]);
    old.id.clone_into(&mut at.old.1[1]);
    match (old.planned, new.planned) {
        (true, true) => {
            if old != new {
                pair.push(kinds::PLAN_CHANGED, &new.id, "is planned otherwise", &at, changes);
            }
            return;
        }
        (true, false) => {
            pair.push(kinds::CAPABILITY_SERVED, &new.id, "is served, and was planned", &at, changes);
            return;
        }
        (false, true) => {
            pair.push(kinds::CAPABILITY_PLANNED, &new.id, "is planned, and was served", &at, changes);
            if is_stored(old) {
                let words =
                    format!("calls that are stored as `{}` cannot be answered again", old.stored_name());
                pair.push(kinds::STORED_CALLS_LOST, &new.id, words, &at, changes);
            }
            return;
        }
        (false, false) => {}
    }
    if old.id != new.id {
        // The contract keeps the first name, and with it the alias.
        let has_alias = new.stored_name.as_deref() == Some(old.id.as_str());
        let kind = if has_alias { kinds::CAPABILITY_RENAMED_WITH_ALIAS } else { kinds::CAPABILITY_RENAMED };
        pair.push(kind, &new.id, format!("was `{}`", old.id), &at, changes);
    }
    access::compare(pair, (old, new), &at, changes);
    input::compare(pair, (old, new), &at, changes);
    output::compare(pair, (old, new), &at, changes);
    dedupe::compare(pair, (old, new), &at, changes);
    event::compare(pair, (old, new), &at, changes);
    if old.name != new.name {
        pair.push(
            kinds::WORDS_CHANGED,
            &new.id,
            "is described in other words",
            &at.child(&["name"]),
            changes,
        );
    }
    notes(pair, &new.id, (&old.notes, &new.notes), &at.child(&["notes"]), changes);
}

/// Words of a key that say what must hold.
const RULES: [&str; 8] =
    ["order", "gate", "guard", "rule", "precondition", "moves", "transition", "condition"];

/// Bullets in the spec's words: of those that state a rule, one that goes away proves less, and another one is kept by backends.
fn notes(pair: &Pair<'_>, id: &str, (old, new): (&[Note], &[Note]), at: &At, changes: &mut Changes) {
    let states_a_rule = |note: &Note| RULES.iter().any(|word| note.key.to_ascii_lowercase().contains(word));
    for note in old.iter().filter(|note| !new.contains(note)) {
        let at = at.child(&[&note.key]);
        let other = new.iter().find(|other| other.key == note.key && !old.contains(other));
        let is_same = other.is_some_and(|other| super::words::has_same_meaning(&note.text, &other.text));
        if let Some(other) = other.filter(|_| !is_same) {
            let texts = (note.text.as_str(), other.text.as_str());
            if super::moves::compare(pair, id, texts, &at, changes) {
                continue;
            }
        }
        let words = match other {
            Some(_) => format!("`{}` says it in other words", note.key),
            None => format!("`{}` is gone", note.key),
        };
        let (kind, words) = match other {
            _ if is_same || !states_a_rule(note) => (kinds::WORDS_CHANGED, words),
            Some(_) => (kinds::RULE_CHANGED, format!("`{}` says something else", note.key)),
            None => (kinds::RULE_REMOVED, words),
        };
        pair.push(kind, id, words, &at, changes);
    }
    for note in new.iter().filter(|note| !old.iter().any(|other| other.key == note.key)) {
        let kind = if states_a_rule(note) { kinds::RULE_ADDED } else { kinds::WORDS_CHANGED };
        pair.push(kind, id, format!("`{}` is new", note.key), &at.child(&[&note.key]), changes);
    }
}
