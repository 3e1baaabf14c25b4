//! What the lexicon declares in itself: names that are free and well-formed, bounds that fit their type.

use selene_codegen::contract::{Builtin, Number, TypeRef};
use selene_codegen::naming;

use super::names::Names;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::document::Text;
use crate::parse::lexicon::Scope;

/// Names that Rust or the generated code gives another meaning.
const TAKEN: [&str; 9] =
    ["Option", "Vec", "Map", "Result", "String", "Box", "Self", "StorageError", "Committed"];

/// A field becomes a Rust field of the same name.
pub(super) fn check_field_name(name: &Text, diagnostics: &mut Diagnostics) {
    let lower = naming::upper_snake(&name.value).to_ascii_lowercase();
    let is_reserved = matches!(name.value.as_str(), "self" | "super" | "crate");
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
        } else if Builtin::from_name(&name.value).is_some() || TAKEN.contains(&name.value.as_str()) {
            let message = format!("`{}` is built in and cannot be declared", name.value);
            diagnostics.push(
                Diagnostic::new(codes::DUPLICATE_NAME, message, name.span, "").help("give it another name"),
            );
        } else if naming::pascal(&name.value) != name.value
            || !name.value.starts_with(|c: char| c.is_ascii_uppercase())
        {
            let message = format!("`{}` is not in PascalCase", name.value);
            diagnostics.push(
                Diagnostic::new(codes::MALFORMED_NAME, message, name.span, "")
                    .help(format!("write `{}`", naming::pascal(&name.value))),
            );
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
    let mut wrong = |message: String, help: &str| {
        diagnostics.push(Diagnostic::new(codes::WRONG_BOUNDS, message, span, "these bounds").help(help));
    };
    let largest = match ty {
        TypeRef::Builtin(Builtin::U8) => i64::from(u8::MAX),
        TypeRef::Builtin(Builtin::U16) => i64::from(u16::MAX),
        TypeRef::Builtin(Builtin::U32) => i64::from(u32::MAX),
        TypeRef::Builtin(Builtin::U64) => i64::MAX,
        TypeRef::Builtin(Builtin::F32) => return real_bounds(range, &mut wrong),
        _ => {
            wrong(
                format!("`{ty}` cannot have a `range`"),
                "use a number type, or put `min` and `max` on the integer type itself",
            );
            return None;
        }
    };
    let whole = |text: &Text| {
        crate::read::yaml::whole_number(&text.value).and_then(|value| i64::try_from(value).ok())
    };
    let (Some(low), Some(high)) = (whole(&range.0), whole(&range.1)) else {
        wrong(format!("the bounds of `{ty}` are not whole numbers from 0"), "write `range: [3, 8]`");
        return None;
    };
    if low > high || high > largest {
        wrong(
            format!("the bounds {low} to {high} do not fit `{ty}`"),
            &format!("the smallest must not be above the largest, and the largest not above {largest}"),
        );
        return None;
    }
    Some((Number::Whole(low), Number::Whole(high)))
}

fn real_bounds(range: &(Text, Text), wrong: &mut dyn FnMut(String, &str)) -> Option<(Number, Number)> {
    let real = |text: &Text| text.value.parse::<f64>().ok().filter(|value| value.is_finite());
    let (Some(low), Some(high)) = (real(&range.0), real(&range.1)) else {
        wrong("the bounds of `f32` are not numbers".to_owned(), "write `range: [0.0, 1.0]`");
        return None;
    };
    if low > high || low < f64::from(f32::MIN) || high > f64::from(f32::MAX) {
        wrong(
            format!("the bounds {low} to {high} do not fit `f32`"),
            "the smallest must not be above the largest",
        );
        return None;
    }
    Some((Number::Real(low), Number::Real(high)))
}
