//! What the lexicon declares in itself: names that are free and well-formed.

use selene_codegen::contract::Builtin;
use selene_codegen::naming;

use super::names::Names;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::document::Text;
use crate::parse::lexicon::Scope;
use crate::parse::rust_names;

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
