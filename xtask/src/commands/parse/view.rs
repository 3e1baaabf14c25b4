//! One document as read, for tools and for people.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::diagnostics::{Diagnostic, Diagnostics, json as diagnostics_json};
use crate::parse::document::{
    CapabilityText, Document, ReadText, RelationsText, SchemaText, TableText, Text, WriteText,
};
use crate::parse::page::Stretch;
use crate::parse::side_effect::SideEffect;
use crate::source::Sources;

/// A document with what was found in it.
pub struct View<'a> {
    /// The document as read.
    pub document: &'a Document,
    /// The sources that have the text of the page.
    pub sources: &'a Sources,
    /// What was found in it.
    pub diagnostics: &'a Diagnostics,
}

/// The object of a file that could not be read as text.
#[must_use]
pub fn unreadable(diagnostic: &Diagnostic, sources: &Sources) -> Value {
    let (path, _) = crate::diagnostics::primary_position(diagnostic, sources);
    empty_document(path, &[diagnostics_json::diagnostic(diagnostic, sources)])
}

impl View<'_> {
    /// The document as an object.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let document = self.document;
        let sorted = self.diagnostics.sorted(self.sources);
        let found: Vec<Value> =
            sorted.into_iter().map(|one| diagnostics_json::diagnostic(one, self.sources)).collect();
        let mut object = empty_document(&self.sources.get(document.file).path, &found);
        object["kind"] = json!(document.kind.map(selene_codegen::contract::SpecKind::as_str));
        object["engine_id"] = optional(document.header.engine_id.as_ref());
        object["title"] = optional(document.title.as_ref());
        object["purpose"] = optional(document.header.purpose.as_ref());
        object["version"] = optional(document.header.version.as_ref());
        object["status"] = optional(document.header.status.as_ref());
        object["data_owned"] = texts(&document.header.data_owned);
        object["trait"] = optional(document.repo_trait.as_ref());
        object["capabilities"] = document.capabilities.iter().map(|one| self.capability(one)).collect();
        object["reason_codes"] = texts(&document.reason_codes);
        object["page"] = json!(document.page.as_str());
        object["header_notes"] = notes(&document.header.notes);
        object["sources"] = texts(&document.sources);
        object["tables"] = document.tables.iter().map(|table| self.table(table)).collect();
        object["reads"] = document.reads.iter().map(|read| self.read(read)).collect();
        object["writes"] = document.writes.iter().map(|write| self.write(write)).collect();
        object["relations"] = relations(&document.relations);
        object["ownership"] = notes(&document.ownership);
        object["failure_rules"] = texts(&document.failure_rules);
        object["audit_rules"] = texts(&document.audit_rules);
        object["audit"] = json!({
            "required_fields": texts(&document.audit.required_fields),
            "reason_codes": texts(&document.audit.codes),
            "event_types": notes(&document.audit.event_types),
        });
        object["prose"] = texts(&document.prose);
        object["stretches"] = document.stretches.iter().map(|stretch| self.stretch(stretch)).collect();
        object["acceptance_tests"] = document
            .acceptance_tests
            .iter()
            .map(|test| {
                json!({
                    "id": test.id.value,
                    "test_fn": optional(test.test_fn.as_ref()),
                    "further_test_fns": texts(&test.further_fns),
                    "notes": texts(&test.notes),
                    "title": test.title.value.replace('`', ""),
                    "line": self.sources.line(test.id.span),
                })
            })
            .collect();
        object
    }

    fn capability(&self, capability: &CapabilityText) -> Value {
        let schema = |schema: &Option<SchemaText>| optional(schema.as_ref().map(|schema| &schema.text));
        json!({
            "id": capability.id.value,
            "name": optional(capability.name.as_ref()),
            "input_schema": schema(&capability.input),
            "output_schema": schema(&capability.output),
            "allowed_callers": optional(capability.allowed_callers.as_ref()),
            "side_effects": optional(capability.side_effects.as_ref()),
            "effect": capability.side_effects.as_ref().map(|text| SideEffect::of(&text.value).as_str()),
            "simulation_gated": capability.simulation_gated,
            "planned": capability.planned.is_some(),
            "reason_codes": texts(&capability.reason_codes),
            "failure_modes": texts(&capability.failure_modes),
            "notes": notes(&capability.notes),
            "line": self.sources.line(capability.id.span),
        })
    }

    fn table(&self, table: &TableText) -> Value {
        json!({
            "name": table.name.value,
            "truth_type": optional(table.truth_type.as_ref()),
            "primary_key": texts(&table.primary_key),
            "fields": optional(table.columns.as_ref().map(|columns| &columns.text)),
            "unique_keys": table.unique_keys.iter().map(|key| texts(key)).collect::<Vec<_>>(),
            "invariants": texts(&table.invariants),
            "renamed_from": optional(table.renamed_from.as_ref()),
            "renamed_columns": notes(&table.renamed_columns),
            "notes": notes(&table.notes),
            "line": self.sources.line(table.name.span),
        })
    }

    fn read(&self, read: &ReadText) -> Value {
        json!({
            "name": read.title.value.replace('`', ""),
            "tables": texts(&read.tables),
            "required_indices": texts(&read.required_indices),
            "notes": notes(&read.notes),
            "line": self.sources.line(read.title.span),
        })
    }

    fn write(&self, write: &WriteText) -> Value {
        let keys = write.dedupe.iter().flat_map(|dedupe| &dedupe.value);
        json!({
            "name": write.heading.value.replace('`', ""),
            "tables": texts(&write.tables),
            "required_fields": texts(&write.required_fields),
            "engine": optional(write.engine.as_ref()),
            "event_types": texts(&write.event_types),
            "reason_code": optional(write.reason_code.as_ref()),
            "payload_keys": texts(&write.payload_keys),
            "dedupe_keys": keys.map(|key| texts(key)).collect::<Vec<_>>(),
            "dedupe_words": optional(write.dedupe_words.as_ref()),
            "notes": notes(&write.notes),
            "line": self.sources.line(write.heading.span),
        })
    }

    fn stretch(&self, stretch: &Stretch) -> Value {
        json!({
            "start": stretch.span.start,
            "end": stretch.span.end,
            "line": self.sources.line(stretch.span),
            "read_as": stretch.read_as,
        })
    }

    /// An outline for people.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Writing to a string cannot fail.
        let mut text = String::new();
        let document = self.document;
        let kind = document.kind.map_or("unknown kind", selene_codegen::contract::SpecKind::as_str);
        let id = document.header.engine_id.as_ref().map_or("no engine id", |id| &id.value);
        let _ = writeln!(text, "{}: {id}, {kind}", self.sources.get(document.file).path);
        for capability in &document.capabilities {
            let line = self.sources.line(capability.id.span);
            let state = if capability.planned.is_some() { "  (planned)" } else { "" };
            let _ = writeln!(text, "  {line:>4}  capability   {}{state}", capability.id.value);
        }
        for table in &document.tables {
            let line = self.sources.line(table.name.span);
            let _ = writeln!(text, "  {line:>4}  table        {}", table.name.value);
        }
        for write in &document.writes {
            let line = self.sources.line(write.heading.span);
            let _ = writeln!(text, "  {line:>4}  write        {}", write.heading.value);
        }
        for code in &document.reason_codes {
            let line = self.sources.line(code.span);
            let _ = writeln!(text, "  {line:>4}  reason code  {}", code.value);
        }
        for test in &document.acceptance_tests {
            let line = self.sources.line(test.id.span);
            let (id, title) = (&test.id.value, &test.title.value);
            let _ = writeln!(text, "  {line:>4}  test         {id}  {title}");
        }
        text.push('\n');
        text
    }
}

fn empty_document(path: &str, diagnostics: &[Value]) -> Value {
    json!({
        "source": path,
        "kind": null,
        "engine_id": null,
        "title": null,
        "capabilities": [],
        "reason_codes": [],
        "tables": [],
        "acceptance_tests": [],
        "diagnostics": diagnostics,
    })
}

fn optional(text: Option<&Text>) -> Value {
    text.map_or(Value::Null, |text| json!(text.value))
}

fn texts(texts: &[Text]) -> Value {
    texts.iter().map(|text| json!(text.value)).collect()
}

/// Keys with their words; what stands under one key several times is joined.
fn notes(notes: &[(Text, Text)]) -> Value {
    let mut object = serde_json::Map::new();
    for (key, text) in notes {
        match object.get_mut(&key.value) {
            Some(Value::String(known)) => {
                known.push('\n');
                known.push_str(&text.value);
            }
            _ => {
                object.insert(key.value.clone(), json!(text.value));
            }
        }
    }
    Value::Object(object)
}

fn relations(relations: &RelationsText) -> Value {
    let foreign_keys: Vec<Value> = relations
        .foreign_keys
        .iter()
        .map(|(from, to, remark)| json!({ "from": from.value, "to": to.value, "remark": remark }))
        .collect();
    json!({
        "foreign_keys": foreign_keys,
        "unique": texts(&relations.unique),
        "constraints": texts(&relations.constraints),
    })
}
