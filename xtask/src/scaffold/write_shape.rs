//! What a write reads, writes, emits and gives, as far as its contract says it.

use selene_codegen::contract::{AuditRule, Capability, Field, Record, TruthType, TypeRef};
use selene_codegen::naming::{pascal, without_schema};
use selene_codegen::row;

use super::rust_type::{RustType, Shown, ident, is_copied};
use super::subject::{Given, Owned, Subject, field, given_record};

/// The table that every commit appends its event to.
const EVENTS: &str = "audit_events";

/// What a write reads, writes, emits and gives.
pub(super) struct WriteShape<'a> {
    /// What its decision needs.
    pub(super) facts: Vec<Fact<'a>>,
    /// The rows that it writes, one of each table.
    pub(super) changes: Vec<Changed<'a>>,
    /// The event, where the contract says all of it.
    pub(super) event: Option<Event>,
    /// The answer as an expression over `input` and the rows that are written, where it follows from them.
    pub(super) output: Option<String>,
    /// The record of the answer, where it is made there.
    pub(super) output_type: Option<RustType>,
}

/// Something that a decision needs.
pub(super) enum Fact<'a> {
    /// The row that the input names, if there is one; the fields of the input in the order of the key.
    Row { table: &'a str, owned: Owned<'a>, ty: RustType, key: Vec<String> },
    /// The highest number of a ledger so far, which is how many rows it has under the other fields of its key.
    Count { table: &'a str, owned: Owned<'a>, counter: &'a str, key: Vec<&'a str> },
}

impl Fact<'_> {
    /// The name of its field.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Row { table, .. } => ident(table),
            Self::Count { table, .. } => format!("{table}_count"),
        }
    }
}

/// A row that is written.
pub(super) struct Changed<'a> {
    pub(super) table: &'a str,
    pub(super) ty: RustType,
    pub(super) owned: Owned<'a>,
    /// Whether it is added; else it changes.
    pub(super) is_new: bool,
}

impl Changed<'_> {
    /// The change that writes the row.
    pub(super) const fn how(&self) -> &'static str {
        if self.is_new { "Insert" } else { "Update" }
    }
}

/// An event as expressions over `call`, `input` and the rows that are written, each by the name of its table.
pub(super) struct Event {
    /// `EventDraft::fixed(call)?`
    pub(super) start: String,
    /// Types that `start` names.
    pub(super) imports: Vec<RustType>,
    /// Texts that have to be made first: name and expression.
    pub(super) made: Vec<(String, String)>,
    /// `.user(Some(&notes.user_id))`
    pub(super) setters: Vec<String>,
    /// Keys of the payload, each with a text.
    pub(super) payload: Vec<(String, String)>,
}

impl<'a> WriteShape<'a> {
    pub(super) fn of(subject: &Subject<'a>, capability: &Capability) -> Self {
        let given = given_record(capability).filter(|(_, given)| *given == Given::One);
        let given = given.and_then(|(name, _)| subject.record(name));
        let changes = changes(subject, capability, given);
        let facts = facts(subject, capability, &changes);
        let has_event = capability.audit.is_some() && capability.input_alternatives.is_empty();
        let event = capability.audit.as_ref().filter(|_| has_event);
        let event = event.and_then(|audit| event_of(subject, capability, &changes, audit));
        let (output, output_type) = output(subject, capability, &changes, given);
        Self { facts, changes, event, output, output_type }
    }

    /// Whether the rule can be written around one function that a person fills.
    pub(super) const fn is_known(&self) -> bool {
        self.event.is_some() && !self.changes.is_empty()
    }
}

/// Whether a write adds rows rather than changing them, by its name: the draft says so, and a person corrects it.
pub(super) fn adds_rows(capability: &Capability) -> bool {
    ["_DRAFT_ROW", "_INSERT_", "_CREATE_", "_APPEND_"].iter().any(|word| capability.id.contains(word))
}

fn changes<'a>(subject: &Subject<'a>, capability: &Capability, given: Option<&Record>) -> Vec<Changed<'a>> {
    let written = capability.writes.iter().map(|name| without_schema(name)).filter(|name| *name != EVENTS);
    let owned = written.filter_map(|name| subject.table(name));
    let changed = |owned: Owned<'a>| Changed {
        table: row::bare_name(owned.table),
        ty: RustType::of_table(subject, owned, given),
        owned,
        is_new: owned.table.truth_type == TruthType::Ledger || adds_rows(capability),
    };
    owned.map(changed).collect()
}

fn facts<'a>(subject: &Subject<'a>, capability: &Capability, changes: &[Changed<'a>]) -> Vec<Fact<'a>> {
    // An input of several forms has no field that all of them have.
    let input = &capability.input;
    let names = |column: &Field| field(input, &column.name).is_some_and(|given| given.ty == column.ty);
    let mut facts: Vec<Fact<'a>> = Vec::new();
    for changed in changes {
        let table = changed.owned.table;
        let key: Vec<&Field> =
            table.primary_key.iter().filter_map(|name| field(&table.columns, name)).collect();
        if !key.is_empty() && key.iter().all(|column| names(column)) {
            let key = key.iter().map(|column| column.name.clone()).collect();
            facts.push(Fact::Row { table: changed.table, owned: changed.owned, ty: changed.ty.clone(), key });
        } else if let Some((last, rest)) = table.primary_key.split_last()
            && is_counter(changed.owned, last)
            && key.iter().take(rest.len()).all(|column| names(column))
        {
            let key = rest.iter().map(String::as_str).collect();
            facts.push(Fact::Count { table: changed.table, owned: changed.owned, counter: last, key });
        }
    }
    for changed in changes {
        let Some(schema) = subject.schema_of(changed.owned) else { continue };
        for key in &schema.foreign_keys {
            let Some(parent) = subject.table(&key.table) else { continue };
            let name = row::bare_name(parent.table);
            let is_there = facts.iter().any(|fact| matches!(fact, Fact::Row { table, .. } if *table == name))
                || changes.iter().any(|changed| changed.table == name);
            let column = |to: &String| key.columns.iter().zip(&key.to).find(|(_, other)| *other == to);
            let from: Option<Vec<String>> = parent
                .table
                .primary_key
                .iter()
                .map(|to| {
                    let (from, _) = column(to)?;
                    let given = field(input, from)?;
                    let column = field(&parent.table.columns, to)?;
                    (given.ty == column.ty).then(|| from.clone())
                })
                .collect();
            if let Some(key) = from.filter(|_| !is_there) {
                facts.push(Fact::Row { table: name, owned: parent, ty: RustType::row(parent), key });
            }
        }
    }
    facts
}

/// Whether a column counts 1, 2, 3 in its table.
fn is_counter(owned: Owned<'_>, column: &str) -> bool {
    owned.table.constraints.iter().any(|constraint| constraint.counter.as_deref() == Some(column))
}

/// Where a value of this name stands: in a row that is written, else in the input.
fn place<'s>(
    capability: &'s Capability,
    changes: &'s [Changed<'_>],
    name: &str,
) -> Option<(String, &'s TypeRef)> {
    let in_rows = changes.iter().find_map(|changed| {
        let column = field(&changed.owned.table.columns, name)?;
        Some((format!("{}.{}", ident(changed.table), ident(name)), &column.ty))
    });
    in_rows.or_else(|| {
        let given = field(&capability.input, name)?;
        Some((format!("input.{}", ident(name)), &given.ty))
    })
}

fn event_of(
    subject: &Subject<'_>,
    capability: &Capability,
    changes: &[Changed<'_>],
    audit: &AuditRule,
) -> Option<Event> {
    let [event_type] = audit.event_types.as_slice() else { return None };
    let (start, imports) = if audit.reason_code.is_some() {
        ("EventDraft::fixed(call)?".to_owned(), Vec::new())
    } else {
        let reason = field(&capability.input, "reason_code").filter(|_| audit.reason_from_input)?;
        if matches!(reason.ty, TypeRef::Option(_)) {
            return None;
        }
        let ty = RustType { module: "shared".to_owned(), name: "AuditEventType".to_owned() };
        let event_type = pascal(event_type);
        let start = format!("EventDraft::new(call, AuditEventType::{event_type}, input.reason_code.into())");
        (start, vec![ty])
    };
    let mut setters = Vec::new();
    for (name, setter) in
        [("tenant_id", "tenant"), ("user_id", "user"), ("device_id", "device"), ("session_id", "session")]
    {
        let is_given = name == "tenant_id" && field(&capability.input, name).is_some();
        if is_given || !audit.required_fields.iter().any(|required| required == name) {
            continue;
        }
        let (at, ty) = place(capability, changes, name)?;
        let is_optional = matches!(ty, TypeRef::Option(_));
        setters.push(match (setter, is_optional) {
            ("session", true) => format!(".session({at})"),
            ("session", false) => format!(".session(Some({at}))"),
            (_, true) => format!(".{setter}({at}.as_ref())"),
            (_, false) => format!(".{setter}(Some(&{at}))"),
        });
    }
    let (mut made, mut payload) = (Vec::new(), Vec::new());
    for key in &audit.payload_keys {
        if let Some((key, fixed)) = key.split_once('=') {
            payload.push((key.to_owned(), format!("{fixed:?}")));
            continue;
        }
        let name = key.trim_end_matches('?');
        let (at, ty) = place(capability, changes, name)?;
        match Shown::of(subject, ty)? {
            Shown::AsStr => payload.push((name.to_owned(), format!("{at}.as_str()"))),
            Shown::Made => {
                made.push((ident(name), format!("{at}.to_string()")));
                payload.push((name.to_owned(), format!("{}.as_str()", ident(name))));
            }
        }
    }
    Some(Event { start, imports, made, setters, payload })
}

/// The answer: a row that is written, the id of the event, nothing, or a record whose fields all stand in those rows or the input.
fn output(
    subject: &Subject<'_>,
    capability: &Capability,
    changes: &[Changed<'_>],
    given: Option<&Record>,
) -> (Option<String>, Option<RustType>) {
    if let [TypeRef::Unit] = capability.output.types() {
        return (Some("()".to_owned()), None);
    }
    if let [TypeRef::Named(name)] = capability.output.types()
        && name == "AuditEventId"
    {
        return (Some("event::id_of(call)?".to_owned()), None);
    }
    let Some(record) = given else { return (None, None) };
    let ty = RustType::record(subject, record);
    if let Some(whole) = changes.iter().find(|changed| changed.ty == ty) {
        return (Some(format!("{}.clone()", ident(whole.table))), None);
    }
    let fields: Option<Vec<String>> = record
        .fields
        .iter()
        .map(|wanted| {
            let (at, _) = place(capability, changes, &wanted.name).filter(|(_, ty)| **ty == wanted.ty)?;
            let clone = if is_copied(subject, &wanted.ty) { "" } else { ".clone()" };
            Some(format!("{}: {at}{clone}", ident(&wanted.name)))
        })
        .collect();
    match fields {
        Some(fields) => (Some(format!("{} {{ {} }}", ty.name, fields.join(", "))), Some(ty)),
        None => (None, None),
    }
}
