//! No shortcut to access.

use selene_contracts::ph1_link::{Ph1LinkReasonCode, Ph1LinkRepo, Ph1linkInviteRevokeCommitRow};
use selene_contracts::ph1_onb::{
    OnboardingStatus, Ph1OnbReasonCode, Ph1OnbRepo, Ph1onbSessionStartDraftRow, SenderDecision,
    VerificationStatus,
};
use selene_contracts::ph1_position::{
    CompanyState, EvidenceMode, Ph1PositionRepo, Ph1positionCompanyStateCommitRow, PositionLifecycle,
};
use selene_contracts::shared::{InviteeType, PrefilledContext, RolloutScope};

use super::office::Office;
use super::steps::{Journey, access_of, decision_of, photo_for, start};
use crate::harness::Harness;
use crate::workplace::{employment, field};
use crate::world::key;

/// An office whose `nurse` must show a document.
fn strict<H: Harness>(harness: &H) -> Office<H::Store> {
    let office = Office::new(harness);
    let fields = vec![field("passport", EvidenceMode::DocRequired)];
    office.schema("tenant_a", "v1", fields, RolloutScope::NewHiresOnly);
    office
}

pub(super) fn access_and_completion_wait_for_the_sender<H: Harness>(harness: &H) {
    let office = strict(harness);
    let journey = office.journey(&office.employee("one"));
    let blocked = |journey: &Journey<'_, H::Store>| {
        let code = Ph1OnbReasonCode::OnbGateVerificationRequired;
        office.refuses(code, |_, _| journey.access("early"));
        office.refuses(code, |_, _| journey.complete("early"));
    };
    journey.terms(true, "k").unwrap();
    journey.device(true, "k").unwrap();
    blocked(&journey);
    let captured = journey.photo("k1").unwrap().value;
    assert_eq!(captured.verification_status, VerificationStatus::Pending);
    blocked(&journey);
    let rejected = journey.verify(SenderDecision::Reject, "k1").unwrap().value;
    assert_eq!(rejected.status, OnboardingStatus::VerificationRejected);
    blocked(&journey);
    journey.photo("k2").unwrap();
    blocked(&journey);
    let confirmed = journey.verify(SenderDecision::Confirm, "k2").unwrap().value;
    assert_eq!(confirmed.status, OnboardingStatus::VerificationConfirmed);
    assert_eq!(journey.access("k").unwrap().value.status, OnboardingStatus::AccessInstanceCreated);
    assert_eq!(journey.complete("k").unwrap().value.status, OnboardingStatus::Complete);

    let row = journey.row();
    assert_eq!(row.photo_blob_ref, Some("blob_of_a_face".into()));
    assert_eq!(row.photo_proof_ref, Some(captured.photo_proof_ref.clone()));
    assert_ne!(captured.photo_proof_ref.as_str(), "blob_of_a_face");
    let trail = format!("{:?}", office.world.events());
    assert!(trail.contains(captured.photo_proof_ref.as_str()), "the proof is in the trail");
    assert!(!trail.contains("blob_of_a_face"), "the photo's reference is not");
}

pub(super) fn only_the_sender_of_the_capture_decides(harness: &impl Harness) {
    let office = strict(harness);
    let journey = office.journey(&office.employee("one"));
    journey.terms(true, "k").unwrap();
    journey.photo("k").unwrap();
    for another in ["mia", "rival", "nobody"] {
        office.refuses(Ph1OnbReasonCode::OnbScopeMismatch, |store, call| {
            let input = decision_of(&journey.session, another, SenderDecision::Confirm, "k");
            store.ph1onb_employee_sender_verify_commit_row(call, input)
        });
    }
    journey.verify(SenderDecision::Reject, "k").unwrap();
    // A rejected person does not look for a friendlier sender.
    office.refuses(Ph1OnbReasonCode::OnbScopeMismatch, |store, call| {
        let input = photo_for(&journey.session, "mia", "k2");
        store.ph1onb_employee_photo_capture_send_commit_row(call, input)
    });
    journey.photo("k2").unwrap();
}

/// Company, position, compensation and link are looked at before access and once more before the end.
pub(super) fn a_workplace_must_be_good_twice<H: Harness>(harness: &H) {
    let prerequisite = Ph1OnbReasonCode::OnbPositionPrereqFailed;
    let ready = |office: &Office<H::Store>| {
        let token = office.employee("one");
        let journey = office.journey(&token);
        journey.terms(true, "k").unwrap();
        journey.device(true, "k").unwrap();
        (token, journey.session)
    };
    let office = Office::new(harness);
    let (token, session) = ready(&office);
    let journey = Journey::resume(&office, session);
    office.lifecycle("tenant_a", "nurse", PositionLifecycle::Suspended);
    office.refuses(prerequisite, |_, _| journey.access("k"));
    office.lifecycle("tenant_a", "nurse", PositionLifecycle::Active);
    journey.access("k").unwrap();
    office.lifecycle("tenant_a", "nurse", PositionLifecycle::Retired);
    office.refuses(prerequisite, |_, _| journey.complete("k"));
    let revoke = Ph1linkInviteRevokeCommitRow {
        token_id: token,
        reason_code: Ph1LinkReasonCode::LinkRevokedByPolicy,
        idempotency_key: key("revoke"),
    };
    office.store().ph1link_invite_revoke_commit_row(&office.call(), revoke).unwrap();
    office.refuses(Ph1OnbReasonCode::OnbLinkNotActivated, |_, _| journey.complete("k"));

    let office = Office::new(harness);
    let (_, session) = ready(&office);
    let journey = Journey::resume(&office, session);
    let close = Ph1positionCompanyStateCommitRow {
        tenant_id: "tenant_a".into(),
        company_id: "acme".into(),
        company_state: CompanyState::Closed,
        idempotency_key: key("close"),
    };
    office.store().ph1position_company_state_commit_row(&office.call(), close).unwrap();
    office.refuses(prerequisite, |_, _| journey.access("k"));

    // What the invitation leaves open, or says otherwise than the position, does not hold.
    let office = Office::new(harness);
    let mut wrong = [employment(), employment(), employment(), employment(), employment()];
    wrong[0].compensation_tier_ref = Some("band_2".into());
    wrong[1].compensation_tier_ref = None;
    wrong[2].company_id = Some("other".into());
    wrong[3].company_id = None;
    wrong[4].position_id = Some("doctor".into());
    for (index, context) in wrong.into_iter().enumerate() {
        let token = office.activated(&format!("wrong_{index}"), InviteeType::Employee, Some(context));
        let journey = office.journey(&token);
        journey.terms(true, "k").unwrap();
        journey.device(true, "k").unwrap();
        office.refuses(prerequisite, |_, _| journey.access(&format!("k_{index}")));
    }
}

/// The gates are those of the tenant that is known at the start, so one that is named later opens nothing.
pub(super) fn no_tenant_is_named_past_its_gates<H: Harness>(harness: &H) {
    let office = strict(harness);
    let nowhere = |position_id: Option<&str>| PrefilledContext {
        tenant_id: None,
        position_id: position_id.map(Into::into),
        ..employment()
    };
    let try_access = |journey: &Journey<'_, H::Store>, tenant: Option<&str>, key: &str| {
        let mut input = access_of(&journey.session, key);
        input.tenant_id = tenant.map(Into::into);
        office.store().ph1onb_access_instance_create_commit_row(&office.call(), input)
    };
    let late = office.journey(&office.activated("late", InviteeType::Employee, Some(nowhere(Some("nurse")))));
    assert_eq!(late.row().pinned_schema_id, Some("invitee:EMPLOYEE".into()));
    late.terms(true, "k").unwrap();
    late.device(true, "k").unwrap();
    for tenant in [None, Some("tenant_a"), Some("tenant_b")] {
        let refused = Ph1OnbReasonCode::OnbPositionPrereqFailed;
        office.refuses(refused, |_, _| try_access(&late, tenant, "k"));
    }
    // A second start gets the answer of the first one, whatever tenant it names.
    let token = late.row().token_id;
    let named = Ph1onbSessionStartDraftRow { tenant_id: Some("tenant_a".into()), ..start(&token) };
    let again = office.store().ph1onb_session_start_draft_row(&office.call(), named).unwrap();
    assert!(!again.is_applied() && again.value.required_verification_gates.is_empty());
    office
        .refuses(Ph1OnbReasonCode::OnbPositionPrereqFailed, |_, _| try_access(&late, Some("tenant_a"), "k"));
    // Named at the start, the tenant brings its gates.
    let token = office.activated("early", InviteeType::Employee, Some(nowhere(Some("nurse"))));
    let named = Ph1onbSessionStartDraftRow { tenant_id: Some("tenant_a".into()), ..start(&token) };
    let begun = office.store().ph1onb_session_start_draft_row(&office.call(), named).unwrap().value;
    assert_eq!(begun.required_verification_gates.len(), 2);
    let early = Journey::resume(&office, begun.onboarding_session_id);
    early.terms(true, "k").unwrap();
    early.device(true, "k").unwrap();
    office.refuses(Ph1OnbReasonCode::OnbGateVerificationRequired, |_, _| early.access("k"));
    early.photo("k").unwrap();
    early.verify(SenderDecision::Confirm, "k").unwrap();
    early.access("k").unwrap();
    early.complete("k").unwrap();
    // Where no position was promised, there is no gate to go around.
    let token = office.activated("unplaced", InviteeType::Employee, Some(nowhere(None)));
    let unplaced = office.journey(&token);
    unplaced.terms(true, "k").unwrap();
    unplaced.device(true, "k").unwrap();
    try_access(&unplaced, Some("tenant_a"), "k2").unwrap();
    unplaced.complete("k").unwrap();
}

pub(super) fn what_is_not_pinned_is_not_asked(harness: &impl Harness) {
    let office = Office::new(harness);
    let answers = vec![field("name", EvidenceMode::UserAnswer)];
    office.schema("tenant_a", "v1", answers, RolloutScope::NewHiresOnly);
    for token in [office.employee("one"), office.activated("two", InviteeType::Friend, None)] {
        let journey = office.journey(&token);
        for accepted in [false, true] {
            if accepted {
                journey.terms(true, "k").unwrap();
            }
            office.refuses(Ph1OnbReasonCode::OnbGateNotApplicable, |_, _| journey.photo("k"));
            for decision in [SenderDecision::Confirm, SenderDecision::Reject] {
                office.refuses(Ph1OnbReasonCode::OnbGateNotApplicable, |_, _| journey.verify(decision, "k"));
            }
        }
        journey.device(true, "k").unwrap();
        journey.access(token.as_str()).unwrap();
        journey.complete("k").unwrap();
    }
}
