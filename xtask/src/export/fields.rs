//! Fields, and the objects that they make.

use selene_codegen::contract::{Builtin, Contract, Field, Number, ReasonCode, TypeKind, TypeRef};
use serde_json::{Map, Value, json};

use super::definitions::Definitions;
use super::leaves;

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// What callers send: nothing beside its fields, and no code that is retired.
    Input,
    /// What callers are given: later builds may add fields.
    Record,
}

/// An object with these fields. Optional ones may be absent; of an input all others must be there, and an answer has them all.
pub(super) fn object<'c>(
    definitions: &mut Definitions<'c>,
    contract: Option<&'c Contract>,
    form: Form,
    fields: &'c [Field],
    doc: &str,
) -> Value {
    let mut properties = Map::new();
    for field in fields {
        properties.insert(field.name.clone(), self::field(definitions, contract, form, field));
    }
    let is_required = |field: &&Field| !matches!(field.ty, TypeRef::Option(_));
    let required: Vec<&str> = fields.iter().filter(is_required).map(|field| field.name.as_str()).collect();
    let mut schema = json!({ "type": "object", "properties": properties, "required": required });
    if form == Form::Input {
        schema["additionalProperties"] = json!(false);
    }
    if !doc.is_empty() {
        schema["description"] = json!(doc);
    }
    schema
}

fn field<'c>(
    definitions: &mut Definitions<'c>,
    contract: Option<&'c Contract>,
    form: Form,
    field: &'c Field,
) -> Value {
    let leaf = leaf(&field.ty);
    let mut value = match given_codes(definitions, contract, form, field, leaf) {
        Some(codes) => codes,
        None => of_ref(definitions, contract, leaf),
    };
    if let Some((min, max)) = &field.range {
        value["minimum"] = bound(*min);
        value["maximum"] = bound(*max);
    }
    if let Some(fixed) = &field.fixed {
        value["const"] = constant(definitions, contract, leaf, fixed);
    }
    let mut schema = around(definitions, contract, &field.ty, value);
    if let Some(max) = field.max_items {
        list_of(&mut schema)["maxItems"] = json!(max);
    }
    if !field.doc.is_empty() {
        schema["description"] = json!(field.doc);
    }
    if let Some(code) = field.violation.as_ref().filter(|_| form == Form::Input) {
        schema["x-violation"] = json!(code);
    }
    schema
}

/// The codes that an input takes in a field; none where the field holds something else, or stands in an answer.
fn given_codes<'c>(
    definitions: &Definitions<'c>,
    contract: Option<&'c Contract>,
    form: Form,
    field: &Field,
    leaf: &TypeRef,
) -> Option<Value> {
    let TypeRef::Builtin(builtin) = leaf else { return None };
    let contracts: Vec<&Contract> = match builtin {
        Builtin::ReasonCode => definitions.exported().contracts.iter().collect(),
        Builtin::EngineReasonCode => contract.into_iter().collect(),
        _ => return None,
    };
    if form == Form::Record {
        return None;
    }
    let codes = contracts.into_iter().flat_map(|contract| &contract.reason_codes);
    let names: Vec<&str> =
        codes.filter(|code| !code.retired && takes(field, code)).map(|code| code.name.as_str()).collect();
    Some(json!({ "type": "string", "enum": names }))
}

fn takes(field: &Field, code: &ReasonCode) -> bool {
    let is_bound = !field.classes.is_empty() || field.own_step.is_some();
    !is_bound || field.classes.contains(&code.class) || field.own_step.as_ref() == Some(&code.name)
}

/// A type reference as a schema.
pub(super) fn of_ref<'c>(
    definitions: &mut Definitions<'c>,
    contract: Option<&'c Contract>,
    ty: &TypeRef,
) -> Value {
    match ty {
        TypeRef::Unit => json!({ "type": "null" }),
        TypeRef::Named(name) => definitions.named(contract, name),
        TypeRef::Builtin(builtin) => match builtin {
            Builtin::Bool => json!({ "type": "boolean" }),
            Builtin::U8 => whole("uint8", u8::MAX.into()),
            Builtin::U16 => whole("uint16", u16::MAX.into()),
            Builtin::U32 => whole("uint32", u32::MAX.into()),
            Builtin::U64 => whole("uint64", u64::MAX.into()),
            Builtin::F32 => json!({ "type": "number", "format": "float" }),
            Builtin::EngineReasonCode => match contract {
                Some(contract) => definitions.reason_codes_of(contract),
                None => definitions.reason_codes(),
            },
            Builtin::ReasonCode => definitions.reason_codes(),
            Builtin::Payload => leaves::payload(),
            Builtin::Digest => leaves::digest(),
        },
        TypeRef::Option(inner) | TypeRef::List(inner) | TypeRef::Map(_, inner) => {
            let inner = of_ref(definitions, contract, inner);
            outer(definitions, contract, ty, inner)
        }
    }
}

fn whole(format: &str, max: u128) -> Value {
    let mut schema = leaves::integer(0, max);
    schema["format"] = json!(format);
    schema
}

/// What stands around a leaf: lists, maps and options, the innermost first.
fn around<'c>(
    definitions: &mut Definitions<'c>,
    contract: Option<&'c Contract>,
    ty: &TypeRef,
    value: Value,
) -> Value {
    match ty {
        TypeRef::Option(inner) | TypeRef::List(inner) | TypeRef::Map(_, inner) => {
            let inner = around(definitions, contract, inner, value);
            outer(definitions, contract, ty, inner)
        }
        TypeRef::Unit | TypeRef::Builtin(_) | TypeRef::Named(_) => value,
    }
}

fn outer<'c>(
    definitions: &mut Definitions<'c>,
    contract: Option<&'c Contract>,
    ty: &TypeRef,
    inner: Value,
) -> Value {
    match ty {
        TypeRef::Option(_) => json!({ "anyOf": [inner, { "type": "null" }] }),
        TypeRef::List(_) => json!({ "type": "array", "items": inner }),
        TypeRef::Map(key, _) => {
            let mut map = json!({ "type": "object", "additionalProperties": inner });
            // The names of an object are texts: numbers are written as their digits.
            if is_text(definitions, contract, key) {
                map["propertyNames"] = of_ref(definitions, contract, key);
            }
            map
        }
        TypeRef::Unit | TypeRef::Builtin(_) | TypeRef::Named(_) => inner,
    }
}

fn is_text(definitions: &Definitions<'_>, contract: Option<&Contract>, key: &TypeRef) -> bool {
    kind(definitions, contract, key).is_some_and(|kind| !matches!(kind, TypeKind::Integer { .. }))
}

/// The schema of the list within a field that may be optional.
fn list_of(schema: &mut Value) -> &mut Value {
    if schema.get("anyOf").is_some() { &mut schema["anyOf"][0] } else { schema }
}

/// What stands within all lists, maps and options.
fn leaf(ty: &TypeRef) -> &TypeRef {
    match ty {
        TypeRef::Option(inner) | TypeRef::List(inner) | TypeRef::Map(_, inner) => leaf(inner),
        TypeRef::Unit | TypeRef::Builtin(_) | TypeRef::Named(_) => ty,
    }
}

fn bound(number: Number) -> Value {
    match number {
        Number::Whole(value) => json!(value),
        Number::Real(value) => json!(value),
    }
}

/// The only value of a field, as its type is written.
fn constant(definitions: &Definitions<'_>, contract: Option<&Contract>, leaf: &TypeRef, text: &str) -> Value {
    let is_number = match kind(definitions, contract, leaf) {
        Some(kind) => matches!(kind, TypeKind::Integer { .. }),
        None => matches!(leaf, TypeRef::Builtin(_)),
    };
    let read = serde_json::from_str(text).ok().filter(|_| is_number);
    read.unwrap_or_else(|| json!(text))
}

/// The kind of a type by its name, as an engine understands it.
fn kind<'a>(
    definitions: &Definitions<'a>,
    contract: Option<&'a Contract>,
    ty: &TypeRef,
) -> Option<&'a TypeKind> {
    let TypeRef::Named(name) = ty else { return None };
    let own = contract.into_iter().flat_map(|contract| &contract.types);
    let types = own.chain(&definitions.exported().shared.types);
    types.into_iter().find(|ty| ty.name == *name).map(|ty| &ty.kind)
}
