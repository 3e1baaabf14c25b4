//! What an onboarding is pinned to at its start.

use selene_contracts::ph1_link::{Ph1LinkReasonCode, Ph1LinkRepo, Ph1linkInviteRevokeCommitRow};
use selene_contracts::ph1_onb::{
    OnboardingNextStep, OnboardingStatus, Ph1OnbReasonCode, Ph1OnbRepo, VerificationGate,
};
use selene_contracts::ph1_position::EvidenceMode;
use selene_contracts::shared::{InviteeType, PrefilledContext, RolloutScope};

use super::office::{Office, document_where};
use super::steps::start;
use crate::harness::Harness;
use crate::workplace::{employment, field};
use crate::world::key;

const BOTH: [VerificationGate; 2] =
    [VerificationGate::PhotoEvidenceCapture, VerificationGate::SenderConfirmation];

pub(super) fn an_employee_is_pinned_to_the_active_schema(harness: &impl Harness) {
    // Which field demands a document does not matter, and neither does its name; only whether it is required.
    let cases = [
        (vec![], 0),
        (vec![field("photo", EvidenceMode::UserAnswer), field("photo_id", EvidenceMode::Attestation)], 0),
        (vec![field("photo_evidence", EvidenceMode::ToolDerived)], 0),
        (vec![field("shoe_size", EvidenceMode::DocRequired)], 2),
        (vec![field("a", EvidenceMode::UserAnswer), field("b", EvidenceMode::DocRequired)], 2),
        (vec![document_where("passport", "selector.jurisdiction=DE")], 2),
        (vec![document_where("passport", "jurisdiction=FR")], 0),
        (vec![field("a", EvidenceMode::DocRequired), field("b", EvidenceMode::DocRequired)], 2),
    ];
    for (fields, expected) in cases {
        let office = Office::new(harness);
        office.schema("tenant_a", "v1", fields.clone(), RolloutScope::NewHiresOnly);
        let started = office.start(&office.employee("one")).unwrap().value;
        assert_eq!(started.required_verification_gates, BOTH[..expected], "{fields:?}");
        assert_eq!(started.pinned_schema_id.as_str(), "position:nurse");
        assert_eq!(started.pinned_schema_version.as_str(), "v1");
        assert_eq!(started.pinned_overlay_set_id.as_str(), "position_requirements_active");
        assert_eq!(started.status, OnboardingStatus::DraftCreated);
        assert_eq!(started.next_step, OnboardingNextStep::LoadPrefilled);
    }
}

pub(super) fn everybody_else_is_pinned_to_who_they_are(harness: &impl Harness) {
    let office = Office::new(harness);
    let fields = vec![field("passport", EvidenceMode::DocRequired)];
    office.schema("tenant_a", "v1", fields, RolloutScope::NewHiresOnly);
    let without = |edit: fn(&mut PrefilledContext)| {
        let mut context = employment();
        edit(&mut context);
        Some(context)
    };
    let no_position = without(|context| context.position_id = None);
    let no_tenant = without(|context| context.tenant_id = None);
    let cases = [
        // Who, with what, and what is next. Only an EMPLOYEE with tenant and position is pinned to a position.
        (InviteeType::Friend, None, OnboardingNextStep::Terms),
        (InviteeType::Customer, Some(employment()), OnboardingNextStep::LoadPrefilled),
        (InviteeType::Employee, None, OnboardingNextStep::AskMissing),
        (InviteeType::Employee, no_tenant, OnboardingNextStep::AskMissing),
        (InviteeType::Employee, no_position, OnboardingNextStep::LoadPrefilled),
    ];
    for (index, (invitee, context, next_step)) in cases.into_iter().enumerate() {
        let token = office.activated(&format!("link_{index}"), invitee, context);
        let started = office.start(&token).unwrap().value;
        assert_eq!(started.pinned_schema_id.as_str(), format!("invitee:{invitee}"), "case {index}");
        assert_eq!(started.pinned_schema_version.as_str(), "unversioned");
        assert_eq!(started.pinned_overlay_set_id.as_str(), "default");
        assert_eq!(started.required_verification_gates, []);
        assert_eq!(started.next_step, next_step, "case {index}");
    }
    // A reference to a prefilled context is one too.
    let mut input = start(&office.activated("referred", InviteeType::Friend, None));
    input.prefilled_context_ref = Some("context_1".into());
    let started = office.store().ph1onb_session_start_draft_row(&office.call(), input).unwrap().value;
    assert_eq!(started.next_step, OnboardingNextStep::LoadPrefilled);
    // A position without an active schema pins nothing of it.
    let mut context = employment();
    (context.tenant_id, context.company_id) = (None, None);
    let mut input = start(&office.activated("unschemed", InviteeType::Employee, Some(context)));
    input.tenant_id = Some("tenant_b".into());
    let started = office.store().ph1onb_session_start_draft_row(&office.call(), input).unwrap().value;
    assert_eq!(started.pinned_schema_id.as_str(), "invitee:EMPLOYEE");
}

/// A schema that is activated later concerns later sessions only.
pub(super) fn pins_never_move(harness: &impl Harness) {
    let mut office = Office::new(harness);
    let document = || vec![field("passport", EvidenceMode::DocRequired)];
    office.schema("tenant_a", "v1", document(), RolloutScope::NewHiresOnly);
    let (first, second) = (office.employee("one"), office.employee("two"));
    let before = office.journey(&first).row();
    office.schema(
        "tenant_a",
        "v2",
        vec![field("name", EvidenceMode::UserAnswer)],
        RolloutScope::CurrentAndNew,
    );
    office.world.reopen();

    let replayed = office.start(&first).unwrap();
    assert!(!replayed.is_applied());
    assert_eq!(replayed.value.pinned_schema_version.as_str(), "v1");
    let journey = office.journey(&first);
    assert_eq!(journey.row(), before);
    journey.terms(true, "k").unwrap();
    journey.device(true, "k").unwrap();
    office.refuses(Ph1OnbReasonCode::OnbGateVerificationRequired, |_, _| journey.access("k"));
    journey.photo("k").unwrap();
    let after = journey.row();
    assert_eq!(after.required_verification_gates, BOTH);
    assert_eq!(
        (&after.pinned_schema_id, &after.pinned_schema_version, &after.pinned_selector_snapshot),
        (&before.pinned_schema_id, &before.pinned_schema_version, &before.pinned_selector_snapshot)
    );

    let later = office.journey(&second);
    assert_eq!(later.row().pinned_schema_version, Some("v2".into()));
    assert_eq!(later.row().required_verification_gates, []);
    assert_ne!(later.row().pinned_selector_snapshot, before.pinned_selector_snapshot);
}

pub(super) fn only_an_activated_link_on_its_own_device_starts(harness: &impl Harness) {
    let office = Office::new(harness);
    let closed = office.generated("closed", InviteeType::Friend, None);
    office.refuses(Ph1OnbReasonCode::OnbLinkNotActivated, |_, _| office.start(&closed));
    let open = office.activated("open", InviteeType::Friend, None);
    office.refuses(Ph1OnbReasonCode::OnbFingerprintMismatch, |store, call| {
        let mut input = start(&open);
        input.device_fingerprint = "fingerprint_2".into();
        store.ph1onb_session_start_draft_row(call, input)
    });
    let revoke = Ph1linkInviteRevokeCommitRow {
        token_id: open.clone(),
        reason_code: Ph1LinkReasonCode::LinkRevokedByInviter,
        idempotency_key: key("revoke"),
    };
    office.store().ph1link_invite_revoke_commit_row(&office.call(), revoke).unwrap();
    office.refuses(Ph1OnbReasonCode::OnbLinkNotActivated, |_, _| office.start(&open));
}
