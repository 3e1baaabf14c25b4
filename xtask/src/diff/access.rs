//! Who may call, under which gate, and what a call does to the store.

use selene_codegen::contract::{Capability, Effect, ReadScope};

use super::change::Changes;
use super::kinds;
use super::pair::{At, Pair};
use crate::parse::document::WriteText;

/// Holds callers, gate, effect, scope and written tables of a capability against each other.
pub(super) fn compare(
    pair: &Pair<'_>,
    (old, new): (&Capability, &Capability),
    at: &At,
    changes: &mut Changes,
) {
    let id = new.id.as_str();
    callers(pair, (old, new), &at.child(&["allowed_callers"]), changes);
    let gate = at.child(&["simulation_gated"]);
    match (old.simulation_gated, new.simulation_gated) {
        (false, true) => pair.push(kinds::GATE_ADDED, id, "needs a simulation", &gate, changes),
        (true, false) => pair.push(kinds::GATE_REMOVED, id, "needs no simulation any more", &gate, changes),
        _ => {}
    }
    if old.effect != new.effect {
        let words = format!("{} now, and {} before", is(new.effect), was(old.effect));
        pair.push(kinds::EFFECT_CHANGED, id, words, &at.child(&["effect"]), changes);
    }
    // What changes rows looks at those of its key.
    let reads = |one: &Capability| one.effect != Effect::Write;
    // Without the tables nothing says what an input leads to.
    let is_known = |one: &Capability| one.read_scope.is_some();
    let is_declared = |one: &Capability| one.read_scope == Some(ReadScope::WholeLedger);
    let can_differ = is_known(old) && is_known(new) || is_declared(old) || is_declared(new);
    if reads(old) && reads(new) && can_differ && old.read_scope != new.read_scope {
        let words = format!("looks at {}, and looked at {}", scope(new.read_scope), scope(old.read_scope));
        pair.push(kinds::READ_SCOPE_CHANGED, id, words, &at.child(&["input"]), changes);
    }
    if !pair.has_wirings() {
        return;
    }
    let tables = |write: &WriteText| write.tables.first().map(|table| table.span);
    let places = pair.in_writes(old, new, &tables);
    let at = at.child(&["writes"]);
    for table in old.writes.iter().filter(|table| !new.writes.contains(table)) {
        let words = format!("`{table}` is written no longer");
        pair.push_at(kinds::WRITTEN_TABLES, id, words, places, &at, changes);
    }
    for table in new.writes.iter().filter(|table| !old.writes.contains(table)) {
        let words = format!("`{table}` is written as well");
        pair.push_at(kinds::WRITTEN_TABLES, id, words, places, &at, changes);
    }
}

/// Who may call. Where the capability names the same group as before, the lexicon has changed what the group means.
fn callers(pair: &Pair<'_>, (old, new): (&Capability, &Capability), at: &At, changes: &mut Changes) {
    let before = pair.sides.old.callers_of(&pair.old.engine.id, &old.id);
    let now = pair.sides.new.callers_of(&pair.new.engine.id, &new.id);
    let places = match (before, now) {
        (Some((group, old)), Some((same, new))) if group == same => (Some(old), Some(new)),
        _ => (None, None),
    };
    let (was, is) = (&old.allowed_callers, &new.allowed_callers);
    for caller in was.iter().filter(|caller| !is.contains(caller)) {
        let words = format!("`{caller}` may not call any more");
        pair.push_at(kinds::CALLER_REMOVED, &new.id, words, places, at, changes);
    }
    for caller in is.iter().filter(|caller| !was.contains(caller)) {
        pair.push_at(kinds::CALLER_ADDED, &new.id, format!("`{caller}` may call"), places, at, changes);
    }
}

const fn is(effect: Effect) -> &'static str {
    match effect {
        Effect::Write => "writes",
        Effect::Read => "reads",
        Effect::Guard => "tries what is forbidden",
    }
}

const fn was(effect: Effect) -> &'static str {
    match effect {
        Effect::Write => "wrote",
        Effect::Read => "read",
        Effect::Guard => "tried what is forbidden",
    }
}

const fn scope(scope: Option<ReadScope>) -> &'static str {
    match scope {
        Some(ReadScope::Tenant) => "the rows of the tenant that the call names",
        Some(ReadScope::Row) => "the row that the call names",
        Some(ReadScope::WholeLedger) => "all rows",
        None => "rows of which nothing says whose they are",
    }
}
