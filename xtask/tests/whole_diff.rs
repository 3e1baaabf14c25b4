//! No part of a contract changes in silence: every value in the contracts of two small engines, and one of
//! each item in those of ten real ones, changed alone, is a change that `diff` reports.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use common::{fixtures, ten_engines};
use selene_codegen::contract::{Contract, SharedContract};
use serde_json::Value;
use xtask::diagnostics::Diagnostics;
use xtask::diff::{Side, diff};
use xtask::parse::parse;
use xtask::read::Tree;
use xtask::resolve::{Lost, resolve};
use xtask::source::Sources;

fn side(specs: &Path) -> Side {
    let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
    let tree = Tree::of_folder(specs).expect("the folder can be read");
    let trees = tree.read(&mut sources, &mut found);
    let parsed = parse(&trees, &sources, &mut found);
    let lost = Lost::of(&trees.files, &parsed.documents, &sources);
    let lexicon = parsed.lexicon.as_ref().expect("a lexicon");
    let resolved = resolve(&parsed.documents, lexicon, parsed.register.as_ref(), &lost, &mut found);
    assert!(!found.has_errors(), "{found:?}");
    let callers = lexicon.callers.iter().map(|(name, _)| (name.value.clone(), name.span)).collect();
    let documents = parsed.documents;
    let (guessed, unread) = (BTreeSet::new(), Vec::new());
    Side {
        lines: Vec::new(),
        resolved,
        documents,
        lost,
        has_register: true,
        guessed,
        callers,
        unread,
        renames: Vec::new(),
        former_names: BTreeMap::new(),
        renamed: Vec::new(),
    }
}

/// The paths of all values that hold no others.
fn leaves(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, inner)| leaves(inner, &format!("{path}/{key}"), found));
        }
        Value::Array(list) => {
            list.iter()
                .enumerate()
                .for_each(|(index, inner)| leaves(inner, &format!("{path}/{index}"), found));
        }
        _ => found.push(path.to_owned()),
    }
}

/// Other values that may stand there.
fn others(value: &Value) -> Vec<Value> {
    match value {
        Value::Bool(flag) => vec![Value::Bool(!flag)],
        Value::Number(number) => match number.as_u64() {
            Some(whole) => vec![Value::from(whole + 1)],
            None => vec![Value::from(number.as_f64().unwrap_or_default() + 1.0)],
        },
        Value::String(text) => {
            // A text may be one of a few: those are tried as well.
            let known = [
                "read", "write", "guard", "LEDGER", "CURRENT", "row", "tenant", "step", "refusal", "u32",
                "bool",
            ];
            let known = known.into_iter().filter(|other| other != text).map(Value::from);
            std::iter::once(Value::from(format!("{text}x"))).chain(known).collect()
        }
        _ => Vec::new(),
    }
}

/// Which values are changed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Of {
    /// All of them.
    Every,
    /// One of each item, here this one and there that one: of a field, a list of names, an event. Which values an item can have
    /// is tried on the small engines.
    EachItem,
}

/// One path of each item.
fn one_of_each(paths: Vec<String>) -> Vec<String> {
    let mut items: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in paths {
        let item = path.rsplit_once('/').map_or("", |(item, _)| item).to_owned();
        items.entry(item).or_default().push(path);
    }
    items.into_values().enumerate().map(|(index, paths)| paths[index % paths.len()].clone()).collect()
}

/// A way to change each value so that it still is what it has to be.
fn mutants<T: serde::Serialize + serde::de::DeserializeOwned>(whole: &T, of: Of) -> Vec<(String, T)> {
    let value = serde_json::to_value(whole).expect("a contract is JSON");
    let mut paths = Vec::new();
    leaves(&value, "", &mut paths);
    if of == Of::EachItem {
        paths = one_of_each(paths);
    }
    let mut found = Vec::new();
    for path in paths {
        let other = others(value.pointer(&path).expect("the path leads to a value")).into_iter();
        let mutant = other.filter_map(|other| {
            let mut copy = value.clone();
            *copy.pointer_mut(&path)? = other;
            serde_json::from_value(copy).ok()
        });
        found.extend(mutant.take(1).map(|mutant| (path.clone(), mutant)).collect::<Vec<_>>());
    }
    found
}

/// What changed in silence, and how many values were changed.
#[derive(Default)]
struct Tried {
    silent: Vec<String>,
    count: usize,
}

impl Tried {
    fn add(&mut self, other: Self) {
        self.silent.extend(other.silent);
        self.count += other.count;
    }

    fn assert_more_than(&self, least: usize) {
        let Self { silent, count } = self;
        assert!(*count > least, "only {count} values were changed");
        assert!(silent.is_empty(), "{} of {count} in silence:\n{}", silent.len(), silent.join("\n"));
    }
}

/// Changes every value of the contract at an index, one at a time.
fn try_contract(old: &Side, new: &mut Side, index: usize, of: Of) -> Tried {
    let mut tried = Tried::default();
    let contract = &old.resolved.contracts[index];
    for (path, mutant) in mutants::<Contract>(contract, of) {
        tried.count += 1;
        new.resolved.contracts[index] = mutant;
        if diff(old, new).is_empty() {
            tried.silent.push(format!("{}{path}", contract.engine.id));
        }
    }
    new.resolved.contracts[index] = contract.clone();
    tried
}

/// Changes every value of the shared contract, one at a time.
fn try_shared(old: &Side, new: &mut Side, of: Of, is_wanted: fn(&str) -> bool) -> Tried {
    let mut tried = Tried::default();
    let mutants = mutants::<SharedContract>(&old.resolved.shared, of).into_iter();
    for (path, mutant) in mutants.filter(|(path, _)| is_wanted(path)) {
        tried.count += 1;
        new.resolved.shared = mutant;
        if diff(old, new).is_empty() {
            tried.silent.push(format!("shared{path}"));
        }
    }
    tried
}

#[test]
fn every_value_of_a_contract_that_changes_is_a_change() {
    let specs = fixtures().join("lint/base/specs");
    let (old, mut new) = (side(&specs), side(&specs));
    assert_eq!(diff(&old, &new), []);
    let mut tried = Tried::default();
    for index in 0..old.resolved.contracts.len() {
        tried.add(try_contract(&old, &mut new, index, Of::Every));
    }
    tried.add(try_shared(&old, &mut new, Of::Every, |_| true));
    tried.assert_more_than(200);
}

/// Whether a path of the shared contract leads into a record.
fn is_record(path: &str) -> bool {
    path.starts_with("/records/")
}

/// Sides that hold one engine each, so that a comparison costs as much as that engine.
fn sides_of(specs: &Path, index: usize) -> (Side, Side) {
    let one = || {
        let mut side = side(specs);
        let contract = side.resolved.contracts.swap_remove(index);
        side.resolved.contracts = vec![contract];
        side
    };
    (one(), one())
}

#[test]
fn every_item_of_ten_real_contracts_that_changes_is_a_change() {
    let specs = ten_engines().join("specs");
    let engines = side(&specs).resolved.contracts.len();
    let of_some = |first: usize| {
        let mut tried = Tried::default();
        for index in (first..engines).step_by(2) {
            let (old, mut new) = sides_of(&specs, index);
            tried.add(try_contract(&old, &mut new, 0, Of::EachItem));
            if index == 0 {
                tried.add(try_shared(&old, &mut new, Of::EachItem, |path| !is_record(path)));
            }
        }
        tried
    };
    let tried = std::thread::scope(|scope| {
        let other = scope.spawn(|| of_some(1));
        let mut tried = of_some(0);
        tried.add(other.join().expect("the other half is tried"));
        // Which engine gives a record that all of them share, only all of them know.
        let (old, mut new) = (side(&specs), side(&specs));
        tried.add(try_shared(&old, &mut new, Of::EachItem, is_record));
        tried
    });
    tried.assert_more_than(1000);
}
