//! What changes at the workplaces, and reads of them.

use proptest::collection::vec;
use proptest::prelude::{BoxedStrategy, Strategy, any, prop_oneof};
use selene_contracts::ph1_position::{
    CompanyState, EvidenceMode, Ph1positionAppendOnlyGuards, Ph1positionCompanyInsertRow,
    Ph1positionCompanyStateCommitRow, Ph1positionCreateDraftRow, Ph1positionLifecycleCommitRow,
    Ph1positionReadActiveSchemaRow, Ph1positionReadCompanyRow, Ph1positionReadPositionRow,
    Ph1positionReadSchemaVersionRow, Ph1positionSchemaActivateCommitRow, Ph1positionSchemaDraftRow,
    PositionLifecycle, RequiredRule, RequirementField,
};
use selene_contracts::shared::RolloutScope;

use crate::model::calls::HiringCall;
use crate::model::scripts::draw::{edge, idempotency_key, text, weighted};
use crate::workplace::{field, lifecycle, position, schema};

/// What happens at the workplaces meanwhile: mostly little, as everything here may end an onboarding.
pub(super) fn changes() -> BoxedStrategy<Vec<HiringCall>> {
    let change = || prop_oneof![2 => company_change(), 4 => position_change(), 2 => read(), 1 => guard()];
    let renewal = prop_oneof![2 => vec(renewal(), 0..1), 3 => vec(renewal(), 1..3)];
    let closing = prop_oneof![3 => vec(closing(), 0..1), 1 => vec(closing(), 1..2)];
    (vec(change(), 0..6), renewal, vec(change(), 0..4), closing)
        .prop_map(|(before, renewals, after, closing)| {
            let mut calls = before;
            calls.extend(renewals.into_iter().flatten());
            calls.extend(after);
            calls.extend(closing);
            calls
        })
        .boxed()
}

/// The company or the position that most people are invited to stops being ACTIVE.
pub(super) fn closing() -> BoxedStrategy<HiringCall> {
    let suspended = HiringCall::CompanyState(Ph1positionCompanyStateCommitRow {
        tenant_id: "tenant_a".into(),
        company_id: "acme".into(),
        company_state: CompanyState::Suspended,
        idempotency_key: "closing".into(),
    });
    let position = |to| HiringCall::PositionLifecycle(lifecycle("tenant_a", "nurse", to, "closing"));
    weighted(&[
        (1, suspended),
        (1, position(PositionLifecycle::Suspended)),
        (1, position(PositionLifecycle::Retired)),
    ])
}

/// A tenant, and which of its company and position names are meant.
fn tenant_id() -> BoxedStrategy<String> {
    text(&[(8, "tenant_a"), (3, "tenant_b"), (1, "tenant_c"), (1, "t\u{e4}nant")], 64)
}

fn company_id() -> BoxedStrategy<String> {
    text(&[(2, "acme"), (2, "rival_co"), (6, "other_co")], 64)
}

fn position_id() -> BoxedStrategy<String> {
    text(&[(3, "nurse"), (3, "clerk"), (3, "cook")], 64)
}

fn version_id() -> BoxedStrategy<String> {
    text(&[(2, "v1"), (4, "v2"), (4, "v3")], 64)
}

fn company_change() -> BoxedStrategy<HiringCall> {
    let state =
        weighted(&[(4, CompanyState::Active), (3, CompanyState::Suspended), (1, CompanyState::Closed)]);
    let name = text(&[(3, "Acme"), (1, "Acme Again")], 256);
    (any::<bool>(), tenant_id(), company_id(), state, name, idempotency_key(3))
        .prop_map(|(is_new, tenant, company, company_state, name, idempotency_key)| {
            if is_new {
                HiringCall::CompanyInsert(Ph1positionCompanyInsertRow {
                    tenant_id: tenant.into(),
                    company_id: company.into(),
                    legal_name: name.into(),
                    company_state,
                    idempotency_key,
                })
            } else {
                HiringCall::CompanyState(Ph1positionCompanyStateCommitRow {
                    tenant_id: tenant.into(),
                    company_id: company.into(),
                    company_state,
                    idempotency_key,
                })
            }
        })
        .boxed()
}

fn position_change() -> BoxedStrategy<HiringCall> {
    let to = weighted(&[
        (6, PositionLifecycle::Active),
        (3, PositionLifecycle::Suspended),
        (1, PositionLifecycle::Retired),
        (1, PositionLifecycle::Draft),
    ]);
    let band = text(&[(4, "band_1"), (1, "band_2")], 64);
    (any::<bool>(), tenant_id(), position_id(), company_id(), to, band, idempotency_key(3))
        .prop_map(|(is_new, tenant, id, company, to, band, idempotency_key)| {
            if is_new {
                let row = position(&tenant, &id, &company, "new");
                HiringCall::PositionDraft(Ph1positionCreateDraftRow {
                    compensation_band_ref: band.into(),
                    idempotency_key,
                    ..row
                })
            } else {
                HiringCall::PositionLifecycle(Ph1positionLifecycleCommitRow {
                    tenant_id: tenant.into(),
                    position_id: id.into(),
                    position_lifecycle: to,
                    idempotency_key,
                })
            }
        })
        .boxed()
}

fn requirement() -> BoxedStrategy<RequirementField> {
    let key = text(&[(4, "passport"), (2, "visa"), (2, "shoe_size")], 64);
    let evidence = weighted(&[
        (4, EvidenceMode::DocRequired),
        (4, EvidenceMode::UserAnswer),
        (1, EvidenceMode::ToolDerived),
        (1, EvidenceMode::Attestation),
    ]);
    let rule = weighted(&[
        (12, None),
        (4, Some("selector.jurisdiction=DE")),
        (4, Some("jurisdiction=FR")),
        (2, Some("company_size=large")),
        (1, Some("selector.jurisdiction=DE=FR")),
        (1, Some("Jurisdiction=DE")),
        (1, Some("jurisdiction= DE")),
        (1, Some("jurisdiction")),
        (1, Some("=DE")),
        (1, Some("")),
    ]);
    // Sometimes the rule and its predicate do not go together.
    (key, evidence, rule, edge(false, &[true]))
        .prop_map(|(key, evidence, predicate, is_odd)| RequirementField {
            required_rule: if predicate.is_some() == is_odd {
                RequiredRule::Always
            } else {
                RequiredRule::Conditional
            },
            required_predicate: predicate.map(Into::into),
            ..field(&key, evidence)
        })
        .boxed()
}

/// What a version is activated for.
pub(super) fn rollout() -> BoxedStrategy<RolloutScope> {
    weighted(&[(5, RolloutScope::CurrentAndNew), (1, RolloutScope::NewHiresOnly)])
}

/// A new version of a schema is drafted and activated.
fn renewal() -> BoxedStrategy<Vec<HiringCall>> {
    let jurisdiction = weighted(&[(4, Some("DE")), (2, Some("FR")), (2, None), (1, Some(""))]);
    let place =
        (tenant_id(), weighted(&[(8, "nurse".to_owned()), (2, "clerk".to_owned()), (1, "cook".into())]));
    (
        place,
        version_id(),
        vec(requirement(), 0..4),
        jurisdiction,
        rollout(),
        idempotency_key(2),
        any::<bool>(),
    )
        .prop_map(|((tenant, id), version, fields, jurisdiction, rollout, key, is_twice)| {
            let mut row = schema(&tenant, &id, &version, fields, "new");
            row.selectors.jurisdiction = jurisdiction.map(Into::into);
            let draft = Ph1positionSchemaDraftRow { idempotency_key: key.clone(), ..row };
            let activate = HiringCall::SchemaActivate(Ph1positionSchemaActivateCommitRow {
                tenant_id: tenant.into(),
                position_id: id.into(),
                schema_version_id: version.into(),
                rollout_scope: rollout,
                idempotency_key: key,
            });
            let mut calls = vec![HiringCall::SchemaDraft(draft), activate.clone()];
            calls.extend(is_twice.then_some(activate));
            calls
        })
        .boxed()
}

fn read() -> BoxedStrategy<HiringCall> {
    (weighted(&[(1, 0_u8), (1, 1), (1, 2), (1, 3)]), tenant_id(), company_id(), position_id(), version_id())
        .prop_map(|(which, tenant, company, position, version)| {
            let (tenant_id, position_id) = (tenant.into(), position.into());
            match which {
                0 => HiringCall::CompanyRead(Ph1positionReadCompanyRow {
                    tenant_id,
                    company_id: company.into(),
                }),
                1 => HiringCall::PositionRead(Ph1positionReadPositionRow { tenant_id, position_id }),
                2 => HiringCall::VersionRead(Ph1positionReadSchemaVersionRow {
                    tenant_id,
                    position_id,
                    schema_version_id: version.into(),
                }),
                _ => HiringCall::SchemaRead(Ph1positionReadActiveSchemaRow { tenant_id, position_id }),
            }
        })
        .boxed()
}

fn guard() -> BoxedStrategy<HiringCall> {
    (any::<bool>(), tenant_id(), position_id(), edge(1, &[0, 2, u64::MAX]))
        .prop_map(|(is_schema, tenant, position, sequence)| {
            let (tenant_id, position_id) = (tenant.into(), position.into());
            HiringCall::PositionGuard(if is_schema {
                Ph1positionAppendOnlyGuards::TenantIdAndPositionIdAndSchemaEventSeq {
                    tenant_id,
                    position_id,
                    schema_event_seq: sequence,
                }
            } else {
                Ph1positionAppendOnlyGuards::TenantIdAndPositionIdAndPositionEventSeq {
                    tenant_id,
                    position_id,
                    position_event_seq: sequence,
                }
            })
        })
        .boxed()
}
