//! What calls take and give, against the other calls of the same pages: times, results, and inputs that nothing uses.

use std::collections::BTreeSet;

use selene_codegen::contract::{Builtin, Capability, Effect, Field, TypeRef};
use selene_codegen::naming::without_schema;

use super::keys::is_row;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::raw;
use crate::lint::subject::{Declared, Engine, Write};
use crate::parse::document::{CapabilityText, SchemaText};
use crate::parse::schema::{Expr, ExprKind};
use crate::source::Span;

/// When a call is made, as every call says it.
const NOW: &str = "now";

/// Whether a part of a schema is, or holds, a field of that name.
fn names(expr: &Expr, wanted: &str) -> bool {
    match &expr.kind {
        ExprKind::Name(name) => name == wanted,
        ExprKind::Optional(inner) | ExprKind::List(inner) => names(inner, wanted),
        ExprKind::Fixed { name, .. } | ExprKind::Values { name, .. } => name.value == wanted,
        ExprKind::Tuple(parts) | ExprKind::OneOf(parts) => parts.iter().any(|part| names(part, wanted)),
        ExprKind::Unit
        | ExprKind::Nothing
        | ExprKind::Prose(_)
        | ExprKind::Generic { .. }
        | ExprKind::Record { .. } => false,
    }
}

fn takes_now(text: &CapabilityText) -> bool {
    text.input.as_ref().and_then(|input| input.tree.as_ref()).is_some_and(|tree| names(tree, NOW))
}

/// A capability with the text of its ECM.
type Call<'a> = (&'a Capability, &'a CapabilityText);

/// The calls of an engine whose page can be believed.
fn calls<'a>(engine: &Engine<'a>, subject: &Subject<'a>) -> Vec<Call<'a>> {
    let page = engine.ecm.filter(|page| !subject.is_reported(codes::DUPLICATE_CAPABILITY, page.file));
    page.map(|page| engine.contract.capabilities.iter().zip(&page.capabilities).collect()).unwrap_or_default()
}

/// Reads that take the time of the call, or find rows by a time that is no part of a key.
pub fn time_of_reads(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let calls = calls(engine, subject);
        let reads = || calls.iter().filter(|(capability, _)| capability.effect == Effect::Read);
        // Where several reads take the time, the engine answers by the time of day.
        let is_usual = reads().filter(|(_, text)| takes_now(text)).count() > 1;
        for (capability, text) in reads() {
            let Some(input) = &text.input else { continue };
            let of_call = (takes_now(text) && !is_usual && !depends_on_time(text)).then_some(NOW);
            let column = time_of_row(capability, subject);
            let Some(name) = of_call.or(column.map(|(name, _)| name)) else { continue };
            let (at, label) = match (of_call, column, &text.side_effects) {
                (None, Some((_, declared)), _) => (declared.text.name.span, "no key of it has this time"),
                (_, _, Some(effects)) => (effects.span, "no side effects"),
                _ => (text.id.span, "a read"),
            };
            let message = format!("`{}` changes nothing, and takes the time `{name}`", capability.id);
            diagnostics.push(
                Diagnostic::new(codes::TIME_OF_READ, message, input.text.span, "taken here")
                    .and(at, label)
                    .help("take it out of the input; where the answer depends on it, say so in a bullet of the capability"),
            );
        }
    }
}

/// Whether words of a capability say that its answer depends on a time.
fn depends_on_time(text: &CapabilityText) -> bool {
    const WORDS: [&str; 9] =
        ["now", "due", "expire", "expired", "until", "since", "as of", "still valid", "at a time"];
    let texts = text.name.iter().chain(text.notes.iter().map(|(_, note)| note));
    texts.map(|text| text.value.to_ascii_lowercase()).any(|lower| {
        let words: Vec<&str> = lower.split(|c: char| !c.is_ascii_alphanumeric()).collect();
        WORDS.iter().any(|word| words.contains(word) || word.contains(' ') && lower.contains(word))
    })
}

/// The time of a row that a read is given, and that no key of the table has.
fn time_of_row<'a, 's>(
    capability: &'a Capability,
    subject: &'s Subject<'a>,
) -> Option<(&'a str, &'s Declared<'a>)> {
    let names: Vec<String> = capability.output.types().iter().map(ToString::to_string).collect();
    let records = subject.resolved.contracts.iter().flat_map(|contract| &contract.records);
    let mut answered = records
        .chain(&subject.resolved.shared.records)
        .filter(|record| names.iter().any(|name| name.contains(record.name.as_str())));
    let record = answered.next()?;
    let mut tables = subject.tables.values().flatten();
    let declared = tables.find(|declared| is_row(&record.fields, declared))?;
    let keys = || std::iter::once(&declared.text.primary_key).chain(&declared.text.unique_keys).flatten();
    let mut times = capability.input_fields().filter(|field| field.name.ends_with("_at"));
    let is_column = |name: &str| declared.columns.iter().any(|column| column.name == name);
    let found =
        times.find(|field| is_column(&field.name) && !keys().any(|column| column.value == field.name))?;
    Some((&found.name, declared))
}

/// Whether a schema gives a `Result`.
fn gives_result(output: &SchemaText) -> Option<bool> {
    match &output.tree.as_ref()?.kind {
        ExprKind::Generic { name, .. } => Some(name.value == "Result"),
        // A write that gives nothing may be one that cannot fail.
        ExprKind::Unit | ExprKind::Nothing | ExprKind::Prose(_) => None,
        _ => Some(false),
    }
}

/// One of two forms that the schemas of writes have.
struct Form<'a> {
    text: &'a CapabilityText,
    place: Span,
    /// Whether it is the form that is asked for.
    is_met: bool,
    /// Where the DB wiring names it.
    of_wiring: Option<Span>,
}

/// The forms that are not met while most others of the same page meet it; a page with one of them is held against all pages. Each with
/// one that meets it.
fn unlike<'f, 'a>(pages: &'f [Vec<Form<'a>>]) -> Vec<(&'f Form<'a>, &'f Form<'a>)> {
    let mut found = Vec::new();
    for page in pages {
        for form in page.iter().filter(|form| !form.is_met) {
            let own: Vec<&Form<'_>> = page.iter().collect();
            let all = if own.len() > 1 { own } else { pages.iter().flatten().collect() };
            let met = all.iter().filter(|other| other.is_met);
            if met.clone().count() * 2 > all.len() - 1
                && let Some(example) = met.clone().next()
            {
                found.push((form, *example));
            }
        }
    }
    found
}

/// Writes that answer without `Result` beside others that have it.
pub fn without_result(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    fn of_page<'a>(engine: &Engine<'a>, subject: &Subject<'a>) -> Vec<Form<'a>> {
        let calls = calls(engine, subject).into_iter();
        let writes = calls.filter(|(capability, _)| capability.effect == Effect::Write);
        let form = writes.filter_map(|(_, text)| {
            let output = text.output.as_ref()?;
            Some(Form { text, place: output.text.span, is_met: gives_result(output)?, of_wiring: None })
        });
        form.collect()
    }
    let pages: Vec<Vec<Form<'_>>> = subject.engines.iter().map(|engine| of_page(engine, subject)).collect();
    for (form, example) in unlike(&pages) {
        let message =
            format!("`{}` answers without `Result`, as if it could not be refused", form.text.id.value);
        diagnostics.push(
            Diagnostic::new(codes::WRITE_WITHOUT_RESULT, message, form.place, "no `Result`")
                .beside(example.place, "as others have it")
                .help("write `Result<…, StorageError>` around the answer"),
        );
    }
}

/// Writes that do not take the time of the call beside others that do.
pub fn without_time(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    fn of_page<'a>(engine: &Engine<'a>, subject: &Subject<'a>) -> Vec<Form<'a>> {
        let writes = engine.writes(subject);
        let calls = calls(engine, subject).into_iter();
        let calls = calls.filter(|(capability, _)| capability.effect == Effect::Write);
        let form = calls.filter_map(|(capability, text)| {
            let input = text.input.as_ref()?;
            let is_list = !matches!(input.tree.as_ref()?.kind, ExprKind::Nothing | ExprKind::Unit);
            let write = writes.iter().find(|write| write.capability.id == capability.id);
            let of_wiring = write.map(|write| write.text.heading.span);
            is_list.then(|| Form { text, place: input.text.span, is_met: takes_now(text), of_wiring })
        });
        form.collect()
    }
    let pages: Vec<Vec<Form<'_>>> = subject.engines.iter().map(|engine| of_page(engine, subject)).collect();
    for (form, example) in unlike(&pages) {
        let message = format!("`{}` does not take `{NOW}`, as most writes beside it do", form.text.id.value);
        let finding = Diagnostic::new(codes::WRITE_WITHOUT_TIME, message, form.place, "no time here")
            .beside(example.place, "as others take it")
            .help("write `now` into the input: every call has it, and pages say so");
        diagnostics.push(match form.of_wiring {
            Some(place) => finding.and(place, "what it writes"),
            None => finding,
        });
    }
}

/// Inputs of writes that nothing of the write uses: no column, no key, no event, no sentence.
pub fn unused_inputs(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let named = sentences_of(engine, subject);
        for write in engine.writes(subject) {
            let used = Uses::new(&write, engine, subject);
            // What is only asserted is checked, and leaves nothing behind.
            let is_asserted = |field: &Field| field.ty == TypeRef::Builtin(Builtin::Bool);
            for field in write.capability.input_fields().filter(|field| field.group.is_none()) {
                if is_asserted(field) || used.has(&field.name) || named.contains(field.name.as_str()) {
                    continue;
                }
                let message =
                    format!("nothing that `{}` does uses its `{}`", write.capability.id, field.name);
                let input = write.of_ecm.input.as_ref();
                let tree = input.and_then(|input| input.tree.as_ref());
                let place = tree.and_then(|tree| place_of(tree, &field.name));
                diagnostics.push(
                    Diagnostic::new(
                        codes::UNUSED_INPUT,
                        message,
                        place.unwrap_or_else(|| write.input_place()),
                        "taken here",
                    )
                    .and(write.text.heading.span, "not stored, and in no key or event of this write")
                    .help("take it out of the input, or say in a sentence what it is for"),
                );
            }
        }
    }
}

/// The place of a field in a schema.
fn place_of(expr: &Expr, wanted: &str) -> Option<Span> {
    match &expr.kind {
        ExprKind::Tuple(parts) | ExprKind::OneOf(parts) => {
            parts.iter().find_map(|part| place_of(part, wanted))
        }
        _ => names(expr, wanted).then_some(expr.span),
    }
}

/// What a write has for its inputs: columns, parts of keys, fields and keys of its event.
struct Uses<'a> {
    names: BTreeSet<&'a str>,
}

impl<'a> Uses<'a> {
    fn new(write: &Write<'a>, engine: &Engine<'a>, subject: &Subject<'a>) -> Self {
        let text = write.text;
        let mut names: BTreeSet<&str> = BTreeSet::from(["idempotency_key"]);
        let fields = text.required_fields.iter().chain(&text.payload_keys);
        names.extend(fields.map(|field| field.value.split('=').next().unwrap_or_default()));
        names.extend(
            text.dedupe.iter().flat_map(|keys| &keys.value).flatten().map(|name| name.value.as_str()),
        );
        let written: BTreeSet<&str> = text.tables.iter().map(|table| without_schema(&table.value)).collect();
        for table in engine.seen_tables() {
            let Some(declared) = subject.columns(table) else {
                continue;
            };
            if written.contains(table) || !is_foreign(table, engine) {
                names.extend(declared.columns.iter().map(|column| column.name.as_str()));
            } else {
                // Of what is only read, keys are what a row is found by.
                let keys = std::iter::once(&declared.text.primary_key).chain(&declared.text.unique_keys);
                names.extend(keys.flatten().map(|column| column.value.as_str()));
            }
        }
        let indices =
            engine.wiring.into_iter().flat_map(|page| &page.reads).flat_map(|read| &read.required_indices);
        names.extend(
            indices.flat_map(|index| index.value.split(['(', ')', ',', ' '])).filter(|name| !name.is_empty()),
        );
        Self { names }
    }

    /// Whether a name is one of them, or they are made of it: `device_fingerprint_hash` of `device_fingerprint`.
    fn has(&self, name: &str) -> bool {
        let bare = name.trim_end_matches('s');
        self.names.iter().any(|used| used.contains(bare) || bare.contains(used) && used.contains('_'))
    }
}

/// Whether a table is none that the engine's own wiring declares.
fn is_foreign(table: &str, engine: &Engine<'_>) -> bool {
    let mut declared = engine.wiring.into_iter().flat_map(|page| &page.tables);
    !declared.any(|known| without_schema(&known.name.value) == table)
}

/// The words of everything that the pages of an engine say, but for the schemas of its calls.
fn sentences_of<'a>(engine: &Engine<'a>, subject: &Subject<'a>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    for page in engine.each_page() {
        let invariants = page.tables.iter().flat_map(|table| &table.invariants);
        let rules = page.relations.constraints.iter().chain(&page.relations.unique);
        let rules = rules.chain(&page.audit_rules).chain(&page.failure_rules).chain(&page.prose);
        let of_capabilities = page.capabilities.iter().flat_map(|one| &one.notes);
        let of_writes = page.writes.iter().flat_map(|write| &write.notes);
        let of_reads = page.reads.iter().flat_map(|read| &read.notes);
        let notes = of_capabilities.chain(of_writes).chain(of_reads).map(|(_, note)| note);
        for text in invariants.chain(rules).chain(notes) {
            let words = raw(text.span, subject.sources);
            found.extend(words.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'));
        }
    }
    found
}
