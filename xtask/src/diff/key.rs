//! Keys: primary, unique, foreign.

use selene_codegen::contract::{ForeignKey, Table};

use super::change::Changes;
use super::kinds;
use super::pair::{At, Pair};

/// Holds the primary key and the unique keys of a table against each other.
pub(super) fn compare(pair: &Pair<'_>, (old, new): (&Table, &Table), at: &At, changes: &mut Changes) {
    let name = new.name.as_str();
    if old.primary_key != new.primary_key {
        let words = format!("its key is {}, and was {}", shown(&new.primary_key), shown(&old.primary_key));
        pair.push(kinds::PRIMARY_KEY, name, words, &at.child(&["primary_key"]), changes);
    }
    let at = at.child(&["unique_keys"]);
    for key in old.unique_keys.iter().filter(|key| !new.unique_keys.contains(key)) {
        let words = format!("rows may be alike in {}", shown(key));
        pair.push(kinds::UNIQUE_REMOVED, name, words, &at, changes);
    }
    for key in new.unique_keys.iter().filter(|key| !old.unique_keys.contains(key)) {
        pair.push(kinds::UNIQUE_ADDED, name, format!("rows must differ in {}", shown(key)), &at, changes);
    }
}

fn shown(key: &[String]) -> String {
    format!("`({})`", key.join(", "))
}

/// Compares the foreign keys of an engine.
pub(super) fn references(pair: &Pair<'_>, changes: &mut Changes) {
    let (old, new) = (&pair.old.relations.foreign_keys, &pair.new.relations.foreign_keys);
    let is_same = |one: &ForeignKey, other: &ForeignKey| (&one.from, &one.to) == (&other.from, &other.to);
    for key in old {
        let at = pair.at(&["relations", "foreign_keys", &key.from]);
        match new.iter().find(|other| is_same(key, other)) {
            None => {
                let words = format!("need not name a row of `{}`", key.to);
                pair.push(kinds::REFERENCE_REMOVED, &key.from, words, &at, changes);
            }
            Some(other) if other.note != key.note => {
                let words = "the words about the reference have changed";
                pair.push(kinds::WORDS_CHANGED, &key.from, words, &at, changes);
            }
            Some(_) => {}
        }
    }
    for key in new.iter().filter(|key| !old.iter().any(|other| is_same(key, other))) {
        let at = pair.at(&["relations", "foreign_keys", &key.from]);
        let words = format!("must name a row of `{}`", key.to);
        pair.push(kinds::REFERENCE_ADDED, &key.from, words, &at, changes);
    }
}
