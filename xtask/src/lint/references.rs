//! Foreign keys as pages state them: in the list of keys, in invariants of tables, and words that only look like one.

use selene_codegen::naming::without_schema;

use super::sentence::{Word, is_denied, is_lower_snake, raw};
use super::subject::{Declared, Engine, Subject};
use crate::parse::document::{TableText, Text};
use crate::source::{Sources, Span};

/// A foreign key, cut at its dots.
pub(super) struct Reference<'a> {
    /// `notes.user_id`, or the column alone below its table.
    pub(super) from: Word<'a>,
    /// The near table, without its schema.
    pub(super) table: &'a str,
    pub(super) column: &'a str,
    /// `people.user_id`.
    pub(super) to: Word<'a>,
    /// The far table, without its schema.
    pub(super) far_table: &'a str,
    pub(super) far_column: &'a str,
    pub(super) remark: &'a str,
    /// The table below which it stands as an invariant.
    pub(super) below: Option<&'a TableText>,
}

impl<'a> Reference<'a> {
    fn new(from: Word<'a>, to: Word<'a>, remark: &'a str, below: Option<&'a TableText>) -> Self {
        let (table, column) = match (from.0.rsplit_once('.'), below) {
            (Some((table, column)), _) => (table, column),
            (None, Some(table)) => (table.name.value.as_str(), from.0),
            (None, None) => (from.0, ""),
        };
        let (far_table, far_column) = ends(to.0);
        let (table, far_table) = (without_schema(table), without_schema(far_table));
        Self { from, table, column, to, far_table, far_column, remark, below }
    }

    /// The far table as it is written.
    pub(super) fn far_name(&self) -> &'a str {
        ends(self.to.0).0
    }

    /// The near end as its own wiring declares it, and the far end as anybody does; where both list their columns.
    pub(super) fn ends<'s>(&self, subject: &'s Subject<'a>) -> Option<(&'s Declared<'a>, &'s Declared<'a>)> {
        Some((subject.columns(self.table)?, subject.columns(self.far_table)?))
    }
}

/// Table and column of `people.user_id` and `people(user_id)`.
fn ends(name: &str) -> (&str, &str) {
    let in_brackets = name.strip_suffix(')').and_then(|name| name.split_once('('));
    in_brackets.or_else(|| name.rsplit_once('.')).unwrap_or((name, ""))
}

/// Every reference of an engine's wiring.
pub(super) fn all<'a>(engine: &Engine<'a>, subject: &Subject<'a>) -> Vec<Reference<'a>> {
    let Some(wiring) = engine.wiring else { return Vec::new() };
    let mut found: Vec<Reference<'a>> = Vec::new();
    for (from, to, remark) in &wiring.relations.foreign_keys {
        let remark = remark.as_deref().unwrap_or_default();
        found.push(Reference::new((&from.value, from.span), (&to.value, to.span), remark, None));
    }
    for table in &wiring.tables {
        for sentence in of_table(table) {
            let Some(found_here) = stated(sentence.span, subject.sources) else { continue };
            let Form { from, to, remark, is_read, .. } = found_here;
            if is_read {
                found.push(Reference::new(from, to, remark, Some(table)));
            }
        }
    }
    found
}

/// Words of a wiring that look like a reference and are not read as one.
pub(super) fn unread<'a>(engine: &Engine<'a>, subject: &Subject<'a>) -> Vec<Form<'a>> {
    let Some(wiring) = engine.wiring else { return Vec::new() };
    let relations = wiring.relations.constraints.iter().chain(&wiring.relations.unique);
    let reads = wiring.reads.iter().flat_map(|read| &read.notes).map(|(_, note)| note);
    let writes = wiring.writes.iter().flat_map(|write| &write.notes).map(|(_, note)| note);
    let elsewhere =
        relations.chain(reads).chain(writes).filter_map(|text| stated(text.span, subject.sources));
    let below = wiring.tables.iter().flat_map(of_table);
    let below = below.filter_map(|text| stated(text.span, subject.sources)).filter(|form| !form.is_read);
    // Both ends lead to a table: words about anything else have arrows too.
    let is_reference = |form: &Form<'_>| {
        let is_table = |name: &str| subject.tables.contains_key(without_schema(ends(name).0));
        form.to.0.contains(['.', '(']) && (form.from.0.contains('.') || is_table(form.to.0))
            || form.from.0.contains('.') && is_table(form.from.0) && is_lower_snake(form.to.0)
    };
    elsewhere.chain(below).filter(is_reference).collect()
}

fn of_table(table: &TableText) -> impl Iterator<Item = &Text> {
    table.invariants.iter().chain(table.notes.iter().map(|(_, note)| note))
}

/// Words in the form of a reference.
pub(super) struct Form<'a> {
    pub(super) from: Word<'a>,
    pub(super) to: Word<'a>,
    remark: &'a str,
    /// From the first end to the second.
    pub(super) span: Span,
    /// Whether it is clear enough to be read below a table.
    is_read: bool,
}

/// What stands between the ends of a reference.
const JOINTS: [&str; 11] = [
    "->",
    "\u{2192}",
    "=>",
    "references",
    "refers to",
    "points to",
    "leads to",
    "is a foreign key to",
    "is an fk to",
    "must exist in",
    "fk ->",
];

/// The reference that a sentence states, if any: `` `device_id -> devices.device_id` ``, `` `device_id` references `devices(device_id)` ``.
fn stated(sentence: Span, sources: &Sources) -> Option<Form<'_>> {
    let text = raw(sentence, sources);
    let lower = text.to_ascii_lowercase();
    let places = JOINTS.iter().flat_map(|joint| lower.match_indices(joint));
    let mut forms = places.filter_map(|(at, joint)| {
        let is_mark = |c: char| c.is_whitespace() || matches!(c, '`' | '|');
        let before = text[..at].trim_end_matches(is_mark);
        let before = before.strip_suffix("FK").map_or(before, |before| before.trim_end_matches(is_mark));
        let is_of_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '.');
        let from = &before[before.trim_end_matches(is_of_name).len()..];
        let behind = &text[at + joint.len()..];
        let skipped = behind.len() - behind.trim_start_matches(is_mark).len();
        let behind = &behind[skipped..];
        let to = target(behind);
        let is_name = |name: &str| !name.is_empty() && name.split('.').all(is_lower_snake);
        if !is_name(from) || !is_name(&to.replace('(', ".").replace(')', "")) {
            return None;
        }
        let place = |part: &str, start: usize| {
            let start = sentence.start + start;
            Span::new(sentence.file, start, start + part.len())
        };
        let (from_at, to_at) = (before.len() - from.len(), at + joint.len() + skipped);
        let is_marked = text[..at].trim_end().ends_with('`') || text[to_at + to.len()..].starts_with('`');
        let is_arrow = joint.starts_with(|c: char| !c.is_ascii_alphabetic());
        let is_plain = !from.contains('.') && to.contains(['.', '(']);
        let behind = &text[to_at + to.len()..];
        let is_optional = ["optional", "nullable"].iter().any(|word| lower[..from_at].contains(word));
        Some(Form {
            from: (from, place(from, from_at)),
            to: (to, place(to, to_at)),
            remark: if is_optional { "optional" } else { behind },
            span: Span::new(sentence.file, sentence.start + from_at, sentence.start + to_at + to.len()),
            is_read: is_plain && (is_marked || is_arrow) && !is_denied(sentence, &[], sources),
        })
    });
    forms.next()
}

/// `devices.device_id` or `devices(device_id)` at the start of a text.
fn target(text: &str) -> &str {
    let is_of_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '.');
    let name = text.len() - text.trim_start_matches(is_of_name).len();
    let brackets = text[name..].strip_prefix('(').and_then(|inner| inner.find(')').map(|at| &inner[..at]));
    match brackets.filter(|inner| is_lower_snake(inner)) {
        Some(inner) => &text[..name + inner.len() + 2],
        None => text[..name].trim_end_matches('.'),
    }
}
