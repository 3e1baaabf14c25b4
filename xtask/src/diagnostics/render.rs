//! Diagnostics as text for people: the source line, the place marked, and a help line.

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Diagnostics, Place, Severity};
use crate::source::{FileId, SourceFile, Sources, Span};

/// All diagnostics in file order, each followed by an empty line, then one line that counts them.
#[must_use]
pub fn to_text(diagnostics: &Diagnostics, sources: &Sources, colour: bool) -> String {
    let counts = (diagnostics.count(Severity::Error), diagnostics.count(Severity::Warning));
    format!("{}{}", each(diagnostics, sources, colour), totals(counts.0, counts.1))
}

/// All diagnostics in file order, each followed by an empty line.
#[must_use]
pub fn each(diagnostics: &Diagnostics, sources: &Sources, colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    // A fixed width keeps the text the same on every terminal.
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(140);
    let mut text = String::new();
    for diagnostic in diagnostics.sorted(sources) {
        text.push_str(&one(diagnostic, sources, &renderer));
        text.push_str("\n\n");
    }
    text
}

/// The line that counts them; nothing where there are none.
#[must_use]
pub fn totals(errors: usize, warnings: usize) -> String {
    if errors + warnings == 0 {
        return String::new();
    }
    format!("{}, {}\n", counted(errors, "error"), counted(warnings, "warning"))
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
    let further = spans.split_off(spans.len().min(MOST_SHOWN));
    while let Some((first, _)) = spans.first().copied() {
        let (near, others): (Vec<_>, Vec<_>) = spans.iter().partition(|(span, _)| are_near(first, *span));
        spans = others;
        let file = sources.get(first.file);
        // Only the lines that are shown: a renderer that is given the whole text reads it again for every finding.
        let shown = lines_around(near.iter().map(|(span, _)| *span), file);
        if shown.len() > 4 * NEAR {
            // A line of this length would be read again for every finding in it.
            let position = file.position(first.start);
            let origin = Origin::path(file.path.as_str()).line(position.line).char_column(position.column);
            group = group.element(origin);
            continue;
        }
        let line = file.position(shown.start).line;
        let mut snippet =
            Snippet::source(&file.text[shown.clone()]).line_start(line).path(file.path.as_str());
        for (span, text) in near {
            let is_primary = primary == Some((span, text));
            let kind = if is_primary { AnnotationKind::Primary } else { AnnotationKind::Context };
            let marked = visible(span, &file.text);
            let annotation = kind.span(marked.start - shown.start..marked.end - shown.start);
            snippet = snippet.annotation(if text.is_empty() { annotation } else { annotation.label(text) });
        }
        group = group.element(snippet);
    }
    let further = lines_of(&further, sources);
    if !further.is_empty() {
        group = group.element(Level::NOTE.message(further.as_str()));
    }
    if !diagnostic.help.is_empty() {
        group = group.element(Level::HELP.message(diagnostic.help.as_str()));
    }
    renderer.render(&[group])
}

/// Places of one finding that are shown with their text; of the others only the lines are named.
const MOST_SHOWN: usize = 8;

/// `also in a.md on line 4, 7 and b.md on line 2`.
fn lines_of(spans: &[(Span, &str)], sources: &Sources) -> String {
    let mut text = String::new();
    let mut last: Option<(FileId, usize)> = None;
    for (span, _) in spans {
        let line = sources.line(*span);
        if last == Some((span.file, line)) {
            continue;
        }
        match last {
            Some((file, _)) if file == span.file => text.push_str(", "),
            Some(_) => {
                text.push_str(" and ");
                text.push_str(&sources.get(span.file).path);
                text.push_str(" on line ");
            }
            None => {
                text.push_str("also in ");
                text.push_str(&sources.get(span.file).path);
                text.push_str(" on line ");
            }
        }
        text.push_str(&line.to_string());
        last = Some((span.file, line));
    }
    text
}

/// Bytes between two places of a text up to which they are shown as one piece.
const NEAR: usize = 16 * 1024;

/// Whether two places are shown as one piece: what lies between them is left out, but must be read.
fn are_near(one: Span, other: Span) -> bool {
    one.file == other.file && one.start.abs_diff(other.start) <= NEAR
}

/// The whole lines that hold the starts of these places.
fn lines_around(spans: impl Iterator<Item = Span>, file: &SourceFile) -> std::ops::Range<usize> {
    let starts: Vec<usize> = spans.map(|span| visible(span, &file.text).start).collect();
    let line = |start: Option<&usize>| file.line_of(start.copied().unwrap_or_default());
    line(starts.iter().min()).start..line(starts.iter().max()).end
}

/// A label over many lines drowns the page: only its first line is marked.
fn visible(span: Span, text: &str) -> std::ops::Range<usize> {
    // A mark may stand for a longer character: all of it is shown.
    let start = text.floor_char_boundary(span.start);
    let marked = text.get(start..text.ceil_char_boundary(span.end)).unwrap_or_default();
    let end = marked.find(['\n', '\r']).map_or(start + marked.len(), |index| start + index);
    start..end
}
