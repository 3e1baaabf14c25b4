//! Names of the specs as names of Rust: which cannot be one, and which become the same one.
//!
//! What must not live here: how a name is changed (`selene_codegen::naming` says that), or looking names up. Reserved
//! words (`gen`, `type`, `try`) are no findings: they become raw identifiers, and rows and JSON keep the plain word.

use std::collections::BTreeMap;

use selene_codegen::naming;

use super::document::Text;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::source::Span;

/// Type names that Rust, the language of the lexicon or the generated code gives another meaning. `B` is the backend in
/// the blanket implementation of every repository trait.
pub const TAKEN: [&str; 10] =
    ["Option", "Vec", "Map", "Result", "String", "Box", "Self", "StorageError", "Committed", "B"];

/// Reports a name that becomes `rust`, which is no identifier.
pub fn check(name: &Text, rust: &str, diagnostics: &mut Diagnostics) {
    check_at(&name.value, rust, name.span, diagnostics);
}

/// The same for a name that stands at `span`, or that is made of what stands there.
pub fn check_at(name: &str, rust: &str, span: Span, diagnostics: &mut Diagnostics) {
    if naming::identifier(rust).is_some() {
        return;
    }
    let (message, help) = if rust.is_empty() {
        (format!("`{name}` has no letters that a name in Rust could have"), "use letters, digits and `_`")
    } else if naming::PATH_WORDS.contains(&rust) {
        (
            format!("`{name}` becomes `{rust}`, which Rust keeps for itself"),
            "give it another name, or a second word",
        )
    } else if rust.starts_with(|c: char| c.is_ascii_digit()) {
        (
            format!("`{name}` becomes `{rust}`, and no name in Rust begins with a digit"),
            "put a letter or a word in front of the digit",
        )
    } else {
        (
            format!("`{name}` becomes `{rust}`, which is no name in Rust"),
            "use letters, digits and `_`, beginning with a letter",
        )
    };
    diagnostics.push(Diagnostic::new(codes::NO_RUST_NAME, message, span, "").help(help));
}

/// Reports different names of one list that become the same name. Equal names have a finding of their own.
pub fn report_same<'a>(
    what: &str,
    names: impl IntoIterator<Item = (&'a Text, String)>,
    diagnostics: &mut Diagnostics,
) {
    let mut seen: BTreeMap<String, &Text> = BTreeMap::new();
    for (name, rust) in names {
        match seen.get(&rust) {
            Some(first) if first.value != name.value => {
                let message =
                    format!("the {what} `{}` and `{}` both become `{rust}` in Rust", first.value, name.value);
                diagnostics.push(
                    Diagnostic::new(codes::SAME_RUST_NAME, message, name.span, "this one")
                        .and(first.span, "and this one")
                        .help("give one of them a name that differs in more than `_` and upper case"),
                );
            }
            Some(_) => {}
            None => {
                seen.insert(rust, name);
            }
        }
    }
}
