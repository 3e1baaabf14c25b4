//! Adding lines to a text at the right place: everything that stands stays as it is, byte by byte.
//!
//! What must not live here: what the lines say.

use thiserror::Error;

use crate::diagnostics::Diagnostics;
use crate::read::yaml::{self, Kind, Node};
use crate::source::{FileId, SourceFile, Span};

/// A place that nothing can be added to.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("nothing can be added to `{key}` in {file}: {why}")]
pub struct NoPlace {
    /// The key of the map, or what it is.
    pub key: String,
    /// Its path below the specs: `lexicon.yaml`.
    pub file: String,
    /// What is in the way.
    pub why: &'static str,
}

/// Lines that go to one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Insertion {
    /// The offset of the first byte behind them.
    pub(super) at: usize,
    /// The lines to insert, each without its line feed.
    pub(super) lines: Vec<String>,
}

/// A text with all insertions. Lines end as those of the text do.
pub(super) fn inserted(text: &str, mut insertions: Vec<Insertion>) -> String {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    // Those at one place stay in their order.
    insertions.sort_by_key(|insertion| insertion.at);
    let mut made = String::with_capacity(text.len() + 4096);
    let mut from = 0;
    for insertion in insertions {
        made.push_str(&text[from..insertion.at]);
        from = insertion.at;
        if !made.is_empty() && !made.ends_with('\n') {
            made.push_str(end);
        }
        for line in insertion.lines {
            made.push_str(&line);
            made.push_str(end);
        }
    }
    made.push_str(&text[from..]);
    made
}

/// A YAML file that entries are added to.
pub(super) struct YamlFile<'a> {
    source: &'a SourceFile,
    tree: Node,
}

/// A map of a YAML file whose entries stand on lines of their own.
pub(super) struct Block {
    /// Where the lines of further entries go.
    pub(super) end: usize,
    /// The blanks before an entry.
    pub(super) indent: usize,
}

impl<'a> YamlFile<'a> {
    /// Reads the file once more, for its places.
    pub(super) fn read(id: FileId, source: &'a SourceFile) -> Result<Self, NoPlace> {
        let broken =
            || NoPlace { key: "the file".to_owned(), file: source.path.clone(), why: "it is no YAML" };
        let tree = yaml::read(id, source, &mut Diagnostics::default()).ok_or_else(broken)?;
        Ok(Self { source, tree })
    }

    /// The map at the end of a path of keys; none where a key is not there.
    pub(super) fn block(&self, path: &[&str]) -> Result<Option<Block>, NoPlace> {
        let mut node = &self.tree;
        let mut key: Option<Span> = None;
        for name in path {
            let Kind::Map(entries) = &node.kind else { return Ok(None) };
            let Some((found, value)) = entries.iter().find(|(key, _)| key.value == *name) else {
                return Ok(None);
            };
            (key, node) = (Some(found.span), value);
        }
        let Some(key) = key else { return Ok(None) };
        let no_place = |why| NoPlace { key: path.join("."), file: self.source.path.clone(), why };
        let key_indent = self.indent(key.start);
        let indent = match &node.kind {
            Kind::Null => key_indent + 2,
            Kind::Map(entries)
                if self.source.text[node.span.start..].starts_with('{') || entries.is_empty() =>
            {
                return Err(no_place("it is written in braces; write one entry a line"));
            }
            Kind::Map(entries) => self.indent(entries[0].0.span.start),
            _ => return Err(no_place("it is no map")),
        };
        if indent <= key_indent {
            return Err(no_place("its entries are not indented"));
        }
        Ok(Some(Block { end: self.end(key.start, key_indent, last_start(node)), indent }))
    }

    /// The blanks before the entry that starts at a byte.
    fn indent(&self, at: usize) -> usize {
        at - self.source.line_of(at).start
    }

    /// Behind the last line of a map, comments of its entries included, blank lines not.
    fn end(&self, key: usize, key_indent: usize, last: usize) -> usize {
        let mut end = self.source.line_of(key).end;
        let mut at = end;
        while at < self.source.text.len() {
            let line = self.source.line_of(at);
            let text = &self.source.text[line.clone()];
            let words = text.trim_start();
            let indent = text.len() - words.len();
            let is_item = indent == key_indent && words.starts_with("- ");
            if words.is_empty() {
                // It belongs to the map if more of it follows.
            } else if line.start <= last || indent > key_indent || is_item {
                end = line.end;
            } else if !words.starts_with('#') {
                break;
            }
            at = line.end;
        }
        end
    }
}

/// The first byte of the last node below a node.
fn last_start(node: &Node) -> usize {
    match &node.kind {
        Kind::Null | Kind::Scalar(_) => node.span.start,
        Kind::List(items) => items.last().map_or(node.span.start, last_start),
        Kind::Map(entries) => entries.last().map_or(node.span.start, |(key, value)| {
            if matches!(value.kind, Kind::Null) { key.span.start } else { last_start(value) }
        }),
    }
}

/// Whether everything of an older tree stands in a newer one, in its order.
pub(super) fn stands(old: &Node, new: &Node) -> bool {
    match (&old.kind, &new.kind) {
        (Kind::Null, _) => true,
        (Kind::Scalar(old), Kind::Scalar(new)) => old == new,
        (Kind::List(old), Kind::List(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| stands(old, new))
        }
        (Kind::Map(old), Kind::Map(new)) => {
            let mut rest = new.iter();
            old.iter()
                .all(|(key, value)| rest.any(|(other, node)| other.value == key.value && stands(value, node)))
        }
        _ => false,
    }
}

/// The tree of a text that is not among the sources.
pub(super) fn tree_of(text: &str) -> Option<Node> {
    let mut sources = crate::source::Sources::default();
    let file = sources.add("", "", text);
    yaml::read(file, sources.get(file), &mut Diagnostics::default())
}

impl YamlFile<'_> {
    /// The file with lines added to it, if everything that stands in it still does.
    pub(super) fn with(&self, insertions: Vec<Insertion>) -> Result<String, NoPlace> {
        let made = inserted(&self.source.text, insertions);
        if tree_of(&made).is_some_and(|new| stands(&self.tree, &new)) {
            return Ok(made);
        }
        let why = "its layout is not understood; write one entry a line, indented by blanks";
        Err(NoPlace { key: "the file".to_owned(), file: self.source.path.clone(), why })
    }

    /// Behind the last byte.
    pub(super) fn len(&self) -> usize {
        self.source.text.len()
    }
}
