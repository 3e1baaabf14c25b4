//! A comparison for tools.

use serde_json::{Value, json};

use super::report::{Report, shown};
use crate::diagnostics::json as diagnostics_json;
use crate::diff::Class;
use crate::source::Span;

/// The report as one JSON object.
pub fn object(report: &Report) -> Value {
    let place = |span: Option<Span>| {
        let shown = shown(span?, &report.sources);
        Some(json!({
            "file": shown.path,
            "line": shown.position.line,
            "column": shown.position.column,
            "text": shown.line,
        }))
    };
    let changes = report.changes.iter().map(|(change, reason)| {
        json!({
            "id": change.kind.id,
            "class": change.kind.class.as_str(),
            "purpose": change.kind.purpose,
            "engine": change.engine,
            "items": change.items,
            "message": change.message,
            "old": place(change.old),
            "new": place(change.new),
            "to_do": change.kind.to_do,
            "acknowledged": reason.as_ref().map(|reason| json!({
                "reason": reason.words,
                "place": place(Some(reason.place)),
            })),
        })
    });
    let counts = report.counts();
    let counts = Class::ALL.into_iter().map(|class| {
        let count = counts.get(&class).copied().unwrap_or_default();
        (class.as_str().to_owned(), json!({ "all": count.all, "acknowledged": count.acknowledged }))
    });
    let errors = report.errors.sorted(&report.sources).into_iter();
    json!({
        "against": report.against,
        "breaking": report.has_open(Class::is_breaking),
        "counts": counts.collect::<serde_json::Map<_, _>>(),
        "notes": report.notes,
        "changes": changes.collect::<Vec<_>>(),
        "errors": errors.map(|one| diagnostics_json::diagnostic(one, &report.sources)).collect::<Vec<_>>(),
    })
}
