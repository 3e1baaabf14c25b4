//! Findings as workflow commands of GitHub: one line each, shown beside the line of a change. Every command that offers
//! `--format github` prints them through this module.

use std::fmt::Write as _;

use super::{Diagnostic, Diagnostics, Place, Severity};
use crate::source::{Position, Sources};

/// All diagnostics, by file and place.
#[must_use]
pub fn diagnostics(found: &Diagnostics, sources: &Sources) -> String {
    found.sorted(sources).into_iter().map(|one| diagnostic(one, sources)).collect()
}

/// One diagnostic as a line. GitHub shows it at one place, so the others stand in its message.
#[must_use]
pub fn diagnostic(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let (path, position) = super::primary_position(diagnostic, sources);
    let mut message = diagnostic.message.clone();
    for label in diagnostic.labels.iter().skip(1) {
        let (path, Position { line, column }) = match &label.place {
            Place::Span(span) => {
                (sources.get(span.file).path.as_str(), sources.position(span.file, span.start))
            }
            Place::Outside { path, position } => (path.as_str(), *position),
        };
        // Writing to a string cannot fail.
        let _ = write!(message, "\n{path}:{line}:{column}: {}", label.text);
    }
    if !diagnostic.help.is_empty() {
        let _ = write!(message, "\nhelp: {}", diagnostic.help);
    }
    annotation(diagnostic.code.severity, path, position, diagnostic.code.id, &message)
}

/// One line about a place of a file.
#[must_use]
pub fn annotation(severity: Severity, path: &str, place: Position, title: &str, message: &str) -> String {
    format!(
        "::{} file={},line={},col={},title={}::{}\n",
        severity.as_str(),
        property(path),
        place.line,
        place.column,
        property(title),
        data(message),
    )
}

/// One line about no place.
#[must_use]
pub fn note(level: Level, title: &str, message: &str) -> String {
    format!("::{} title={}::{}\n", level.as_str(), property(title), data(message))
}

/// How a line about no place is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// As an error.
    Error,
    /// As a word beside what was done.
    Notice,
}

impl Level {
    /// The name of the workflow command.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Notice => "notice",
        }
    }
}

/// A message: what would end the line or begin an escape is escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value before the message, where colons and commas part things too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
