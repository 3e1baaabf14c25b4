//! The rules of companies, positions and requirement schemas, compared with the spec page.

use selene_contracts::ph1_position::{
    CompanyState, EvidenceMode, Ph1positionCompanyInsertRow, Ph1positionCompanyStateCommitRow,
    Ph1positionCreateDraftRow, Ph1positionLifecycleCommitRow, Ph1positionSchemaActivateCommitRow,
    Ph1positionSchemaDraftRow, PositionEventsRow, PositionLifecycle, PositionRecord, RequiredRule,
    RequirementField, RequirementSchemaEventsRow, RequirementSchemaRecord, ScheduleType, SchemaSelectors,
    SchemaState, TenantCompanyRecord,
};
use selene_contracts::shared::{MonotonicTimeNs, RolloutScope};

use super::{ActivateFacts, DraftFacts, LifecycleFacts, SchemaDraftFacts, companies, positions, schemas};
use crate::change::{Insert, Update};
use crate::rules::trial::{NOW, decide, refusal};

const BEFORE: MonotonicTimeNs = MonotonicTimeNs::new(1);

fn company(company_state: CompanyState) -> TenantCompanyRecord {
    TenantCompanyRecord {
        tenant_id: "a".into(),
        company_id: "c".into(),
        legal_name: "C".into(),
        company_state,
        created_at: BEFORE,
        updated_at: BEFORE,
    }
}

fn company_to(company_state: CompanyState) -> Ph1positionCompanyStateCommitRow {
    Ph1positionCompanyStateCommitRow {
        tenant_id: "a".into(),
        company_id: "c".into(),
        company_state,
        idempotency_key: "k".into(),
    }
}

/// Number, lifecycle and time of a row of the ledger of positions.
fn content(event: &PositionEventsRow) -> (u64, PositionLifecycle, MonotonicTimeNs) {
    (event.position_event_seq, event.position_lifecycle, event.created_at)
}

/// Number, version, state and time of a row of the ledger of requirement schemas.
fn schema_content(event: &RequirementSchemaEventsRow) -> (u64, &str, SchemaState, MonotonicTimeNs) {
    (event.schema_event_seq, event.schema_version_id.as_str(), event.schema_state, event.created_at)
}

#[test]
fn every_move_of_a_company() {
    use CompanyState::{Active, Closed, Suspended};
    let table = [(Active, vec![Suspended, Closed]), (Suspended, vec![Active, Closed]), (Closed, vec![])];
    assert_eq!(table.each_ref().map(|row| row.0), CompanyState::ALL);
    for (from, allowed) in table {
        for to in CompanyState::ALL.iter().copied() {
            assert_eq!(companies::is_move(from, to), allowed.contains(&to), "{from} to {to}");
            if allowed.contains(&to) {
                let decision = decide(company_to(to), Some(company(from))).unwrap();
                let expected = TenantCompanyRecord { company_state: to, updated_at: NOW, ..company(from) };
                assert_eq!(decision.change, Update(expected));
            } else {
                let refused = refusal(company_to(to), Some(company(from)));
                assert_eq!(refused, ("POSITION_STATE_INVALID", "company_state"), "{from} to {to}");
            }
        }
    }
    assert_eq!(refusal(company_to(Closed), None), ("POSITION_SCOPE_VIOLATION", "company_id"));
}

#[test]
fn a_company_is_new_or_refused() {
    let insert = || Ph1positionCompanyInsertRow {
        tenant_id: "a".into(),
        company_id: "c".into(),
        legal_name: "C".into(),
        company_state: CompanyState::Suspended,
        idempotency_key: "k".into(),
    };
    let decision = decide(insert(), false).unwrap();
    let expected =
        TenantCompanyRecord { created_at: NOW, updated_at: NOW, ..company(CompanyState::Suspended) };
    assert_eq!(decision.change, Insert(expected));
    assert!(decision.event.payload.iter().all(|(key, _)| key != "legal_name"));
    assert_eq!(refusal(insert(), true), ("POSITION_DUPLICATE_KEY", "company_id"));
}

fn position(position_lifecycle: PositionLifecycle) -> PositionRecord {
    PositionRecord {
        tenant_id: "a".into(),
        position_id: "p".into(),
        company_id: "c".into(),
        position_title: "Nurse".into(),
        department: "Ward".into(),
        jurisdiction: "DE".into(),
        schedule_type: ScheduleType::Shift,
        permission_profile_ref: "profile".into(),
        compensation_band_ref: "band".into(),
        position_lifecycle,
        created_at: BEFORE,
        updated_at: BEFORE,
    }
}

fn position_to(position_lifecycle: PositionLifecycle) -> Ph1positionLifecycleCommitRow {
    Ph1positionLifecycleCommitRow {
        tenant_id: "a".into(),
        position_id: "p".into(),
        position_lifecycle,
        idempotency_key: "k".into(),
    }
}

fn standing(from: PositionLifecycle, company_state: Option<CompanyState>) -> LifecycleFacts {
    LifecycleFacts { position: Some(position(from)), company_state, event_count: 3 }
}

#[test]
fn every_move_of_a_position() {
    use PositionLifecycle::{Active, Draft, Retired, Suspended};
    let table = [
        (Draft, vec![Active, Retired]),
        (Active, vec![Suspended, Retired]),
        (Suspended, vec![Active, Retired]),
        (Retired, vec![]),
    ];
    assert_eq!(table.each_ref().map(|row| row.0), PositionLifecycle::ALL);
    let companies = CompanyState::ALL.iter().copied().map(Some).chain([None]);
    for company_state in companies {
        for (from, allowed) in &table {
            for to in PositionLifecycle::ALL.iter().copied() {
                let facts = standing(*from, company_state);
                let is_move = allowed.contains(&to);
                assert_eq!(positions::is_move(*from, to), is_move, "{from} to {to}");
                if !is_move {
                    // Refused before the company is checked.
                    let expected = ("POSITION_STATE_INVALID", "position_lifecycle");
                    assert_eq!(refusal(position_to(to), facts), expected, "{from} to {to}");
                } else if to == Active && company_state != Some(CompanyState::Active) {
                    let expected = ("POSITION_COMPANY_NOT_ACTIVE", "position_lifecycle");
                    assert_eq!(refusal(position_to(to), facts), expected, "{from} to {to}");
                } else {
                    let (Update(row), Insert(event)) = decide(position_to(to), facts).unwrap().change;
                    let expected =
                        PositionRecord { position_lifecycle: to, updated_at: NOW, ..position(*from) };
                    assert_eq!((content(&event), row), ((4, to, NOW), expected));
                }
            }
        }
    }
    let unknown = || LifecycleFacts { position: None, company_state: None, event_count: 0 };
    assert_eq!(refusal(position_to(Active), unknown()), ("POSITION_SCOPE_VIOLATION", "position_id"));
    // No position can become a draft, so that is refused whether there is one or not.
    assert_eq!(refusal(position_to(Draft), unknown()), ("POSITION_STATE_INVALID", "position_lifecycle"));
}

#[test]
fn a_position_starts_as_a_draft_of_a_company_that_exists() {
    let create = || {
        let row = position(PositionLifecycle::Draft);
        Ph1positionCreateDraftRow {
            tenant_id: row.tenant_id,
            position_id: row.position_id,
            company_id: row.company_id,
            position_title: row.position_title,
            department: row.department,
            jurisdiction: row.jurisdiction,
            schedule_type: row.schedule_type,
            permission_profile_ref: row.permission_profile_ref,
            compensation_band_ref: row.compensation_band_ref,
            idempotency_key: "k".into(),
        }
    };
    let facts = |has_company, has_position| DraftFacts { has_company, has_position };
    let (Insert(row), Insert(event)) = decide(create(), facts(true, false)).unwrap().change;
    let expected = PositionRecord { created_at: NOW, updated_at: NOW, ..position(PositionLifecycle::Draft) };
    assert_eq!((content(&event), row), ((1, PositionLifecycle::Draft, NOW), expected));
    for has_position in [false, true] {
        let refused = refusal(create(), facts(false, has_position));
        assert_eq!(refused, ("POSITION_SCOPE_VIOLATION", "company_id"));
    }
    assert_eq!(refusal(create(), facts(true, true)), ("POSITION_DUPLICATE_KEY", "position_id"));
}

fn field(predicate: Option<&str>) -> RequirementField {
    RequirementField {
        field_key: "id_card".into(),
        field_type: "document".into(),
        required_rule: if predicate.is_some() { RequiredRule::Conditional } else { RequiredRule::Always },
        required_predicate: predicate.map(Into::into),
        sensitivity: "HIGH".into(),
        exposure: "INTERNAL".into(),
        evidence_mode: EvidenceMode::DocRequired,
        prompt_ref: None,
    }
}

fn schema(version: &str, schema_state: SchemaState) -> RequirementSchemaRecord {
    let is_draft = schema_state == SchemaState::Draft;
    RequirementSchemaRecord {
        tenant_id: "a".into(),
        position_id: "p".into(),
        schema_version_id: version.into(),
        schema_state,
        rollout_scope: (!is_draft).then_some(RolloutScope::NewHiresOnly),
        selectors: SchemaSelectors {
            company_size: None,
            industry_code: None,
            jurisdiction: Some("DE".into()),
            position_family: None,
        },
        requirement_fields: vec![field(None)],
        created_at: BEFORE,
        updated_at: BEFORE,
    }
}

fn draft(fields: Vec<RequirementField>) -> Ph1positionSchemaDraftRow {
    let row = schema("v2", SchemaState::Draft);
    Ph1positionSchemaDraftRow {
        tenant_id: row.tenant_id,
        position_id: row.position_id,
        schema_version_id: row.schema_version_id,
        selectors: row.selectors,
        requirement_fields: fields,
        idempotency_key: "k".into(),
    }
}

#[test]
fn a_version_starts_as_a_draft_and_refusals_come_in_order() {
    let facts = |has_position, has_version| SchemaDraftFacts { has_position, has_version, event_count: 5 };
    let decision = decide(draft(vec![field(None)]), facts(true, false)).unwrap();
    let (Insert(row), Insert(event)) = decision.change;
    let expected =
        RequirementSchemaRecord { created_at: NOW, updated_at: NOW, ..schema("v2", SchemaState::Draft) };
    assert_eq!(row, expected);
    assert_eq!(schema_content(&event), (6, "v2", SchemaState::Draft, NOW));

    let malformed = || draft(vec![field(Some("jurisdiction"))]);
    let table = [
        (malformed(), facts(false, true), ("POSITION_CONTRACT_VALIDATION_FAILED", "required_predicate")),
        (draft(vec![]), facts(false, true), ("POSITION_SCOPE_VIOLATION", "position_id")),
        (draft(vec![]), facts(true, true), ("POSITION_DUPLICATE_KEY", "schema_version_id")),
    ];
    for (input, facts, expected) in table {
        assert_eq!(refusal(input, facts), expected);
    }
}

fn activate() -> Ph1positionSchemaActivateCommitRow {
    Ph1positionSchemaActivateCommitRow {
        tenant_id: "a".into(),
        position_id: "p".into(),
        schema_version_id: "v2".into(),
        rollout_scope: RolloutScope::CurrentAndNew,
        idempotency_key: "k".into(),
    }
}

#[test]
fn a_draft_becomes_active_and_the_one_before_retires_first() {
    let activated = RequirementSchemaRecord {
        schema_state: SchemaState::Active,
        rollout_scope: Some(RolloutScope::CurrentAndNew),
        updated_at: NOW,
        ..schema("v2", SchemaState::Draft)
    };
    let facts =
        |active| ActivateFacts { version: Some(schema("v2", SchemaState::Draft)), active, event_count: 2 };
    let first = decide(activate(), facts(None)).unwrap();
    let (rows, events) = first.change;
    assert_eq!(rows, [Update(activated.clone())]);
    let [Insert(event)] = &events[..] else { panic!("{events:?}") };
    assert_eq!(schema_content(event), (3, "v2", SchemaState::Active, NOW));
    assert_eq!(event.rollout_scope, Some(RolloutScope::CurrentAndNew));
    assert_eq!(first.output, activated);

    let before = schema("v1", SchemaState::Active);
    let second = decide(activate(), facts(Some(before.clone()))).unwrap();
    let retired = RequirementSchemaRecord { schema_state: SchemaState::Retired, updated_at: NOW, ..before };
    let (rows, events) = second.change;
    assert_eq!(rows, [Update(retired), Update(activated)]);
    let content: Vec<_> = events.iter().map(|Insert(event)| schema_content(event)).collect();
    assert_eq!(content, [(3, "v1", SchemaState::Retired, NOW), (4, "v2", SchemaState::Active, NOW)]);
}

#[test]
fn only_a_draft_is_activated() {
    let table = [(SchemaState::Draft, true), (SchemaState::Active, false), (SchemaState::Retired, false)];
    assert_eq!(table.map(|row| row.0), SchemaState::ALL);
    for (state, is_allowed) in table {
        assert_eq!(schemas::is_activatable(state), is_allowed, "{state}");
        if !is_allowed {
            let facts = ActivateFacts { version: Some(schema("v2", state)), active: None, event_count: 2 };
            assert_eq!(refusal(activate(), facts), ("POSITION_STATE_INVALID", "schema_version_id"));
        }
    }
    let unknown = ActivateFacts { version: None, active: None, event_count: 0 };
    assert_eq!(refusal(activate(), unknown), ("POSITION_SCOPE_VIOLATION", "schema_version_id"));
}

#[test]
fn time_does_not_run_backwards_in_what_changes() {
    let ahead = MonotonicTimeNs::new(NOW.get() + 1);
    let back = ("POSITION_CONTRACT_VALIDATION_FAILED", "now");
    let company_at = |updated_at| Some(TenantCompanyRecord { updated_at, ..company(CompanyState::Active) });
    assert!(decide(company_to(CompanyState::Closed), company_at(NOW)).is_ok());
    assert_eq!(refusal(company_to(CompanyState::Closed), company_at(ahead)), back);
    let no_move = refusal(company_to(CompanyState::Active), company_at(ahead));
    assert_eq!(no_move, ("POSITION_STATE_INVALID", "company_state"), "the state is asked first");

    let position_at = |updated_at, company_state| LifecycleFacts {
        position: Some(PositionRecord { updated_at, ..position(PositionLifecycle::Draft) }),
        ..standing(PositionLifecycle::Draft, Some(company_state))
    };
    let open = || position_to(PositionLifecycle::Active);
    assert!(decide(open(), position_at(NOW, CompanyState::Active)).is_ok());
    assert_eq!(refusal(open(), position_at(ahead, CompanyState::Active)), back);
    let closed = refusal(open(), position_at(ahead, CompanyState::Closed));
    assert_eq!(closed, ("POSITION_COMPANY_NOT_ACTIVE", "position_lifecycle"), "so is that of the company");

    // Neither for the version that becomes ACTIVE nor for the one that it retires.
    let at =
        |version, state, updated_at| Some(RequirementSchemaRecord { updated_at, ..schema(version, state) });
    let versions = |draft_at, active_at| ActivateFacts {
        version: at("v2", SchemaState::Draft, draft_at),
        active: at("v1", SchemaState::Active, active_at),
        event_count: 2,
    };
    assert!(decide(activate(), versions(NOW, NOW)).is_ok());
    assert_eq!(refusal(activate(), versions(ahead, NOW)), back);
    assert_eq!(refusal(activate(), versions(NOW, ahead)), back);
}
