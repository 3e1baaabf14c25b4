//! The onboarding of one person.

use proptest::collection::vec;
use proptest::prelude::{BoxedStrategy, Strategy, prop_oneof};
use selene_contracts::ph1_link::{
    Ph1LinkReasonCode as L, Ph1linkInviteGenerateDraftRow, Ph1linkInviteOpenActivateCommitRow,
    Ph1linkInviteRevokeCommitRow,
};
use selene_contracts::ph1_onb::{
    DeviceProofType, Ph1onbAccessInstanceCreateCommitRow, Ph1onbCompleteCommitRow,
    Ph1onbEmployeePhotoCaptureSendCommitRow, Ph1onbEmployeeSenderVerifyCommitRow,
    Ph1onbPrimaryDeviceConfirmCommitRow, Ph1onbSessionStartDraftRow, Ph1onbTermsAcceptCommitRow,
    SenderDecision,
};
use selene_contracts::shared::{InviteeType, OnboardingSessionId, PrefilledContext, TenantId, TokenId};

use super::changes::closing;
use crate::model::calls::HiringCall;
use crate::model::scripts::draw::{edge, idempotency_key, text, weighted};

/// Who invites, with which key: what the link's name is made of.
pub(super) type Name = (&'static str, &'static str);

pub(super) fn name() -> BoxedStrategy<Name> {
    weighted(&[
        (6, ("boss", "k1")),
        (4, ("boss", "k2")),
        (2, ("boss", "k3")),
        (3, ("rival", "k1")),
        (3, ("ann", "k1")),
        (2, ("ann", "k2")),
    ])
}

pub(super) fn token((inviter, key): Name) -> TokenId {
    TokenId::new(format!("#token/{inviter}/{key}"))
}

pub(super) fn session((inviter, key): Name) -> OnboardingSessionId {
    OnboardingSessionId::new(format!("#onb/{inviter}/{key}"))
}

/// The tenant that the name stands for.
fn home((inviter, key): Name) -> Option<TenantId> {
    match (inviter, key) {
        ("boss", _) => Some(TenantId::new("tenant_a")),
        ("rival", _) => Some(TenantId::new("tenant_b")),
        _ => None,
    }
}

/// What a step of a journey is.
#[derive(Debug, Clone, Copy)]
enum Kind {
    Generate,
    Open,
    Start,
    Terms,
    Photo,
    Verify,
    Device,
    Access,
    Complete,
    Revoke,
}

const PATHS: [&[Kind]; 3] = [
    &[
        Kind::Generate,
        Kind::Open,
        Kind::Start,
        Kind::Terms,
        Kind::Photo,
        Kind::Verify,
        Kind::Device,
        Kind::Access,
        Kind::Complete,
    ],
    &[
        Kind::Generate,
        Kind::Open,
        Kind::Start,
        Kind::Terms,
        Kind::Device,
        Kind::Photo,
        Kind::Verify,
        Kind::Access,
        Kind::Complete,
    ],
    &[Kind::Generate, Kind::Open, Kind::Start, Kind::Terms, Kind::Device, Kind::Access, Kind::Complete],
];

/// The onboarding of a person: one of the paths, with steps that are made once, not at all, or again; sometimes with a step
/// of another path in between.
pub(super) fn journey() -> BoxedStrategy<Vec<HiringCall>> {
    let path = prop_oneof![3 => steps(0), 2 => steps(1), 4 => steps(2)];
    path.prop_map(|steps| steps.into_iter().flatten().collect()).boxed()
}

fn steps(path: usize) -> BoxedStrategy<Vec<Vec<HiringCall>>> {
    name()
        .prop_flat_map(move |name| {
            let steps: Vec<_> = PATHS[path].iter().map(|kind| made(name, *kind)).collect();
            steps
        })
        .boxed()
}

fn made(name: Name, kind: Kind) -> BoxedStrategy<Vec<HiringCall>> {
    // Sometimes the position or the company stops being ACTIVE before the last steps.
    let unrelated = match kind {
        Kind::Complete => prop_oneof![any_step(name), closing()].boxed(),
        _ => any_step(name),
    };
    let early = prop_oneof![5 => vec(step(name, kind), 0..1), 1 => vec(unrelated, 1..2)];
    let itself = prop_oneof![
        14 => vec(step(name, kind), 1..2),
        3 => vec(step(name, kind), 2..4),
        1 => vec(step(name, kind), 0..1),
        4 => overheard(name, kind),
    ];
    (early, itself).prop_map(|(early, itself)| [early, itself].concat()).boxed()
}

pub(super) fn any_step(name: Name) -> BoxedStrategy<HiringCall> {
    use Kind::{Access, Complete, Device, Generate, Open, Photo, Revoke, Start, Terms, Verify};
    let kinds = [Generate, Open, Start, Terms, Photo, Verify, Device, Access, Complete, Revoke];
    weighted(&kinds.map(|kind| (1, kind))).prop_flat_map(move |kind| step(name, kind)).boxed()
}

/// A step, and then others who use its key: on another device, for another tenant.
fn overheard(name: Name, kind: Kind) -> BoxedStrategy<Vec<HiringCall>> {
    match kind {
        Kind::Open => (open(name), vec(open_on(name, text(&[(1, "print_2"), (1, "print_3")], 256)), 1..4))
            .prop_map(|(first, others)| [vec![first], others].concat())
            .boxed(),
        Kind::Access => (access(name), named(name))
            .prop_map(|(first, tenant_id)| {
                let other = Ph1onbAccessInstanceCreateCommitRow { tenant_id, ..first.clone() };
                vec![HiringCall::OnbAccess(first), HiringCall::OnbAccess(other)]
            })
            .boxed(),
        _ => vec(step(name, kind), 2..4).boxed(),
    }
}

fn step(name: Name, kind: Kind) -> BoxedStrategy<HiringCall> {
    match kind {
        Kind::Generate => generate(name),
        Kind::Open => open(name),
        Kind::Start => start(name),
        Kind::Terms => terms(name),
        Kind::Photo => photo(name),
        Kind::Verify => verify(name),
        Kind::Device => device(name),
        Kind::Access => grant(name),
        Kind::Complete => complete(name),
        Kind::Revoke => revoke(name),
    }
}

fn tenant(usual: Option<TenantId>) -> BoxedStrategy<Option<TenantId>> {
    let other = |id: &str| Some(TenantId::new(id));
    edge(usual, &[None, other("tenant_a"), other("tenant_b"), other("t\u{e4}nant"), other(" ")])
}

/// The tenant that a call on the session of a name gives, if any: where the name stands for none, it may be any.
fn named(name: Name) -> BoxedStrategy<Option<TenantId>> {
    match home(name) {
        Some(home) => prop_oneof![2 => tenant(Some(home)), 3 => tenant(None)].boxed(),
        None => prop_oneof![
            4 => tenant(None),
            1 => tenant(Some(TenantId::new("tenant_a"))),
            1 => tenant(Some(TenantId::new("tenant_b"))),
        ]
        .boxed(),
    }
}

fn generate((inviter, key): Name) -> BoxedStrategy<HiringCall> {
    // Friends come without a tenant; an employee who is promised a position and has none cannot go on.
    let friends = if home((inviter, key)).is_none() { 8 } else { 3 };
    let kind = weighted(&[
        (8, InviteeType::Employee),
        (friends, InviteeType::Friend),
        (1, InviteeType::Customer),
        (1, InviteeType::Associate),
    ]);
    let company = if inviter == "rival" { "rival_co" } else { "acme" };
    // A link of `ann` is of no tenant, but may name a position all the same.
    let inside = prop_oneof![3 => tenant(home((inviter, key))), 1 => tenant(None)];
    let prefilled = (
        inside,
        edge(Some(company), &[None, Some("acme"), Some("rival_co"), Some("closed_co"), Some(" ")]),
        edge(Some("nurse"), &[None, Some("clerk"), Some("nobody")]),
        edge(Some("band_1"), &[None, Some("band_2")]),
    )
        .prop_map(|(tenant_id, company, position, tier)| PrefilledContext {
            tenant_id,
            company_id: company.map(Into::into),
            position_id: position.map(Into::into),
            location_id: None,
            start_date: None,
            working_hours: None,
            compensation_tier_ref: tier.map(Into::into),
            jurisdiction_tags: vec!["DE".into()],
        });
    let prefilled = proptest::option::weighted(0.8, prefilled);
    let version = edge(None, &[Some("w1"), Some("")]);
    (kind, tenant(home((inviter, key))), version, prefilled)
        .prop_map(move |(invitee_type, tenant_id, version, prefilled_context)| {
            HiringCall::LinkGenerate(Ph1linkInviteGenerateDraftRow {
                inviter_user_id: inviter.into(),
                invitee_type,
                tenant_id,
                schema_version_id: version.map(Into::into),
                prefilled_context,
                idempotency_key: key.into(),
            })
        })
        .boxed()
}

fn fingerprint() -> BoxedStrategy<String> {
    text(&[(15, "print_1"), (1, "print_2")], 256)
}

fn open(name: Name) -> BoxedStrategy<HiringCall> {
    open_on(name, fingerprint())
}

fn open_on(name: Name, fingerprint: BoxedStrategy<String>) -> BoxedStrategy<HiringCall> {
    (fingerprint, idempotency_key(2))
        .prop_map(move |(device_fingerprint, idempotency_key)| {
            HiringCall::LinkOpen(Ph1linkInviteOpenActivateCommitRow {
                token_id: token(name),
                device_fingerprint: device_fingerprint.into(),
                idempotency_key,
            })
        })
        .boxed()
}

fn revoke(name: Name) -> BoxedStrategy<HiringCall> {
    let reason = weighted(&[
        (4, L::LinkRevokedByInviter),
        (2, L::LinkRevokedByPolicy),
        (1, L::LinkInviteRevoke),
        (1, L::LinkStateInvalid),
    ]);
    (reason, idempotency_key(2))
        .prop_map(move |(reason_code, idempotency_key)| {
            HiringCall::LinkRevoke(Ph1linkInviteRevokeCommitRow {
                token_id: token(name),
                reason_code,
                idempotency_key,
            })
        })
        .boxed()
}

fn start(name: Name) -> BoxedStrategy<HiringCall> {
    let reference = weighted(&[(10, None), (3, Some("context_1".to_owned())), (1, Some(String::new()))]);
    (reference, named(name), fingerprint())
        .prop_map(move |(reference, tenant_id, device_fingerprint)| {
            HiringCall::OnbStart(Ph1onbSessionStartDraftRow {
                token_id: token(name),
                prefilled_context_ref: reference.map(Into::into),
                tenant_id,
                device_fingerprint: device_fingerprint.into(),
            })
        })
        .boxed()
}

fn terms(name: Name) -> BoxedStrategy<HiringCall> {
    let version = text(&[(1, "terms_1"), (1, "terms_2")], 64);
    (version, weighted(&[(7, true), (1, false)]), idempotency_key(3))
        .prop_map(move |(version, accepted, idempotency_key)| {
            HiringCall::OnbTerms(Ph1onbTermsAcceptCommitRow {
                onboarding_session_id: session(name),
                terms_version_id: version.into(),
                accepted,
                idempotency_key,
            })
        })
        .boxed()
}

fn sender(name: Name) -> BoxedStrategy<String> {
    text(&[(12, name.0), (1, "mia"), (1, "old"), (1, "rival"), (1, "ann"), (1, "nobody")], 128)
}

fn photo(name: Name) -> BoxedStrategy<HiringCall> {
    (text(&[(3, "blob_1"), (1, "blob_2")], 256), sender(name), idempotency_key(3))
        .prop_map(move |(blob, sender, idempotency_key)| {
            HiringCall::OnbPhoto(Ph1onbEmployeePhotoCaptureSendCommitRow {
                onboarding_session_id: session(name),
                photo_blob_ref: blob.into(),
                sender_user_id: sender.into(),
                idempotency_key,
            })
        })
        .boxed()
}

fn verify(name: Name) -> BoxedStrategy<HiringCall> {
    let decision = weighted(&[(6, SenderDecision::Confirm), (2, SenderDecision::Reject)]);
    (sender(name), decision, idempotency_key(3))
        .prop_map(move |(sender, decision, idempotency_key)| {
            HiringCall::OnbVerify(Ph1onbEmployeeSenderVerifyCommitRow {
                onboarding_session_id: session(name),
                sender_user_id: sender.into(),
                decision,
                idempotency_key,
            })
        })
        .boxed()
}

fn device(name: Name) -> BoxedStrategy<HiringCall> {
    let devices = [(10, "phone"), (2, "tablet"), (2, "rival_phone"), (1, "no_phone")];
    let proof = weighted(&[(1, DeviceProofType::Biometric), (1, DeviceProofType::Passcode)]);
    (text(&devices, 128), proof, weighted(&[(5, true), (1, false)]), idempotency_key(3))
        .prop_map(move |(device, proof_type, proof_ok, idempotency_key)| {
            HiringCall::OnbDevice(Ph1onbPrimaryDeviceConfirmCommitRow {
                onboarding_session_id: session(name),
                device_id: device.into(),
                proof_type,
                proof_ok,
                idempotency_key,
            })
        })
        .boxed()
}

pub(super) fn person() -> BoxedStrategy<String> {
    text(&[(6, "new_1"), (4, "new_2"), (2, "mia"), (2, "ann"), (1, "old"), (1, "rival")], 128)
}

fn grant(name: Name) -> BoxedStrategy<HiringCall> {
    access(name).prop_map(HiringCall::OnbAccess).boxed()
}

fn access(name: Name) -> BoxedStrategy<Ph1onbAccessInstanceCreateCommitRow> {
    (person(), named(name), text(&[(6, "role_1"), (1, "role_2")], 64), idempotency_key(4))
        .prop_map(move |(user, tenant_id, role, idempotency_key)| Ph1onbAccessInstanceCreateCommitRow {
            onboarding_session_id: session(name),
            user_id: user.into(),
            tenant_id,
            role_id: role.into(),
            idempotency_key,
        })
        .boxed()
}

fn complete(name: Name) -> BoxedStrategy<HiringCall> {
    idempotency_key(3)
        .prop_map(move |idempotency_key| {
            HiringCall::OnbComplete(Ph1onbCompleteCommitRow {
                onboarding_session_id: session(name),
                idempotency_key,
            })
        })
        .boxed()
}
