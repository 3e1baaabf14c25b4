//! A YAML text as a tree whose nodes keep their places. The only module that knows the YAML reader of the specs.

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};

use super::characters;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::source::{FileId, SourceFile, Span, Spanned};

/// A YAML node.
#[derive(Debug, Clone)]
pub struct Node {
    /// Where it starts; scalars also know where they end.
    pub span: Span,
    /// The kind of the node.
    pub kind: Kind,
}

/// What a YAML node is.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Nothing, or `null`.
    Null,
    /// A scalar as written, without quotes.
    Scalar(String),
    /// `[a, b]`
    List(Vec<Node>),
    /// `{a: b}` in file order.
    Map(Vec<(Spanned<String>, Node)>),
}

impl Node {
    /// What it is, for people.
    #[must_use]
    pub fn what(&self) -> &'static str {
        match self.kind {
            Kind::Null => "nothing",
            Kind::Scalar(_) => "a single value",
            Kind::List(_) => "a list",
            Kind::Map(_) => "a map",
        }
    }
}

/// Reads a text as YAML; broken YAML gives `None` and a diagnostic.
pub fn read(file: FileId, source: &SourceFile, diagnostics: &mut Diagnostics) -> Option<Node> {
    let text = &*source.text;
    // The YAML reader is recursive: a file that nests deeper than any spec must not exhaust the stack.
    if let Some(offset) = too_deep(text) {
        diagnostics.push(
            Diagnostic::new(
                codes::BROKEN_YAML,
                "the YAML nests too deeply",
                Span::new(file, offset, offset),
                "here",
            )
            .help("keep it below 64 levels"),
        );
        return None;
    }
    match MarkedYaml::load_from_str(text) {
        Ok(documents) => {
            let tree = Tree { file, source };
            if let Some(second) = documents.get(1) {
                diagnostics.push(
                    Diagnostic::new(
                        codes::BROKEN_YAML,
                        "the file holds a second YAML document",
                        tree.span(second),
                        "",
                    )
                    .help("join them, and remove the `---` between them"),
                );
            }
            let nothing = Node { span: Span::start_of(file), kind: Kind::Null };
            let read = documents.first().map_or(nothing, |document| tree.convert(document));
            check_characters(&read, text, diagnostics);
            Some(read)
        }
        Err(error) => {
            let marker = error.marker();
            let start = source.offset_of(marker.line(), marker.col());
            let (message, help) = if error.info().contains("duplicated key") {
                let key = text[start..].split([':', ' ', '\n']).next().unwrap_or_default();
                (
                    format!("the key `{key}` stands in this map twice"),
                    "remove one of the two; everything behind it was not read",
                )
            } else {
                (
                    format!("the YAML cannot be read: {}", error.info()),
                    "mend the YAML at this place; everything behind it was not read",
                )
            };
            diagnostics.push(
                Diagnostic::new(
                    codes::BROKEN_YAML,
                    message,
                    Span::new(file, start, start),
                    "the reader stopped here",
                )
                .help(help),
            );
            None
        }
    }
}

fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    for (offset, line) in text.split_inclusive('\n').scan(0, |start, line| {
        let here = *start;
        *start += line.len();
        Some((here, line))
    }) {
        let indent = line.len() - line.trim_start_matches([' ', '-', '?']).len();
        // Quoted words hold brackets that open nothing.
        let bare: String = line.split('"').step_by(2).collect();
        let brackets = bare.matches(['[', '{']).count();
        depth = (depth + brackets).saturating_sub(bare.matches([']', '}']).count());
        if depth > 64 || brackets > 512 || indent > 256 {
            return Some(offset);
        }
    }
    None
}

/// Reports characters that escapes put into keys and values; those of the text itself were reported when it was opened.
fn check_characters(node: &Node, source: &str, diagnostics: &mut Diagnostics) {
    match &node.kind {
        Kind::Null => {}
        Kind::Scalar(value) => characters::check_value(value, node.span, source, diagnostics),
        Kind::List(items) => items.iter().for_each(|item| check_characters(item, source, diagnostics)),
        Kind::Map(entries) => {
            for (key, value) in entries {
                characters::check_value(&key.value, key.span, source, diagnostics);
                check_characters(value, source, diagnostics);
            }
        }
    }
}

struct Tree<'a> {
    file: FileId,
    source: &'a SourceFile,
}

impl Tree<'_> {
    fn span(&self, node: &MarkedYaml<'_>) -> Span {
        let start = self.source.offset_of(node.span.start.line(), node.span.start.col());
        let end = match node.data {
            YamlData::Value(_) => self.source.offset_of(node.span.end.line(), node.span.end.col()),
            _ => start,
        };
        Span::new(self.file, start, end.max(start))
    }

    fn convert(&self, node: &MarkedYaml<'_>) -> Node {
        let span = self.span(node);
        let kind = match &node.data {
            YamlData::Value(Scalar::String(text)) | YamlData::Representation(text, ..) => {
                Kind::Scalar(text.to_string())
            }
            YamlData::Value(Scalar::Null) | YamlData::Alias(_) | YamlData::BadValue => Kind::Null,
            // Numbers are kept as written: whether `0x10` is a number depends on its key.
            YamlData::Value(_) => Kind::Scalar(self.source.text[span.start..span.end].trim().to_owned()),
            YamlData::Sequence(items) => Kind::List(items.iter().map(|item| self.convert(item)).collect()),
            YamlData::Mapping(entries) => {
                Kind::Map(entries.iter().map(|(key, value)| (self.key(key), self.convert(value))).collect())
            }
            YamlData::Tagged(_, inner) => return self.convert(inner),
        };
        Node { span, kind }
    }

    fn key(&self, node: &MarkedYaml<'_>) -> Spanned<String> {
        let converted = self.convert(node);
        let text = match converted.kind {
            Kind::Scalar(text) => text,
            _ => self.source.text[converted.span.start..converted.span.end].trim().to_owned(),
        };
        Spanned::new(text, converted.span)
    }
}

/// A map that is read key by key; keys that were not asked for are reported at the end.
pub struct MapReader<'a> {
    what: String,
    span: Span,
    entries: &'a [(Spanned<String>, Node)],
    asked: Vec<&'static str>,
}

impl<'a> MapReader<'a> {
    /// Starts reading a node that must be a map; `null` counts as an empty one.
    pub fn new(node: &'a Node, what: impl Into<String>, diagnostics: &mut Diagnostics) -> Self {
        let what = what.into();
        let entries: &[_] = match &node.kind {
            Kind::Map(entries) => entries,
            Kind::Null => &[],
            _ => {
                wrong_shape(node, &what, "a map", diagnostics);
                &[]
            }
        };
        Self { what, span: node.span, entries, asked: Vec::new() }
    }

    /// The value of a key.
    pub fn get(&mut self, key: &'static str) -> Option<&'a Node> {
        self.asked.push(key);
        self.entries.iter().find(|(name, _)| name.value == key).map(|(_, value)| value)
    }

    /// The value of a key that must be there.
    pub fn require(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> Option<&'a Node> {
        let found = self.get(key);
        if found.is_none() {
            let message = format!("{} has no `{key}`", self.what);
            diagnostics.push(
                Diagnostic::new(codes::MISSING_KEY, message, self.span, "this entry")
                    .help(format!("add `{key}: …`")),
            );
        }
        found
    }

    /// A text value.
    pub fn text(&mut self, key: &'static str, diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
        self.get(key).and_then(|node| scalar(node, &format!("`{key}`"), diagnostics))
    }

    /// Reports every key that was not asked for.
    pub fn finish(self, diagnostics: &mut Diagnostics) {
        for (key, _) in self.entries {
            if !self.asked.contains(&key.value.as_str()) {
                let known = self.asked.join("`, `");
                let message = format!("{} has no key `{}`", self.what, key.value);
                diagnostics.push(
                    Diagnostic::new(codes::UNKNOWN_KEY, message, key.span, "not known here").help(guess_or(
                        &key.value,
                        self.asked.iter().copied(),
                        &format!("use one of `{known}`"),
                    )),
                );
            }
        }
    }
}

/// Reports a node of the wrong shape.
pub fn wrong_shape(node: &Node, what: &str, wanted: &str, diagnostics: &mut Diagnostics) {
    let message = format!("{what} must be {wanted}, but is {}", node.what());
    diagnostics.push(
        Diagnostic::new(codes::WRONG_SHAPE, message, node.span, "").help(format!("write {wanted} here")),
    );
}

/// The entries of a node that must be a map; `null` counts as an empty one.
pub fn entries<'a>(
    node: &'a Node,
    what: &str,
    diagnostics: &mut Diagnostics,
) -> &'a [(Spanned<String>, Node)] {
    match &node.kind {
        Kind::Map(entries) => entries,
        Kind::Null => &[],
        _ => {
            wrong_shape(node, what, "a map", diagnostics);
            &[]
        }
    }
}

/// The items of a node that must be a list; `null` counts as an empty one.
pub fn items<'a>(node: &'a Node, what: &str, diagnostics: &mut Diagnostics) -> &'a [Node] {
    match &node.kind {
        Kind::List(items) => items,
        Kind::Null => &[],
        _ => {
            wrong_shape(node, what, "a list", diagnostics);
            &[]
        }
    }
}

/// The text of a node that must be a single value.
pub fn scalar(node: &Node, what: &str, diagnostics: &mut Diagnostics) -> Option<Spanned<String>> {
    if let Kind::Scalar(text) = &node.kind {
        return Some(Spanned::new(text.clone(), node.span));
    }
    wrong_shape(node, what, "a single value", diagnostics);
    None
}

/// A list of single values.
pub fn scalars(node: &Node, what: &str, diagnostics: &mut Diagnostics) -> Vec<Spanned<String>> {
    items(node, what, diagnostics).iter().filter_map(|item| scalar(item, "an item", diagnostics)).collect()
}
