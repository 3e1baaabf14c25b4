//! What an enrollment needs: people, devices, sessions and onboarding sessions, as they are at the start, and calls that add
//! to them.

use proptest::prelude::BoxedStrategy;
use selene_contracts::ph1_f::{DeviceType, Ph1fDeviceInsertRow, Ph1fSessionOpenCommitRow};
use selene_contracts::shared::{
    DeviceId, IdempotencyKey, MonotonicTimeNs, OnboardingSessionId, SessionId, TenantId, UserId,
};
use selene_storage::test_support::inputs;

use super::context::{SECOND, START, plain};
use super::draw::weighted;
use crate::model::calls::{Call, Start, Step};

/// The start of sequences about enrollments.
pub(in crate::model) const WORLD: Start = Start { name: "start_world", steps: start_world };

/// Two people, three devices in two tenants and none, three sessions, five onboarding sessions; the last of them begins a
/// little after a sequence does.
pub(in crate::model) fn start_world() -> Vec<Step> {
    let mut calls = vec![identity("ann"), identity("bob")];
    calls.push(device("ann_phone", "ann", Some("tenant_a")));
    calls.push(device("ann_tablet", "ann", None));
    calls.push(device("bob_phone", "bob", Some("tenant_b")));
    calls.push(session(1, "ann", "ann_phone"));
    calls.push(session(2, "bob", "bob_phone"));
    calls.push(session(u64::MAX, "ann", "ann_tablet"));
    calls.push(onboarding("onb_a", Some("tenant_a"), None));
    calls.push(onboarding("onb_b", Some("tenant_b"), None));
    calls.push(onboarding("onb_free", None, None));
    calls.push(onboarding("onb_phone", Some("tenant_a"), Some("ann_phone")));
    let mut steps: Vec<Step> = calls.into_iter().map(|call| Step { context: plain(), call }).collect();
    let soon = plain().at(MonotonicTimeNs::new(START + 10 * SECOND));
    steps.push(Step { context: soon, call: onboarding("onb_soon", None, None) });
    steps
}

/// A call that changes the start world, or is refused.
pub(in crate::model) fn foundation() -> BoxedStrategy<Call> {
    weighted(&[
        (1, identity("eve")),
        (1, device("late_phone", "ann", Some("tenant_a"))),
        (1, device("late_phone", "eve", None)),
        (1, session(3, "ann", "ann_phone")),
        (1, session(3, "ann", "bob_phone")),
        (1, onboarding("onb_late", Some("tenant_a"), Some("ann_tablet"))),
        (1, decline("onb_a")),
        (1, decline("onb_free")),
        (1, decline("onb_late")),
    ])
}

fn identity(user_id: &str) -> Call {
    Call::Identity(inputs::identity(UserId::new(user_id), IdempotencyKey::new("identity")))
}

/// The key names everything that the call says, so that the same key always means the same call.
pub(super) fn device(device_id: &str, user_id: &str, tenant_id: Option<&str>) -> Call {
    Call::Device(Ph1fDeviceInsertRow {
        device_id: DeviceId::new(device_id),
        user_id: UserId::new(user_id),
        device_type: DeviceType::new("PHONE"),
        audio_profile_ref: None,
        tenant_id: tenant_id.map(TenantId::new),
        idempotency_key: IdempotencyKey::new(format!("device of {user_id}")),
    })
}

fn session(session_id: u64, user_id: &str, device_id: &str) -> Call {
    Call::Session(Ph1fSessionOpenCommitRow {
        session_id: SessionId::new(session_id),
        user_id: UserId::new(user_id),
        device_id: DeviceId::new(device_id),
        idempotency_key: IdempotencyKey::new(format!("session on {device_id}")),
    })
}

fn onboarding(id: &str, tenant: Option<&str>, primary_device: Option<&str>) -> Call {
    Call::Onboarding {
        id: OnboardingSessionId::new(id),
        tenant: tenant.map(TenantId::new),
        primary_device: primary_device.map(DeviceId::new),
    }
}

fn decline(id: &str) -> Call {
    Call::Decline { id: OnboardingSessionId::new(id) }
}
