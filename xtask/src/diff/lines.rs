//! Lines of pages that differ where nothing else that was found says so: what no other comparison knows is told all the same.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Changes};
use super::kinds;
use super::line::Line;
use super::pair::Sides;
use super::rewrite::with_token;
use super::side::Side;
use super::words::{compare as compared, demands_something};
use crate::parse::document::Document;
use crate::source::{FileId, Span};

/// Notes every line of a page that is on one side only, where no change so far is about its engine.
pub(super) fn compare(sides: Sides<'_>, changes: &mut Changes) {
    let found_before: Vec<Change> = changes.iter().cloned().collect();
    for old in &sides.old.documents {
        let Some(new) = counterpart(old, sides.new) else { continue };
        let engine = new.header.engine_id.as_ref().map_or("shared", |id| id.value.as_str());
        let is_told = |change: &Change| {
            let is_in = |place: Option<Span>, file: FileId| place.is_some_and(|place| place.file == file);
            change.engine == engine || is_in(change.old, old.file) || is_in(change.new, new.file)
        };
        if found_before.iter().any(is_told) {
            continue;
        }
        let (was, is) = (lines(sides.old, old.file), lines(sides.new, new.file));
        let now: Vec<String> = is.iter().map(|line| line.words.clone()).collect();
        // A name that another page took is none of this page, where the line still stands with the former one.
        let known: BTreeSet<&String> = now.iter().collect();
        let renamed = |words: &String| {
            if known.contains(words) {
                return words.clone();
            }
            let names = sides.old.former_names.iter();
            names.fold(words.clone(), |words, (to, from)| with_token(&words, from, to))
        };
        let before: Vec<String> = was.iter().map(|line| renamed(&line.words)).collect();
        let (gone, come) = (only_in(&before, &now), only_in(&now, &before));
        if words_of(&before, &gone) == words_of(&now, &come) {
            continue;
        }
        let texts = |all: &[String], some: &[usize]| -> Vec<String> {
            some.iter().map(|index| all[*index].clone()).collect()
        };
        let (of_old, of_new) = (texts(&before, &gone), texts(&now, &come));
        let found = compared(&of_old, &of_new);
        let pairs = found.removed.iter().map(|index| (Some(*index), None));
        let pairs = pairs.chain(found.added.iter().map(|index| (None, Some(*index))));
        let pairs = pairs.chain(found.changed.iter().map(|(was, is, _)| (Some(*was), Some(*is))));
        let head = |document: &Document| Some(Span::start_of(document.file));
        let mut noted = Vec::new();
        for (old_index, new_index) in pairs {
            let (kind, message) = match (old_index, new_index) {
                (Some(old), Some(new)) => {
                    let is_same = found.changed.contains(&(old, new, true));
                    let words = format!("\"{}\" stands where \"{}\" stood", of_new[new], of_old[old]);
                    (if is_same { kinds::WORDS_CHANGED } else { kind_of(&of_old[old]) }, words)
                }
                (Some(old), None) => (kind_of(&of_old[old]), format!("\"{}\" is gone", of_old[old])),
                (None, Some(new)) => (kinds::WORDS_CHANGED, format!("\"{}\" is new", of_new[new])),
                (None, None) => continue,
            };
            let place = |lines: &[Line], indices: &[usize], index: Option<usize>| {
                index.map(|index| lines[indices[index]].span)
            };
            noted.push(Change {
                kind,
                engine: engine.to_owned(),
                items: vec![engine.to_owned()],
                message,
                old: place(was, &gone, old_index).or_else(|| head(old)),
                new: place(is, &come, new_index).or_else(|| head(new)),
            });
        }
        for change in noted {
            changes.push(change);
        }
    }
}

/// What a line that is gone was: one with a key states something, and so does one that demands.
fn kind_of(line: &str) -> &'static super::kind::Kind {
    let key = line.split_once(": ").map(|(key, _)| key);
    let is_stated = key.is_some_and(|key| key.split_whitespace().count() < 4);
    if is_stated || demands_something(line) { kinds::LINE_CHANGED } else { kinds::WORDS_CHANGED }
}

/// The page of the same half of the same engine; one without an engine has none.
fn counterpart<'a>(old: &Document, new: &'a Side) -> Option<&'a Document> {
    let id = |page: &Document| page.header.engine_id.as_ref().map(|id| id.value.clone());
    let own = id(old)?;
    let mut pages = new.documents.iter();
    pages.find(|page| page.kind == old.kind && id(page).as_ref() == Some(&own))
}

fn lines(side: &Side, file: FileId) -> &[Line] {
    side.lines.iter().find(|(known, _)| *known == file).map_or(&[], |(_, lines)| lines.as_slice())
}

/// The places of lines that only the first has, each as often as it has more of it.
fn only_in(one: &[String], other: &[String]) -> Vec<usize> {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for line in other {
        *known.entry(line).or_default() += 1;
    }
    let mut found = Vec::new();
    for (index, line) in one.iter().enumerate() {
        match known.get_mut(line.as_str()).filter(|count| **count > 0) {
            Some(count) => *count -= 1,
            None => found.push(index),
        }
    }
    found
}

/// The words of some lines in no order: a paragraph that is wrapped otherwise has not changed.
fn words_of(all: &[String], some: &[usize]) -> Vec<String> {
    let words = some.iter().flat_map(|index| all[*index].split_whitespace());
    let mut words: Vec<String> = words.map(str::to_owned).collect();
    words.sort();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stands_on_one_side_as_often_as_it_has_more_of_it() {
        let lines = |text: &str| -> Vec<String> { text.split(' ').map(str::to_owned).collect() };
        assert_eq!(only_in(&lines("a b a"), &lines("a")), [1, 2]);
        assert!(only_in(&lines("a"), &lines("a b a")).is_empty());
    }
}
