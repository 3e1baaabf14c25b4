//! Characters to tokens. Every character ends in some token: the parser decides what is wrong.

use std::ops::Range;

/// A token with its bytes, counted from the start of the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The kind of the token.
    pub kind: TokenKind,
    /// The bytes of the schema that it takes.
    pub range: Range<usize>,
}

/// The kinds of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters, digits and `_`.
    Word,
    /// `"…"`, with its quotes.
    Quoted,
    /// One of `( ) { } < > [ ] , | ? = :`.
    Mark(char),
    /// Any other character, which only prose may hold.
    Other,
}

const MARKS: &str = "(){}<>[],|?=:";

/// Cuts a schema into tokens; white space only separates.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some((start, c)) = rest.next() {
        if c.is_whitespace() {
            continue;
        }
        let mut end = start + c.len_utf8();
        let kind = if is_word(c) {
            while let Some((index, next)) = rest.next_if(|(_, next)| is_word(*next)) {
                end = index + next.len_utf8();
            }
            TokenKind::Word
        } else if c == '"' {
            let mut closed = false;
            while !closed && let Some((index, next)) = rest.next() {
                end = index + next.len_utf8();
                closed = next == '"';
            }
            if closed { TokenKind::Quoted } else { TokenKind::Other }
        } else if MARKS.contains(c) {
            TokenKind::Mark(c)
        } else {
            TokenKind::Other
        };
        tokens.push(Token { kind, range: start..end });
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
