//! Every bound of every contract: a value at it is admitted, a value beyond it is refused, and the refusal names that
//! field alone. The cases are made from the capability tables, so a new spec is covered as soon as it is expanded.

mod cases;

use std::collections::BTreeSet;

use cases::{Case, Expected, cases, json_object};
use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, SimulationId, TurnId};
use selene_contracts::{Admitted, CallContext, Caller, Capability, CapabilityVisitor, StorageError, engines};

fn context() -> CallContext {
    CallContext::new(Caller::SeleneOs, MonotonicTimeNs::new(1), CorrelationId::new(1), TurnId::new(1))
        .with_simulation(SimulationId::new("simulation"))
}

/// The JSON of an input with these values, in the variant of that place where the input has variants.
fn input_json<C: Capability>(place: usize, values: &[(&str, String)]) -> String {
    let object = json_object(values);
    C::SPEC.variants.get(place).map_or(object.clone(), |variant| format!("{{\"{variant}\":{object}}}"))
}

/// Tries every case of every field of an input type.
struct Bounds {
    seen: BTreeSet<&'static str>,
    cases: usize,
}

impl CapabilityVisitor for Bounds {
    fn visit<C: Capability>(&mut self) {
        self.seen.insert(C::SPEC.id);
        for (place, fields) in C::SPEC.input.iter().enumerate() {
            let valid: Vec<(&str, String)> =
                fields.iter().map(|field| (field.name, cases::valid(field))).collect();
            let json = input_json::<C>(place, &valid);
            let input: C = serde_json::from_str(&json).unwrap_or_else(|error| panic!("{json}: {error}"));
            Admitted::admit(&context(), input).unwrap_or_else(|error| panic!("{json}: {error}"));
            for (index, field) in fields.iter().enumerate() {
                for case in cases(field) {
                    let mut values = valid.clone();
                    values[index].1.clone_from(&case.json);
                    try_case::<C>(&input_json::<C>(place, &values), &case);
                    self.cases += 1;
                }
            }
        }
    }
}

fn try_case<C: Capability>(json: &str, case: &Case) {
    let read = serde_json::from_str::<C>(json);
    if case.expected == Expected::Unreadable {
        assert!(read.is_err(), "{}: {json} must not be read", C::SPEC.id);
        return;
    }
    let input = read.unwrap_or_else(|error| panic!("{}: {json}: {error}", C::SPEC.id));
    let back: C = serde_json::from_str(&serde_json::to_string(&input).unwrap()).unwrap();
    assert_eq!(back, input, "{}: {json} must survive JSON", C::SPEC.id);
    match (Admitted::admit(&context(), input), case.expected) {
        (Ok(call), Expected::Admitted) => assert_eq!(call.require_distinct_ids(), Ok(()), "{json}"),
        (Ok(call), Expected::LookAlike(field)) => {
            let refused = call.require_distinct_ids().expect_err(json);
            let StorageError::ContractViolation { violations, .. } = refused else {
                panic!("{json}: {refused}")
            };
            let found: Vec<&str> = violations.iter().map(|found| found.field).collect();
            assert_eq!(found, [field], "{}: {json}", C::SPEC.id);
        }
        (Err(StorageError::ContractViolation { violations, .. }), Expected::Refused(field)) => {
            let found: Vec<&str> = violations.iter().map(|found| found.field).collect();
            assert_eq!(found, [field], "{}: {json}", C::SPEC.id);
        }
        (result, expected) => panic!("{}: {json}: {expected:?}, but {result:?}", C::SPEC.id),
    }
}

#[test]
fn every_bound_of_every_contract_holds() {
    let mut bounds = Bounds { seen: BTreeSet::new(), cases: 0 };
    engines::visit_capabilities(&mut bounds);
    let known: BTreeSet<&str> =
        engines::ALL.iter().flat_map(|engine| engine.capabilities).map(|spec| spec.id).collect();
    assert_eq!(bounds.seen, known, "every capability is shown");
    assert!(bounds.cases > known.len(), "there are cases");
}
