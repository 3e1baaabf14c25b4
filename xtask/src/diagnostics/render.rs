//! Diagnostics as text for people: the source line, the place marked, and a help line.

use std::fmt::Write as _;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Diagnostics, Place, Severity};
use crate::source::{Sources, Span};

/// All diagnostics in file order, each followed by an empty line, then one line that counts them.
#[must_use]
pub fn to_text(diagnostics: &Diagnostics, sources: &Sources, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    // A fixed width keeps the text the same on every terminal.
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(140);
    let mut text = String::new();
    for diagnostic in diagnostics.sorted(sources) {
        text.push_str(&one(diagnostic, sources, &renderer));
        text.push_str("\n\n");
    }
    let (errors, warnings) = (diagnostics.count(Severity::Error), diagnostics.count(Severity::Warning));
    if errors + warnings > 0 {
        let _ = writeln!(text, "{}, {}", counted(errors, "error"), counted(warnings, "warning"));
    }
    text
}

/// `1 error`, `2 errors`.
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

fn one(diagnostic: &Diagnostic, sources: &Sources, renderer: &Renderer) -> String {
    let level = match diagnostic.code.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group: Group<'_> =
        Group::with_title(level.primary_title(diagnostic.message.as_str()).id(diagnostic.code.id));
    let mut spans: Vec<(Span, &str)> = Vec::new();
    for label in &diagnostic.labels {
        match &label.place {
            Place::Span(span) => spans.push((*span, &label.text)),
            Place::Outside { path, position } => {
                let origin = Origin::path(path.as_str()).line(position.line).char_column(position.column);
                group = group.element(origin);
            }
        }
    }
    let primary = spans.first().copied();
    while let Some((first, _)) = spans.first().copied() {
        let (same, others): (Vec<_>, Vec<_>) = spans.iter().partition(|(span, _)| span.file == first.file);
        spans = others;
        let file = sources.get(first.file);
        let mut snippet = Snippet::source(&*file.text).path(file.path.as_str());
        for (span, text) in same {
            let is_primary = primary == Some((span, text));
            let kind = if is_primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let annotation = kind.span(visible(span, &file.text));
            snippet = snippet.annotation(if text.is_empty() { annotation } else { annotation.label(text) });
        }
        group = group.element(snippet);
    }
    if !diagnostic.help.is_empty() {
        group = group.element(Level::HELP.message(diagnostic.help.as_str()));
    }
    renderer.render(&[group])
}

/// A label over many lines drowns the page: only its first line is marked.
fn visible(span: Span, text: &str) -> std::ops::Range<usize> {
    let marked = text.get(span.start..span.end).unwrap_or_default();
    let end = marked.find(['\n', '\r']).map_or(span.start + marked.len(), |index| span.start + index);
    span.start..end
}
