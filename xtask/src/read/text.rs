//! Bytes become a text: what is no UTF-8, which characters may not stand in it, and how its lines end.

use super::characters;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::source::{FileId, Position, SourceFile, Sources, Span};

/// The place of what concerns a whole file.
pub(super) const FILE_START: Position = Position { line: 1, column: 1 };

/// Adds the text of a file. `None` with a finding where its bytes are no text.
pub(super) fn add(
    bytes: Vec<u8>,
    shown: String,
    relative: String,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Option<FileId> {
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let good = error.utf8_error().valid_up_to();
            let position =
                SourceFile::new("", "", String::from_utf8_lossy(&error.as_bytes()[..good])).position(good);
            diagnostics.push(
                Diagnostic::outside(codes::NOT_UTF8, format!("`{shown}` is not UTF-8"), &shown, position)
                    .help("save the file as UTF-8"),
            );
            return None;
        }
    };
    let has_mark = text.starts_with('\u{feff}');
    let text = text.trim_start_matches('\u{feff}');
    let only_returns = with_line_feeds(text);
    let text = only_returns.as_deref().unwrap_or(text);
    let id = sources.add(shown, relative, text);
    characters::check(id, text, diagnostics);
    note_encoding(id, has_mark, text, diagnostics);
    Some(id)
}

/// A text whose lines end with carriage returns alone, as old programs write them, with line feeds in their place.
fn with_line_feeds(text: &str) -> Option<String> {
    (text.contains('\r') && !text.contains('\n')).then(|| text.replace('\r', "\n"))
}

fn note_encoding(id: FileId, has_mark: bool, text: &str, diagnostics: &mut Diagnostics) {
    if has_mark {
        diagnostics.push(
            Diagnostic::new(
                codes::BYTE_ORDER_MARK,
                "the file starts with a byte order mark",
                Span::start_of(id),
                "before this",
            )
            .help("save it as UTF-8 without a mark; it was read as if there were none"),
        );
    }
    // One byte is found faster than two.
    let first = text.find('\r').and_then(|start| Some(start + text[start..].find("\r\n")?));
    if let Some(index) = first {
        diagnostics.push(
            Diagnostic::new(
                codes::CARRIAGE_RETURN,
                "the file has Windows line ends",
                Span::new(id, index, index),
                "the first one is here",
            )
            .help("save it with plain line feeds; it was read as if it had them"),
        );
    }
}
