//! What the steps write beside their gates.

use selene_contracts::ph1_link::{LinkRecord, LinkStatus};
use selene_contracts::ph1_onb::{
    DeviceProofType, OnboardingNextStep, OnboardingSessionRecord, OnboardingStatus, Ph1onbCompleteCommitRow,
    Ph1onbPrimaryDeviceConfirmCommitRow, Ph1onbSessionStartDraftRow, Ph1onbTermsAcceptCommitRow, TermsStatus,
};
use selene_contracts::shared::{InviteeType, MonotonicTimeNs, PrefilledContext, TenantId};

use super::super::{CompletionFacts, DeviceFacts, StartFacts, StepFacts, Workplace, check_start_replay};
use super::{TOKEN, begun, device, link, people, ready, session_id};
use crate::rules::trial::{NOW, call, decide, refusal};

pub(super) fn start(tenant: Option<&str>, fingerprint: &str) -> Ph1onbSessionStartDraftRow {
    Ph1onbSessionStartDraftRow {
        token_id: TOKEN.into(),
        prefilled_context_ref: None,
        tenant_id: tenant.map(Into::into),
        device_fingerprint: fingerprint.into(),
    }
}

pub(super) fn terms() -> Ph1onbTermsAcceptCommitRow {
    Ph1onbTermsAcceptCommitRow {
        onboarding_session_id: session_id(),
        terms_version_id: "terms_1".into(),
        accepted: true,
        idempotency_key: "k".into(),
    }
}

#[test]
fn a_start_is_refused_in_the_order_of_the_page() {
    let facts = StartFacts { link: Some(link()), ..StartFacts::default() };
    let mut closed = facts.clone();
    closed.link.as_mut().unwrap().link_status = LinkStatus::Consumed;
    let running = StartFacts { has_session: true, ..facts.clone() };
    let cases = [
        (start(Some("b"), "other"), StartFacts::default(), ("ONB_SCOPE_MISMATCH", "token_id")),
        (start(Some("b"), "other"), closed.clone(), ("ONB_SCOPE_MISMATCH", "token_id")),
        (start(Some("a"), "other"), closed, ("ONB_LINK_NOT_ACTIVATED", "token_id")),
        (start(None, "other"), running.clone(), ("ONB_FINGERPRINT_MISMATCH", "device_fingerprint")),
        (start(None, "phone"), running, ("ONB_STATE_INVALID", "token_id")),
    ];
    for (input, facts, expected) in cases {
        assert_eq!(refusal(input, facts), expected);
    }
    let decision = decide(start(None, "phone"), facts).unwrap();
    assert_eq!(decision.change.0.tenant_id, Some("a".into()), "the tenant of the link");
    assert_eq!(decision.event.tenant_id, Some("a".into()));
    assert!(decision.event.idempotency_key.is_some());
}

#[test]
fn the_next_step_follows_from_who_was_invited_and_what_is_known() {
    let context = PrefilledContext {
        tenant_id: None,
        company_id: None,
        position_id: Some("nurse".into()),
        location_id: None,
        start_date: None,
        working_hours: None,
        compensation_tier_ref: None,
        jurisdiction_tags: Vec::new(),
    };
    let cases = [
        (InviteeType::Employee, None, false, OnboardingNextStep::AskMissing),
        (InviteeType::Employee, None, true, OnboardingNextStep::AskMissing),
        (InviteeType::Employee, Some("a"), false, OnboardingNextStep::Terms),
        (InviteeType::Employee, Some("a"), true, OnboardingNextStep::LoadPrefilled),
        (InviteeType::Friend, None, false, OnboardingNextStep::Terms),
        (InviteeType::Friend, None, true, OnboardingNextStep::LoadPrefilled),
    ];
    for (invitee_type, tenant, is_prefilled, expected) in cases {
        let mut link = link();
        link.invitee_type = invitee_type;
        link.tenant_id = tenant.map(TenantId::new);
        link.prefilled_context = is_prefilled.then(|| context.clone());
        let facts = StartFacts { link: Some(link), ..StartFacts::default() };
        let next = decide(start(None, "phone"), facts).unwrap().output.next_step;
        assert_eq!(next, expected, "{invitee_type} {tenant:?} {is_prefilled}");
    }
}

#[test]
fn a_start_is_replayed_for_its_tenant_on_its_device_only() {
    let session = ready(Some("a"));
    let replay = |tenant, fingerprint| {
        let answer = check_start_replay(&call(start(tenant, fingerprint)), Some(&session));
        answer.map_err(|error| error.reason_code().as_str())
    };
    assert_eq!(replay(None, "phone"), Ok(()));
    assert_eq!(replay(Some("a"), "phone"), Ok(()));
    assert_eq!(replay(Some("b"), "phone"), Err("ONB_SCOPE_MISMATCH"));
    assert_eq!(replay(Some("b"), "other"), Err("ONB_SCOPE_MISMATCH"));
    assert_eq!(replay(None, "other"), Err("ONB_FINGERPRINT_MISMATCH"));
}

#[test]
fn time_does_not_run_backwards_in_a_session() {
    let later = |ahead: u64| {
        let updated_at = MonotonicTimeNs::new(NOW.get() + ahead);
        StepFacts {
            session: Some(OnboardingSessionRecord { updated_at, ..begun(&[]) }),
            people: people(None),
        }
    };
    assert!(decide(terms(), later(0)).is_ok());
    assert_eq!(refusal(terms(), later(1)), ("ONB_CONTRACT_VALIDATION_FAILED", "now"));
    // Nor before the last change of its link, at the start and at the completion.
    let link_at =
        |ahead: u64| Some(LinkRecord { updated_at: MonotonicTimeNs::new(NOW.get() + ahead), ..link() });
    let begin = |ahead| StartFacts { link: link_at(ahead), ..StartFacts::default() };
    assert!(decide(start(None, "phone"), begin(0)).is_ok());
    assert_eq!(refusal(start(None, "phone"), begin(1)), ("ONB_CONTRACT_VALIDATION_FAILED", "now"));
    let end = |ahead| CompletionFacts {
        session: Some(OnboardingSessionRecord {
            access_engine_instance_id: Some("acc_1".into()),
            ..ready(Some("a"))
        }),
        workplace: Workplace { link: link_at(ahead), ..Workplace::default() },
        people: people(Some("eve")),
        ..CompletionFacts::default()
    };
    let complete =
        || Ph1onbCompleteCommitRow { onboarding_session_id: session_id(), idempotency_key: "k".into() };
    assert!(decide(complete(), end(0)).is_ok());
    assert_eq!(refusal(complete(), end(1)), ("ONB_CONTRACT_VALIDATION_FAILED", "now"));
}

#[test]
fn a_failed_proof_is_kept_and_moves_nothing_on() {
    let prove = |proof_ok| Ph1onbPrimaryDeviceConfirmCommitRow {
        onboarding_session_id: session_id(),
        device_id: "d".into(),
        proof_type: DeviceProofType::Passcode,
        proof_ok,
        idempotency_key: "k".into(),
    };
    let facts = |tenant: Option<&str>| DeviceFacts {
        people: people(None),
        session: Some(OnboardingSessionRecord {
            status: OnboardingStatus::TermsAccepted,
            terms_status: Some(TermsStatus::Accepted),
            ..begun(&[])
        }),
        device: Some(device(tenant)),
    };
    let failed = decide(prove(false), facts(None)).unwrap();
    assert_eq!(failed.change.0.status, OnboardingStatus::TermsAccepted);
    assert_eq!(failed.change.0.primary_device_device_id, Some("d".into()));
    assert!(!failed.change.0.primary_device_confirmed);
    let proven = decide(prove(true), facts(Some("a"))).unwrap();
    assert_eq!(proven.change.0.status, OnboardingStatus::PrimaryDeviceConfirmed);
    assert!(proven.change.0.primary_device_confirmed);
    // The event is in the chain of the session's tenant, else of the device's.
    let chain = |session: Option<&str>, device: Option<&str>| {
        let mut facts = facts(device);
        facts.session.as_mut().unwrap().tenant_id = session.map(Into::into);
        decide(prove(true), facts).unwrap().event.tenant_id.map(|tenant| tenant.to_string())
    };
    assert_eq!(chain(Some("a"), None).as_deref(), Some("a"));
    assert_eq!(chain(None, Some("b")).as_deref(), Some("b"));
    assert_eq!(chain(None, None), None);
    let unknown = DeviceFacts { device: None, ..facts(None) };
    assert_eq!(refusal(prove(true), unknown), ("ONB_SCOPE_MISMATCH", "device_id"));
    assert_eq!(refusal(prove(true), facts(Some("b"))), ("ONB_SCOPE_MISMATCH", "device_id"));
}
