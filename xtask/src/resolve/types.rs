//! Types of contracts by themselves: what they hold at their innermost, whatever the lexicon says about its name.

use selene_codegen::contract::{Builtin, TypeRef};

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::lexicon::ClassList;

/// The name of a type that is unknown and has a finding already. No declared type can have it.
pub const UNKNOWN: &str = "?";

/// Whether a type is unknown or holds an unknown one at any depth.
pub(super) fn is_unknown(ty: &TypeRef) -> bool {
    match ty {
        TypeRef::Named(name) => name == UNKNOWN,
        TypeRef::Option(inner) | TypeRef::List(inner) => is_unknown(inner),
        TypeRef::Map(key, value) => is_unknown(key) || is_unknown(value),
        TypeRef::Unit | TypeRef::Builtin(_) => false,
    }
}

/// The name of the type at the end of options, lists and maps: `T` of `Vec<Option<T>>`.
pub(super) fn innermost(ty: &TypeRef) -> Option<&str> {
    match ty {
        TypeRef::Named(name) => Some(name),
        TypeRef::Option(inner) | TypeRef::List(inner) | TypeRef::Map(_, inner) => innermost(inner),
        TypeRef::Unit | TypeRef::Builtin(_) => None,
    }
}

/// The reason-code type at the end of options, lists and maps.
pub(super) fn reason_type(ty: &TypeRef) -> Option<Builtin> {
    match ty {
        TypeRef::Builtin(builtin @ (Builtin::EngineReasonCode | Builtin::ReasonCode)) => Some(*builtin),
        TypeRef::Option(inner) | TypeRef::List(inner) | TypeRef::Map(_, inner) => reason_type(inner),
        TypeRef::Unit | TypeRef::Builtin(_) | TypeRef::Named(_) => None,
    }
}

/// Reports `classes` of a type that holds no reason codes.
pub(super) fn check_classes(ty: &TypeRef, list: &ClassList, diagnostics: &mut Diagnostics) {
    if reason_type(ty).is_none() && *ty != TypeRef::Named(UNKNOWN.to_owned()) {
        diagnostics.push(
            Diagnostic::new(
                codes::WRONG_CLASS,
                format!("`{ty}` cannot have `classes`"),
                list.span,
                "these classes",
            )
            .help("take them away, or make the field an `EngineReasonCode` or a `ReasonCode`"),
        );
    }
}
