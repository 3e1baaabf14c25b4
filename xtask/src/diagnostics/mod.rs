//! What went wrong, where, and what to type instead.
//!
//! What lives here: the shape of a diagnostic, the table of codes ([`codes`]), and the ways to print them
//! ([`render`] for people, [`json`] for tools, [`github`] for a workflow). What must not: deciding that something is wrong; the phases do that.

pub mod codes;
pub mod github;
pub mod json;
pub mod render;

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{FileId, Position, Sources, Span};
pub use codes::{Code, Severity};

/// One finding: a code, a message, at least one place, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The code of the finding, which never changes: `E0101`.
    pub code: &'static Code,
    /// One sentence, without a full stop.
    pub message: String,
    /// The places it is about, the most important first; they may lie in several files.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: String,
    /// The names that it is about, where a tool may act on them: nobody has to read them out of the message.
    pub about: Vec<About>,
}

/// A name that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct About {
    /// The engine that uses the name, such as `PH1.W`; none for what all engines share.
    pub engine: Option<String>,
    /// The name, as the specs write it.
    pub name: String,
}

/// A place with a word about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The stretch of a text, or the file, that is shown.
    pub place: Place,
    /// A few words about the place; may be empty.
    pub text: String,
    /// It is only compared with: nothing is wrong at the place itself.
    pub is_beside: bool,
}

/// A place in a text, or in a file that has no text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// Bytes of a text.
    Span(Span),
    /// A file that could not be read as text.
    Outside {
        /// The path of the file, relative where it can be.
        path: String,
        /// The place where reading stopped.
        position: Position,
    },
}

impl Diagnostic {
    /// A finding at one place.
    #[must_use]
    pub fn new(
        code: &'static Code,
        message: impl Into<String>,
        span: Span,
        label: impl Into<String>,
    ) -> Self {
        let label = Label { place: Place::Span(span), text: label.into(), is_beside: false };
        Self { code, message: message.into(), labels: vec![label], help: String::new(), about: Vec::new() }
    }

    /// A finding about a file that has no text.
    #[must_use]
    pub fn outside(code: &'static Code, message: impl Into<String>, path: &str, position: Position) -> Self {
        let place = Place::Outside { path: path.to_owned(), position };
        let label = Label { place, text: String::new(), is_beside: false };
        Self { code, message: message.into(), labels: vec![label], help: String::new(), about: Vec::new() }
    }

    /// Adds a second place.
    #[must_use]
    pub fn and(mut self, span: Span, label: impl Into<String>) -> Self {
        self.labels.push(Label { place: Place::Span(span), text: label.into(), is_beside: false });
        self
    }

    /// Adds a place that it is compared with, where nothing is wrong.
    #[must_use]
    pub fn beside(mut self, span: Span, label: impl Into<String>) -> Self {
        self.labels.push(Label { place: Place::Span(span), text: label.into(), is_beside: true });
        self
    }

    /// The places where something is wrong.
    pub fn own(&self) -> impl Iterator<Item = &Label> {
        self.labels.iter().filter(|label| !label.is_beside)
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }

    /// Says which name it is about, and which engine uses that.
    #[must_use]
    pub fn about(mut self, engine: Option<&str>, name: &str) -> Self {
        self.about.push(About { engine: engine.map(str::to_owned), name: name.to_owned() });
        self
    }

    /// The file of its first place.
    #[must_use]
    pub fn file(&self) -> Option<FileId> {
        self.labels.first().and_then(|label| match &label.place {
            Place::Span(span) => Some(span.file),
            Place::Outside { .. } => None,
        })
    }
}

/// Everything that a run found.
#[derive(Debug, Default)]
pub struct Diagnostics {
    list: Vec<Diagnostic>,
    /// Places in the list by code and first place, so that a second finding of the same kind is found without a search.
    known: BTreeMap<(&'static str, Option<Span>), Vec<usize>>,
    /// Findings about one place each, by code and message: what says the same, beside the same places, joins them.
    alike: BTreeMap<(&'static str, String), usize>,
    /// The places that a finding already has.
    places: BTreeSet<(usize, Span)>,
    errors: usize,
}

impl Diagnostics {
    /// Adds a finding; the same finding at the same place counts once, and what says the same about several places is one
    /// finding with all of them.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        let span = diagnostic.labels.first().and_then(|label| match &label.place {
            Place::Span(span) => Some(*span),
            Place::Outside { .. } => None,
        });
        if self.is_known(&diagnostic, span) || self.joins(&diagnostic, span) {
            return;
        }
        let index = self.list.len();
        if let Some(span) = span.filter(|_| diagnostic.own().count() == 1) {
            self.alike.entry((diagnostic.code.id, diagnostic.message.clone())).or_insert(index);
            self.places.insert((index, span));
        }
        self.known.entry((diagnostic.code.id, span)).or_default().push(index);
        self.errors += usize::from(diagnostic.code.severity == Severity::Error);
        self.list.push(diagnostic);
    }

    fn is_known(&self, diagnostic: &Diagnostic, span: Option<Span>) -> bool {
        let alike = self.known.get(&(diagnostic.code.id, span));
        alike.is_some_and(|alike| alike.iter().any(|index| self.list[*index] == *diagnostic))
    }

    /// Adds the place to a finding that says the same; whether there is one.
    fn joins(&mut self, diagnostic: &Diagnostic, span: Option<Span>) -> bool {
        let Some(span) = span.filter(|_| diagnostic.own().count() == 1) else { return false };
        let Some(index) = self.alike.get(&(diagnostic.code.id, diagnostic.message.clone())).copied() else {
            return false;
        };
        let first = &mut self.list[index];
        let beside = |one: &Diagnostic| -> Vec<Label> {
            one.labels.iter().filter(|label| label.is_beside).cloned().collect()
        };
        if first.help != diagnostic.help || beside(first) != beside(diagnostic) {
            return false;
        }
        if self.places.insert((index, span)) {
            let behind = first.own().count();
            first.labels.splice(behind..behind, diagnostic.own().cloned());
        }
        for about in &diagnostic.about {
            if !first.about.contains(about) {
                first.about.push(about.clone());
            }
        }
        true
    }

    /// Adds the findings of another run of phases that are worth keeping.
    pub fn absorb(&mut self, other: Self, is_kept: impl Fn(&Diagnostic) -> bool) {
        for diagnostic in other.list.into_iter().filter(|diagnostic| is_kept(diagnostic)) {
            self.push(diagnostic);
        }
    }

    /// Whether anything forbids to go on.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.errors > 0
    }

    /// How many of one severity there are.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        match severity {
            Severity::Error => self.errors,
            Severity::Warning => self.list.len() - self.errors,
        }
    }

    /// All of them, in the order in which they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// All of them, by file, place and code.
    #[must_use]
    pub fn sorted(&self, sources: &Sources) -> Vec<&Diagnostic> {
        let mut sorted: Vec<&Diagnostic> = self.list.iter().collect();
        sorted.sort_by_cached_key(|diagnostic| {
            let (path, position) = primary_position(diagnostic, sources);
            (path.to_owned(), position, diagnostic.code.id, diagnostic.message.clone())
        });
        sorted
    }
}

/// Path and position of a finding's first place.
#[must_use]
pub fn primary_position<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> (&'a str, Position) {
    match diagnostic.labels.first().map(|label| &label.place) {
        Some(Place::Span(span)) => (&sources.get(span.file).path, sources.position(span.file, span.start)),
        Some(Place::Outside { path, position }) => (path, *position),
        None => ("", Position { line: 1, column: 1 }),
    }
}

/// The known name that is nearest to a mistyped one, if any is near enough to be worth a guess.
#[must_use]
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(f64, &str)> = None;
    for candidate in known {
        let score = strsim::jaro_winkler(&name.to_ascii_lowercase(), &candidate.to_ascii_lowercase());
        // Strictly greater keeps the first of equals, so that the order of the known names decides.
        if score > 0.84 && best.is_none_or(|(top, _)| score > top) {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// A help line that guesses, or else says where to add the name.
#[must_use]
pub fn guess_or<'a>(name: &str, known: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    nearest(name, known)
        .map_or_else(|| otherwise.to_owned(), |near| format!("did you mean `{near}`? Otherwise {otherwise}"))
}
