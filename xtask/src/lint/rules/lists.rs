//! How many items a list has, where the lexicon bounds what is no list.

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::subject::Engine;
use crate::parse::lexicon::{FieldEntry, Scope};
use crate::parse::schema::{Expr, ExprKind};
use crate::source::Span;

/// Fields with `max_items` that are used, and nowhere as a list.
pub fn bounds_of_none(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(lexicon) = subject.lexicon().filter(|_| subject.is_whole) else { return };
    let all = || subject.engines.iter();
    of_scope(&lexicon.shared, &all().collect::<Vec<_>>(), &subject.scopes(), diagnostics);
    for (id, scope) in &lexicon.engines {
        let own: Vec<&Engine<'_>> = all().filter(|engine| engine.id.value == id.value).collect();
        of_scope(scope, &own, &[scope], diagnostics);
    }
}

fn of_scope(scope: &Scope, engines: &[&Engine<'_>], scopes: &[&Scope], diagnostics: &mut Diagnostics) {
    for entry in scope.fields.iter().filter(|entry| entry.max_items.is_some()) {
        let is_list = entry.ty.as_ref().is_some_and(|ty| matches!(ty.kind, ExprKind::List(_)));
        let uses = uses(&entry.name.value, engines, scopes);
        let Some((_, first)) = uses.first().filter(|_| !is_list) else { continue };
        if !uses.iter().any(|(is_list, _)| *is_list) {
            report(entry, *first, diagnostics);
        }
    }
    let records = scope.records.iter().chain(&scope.additions);
    for (field, own) in records.flat_map(|record| &record.fields) {
        let Some(own) = own.as_ref().filter(|own| own.max_items.is_some()) else { continue };
        let is_list = |expr: &Expr| matches!(expr.kind, ExprKind::List(_));
        if !is_list(field) && !is_optional_list(field) && !own.ty.as_ref().is_some_and(is_list) {
            report(own, field.span, diagnostics);
        }
    }
}

fn is_optional_list(expr: &Expr) -> bool {
    matches!(&expr.kind, ExprKind::Optional(inner) if matches!(inner.kind, ExprKind::List(_)))
}

fn report(entry: &FieldEntry, used: Span, diagnostics: &mut Diagnostics) {
    let message = format!("`max_items` bounds the items of `{}`, which is nowhere a list", entry.name.value);
    diagnostics.push(
        Diagnostic::new(codes::ITEMS_OF_NO_LIST, message, entry.name.span, "with `max_items`")
            .and(used, "one value here")
            .help(format!("take `max_items` out, or write `{}[]` where it is a list", entry.name.value)),
    );
}

/// Where a field is used, and whether as a list.
fn uses(name: &str, engines: &[&Engine<'_>], scopes: &[&Scope]) -> Vec<(bool, Span)> {
    let mut found = Vec::new();
    for page in engines.iter().flat_map(|engine| engine.each_page()) {
        let schemas = page.capabilities.iter().flat_map(|one| one.input.iter().chain(&one.output));
        let columns = page.tables.iter().filter_map(|table| table.columns.as_ref());
        let trees = schemas.chain(columns).filter_map(|schema| schema.tree.as_ref());
        trees.for_each(|tree| collect(tree, name, false, &mut found));
    }
    let records = scopes.iter().flat_map(|scope| scope.records.iter().chain(&scope.additions));
    let fields = records.flat_map(|record| &record.fields);
    fields.for_each(|(field, _)| collect(field, name, false, &mut found));
    let groups = scopes.iter().flat_map(|scope| &scope.groups).flat_map(|(_, fields)| fields);
    groups.for_each(|field| collect(field, name, false, &mut found));
    found
}

fn collect(expr: &Expr, wanted: &str, is_list: bool, found: &mut Vec<(bool, Span)>) {
    match &expr.kind {
        ExprKind::Name(name) if name == wanted => found.push((is_list, expr.span)),
        ExprKind::Fixed { name, .. } | ExprKind::Values { name, .. } if name.value == wanted => {
            found.push((is_list, expr.span));
        }
        ExprKind::Optional(inner) => collect(inner, wanted, is_list, found),
        ExprKind::List(inner) => collect(inner, wanted, true, found),
        ExprKind::Generic { args: parts, .. }
        | ExprKind::Record { fields: parts, .. }
        | ExprKind::Tuple(parts)
        | ExprKind::OneOf(parts) => parts.iter().for_each(|part| collect(part, wanted, false, found)),
        _ => {}
    }
}
