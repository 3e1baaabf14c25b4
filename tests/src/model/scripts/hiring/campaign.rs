//! Random campaigns: their start, their notifications, their end, and what targets do meanwhile.

use proptest::collection::vec;
use proptest::prelude::{BoxedStrategy, Just, Strategy, prop_oneof};
use selene_contracts::ph1_onb::{
    Ph1onbBackfillCompleteCommitRow, Ph1onbBackfillNotifyCommitRow, Ph1onbBackfillStartDraftRow,
};
use selene_contracts::shared::{IdempotencyKey, RolloutScope};

use super::changes::rollout;
use super::colleague::{onboarded, suspended};
use crate::model::calls::HiringCall;
use crate::model::scripts::draw::{edge, idempotency_key, text, weighted};

/// A campaign: it starts, asks its targets and others, and is completed; not always in this order.
pub(super) fn campaign() -> BoxedStrategy<Vec<HiringCall>> {
    let version = weighted(&[(5, "v1"), (3, "v2"), (1, "v3")]);
    (version, weighted(&[(2, "c1"), (1, "c2")]))
        .prop_flat_map(|(version, key)| {
            let id = format!("#campaign/tenant_a/nurse/{version}/{key}");
            let asked = vec(notify(id.clone()), 0..6);
            let everybody = weighted(&[(2, true), (1, false)]);
            // A target may be suspended or completed by the time that it is asked.
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
                        calls.extend(all.map(|user| notification(&id, "tenant_a", user, "all".into())));
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
    // A tenant without people has no targets.
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

fn notification(id: &str, tenant: &str, user: &str, idempotency_key: IdempotencyKey) -> HiringCall {
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
        .prop_map(move |(tenant, user, key)| notification(&id, &tenant, &user, key))
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
