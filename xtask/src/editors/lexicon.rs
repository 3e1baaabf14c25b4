//! The schema of `lexicon.yaml`.

use selene_codegen::contract::{IntegerRepr, ReasonClass, RefusalClass};
use serde_json::{Value, json};

use super::shape::{Keys, file, flag, list, map, number, object, reference, text, word};

/// The JSON Schema (draft 2020-12) of `lexicon.yaml`.
pub fn schema() -> Value {
    let names = |description| list(description, text("A name."));
    let mut keys = vec![
        ("ambient", names("Names that every call context has; inputs do not repeat them.")),
        (
            "callers",
            map("What `allowed_callers` may say, each with the callers that it means.", names("Callers.")),
        ),
        (
            "acknowledged",
            names("Types, fields and `Record.field`s that are narrower than stored ones on purpose."),
        ),
        ("engines", map("What only one engine means by a name, by its id.", reference("engine"))),
    ];
    keys.extend(scope());
    let root = object("What the names in the specs mean.", &["ambient", "callers"], keys);
    let definitions = vec![
        ("type", kind()),
        ("field", field("What a field name means.", &["type"], Vec::new())),
        ("record", record()),
        ("classes", classes()),
        ("engine", engine()),
        ("alternative", alternative()),
        ("table", table()),
        ("constraint", constraint()),
        ("index", index()),
        ("texts", texts()),
    ];
    file("Lexicon", root, definitions)
}

/// What stands for all engines and for one.
fn scope() -> Keys {
    let refusals = RefusalClass::ALL.map(|class| (class.as_str(), text("A reason code.")));
    vec![
        ("refusals", object("The reason code of each class of refusal.", &[], refusals.into())),
        ("types", map("Named types.", reference("type"))),
        ("fields", map("What field names mean.", reference("field"))),
        ("groups", map("Words that stand for several fields.", list("Its fields.", text("A field.")))),
        ("records", map("What capabilities answer with.", reference("record"))),
    ]
}

fn engine() -> Value {
    let by_field = map("What each input takes.", reference("classes"));
    let alternatives = list("One for each variant of the input.", reference("alternative"));
    let mut keys = scope();
    keys.extend([
        ("alternatives", map("Which input gives which output, by capability.", alternatives)),
        ("classes", map("Classes of reason codes that inputs take, by capability.", by_field)),
        ("whole_ledger_reads", list("Reads that return the rows of every tenant.", text("A capability."))),
        ("additions", map("Fields that a record has beyond its schema.", reference("record"))),
        ("tables", map("What a database keeps of tables, by name without schema.", reference("table"))),
    ]);
    object("What one engine means.", &[], keys)
}

/// A type: its kind says which bounds it may have.
fn kind() -> Value {
    let of_kind = |kinds: &[&str], required: &[&str], keys: Keys| {
        let mut all = vec![
            ("kind", word("What it is.", kinds.iter().copied())),
            ("doc", text("One sentence for people.")),
            ("renamed_from", text("What it was called before, for `cargo xtask diff`.")),
        ];
        all.extend(keys);
        object("A named type.", &[&["kind"], required].concat(), all)
    };
    let length = |description| number(description, 0, Some(u32::MAX.into()));
    let bounds = vec![
        ("min_len", length("Least bytes; 1 by default.")),
        ("max_len", length("Most bytes.")),
        ("ascii", flag("Whether every character is ASCII.")),
    ];
    let reprs = [IntegerRepr::U8, IntegerRepr::U16, IntegerRepr::U32, IntegerRepr::U64, IntegerRepr::U128];
    let numbers = vec![
        ("repr", word("The integer type.", reprs.map(IntegerRepr::as_str))),
        ("min", number("Smallest value.", 0, None)),
        ("max", number("Largest value.", 0, None)),
        ("unit", text("Its unit, as `ns`.")),
    ];
    let values = json!({
        "description": "Its values in UPPER_SNAKE, as they are stored.",
        "type": "array",
        "minItems": 1,
        "items": text("A value."),
    });
    json!({ "anyOf": [
        of_kind(&["id", "text"], &["max_len"], bounds),
        of_kind(&["integer"], &["repr"], numbers),
        of_kind(&["enum"], &["values"], vec![("values", values)]),
    ] })
}

fn field(description: &str, required: &[&str], more: Keys) -> Value {
    let range = json!({
        "description": "Smallest and largest value.",
        "type": "array",
        "minItems": 2,
        "maxItems": 2,
        "items": text("A bound."),
    });
    let mut keys = vec![
        ("type", text("A type, with `?` where it is optional and `[]` for a list.")),
        ("range", range),
        ("max_items", number("Most items of a list.", 1, Some(u32::MAX.into()))),
        ("classes", reference("classes")),
        ("violation", text("The reason code of a value out of bounds.")),
        ("absent", text("What answers have that were stored before the field was there.")),
        ("renamed_from", text("What it was called before, for `cargo xtask diff`.")),
        ("doc", text("What it means.")),
    ];
    keys.extend(more);
    object(description, required, keys)
}

fn classes() -> Value {
    let words = ReasonClass::ALL.map(ReasonClass::as_str).into_iter().chain(["own_step"]);
    list("Classes of reason codes that an input takes.", word("A class.", words))
}

fn record() -> Value {
    let own = field("A field with a type of its own.", &["name", "type"], vec![("name", text("The field."))]);
    let item = json!({ "anyOf": [text("A field, with `?` or `[]`."), own] });
    let fields = list("Its fields in order.", item);
    let mut bare = fields.clone();
    bare["type"] = json!("array");
    let renamed = text("What it was called before, for `cargo xtask diff`.");
    let keys = vec![("doc", text("What it means.")), ("renamed_from", renamed), ("fields", fields)];
    json!({ "anyOf": [bare, object("A record.", &["fields"], keys)] })
}

fn alternative() -> Value {
    let keys = vec![
        ("variant", text("The name of the variant.")),
        ("input", list("Its fields.", text("A field."))),
        ("output", text("What it answers with.")),
    ];
    object("A variant of an input.", &["variant", "input"], keys)
}

/// One text or a list of them.
fn texts() -> Value {
    json!({ "anyOf": [text("One."), list("Several.", text("One of them."))] })
}

/// The keys that stand at a table and at each of its invariants.
fn kept() -> Keys {
    vec![
        ("fixed", reference("texts")),
        ("set_once", reference("texts")),
        ("counter", text("A column that counts from 1.")),
        ("check", reference("texts")),
        ("unique_where", reference("index")),
    ]
}

fn table() -> Value {
    let private = json!({ "type": ["string", "number", "boolean", "null"], "description": "Its default." });
    let mut keys = kept();
    keys.extend([
        ("clustered_by", reference("texts")),
        ("invariants", map("What keeps each sentence of the wiring.", reference("constraint"))),
        ("indices", list("Indices of some rows.", reference("index"))),
        ("private", map("Columns of no row.", private)),
    ]);
    object("What a database keeps of a table.", &[], keys)
}

/// What keeps an invariant; something must.
fn constraint() -> Value {
    let some =
        json!({ "anyOf": [text("One."), { "type": "array", "minItems": 1, "items": text("One of them.") }] });
    let has = |key: &str| {
        let is_list = ["fixed", "set_once", "check"].contains(&key);
        let value = if is_list { some.clone() } else { json!({}) };
        json!({ "required": [key], "properties": { key: value } })
    };
    let mut constraint = object("What keeps an invariant.", &[], kept());
    constraint["type"] = json!("object");
    constraint["anyOf"] = kept().into_iter().map(|(key, _)| has(key)).collect();
    constraint
}

fn index() -> Value {
    let keys = vec![
        ("name", text("What stands behind the table's name.")),
        ("columns", list("Its columns.", text("A column."))),
        ("where", text("Which rows it holds.")),
    ];
    object("An index.", &["name", "columns"], keys)
}
