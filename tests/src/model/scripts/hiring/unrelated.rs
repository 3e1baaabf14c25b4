//! Single calls that belong to no onboarding of the sequence.

use proptest::collection::vec;
use proptest::prelude::{BoxedStrategy, Strategy, any, prop_oneof};
use selene_contracts::ph1_link::Ph1linkReadLinkRow;
use selene_contracts::ph1_onb::{Ph1onbSessionRow, Ph1onbSessionRows};
use selene_contracts::ph2_access::{
    AccessLifecycle, Ph2accessInstanceCreateCommitRow, Ph2accessLifecycleCommitRow, Ph2accessReadInstanceRow,
};

use super::steps::{any_step, name, person, session, token};
use crate::model::calls::HiringCall;
use crate::model::scripts::draw::{idempotency_key, text, weighted};

/// A single call of any journey, some of PH2.ACCESS about one person, or a read.
pub(super) fn unrelated() -> BoxedStrategy<Vec<HiringCall>> {
    let single = prop_oneof![4 => name().prop_flat_map(any_step), 3 => read()];
    prop_oneof![7 => vec(single, 1..2), 2 => accesses()].boxed()
}

fn place() -> BoxedStrategy<String> {
    text(&[(3, "tenant_a"), (2, "tenant_b"), (1, "tenant_c")], 64)
}

fn accesses() -> BoxedStrategy<Vec<HiringCall>> {
    (place(), person()).prop_flat_map(|(tenant, user)| vec(access(tenant, user), 1..4)).boxed()
}

fn access(tenant: String, user: String) -> BoxedStrategy<HiringCall> {
    let to = weighted(&[
        (1, AccessLifecycle::Restricted),
        (1, AccessLifecycle::Active),
        (1, AccessLifecycle::Suspended),
    ]);
    let role = text(&[(3, "role_1"), (1, "role_2")], 64);
    (any::<bool>(), role, to, idempotency_key(2))
        .prop_map(move |(is_new, role, access_lifecycle, idempotency_key)| {
            let (tenant_id, user_id) = (tenant.as_str().into(), user.as_str().into());
            if is_new {
                HiringCall::AccessCreate(Ph2accessInstanceCreateCommitRow {
                    tenant_id,
                    user_id,
                    role_template_id: role.into(),
                    access_lifecycle,
                    idempotency_key,
                })
            } else {
                HiringCall::AccessLifecycle(Ph2accessLifecycleCommitRow {
                    tenant_id,
                    user_id,
                    access_lifecycle,
                    idempotency_key,
                })
            }
        })
        .boxed()
}

fn read() -> BoxedStrategy<HiringCall> {
    let named = |name| (token(name), session(name));
    prop_oneof![
        name().prop_map(move |name| { HiringCall::LinkRead(Ph1linkReadLinkRow { token_id: named(name).0 }) }),
        name().prop_map(move |name| {
            HiringCall::OnbRead(Ph1onbSessionRow { onboarding_session_id: named(name).1 })
        }),
        text(&[(1, "no_session")], 64)
            .prop_map(|id| { HiringCall::OnbRead(Ph1onbSessionRow { onboarding_session_id: id.into() }) }),
        (place(), person()).prop_map(|(tenant, user)| {
            HiringCall::AccessRead(Ph2accessReadInstanceRow {
                tenant_id: tenant.into(),
                user_id: user.into(),
            })
        }),
        proptest::strategy::Just(HiringCall::OnbReadAll(Ph1onbSessionRows {})),
    ]
    .boxed()
}
