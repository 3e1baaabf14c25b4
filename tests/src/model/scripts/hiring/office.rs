//! Where people work: what stands at the start, what changes, and campaigns.

use proptest::collection::vec;
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};
use selene_contracts::ph1_f::{IdentityStatus, Ph1fIdentityInsertRow};
use selene_contracts::ph1_onb::{
    Ph1onbBackfillCompleteCommitRow, Ph1onbBackfillNotifyCommitRow, Ph1onbBackfillStartDraftRow,
};
use selene_contracts::ph1_position::{
    CompanyState, EvidenceMode, Ph1positionAppendOnlyGuards, Ph1positionCompanyInsertRow,
    Ph1positionCompanyStateCommitRow, Ph1positionCreateDraftRow, Ph1positionLifecycleCommitRow,
    Ph1positionReadActiveSchemaRow, Ph1positionReadCompanyRow, Ph1positionReadPositionRow,
    Ph1positionReadSchemaVersionRow, Ph1positionSchemaActivateCommitRow, Ph1positionSchemaDraftRow,
    PositionLifecycle, RequiredRule, RequirementField,
};
use selene_contracts::shared::{IdempotencyKey, RolloutScope, TenantId, UserId};

use super::super::{device, edge, idempotency_key, text, weighted};
use super::colleague::{onboarded, suspended};
use super::simulated;
use crate::model::calls::{Call, Step};
use crate::model::hiring::HiringCall;
use crate::workplace::{activation, company, field, lifecycle, position, schema};

/// `boss`, `mia` and `old`, who is DISABLED, are at home in `tenant_a`, `rival` in `tenant_b`, `ann` nowhere.
/// Both tenants have an ACTIVE `nurse`; only in `tenant_a` the schema asks for a document. In `tenant_c` there is
/// a schema and nobody to ask.
pub(in crate::model) fn start_office() -> Vec<Step> {
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
        user_id: UserId::new(user_id),
        speaker_id: None,
        primary_language: None,
        tenant_id: tenant_id.map(TenantId::new),
        status,
        idempotency_key: IdempotencyKey::new("identity"),
    })
}

/// What happens at the workplaces meanwhile: mostly little, as everything here may end a journey.
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

/// The place that most people are invited to is not open any more.
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

fn rollout() -> BoxedStrategy<RolloutScope> {
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

/// A campaign: it starts, asks its targets and others, and is completed; not always in this order.
pub(super) fn campaign() -> BoxedStrategy<Vec<HiringCall>> {
    let version = weighted(&[(5, "v1"), (3, "v2"), (1, "v3")]);
    (version, weighted(&[(2, "c1"), (1, "c2")]))
        .prop_flat_map(|(version, key)| {
            let id = format!("#campaign/tenant_a/nurse/{version}/{key}");
            let asked = vec(notify(id.clone()), 0..6);
            let everybody = weighted(&[(2, true), (1, false)]);
            // Somebody may be out, or done, by the time that they are asked.
            let out =
                weighted(&[(6, Vec::new()), (1, suspended("mia")), (1, suspended("boss")), (3, onboarded())]);
            let (early, late) = (vec(finish(id.clone()), 0..2), vec(finish(id.clone()), 1..3));
            let after = vec(notify(id.clone()), 0..2);
            (vec(begin(version, key), 1..3), early, out, asked, everybody, late, after).prop_map(
                move |(begin, early, out, asked, everybody, late, after)| {
                    let mut calls = begin;
                    calls.extend(early);
                    calls.extend(out);
                    calls.extend(asked);
                    if everybody {
                        let all = ["boss", "mia", "new_1", "new_2"];
                        calls.extend(all.map(|user| told(&id, "tenant_a", user, "all".into())));
                    }
                    calls.extend(late);
                    calls.extend(after);
                    calls
                },
            )
        })
        .boxed()
}

fn begin(version: &'static str, key: &'static str) -> BoxedStrategy<HiringCall> {
    // Where nobody is at home, there is nobody to ask.
    let empty = HiringCall::BackfillStart(Ph1onbBackfillStartDraftRow {
        actor_user_id: "ann".into(),
        tenant_id: "tenant_c".into(),
        company_id: "empty_co".into(),
        position_id: "nurse".into(),
        schema_version_id: "v1".into(),
        rollout_scope: RolloutScope::CurrentAndNew,
        idempotency_key: key.into(),
    });
    prop_oneof![12 => begin_somewhere(version, key), 1 => Just(empty)].boxed()
}

fn begin_somewhere(version: &'static str, key: &'static str) -> BoxedStrategy<HiringCall> {
    let actor = text(&[(10, "boss"), (1, "old"), (1, "rival"), (3, "ann"), (1, "nobody")], 128);
    let place = edge(
        ("tenant_a", "acme", "nurse"),
        &[
            ("tenant_b", "rival_co", "nurse"),
            ("tenant_a", "rival_co", "nurse"),
            ("tenant_b", "acme", "nurse"),
            ("tenant_a", "acme", "clerk"),
            ("tenant_c", "acme", "nurse"),
        ],
    );
    (actor, place, rollout())
        .prop_map(move |(actor, (tenant, company, position), rollout_scope)| {
            HiringCall::BackfillStart(Ph1onbBackfillStartDraftRow {
                actor_user_id: actor.into(),
                tenant_id: tenant.into(),
                company_id: company.into(),
                position_id: position.into(),
                schema_version_id: version.into(),
                rollout_scope,
                idempotency_key: key.into(),
            })
        })
        .boxed()
}

fn told(id: &str, tenant: &str, user: &str, idempotency_key: IdempotencyKey) -> HiringCall {
    HiringCall::BackfillNotify(Ph1onbBackfillNotifyCommitRow {
        campaign_id: id.into(),
        tenant_id: tenant.into(),
        recipient_user_id: user.into(),
        idempotency_key,
    })
}

fn of_tenant() -> BoxedStrategy<String> {
    text(&[(10, "tenant_a"), (1, "tenant_b")], 64)
}

fn notify(id: String) -> BoxedStrategy<HiringCall> {
    let user = text(&[(6, "boss"), (6, "mia"), (1, "old"), (1, "rival"), (1, "ann"), (2, "new_1")], 128);
    (of_tenant(), user, idempotency_key(2))
        .prop_map(move |(tenant, user, key)| told(&id, &tenant, &user, key))
        .boxed()
}

fn finish(id: String) -> BoxedStrategy<HiringCall> {
    (of_tenant(), idempotency_key(2))
        .prop_map(move |(tenant, idempotency_key)| {
            HiringCall::BackfillComplete(Ph1onbBackfillCompleteCommitRow {
                campaign_id: id.as_str().into(),
                tenant_id: tenant.into(),
                idempotency_key,
            })
        })
        .boxed()
}
