//! Tables of two revisions: which of them are the same, their truth type, columns, and what a database keeps of them.

use std::collections::BTreeMap;

use selene_codegen::contract::{Constraint, Contract, Index, PrivateColumn, SpecKind, Table, TruthType};
use selene_codegen::naming::{module_name, without_schema};

use super::change::Changes;
use super::field::{self, is_option};
use super::pair::{At, Pair, Sides, note};
use super::{key, kinds, sentence};

/// Compares the tables of an engine that both sides have.
pub(super) fn compare(pair: &Pair<'_>, changes: &mut Changes) {
    for old in &pair.old.tables {
        match find(pair.new, old) {
            Some(new) => both(pair, (old, new), changes),
            None => removed(pair, old, changes),
        }
    }
    for new in pair.new.tables.iter().filter(|new| find(pair.old, new).is_none()) {
        let before = owner(&pair.sides.old.resolved.contracts, new);
        if before.is_none() {
            let at = pair.at(&["tables", &new.name]);
            pair.push(kinds::TABLE_ADDED, &new.name, "is new", &at, changes);
        } else if before.is_some_and(|old| {
            pair.sides.new.contract(&old.engine.id).is_some_and(|contract| find(contract, new).is_some())
        }) {
            let at = pair.at(&["tables", &new.name]);
            pair.push(kinds::WORDS_CHANGED, &new.name, "is declared here as well", &at, changes);
        }
    }
}

fn find<'a>(contract: &'a Contract, table: &Table) -> Option<&'a Table> {
    contract.tables.iter().find(|other| without_schema(&other.name) == without_schema(&table.name))
}

fn owner<'a>(contracts: &'a [Contract], table: &Table) -> Option<&'a Contract> {
    contracts.iter().find(|contract| find(contract, table).is_some())
}

fn removed(pair: &Pair<'_>, old: &Table, changes: &mut Changes) {
    match owner(&pair.sides.new.resolved.contracts, old) {
        None => gone(pair.sides, &pair.old.engine.id, old, changes),
        Some(contract) => {
            let had_it = pair
                .sides
                .old
                .contract(&contract.engine.id)
                .is_some_and(|old_one| find(old_one, old).is_some());
            if had_it {
                let at = pair.at(&["tables", &old.name]);
                pair.push(kinds::WORDS_CHANGED, &old.name, "is declared here no longer", &at, changes);
                return;
            }
            let moved = Pair { new: contract, ..*pair };
            let words = format!("belongs to {}, and belonged to {}", contract.engine.id, pair.old.engine.id);
            let at = moved.at(&["tables", &old.name]);
            moved.push(kinds::TABLE_MOVED, &old.name, words, &at, changes);
            if let Some(new) = find(contract, old) {
                both(&moved, (old, new), changes);
            }
        }
    }
}

/// Notes a table that nobody declares any more. One whose page could not be read may still be there.
pub(super) fn gone(sides: Sides<'_>, engine: &str, old: &Table, changes: &mut Changes) {
    let is_lost =
        sides.new.resolved.contracts.iter().any(|contract| sides.new.is_lost(contract, SpecKind::DbWiring));
    if is_lost || sides.new.lost.concerns(engine) {
        return;
    }
    let at = At::same(&module_name(engine), &["tables", &old.name]);
    note(sides, engine, kinds::TABLE_REMOVED, &old.name, "is gone", &at, changes);
}

fn both(pair: &Pair<'_>, (old, new): (&Table, &Table), changes: &mut Changes) {
    let name = new.name.as_str();
    let mut at = pair.at(&["tables", name]);
    old.name.clone_into(&mut at.old.1[1]);
    if old.name != new.name {
        pair.push(kinds::WORDS_CHANGED, name, format!("was written `{}`", old.name), &at, changes);
    }
    if old.truth_type != new.truth_type {
        let words = format!("is {}, and was {}", truth(new.truth_type), truth(old.truth_type));
        pair.push(kinds::TRUTH_TYPE, name, words, &at.child(&["truth_type"]), changes);
    }
    key::compare(pair, (old, new), &at, changes);
    if !pair.unread.contains(&format!("{name}.columns")) {
        columns(pair, (old, new), &at.child(&["columns"]), changes);
    }
    let lists = (&old.invariants[..], &new.invariants[..]);
    sentence::demands(pair, name, lists, &at.child(&["invariants"]), changes);
    constraints(pair, name, (&old.constraints, &new.constraints), &at.child(&["constraints"]), changes);
    storage(pair, (old, new), &at, changes);
}

/// What a database has of a table beside its rows.
fn storage(pair: &Pair<'_>, (old, new): (&Table, &Table), at: &At, changes: &mut Changes) {
    let name = |index: &Index| index.name.clone();
    let lists = (&named(&old.indices, name), &named(&new.indices, name));
    differing(pair, &new.name, "index", lists, &at.child(&["indices"]), changes);
    let name = |private: &PrivateColumn| private.column.name.clone();
    let lists = (&named(&old.private, name), &named(&new.private, name));
    differing(pair, &new.name, "private column", lists, &at.child(&["private"]), changes);
    if old.clustered_by != new.clustered_by {
        let words = "its rows lie in another order";
        pair.push(kinds::STORAGE_CHANGED, &new.name, words, &at.child(&["clustered_by"]), changes);
    }
}

fn named<T>(list: &[T], name: fn(&T) -> String) -> BTreeMap<String, &T> {
    list.iter().map(|one| (name(one), one)).collect()
}

fn differing<T: PartialEq>(
    pair: &Pair<'_>,
    table: &str,
    what: &str,
    (old, new): (&BTreeMap<String, &T>, &BTreeMap<String, &T>),
    at: &At,
    changes: &mut Changes,
) {
    let mut push = |name: &str, words: &str| {
        let words = format!("the {what} `{name}` is {words}");
        pair.push(kinds::STORAGE_CHANGED, table, words, &at.child(&[name]), changes);
    };
    for (name, one) in old {
        match new.get(name) {
            None => push(name, "gone"),
            Some(other) if other != one => push(name, "another one"),
            Some(_) => {}
        }
    }
    for name in new.keys().filter(|name| !old.contains_key(*name)) {
        push(name, "new");
    }
}

const fn truth(truth_type: TruthType) -> &'static str {
    match truth_type {
        TruthType::Ledger => "LEDGER",
        TruthType::Current => "CURRENT",
    }
}

fn columns(pair: &Pair<'_>, (old, new): (&Table, &Table), at: &At, changes: &mut Changes) {
    // A wiring may leave the columns out: then nothing is known of them.
    if old.columns.is_empty() || new.columns.is_empty() {
        if old.columns.len() != new.columns.len() {
            let is_new = old.columns.is_empty();
            let words = if is_new { "its columns are listed" } else { "its columns are listed no longer" };
            let kind = if is_new { kinds::WORDS_CHANGED } else { kinds::CONSTRAINT_REMOVED };
            pair.push(kind, &new.name, words, at, changes);
        }
        return;
    }
    for column in &old.columns {
        let item = format!("{}.{}", new.name, column.name);
        let at = at.child(&[&column.name]);
        match new.columns.iter().find(|other| other.name == column.name) {
            Some(other) => field::compare(pair, &field::COLUMN, &item, &at, (column, other), changes),
            None => pair.push(kinds::COLUMN_REMOVED, item, "is gone", &at, changes),
        }
    }
    for column in new.columns.iter().filter(|one| !old.columns.iter().any(|other| other.name == one.name)) {
        let item = format!("{}.{}", new.name, column.name);
        let at = at.child(&[&column.name]);
        if is_option(&column.ty) {
            pair.push(kinds::COLUMN_ADDED, item, "is new, and may be empty", &at, changes);
        } else {
            pair.push(kinds::COLUMN_ADDED_REQUIRED, item, "is new, and must have a value", &at, changes);
        }
    }
    let names = |table: &Table, other: &Table| -> Vec<String> {
        let is_common = |name: &&String| other.columns.iter().any(|column| column.name == **name);
        table.columns.iter().map(|column| &column.name).filter(is_common).cloned().collect()
    };
    if names(old, new) != names(new, old) {
        pair.push(kinds::WORDS_CHANGED, &new.name, "its columns stand in another order", at, changes);
    }
}

/// What a database keeps, whatever sentence it belongs to.
fn constraints(
    pair: &Pair<'_>,
    name: &str,
    (old, new): (&[Constraint], &[Constraint]),
    at: &At,
    changes: &mut Changes,
) {
    let has = |list: &[Constraint], one: &Constraint| {
        list.iter().any(|other| Constraint { keeps: one.keeps.clone(), ..other.clone() } == *one)
    };
    for (index, one) in old.iter().enumerate().filter(|(_, one)| !has(new, one)) {
        let words = format!("a database no longer keeps {}", kept(one));
        pair.push(kinds::CONSTRAINT_REMOVED, name, words, &at.child(&[&index.to_string()]), changes);
    }
    for (index, one) in new.iter().enumerate().filter(|(_, one)| !has(old, one)) {
        let words = format!("a database keeps {}", kept(one));
        pair.push(kinds::CONSTRAINT_ADDED, name, words, &at.child(&[&index.to_string()]), changes);
    }
    let sentences = |list: &[Constraint]| list.iter().map(|one| one.keeps.clone()).collect::<Vec<_>>();
    let is_same = old.iter().all(|one| has(new, one)) && new.iter().all(|one| has(old, one));
    if is_same && sentences(old) != sentences(new) {
        pair.push(
            kinds::WORDS_CHANGED,
            name,
            "what a database keeps belongs to another sentence",
            at,
            changes,
        );
    }
}

fn kept(one: &Constraint) -> String {
    let mut parts: Vec<String> = one.checks.iter().map(|check| format!("`{check}`")).collect();
    let mut columns = |columns: &[String], words: &str| {
        if !columns.is_empty() {
            parts.push(format!("`{}` {words}", columns.join("`, `")));
        }
    };
    columns(&one.fixed, "as inserted");
    columns(&one.set_once, "once set");
    columns(one.counter.as_slice(), "as a counter");
    columns(one.unique_where.as_ref().map_or(&[][..], |index| &index.columns), "unique among some rows");
    parts.join(", ")
}
