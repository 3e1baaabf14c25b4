//! The comparison of `diff` as the book shows it.

use std::path::Path;

use super::super::diff::compared;
use super::super::diff::report::{Report, shown};
use crate::book::{Changed, Changes};
use crate::source::Span;

/// What changed since a revision or a folder.
///
/// # Errors
/// There is nothing to compare with, for people.
pub(super) fn against(specs: &Path, against: &str) -> Result<Changes, String> {
    let report = compared(specs, against)?;
    let changed = report.changes.iter().map(|(change, reason)| Changed {
        class: change.kind.class.title(),
        is_breaking: change.kind.class.is_breaking(),
        kind: change.kind.id,
        sentence: change.sentence(),
        items: change.items.clone(),
        to_do: change.kind.to_do,
        acknowledged: reason.as_ref().map(|reason| reason.words.clone()),
        old: change.old.map(|span| old(&report, span)),
        new: change.new.map(|span| new(&report, span)),
    });
    Ok(Changes {
        against: report.against.clone(),
        summary: report.summary(),
        notes: report.notes.clone(),
        changed: changed.collect(),
    })
}

fn old(report: &Report, span: Span) -> (String, String) {
    let place = shown(span, &report.sources);
    (format!("{}:{}", place.path, place.position.line), place.line.to_owned())
}

fn new(report: &Report, span: Span) -> (String, usize, String) {
    let place = shown(span, &report.sources);
    (report.sources.get(span.file).relative.clone(), place.position.line, place.line.to_owned())
}
