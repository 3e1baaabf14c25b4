//! What every call gives, as the Rust types write it: taken by the schema. Changed in any place, it is refused.

use std::collections::BTreeMap;

use selene_codegen::contract::{
    Builtin, Capability as Declared, Contract, Field, Output, Record, TypeDef, TypeKind, TypeRef,
};
use selene_codegen::naming::{output_variant, pascal};
use selene_contracts::{Capability, CapabilityVisitor, engines};
use serde_json::{Value, json};

use super::{run, schema, validator, validator_of};

/// Which end of the bounds values are made at.
#[derive(Clone, Copy)]
enum End {
    Least,
    Most,
}

/// Makes values of what an engine declares.
struct Maker<'c> {
    contract: &'c Contract,
    end: End,
}

impl Maker<'_> {
    fn types(&self) -> impl Iterator<Item = &TypeDef> {
        self.contract.types.iter().chain(&run().resolved.shared.types)
    }

    fn records(&self) -> impl Iterator<Item = &Record> {
        self.contract.records.iter().chain(&run().resolved.shared.records)
    }

    fn of_ref(&self, ty: &TypeRef) -> String {
        match ty {
            TypeRef::Unit => "null".to_owned(),
            TypeRef::Named(name) => self.named(name),
            TypeRef::Builtin(builtin) => self.builtin(*builtin),
            TypeRef::Option(inner) | TypeRef::List(inner) | TypeRef::Map(_, inner) => match (self.end, ty) {
                (End::Least, TypeRef::Option(_)) => "null".to_owned(),
                (End::Least, TypeRef::List(_)) => "[]".to_owned(),
                (End::Least, _) => "{}".to_owned(),
                (End::Most, TypeRef::Option(_)) => self.of_ref(inner),
                (End::Most, TypeRef::List(_)) => format!("[{0},{0}]", self.of_ref(inner)),
                (End::Most, _) => format!("{{\"a key\":{}}}", self.of_ref(inner)),
            },
        }
    }

    fn builtin(&self, builtin: Builtin) -> String {
        let number = |largest: u64| match self.end {
            End::Least => "0".to_owned(),
            End::Most => largest.to_string(),
        };
        match builtin {
            Builtin::Bool => "true".to_owned(),
            Builtin::U8 => number(u8::MAX.into()),
            Builtin::U16 => number(u16::MAX.into()),
            Builtin::U32 => number(u32::MAX.into()),
            Builtin::U64 => number(u64::MAX),
            Builtin::F32 => "0.1".to_owned(),
            Builtin::EngineReasonCode => json!(self.contract.reason_codes[0].name).to_string(),
            // Of another engine, most often.
            Builtin::ReasonCode => json!(run().resolved.contracts[0].reason_codes[0].name).to_string(),
            Builtin::Payload => json!({ "key": "value" }).to_string(),
            Builtin::Digest => json!("0f".repeat(32)).to_string(),
        }
    }

    fn named(&self, name: &str) -> String {
        if let Some(ty) = self.types().find(|ty| ty.name == name) {
            return match (&ty.kind, self.end) {
                (TypeKind::Text { min_len, .. }, End::Least) => {
                    json!("x".repeat(*min_len as usize)).to_string()
                }
                (TypeKind::Text { max_len, .. }, End::Most) => {
                    json!("x".repeat(*max_len as usize)).to_string()
                }
                (TypeKind::Integer { min, .. }, End::Least) => min.unwrap_or(0).to_string(),
                (TypeKind::Integer { max, repr, .. }, End::Most) => max.unwrap_or(repr.largest()).to_string(),
                (TypeKind::Enum { values }, End::Least) => json!(values[0]).to_string(),
                (TypeKind::Enum { values }, End::Most) => json!(values[values.len() - 1]).to_string(),
            };
        }
        let record = self.records().find(|record| record.name == name).expect("the record is declared");
        self.object(&record.fields)
    }

    fn object(&self, fields: &[Field]) -> String {
        let values = fields.iter().map(|field| format!("\"{}\":{}", field.name, self.field(field)));
        format!("{{{}}}", values.collect::<Vec<_>>().join(","))
    }

    fn field(&self, field: &Field) -> String {
        let inner = match &field.ty {
            TypeRef::Option(inner) => inner,
            other => other,
        };
        match (&field.range, &field.fixed) {
            (Some((min, _)), _) if !matches!(inner, TypeRef::List(_) | TypeRef::Map(..)) => min.to_string(),
            (_, Some(fixed)) => {
                serde_json::from_str::<Value>(fixed).unwrap_or_else(|_| json!(fixed)).to_string()
            }
            _ => self.of_ref(&field.ty),
        }
    }
}

/// The values of every output, with the declared capability and the variant, if it is one of several.
fn values(contract: &Contract, declared: &Declared) -> Vec<String> {
    let ends = [End::Least, End::Most];
    let makers = ends.map(|end| Maker { contract, end });
    match &declared.output {
        Output::Type(ty) => makers.iter().map(|maker| maker.of_ref(ty)).collect(),
        Output::OneOf { one_of } => {
            let variants = one_of.iter().flat_map(|ty| makers.iter().map(move |maker| (ty, maker)));
            variants
                .map(|(ty, maker)| format!("{{\"{}\":{}}}", output_variant(ty), maker.of_ref(ty)))
                .collect()
        }
    }
}

#[derive(Default)]
struct Outputs {
    schemas: BTreeMap<&'static str, Value>,
    changed: usize,
}

impl CapabilityVisitor for Outputs {
    fn visit<C: Capability>(&mut self) {
        let engine = C::SPEC.engine;
        let schema = self.schemas.entry(engine).or_insert_with(|| schema(engine));
        let contract = run().resolved.contracts.iter().find(|contract| contract.engine.id == engine).unwrap();
        let declared = contract.served().find(|declared| declared.id == C::SPEC.id).unwrap();
        let validator = match &declared.output {
            Output::OneOf { .. } => validator(schema, engine, &format!("{}Output", pascal(&declared.id))),
            Output::Type(ty) => validator_of(schema, &reference(contract, ty)),
        };
        for json in values(contract, declared) {
            let output: C::Output =
                serde_json::from_str(&json).unwrap_or_else(|error| panic!("{}: {json}: {error}", C::SPEC.id));
            let written = serde_json::to_string(&output).expect("outputs are JSON");
            let value: Value = serde_json::from_str(&written).expect("JSON");
            let problems: Vec<String> =
                validator.iter_errors(&value).map(|error| error.to_string()).collect();
            assert!(problems.is_empty(), "{}: {written}: {problems:?}", C::SPEC.id);
            for wrong in changed(&value) {
                assert!(!validator.is_valid(&wrong), "{}: {wrong} must be refused", C::SPEC.id);
                self.changed += 1;
            }
        }
    }
}

/// The schema of a type reference: written here once more, by hand, so that a wrong one in the export is found.
fn reference(contract: &Contract, ty: &TypeRef) -> Value {
    match ty {
        TypeRef::Unit => json!({ "type": "null" }),
        TypeRef::Option(inner) => json!({ "anyOf": [reference(contract, inner), { "type": "null" }] }),
        TypeRef::List(inner) => json!({ "type": "array", "items": reference(contract, inner) }),
        TypeRef::Map(_, inner) => {
            json!({ "type": "object", "additionalProperties": reference(contract, inner) })
        }
        TypeRef::Named(name) => {
            let own =
                contract.types.iter().map(|ty| &ty.name).chain(contract.records.iter().map(|one| &one.name));
            let home = if own.into_iter().any(|own| own == name) {
                contract.engine.id.to_lowercase().replace('.', "_")
            } else {
                "shared".to_owned()
            };
            json!({ "$ref": format!("#/$defs/{home}.{name}") })
        }
        TypeRef::Builtin(other) => panic!("no capability gives `{}` alone", other.as_str()),
    }
}

/// The value with one thing in it replaced by what stands nowhere in an answer: a list of an empty list.
fn changed(value: &Value) -> Vec<Value> {
    let mut all = vec![json!([[]])];
    match value {
        Value::Object(entries) => {
            for (key, inner) in entries {
                for wrong in changed(inner) {
                    let mut copy = entries.clone();
                    copy.insert(key.clone(), wrong);
                    all.push(Value::Object(copy));
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                for wrong in changed(item) {
                    let mut copy = items.clone();
                    copy[index] = wrong;
                    all.push(Value::Array(copy));
                }
            }
        }
        _ => {}
    }
    all
}

#[test]
fn a_schema_takes_what_every_call_gives_and_nothing_else() {
    let mut outputs = Outputs::default();
    engines::visit_capabilities(&mut outputs);
    assert!(outputs.changed > 1_000, "{}", outputs.changed);
}

#[test]
fn an_answer_without_a_field_that_must_be_there_is_refused() {
    let schema = schema("PH1.W");
    let contract = run().resolved.contracts.iter().find(|contract| contract.engine.id == "PH1.W").unwrap();
    for record in &contract.records {
        let whole = Maker { contract, end: End::Most }.object(&record.fields);
        let whole: Value = serde_json::from_str(&whole).unwrap();
        let validator = validator(&schema, "PH1.W", &record.name);
        assert!(validator.is_valid(&whole), "{whole}");
        for field in &record.fields {
            let mut part = whole.clone();
            part.as_object_mut().unwrap().remove(&field.name);
            let is_optional = matches!(field.ty, TypeRef::Option(_));
            assert_eq!(validator.is_valid(&part), is_optional, "{}.{}", record.name, field.name);
        }
    }
}
