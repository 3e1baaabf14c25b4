//! Tokens to a tree, by recursive descent. After a mistake it goes on at the next comma, so that one run finds all.

use super::lexer::{Token, TokenKind, tokens};
use super::tree::{Expr, ExprKind};
use crate::read::markdown::collapse;
use crate::source::{FileId, Span, Spanned};

/// How deep brackets may nest, in levels. No spec comes near it, and input of any depth must not exhaust the stack.
const DEEPEST: usize = 32;

/// How many `?` and `[]` may follow one name: an optional list of optional lists is beyond every spec.
const MOST_MARKS: usize = 4;

/// A place where a schema does not follow the language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaError {
    /// The text of the finding.
    pub message: String,
    /// The first stretch that does not follow it.
    pub span: Span,
    /// What to type instead.
    pub help: String,
}

/// Reads a schema that starts at byte `base` of a file. The tree holds what could be read, the list what could not.
#[must_use]
pub fn parse(text: &str, file: FileId, base: usize) -> (Option<Expr>, Vec<SchemaError>) {
    let mut parser = Parser::new(text, file, base);
    if parser.tokens.is_empty() {
        parser.error(0..text.len(), "the schema is empty", "write the parameters, or `none`");
        return (None, parser.errors);
    }
    let tree = parser.alternatives();
    if let Some(token) = parser.peek().cloned() {
        let found = parser.slice(&token).to_owned();
        parser.error(
            token.range.start..text.len(),
            &format!("`{found}` does not belong here"),
            "remove it, or open the bracket that it closes",
        );
    }
    (tree, parser.errors)
}

/// Reads schemas that stand side by side, without a bracket around them: `a, b?, c=Fixed`.
#[must_use]
pub fn parse_list(text: &str, file: FileId, base: usize) -> (Vec<Expr>, Vec<SchemaError>) {
    let mut parser = Parser::new(text, file, base);
    let mut items = Vec::new();
    loop {
        items.extend(parser.alternatives());
        if !parser.eat(',') {
            break;
        }
    }
    if let Some(token) = parser.peek().cloned() {
        let message = format!("`{}` does not belong here", parser.slice(&token));
        parser.error(token.range, &message, "separate names by commas");
    }
    (items, parser.errors)
}

pub(super) struct Parser<'a> {
    pub(super) text: &'a str,
    file: FileId,
    base: usize,
    pub(super) tokens: Vec<Token>,
    pub(super) next: usize,
    depth: usize,
    errors: Vec<SchemaError>,
    gave_up: bool,
}

impl<'a> Parser<'a> {
    fn new(text: &'a str, file: FileId, base: usize) -> Self {
        Self { text, file, base, tokens: tokens(text), next: 0, depth: 0, errors: Vec::new(), gave_up: false }
    }

    pub(super) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.next)
    }

    pub(super) fn peek_mark(&self) -> Option<char> {
        match self.peek()?.kind {
            TokenKind::Mark(mark) => Some(mark),
            _ => None,
        }
    }

    pub(super) fn eat(&mut self, mark: char) -> bool {
        let found = self.peek_mark() == Some(mark);
        self.next += usize::from(found);
        found
    }

    pub(super) fn slice(&self, token: &Token) -> &'a str {
        &self.text[token.range.clone()]
    }

    pub(super) fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span::new(self.file, self.base + range.start, self.base + range.end)
    }

    /// Gives up on the rest; whatever is left open then has no finding of its own.
    fn give_up(&mut self) {
        self.next = self.tokens.len();
        self.gave_up = true;
    }

    pub(super) fn error(&mut self, range: std::ops::Range<usize>, message: &str, help: &str) {
        let span = self.span(range);
        self.errors.push(SchemaError { message: message.to_owned(), span, help: help.to_owned() });
    }

    /// The last byte that was read, for spans that end before the next token.
    fn read_to(&self) -> usize {
        self.next.checked_sub(1).and_then(|last| self.tokens.get(last)).map_or(0, |token| token.range.end)
    }

    pub(super) fn here(&self) -> std::ops::Range<usize> {
        self.peek().map_or(self.text.len()..self.text.len(), |token| token.range.clone())
    }

    /// `a | b | c`
    fn alternatives(&mut self) -> Option<Expr> {
        let start = self.here().start;
        let mut found = Vec::new();
        loop {
            found.extend(self.item());
            if !self.eat('|') {
                break;
            }
        }
        match found.len() {
            0 => None,
            1 => found.pop(),
            _ => Some(Expr { kind: ExprKind::OneOf(found), span: self.span(start..self.read_to()) }),
        }
    }

    /// One alternative with its `?` and `[]`.
    fn item(&mut self) -> Option<Expr> {
        let start = self.here().start;
        let mut expr = self.simple()?;
        let mut marks = 0_usize;
        loop {
            let mark = self.here();
            match self.peek_mark() {
                Some('?') => {
                    self.next += 1;
                    if matches!(expr.kind, ExprKind::Optional(_)) {
                        self.error(mark, "a second `?` says nothing new", "remove it");
                        continue;
                    }
                    expr = self.wrap(expr, start, ExprKind::Optional);
                }
                Some('[') => {
                    self.next += 1;
                    if !self.eat(']') {
                        self.error(self.here(), "a list is written `name[]`", "close the bracket right away");
                        self.skip_to_comma();
                    }
                    expr = self.wrap(expr, start, ExprKind::List);
                }
                _ => return Some(expr),
            }
            marks += 1;
            if marks == MOST_MARKS {
                if matches!(self.peek_mark(), Some('?' | '[')) {
                    self.error(self.here(), "too many `?` and `[]`", "name the inner type in the lexicon");
                }
                self.skip_to_comma();
                return Some(expr);
            }
        }
    }

    fn wrap(&self, expr: Expr, start: usize, kind: fn(Box<Expr>) -> ExprKind) -> Expr {
        Expr { kind: kind(Box::new(expr)), span: self.span(start..self.read_to()) }
    }

    fn simple(&mut self) -> Option<Expr> {
        let Some(token) = self.peek().cloned() else {
            self.error(self.text.len()..self.text.len(), "the schema ends too early", "write a name here");
            return None;
        };
        match token.kind {
            TokenKind::Mark('(') => self.tuple(')'),
            TokenKind::Mark('{') => self.tuple('}'),
            TokenKind::Word => Some(self.word(&token)),
            TokenKind::Other | TokenKind::Quoted => Some(self.prose(token.range.start)),
            TokenKind::Mark(mark) => {
                self.error(
                    token.range,
                    &format!("expected a name before `{mark}`"),
                    "write a name, or remove it",
                );
                // A closing bracket or a comma is read by the caller that read the opening one; anything else is skipped.
                if !matches!(mark, ')' | '}' | '>' | ',' | '|') {
                    self.next += 1;
                }
                None
            }
        }
    }

    /// `(a, b)`, or `{a, b}` without a name before it.
    fn tuple(&mut self, close: char) -> Option<Expr> {
        let start = self.here().start;
        self.next += 1;
        if self.eat(close) {
            return Some(Expr { kind: ExprKind::Unit, span: self.span(start..self.read_to()) });
        }
        let items = self.list(start, close)?;
        Some(Expr { kind: ExprKind::Tuple(items), span: self.span(start..self.read_to()) })
    }

    /// `a, b, c` up to the closing bracket of one that was opened at `start`.
    fn list(&mut self, start: usize, close: char) -> Option<Vec<Expr>> {
        if self.depth == DEEPEST {
            self.error(start..start + 1, "brackets nest too deeply", "write a named record instead");
            self.give_up();
            return None;
        }
        self.depth += 1;
        let mut items = Vec::new();
        let closed = loop {
            items.extend(self.alternatives());
            if self.eat(',') {
                continue;
            }
            if self.eat(close) {
                break true;
            }
            if self.peek().is_none() {
                break false;
            }
            let at = self.here();
            let found = self.text[at.clone()].to_owned();
            self.error(
                at,
                &format!("expected `,` or `{close}` instead of `{found}`"),
                "separate names by commas",
            );
            self.skip_to_comma();
            if self.eat(close) {
                break true;
            }
            // The bracket of another list, or a bar: neither leads on from here.
            self.next += usize::from(self.peek().is_some());
        };
        if !closed && !self.gave_up {
            let message = format!("this bracket is never closed by `{close}`");
            self.error(start..start + 1, &message, "close it");
        }
        self.depth -= 1;
        Some(items)
    }

    fn skip_to_comma(&mut self) {
        while let Some(token) = self.peek() {
            if matches!(token.kind, TokenKind::Mark(',' | ')' | '}' | '>' | '|')) {
                return;
            }
            self.next += 1;
        }
    }

    fn word(&mut self, token: &Token) -> Expr {
        let text = self.slice(token);
        let start = token.range.start;
        self.next += 1;
        let name = Spanned::new(text.to_owned(), self.span(token.range.clone()));
        match self.peek().map(|token| token.kind) {
            Some(TokenKind::Word | TokenKind::Other | TokenKind::Quoted) => self.prose(start),
            Some(TokenKind::Mark('=')) => self.fixed(name, start),
            Some(TokenKind::Mark('(' | ':')) if self.leads_to_values(text) => self.stated(name, start),
            Some(TokenKind::Mark('<')) => {
                let open = self.here().start;
                self.next += 1;
                let args = self.list(open, '>').unwrap_or_default();
                Expr { kind: ExprKind::Generic { name, args }, span: self.span(start..self.read_to()) }
            }
            Some(TokenKind::Mark('{')) => {
                let open = self.here().start;
                self.next += 1;
                let fields =
                    if self.eat('}') { Vec::new() } else { self.list(open, '}').unwrap_or_default() };
                Expr { kind: ExprKind::Record { name, fields }, span: self.span(start..self.read_to()) }
            }
            _ => {
                let kind = match text {
                    "none" => ExprKind::Nothing,
                    "unit" => ExprKind::Unit,
                    _ => ExprKind::Name(text.to_owned()),
                };
                Expr { kind, span: name.span }
            }
        }
    }

    /// Everything up to the next comma, bar or closing bracket is one piece of prose.
    fn prose(&mut self, start: usize) -> Expr {
        while let Some(token) = self.peek() {
            if matches!(token.kind, TokenKind::Mark(',' | '|' | ')' | '}' | '>')) {
                break;
            }
            if let TokenKind::Mark(mark @ ('(' | '{' | '<' | '[')) = token.kind {
                let range = token.range.clone();
                self.error(range, &format!("`{mark}` stands among words"), "use a name here, or words only");
                self.skip_to_comma();
                break;
            }
            self.next += 1;
        }
        let end = self.read_to().max(start);
        Expr { kind: ExprKind::Prose(collapse(&self.text[start..end])), span: self.span(start..end) }
    }
}
