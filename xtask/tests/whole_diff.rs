//! No part of a contract changes in silence: every value in the contracts of two engines, changed alone, is a change that `diff` tells.

mod common;

use std::collections::BTreeSet;

use common::fixtures;
use selene_codegen::contract::{Contract, SharedContract};
use serde_json::Value;
use xtask::diagnostics::Diagnostics;
use xtask::diff::{Side, diff};
use xtask::parse::parse;
use xtask::read::Tree;
use xtask::resolve::{Lost, resolve};
use xtask::source::Sources;

fn side() -> Side {
    let (mut sources, mut found) = (Sources::default(), Diagnostics::default());
    let tree = Tree::of_folder(&fixtures().join("lint/base/specs")).expect("the folder can be read");
    let trees = tree.read(&mut sources, &mut found);
    let parsed = parse(&trees, &sources, &mut found);
    let lost = Lost::of(&trees.files, &parsed.documents, &sources);
    let lexicon = parsed.lexicon.as_ref().expect("a lexicon");
    let resolved = resolve(&parsed.documents, lexicon, parsed.register.as_ref(), &lost, &mut found);
    assert!(!found.has_errors(), "{found:?}");
    let callers = lexicon.callers.iter().map(|(name, _)| (name.value.clone(), name.span)).collect();
    let documents = parsed.documents;
    let (guessed, unread) = (BTreeSet::new(), Vec::new());
    Side { resolved, documents, lost, has_register: true, guessed, callers, unread }
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
        Value::Number(number) => vec![Value::from(number.as_u64().unwrap_or_default() + 1)],
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

/// Every way to change one value so that it still is what it has to be.
fn mutants<T: serde::Serialize + serde::de::DeserializeOwned>(whole: &T) -> Vec<(String, T)> {
    let value = serde_json::to_value(whole).expect("a contract is JSON");
    let mut paths = Vec::new();
    leaves(&value, "", &mut paths);
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

#[test]
fn every_value_of_a_contract_that_changes_is_a_change() {
    let old = side();
    let mut new = side();
    assert_eq!(diff(&old, &new), []);
    let mut silent = Vec::new();
    let mut count = 0;
    for index in 0..old.resolved.contracts.len() {
        for (path, mutant) in mutants::<Contract>(&old.resolved.contracts[index]) {
            count += 1;
            new.resolved.contracts[index] = mutant;
            if diff(&old, &new).is_empty() {
                silent.push(format!("{}{path}", old.resolved.contracts[index].engine.id));
            }
        }
        new.resolved.contracts[index] = old.resolved.contracts[index].clone();
    }
    for (path, mutant) in mutants::<SharedContract>(&old.resolved.shared) {
        count += 1;
        new.resolved.shared = mutant;
        if diff(&old, &new).is_empty() {
            silent.push(format!("shared{path}"));
        }
    }
    assert!(count > 200, "only {count} values were changed");
    assert!(silent.is_empty(), "{} of {count} in silence:\n{}", silent.len(), silent.join("\n"));
}
