//! The ECM that a DB wiring asks for: one capability for each write, a read for each table, a guard for its ledgers.

use selene_codegen::naming::{engine_stem, pascal, without_schema};

use super::columns::words_of;
use super::lines::{Lines, add, bare, tuple};
use super::wiring::bullets_of_header;
use crate::adopt::entry::{capital, words};
use crate::adopt::records::written;
use crate::adopt::subject::{Adopted, Subject};
use crate::parse::document::{Document, TableText, WriteText};
use crate::parse::schema::ExprKind;

/// What every event has, whatever a call brings.
const OF_EVENTS: [&str; 6] =
    ["engine", "event_type", "reason_code", "severity", "created_at", "simulation_id"];
/// Columns that the store fills in.
const OF_STORE: [&str; 2] = ["created_at", "updated_at"];

/// Drafts the capability map of an engine from its DB wiring.
pub(super) fn draft(subject: &Subject<'_>, engine: &Adopted<'_>, wiring: &Document) -> String {
    let mut lines = Lines::default();
    lines.push(&format!("# {} ECM Spec", engine.id));
    lines.heading("## Engine Header");
    bullets_of_header(&mut lines, engine, wiring);
    let owned: Vec<&str> = wiring.tables.iter().map(|table| without_schema(&table.name.value)).collect();
    let owned: Vec<String> = owned
        .into_iter()
        .filter(|name| !is_of_another(subject, engine, name))
        .map(|name| format!("`{name}`"))
        .collect();
    if !owned.is_empty() {
        lines.bullet("data_owned", &owned.join(", "));
    }
    lines.heading("## Capability List");
    for write in &wiring.writes {
        output(&mut lines, subject, engine, wiring, write);
    }
    for table in wiring.tables.iter().filter(|table| !columns(table).is_empty()) {
        read(&mut lines, engine, table);
    }
    guard(&mut lines, engine, wiring);
    failures(&mut lines, engine, wiring);
    audit(&mut lines, wiring);
    lines.heading("## Sources");
    lines.push(&format!("- `crates/selene_storage/src/repo.rs` (`{}Repo`)", engine_stem(engine.id)));
    lines.push(&format!("- `docs/DB_WIRING/{}.md`", engine.id.replace('.', "_")));
    lines.finish()
}

/// Whether another engine owns a table that the wiring declares too.
fn is_of_another(subject: &Subject<'_>, engine: &Adopted<'_>, table: &str) -> bool {
    let others = subject.contracts.iter().filter(|contract| contract.engine.id != engine.id);
    others
        .into_iter()
        .any(|contract| contract.engine.data_owned.iter().any(|owned| without_schema(owned) == table))
}

/// The columns that a wiring lists, with marks.
fn columns(table: &TableText) -> Vec<String> {
    let tree = table.columns.as_ref().and_then(|columns| columns.tree.as_ref());
    match tree.map(|tree| &tree.kind) {
        Some(ExprKind::Tuple(columns)) => columns.iter().filter_map(written).collect(),
        _ => Vec::new(),
    }
}

/// `PH1NOTES` of `PH1.NOTES`: how the ids of its capabilities begin.
fn prefix(engine: &Adopted<'_>) -> String {
    engine.id.replace('.', "")
}

/// The id that a write is called by: the one that it names, else its words.
fn id_of(engine: &Adopted<'_>, write: &WriteText) -> String {
    let heading = write.heading.value.replace('`', "");
    let is_id = heading.contains('_')
        && heading.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    if is_id {
        return heading;
    }
    let of_engine: Vec<&str> = engine.id.split('.').collect();
    let words = heading.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let words = words.map(str::to_ascii_uppercase).filter(|word| !of_engine.contains(&word.as_str()));
    format!("{}_{}_ROW", prefix(engine), words.collect::<Vec<_>>().join("_"))
}

/// The table of a wiring with that name.
fn table_of<'a>(wiring: &'a Document, name: &str) -> Option<&'a TableText> {
    wiring.tables.iter().find(|table| without_schema(&table.name.value) == without_schema(name))
}

fn record_of(table: &TableText) -> String {
    format!("{}Record", pascal(&words_of(&table.name.value).join("_")))
}

fn output(
    lines: &mut Lines,
    subject: &Subject<'_>,
    engine: &Adopted<'_>,
    wiring: &Document,
    write: &WriteText,
) {
    let id = id_of(engine, write);
    lines.heading(&format!("### `{id}`"));
    lines.guess(
        "its inputs are the dedupe key, what the event needs, and the columns that nobody else fills in",
    );
    let heading = write.heading.value.replace('`', "");
    let name = if heading == id { words(&id) } else { heading };
    lines.bullet("name", &capital(&name));
    let mut inputs = vec!["now".to_owned()];
    let is_ambient = |name: &str| subject.lexicon.ambient.iter().any(|known| known.value == name);
    let of_key =
        write.dedupe.iter().flat_map(|dedupe| dedupe.value.iter().flatten()).map(|name| name.value.as_str());
    let required = write.required_fields.iter().map(|field| field.value.as_str());
    let needed: Vec<&str> = of_key.chain(required).filter(|name| !is_ambient(name)).collect();
    let main = write
        .tables
        .iter()
        .filter_map(|table| table_of(wiring, &table.value))
        .find(|table| !columns(table).is_empty());
    let is_later = |name: &&&str| **name != "idempotency_key" && !OF_EVENTS.contains(*name);
    needed.iter().filter(is_later).for_each(|name| add(&mut inputs, name.trim_end_matches('?')));
    let own_id = main.and_then(|table| table.primary_key.last()).map(|column| column.value.clone());
    // A write that names no row of its table makes one.
    if own_id.as_ref().is_none_or(|id| !inputs.contains(id)) {
        let of_table = main.map(columns).unwrap_or_default();
        let is_brought = |column: &&String| {
            let name = bare(column);
            Some(name) != own_id.as_deref()
                && !OF_STORE.contains(&name)
                && !name.ends_with("_seq")
                && !name.ends_with("_status")
        };
        of_table.iter().filter(is_brought).for_each(|column| add(&mut inputs, column));
    }
    let seen: Vec<String> = wiring.tables.iter().flat_map(columns).collect();
    for key in write.payload_keys.iter().filter(|key| !key.value.contains('=')) {
        if !seen.iter().any(|column| bare(column) == bare(&key.value)) && !is_ambient(bare(&key.value)) {
            add(&mut inputs, &key.value);
        }
    }
    if write.bare_reason.is_some() {
        add(&mut inputs, "reason_code");
    }
    if needed.contains(&"idempotency_key") {
        add(&mut inputs, "idempotency_key");
    }
    lines.bullet("input_schema", &tuple(&inputs));
    let given = main.map_or_else(|| "()".to_owned(), record_of);
    lines.bullet("output_schema", &format!("`Result<{given}, StorageError>`"));
    let gated = if write.required_fields.iter().any(|field| field.value == "simulation_id") {
        " (simulation-gated)"
    } else {
        ""
    };
    lines.bullet("allowed_callers", &format!("`SELENE_OS_ONLY`{gated}"));
    lines.bullet("side_effects", "`DECLARED (DB_WRITE)`");
}

fn read(lines: &mut Lines, engine: &Adopted<'_>, table: &TableText) {
    let row = words_of(&table.name.value).join("_");
    lines.heading(&format!("### `{}_READ_{}_ROW`", prefix(engine), row.to_ascii_uppercase()));
    lines.guess("one row by the primary key of the table");
    lines.bullet("name", &format!("Read one {}", words(&row)));
    let key: Vec<String> = table.primary_key.iter().map(|column| column.value.clone()).collect();
    lines.bullet("input_schema", &tuple(&key));
    lines.bullet("output_schema", &format!("`Option<{}>`", record_of(table)));
    no_effects(lines);
}

fn no_effects(lines: &mut Lines) {
    lines.bullet("allowed_callers", "`SELENE_OS_ONLY`");
    lines.bullet("side_effects", "`NONE`");
}

fn ledgers(wiring: &Document) -> impl Iterator<Item = &TableText> {
    wiring
        .tables
        .iter()
        .filter(|table| table.truth_type.as_ref().is_some_and(|truth| truth.value == "LEDGER"))
}

fn guard(lines: &mut Lines, engine: &Adopted<'_>, wiring: &Document) {
    let mut keys: Vec<String> = Vec::new();
    for table in ledgers(wiring) {
        let key: Vec<String> = table.primary_key.iter().map(|column| column.value.clone()).collect();
        add(&mut keys, tuple(&key).trim_matches('`'));
    }
    if keys.is_empty() {
        return;
    }
    lines.heading(&format!("### `{}_APPEND_ONLY_GUARD`", prefix(engine)));
    lines.guess("the keys of the ledgers");
    lines.bullet("name", "Attempt to overwrite one ledger row (must fail)");
    lines.bullet("input_schema", &format!("`{}`", keys.join(" | ")));
    lines.bullet("output_schema", "`Result<(), StorageError>`");
    no_effects(lines);
}

/// Failures that every engine has: how their codes end, and their meanings.
const FAILURES: [(&str, &str); 4] = [
    ("CONTRACT_VALIDATION_FAILED", "a value out of its bounds"),
    ("SCOPE_VIOLATION", "what the input names is unknown or out of scope"),
    ("APPEND_ONLY_VIOLATION", "a ledger row was to be changed or removed"),
    ("IDEMPOTENCY_REPLAY", "the same call was applied before"),
];

fn failures(lines: &mut Lines, engine: &Adopted<'_>, wiring: &Document) {
    lines.heading("## Failure Modes + Reason Codes");
    lines.push("");
    lines.guess("what the DB wiring names beside its steps, and what every engine refuses");
    lines.push("");
    let steps = || wiring.writes.iter().filter_map(|write| write.reason_code.as_ref());
    let named: Vec<&str> = wiring
        .reason_codes
        .iter()
        .map(|code| code.value.as_str())
        .filter(|code| !steps().any(|step| step.value == *code))
        .collect();
    for (end, words) in FAILURES {
        let is_needed = end != "APPEND_ONLY_VIOLATION" || ledgers(wiring).next().is_some();
        if is_needed && !named.iter().any(|code| code.ends_with(end)) {
            lines.push(&format!("- {words}: `{}_{end}`", engine.short_name()));
        }
    }
    for code in named {
        let bare = code.strip_prefix(engine.short_name()).unwrap_or(code).trim_start_matches('_');
        lines.push(&format!("- {}: `{code}`", words(bare)));
    }
}

fn audit(lines: &mut Lines, wiring: &Document) {
    lines.heading("## Audit Emission Requirements Per Capability");
    let mut steps: Vec<String> = Vec::new();
    for code in wiring.writes.iter().filter_map(|write| write.reason_code.as_ref()) {
        add(&mut steps, &code.value);
    }
    if !steps.is_empty() {
        lines.push("- Every applied write emits one PH1.J event with the reason code of its capability:");
        for step in &steps {
            lines.push(&format!("  - `{step}`"));
        }
    }
    lines.push("- Reads emit audit only in explicit replay/diagnostic mode.");
}
