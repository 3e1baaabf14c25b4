//! Links, companies, positions, requirement schemas and access, as the suites of onboarding act with them.

use std::fmt::Debug;

use selene_contracts::ph1_link::{LinkRecord, Ph1linkInviteGenerateDraftRow, Ph1linkReadLinkRow};
use selene_contracts::ph1_position::{
    EvidenceMode, Ph1positionCompanyInsertRow, Ph1positionCreateDraftRow, Ph1positionLifecycleCommitRow,
    Ph1positionReadPositionRow, Ph1positionSchemaActivateCommitRow, Ph1positionSchemaDraftRow,
    PositionLifecycle, PositionRecord, RequiredRule, RequirementField,
};
use selene_contracts::shared::{PrefilledContext, RolloutScope, SimulationId, TenantId, TokenId};
use selene_contracts::{CallContext, Committed, Disposition, ReasonCode, StorageError};
use selene_storage::test_support::inputs;

use crate::harness::Backend;
use crate::world::{World, context, key};

/// A call of Selene OS in a simulation, in chain 1, turn 1.
pub fn simulated(now_ns: u64) -> CallContext {
    context(now_ns).with_simulation(SimulationId::new("simulation"))
}

/// An invitation by `inviter`, without anything prefilled.
pub fn invitation(
    inviter: &str,
    tenant_id: Option<&str>,
    idempotency_key: &str,
) -> Ph1linkInviteGenerateDraftRow {
    Ph1linkInviteGenerateDraftRow {
        tenant_id: tenant_id.map(TenantId::new),
        ..inputs::link(inviter, key(idempotency_key))
    }
}

/// The link of a token.
pub fn link(world: &World<impl Backend>, token_id: &TokenId) -> Option<LinkRecord> {
    let input = Ph1linkReadLinkRow { token_id: token_id.clone() };
    world.store().ph1link_read_link_row(&simulated(1), input).expect("the read is served")
}

/// What is known of an employee beforehand: `nurse` at `acme` in the tier `band_1`.
pub fn employment() -> PrefilledContext {
    PrefilledContext {
        tenant_id: Some("tenant_a".into()),
        company_id: Some("acme".into()),
        position_id: Some("nurse".into()),
        location_id: None,
        start_date: None,
        working_hours: None,
        compensation_tier_ref: Some("band_1".into()),
        jurisdiction_tags: Vec::new(),
    }
}

/// A new company.
pub fn company(tenant_id: &str, company_id: &str, idempotency_key: &str) -> Ph1positionCompanyInsertRow {
    inputs::company(tenant_id, company_id, key(idempotency_key))
}

/// A new position.
pub fn position(
    tenant_id: &str,
    position_id: &str,
    company_id: &str,
    idempotency_key: &str,
) -> Ph1positionCreateDraftRow {
    Ph1positionCreateDraftRow {
        permission_profile_ref: "profile_1".into(),
        compensation_band_ref: "band_1".into(),
        ..inputs::position(tenant_id, position_id, company_id, key(idempotency_key))
    }
}

/// A move of a position.
pub fn lifecycle(
    tenant_id: &str,
    position_id: &str,
    position_lifecycle: PositionLifecycle,
    idempotency_key: &str,
) -> Ph1positionLifecycleCommitRow {
    Ph1positionLifecycleCommitRow {
        tenant_id: tenant_id.into(),
        position_id: position_id.into(),
        position_lifecycle,
        idempotency_key: key(idempotency_key),
    }
}

/// A field that is always required.
pub fn field(field_key: &str, evidence_mode: EvidenceMode) -> RequirementField {
    RequirementField {
        field_key: field_key.into(),
        field_type: "text".into(),
        required_rule: RequiredRule::Always,
        required_predicate: None,
        sensitivity: "LOW".into(),
        exposure: "INTERNAL".into(),
        evidence_mode,
        prompt_ref: None,
    }
}

/// A new version of a position's requirement schema, for jurisdiction `DE`.
pub fn schema(
    tenant_id: &str,
    position_id: &str,
    schema_version_id: &str,
    requirement_fields: Vec<RequirementField>,
    idempotency_key: &str,
) -> Ph1positionSchemaDraftRow {
    let mut draft = inputs::schema(tenant_id, position_id, schema_version_id, key(idempotency_key));
    draft.selectors.jurisdiction = Some("DE".into());
    draft.requirement_fields = requirement_fields;
    draft
}

/// The activation of a version.
pub fn activation(
    tenant_id: &str,
    position_id: &str,
    schema_version_id: &str,
    rollout_scope: RolloutScope,
    idempotency_key: &str,
) -> Ph1positionSchemaActivateCommitRow {
    Ph1positionSchemaActivateCommitRow {
        tenant_id: tenant_id.into(),
        position_id: position_id.into(),
        schema_version_id: schema_version_id.into(),
        rollout_scope,
        idempotency_key: key(idempotency_key),
    }
}

/// A company `clinic` and its ACTIVE position `nurse` in a tenant.
pub fn open_workplace(world: &World<impl Backend>, tenant_id: &str) {
    let store = world.store();
    store
        .ph1position_company_insert_row(&simulated(1), company(tenant_id, "clinic", "c"))
        .expect("a company");
    let draft = position(tenant_id, "nurse", "clinic", "p");
    store.ph1position_create_draft_row(&simulated(1), draft).expect("a position");
    let active = lifecycle(tenant_id, "nurse", PositionLifecycle::Active, "active");
    store.ph1position_lifecycle_commit_row(&simulated(1), active).expect("it becomes ACTIVE");
}

/// A position of a tenant.
pub fn position_row(
    world: &World<impl Backend>,
    tenant_id: &str,
    position_id: &str,
) -> Option<PositionRecord> {
    let input = Ph1positionReadPositionRow { tenant_id: tenant_id.into(), position_id: position_id.into() };
    world.store().ph1position_read_position_row(&simulated(1), input).expect("the read is served")
}

/// Checks what `replays_to_itself` checks, and that a differing call gets the first outcome too.
pub fn replays<B: Backend, I: Clone, T: PartialEq + Debug>(
    world: &mut World<B>,
    code: impl Into<ReasonCode>,
    input: &I,
    differing: I,
    call: impl Fn(&B, &CallContext, I) -> Result<Committed<T>, StorageError>,
) {
    let first = replays_to_itself(world, code, input, &call);
    let before = world.events();
    let other = call(world.store(), &simulated(60), differing).expect("the differing call is replayed");
    assert_eq!(other.disposition, Disposition::Replayed { identical: false });
    assert_eq!(other.value, first);
    assert_eq!(world.events(), before, "a replay emits nothing");
}

/// Checks that a write needs a simulation, and that a second call replays the first one with `code`, also after the
/// store was opened again. Gives what the first one gave.
pub fn replays_to_itself<B: Backend, I: Clone, T: PartialEq + Debug>(
    world: &mut World<B>,
    code: impl Into<ReasonCode>,
    input: &I,
    call: impl Fn(&B, &CallContext, I) -> Result<Committed<T>, StorageError>,
) -> T {
    world.refuses(selene_contracts::ph1_f::Ph1FReasonCode::FSimulationRequired, |store| {
        call(store, &context(50), input.clone())
    });
    let first = call(world.store(), &simulated(50), input.clone()).expect("the first call is applied");
    assert!(first.is_applied());
    let before = world.events();
    let event = before.iter().find(|event| event.event_id == first.event_id).expect("it emits its event");
    assert_eq!(event.simulation_id, simulated(50).simulation_id);
    world.reopen();
    let again = call(world.store(), &simulated(60), input.clone()).expect("the second call is replayed");
    assert_eq!(again.disposition, Disposition::Replayed { identical: true });
    assert_eq!((&again.value, &again.event_id), (&first.value, &first.event_id));
    assert_eq!(again.reason_code, code.into());
    assert_eq!(world.events(), before, "a replay emits nothing");
    first.value
}
