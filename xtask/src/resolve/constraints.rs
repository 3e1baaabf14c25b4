//! What the lexicon says that a database keeps of a table. Whether it fits the table is the next phase's question.

use selene_codegen::contract::{Constraint, Index, PrivateColumn, Table};
use selene_codegen::naming::without_schema;

use super::names::Names;
use super::provenance::Provenance;
use crate::diagnostics::Diagnostics;
use crate::parse::document::Text;
use crate::parse::lexicon::IndexEntry;

/// Puts it into the table.
pub(super) fn add(
    table: &mut Table,
    names: &Names<'_>,
    file: &str,
    provenance: &mut Provenance,
    diagnostics: &mut Diagnostics,
) {
    let name = without_schema(&table.name);
    let entries = names.scopes.first().map_or(&[][..], |scope| &scope.tables);
    let Some(entry) = entries.iter().find(|entry| entry.name.value == name) else { return };
    let base = ["tables", table.name.as_str()];
    for (place, one) in entry.constraints.iter().enumerate() {
        provenance.add(file, &[&base[..], &["constraints", &place.to_string()]].concat(), one.span);
        table.constraints.push(Constraint {
            keeps: one.keeps.as_ref().map(|text| text.value.clone()),
            fixed: values(&one.fixed),
            set_once: values(&one.set_once),
            counter: one.counter.as_ref().map(|text| text.value.clone()),
            checks: values(&one.checks),
            unique_where: one.unique_where.as_ref().map(index),
        });
    }
    for one in &entry.indices {
        provenance.add(file, &[&base[..], &["indices", &one.name.value]].concat(), one.name.span);
        table.indices.push(index(one));
    }
    for (column, default) in &entry.private {
        // A column that is no plain name is reported by the names.
        let Some((field, span)) = names.record_field(column, None, diagnostics) else { continue };
        let of_column = ["private", field.name.as_str()];
        provenance.add(file, &[&base[..], &of_column].concat(), span);
        let default = default.as_ref().map(|text| text.value.clone());
        table.private.push(PrivateColumn { column: field, default });
    }
    if let Some(key) = entry.clustered_by.first() {
        provenance.add(file, &[&base[..], &["clustered_by"]].concat(), key.span);
        table.clustered_by = values(&entry.clustered_by);
    }
}

fn index(entry: &IndexEntry) -> Index {
    Index {
        name: entry.name.value.clone(),
        columns: values(&entry.columns),
        condition: entry.condition.as_ref().map(|text| text.value.clone()),
    }
}

/// The texts without their places.
pub(super) fn values(texts: &[Text]) -> Vec<String> {
    texts.iter().map(|text| text.value.clone()).collect()
}
