//! What is replayed, to whom, and what an onboarding leaves.

use selene_contracts::ph1_j::{Ph1JReasonCode, Ph1jAppendOnlyGuard, Ph1jAuditRepo};
use selene_contracts::ph1_onb::{
    OnbSessionStartResult, OnboardingNextStep, OnboardingStatus, Ph1OnbReasonCode, Ph1OnbRepo,
    Ph1onbCompleteCommitRow, Ph1onbSessionStartDraftRow, Ph1onbTermsAcceptCommitRow, SenderDecision,
};
use selene_contracts::ph1_position::EvidenceMode;
use selene_contracts::shared::{AuditEventRecord, CorrelationId, RolloutScope, TurnId};
use selene_contracts::{CallContext, CallMode, Committed, Disposition, StorageError};

use super::office::Office;
use super::steps::{Journey, start};
use crate::harness::{Backend, Harness};
use crate::workplace::field;
use crate::world::{context, in_chain, key};

fn strict<H: Harness>(harness: &H) -> Office<H::Store> {
    let office = Office::new(harness);
    let fields = vec![field("passport", EvidenceMode::DocRequired)];
    office.schema("tenant_a", "v1", fields, RolloutScope::NewHiresOnly);
    office
}

/// Every step of an onboarding to its end.
pub(super) fn walk(journey: &Journey<'_, impl Backend>) {
    journey.terms(true, "k").unwrap();
    journey.photo("k").unwrap();
    journey.verify(SenderDecision::Confirm, "k").unwrap();
    journey.device(true, "k").unwrap();
    journey.access("k").unwrap();
    journey.complete("k").unwrap();
}

fn trail(office: &Office<impl Backend>) -> Vec<AuditEventRecord> {
    office.world.events().into_iter().filter(|event| event.engine.as_str() == "PH1.ONB").collect()
}

pub(super) fn the_trail_of_an_onboarding_never_changes(harness: &impl Harness) {
    let mut office = strict(harness);
    let token = office.employee("one");
    let session = office.journey(&token).session;
    let begun = trail(&office);
    walk(&Journey::resume(&office, session.clone()));
    office.world.reopen();
    let whole = trail(&office);
    assert_eq!(whole[..begun.len()], begun, "later steps change no earlier event");
    assert_eq!(whole.len(), 7);
    for event in &whole {
        let guard = Ph1jAppendOnlyGuard { event_id: event.event_id.clone() };
        office.refuses(Ph1JReasonCode::JAppendOnlyViolation, |store, call| {
            store.ph1j_append_only_guard(call, guard)
        });
    }
    let reasons: Vec<_> = whole.iter().map(|event| event.reason_code.as_str()).collect();
    assert_eq!(
        reasons,
        [
            "ONB_SESSION_START_DRAFT",
            "ONB_TERMS_ACCEPT_COMMIT",
            "ONB_PHOTO_CAPTURE_SEND_COMMIT",
            "ONB_SENDER_VERIFY_COMMIT",
            "ONB_PRIMARY_DEVICE_CONFIRM_COMMIT",
            "ONB_ACCESS_INSTANCE_CREATE_COMMIT",
            "ONB_COMPLETE_COMMIT",
        ]
    );
    for event in &whole {
        assert_eq!(event.simulation_id, Some("sim_1".into()));
        assert_eq!((event.correlation_id, event.turn_id), (CorrelationId::new(7), TurnId::new(1)));
        assert!(event.idempotency_key.is_some(), "also where the input has none");
        assert_eq!(event.payload_min.get("onboarding_session_id"), Some(session.as_str()));
    }
    let derived = whole[0].idempotency_key.as_ref().unwrap().as_str();
    assert!(derived.starts_with("onb_") && derived.len() == 36, "{derived}");
    office.world.chains_verify();
}

fn replays<T: PartialEq + std::fmt::Debug>(
    office: &Office<impl Backend>,
    step: impl Fn() -> Result<Committed<T>, StorageError>,
    differing: impl Fn() -> Result<Committed<T>, StorageError>,
) {
    let first = step().expect("the first call is applied");
    assert!(first.is_applied());
    let (events, sessions) = (office.world.events(), office.sessions());
    let again = step().expect("the second call is replayed");
    assert_eq!(again.disposition, Disposition::Replayed { identical: true });
    assert_eq!((&again.value, &again.event_id), (&first.value, &first.event_id));
    assert_eq!(again.reason_code, Ph1OnbReasonCode::OnbIdempotencyReplay.into());
    let other = differing().expect("the differing call is replayed");
    assert_eq!(other.disposition, Disposition::Replayed { identical: false });
    assert_eq!(other.value, first.value);
    assert_eq!((office.world.events(), office.sessions()), (events, sessions), "a replay changes nothing");
}

pub(super) fn every_step_is_replayed(harness: &impl Harness) {
    let office = strict(harness);
    let token = office.employee("one");
    let journey = office.journey(&token);
    let (store, session) = (office.store(), &journey.session);
    replays(&office, || journey.terms(true, "k"), || journey.terms(false, "k"));
    replays(
        &office,
        || journey.photo("k"),
        || {
            let input = super::photo_for(session, "mia", "k");
            store.ph1onb_employee_photo_capture_send_commit_row(&office.call(), input)
        },
    );
    replays(
        &office,
        || journey.verify(SenderDecision::Confirm, "k"),
        || journey.verify(SenderDecision::Reject, "k"),
    );
    replays(&office, || journey.device(true, "k"), || journey.device(false, "k"));
    let named = || {
        let mut input = super::access_of(session, "k");
        input.tenant_id = Some("tenant_a".into());
        store.ph1onb_access_instance_create_commit_row(&office.call(), input)
    };
    replays(&office, || journey.access("k"), named);
    let first = journey.complete("k").unwrap();
    let again = journey.complete("k").unwrap();
    assert_eq!(again.disposition, Disposition::Replayed { identical: true });
    assert_eq!(again.value, first.value);
    // The key of one session is free in another one.
    let other = office.journey(&office.employee("two"));
    assert!(other.terms(false, "k").unwrap().is_applied());
}

pub(super) fn a_start_is_replayed_to_its_caller_only(harness: &impl Harness) {
    let mut office = strict(harness);
    let token = office.employee("one");
    let first = office.start(&token).unwrap();
    office.world.reopen();
    let disposition = |input: Ph1onbSessionStartDraftRow| {
        let again = office.store().ph1onb_session_start_draft_row(&office.call(), input).unwrap();
        assert_eq!((&again.value, &again.event_id), (&first.value, &first.event_id));
        again.disposition
    };
    assert_eq!(disposition(start(&token)), Disposition::Replayed { identical: true });
    let mut named = start(&token);
    named.tenant_id = Some("tenant_a".into());
    assert_eq!(disposition(named.clone()), Disposition::Replayed { identical: false });
    let mut referred = start(&token);
    referred.prefilled_context_ref = Some("context_1".into());
    assert_eq!(disposition(referred), Disposition::Replayed { identical: false });

    for tenant in [None, Some("tenant_a")] {
        let mut other_device = start(&token);
        other_device.device_fingerprint = "fingerprint_2".into();
        other_device.tenant_id = tenant.map(Into::into);
        office.refuses(Ph1OnbReasonCode::OnbFingerprintMismatch, |store, call| {
            store.ph1onb_session_start_draft_row(call, other_device)
        });
    }
    let mut other_tenant = named;
    other_tenant.tenant_id = Some("tenant_b".into());
    office.refuses(Ph1OnbReasonCode::OnbScopeMismatch, |store, call| {
        store.ph1onb_session_start_draft_row(call, other_tenant)
    });
    // Also when it is over, the one device gets what it was pinned to, and the session as it is now.
    walk(&office.journey(&token));
    let again = office.start(&token).unwrap();
    assert_eq!(again.disposition, Disposition::Replayed { identical: true });
    let expected = OnbSessionStartResult {
        status: OnboardingStatus::Complete,
        next_step: OnboardingNextStep::Nothing,
        missing_requirement_keys: Vec::new(),
        next_requirement_key: None,
        ..first.value.clone()
    };
    assert_eq!(again.value, expected);
}

/// Checks that a call is refused without a simulation, and applied with one.
fn gated<B: Backend, I: Clone, T: std::fmt::Debug>(
    office: &Office<B>,
    input: I,
    call: impl Fn(&B, &CallContext, I) -> Result<Committed<T>, StorageError>,
) -> T {
    office.refuses(selene_contracts::ph1_f::Ph1FReasonCode::FSimulationRequired, |store, context| {
        call(store, &in_chain(7, context.now.get()), input.clone())
    });
    let applied = call(office.store(), &office.call(), input).expect("it is applied in a simulation");
    assert!(applied.is_applied());
    applied.value
}

/// Each of the ten writes, where it would be applied.
pub(super) fn nothing_is_written_without_a_simulation(harness: &impl Harness) {
    let office = Office::new(harness);
    let fields = vec![field("passport", EvidenceMode::DocRequired)];
    office.schema("tenant_a", "v1", fields, RolloutScope::CurrentAndNew);

    let started = gated(&office, super::campaign("v1", "k"), Ph1OnbRepo::ph1onb_backfill_start_draft_row);
    for who in ["boss", "mia", "tom"] {
        let input = super::notify(&started.campaign_id, who, "k");
        gated(&office, input, Ph1OnbRepo::ph1onb_backfill_notify_commit_row);
    }
    let input = super::finish(&started.campaign_id, "k");
    gated(&office, input, Ph1OnbRepo::ph1onb_backfill_complete_commit_row);

    let input = start(&office.employee("one"));
    let session = gated(&office, input, Ph1OnbRepo::ph1onb_session_start_draft_row).onboarding_session_id;
    let input = Ph1onbTermsAcceptCommitRow {
        onboarding_session_id: session.clone(),
        terms_version_id: "terms_1".into(),
        accepted: true,
        idempotency_key: key("k"),
    };
    gated(&office, input, Ph1OnbRepo::ph1onb_terms_accept_commit_row);
    let input = super::photo_for(&session, "boss", "k");
    gated(&office, input, Ph1OnbRepo::ph1onb_employee_photo_capture_send_commit_row);
    let input = super::decision_of(&session, "boss", SenderDecision::Confirm, "k");
    gated(&office, input, Ph1OnbRepo::ph1onb_employee_sender_verify_commit_row);
    let input = super::proof_on(&session, "phone", true, "k");
    gated(&office, input, Ph1OnbRepo::ph1onb_primary_device_confirm_commit_row);
    let input = super::access_of(&session, "k");
    gated(&office, input, Ph1OnbRepo::ph1onb_access_instance_create_commit_row);
    let input = Ph1onbCompleteCommitRow { onboarding_session_id: session, idempotency_key: key("k") };
    gated(&office, input, Ph1OnbRepo::ph1onb_complete_commit_row);
}

/// One step, and the status in its answer.
type Step<B> = fn(&Journey<'_, B>) -> OnboardingStatus;

/// Sessions are read as they are: after every step, from a store that was just opened.
pub(super) fn current_rows_stand_alone<H: Harness>(harness: &H) {
    let mut office = strict(harness);
    let token = office.employee("one");
    let session = office.journey(&token).session;
    let steps: [Step<H::Store>; 6] = [
        |journey| journey.terms(true, "k").unwrap().value.status,
        |journey| journey.photo("k").unwrap().value.status,
        |journey| journey.verify(SenderDecision::Confirm, "k").unwrap().value.status,
        |journey| journey.device(true, "k").unwrap().value.status,
        |journey| journey.access("k").unwrap().value.status,
        |journey| journey.complete("k").unwrap().value.status,
    ];
    for step in steps {
        let status = step(&Journey::resume(&office, session.clone()));
        let before = Journey::resume(&office, session.clone()).row();
        assert_eq!(before.status, status);
        office.world.reopen();
        let after = Journey::resume(&office, session.clone()).row();
        assert_eq!(after, before);
        assert_eq!(office.sessions().into_iter().collect::<Vec<_>>(), [(session.clone(), after)]);
    }
    let events = office.world.events().len();
    let diagnostic = context(1).with_mode(CallMode::Diagnostic);
    let input = selene_contracts::ph1_onb::Ph1onbSessionRow { onboarding_session_id: session };
    office.store().ph1onb_session_row(&diagnostic, input).unwrap();
    assert_eq!(
        office.world.events().len(),
        events + 1,
        "a diagnostic read leaves one event, a normal one none"
    );
}
