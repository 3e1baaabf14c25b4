//! Diagnostics as JSON, for tools.

use serde_json::{Value, json};

use super::{Diagnostic, Place};
use crate::source::Sources;

/// One diagnostic as an object.
#[must_use]
pub fn diagnostic(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let labels: Vec<Value> = diagnostic.labels.iter().map(|label| label_object(label, sources)).collect();
    let (path, position) = super::primary_position(diagnostic, sources);
    json!({
        "code": diagnostic.code.id,
        "severity": diagnostic.code.severity.as_str(),
        "message": diagnostic.message,
        "file": path,
        "line": position.line,
        "column": position.column,
        "labels": labels,
        "help": diagnostic.help,
    })
}

fn label_object(label: &super::Label, sources: &Sources) -> Value {
    let (path, start, end) = match &label.place {
        Place::Span(span) => (
            sources.get(span.file).path.as_str(),
            sources.position(span.file, span.start),
            sources.position(span.file, span.end),
        ),
        Place::Outside { path, position } => (path.as_str(), *position, *position),
    };
    json!({
        "file": path,
        "line": start.line,
        "column": start.column,
        "end_line": end.line,
        "end_column": end.column,
        "text": label.text,
    })
}
