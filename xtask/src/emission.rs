//! A trial between check and write: every contract is emitted once as Rust code, so that the macro never fails where no
//! spec line is known. What must not live here: what the code looks like, which is `selene_codegen`'s.

use selene_codegen::emit;
use selene_codegen::naming::module_name;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parallel;
use crate::paths::SHARED;
use crate::resolve::{Provenance, Resolved};
use crate::source::Span;

/// Emits every contract and reports those that cannot be emitted; the tokens are dropped.
pub fn try_emission(resolved: &Resolved, diagnostics: &mut Diagnostics) {
    let shared = (SHARED.to_owned(), emit::shared(&resolved.shared, "").err());
    let engines = parallel::map(&resolved.contracts, |contract| {
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

#[cfg(test)]
mod tests {
    use selene_codegen::contract::{Field, Record, TypeRef};

    use super::*;
    use crate::source::Sources;

    #[test]
    fn a_record_of_an_unknown_type_is_shown_at_its_place() {
        let mut sources = Sources::default();
        let file = sources.add("specs/lexicon.yaml", "lexicon.yaml", "records:\n  NoteRecord: [title]\n");
        let mut resolved = Resolved::default();
        let title = Field {
            name: "title".to_owned(),
            ty: TypeRef::Named("Nothing".to_owned()),
            range: None,
            max_items: None,
            fixed: None,
            classes: Vec::new(),
            own_step: None,
            absent: None,
            violation: None,
            group: None,
            doc: String::new(),
        };
        let record = Record { name: "NoteRecord".to_owned(), fields: vec![title], doc: String::new() };
        resolved.shared.records.push(record);
        let place = Span::new(file, 11, 21);
        resolved.provenance.add(SHARED, &["records", "NoteRecord"], place);
        let mut diagnostics = Diagnostics::default();
        try_emission(&resolved, &mut diagnostics);
        let found: Vec<&Diagnostic> = diagnostics.iter().collect();
        assert_eq!(found.iter().map(|one| one.code.id).collect::<Vec<_>>(), ["E0414"]);
        assert!(found[0].message.contains("Nothing"), "{}", found[0].message);
        assert_eq!(found[0].labels[0].place, crate::diagnostics::Place::Span(place));
    }
}
