//! Names, numbers and JSON of what the contracts expand to are those of the specs.

use std::collections::BTreeSet;

use selene_contracts::shared::{AuditEventType, CorrelationId, SimulationId, TenantId, TurnId};
use selene_contracts::{Effect, ReasonCode, UnknownReasonCode, UnknownValue, engines};

#[test]
fn every_reason_code_has_one_name_and_one_number_in_the_block_of_its_engine() {
    let mut names = BTreeSet::new();
    let mut numbers = BTreeSet::new();
    for engine in engines::ALL {
        let mut blocks = BTreeSet::new();
        for code in engine.reason_codes {
            assert_eq!(code.engine(), engine.id, "{code}");
            assert!(names.insert(code.as_str()), "{code} is registered twice");
            assert!(numbers.insert(code.number()), "{code}: its number is another's");
            assert!(!code.meaning().is_empty(), "{code}");
            blocks.insert(code.number() >> 16);
        }
        assert!(blocks.len() <= 1, "{} has codes of several blocks", engine.id);
        let ordered: Vec<u32> = engine.reason_codes.iter().map(|code| code.number()).collect();
        assert!(ordered.is_sorted(), "{} lists its codes by number", engine.id);
    }
    assert_eq!(ReasonCode::all().count(), names.len());
    assert!(!names.is_empty());
}

#[test]
fn a_reason_code_reads_back_from_its_name() {
    for code in ReasonCode::all() {
        assert_eq!(code.as_str().parse(), Ok(code));
        let json = serde_json::to_string(&code).unwrap();
        assert_eq!(json, format!("\"{code}\""));
        assert_eq!(serde_json::from_str::<ReasonCode>(&json).unwrap(), code);
    }
    let unknown = "NO_SUCH_CODE".parse::<ReasonCode>();
    assert_eq!(unknown, Err(UnknownReasonCode { name: "NO_SUCH_CODE".to_owned() }));
    assert!(serde_json::from_str::<ReasonCode>("\"NO_SUCH_CODE\"").is_err());
}

#[test]
fn enums_are_spelled_in_upper_snake_everywhere() {
    for value in AuditEventType::ALL {
        assert_eq!(value.as_str().parse(), Ok(*value));
        assert_eq!(serde_json::to_string(value).unwrap(), format!("\"{value}\""));
        assert!(value.as_str().bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_'), "{value}");
    }
    assert_eq!(AuditEventType::StateTransition.as_str(), "STATE_TRANSITION");
    let lower = "state_transition".parse::<AuditEventType>();
    let error = UnknownValue { type_name: "AuditEventType", text: "state_transition".to_owned() };
    assert_eq!(lower, Err(error));
}

#[test]
fn newtypes_are_transparent_in_json_and_keep_all_128_bits() {
    assert_eq!(serde_json::to_string(&TenantId::new("tenant_1")).unwrap(), "\"tenant_1\"");
    assert_eq!(serde_json::to_string(&TurnId::new(7)).unwrap(), "7");
    let largest = CorrelationId::new(u128::MAX);
    let json = serde_json::to_string(&largest).unwrap();
    assert_eq!(json, "340282366920938463463374607431768211455");
    assert_eq!(serde_json::from_str::<CorrelationId>(&json).unwrap(), largest);
    assert_eq!(largest.to_string(), json);
}

#[test]
fn newtypes_are_made_from_what_they_hold() {
    assert_eq!(TenantId::from("a"), TenantId::from(String::from("a")));
    assert_eq!(TenantId::new("a").to_string(), "a");
    assert_eq!(TurnId::from(3_u64).get(), 3);
    assert!(SimulationId::new("a") < SimulationId::new("b"));
}

#[test]
fn the_capability_table_agrees_with_itself() {
    let mut ids = BTreeSet::new();
    for engine in engines::ALL {
        for spec in engine.capabilities {
            assert!(ids.insert(spec.id), "{} is declared twice", spec.id);
            assert_eq!((spec.engine, spec.method), (engine.id, spec.id.to_lowercase().as_str()));
            assert!(!spec.allowed_callers.is_empty(), "{} admits nobody", spec.id);
            let is_write = spec.effect == Effect::Write;
            assert!(is_write || spec.writes.is_empty(), "{} reads, yet it writes", spec.id);
            assert!(is_write || spec.dedupe.is_none(), "{} reads, yet it has a dedupe rule", spec.id);
            assert!(!spec.input.is_empty(), "{} has at least one set of fields", spec.id);
            let variants = if spec.input.len() == 1 { 0 } else { spec.input.len() };
            assert_eq!(spec.variants.len(), variants, "{} names every alternative", spec.id);
        }
        let mut tests = BTreeSet::new();
        for test in engine.acceptance_tests {
            assert!(tests.insert(test.test_fn), "{} is declared twice", test.test_fn);
        }
    }
}
