//! When two calls are the same call: the first key of the contract whose fields are all present.

use selene_contracts::ph1_j::{Ph1jAuditAppendCommitRow, Ph1jReadRows};
use selene_contracts::ph1_w::Ph1wAppendOnlyGuards;
use selene_contracts::ph1_write::Ph1writeFormatCommitRow;
use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, TurnId};
use selene_contracts::{
    CallContext, Caller, Capability, CapabilityVisitor, DedupeKey, Effect, ReasonCode, engines,
};

fn context() -> CallContext {
    let chain = CorrelationId::new(u128::MAX);
    CallContext::new(Caller::SeleneOs, MonotonicTimeNs::new(5), chain, TurnId::new(7))
}

fn append(optional: &str) -> Ph1jAuditAppendCommitRow {
    let code = ReasonCode::all().next().unwrap();
    let json = format!(
        r#"{{"engine":"PH1.J","event_type":"OTHER","reason_code":"{code}","severity":"INFO","payload_min":{{}},
            "idempotency_key":"key"{optional}}}"#
    );
    serde_json::from_str(&json).unwrap()
}

fn fields(key: &DedupeKey) -> Vec<(&str, &str)> {
    key.parts.iter().map(|part| (part.field, part.value.as_str())).collect()
}

#[test]
fn the_first_key_that_is_complete_counts() {
    let chain = "340282366920938463463374607431768211455";
    let by_chain = [("correlation_id", chain), ("idempotency_key", "key")];
    for optional in ["", r#","tenant_id":"t""#, r#","work_order_id":"w""#] {
        let key = append(optional).dedupe_key(&context()).unwrap();
        assert_eq!(fields(&key), by_chain, "{optional}");
        assert_eq!(key.space, "audit_events");
    }
    let key = append(r#","tenant_id":"t","work_order_id":"w""#).dedupe_key(&context()).unwrap();
    assert_eq!(fields(&key), [("tenant_id", "t"), ("work_order_id", "w"), ("idempotency_key", "key")]);
}

#[test]
fn the_key_does_not_depend_on_the_time_or_the_turn() {
    let mut later = context().at(MonotonicTimeNs::new(99));
    later.turn_id = TurnId::new(8);
    assert_eq!(append("").dedupe_key(&context()), append("").dedupe_key(&later));
}

#[test]
fn the_fields_that_every_backend_asks_for_are_found() {
    let without = append("");
    assert_eq!(without.tenant_id(), None);
    assert_eq!(without.idempotency_key().map(ToString::to_string).as_deref(), Some("key"));
    assert_eq!(append(r#","tenant_id":"t""#).tenant_id().map(ToString::to_string).as_deref(), Some("t"));
    assert_eq!((Ph1jReadRows {}.tenant_id(), Ph1jReadRows {}.idempotency_key()), (None, None));
}

#[test]
fn an_input_with_alternatives_reads_one_of_them() {
    let by_event: Ph1wAppendOnlyGuards =
        serde_json::from_str(r#"{"WakeEventId":{"wake_event_id":"event"}}"#).unwrap();
    assert!(matches!(&by_event, Ph1wAppendOnlyGuards::WakeEventId { wake_event_id }
        if wake_event_id.as_str() == "event"));
    assert_eq!(by_event.dedupe_key(&context()), None);
    assert_eq!(Ph1wAppendOnlyGuards::SPEC.input.len(), 2);
}

/// Compares every input type with its entry in the capability table.
struct Rules {
    visited: Vec<&'static str>,
}

impl CapabilityVisitor for Rules {
    fn visit<C: Capability>(&mut self) {
        let spec = C::SPEC;
        self.visited.push(spec.id);
        let Some(rule) = &spec.dedupe else { return };
        assert_eq!(spec.effect, Effect::Write, "{}", spec.id);
        for name in rule.keys.iter().flat_map(|key| key.iter()) {
            let ambient = ["now", "correlation_id", "turn_id", "simulation_id"].contains(name);
            let known = ambient || spec.input.iter().any(|set| set.iter().any(|field| field.name == *name));
            assert!(known, "{}: the dedupe rule names `{name}`", spec.id);
        }
    }
}

#[test]
fn every_engine_shows_its_input_types_in_the_order_of_its_table() {
    let mut rules = Rules { visited: Vec::new() };
    selene_contracts::ph1_j::visit_capabilities(&mut rules);
    selene_contracts::ph1_write::visit_capabilities(&mut rules);
    let table: Vec<&str> = engines::ALL
        .iter()
        .filter(|engine| ["PH1.J", "PH1.WRITE"].contains(&engine.id))
        .flat_map(|engine| engine.capabilities.iter().map(|spec| spec.id))
        .collect();
    assert_eq!(rules.visited, table);
    assert_eq!(Ph1writeFormatCommitRow::SPEC.dedupe.as_ref().unwrap().space, "audit_events");
}
