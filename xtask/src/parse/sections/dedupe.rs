//! The rule by which a write is done once: `dedupe key = (a, b)`, in every spelling.

use super::schemas::{parse_schema, plain_name};
use super::words::{bare_names, is_lower_snake, pieces};
use crate::diagnostics::Diagnostics;
use crate::parse::bullet::Bullet;
use crate::parse::document::Text;
use crate::parse::schema::ExprKind;
use crate::read::markdown::{CodeSpan, Inline, Item};
use crate::source::{Span, Spanned};

/// `idempotency key rule`, `idempotency_key rule (exact formula)`, `idempotency`.
pub(super) fn is_dedupe_key(name: &str) -> bool {
    let name = name.replace('_', " ");
    matches!(name.as_str(), "idempotency key rule" | "idempotency" | "idempotency key")
        || name.starts_with("idempotency key rule (")
}

/// What stands for the names of a key: `driven by the key of the ledger`.
pub(super) fn dedupe_words(bullet: &Bullet<'_>) -> Option<Text> {
    let words = bullet.flat();
    let value = Some(bullet.value.span).filter(|_| !bullet.value.is_empty());
    let spans = value.into_iter().chain(bullet.item.children.iter().map(Item::whole));
    let span = spans.reduce(Span::to)?;
    words.contains(char::is_alphanumeric).then(|| Spanned::new(words, span))
}

/// Words that may stand around the names of a key.
const OF_KEYS: [&str; 8] = ["dedupe", "dedup", "unique", "idempotent", "key", "by", "on", "and"];

/// `dedupe key = a, b` in backticks or bare, where nothing else is stated.
fn key_without_brackets(words: &Inline) -> Option<Vec<Text>> {
    if let Some(names) = bare_key(words).filter(|_| words.codes.is_empty()) {
        return Some(names);
    }
    let separates = |c: char| matches!(c, ',' | '+') || c.is_whitespace();
    let mut names: Vec<Text> = Vec::new();
    let mut around = String::new();
    let mut end = words.span.start;
    for code in &words.codes {
        around += &words.part(end..code.outer.start).text();
        around.push(' ');
        names.extend(pieces(&code.raw, code.span, separates));
        end = code.outer.end;
    }
    if let Some(equals) = words.raw().find('=').filter(|_| words.codes.is_empty()) {
        let value = words.after(words.span.start + equals + 1);
        around += &words.raw()[..equals];
        names.extend(pieces(value.raw(), value.span, separates));
    } else {
        around += words.after(end).raw();
    }
    let mut others = around.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let are_names = !names.is_empty() && names.iter().all(|name| is_lower_snake(&name.value));
    (are_names && others.all(|word| OF_KEYS.contains(&word))).then_some(names)
}

/// `(a, b)` or `(a + b)` among words without backticks.
pub(super) fn bare_key(words: &Inline) -> Option<Vec<Text>> {
    let open = words.raw().find('(')?;
    let close = open + words.raw()[open..].find(')')?;
    let inner = words.part(words.span.start + open + 1..words.span.start + close);
    let separates = |c: char| matches!(c, ',' | '+');
    let names = bare_names(&inner, |_| true);
    // A value that holds for every row is a part of some keys: `(Tenant, tenant_id)`.
    let is_word = |name: &Text| name.value.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let are_names = names.iter().all(is_word) && names.iter().any(|name| is_lower_snake(&name.value));
    let are_listed = inner.raw().split(separates).count() == names.len();
    (are_names && are_listed).then_some(names)
}

/// `dedupe key = (a, b)`, or several of them joined by `|`.
pub(super) fn read_dedupe(
    bullet: &Bullet<'_>,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<Vec<Vec<Text>>>> {
    let codes = bullet.all_codes();
    let tuples: Vec<&&CodeSpan> = codes.iter().filter(|code| code.text.starts_with('(')).collect();
    let span = bullet.item.words.span;
    if tuples.is_empty() {
        let lines = std::iter::once(&bullet.value).chain(bullet.item.children.iter().map(|item| &item.words));
        return lines.filter(|words| !words.is_empty()).find_map(key_without_brackets).map(|names| {
            let whole = names
                .first()
                .map_or(span, |first| names.iter().fold(first.span, |all, name| all.to(name.span)));
            Spanned::new(vec![names], whole)
        });
    }
    let mut keys = Vec::new();
    for code in tuples {
        let separates = |c: char| matches!(c, '(' | ')' | '+') || c.is_whitespace();
        let names: Vec<Text> = pieces(&code.raw, code.span, separates).collect();
        if code.text.contains('+') && names.iter().all(|name| is_lower_snake(&name.value)) {
            keys.push(names);
            continue;
        }
        let Some(tree) = parse_schema(&code.raw, code.span, diagnostics) else { continue };
        let alternatives = match tree.kind {
            ExprKind::OneOf(alternatives) => alternatives,
            _ => vec![tree],
        };
        for alternative in alternatives {
            let names = match alternative.kind {
                ExprKind::Tuple(names) => names,
                _ => vec![alternative],
            };
            keys.push(names.into_iter().filter_map(|name| plain_name(name, diagnostics)).collect());
        }
    }
    Some(Spanned::new(keys, codes.first().map_or(span, |code| code.span)))
}
