//! From a changed line of a contract back to the spec line that caused it, read from the specs of this very run.

use similar::{ChangeTag, TextDiff};

use super::plan::Change;
use crate::resolve::Provenance;
use crate::source::Sources;

/// The most origins that are listed for one file.
const MOST: usize = 8;

/// The spec lines behind a change, each with the item it is about: `ecm/PH1_W.md:12 (capabilities / …)`. What is gone has no
/// place any more: what held it stands for it, else the item behind which it stood.
#[must_use]
pub fn origins(change: &Change, provenance: &Provenance, sources: &Sources) -> Vec<(String, String)> {
    let Some(file) = change.path.strip_prefix("contracts/").and_then(|name| name.strip_suffix(".yaml"))
    else {
        return Vec::new();
    };
    let new = change.new.as_deref().unwrap_or_default();
    let (old_paths, new_paths) = (item_paths(&change.old), item_paths(new));
    let mut found: Vec<(String, String)> = Vec::new();
    let mut before = None;
    let diff = TextDiff::from_lines(change.old.as_str(), new);
    for line in diff.iter_all_changes() {
        let path = match line.tag() {
            ChangeTag::Equal => {
                let path = line.old_index().and_then(|index| old_paths.get(index));
                before = path.and_then(|path| find(provenance, sources, file, path)).or(before);
                None
            }
            ChangeTag::Insert => line.new_index().and_then(|index| new_paths.get(index)),
            ChangeTag::Delete => line.old_index().and_then(|index| old_paths.get(index)),
        };
        let Some(path) = path else { continue };
        for path in both_places(path) {
            let place = find(provenance, sources, file, path).or_else(|| behind(path, before.as_ref()));
            found.extend(place.filter(|(place, _)| !found.iter().any(|(known, _)| known == place)));
        }
        // Enough is found to choose from.
        if found.len() > MOST {
            break;
        }
    }
    // The place of `engine` is that of the whole file: it adds nothing to a more exact one.
    if found.len() > 1 {
        found.retain(|(_, item)| item != "engine");
    }
    found.truncate(MOST);
    found
}

/// A field's type is what the lexicon says of its name, and the marks that the spec puts on it.
fn both_places(path: &[String]) -> impl Iterator<Item = &[String]> {
    let holder = path.split_last().filter(|(last, _)| *last == "type").map(|(_, holder)| holder);
    holder.into_iter().chain([path])
}

fn find(provenance: &Provenance, sources: &Sources, file: &str, path: &[String]) -> Option<(String, String)> {
    let (item, span) = provenance.find_item(file, path)?;
    Some((format!("{}:{}", sources.get(span.file).relative, sources.line(span)), item.to_owned()))
}

/// The place of an item that is gone, with all that held it.
fn behind(path: &[String], before: Option<&(String, String)>) -> Option<(String, String)> {
    let (place, item) = before?;
    let gone = path[..path.len().min(2)].join(" / ");
    Some((place.clone(), format!("{gone} is gone; it stood behind {item}")))
}

/// For every line of a contract the path of the item that it belongs to.
#[must_use]
pub fn item_paths(text: &str) -> Vec<Vec<String>> {
    let mut open: Vec<Frame> = Vec::new();
    text.lines().map(|line| line_path(line, &mut open)).collect()
}

struct Frame {
    column: usize,
    is_item: bool,
    label: String,
    items: usize,
}

fn line_path(line: &str, open: &mut Vec<Frame>) -> Vec<String> {
    let mut column = line.len() - line.trim_start().len();
    let mut rest = line.trim_start();
    while let Some(behind) = rest.strip_prefix("- ") {
        open.retain(|frame| frame.column < column || (frame.column == column && !frame.is_item));
        let index = open.last_mut().map_or(0, |holder| {
            holder.items += 1;
            holder.items - 1
        });
        let label = item_name(behind).unwrap_or_else(|| index.to_string());
        open.push(Frame { column, is_item: true, label, items: 0 });
        column += 2;
        rest = behind;
    }
    if let Some(key) = key_of(rest) {
        open.retain(|frame| frame.column < column);
        open.push(Frame { column, is_item: false, label: key.to_owned(), items: 0 });
    }
    open.iter().map(|frame| frame.label.clone()).collect()
}

/// A list item is named by its first key where that key is a name.
fn item_name(text: &str) -> Option<String> {
    let (key, value) = text.split_once(": ")?;
    matches!(key, "id" | "name" | "from" | "title" | "key" | "variant")
        .then(|| value.trim_matches(['\'', '"']).to_owned())
}

fn key_of(text: &str) -> Option<&str> {
    let key = text.strip_suffix(':').or_else(|| text.split_once(": ").map(|(key, _)| key))?;
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    is_key.then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_knows_its_item() {
        let text = "engine:\n  id: PH1.W\ncapabilities:\n- id: A\n  input:\n  - name: x\n    range:\n    - 3\n    - 8\n- id: B\n  output: ()\n";
        let paths: Vec<String> = item_paths(text).iter().map(|path| path.join("/")).collect();
        assert_eq!(paths[1], "engine/id");
        assert_eq!(paths[3], "capabilities/A/id");
        assert_eq!(paths[5], "capabilities/A/input/x/name");
        assert_eq!(paths[8], "capabilities/A/input/x/range/1");
        assert_eq!(paths[10], "capabilities/B/output");
    }
}
