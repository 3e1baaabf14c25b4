//! What the lexicon declares in itself: names that are free and well-formed, bounds that fit their type.

use selene_codegen::contract::{Builtin, Number, TypeRef};
use selene_codegen::naming;

use super::names::Names;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::document::Text;
use crate::parse::lexicon::Scope;
use crate::parse::rust_names;
use crate::read::number::{WrongNumber, real_number, whole_number};
use crate::source::Span;

/// A field becomes a Rust field of the same name.
pub(super) fn check_field_name(name: &Text, diagnostics: &mut Diagnostics) {
    let lower = naming::upper_snake(&name.value).to_ascii_lowercase();
    let is_reserved = naming::PATH_WORDS.contains(&name.value.as_str());
    if lower != name.value || is_reserved || !name.value.starts_with(|c: char| c.is_ascii_lowercase()) {
        let message = format!("`{}` is not a field name", name.value);
        diagnostics.push(
            Diagnostic::new(codes::MALFORMED_NAME, message, name.span, "")
                .help("write it in lower_snake, starting with a letter, and no Rust path word"),
        );
    }
}

/// A type and a record of one name, or a name that every contract knows already.
pub(super) fn report_duplicates(names: &Names<'_>, scope: &Scope, diagnostics: &mut Diagnostics) {
    let declared =
        scope.types.iter().map(|entry| &entry.name).chain(scope.records.iter().map(|entry| &entry.name));
    let mut seen: Vec<&Text> = Vec::new();
    for name in declared {
        let elsewhere =
            names.scopes.last().filter(|shared| !std::ptr::eq(**shared, scope)).and_then(|shared| {
                let types = shared.types.iter().map(|entry| &entry.name);
                types
                    .chain(shared.records.iter().map(|entry| &entry.name))
                    .find(|known| known.value == name.value)
            });
        let first = seen.iter().find(|known| known.value == name.value).copied().or(elsewhere);
        if let Some(first) = first {
            let message = format!("`{}` is declared twice", name.value);
            diagnostics.push(
                Diagnostic::new(codes::DUPLICATE_NAME, message, name.span, "again")
                    .and(first.span, "first here")
                    .help("give one of them another name"),
            );
        } else if Builtin::from_name(&name.value).is_some()
            || rust_names::TAKEN.contains(&name.value.as_str())
        {
            let message = format!("`{}` is built in and cannot be declared", name.value);
            diagnostics.push(
                Diagnostic::new(codes::DUPLICATE_NAME, message, name.span, "").help("give it another name"),
            );
        } else if naming::pascal(&name.value) != name.value
            || !name.value.starts_with(|c: char| c.is_ascii_uppercase())
        {
            let message = format!("`{}` is not in PascalCase", name.value);
            diagnostics.push(Diagnostic::new(codes::MALFORMED_NAME, message, name.span, "").help(
                match naming::pascal(&name.value) {
                    pascal if pascal.starts_with(|c: char| c.is_ascii_uppercase()) => {
                        format!("write `{pascal}`")
                    }
                    _ => "write it in PascalCase, starting with a letter".to_owned(),
                },
            ));
        }
        seen.push(name);
    }
}

/// Bounds that fit a number type.
pub(super) fn bounds(
    ty: &TypeRef,
    range: &(Text, Text),
    diagnostics: &mut Diagnostics,
) -> Option<(Number, Number)> {
    let span = range.0.span.to(range.1.span);
    let largest = match ty {
        TypeRef::Builtin(Builtin::U8) => i64::from(u8::MAX),
        TypeRef::Builtin(Builtin::U16) => i64::from(u16::MAX),
        TypeRef::Builtin(Builtin::U32) => i64::from(u32::MAX),
        TypeRef::Builtin(Builtin::U64) => i64::MAX,
        TypeRef::Builtin(Builtin::F32) => return real_bounds(range, span, diagnostics),
        _ => {
            let message = format!("`{ty}` cannot have a `range`");
            diagnostics.push(
                Diagnostic::new(codes::WRONG_BOUNDS, message, span, "these bounds")
                    .help("use a number type, or put `min` and `max` on the integer type itself"),
            );
            return None;
        }
    };
    let (low, high) = match (whole_number(&range.0.value), whole_number(&range.1.value)) {
        (Ok(low), Ok(high)) => (low, high),
        (Err(problem), _) => return wrong_number(&range.0, &problem, diagnostics),
        (_, Err(problem)) => return wrong_number(&range.1, &problem, diagnostics),
    };
    let fitted = |bound: u128| i64::try_from(bound).ok().filter(|bound| *bound <= largest);
    let (Some(fitted_low), Some(fitted_high), true) = (fitted(low), fitted(high), low <= high) else {
        let message = format!("the bounds {low} to {high} do not fit `{ty}`");
        let help = format!("the smallest must not be above the largest, and the largest not above {largest}");
        diagnostics.push(Diagnostic::new(codes::WRONG_BOUNDS, message, span, "these bounds").help(help));
        return None;
    };
    Some((Number::Whole(fitted_low), Number::Whole(fitted_high)))
}

/// Reports a bound that is no number.
fn wrong_number<T>(bound: &Text, wrong: &WrongNumber, diagnostics: &mut Diagnostics) -> Option<T> {
    let message = format!("the bound `{}` {}", bound.value, wrong.problem);
    diagnostics.push(Diagnostic::new(codes::WRONG_BOUNDS, message, bound.span, "").help(wrong.help.clone()));
    None
}

fn real_bounds(range: &(Text, Text), span: Span, diagnostics: &mut Diagnostics) -> Option<(Number, Number)> {
    let (low, high) = match (real_number(&range.0.value), real_number(&range.1.value)) {
        (Ok(low), Ok(high)) => (low, high),
        (Err(problem), _) => return wrong_number(&range.0, &problem, diagnostics),
        (_, Err(problem)) => return wrong_number(&range.1, &problem, diagnostics),
    };
    if low > high || low < f64::from(f32::MIN) || high > f64::from(f32::MAX) {
        let message = format!("the bounds {low} to {high} do not fit `f32`");
        diagnostics.push(
            Diagnostic::new(codes::WRONG_BOUNDS, message, span, "these bounds")
                .help("the smallest must not be above the largest"),
        );
        return None;
    }
    Some((Number::Real(low), Number::Real(high)))
}
