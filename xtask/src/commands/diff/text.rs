//! A comparison for people on a terminal.

use std::fmt::Write as _;

use super::report::{Report, shown};
use crate::diagnostics::render;
use crate::diff::{Change, Class};
use crate::source::Span;

/// Every change, then the counts.
pub fn printed(report: &Report, colour: bool) -> String {
    format!("{}against `{}`: {}\n", changes(report, colour), report.against, report.summary())
}

/// Every change below its class, with both lines and what to do; then what is wrong with statements.
pub fn changes(report: &Report, colour: bool) -> String {
    let mut text = String::new();
    for note in &report.notes {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "note: {note}");
    }
    if !text.is_empty() {
        text.push('\n');
    }
    for class in Class::ALL {
        let mut changes = report.changes.iter().filter(|(change, _)| change.kind.class == class).peekable();
        if changes.peek().is_some() {
            let _ = writeln!(text, "== {}\n", class.title());
        }
        for (change, reason) in changes {
            let _ = writeln!(text, "{}  {}", change.kind.id, change.sentence());
            lines(change, report, &mut text);
            match reason {
                Some(reason) => {
                    let place = shown(reason.place, &report.sources);
                    let _ = writeln!(
                        text,
                        "  acknowledged: {} ({}:{})",
                        reason.words, place.path, place.position.line
                    );
                }
                None if class == Class::Wording => {}
                None => {
                    let _ = writeln!(text, "  to do: {}", change.kind.to_do);
                }
            }
            text.push('\n');
        }
    }
    text.push_str(&render::to_text(&report.errors, &report.sources, colour));
    text
}

fn lines(change: &Change, report: &Report, text: &mut String) {
    let line = |mark: char, span: Option<Span>| {
        let shown = shown(span?, &report.sources);
        Some(format!("  {mark} {}:{}: {}\n", shown.path, shown.position.line, shown.cut()))
    };
    text.extend(line('-', change.old));
    text.extend(line('+', change.new));
}
