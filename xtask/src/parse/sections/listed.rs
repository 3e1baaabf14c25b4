//! Fields that stand side by side with words: the bullets of a schema, and lines between whose commas not everything follows the
//! language.

use std::ops::Range;

use crate::parse::schema::{self, Expr, ExprKind};
use crate::read::markdown::{Inline, Item};
use crate::source::Spanned;

/// What a bullet says: `user_id`, `due_at?`, `tags[]`, `user_id` (optional), `note_state`: `DRAFT | PUBLISHED`, several of these, or
/// words.
pub(super) fn parameters(item: &Item) -> Vec<Expr> {
    let words = &item.words;
    if !item.children.is_empty() {
        return vec![prose(words, item)];
    }
    let parts = parts_of(words);
    if parts.iter().all(|part| part.field_name().is_some()) {
        return parts;
    }
    // Names in bold are names, too.
    let (items, errors) = schema::parse_list(&words.text().replace('`', " "), words.span.file, 0);
    if errors.is_empty() && items.iter().all(|item| item.field_name().is_some()) {
        let at_words = |mut item| {
            schema::put_at(&mut item, words.span);
            item
        };
        return items.into_iter().map(at_words).collect();
    }
    vec![prose(words, item)]
}

fn prose(words: &Inline, item: &Item) -> Expr {
    let span = if item.children.is_empty() { words.span } else { item.whole() };
    Expr { kind: ExprKind::Prose(words.text()), span }
}

/// The only bullet of a schema, where it is a type and no parameter: `none`, `NoteRecord`, `Option<NoteRecord>`.
pub(super) fn whole(item: &Item) -> Option<Expr> {
    let words = &item.words;
    let raw = words.raw().replace('`', " ");
    let (tree, errors) = schema::parse(&raw, words.span.file, words.span.start);
    let tree = tree.filter(|_| errors.is_empty() && item.children.is_empty())?;
    let is_type = match &tree.kind {
        ExprKind::Name(name) => name.starts_with(|c: char| c.is_ascii_uppercase()),
        ExprKind::Unit | ExprKind::Nothing | ExprKind::Generic { .. } => true,
        _ => false,
    };
    is_type.then_some(tree)
}

/// Several fields, with commas between them and nothing else.
pub(super) fn fields(words: &Inline) -> Option<Expr> {
    let parts = parts_of(words);
    let is_list = parts.len() > 1 && parts.iter().all(is_field);
    is_list.then_some(Expr { kind: ExprKind::Tuple(parts), span: words.span })
}

/// Fields, and fewer words between them: `tenant_id, bounds (low, high), loan_id`, in brackets or without.
pub(super) fn mostly_fields(words: &Inline) -> Option<Expr> {
    let words = without_brackets(words);
    let parts = parts_of(&words);
    let known = parts.iter().filter(|part| is_field(part)).count();
    (2 * known > parts.len()).then_some(Expr { kind: ExprKind::Tuple(parts), span: words.span })
}

fn is_field(expr: &Expr) -> bool {
    expr.field_name().is_some_and(|name| name.starts_with(|c: char| c.is_ascii_lowercase()))
}

fn without_brackets(words: &Inline) -> Inline {
    let raw = words.raw();
    let inner = raw.strip_prefix('(').and_then(|raw| raw.strip_suffix(')'));
    match inner.map(|inner| depth_of(inner).all(|(depth, ..)| depth >= 0)) {
        Some(true) => words.part(words.span.start + 1..words.span.end - 1),
        _ => words.clone(),
    }
}

/// What stands between the commas of a line, backticks left aside: a field where it follows the language, else words.
fn parts_of(words: &Inline) -> Vec<Expr> {
    let raw = words.raw().replace('`', " ");
    let base = words.span.start;
    let read = |range: Range<usize>| {
        let (tree, errors) = schema::parse(&raw[range.clone()], words.span.file, base + range.start);
        tree.filter(|tree| errors.is_empty() && tree.field_name().is_some()).unwrap_or_else(|| {
            let text = words.part(base + range.start..base + range.end);
            let text = Spanned::new(text.text(), text.span);
            Expr { kind: ExprKind::Prose(text.value), span: text.span }
        })
    };
    between_commas(&raw).into_iter().map(read).collect()
}

/// The stretches between commas that stand in no bracket.
fn between_commas(raw: &str) -> Vec<Range<usize>> {
    let commas = depth_of(raw).filter(|(depth, _, c)| *depth == 0 && *c == ',').map(|(_, at, _)| at);
    let mut start = 0;
    let mut found = Vec::new();
    for at in commas.chain([raw.len()]) {
        found.push(start..at);
        start = at + 1;
    }
    found
}

/// Every character with its place, and in how many brackets it stands, a closing one behind itself. An arrow is no bracket.
fn depth_of(raw: &str) -> impl Iterator<Item = (isize, usize, char)> {
    raw.char_indices().scan((0_isize, ' '), |(depth, before), (at, c)| {
        match c {
            '(' | '<' | '[' | '{' => *depth += 1,
            '>' if matches!(before, '-' | '=') => {}
            ')' | '>' | ']' | '}' => *depth -= 1,
            _ => {}
        }
        *before = c;
        Some((*depth, at, c))
    })
}
