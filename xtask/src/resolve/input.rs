//! `input_schema` as typed fields, alternatives, and the names that the call context has anyway.

use selene_codegen::contract::{Effect, Field};

use super::names::Names;
use super::typing::misplaced;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::document::Text;
use crate::parse::schema::{Expr, ExprKind};
use crate::source::Span;

/// The input of a capability, with the types of its fields.
#[derive(Debug, Default)]
pub struct Input {
    /// Context fields that the schema names.
    pub context: Vec<String>,
    /// Alternatives with the place of every field; one alternative is a plain input.
    pub alternatives: Vec<Vec<(Field, Span)>>,
}

/// Resolves a schema in input position.
pub fn resolve(
    schema: &Expr,
    effect: Effect,
    ambient: &[Text],
    names: &Names<'_>,
    diagnostics: &mut Diagnostics,
) -> Input {
    let alternatives: Vec<&Expr> = match &schema.kind {
        ExprKind::OneOf(alternatives) => alternatives.iter().collect(),
        _ => vec![schema],
    };
    // A read that names a chain or a turn reads the one that the caller asks for, which need not be the one that the call
    // itself belongs to.
    let is_key = |name: &str| effect != Effect::Write && matches!(name, "correlation_id" | "turn_id");
    let ambient: Vec<Text> = ambient.iter().filter(|name| !is_key(&name.value)).cloned().collect();
    let ambient = ambient.as_slice();
    let mut input = Input::default();
    for expr in alternatives {
        let mut fields: Vec<(Field, Span)> = Vec::new();
        for part in parts(expr) {
            if let Some(name) = ambient_name(part, ambient) {
                if !input.context.contains(&name) {
                    input.context.push(name);
                }
                continue;
            }
            add_part(&mut fields, part, names, diagnostics);
        }
        let is_same = |known: &[(Field, Span)]| names_of(known).eq(names_of(&fields));
        // Alternatives that seem equal may differ in a part that is not understood.
        if has_all_fields(expr, names) && input.alternatives.iter().any(|known| is_same(known)) {
            misplaced(expr, "this alternative has the fields of another one", diagnostics);
        }
        input.alternatives.push(fields);
    }
    input
}

/// Whether every field of a schema is known at least by name.
pub fn is_understood(schema: &Expr, names: &Names<'_>) -> bool {
    match &schema.kind {
        ExprKind::OneOf(alternatives) => alternatives.iter().all(|expr| has_all_fields(expr, names)),
        _ => has_all_fields(schema, names),
    }
}

fn has_all_fields(expr: &Expr, names: &Names<'_>) -> bool {
    parts(expr).iter().all(|part| match &part.kind {
        ExprKind::Prose(words) => names.group(words).is_some(),
        ExprKind::OneOf(_) | ExprKind::Tuple(_) | ExprKind::Generic { .. } | ExprKind::Record { .. } => false,
        _ => true,
    })
}

fn names_of(fields: &[(Field, Span)]) -> impl Iterator<Item = &str> {
    fields.iter().map(|(field, _)| field.name.as_str())
}

fn parts(expr: &Expr) -> Vec<&Expr> {
    match &expr.kind {
        ExprKind::Unit | ExprKind::Nothing => Vec::new(),
        ExprKind::Tuple(items) => items.iter().collect(),
        _ => vec![expr],
    }
}

fn ambient_name(expr: &Expr, ambient: &[Text]) -> Option<String> {
    match &expr.kind {
        ExprKind::Name(name) => ambient.iter().any(|known| known.value == *name).then(|| name.clone()),
        ExprKind::Optional(inner) => ambient_name(inner, ambient),
        _ => None,
    }
}

fn add_part(fields: &mut Vec<(Field, Span)>, part: &Expr, names: &Names<'_>, diagnostics: &mut Diagnostics) {
    match &part.kind {
        ExprKind::Prose(words) => {
            for field in names.fields_of_group(words, part.span, diagnostics) {
                add(fields, field, part.span, diagnostics);
            }
        }
        ExprKind::OneOf(_) | ExprKind::Tuple(_) | ExprKind::Generic { .. } | ExprKind::Record { .. } => {
            misplaced(part, "only fields stand inside of the brackets of an input", diagnostics);
        }
        ExprKind::Unit | ExprKind::Nothing => {
            misplaced(part, "`none` stands alone", diagnostics);
        }
        _ => {
            let found = names
                .marked_field(part, diagnostics, &mut |name, diagnostics| names.field(name, diagnostics));
            if let Some((field, span)) = found {
                add(fields, field, span, diagnostics);
            }
        }
    }
}

fn add(fields: &mut Vec<(Field, Span)>, field: Field, span: Span, diagnostics: &mut Diagnostics) {
    if let Some((_, first)) = fields.iter().find(|(known, _)| known.name == field.name) {
        twice(&field.name, span, Some(*first), diagnostics);
    } else {
        fields.push((field, span));
    }
}

/// Adds a field to a record unless the record has it already.
pub(super) fn push_unique(fields: &mut Vec<Field>, field: Field, span: Span, diagnostics: &mut Diagnostics) {
    if fields.iter().any(|known| known.name == field.name) {
        twice(&field.name, span, None, diagnostics);
    } else {
        fields.push(field);
    }
}

fn twice(name: &str, span: Span, first: Option<Span>, diagnostics: &mut Diagnostics) {
    let diagnostic = Diagnostic::new(
        codes::DUPLICATE_NAME,
        format!("the field `{name}` stands here twice"),
        span,
        "again",
    )
    .help("remove one of them");
    diagnostics.push(match first {
        Some(first) => diagnostic.and(first, "first here"),
        None => diagnostic,
    });
}
