//! Schemas as bullets say them: one in backticks, several in one line, bare words, or a list of bullets; with words behind.

use super::listed;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::bullet::Bullet;
use crate::parse::document::{SchemaText, Text};
use crate::parse::schema::{self, Expr, ExprKind};
use crate::read::markdown::{CodeSpan, Inline, Item};
use crate::source::{Span, Spanned};

/// Reads a schema, and the words that stand behind it.
pub(super) fn read(bullet: &Bullet<'_>, diagnostics: &mut Diagnostics) -> (SchemaText, Option<Text>) {
    let words = &bullet.value;
    let below = &bullet.item.children;
    let first = words.codes.first().filter(|code| code.outer.start == words.span.start);
    if let Some(first) = first {
        let rest = words.after(first.outer.end);
        if below.is_empty() && !rest.is_empty() {
            if joins_codes_only(words) {
                return (several(words, diagnostics), None);
            }
            if let Some(tree) = listed::fields(words) {
                return (
                    SchemaText { text: Spanned::new(words.plain(), words.span), tree: Some(tree) },
                    None,
                );
            }
        }
        let tree = parse_schema(&first.raw, first.span, diagnostics);
        let schema = SchemaText { text: Spanned::new(first.text.clone(), first.span), tree };
        return (schema, words_behind(&rest, below));
    }
    if words.is_empty() && !below.is_empty() {
        return (list(below, words), None);
    }
    let (words, rest) = match end_of_schema(words) {
        Some(end) => (words.part(words.span.start..end), words.after(end)),
        None => (words.clone(), words.after(words.span.end)),
    };
    let words = without_point(words);
    let text = Spanned::new(words.plain(), words.span);
    // Bare words are no malformed schema: where they do not follow the language, they are words.
    let tree = if words.codes.is_empty() {
        bare(&words, diagnostics)
    } else {
        Some(listed::mostly_fields(&words).unwrap_or_else(|| prose(&text)))
    };
    (SchemaText { text, tree }, words_behind(&rest, below))
}

/// `NoteRecord.` ends as a sentence does; the point is no part of the schema.
fn without_point(words: Inline) -> Inline {
    let raw = words.raw();
    let Some(schema) = raw.strip_suffix('.').filter(|schema| !schema.ends_with('.')) else { return words };
    let follows = schema::parse_list(schema, words.span.file, words.span.start).1.is_empty();
    if follows { words.part(words.span.start..words.span.start + schema.len()) } else { words }
}

/// Where a schema ends that lacks its backticks and has words behind it: `NoteRecord (only those that …)`, `(a, b?) where …`.
fn end_of_schema(words: &Inline) -> Option<usize> {
    let raw = words.raw();
    let mut depth = 0_usize;
    let length = raw.find(|c: char| {
        match c {
            '(' | '<' | '[' | '{' => depth += 1,
            ')' | '>' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && (c.is_whitespace() || c == ',')
    })?;
    let (schema, behind) = (&raw[..length], raw[length..].trim_start());
    let is_type = schema.starts_with(|c: char| c.is_ascii_uppercase())
        && schema.contains(|c: char| c.is_ascii_lowercase())
        && schema.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
    let is_remark = behind.starts_with('(') && behind.trim_end_matches('.').ends_with(')');
    let has_brackets = schema.ends_with(['>', ')', ']', '}']);
    let word = behind.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let goes_on = word.starts_with(|c: char| c.is_ascii_lowercase()) && word != "or";
    let is_schema = (is_type && is_remark) || (has_brackets && (goes_on || is_remark));
    let follows = || schema::parse(schema, words.span.file, words.span.start).1.is_empty();
    (is_schema && follows()).then(|| words.span.start + length)
}

/// Parses a schema and reports what does not follow the language.
pub(super) fn parse_schema(raw: &str, span: Span, diagnostics: &mut Diagnostics) -> Option<Expr> {
    let (tree, errors) = schema::parse(raw, span.file, span.start);
    for error in errors {
        diagnostics.push(
            Diagnostic::new(
                codes::MALFORMED_SCHEMA,
                format!("malformed schema: {}", error.message),
                error.span,
                "",
            )
            .help(error.help),
        );
    }
    tree
}

/// A bare name; anything else is reported.
pub(super) fn plain_name(expr: Expr, diagnostics: &mut Diagnostics) -> Option<Text> {
    if let ExprKind::Name(name) = expr.kind {
        return Some(Spanned::new(name, expr.span));
    }
    diagnostics.push(
        Diagnostic::new(codes::MALFORMED_KEY, "a key consists of plain names", expr.span, "not a plain name")
            .help("write `(tenant_id, user_id)`"),
    );
    None
}

/// The words behind a schema and the bullets below it, as one text.
fn words_behind(rest: &Inline, below: &[Item]) -> Option<Text> {
    let mut parts: Vec<String> = Vec::new();
    if !rest.is_empty() {
        parts.push(rest.text());
    }
    lines_of(below, &mut parts);
    let last = below.last().map_or(rest.span, Item::whole);
    (!parts.is_empty()).then(|| Spanned::new(parts.join("; "), rest.span.to(last)))
}

/// Bullets as lines of text, nested ones behind those that hold them.
fn lines_of(items: &[Item], lines: &mut Vec<String>) {
    for item in items {
        lines.push(item.words.text());
        lines_of(&item.children, lines);
    }
}

/// Whether nothing but marks and `or` stands between the code spans of these words.
fn joins_codes_only(words: &Inline) -> bool {
    let mut end = words.span.start;
    for code in &words.codes {
        let between = words.part(end..code.outer.start).text();
        if !matches!(between.as_str(), "" | "|" | "or" | "/" | ", or") {
            return false;
        }
        end = code.outer.end;
    }
    words.after(end).is_empty()
}

/// `a` | `b`: several schemas in one line are alternatives.
fn several(words: &Inline, diagnostics: &mut Diagnostics) -> SchemaText {
    let read = |code: &CodeSpan| parse_schema(&code.raw, code.span, diagnostics);
    let trees: Vec<Expr> = words.codes.iter().filter_map(read).collect();
    let tree = Expr { kind: ExprKind::OneOf(trees), span: words.span };
    SchemaText { text: Spanned::new(words.plain(), words.span), tree: Some(tree) }
}

/// One parameter per bullet: a name, or words.
pub(super) fn list(items: &[Item], key: &Inline) -> SchemaText {
    let mut lines = Vec::new();
    lines_of(items, &mut lines);
    let whole = |item: Option<&Item>, otherwise: Span| item.map_or(otherwise, Item::whole);
    let span = whole(items.first(), key.span).to(whole(items.last(), key.span));
    let whole = match items {
        [only] => listed::whole(only),
        _ => None,
    };
    let parameters =
        || Expr { kind: ExprKind::Tuple(items.iter().flat_map(listed::parameters).collect()), span };
    let tree = whole.unwrap_or_else(parameters);
    SchemaText { text: Spanned::new(lines.join("\n").replace('`', ""), span), tree: Some(tree) }
}

/// Words without backticks: `a, b, c=Fixed` where they follow the language, else fields and words side by side, or words only.
fn bare(words: &Inline, diagnostics: &mut Diagnostics) -> Option<Expr> {
    if words.is_empty() {
        return parse_schema(words.raw(), words.span, diagnostics);
    }
    let (items, errors) = schema::parse_list(words.raw(), words.span.file, words.span.start);
    if !errors.is_empty() {
        let otherwise = || prose(&Spanned::new(words.text(), words.span));
        return Some(listed::mostly_fields(words).unwrap_or_else(otherwise));
    }
    let items: Vec<Expr> = items.into_iter().map(|item| whole_or_prose(item, words)).collect();
    match items.len() {
        1 => items.into_iter().next(),
        _ => Some(Expr { kind: ExprKind::Tuple(items), span: words.span }),
    }
}

/// `done=Yes | what else`, where alternatives are no fields: words.
fn whole_or_prose(expr: Expr, words: &Inline) -> Expr {
    let ExprKind::OneOf(parts) = &expr.kind else { return expr };
    if !parts.iter().any(|part| matches!(part.kind, ExprKind::Fixed { .. })) {
        return expr;
    }
    prose(&Spanned::new(words.part(expr.span.start..expr.span.end).text(), expr.span))
}

fn prose(text: &Text) -> Expr {
    Expr { kind: ExprKind::Prose(text.value.clone()), span: text.span }
}
