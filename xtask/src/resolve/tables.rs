//! Tables, reads and relations of a DB wiring.

use selene_codegen::contract::{Contract, Field, ForeignKey, ReadDependency, Relations, Table, TruthType};

use super::capability::notes;
use super::constraints::{self, values};
use super::input::push_unique;
use super::names::Names;
use super::provenance::Provenance;
use super::typing::misplaced;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::parse::document::{Document, TableText, Text};
use crate::parse::schema::{Expr, ExprKind};

/// Resolves what a DB wiring says beside its writes.
pub fn resolve(
    document: &Document,
    names: &Names<'_>,
    file: &str,
    contract: &mut Contract,
    provenance: &mut Provenance,
    diagnostics: &mut Diagnostics,
) {
    for text in &document.tables {
        let mut table = table(text, names, file, provenance, diagnostics);
        constraints::add(&mut table, names, file, provenance, diagnostics);
        contract.tables.push(table);
    }
    for read in &document.reads {
        provenance.add(file, &["reads", &read.title.value], read.title.span);
        for index in &read.required_indices {
            provenance.add(file, &["reads", &read.title.value, &index.value], index.span);
        }
        contract.reads.push(ReadDependency {
            title: read.title.value.clone(),
            tables: values(&read.tables),
            required_indices: values(&read.required_indices),
            notes: notes(&read.notes),
        });
    }
    contract.relations = relations(document, file, provenance);
}

fn relations(document: &Document, file: &str, provenance: &mut Provenance) -> Relations {
    let relations = &document.relations;
    let foreign_keys = relations.foreign_keys.iter().map(|(from, to, note)| {
        provenance.add(file, &["relations", "foreign_keys", &from.value], from.span);
        ForeignKey { from: from.value.clone(), to: to.value.clone(), note: note.clone() }
    });
    let foreign_keys = foreign_keys.collect();
    for (key, texts) in [("unique", &relations.unique), ("constraints", &relations.constraints)] {
        for (index, text) in texts.iter().enumerate() {
            provenance.add(file, &["relations", key, &index.to_string()], text.span);
        }
    }
    Relations { foreign_keys, unique: values(&relations.unique), constraints: values(&relations.constraints) }
}

fn table(
    text: &TableText,
    names: &Names<'_>,
    file: &str,
    provenance: &mut Provenance,
    diagnostics: &mut Diagnostics,
) -> Table {
    let base = ["tables", text.name.value.as_str()];
    provenance.add(file, &base, text.name.span);
    let columns = columns(text, names, file, provenance, diagnostics);
    if !columns.is_empty() {
        let listed = text.columns.as_ref().map_or(text.name.span, |columns| columns.text.span);
        for name in text.primary_key.iter().chain(text.unique_keys.iter().flatten()) {
            if !columns.iter().any(|column| column.name == name.value) {
                let known = columns.iter().map(|column| column.name.as_str());
                diagnostics.push(
                    Diagnostic::new(
                        codes::UNKNOWN_COLUMN,
                        format!("the table `{}` has no column `{}`", text.name.value, name.value),
                        name.span,
                        "not among its fields",
                    )
                    .beside(listed, "its columns")
                    .help(guess_or(&name.value, known, "add it to the table's `fields`")),
                );
            }
        }
    }
    for (index, invariant) in text.invariants.iter().enumerate() {
        provenance.add(file, &[&base[..], &["invariants", &index.to_string()]].concat(), invariant.span);
    }
    for (key, span) in [
        ("truth_type", text.truth_type.as_ref().map(|text| text.span)),
        ("primary_key", text.primary_key.first().map(|text| text.span)),
        ("unique_keys", text.unique_keys.first().and_then(|key| key.first()).map(|text| text.span)),
    ] {
        if let Some(span) = span {
            provenance.add(file, &[&base[..], &[key]].concat(), span);
        }
    }
    // A wrong or missing truth type has its own diagnostic; the table itself is still known.
    let truth_type = text.truth_type.as_ref().and_then(|text| truth_type(text, diagnostics));
    Table {
        name: text.name.value.clone(),
        truth_type: truth_type.unwrap_or(TruthType::Ledger),
        primary_key: values(&text.primary_key),
        columns,
        unique_keys: text.unique_keys.iter().map(|key| values(key)).collect(),
        invariants: values(&text.invariants),
        constraints: Vec::new(),
        indices: Vec::new(),
        private: Vec::new(),
        clustered_by: Vec::new(),
    }
}

fn truth_type(text: &Text, diagnostics: &mut Diagnostics) -> Option<TruthType> {
    match text.value.as_str() {
        "LEDGER" => Some(TruthType::Ledger),
        "CURRENT" => Some(TruthType::Current),
        other => {
            diagnostics.push(
                Diagnostic::new(
                    codes::UNKNOWN_TRUTH_TYPE,
                    format!("`{other}` is not a truth type"),
                    text.span,
                    "not known",
                )
                .help(guess_or(other, ["LEDGER", "CURRENT"], "use `LEDGER` or `CURRENT`")),
            );
            None
        }
    }
}

fn columns(
    text: &TableText,
    names: &Names<'_>,
    file: &str,
    provenance: &mut Provenance,
    diagnostics: &mut Diagnostics,
) -> Vec<Field> {
    let Some(tree) = text.columns.as_ref().and_then(|columns| columns.tree.as_ref()) else {
        return Vec::new();
    };
    let items: Vec<&Expr> = match &tree.kind {
        ExprKind::Tuple(items) => items.iter().collect(),
        ExprKind::Name(_) | ExprKind::Optional(_) | ExprKind::List(_) => vec![tree],
        _ => {
            misplaced(tree, "the fields of a table are a list of names", diagnostics);
            return Vec::new();
        }
    };
    let mut columns = Vec::new();
    for item in items {
        if let Some((field, span)) = names.record_field(item, None, diagnostics) {
            let path = ["tables", &text.name.value, "columns", &field.name];
            provenance.field(file, &path, span, names.lexicon_span(&field.name, None));
            push_unique(&mut columns, field, span, diagnostics);
        }
    }
    columns
}
