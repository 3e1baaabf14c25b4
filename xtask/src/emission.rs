//! A trial between check and write: every contract is emitted once as Rust code, so that the macro never fails where no
//! spec line is known. What must not live here: what the code looks like, which is `selene_codegen`'s.

use selene_codegen::emit;
use selene_codegen::naming::module_name;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::paths::SHARED;
use crate::resolve::{Provenance, Resolved};
use crate::source::Span;

/// Emits every contract and reports those that cannot be emitted; the tokens are dropped.
pub fn try_emission(resolved: &Resolved, diagnostics: &mut Diagnostics) {
    let shared = (SHARED.to_owned(), emit::shared(&resolved.shared, "").err());
    let engines = resolved.contracts.iter().map(|contract| {
        (module_name(&contract.engine.id), emit::engine(contract, &resolved.shared, "").err())
    });
    for (file, error) in std::iter::once(shared).chain(engines) {
        let Some(error) = error else { continue };
        let message = error.to_string();
        if let Some(span) = place(&resolved.provenance, &file, &message) {
            diagnostics.push(
                Diagnostic::new(
                    codes::NOT_RUST,
                    format!("no Rust code can be written for this: {message}"),
                    span,
                    "",
                )
                .help("mend this item, or the lexicon's entry for what it names"),
            );
        }
    }
}

/// A refusal starts with the item that it is about; else the engine as a whole is meant.
fn place(provenance: &Provenance, file: &str, message: &str) -> Option<Span> {
    let item = message.split([':', '.', ' ']).next().unwrap_or_default().to_owned();
    let found = ["capabilities", "records", "types", "tables"]
        .into_iter()
        .find_map(|kind| provenance.exact(file, &[kind, &item]));
    found.or_else(|| provenance.exact(file, &["engine"])).or_else(|| provenance.any(file))
}
