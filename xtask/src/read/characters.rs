//! Characters that no spec may hold: controls, line ends that only some readers know, and marks that turn the direction
//! of what is read.
//!
//! Text with a turned direction shows people something else than what the compiler reads, and the compiler refuses it.

use std::collections::BTreeMap;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::source::{FileId, Span};

/// Why a character may not stand in a text; `None` for every other one. The readers distinguish tabs and line ends.
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

/// Whether a text has a byte with which a refused character may begin. Nearly none has, and bytes are looked at much
/// faster than characters.
fn may_hold_refused(text: &str) -> bool {
    let begins_refused = |byte: u8| {
        (byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r')) || matches!(byte, 0x7f | 0xc2 | 0xe2 | 0xef)
    };
    text.bytes().fold(false, |found, byte| found | begins_refused(byte))
}

/// Reports each kind of refused character once, at its first place, with how often it stands in the file.
pub fn check(file: FileId, text: &str, diagnostics: &mut Diagnostics) {
    let mut found: BTreeMap<char, (usize, usize)> = BTreeMap::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if may_hold_refused(line) {
            for (index, c) in line.char_indices().filter(|(_, c)| refused(*c).is_some()) {
                found.entry(c).and_modify(|(_, count)| *count += 1).or_insert((start + index, 1));
            }
        }
        start += line.len();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_refused_character_begins_with_another_byte() {
        let refused = ('\0'..=char::MAX).filter(|c| refused(*c).is_some());
        for c in refused {
            assert!(may_hold_refused(&c.to_string()), "U+{:04X}", u32::from(c));
        }
        assert!(!may_hold_refused("words, \t tabs\r\n and äöü"));
    }
}
