//! What an onboarding needs: people of two tenants, their companies, positions and schemas.

use selene_contracts::ph1_f::{IdentityStatus, Ph1fIdentityInsertRow};
use selene_contracts::ph1_position::{EvidenceMode, PositionLifecycle};
use selene_contracts::shared::{IdempotencyKey, RolloutScope, TenantId, UserId};

use selene_contracts::CallContext;
use selene_contracts::shared::SimulationId;
use selene_storage::test_support::inputs;

use crate::model::calls::{Call, HiringCall, Start, Step};
use crate::model::scripts::context::plain;
use crate::model::scripts::start::device;
use crate::workplace::{activation, company, field, lifecycle, position, schema};

/// The start of sequences about onboarding.
pub(super) const OFFICE: Start = Start { name: "start_office", steps: start_office };

/// `boss`, `mia` and `old`, who is DISABLED, have their home in `tenant_a`, `rival` in `tenant_b`, `ann` has none.
/// Both tenants have an ACTIVE `nurse`; only in `tenant_a` the schema asks for a document. In `tenant_c` there is
/// a schema and nobody to ask.
fn start_office() -> Vec<Step> {
    let mut calls = vec![
        person("boss", Some("tenant_a"), IdentityStatus::Active),
        person("mia", Some("tenant_a"), IdentityStatus::Active),
        person("old", Some("tenant_a"), IdentityStatus::Disabled),
        person("rival", Some("tenant_b"), IdentityStatus::Active),
        person("ann", None, IdentityStatus::Active),
        device("phone", "ann", None),
        device("tablet", "mia", Some("tenant_a")),
        device("rival_phone", "rival", Some("tenant_b")),
    ];
    let document = vec![field("passport", EvidenceMode::DocRequired)];
    let open = PositionLifecycle::Active;
    let office = [
        HiringCall::CompanyInsert(company("tenant_a", "acme", "start")),
        HiringCall::CompanyInsert(company("tenant_b", "rival_co", "start")),
        HiringCall::PositionDraft(position("tenant_a", "nurse", "acme", "start")),
        HiringCall::PositionDraft(position("tenant_a", "clerk", "acme", "start")),
        HiringCall::PositionDraft(position("tenant_b", "nurse", "rival_co", "start")),
        HiringCall::PositionLifecycle(lifecycle("tenant_a", "nurse", open, "open")),
        HiringCall::PositionLifecycle(lifecycle("tenant_a", "clerk", open, "open")),
        HiringCall::PositionLifecycle(lifecycle("tenant_b", "nurse", open, "open")),
        HiringCall::CompanyInsert(company("tenant_c", "empty_co", "start")),
        HiringCall::PositionDraft(position("tenant_c", "nurse", "empty_co", "start")),
        HiringCall::SchemaDraft(schema("tenant_c", "nurse", "v1", document.clone(), "start")),
        HiringCall::SchemaActivate(activation(
            "tenant_c",
            "nurse",
            "v1",
            RolloutScope::CurrentAndNew,
            "start",
        )),
        HiringCall::SchemaDraft(schema("tenant_a", "nurse", "v1", document, "start")),
        HiringCall::SchemaActivate(activation(
            "tenant_a",
            "nurse",
            "v1",
            RolloutScope::CurrentAndNew,
            "start",
        )),
    ];
    calls.extend(office.map(|call| Call::Hiring(Box::new(call))));
    calls.into_iter().map(|call| Step { context: simulated(), call }).collect()
}

fn person(user_id: &str, tenant_id: Option<&str>, status: IdentityStatus) -> Call {
    Call::Identity(Ph1fIdentityInsertRow {
        tenant_id: tenant_id.map(TenantId::new),
        status,
        ..inputs::identity(UserId::new(user_id), IdempotencyKey::new("identity"))
    })
}

/// A call of Selene OS in a simulation.
pub(in crate::model) fn simulated() -> CallContext {
    plain().with_simulation(SimulationId::new("sim_1"))
}
