//! The DB wiring that an ECM asks for: the tables that it owns, one write for each capability that writes, and tests.

use selene_codegen::contract::{Effect, TruthType};
use selene_codegen::naming::without_schema;

use super::columns::{Of, TableDraft, capabilities, inputs, speaks_of, tables};
use super::lines::{Lines, add, bare, tuple};
use crate::adopt::functions::function;
use crate::adopt::subject::{Adopted, Subject};
use crate::parse::document::{Document, Text};
use crate::resolve::role;

/// Where events lie, for an engine that has no table of its own.
const EVENTS: &str = "audit_events";

/// Drafts the DB wiring of an engine from its capability map.
pub(super) fn draft(subject: &Subject<'_>, engine: &Adopted<'_>, ecm: &Document) -> String {
    let all = capabilities(engine, ecm);
    let writes: Vec<Of<'_>> = all
        .into_iter()
        .filter(|(_, capability)| capability.effect == Effect::Write && !capability.planned)
        .collect();
    let tables = tables(subject, engine, ecm);
    if tables.is_empty() && writes.is_empty() {
        return without_tables(engine, ecm);
    }
    let mut lines = Lines::default();
    lines.push(&format!("# {} DB Wiring Spec", engine.id));
    header(&mut lines, engine, ecm);
    lines.heading("## 2) Data Owned (authoritative)");
    for table in &tables {
        owned(&mut lines, table);
    }
    if tables.is_empty() {
        events_only(&mut lines, subject);
    }
    let references = references(subject, engine, &tables, &writes);
    reads(&mut lines, &references);
    lines.heading("## 4) Writes (outputs)");
    for write in &writes {
        output(&mut lines, subject, engine, ecm, write, &tables);
    }
    relations(&mut lines, &references);
    lines.heading("## 6) Audit Emissions (PH1.J)");
    lines.push("");
    lines.push("- every applied write emits one event with the reason code of its capability");
    tests(&mut lines, engine, tables.iter().any(|table| table.is_ledger));
    lines.finish()
}

fn text_or(text: Option<&Text>, otherwise: &str) -> String {
    let words = text.map_or(otherwise, |text| text.value.as_str());
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The purpose of an engine, in the words of the page that is there.
pub(super) fn purpose(page: &Document) -> String {
    text_or(page.header.purpose.as_ref().or_else(|| role(page)), "to be written")
}

fn header(lines: &mut Lines, engine: &Adopted<'_>, page: &Document) {
    lines.heading("## 1) Engine Header");
    lines.push("");
    bullets_of_header(lines, engine, page);
}

/// The bullets that both halves have.
pub(super) fn bullets_of_header(lines: &mut Lines, engine: &Adopted<'_>, page: &Document) {
    lines.bullet("engine_id", &format!("`{}`", engine.id));
    lines.bullet("purpose", &purpose(page));
    lines.bullet("version", &format!("`{}`", text_or(page.header.version.as_ref(), "v1")));
    lines.bullet("status", &format!("`{}`", text_or(page.header.status.as_ref(), "ACTIVE")));
}

fn owned(lines: &mut Lines, table: &TableDraft) {
    lines.heading(&format!("### `os_core.{}`", table.name));
    lines.guess(&format!("truth type, key and fields from {}", table.from));
    lines.bullet("truth_type", if table.is_ledger { "`LEDGER`" } else { "`CURRENT`" });
    lines.bullet("primary key", &tuple(&table.key));
    lines.bullet("fields", &format!("`({})`", table.columns.join(", ")));
    if table.is_ledger {
        lines.push("- invariants:");
        lines.push("  - append-only; overwrite and delete are prohibited");
    }
}

/// An engine without tables says all that it has to say in its events.
fn events_only(lines: &mut Lines, subject: &Subject<'_>) {
    let tables = subject.contracts.iter().flat_map(|contract| &contract.tables);
    let known = tables.into_iter().find(|table| without_schema(&table.name) == EVENTS);
    lines.heading(&format!("### `os_core.{EVENTS}`"));
    lines.guess("the ECM owns no table, so its writes are their events");
    lines.bullet("truth_type", "`LEDGER`");
    lines.bullet(
        "primary key",
        &known.map_or_else(|| "`event_id`".to_owned(), |table| tuple(&table.primary_key)),
    );
    lines.push("- invariants:");
    lines.push("  - append-only; overwrite and delete are prohibited");
}

/// A column that is the key of another engine's table.
struct Reference {
    table: Option<String>,
    column: String,
    is_optional: bool,
    far: String,
}

fn references(
    subject: &Subject<'_>,
    engine: &Adopted<'_>,
    tables: &[TableDraft],
    writes: &[Of<'_>],
) -> Vec<Reference> {
    let others = subject.contracts.iter().filter(|contract| contract.engine.id != engine.id);
    let keyed: Vec<(&str, &str)> = others
        .flat_map(|contract| &contract.tables)
        .filter(|table| table.truth_type == TruthType::Current && !table.columns.is_empty())
        .filter_map(|table| match table.primary_key.as_slice() {
            [key] => Some((key.as_str(), without_schema(&table.name))),
            _ => None,
        })
        .collect();
    let far =
        |column: &str| keyed.iter().find(|(key, _)| *key == column).map(|(_, table)| (*table).to_owned());
    let of_tables = tables
        .iter()
        .flat_map(|table| table.columns.iter().map(move |column| (Some(&table.name), column.clone())));
    let of_inputs = writes.iter().flat_map(|(text, _)| inputs(subject, text)).map(|input| (None, input));
    let mut found: Vec<Reference> = Vec::new();
    for (table, column) in of_tables.chain(of_inputs) {
        let Some(far) = far(bare(&column)) else { continue };
        let is_known =
            found.iter().any(|known| known.far == far && (table.is_none() || known.table.as_ref() == table));
        if !is_known {
            let is_optional = column.ends_with('?');
            found.push(Reference {
                table: table.cloned(),
                column: bare(&column).to_owned(),
                is_optional,
                far,
            });
        }
    }
    found
}

fn reads(lines: &mut Lines, references: &[Reference]) {
    lines.heading("## 3) Reads (dependencies)");
    let mut read: Vec<(&str, &str)> = Vec::new();
    for reference in references {
        if !read.iter().any(|(table, _)| *table == reference.far) {
            read.push((&reference.far, &reference.column));
        }
    }
    if read.is_empty() {
        return;
    }
    lines.heading("### Scope checks");
    lines.guess("columns and inputs that are keys of other engines' tables");
    let names: Vec<String> = read.iter().map(|(table, _)| format!("`{table}`")).collect();
    lines.push(&format!("- reads: {}", names.join(", ")));
    lines.push("- required indices:");
    for (table, column) in &read {
        lines.push(&format!("  - `{table}({column})` (PK)"));
    }
    lines.push("- why this read is required: fail closed before anything is written");
}

fn relations(lines: &mut Lines, references: &[Reference]) {
    lines.heading("## 5) Relations & Keys");
    lines.push("");
    let of_tables = references.iter().filter_map(|reference| Some((reference.table.as_ref()?, reference)));
    let mut keys = of_tables.peekable();
    if keys.peek().is_some() {
        lines.push("FKs used by this slice:");
    }
    for (table, reference) in keys {
        let Reference { column, far, .. } = reference;
        let remark = if reference.is_optional { " (nullable)" } else { "" };
        lines.push(&format!("- `{table}.{column} -> {far}.{column}`{remark}"));
    }
    lines.push("");
    lines.push("State/boundary constraints:");
    lines.push("- What an event or a row names belongs to the tenant of the call.");
}

fn output(
    lines: &mut Lines,
    subject: &Subject<'_>,
    engine: &Adopted<'_>,
    ecm: &Document,
    (text, capability): &Of<'_>,
    tables: &[TableDraft],
) {
    let id = &text.id.value;
    lines.heading(&format!("### `{id}`"));
    lines.guess("tables from the id, the event from the audit section, the dedupe key from the inputs");
    let is_meant = |table: &&TableDraft| table.is_ledger || speaks_of(id, &table.name);
    let any_meant = tables.iter().any(|table| !table.is_ledger && speaks_of(id, &table.name));
    let written: Vec<String> = tables
        .iter()
        .filter(|table| !any_meant || is_meant(table))
        .map(|table| format!("`{}`", table.name))
        .collect();
    let written = if written.is_empty() { format!("`{EVENTS}`") } else { written.join(", ") };
    lines.push(&format!("- writes: {written}"));
    let taken = inputs(subject, text);
    let code = capability.audit.as_ref().and_then(|audit| audit.reason_code.as_ref());
    let is_input = |name: &str| taken.iter().any(|input| input == name);
    let reason = match code {
        Some(code) => format!("reason_code={code}"),
        None if is_input("reason_code") => "reason_code".to_owned(),
        None => format!("reason_code={}", step_code(engine, id)),
    };
    let mut required = vec!["event_type=STATE_TRANSITION".to_owned(), reason];
    let of_call = ["tenant_id", "user_id", "device_id"].into_iter().filter(|name| is_input(name));
    of_call.chain(["correlation_id", "turn_id"]).for_each(|name| add(&mut required, name));
    if capability.simulation_gated {
        add(&mut required, "simulation_id");
    }
    ecm.audit.required_fields.iter().for_each(|field| add(&mut required, &field.value));
    lines.push("- required fields:");
    lines.push(&format!(
        "  - {}",
        required.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
    ));
    let has_current = tables.iter().any(|table| !table.is_ledger);
    let of_rows = tables.iter().filter(|table| table.is_ledger != has_current);
    let ids = of_rows.flat_map(|table| &table.key).filter(|name| !required.contains(name));
    let mut payload: Vec<String> = Vec::new();
    ids.for_each(|name| add(&mut payload, name));
    if !payload.is_empty() {
        lines.push("  - payload keys:");
        for name in &payload {
            lines.push(&format!("    - `{name}`"));
        }
    }
    lines.push("- idempotency_key rule (exact formula):");
    lines.push(&format!("  - dedupe key = `({})`", dedupe(&taken).join(", ")));
}

/// Who calls, what it is about, and the caller's key; else the turn.
fn dedupe(taken: &[String]) -> Vec<String> {
    let is_whose =
        |name: &&String| name.ends_with("_id") && !name.starts_with("device") && !name.starts_with("session");
    let mut key: Vec<String> = taken.iter().filter(is_whose).cloned().collect();
    if taken.iter().any(|name| name == "idempotency_key") {
        key.push("idempotency_key".to_owned());
    } else if key.is_empty() {
        key.extend(["correlation_id", "turn_id"].map(str::to_owned));
    }
    key
}

/// `NOTES_NOTE_INSERT` of `PH1NOTES_NOTE_INSERT_ROW`.
fn step_code(engine: &Adopted<'_>, id: &str) -> String {
    let words: Vec<&str> = id.split('_').collect();
    let of_engine = engine.id.replace(['.', '_'], "");
    let words = if words.first() == Some(&of_engine.as_str()) { &words[1..] } else { words.as_slice() };
    let words: Vec<&str> = words.iter().copied().filter(|word| !matches!(*word, "ROW" | "COMMIT")).collect();
    let words = if words.first() == Some(&engine.short_name()) { &words[1..] } else { words.as_slice() };
    format!("{}_{}", engine.short_name(), words.join("_"))
}

fn tests(lines: &mut Lines, engine: &Adopted<'_>, has_ledger: bool) {
    lines.heading("## 7) Acceptance Tests (DB Wiring Proof)");
    lines.push("");
    lines.guess("what every engine has to prove");
    lines.push("");
    let titles = ["tenant isolation enforced", "append-only enforced", "idempotency dedupe works"];
    let titles = titles.into_iter().filter(|title| has_ledger || !title.starts_with("append"));
    for (index, title) in titles.enumerate() {
        test(lines, &format!("AT-{}-DB-{:02}", engine.short_name(), index + 1), title);
    }
}

fn test(lines: &mut Lines, id: &str, title: &str) {
    lines.push(&format!("- `{id}` {title}"));
    lines.push(&format!("  - `{}`", function(id, title)));
}

/// The page of an engine that owns no table and writes nothing.
fn without_tables(engine: &Adopted<'_>, ecm: &Document) -> String {
    let mut lines = Lines::default();
    lines.push(&format!("# {} DB Wiring", engine.id));
    lines.heading("## A) Engine Header");
    lines.push(&format!("- engine_id: {}", engine.id));
    lines.push(&format!("- role: {}", purpose(ecm)));
    lines.heading("## B) Ownership");
    lines.guess("no capability of the ECM writes, and it owns no table");
    lines.push("- Tables owned: NONE");
    lines.push("- Writes: NONE");
    lines.heading("## C) Acceptance Tests");
    lines.push("");
    lines.guess("one test for each capability");
    lines.push("");
    for (index, capability) in ecm.capabilities.iter().enumerate() {
        let title = format!(
            "{} gives what its schema says",
            capability.id.value.to_ascii_lowercase().replace('_', " ")
        );
        test(&mut lines, &format!("AT-{}-{:02}", engine.short_name(), index + 1), &title);
    }
    lines.finish()
}
