//! What the stretches of a page were read as: every text of a [`Document`] with the place it comes from.
//!
//! The list is made from the document itself, so nothing counts as read that did not arrive. What must not live here:
//! the page.

use super::document::{CapabilityText, Document, SchemaText, TableText, Text, WriteText};
use crate::source::Span;

/// A stretch with the word for what it was read as.
pub type Reading = (Span, &'static str);

/// Everything that was read from a page, in no order; stretches may lie within each other.
#[must_use]
pub fn readings(document: &Document) -> Vec<Reading> {
    let mut found = List(document.read.clone());
    found.one("title", document.title.as_ref());
    found.all("heading", &document.headings);
    header(document, &mut found);
    for capability in &document.capabilities {
        read_capability(capability, &mut found);
    }
    for table in &document.tables {
        read_table(table, &mut found);
    }
    for read in &document.reads {
        found.one("read", Some(&read.title));
        found.all("read.table", &read.tables);
        found.all("read.required_index", &read.required_indices);
        found.notes("read.note", &read.notes);
    }
    for write in &document.writes {
        read_write(write, &mut found);
    }
    for (from, to, _) in &document.relations.foreign_keys {
        found.all("foreign_key", [from, to]);
    }
    found.all("unique_key", &document.relations.unique);
    found.all("constraint", &document.relations.constraints);
    found.notes("ownership", &document.ownership);
    found.all("failure_rule", &document.failure_rules);
    found.all("audit_rule", &document.audit_rules);
    found.all("audit.required_field", &document.audit.required_fields);
    found.all("audit.reason_code", &document.audit.codes);
    for (label, event_type) in &document.audit.event_types {
        found.all("audit.event_type", [label, event_type]);
    }
    found.all("reason_code", &document.reason_codes);
    for test in &document.acceptance_tests {
        found.one("acceptance_test.id", Some(&test.id));
        found.all("acceptance_test.test_fn", test.functions());
        found.all("acceptance_test.note", &test.notes);
        found.one("acceptance_test.title", Some(&test.title));
    }
    found.all("prose", &document.prose);
    found.0
}

struct List(Vec<Reading>);

impl List {
    fn one(&mut self, what: &'static str, text: Option<&Text>) {
        self.0.extend(text.map(|text| (text.span, what)));
    }

    fn all<'a>(&mut self, what: &'static str, texts: impl IntoIterator<Item = &'a Text>) {
        self.0.extend(texts.into_iter().map(|text| (text.span, what)));
    }

    fn notes(&mut self, what: &'static str, notes: &[(Text, Text)]) {
        for (key, text) in notes {
            self.all(what, [key, text]);
        }
    }

    fn schema(&mut self, what: &'static str, schema: Option<&SchemaText>) {
        self.one(what, schema.map(|schema| &schema.text));
    }
}

fn header(document: &Document, found: &mut List) {
    let header = &document.header;
    found.one("engine_id", header.engine_id.as_ref());
    found.one("purpose", header.purpose.as_ref());
    found.one("version", header.version.as_ref());
    found.one("status", header.status.as_ref());
    found.all("data_owned", &header.data_owned);
    found.one("allowed_callers", header.callers.as_ref().map(|callers| &callers.text));
    found.notes("header.note", &header.notes);
    found.one("trait", document.repo_trait.as_ref());
    found.all("source", &document.sources);
}

fn read_capability(capability: &CapabilityText, found: &mut List) {
    found.one("capability", Some(&capability.id));
    found.one("capability.name", capability.name.as_ref());
    found.schema("capability.input_schema", capability.input.as_ref());
    found.schema("capability.output_schema", capability.output.as_ref());
    found.one("capability.allowed_callers", capability.allowed_callers.as_ref());
    found.one("capability.side_effects", capability.side_effects.as_ref());
    found.all("capability.reason_code", &capability.reason_codes);
    found.all("capability.failure_mode", &capability.failure_modes);
    found.one("capability.planned", capability.planned.as_ref());
    found.notes("capability.note", &capability.notes);
}

fn read_table(table: &TableText, found: &mut List) {
    found.one("table", Some(&table.name));
    found.one("table.truth_type", table.truth_type.as_ref());
    found.all("table.primary_key", &table.primary_key);
    found.schema("table.columns", table.columns.as_ref());
    found.all("table.unique_key", table.unique_keys.iter().flatten());
    found.all("table.invariant", &table.invariants);
    found.one("table.renamed_from", table.renamed_from.as_ref());
    found.all("table.renamed_column", table.renamed_columns.iter().map(|(from, _)| from));
    found.notes("table.note", &table.notes);
}

fn read_write(write: &WriteText, found: &mut List) {
    found.one("write", Some(&write.heading));
    found.all("write.table", &write.tables);
    found.all("write.required_field", &write.required_fields);
    found.one("write.engine", write.engine.as_ref());
    found.all("write.event_type", &write.event_types);
    found.one("write.reason_code", write.reason_code.as_ref());
    found.all("write.payload_key", &write.payload_keys);
    found.all("write.dedupe_key", write.dedupe.iter().flat_map(|dedupe| dedupe.value.iter().flatten()));
    found.one("write.dedupe_key", write.dedupe_words.as_ref());
    found.notes("write.note", &write.notes);
}
