//! Characters that no spec may hold: controls, line ends that only some readers know, and marks that turn the direction
//! of what is read.
//!
//! Text with a turned direction shows people something else than what the compiler reads, and the compiler refuses it.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::source::{FileId, Span};

/// Why a character may not stand in a text; `None` for every other one. Tabs and line ends are told apart by the readers.
#[must_use]
pub fn refused(c: char) -> Option<&'static str> {
    match c {
        '\t' | '\n' | '\r' => None,
        '\0' => Some("NUL"),
        '\u{2028}' | '\u{2029}' | '\u{85}' => Some("a line end that only some readers know"),
        c if c.is_control() => Some("a control character"),
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => Some("a mark that turns the direction of text"),
        '\u{feff}' => Some("a byte order mark inside of the text"),
        '\u{fffe}' | '\u{ffff}' => Some("not a character"),
        _ => None,
    }
}

/// Reports each kind of refused character once, at its first place, with how often it stands in the file.
pub fn check(file: FileId, text: &str, diagnostics: &mut Diagnostics) {
    let mut found: BTreeMap<char, (usize, usize)> = BTreeMap::new();
    for (offset, c) in text.char_indices().filter(|(_, c)| refused(*c).is_some()) {
        found.entry(c).and_modify(|(_, count)| *count += 1).or_insert((offset, 1));
    }
    for (c, (offset, count)) in found {
        let more = if count > 1 { format!(", {count} times in this file") } else { String::new() };
        let span = Span::new(file, offset, offset + c.len_utf8());
        push(
            c,
            &more,
            span,
            "remove it; it cannot be seen, and the text must mean what it shows",
            diagnostics,
        );
    }
}

/// Reports the first refused character of a value that escapes brought in (`"\u202E"`), at the value's place.
pub fn check_value(value: &str, span: Span, source: &str, diagnostics: &mut Diagnostics) {
    let written = &source[span.start..span.end];
    let escaped = value.chars().find(|c| refused(*c).is_some() && !written.contains(*c));
    if let Some(c) = escaped {
        push(c, ", written as an escape", span, "remove the escape", diagnostics);
    }
}

fn push(c: char, more: &str, span: Span, help: &str, diagnostics: &mut Diagnostics) {
    let Some(what) = refused(c) else { return };
    let message = format!("the text holds U+{:04X}, {what}{more}", u32::from(c));
    diagnostics.push(Diagnostic::new(codes::REFUSED_CHARACTER, message, span, "here").help(help));
}
