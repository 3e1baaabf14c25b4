//! Engines of two revisions, and what their pages say as a whole.

use std::collections::{BTreeMap, BTreeSet};

use selene_codegen::contract::{Contract, Note, ReadDependency, SpecKind};
use selene_codegen::naming::module_name;

use super::change::Changes;
use super::pair::{At, Pair, Sides, note};
use super::{capability, key, kinds, output, prose, reason_code, sentence, table, test, write};

/// Compares every engine of both sides.
pub(super) fn compare(sides: Sides<'_>, changes: &mut Changes) {
    for old in &sides.old.resolved.contracts {
        match sides.new.contract(&old.engine.id) {
            Some(new) if !is_retired(new) || is_retired(old) => both(sides, (old, new), changes),
            _ => gone(sides, old, changes),
        }
    }
    for new in &sides.new.resolved.contracts {
        let id = &new.engine.id;
        if sides.old.contract(id).is_some() || sides.old.lost.concerns(id) {
            continue;
        }
        let at = At::same(&module_name(id), &["engine"]);
        let words = format!("is new, with {}", counted(new));
        note(sides, id, kinds::ENGINE_ADDED, id, words, &at, changes);
    }
}

/// Whether an engine has no pages any more, and only its codes are left.
fn is_retired(contract: &Contract) -> bool {
    contract.engine.missing.len() == 2
}

fn counted(contract: &Contract) -> String {
    let count =
        |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    format!(
        "{}, {} and {}",
        count(contract.capabilities.len(), "capability", "capabilities"),
        count(contract.tables.len(), "table", "tables"),
        count(contract.acceptance_tests.len(), "acceptance test", "acceptance tests")
    )
}

/// An engine without pages any more. One that could not be read is not gone.
fn gone(sides: Sides<'_>, old: &Contract, changes: &mut Changes) {
    let id = &old.engine.id;
    if sides.new.lost.concerns(id) {
        return;
    }
    let at = At::same(&module_name(id), &["engine"]);
    note(sides, id, kinds::ENGINE_REMOVED, id, format!("is gone, with {}", counted(old)), &at, changes);
    let nothing = Contract {
        capabilities: Vec::new(),
        tables: Vec::new(),
        reason_codes: Vec::new(),
        acceptance_tests: Vec::new(),
        ..old.clone()
    };
    let unread = BTreeSet::new();
    let pair = Pair { sides, old, new: &nothing, unread: &unread };
    capability::compare(&pair, changes);
    table::compare(&pair, changes);
    test::compare(&pair, changes);
    // Where the register says that the engine is retired, it says so of its codes.
    if sides.old.has_register && sides.new.has_register && sides.new.contract(id).is_none() {
        reason_code::compare(&pair, changes);
    }
}

fn both(sides: Sides<'_>, (old, new): (&Contract, &Contract), changes: &mut Changes) {
    let unread = unread(sides, &new.engine.id);
    let pair = Pair { sides, old, new, unread: &unread.keys().cloned().collect() };
    for item in unread.into_iter().filter_map(|(item, is_same)| (!is_same).then_some(item)) {
        let (name, key) = item.rsplit_once('.').unwrap_or_default();
        let kind = if key == "columns" { "tables" } else { "capabilities" };
        let words = "the schema has changed, and one of both could not be read";
        pair.push(kinds::SCHEMA_UNREAD, item.as_str(), words, &pair.at(&[kind, name, key]), changes);
    }
    header(&pair, changes);
    capability::compare(&pair, changes);
    output::records(&pair, changes);
    reason_code::compare(&pair, changes);
    halves(&pair, changes);
    let is_wiring_lost =
        sides.old.is_lost(old, SpecKind::DbWiring) || sides.new.is_lost(new, SpecKind::DbWiring);
    if !is_wiring_lost {
        table::compare(&pair, changes);
        key::references(&pair, changes);
        for (name, was, is) in [
            ("unique", &old.relations.unique, &new.relations.unique),
            ("constraints", &old.relations.constraints, &new.relations.constraints),
        ] {
            sentence::demands(&pair, &new.engine.id, (was, is), &pair.at(&["relations", name]), changes);
        }
        reads(&pair, (&old.reads, &new.reads), changes);
        test::compare(&pair, changes);
    }
    test::without_functions(&pair, changes);
    write::compare(&pair, changes);
    let is_ecm_lost = sides.old.is_lost(old, SpecKind::Ecm) || sides.new.is_lost(new, SpecKind::Ecm);
    if !is_ecm_lost && !is_wiring_lost {
        rules(&pair, changes);
    }
    prose::compare(&pair, changes);
}

/// What both pages say of failures and of audit.
fn rules(pair: &Pair<'_>, changes: &mut Changes) {
    let (old, new) = (pair.old, pair.new);
    let id = &new.engine.id;
    let failures = (&old.failure_rules[..], &new.failure_rules[..]);
    sentence::failures(pair, id, failures, &pair.at(&["failure_rules"]), changes);
    let audit = (&old.audit_rules[..], &new.audit_rules[..]);
    sentence::promises(pair, id, audit, &pair.at(&["audit_rules"]), changes);
}

/// Schemas that are not understood on one of the sides, and whether they are the same on both.
fn unread(sides: Sides<'_>, engine: &str) -> BTreeMap<String, bool> {
    let (old, new) = (sides.old.schemas(engine), sides.new.schemas(engine));
    let both = new.into_iter().filter_map(|(item, (schema, is_read))| {
        let (before, was_read) = old.get(&item)?;
        (!is_read || !was_read).then(|| (item, before.text.value == schema.text.value))
    });
    both.collect()
}

fn header(pair: &Pair<'_>, changes: &mut Changes) {
    let (old, new) = (&pair.old.engine, &pair.new.engine);
    if let (Some(from), Some(to)) = (&old.repo_trait, &new.repo_trait)
        && from != to
    {
        let words = format!("its trait is `{to}`, and was `{from}`");
        pair.push(kinds::TRAIT_RENAMED, &new.id, words, &pair.at(&["engine", "trait"]), changes);
    }
    for (key, from, to) in [
        ("purpose", &old.purpose, &new.purpose),
        ("version", &old.version, &new.version),
        ("status", &old.status, &new.status),
    ] {
        if from != to {
            let words = format!("its {key} is \"{to}\", and was \"{from}\"");
            pair.push(kinds::HEADER_CHANGED, &new.id, words, &pair.at(&["engine", key]), changes);
        }
    }
    if old.data_owned != new.data_owned {
        let words = "its header names other tables as its own";
        pair.push(kinds::HEADER_CHANGED, &new.id, words, &pair.at(&["engine", "data_owned"]), changes);
    }
}

/// Pages of an engine that are gone or new.
fn halves(pair: &Pair<'_>, changes: &mut Changes) {
    for half in [SpecKind::Ecm, SpecKind::DbWiring] {
        let lacks = |contract: &Contract| contract.engine.missing.contains(&half);
        let at = pair.at(&["engine"]);
        let id = &pair.new.engine.id;
        if lacks(pair.new) && !lacks(pair.old) && !pair.sides.new.is_lost(pair.new, half) {
            let words = format!("has no `{}` page any more", half.as_str());
            pair.push(kinds::HALF_REMOVED, id, words, &at, changes);
        }
    }
}

fn reads(pair: &Pair<'_>, (old, new): (&[ReadDependency], &[ReadDependency]), changes: &mut Changes) {
    let id = pair.new.engine.id.as_str();
    let tables = |list: &[ReadDependency]| names(list, |read| &read.tables);
    let indices = |list: &[ReadDependency]| names(list, |read| &read.required_indices);
    let at = new.first().map_or_else(|| pair.at(&["reads"]), |read| pair.at(&["reads", &read.title]));
    let removed = |words: &'static str| (kinds::READ_REMOVED, words);
    let added = |words: &'static str| (kinds::READ_ADDED, words);
    let lists = (&tables(old)[..], &tables(new)[..]);
    pair.gone_and_new(lists, id, &at, removed("is read no longer"), added("is read"), changes);
    let lists = (&indices(old)[..], &indices(new)[..]);
    let needed = ("is needed as an index no longer", "is needed as an index");
    pair.gone_and_new(lists, id, &at, removed(needed.0), added(needed.1), changes);
    let is_rule = |note: &&Note| ["scope", "rule", "check"].iter().any(|word| note.key.contains(word));
    let words_of = |note: &Note| format!("{}: {}", note.key, note.text);
    let rules = |list: &[ReadDependency]| -> Vec<String> {
        list.iter().flat_map(|read| &read.notes).filter(is_rule).map(words_of).collect()
    };
    sentence::promises(pair, id, (&rules(old), &rules(new)), &at, changes);
    let notes = |list: &[ReadDependency]| -> Vec<String> {
        let others = |read: &ReadDependency| -> Vec<String> {
            let words = read.notes.iter().filter(|note| !is_rule(note)).map(words_of);
            std::iter::once(read.title.clone()).chain(words).collect()
        };
        list.iter().flat_map(others).collect()
    };
    sentence::words(pair, id, (&notes(old), &notes(new)), &at, changes);
}

fn names(list: &[ReadDependency], pick: fn(&ReadDependency) -> &Vec<String>) -> Vec<String> {
    let mut found: Vec<String> = list.iter().flat_map(pick).cloned().collect();
    found.sort();
    found.dedup();
    found
}
