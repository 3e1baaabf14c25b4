//! Every case of every field of every input: a schema takes it where admission does, and refuses it where admission does.

use std::collections::BTreeMap;

use selene_codegen::naming::pascal;
use selene_contracts::{Capability, CapabilityVisitor, ValueSpec, engines};
use serde_json::Value;

use super::cases::{Case, Expected, cases, json_object, valid};
use super::{schema, validator};

struct Inputs {
    schemas: BTreeMap<&'static str, Value>,
    taken: usize,
    refused: usize,
}

impl CapabilityVisitor for Inputs {
    fn visit<C: Capability>(&mut self) {
        let engine = C::SPEC.engine;
        let schema = self.schemas.entry(engine).or_insert_with(|| schema(engine));
        let validator = validator(schema, engine, &pascal(C::SPEC.id));
        for (place, fields) in C::SPEC.input.iter().enumerate() {
            let whole = |values: &[(&str, String)]| {
                let object = json_object(values);
                let variant = C::SPEC.variants.get(place);
                variant.map_or(object.clone(), |variant| format!("{{\"{variant}\":{object}}}"))
            };
            let values: Vec<(&str, String)> = fields.iter().map(|field| (field.name, valid(field))).collect();
            let mut check = |json: &str, is_taken: bool| {
                let value: Value = serde_json::from_str(json).expect("JSON");
                assert_eq!(validator.is_valid(&value), is_taken, "{}: {json}", C::SPEC.id);
                *(if is_taken { &mut self.taken } else { &mut self.refused }) += 1;
            };
            check(&written::<C>(&whole(&values)), true);
            let mut more = values.clone();
            more.push(("no_such_field", "1".to_owned()));
            check(&whole(&more), false);
            for (index, field) in fields.iter().enumerate() {
                let rest: Vec<_> = values.iter().filter(|(name, _)| *name != field.name).cloned().collect();
                check(&whole(&rest), field.is_optional);
                for case in cases(field) {
                    let mut changed = values.clone();
                    changed[index].1.clone_from(&case.json);
                    let json = whole(&changed);
                    match case.expected {
                        Expected::Admitted => {
                            check(&json, true);
                            check(&written::<C>(&json), true);
                        }
                        Expected::Refused(_) | Expected::Unreadable if is_described(&field.value, &case) => {
                            check(&json, false);
                        }
                        // How ids look is described in words.
                        Expected::Refused(_) | Expected::Unreadable | Expected::LookAlike(_) => {}
                    }
                }
            }
        }
    }
}

/// Whether the language of schemas can say it: a reader of JSON keeps no digits behind the seventeenth, so that the number above the
/// largest one of 64 bits is the same number to it.
fn is_described(value: &ValueSpec, case: &Case) -> bool {
    match value {
        ValueSpec::Integer { max, .. } => {
            *max < u128::from(u64::MAX) || case.json.starts_with('-') || case.json == "0"
        }
        _ => true,
    }
}

/// The JSON of an input, read and written again by its Rust type.
fn written<C: Capability>(json: &str) -> String {
    let input: C = serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"));
    serde_json::to_string(&input).expect("inputs are JSON")
}

#[test]
fn a_schema_takes_of_every_input_what_admission_takes() {
    let mut inputs = Inputs { schemas: BTreeMap::new(), taken: 0, refused: 0 };
    engines::visit_capabilities(&mut inputs);
    assert!(inputs.taken > 500 && inputs.refused > 500, "{} taken, {} refused", inputs.taken, inputs.refused);
}
