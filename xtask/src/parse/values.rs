//! Values that both YAML files have: numbers, flags, types and classes of reason codes.

use selene_codegen::contract::ReasonClass;

use super::document::Text;
use super::schema::{self, Expr};
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::read::number::{WrongNumber, whole_number};
use crate::read::yaml::MapReader;
use crate::source::{Span, Spanned};

/// A whole number from 0 to 2^128 - 1, decimal or hexadecimal; what is none is reported.
pub(super) fn number(
    map: &mut MapReader<'_>,
    key: &'static str,
    diagnostics: &mut Diagnostics,
) -> Option<Spanned<u128>> {
    let text = map.text(key, diagnostics)?;
    match whole_number(&text.value) {
        Ok(value) => Some(Spanned::new(value, text.span)),
        Err(wrong) => {
            wrong_number(&format!("`{key}`: "), &text, &wrong, diagnostics);
            None
        }
    }
}

/// `true` or `false`; what is neither is reported and counts as `false`.
pub(super) fn flag(text: &Text, diagnostics: &mut Diagnostics) -> bool {
    if !matches!(text.value.as_str(), "true" | "false") {
        let message = format!("`{}` is neither `true` nor `false`", text.value);
        diagnostics.push(
            Diagnostic::new(codes::WRONG_SHAPE, message, text.span, "").help("write `true` or `false`"),
        );
    }
    text.value == "true"
}

/// Reports a text that is no number; `before` says which one it should be.
pub(super) fn wrong_number(before: &str, text: &Text, wrong: &WrongNumber, diagnostics: &mut Diagnostics) {
    let message = format!("{before}`{}` {}", text.value, wrong.problem);
    diagnostics.push(Diagnostic::new(codes::WRONG_BOUNDS, message, text.span, "").help(wrong.help.clone()));
}

/// Reports bounds that make no sense.
pub(super) fn wrong_bounds(message: &str, span: Span, diagnostics: &mut Diagnostics) {
    diagnostics.push(
        Diagnostic::new(codes::WRONG_BOUNDS, message, span, "")
            .help("write whole, ordered bounds that fit the type, as `range: [3, 8]` or `max_len: 64`"),
    );
}

/// The classes for people.
pub(super) fn classes() -> String {
    format!("one of `{}`", ReasonClass::ALL.map(ReasonClass::as_str).join("`, `"))
}

/// Reports a word that is no class of reason codes; `more` are words that have a meaning beside the classes.
pub(super) fn unknown_class(text: &Text, more: &[&str], diagnostics: &mut Diagnostics) {
    let known = ReasonClass::ALL.iter().map(|class| class.as_str()).chain(more.iter().copied());
    diagnostics.push(
        Diagnostic::new(
            codes::UNKNOWN_CLASS,
            format!("`{}` is not a class of reason codes", text.value),
            text.span,
            "not known",
        )
        .help(guess_or(&text.value, known, &format!("use {}", classes()))),
    );
}

/// Reads a type or a field with its marks in the schema language.
pub(super) fn expression(text: &Text, diagnostics: &mut Diagnostics) -> Option<Expr> {
    // A quoted value may differ from its source, so that only the value as a whole has a place.
    let (tree, errors) = schema::parse(&text.value, text.span.file, text.span.start);
    for error in errors {
        diagnostics.push(
            Diagnostic::new(
                codes::MALFORMED_SCHEMA,
                format!("malformed type: {}", error.message),
                text.span,
                "",
            )
            .help(error.help),
        );
    }
    tree.map(|mut tree| {
        schema::put_at(&mut tree, text.span);
        tree
    })
}
