//! What a comparison came to, before it is printed.

use std::collections::BTreeMap;

use super::load::{Loaded, load};
use crate::diagnostics::Diagnostics;
use crate::diff::acknowledged::{self, Reason};
use crate::diff::{Change, Class, diff, report_unused_renames};
use crate::read::Tree;
use crate::source::{Position, Sources, Span};

/// What a comparison came to.
pub struct Report {
    /// What was compared with, for people.
    pub against: String,
    /// Every change, the gravest class first, with the reason that acknowledges it.
    pub changes: Vec<(Change, Option<Reason>)>,
    /// Statements of the new specs that acknowledge or rename nothing.
    pub errors: Diagnostics,
    /// How far the sides could be read.
    pub notes: Vec<String>,
    /// The texts of both sides.
    pub sources: Sources,
}

/// How many changes of a class there are.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Count {
    /// How many changes of the class there are.
    pub all: usize,
    /// Those that a line of the specs acknowledges.
    pub acknowledged: usize,
}

impl Report {
    /// The changes between two revisions; `against` names the older one.
    pub fn new(against: &str, old: Tree, new: Tree) -> Self {
        let Loaded { mut old, new, files, sources, notes, is_whole } = load(old, new);
        let mut errors = Diagnostics::default();
        old.take_names_of(&new, &mut errors);
        let changes = diff(&old, &new);
        let files = (&files.0[..], &files.1[..]);
        let reasons = acknowledged::apply(&changes, files, is_whole, &sources, &mut errors);
        report_unused_renames(&old, &new, &mut errors);
        let changes = changes.into_iter().zip(reasons).collect();
        Self { against: against.to_owned(), changes, errors, notes, sources }
    }

    /// How many changes there are of each class that has any.
    pub fn counts(&self) -> BTreeMap<Class, Count> {
        let mut counts: BTreeMap<Class, Count> = BTreeMap::new();
        for (change, reason) in &self.changes {
            let count = counts.entry(change.kind.class).or_default();
            count.all += 1;
            count.acknowledged += usize::from(reason.is_some());
        }
        counts
    }

    /// Whether something of a class is not acknowledged.
    pub fn has_open(&self, is_wanted: impl Fn(Class) -> bool) -> bool {
        self.changes.iter().any(|(change, reason)| is_wanted(change.kind.class) && reason.is_none())
    }

    /// Whether nothing forbids the change: every break is acknowledged, and every statement is of use.
    pub fn is_clean(&self) -> bool {
        !self.has_open(Class::is_breaking) && !self.errors.has_errors()
    }

    /// `2 breaking for callers (1 acknowledged), 1 addition`.
    pub fn summary(&self) -> String {
        if self.changes.is_empty() {
            return "nothing has changed".to_owned();
        }
        let shown = |(class, count): (&Class, &Count)| {
            let acknowledged = match count.acknowledged {
                0 => String::new(),
                count => format!(" ({count} acknowledged)"),
            };
            format!("{} {}{acknowledged}", count.all, short(*class, count.all))
        };
        self.counts().iter().map(shown).collect::<Vec<_>>().join(", ")
    }
}

/// A class in a line that counts.
const fn short(class: Class, count: usize) -> &'static str {
    match class {
        Class::Addition if count > 1 => "additions",
        Class::StoredData => "breaking for stored data",
        class => class.title(),
    }
}

/// The most characters of a line of the specs that are shown.
const SHOWN_CHARACTERS: usize = 140;

/// A place as people and tools are shown it.
pub struct Shown<'a> {
    /// The path of the file; of a revision with its name before it.
    pub path: &'a str,
    /// The place in it.
    pub position: Position,
    /// The line, without the space around it.
    pub line: &'a str,
}

impl Shown<'_> {
    /// The line, cut around the place where it is long.
    pub fn cut(&self) -> String {
        let (most, before) = (SHOWN_CHARACTERS, SHOWN_CHARACTERS / 2);
        let count = self.line.chars().count();
        if count <= most {
            return self.line.to_owned();
        }
        let start = self.position.column.saturating_sub(before).min(count - most);
        let cut: String = self.line.chars().skip(start).take(most).collect();
        let [left, right] = [start > 0, start + most < count].map(|is_cut| if is_cut { "…" } else { "" });
        format!("{left}{cut}{right}")
    }
}

/// The line of a place.
pub fn shown(span: Span, sources: &Sources) -> Shown<'_> {
    let file = sources.get(span.file);
    let line = file.text.get(file.line_of(span.start)).unwrap_or_default().trim();
    Shown { path: &file.path, position: file.position(span.start), line }
}
