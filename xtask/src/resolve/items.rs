//! Types and records that a part of the lexicon declares, as items of a contract.

use selene_codegen::contract::{Record, TypeDef};

use super::input::push_unique;
use super::names::Names;
use super::provenance::Provenance;
use crate::diagnostics::Diagnostics;
use crate::parse::lexicon::Scope;

/// The types of a part of the lexicon.
pub(super) fn type_defs(scope: &Scope) -> Vec<TypeDef> {
    let types = scope.types.iter();
    types
        .map(|entry| TypeDef {
            name: entry.name.value.clone(),
            kind: entry.kind.clone(),
            doc: entry.doc.clone(),
        })
        .collect()
}

/// The records of a part of the lexicon; `file` is the contract that they are written to.
pub(super) fn records(
    names: &Names<'_>,
    scope: &Scope,
    file: &str,
    provenance: &mut Provenance,
    diagnostics: &mut Diagnostics,
) -> Vec<Record> {
    let mut found = Vec::new();
    for entry in &scope.records {
        let mut record =
            Record { name: entry.name.value.clone(), fields: Vec::new(), doc: entry.doc.clone() };
        for (expr, own) in &entry.fields {
            if let Some((field, span)) = names.record_field(expr, own.as_ref(), diagnostics) {
                let path = ["records", &record.name, "fields", &field.name];
                provenance.field(file, &path, span, names.lexicon_span(&field.name, own.as_ref()));
                push_unique(&mut record.fields, field, span, diagnostics);
            }
        }
        found.push(record);
    }
    found
}
