//! The people that the events of the steps name.

use selene_contracts::ph1_onb::{
    BackfillCampaignState, BackfillTargetStatus, DeviceProofType, OnboardingSessionRecord, OnboardingStatus,
    Ph1onbCompleteCommitRow, Ph1onbEmployeePhotoCaptureSendCommitRow, Ph1onbEmployeeSenderVerifyCommitRow,
    Ph1onbPrimaryDeviceConfirmCommitRow, Ph1onbSessionStartDraftRow, Ph1onbTermsAcceptCommitRow,
    SenderDecision, TermsStatus, VerificationGate, VerificationStatus,
};
use selene_contracts::shared::{MonotonicTimeNs, UserId};

use super::super::{
    Campaign, CompletionFacts, DeviceFacts, PhotoFacts, StartFacts, StepFacts, Target, Workplace,
};
use super::backfill::{campaign, target};
use super::{BEFORE, TOKEN, begun, device, link, people, ready, session_id};
use crate::change::Update;
use crate::rules::person::Person;
use crate::rules::trial::{NOW, decide, refusal};
use crate::rules::{Decision, WriteRule};

/// The user of an event, and the value of a payload key.
fn named<C: WriteRule>(decision: &Decision<C>, key: &str) -> (Option<UserId>, String) {
    let entry = decision.event.payload.iter().find(|(name, _)| *name == key);
    (decision.event.user_id.clone(), entry.expect("the event says it").1.to_owned())
}

fn with_both_gates() -> OnboardingSessionRecord {
    OnboardingSessionRecord {
        terms_status: Some(TermsStatus::Accepted),
        status: OnboardingStatus::TermsAccepted,
        ..begun(&[VerificationGate::PhotoEvidenceCapture, VerificationGate::SenderConfirmation])
    }
}

#[test]
fn steps_before_the_person_is_known_name_who_invited() {
    let start = Ph1onbSessionStartDraftRow {
        token_id: TOKEN.into(),
        prefilled_context_ref: None,
        tenant_id: None,
        device_fingerprint: "phone".into(),
    };
    let facts = StartFacts { link: Some(link()), ..StartFacts::default() };
    assert_eq!(named(&decide(start, facts).unwrap(), "inviter_user_id"), (None, "boss".to_owned()));
    let terms = Ph1onbTermsAcceptCommitRow {
        onboarding_session_id: session_id(),
        terms_version_id: "terms_1".into(),
        accepted: true,
        idempotency_key: "k".into(),
    };
    let facts = StepFacts { session: Some(begun(&[])), people: people(None) };
    assert_eq!(named(&decide(terms, facts).unwrap(), "inviter_user_id"), (None, "boss".to_owned()));
}

#[test]
fn evidence_names_its_sender_and_the_person_as_soon_as_that_is_known() {
    for person in [None, Some("eve")] {
        let photo = Ph1onbEmployeePhotoCaptureSendCommitRow {
            onboarding_session_id: session_id(),
            photo_blob_ref: "blob".into(),
            sender_user_id: "mia".into(),
            idempotency_key: "k".into(),
        };
        let facts = PhotoFacts {
            session: Some(with_both_gates()),
            people: people(person),
            sender: Some(Person::default()),
        };
        let sent = decide(photo, facts).unwrap();
        let person_id: Option<UserId> = person.map(Into::into);
        assert_eq!(named(&sent, "sender_user_id"), (person_id.clone(), "mia".to_owned()));
        assert_eq!(named(&sent, "inviter_user_id").1, "boss".to_owned());
        let verify = Ph1onbEmployeeSenderVerifyCommitRow {
            onboarding_session_id: session_id(),
            sender_user_id: "mia".into(),
            decision: SenderDecision::Confirm,
            idempotency_key: "k".into(),
        };
        let session = OnboardingSessionRecord {
            sender_user_id: Some("mia".into()),
            verification_status: Some(VerificationStatus::Pending),
            ..with_both_gates()
        };
        let decided = decide(verify, StepFacts { session: Some(session), people: people(person) }).unwrap();
        assert_eq!(named(&decided, "sender_user_id"), (person_id, "mia".to_owned()));
    }
}

#[test]
fn only_a_proven_device_names_the_person() {
    for (proof_ok, expected) in [(false, None), (true, Some("ann".into()))] {
        let prove = Ph1onbPrimaryDeviceConfirmCommitRow {
            onboarding_session_id: session_id(),
            device_id: "d".into(),
            proof_type: DeviceProofType::Passcode,
            proof_ok,
            idempotency_key: "k".into(),
        };
        let facts = DeviceFacts {
            session: Some(with_both_gates()),
            people: people(None),
            device: Some(device(None)),
        };
        assert_eq!(named(&decide(prove, facts).unwrap(), "inviter_user_id"), (expected, "boss".to_owned()));
    }
}

#[test]
fn a_completion_completes_its_person_in_the_campaigns_of_the_version() {
    let complete =
        || Ph1onbCompleteCommitRow { onboarding_session_id: session_id(), idempotency_key: "k".into() };
    let ahead = MonotonicTimeNs::new(NOW.get() + 5);
    let target = |updated_at| target(BackfillTargetStatus::Reminded, updated_at);
    let facts = |person| CompletionFacts {
        session: Some(OnboardingSessionRecord {
            access_engine_instance_id: Some("acc_1".into()),
            ..ready(Some("a"))
        }),
        workplace: Workplace { link: Some(link()), ..Workplace::default() },
        people: people(person),
        campaigns: vec![
            (campaign(BackfillCampaignState::Running), target(BEFORE)),
            (campaign(BackfillCampaignState::Completed), target(ahead)),
        ],
    };
    let done = decide(complete(), facts(Some("eve"))).unwrap();
    assert_eq!(named(&done, "completed_target_count"), (Some("eve".into()), "2".to_owned()));
    assert_eq!(done.output.user_id, Some("eve".into()));
    assert_eq!(done.output.completed_campaign_ids, ["cmp_1".into(), "cmp_1".into()]);
    // A row that changed later keeps its time.
    let (_, changed, _) = done.change;
    let (targets, campaigns): (Vec<Target>, Vec<Campaign>) =
        changed.into_iter().map(|(Update(target), Update(campaign))| (target, campaign)).unzip();
    let times =
        targets.iter().zip(&campaigns).map(|(target, campaign)| (target.updated_at, campaign.updated_at));
    assert_eq!(times.collect::<Vec<_>>(), [(NOW, NOW), (ahead, NOW)]);
    assert!(targets.iter().all(|target| target.target_status == BackfillTargetStatus::Completed));
    assert!(targets.iter().all(|target| target.recipient_user_id == "eve".into()));
    let states = campaigns.iter().map(|campaign| campaign.state).collect::<Vec<_>>();
    assert_eq!(states, [BackfillCampaignState::Running, BackfillCampaignState::Completed]);
    // Access has a person, and the event of a completion names them.
    assert_eq!(refusal(complete(), facts(None)), ("ONB_CONTRACT_VALIDATION_FAILED", "user_id"));
}
