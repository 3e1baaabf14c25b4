//! What stands behind `=` in a schema: one constant, or the values that a parameter may have.

use std::ops::Range;

use super::lexer::{Token, TokenKind};
use super::parser::Parser;
use super::tree::{Expr, ExprKind};
use crate::source::Spanned;

/// What brackets behind a field say of it: `(optional)`.
const REMARKS: [&str; 3] = ["optional", "list", "set"];

impl Parser<'_> {
    /// `=Const`, where the constant is a word, a number, a dotted name or a quoted text; `={A|B}` or `=A|B` where there are several.
    pub(super) fn fixed(&mut self, name: Spanned<String>, start: usize) -> Expr {
        self.next += 1;
        if self.peek_mark() == Some('{') {
            return self.values_in_braces(name, start);
        }
        let first = self.constant();
        if first.is_empty() {
            self.error(self.here(), "a fixed value is missing behind `=`", "write `name=Value`");
        }
        let mut values = vec![first];
        while let Some(last) = values.last()
            && self.leads_to_a_value(last.end)
        {
            self.next += 1;
            values.push(self.constant());
        }
        self.with_values(name, values, start)
    }

    /// Whether behind a field stands what it may be: `(A|B)`, `: A | B`, `(optional)`, `(list)`. Codes are those of an engine,
    /// not of a type.
    pub(super) fn leads_to_values(&self, field: &str) -> bool {
        let is_field = field.starts_with(|c: char| c.is_ascii_lowercase()) && !field.ends_with("reason_code");
        let [mark, rest @ ..] = &self.tokens[self.next..] else { return false };
        let words = rest.iter().step_by(2).take_while(|token| self.is_value(token)).count();
        let bars = rest.iter().skip(1).step_by(2);
        let bars = bars.take(words).take_while(|token| token.kind == TokenKind::Mark('|')).count();
        let behind = |at: usize| rest.get(at).map(|token| token.kind);
        let is_remark = rest.first().is_some_and(|word| REMARKS.contains(&self.slice(word)));
        is_field
            && match mark.kind {
                TokenKind::Mark('(') if is_remark => behind(1) == Some(TokenKind::Mark(')')),
                TokenKind::Mark('(') => {
                    words > 1 && bars + 1 == words && behind(2 * bars + 1) == Some(TokenKind::Mark(')'))
                }
                _ => {
                    let end = behind(2 * bars + 1);
                    let ends = end.is_none_or(|kind| matches!(kind, TokenKind::Mark(',' | ')' | '}')));
                    words > 1 && bars + 1 == words && ends
                }
            }
    }

    fn is_value(&self, token: &Token) -> bool {
        let text = self.slice(token);
        token.kind == TokenKind::Word
            && text.starts_with(|c: char| c.is_ascii_uppercase())
            && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    }

    /// What `leads_to_values` saw.
    pub(super) fn stated(&mut self, name: Spanned<String>, start: usize) -> Expr {
        let is_in_brackets = self.eat('(');
        self.next += usize::from(!is_in_brackets);
        let remark = self.peek().map(|word| self.slice(word)).filter(|word| REMARKS.contains(word));
        if let Some(remark) = remark {
            let inner = Box::new(Expr { kind: ExprKind::Name(name.value), span: name.span });
            let kind = if remark == "optional" { ExprKind::Optional(inner) } else { ExprKind::List(inner) };
            let end = self.tokens[self.next + 1].range.end;
            self.next += 2;
            return Expr { kind, span: self.span(start..end) };
        }
        let mut values = vec![self.constant()];
        while self.eat('|') {
            values.push(self.constant());
        }
        self.next += usize::from(is_in_brackets);
        self.with_values(name, values, start)
    }

    /// `{A|B}` or `{A, B}`.
    fn values_in_braces(&mut self, name: Spanned<String>, start: usize) -> Expr {
        let open = self.here().start;
        self.next += 1;
        let mut values = Vec::new();
        let is_well_formed = loop {
            let value = self.constant();
            let is_missing = value.is_empty();
            values.push(value);
            if self.peek_mark() == Some('}') {
                break !is_missing;
            }
            if is_missing || !(self.eat('|') || self.eat(',')) {
                break false;
            }
        };
        values.retain(|value| !value.is_empty());
        // Whatever else stands there ends with the brace.
        while self.peek().is_some() && !matches!(self.peek_mark(), Some('}' | ')')) {
            self.next += 1;
        }
        let is_closed = self.eat('}');
        if !is_closed || !is_well_formed {
            let end = self.tokens[self.next - 1].range.end;
            self.error(open..end, "a set of values is written `name={A|B}`", "write words, joined by bars");
        }
        self.with_values(name, values, start)
    }

    fn with_values(&self, name: Spanned<String>, values: Vec<Range<usize>>, start: usize) -> Expr {
        let end = values.last().map_or(name.span.end - self.span(0..0).start, |value| value.end);
        let text = |value: Range<usize>| {
            let text = self.text[value.clone()].trim_matches('"').to_owned();
            Spanned::new(text, self.span(value))
        };
        let mut values: Vec<Spanned<String>> = values.into_iter().map(text).collect();
        let kind = match (values.len(), values.pop()) {
            (1, Some(value)) => ExprKind::Fixed { name, value },
            (_, Some(last)) => {
                values.push(last);
                ExprKind::Values { name, values }
            }
            (_, None) => ExprKind::Name(name.value),
        };
        Expr { kind, span: self.span(start..end.max(start)) }
    }

    /// The bytes of one constant; white space ends it: `a=B c` is not one value.
    fn constant(&mut self) -> Range<usize> {
        let first = self.here();
        let mut end = first.start;
        while let Some(token) = self.peek() {
            let belongs = match token.kind {
                TokenKind::Word | TokenKind::Quoted => true,
                TokenKind::Other => matches!(self.slice(token), "." | "-"),
                TokenKind::Mark(_) => false,
            };
            if !belongs || (end != first.start && token.range.start != end) {
                break;
            }
            end = token.range.end;
            self.next += 1;
        }
        first.start..end
    }

    /// Whether a bar behind a constant leads to a further value of it, and not to another alternative: nothing but the bar stands
    /// between them, or the word is in capitals.
    fn leads_to_a_value(&self, end: usize) -> bool {
        let [bar, word, ..] = &self.tokens[self.next..] else { return false };
        let goes_on = |token: &Token| match token.kind {
            TokenKind::Mark(mark) => matches!(mark, '=' | '[' | '<' | '{' | '(' | ':'),
            _ => token.range.start != word.range.end,
        };
        let is_tight = bar.range.start == end && word.range.start == bar.range.end;
        let text = self.slice(word);
        let is_value = text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
        bar.kind == TokenKind::Mark('|')
            && matches!(word.kind, TokenKind::Word | TokenKind::Quoted)
            && (is_tight || is_value || matches!(text, "true" | "false"))
            && !self.tokens.get(self.next + 2).is_some_and(goes_on)
    }
}
