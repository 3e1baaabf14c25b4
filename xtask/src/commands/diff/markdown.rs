//! A comparison for a comment on a change.

use std::fmt::Write as _;

use super::report::{Report, shown};
use crate::diff::{Change, Class};
use crate::source::Span;

/// A heading per class, an item per change.
pub fn printed(report: &Report) -> String {
    let mut text = format!(
        "## What this change of the specs breaks\n\nAgainst `{}`: {}.\n",
        report.against,
        report.summary()
    );
    for note in &report.notes {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n> {}\n", escaped(note));
    }
    for class in Class::ALL {
        let mut changes = report.changes.iter().filter(|(change, _)| change.kind.class == class).peekable();
        if changes.peek().is_some() {
            let mut title = class.title().to_owned();
            title[..1].make_ascii_uppercase();
            let _ = write!(text, "\n### {title}\n\n");
        }
        for (change, reason) in changes {
            let _ = writeln!(text, "- **{}** {}", change.kind.id, escaped(&change.sentence()));
            lines(change, report, &mut text);
            match reason {
                Some(reason) => {
                    let _ = writeln!(text, "  - acknowledged: {}", escaped(&reason.words));
                }
                None if class == Class::Wording => {}
                None => {
                    let _ = writeln!(text, "  - to do: {}", escaped(change.kind.to_do));
                }
            }
        }
    }
    let errors = report.errors.sorted(&report.sources);
    if !errors.is_empty() {
        text.push_str("\n### Errors\n\n");
    }
    for error in errors {
        let (path, position) = crate::diagnostics::primary_position(error, &report.sources);
        let _ = writeln!(
            text,
            "- **{}** `{path}:{}` {}; {}",
            error.code.id,
            position.line,
            escaped(&error.message),
            escaped(&error.help)
        );
    }
    text
}

fn lines(change: &Change, report: &Report, text: &mut String) {
    let line = |word: &str, span: Option<Span>| {
        let shown = shown(span?, &report.sources);
        Some(format!("  - {word} `{}:{}`: {}\n", shown.path, shown.position.line, as_code(&shown.cut())))
    };
    text.extend(line("before", change.old));
    text.extend(line("now", change.new));
}

/// A line of the specs as code, whatever backticks it holds.
fn as_code(line: &str) -> String {
    let longest = line.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    let space = if longest > 0 { " " } else { "" };
    format!("{fence}{space}{line}{space}{fence}")
}

/// Words that show no HTML; code spans stay.
fn escaped(words: &str) -> String {
    let parts = words.split('`').enumerate().map(|(index, part)| {
        if index % 2 == 0 { part.replace('<', "&lt;").replace('*', "\\*") } else { part.to_owned() }
    });
    parts.collect::<Vec<_>>().join("`")
}
