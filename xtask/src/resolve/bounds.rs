//! The `range` of a field, held against the field's type.

use selene_codegen::contract::{Builtin, Number, TypeRef};

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::document::Text;
use crate::read::number::{WrongNumber, real_number, whole_number};
use crate::source::Span;

/// The smallest and the largest value, both within the type; `None` where they do not fit, with a finding.
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
