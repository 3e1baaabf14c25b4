//! Diagnostics as workflow commands of GitHub: one line each, shown beside the line of a change.

use std::fmt::Write as _;

use super::{Diagnostic, Place};
use crate::source::{Position, Sources};

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
    format!(
        "::{} file={},line={},col={},title={}::{}\n",
        diagnostic.code.severity.as_str(),
        property(path),
        position.line,
        position.column,
        property(diagnostic.code.id),
        data(&message),
    )
}

/// A message: what would end the line or begin an escape is escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A value before the message, where colons and commas part things too.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
