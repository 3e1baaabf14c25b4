//! Onboarding sessions, campaigns and their targets as state machines: what the rules decide in every state.
//!
//! A session has more state than its status, so sessions are made by all calls from the start on, until none is new.

use selene_contracts::ph1_onb::{
    BackfillCampaignState, BackfillTargetStatus, DeviceProofType, OnboardingSessionRecord, OnboardingStatus,
    Ph1onbAccessInstanceCreateCommitRow, Ph1onbBackfillCompleteCommitRow, Ph1onbBackfillNotifyCommitRow,
    Ph1onbBackfillStartDraftRow, Ph1onbCompleteCommitRow, Ph1onbEmployeePhotoCaptureSendCommitRow,
    Ph1onbEmployeeSenderVerifyCommitRow, Ph1onbPrimaryDeviceConfirmCommitRow, Ph1onbSessionStartDraftRow,
    Ph1onbTermsAcceptCommitRow, SenderDecision, VerificationGate,
};
use selene_contracts::ph1_position::SchemaState;
use selene_contracts::shared::RolloutScope;
use selene_contracts::{Capability, ReasonCode, StorageError};

use super::super::{
    CampaignFacts, CompletionFacts, DeviceFacts, NotifyFacts, OPEN, PhotoFacts, ProgressFacts, StartFacts,
    StepFacts, Workplace,
};
use super::access::{access, access_facts};
use super::backfill::{campaign, finish, notify, target};
use super::steps::{start, terms};
use super::{BEFORE, begun, device, link, people, session_id};
use crate::rules::machine::{Machine, Move};
use crate::rules::person::Person;
use crate::rules::trial::decide;

type Session = OnboardingSessionRecord;
type Came<T> = Result<T, ReasonCode>;

pub(crate) fn machines() -> Vec<Machine> {
    vec![sessions(), campaigns(), targets()]
}

#[expect(clippy::needless_pass_by_value, reason = "`map_err` gives it by value")]
fn code(error: StorageError) -> ReasonCode {
    error.reason_code()
}

/// Every call on a session: its capability, the condition in words, and the session after it.
fn steps(session: &Session) -> Vec<(&'static str, &'static str, Came<Session>)> {
    let one = || Some(session.clone());
    let step = || StepFacts { session: one(), people: people(None) };
    let mut came = Vec::new();
    for (accepted, when) in [(true, "accepted"), (false, "declined")] {
        let input = Ph1onbTermsAcceptCommitRow { accepted, ..terms() };
        came.push((
            Ph1onbTermsAcceptCommitRow::SPEC.id,
            when,
            decide(input, step()).map(|one| one.change.0).map_err(code),
        ));
    }
    let photo = Ph1onbEmployeePhotoCaptureSendCommitRow {
        onboarding_session_id: session_id(),
        photo_blob_ref: "blob".into(),
        sender_user_id: "mia".into(),
        idempotency_key: "k".into(),
    };
    let facts = PhotoFacts { session: one(), people: people(None), sender: Some(Person::default()) };
    came.push((
        Ph1onbEmployeePhotoCaptureSendCommitRow::SPEC.id,
        "",
        decide(photo, facts).map(|one| one.change.0).map_err(code),
    ));
    for (decision, when) in [(SenderDecision::Confirm, "confirmed"), (SenderDecision::Reject, "rejected")] {
        let input = Ph1onbEmployeeSenderVerifyCommitRow {
            onboarding_session_id: session_id(),
            sender_user_id: "mia".into(),
            decision,
            idempotency_key: "k".into(),
        };
        let after = decide(input, step()).map(|one| one.change.0).map_err(code);
        came.push((Ph1onbEmployeeSenderVerifyCommitRow::SPEC.id, when, after));
    }
    for (proof_ok, when) in [(true, "proven"), (false, "not proven")] {
        let input = Ph1onbPrimaryDeviceConfirmCommitRow {
            onboarding_session_id: session_id(),
            device_id: "d".into(),
            proof_type: DeviceProofType::Passcode,
            proof_ok,
            idempotency_key: "k".into(),
        };
        let facts = DeviceFacts { session: one(), people: people(None), device: Some(device(None)) };
        let after = decide(input, facts).map(|one| one.change.0).map_err(code);
        came.push((Ph1onbPrimaryDeviceConfirmCommitRow::SPEC.id, when, after));
    }
    let after = decide(access(None), access_facts(session.clone())).map(|one| one.change.2.0).map_err(code);
    came.push((Ph1onbAccessInstanceCreateCommitRow::SPEC.id, "", after));
    let complete =
        Ph1onbCompleteCommitRow { onboarding_session_id: session_id(), idempotency_key: "k".into() };
    let facts = CompletionFacts {
        session: one(),
        workplace: Workplace { link: Some(link()), ..Workplace::default() },
        people: people(Some("eve")),
        campaigns: Vec::new(),
    };
    came.push((
        Ph1onbCompleteCommitRow::SPEC.id,
        "",
        decide(complete, facts).map(|one| one.change.2.0).map_err(code),
    ));
    came
}

fn sessions() -> Machine {
    let gates = [VerificationGate::PhotoEvidenceCapture, VerificationGate::SenderConfirmation];
    let mut known: Vec<Session> = vec![begun(&[]), begun(&gates)];
    let mut found: Vec<Move> = Vec::new();
    let mut next = 0;
    while let Some(session) = known.get(next).cloned() {
        next += 1;
        for (call, when, came) in steps(&session) {
            let (to, reason) = match came {
                Ok(after) => {
                    let to = after.status.as_str();
                    if !known.contains(&after) {
                        known.push(after);
                    }
                    (Some(to), "")
                }
                Err(code) => (None, code.as_str()),
            };
            let one = Move { call, from: Some(session.status.as_str()), when, to, reason };
            if !found.contains(&one) {
                found.push(one);
            }
        }
    }
    let made = decide(start(None, "phone"), StartFacts { link: Some(link()), ..StartFacts::default() });
    let made = Ok(made.expect("a session is made").change.0.status.as_str());
    let mut moves = vec![Move::new::<Ph1onbSessionStartDraftRow>(None, "", made)];
    for status in OnboardingStatus::ALL {
        let of_status: Vec<&Move> = found.iter().filter(|one| one.from == Some(status.as_str())).collect();
        // A refusal of some sessions of a status and not of others is a condition of the step, in `gates.rs`.
        let is_listed = |one: &&&Move| {
            one.to.is_some() || !of_status.iter().any(|other| other.call == one.call && other.to.is_some())
        };
        let mut listed: Vec<Move> = of_status.iter().filter(is_listed).map(|one| (*one).clone()).collect();
        listed.iter_mut().filter(|one| one.to.is_none()).for_each(|one| one.when = "");
        for (place, one) in listed.iter().enumerate() {
            if !listed[..place].contains(one) {
                moves.push(one.clone());
            }
        }
    }
    Machine {
        title: "Onboarding session",
        engine: Ph1onbSessionStartDraftRow::SPEC.engine,
        table: "onboarding_sessions",
        column: "status",
        source: "storage/src/rules/ph1_onb",
        states: OnboardingStatus::ALL.iter().map(|status| status.as_str()).collect(),
        moves,
    }
}

fn begin() -> Ph1onbBackfillStartDraftRow {
    Ph1onbBackfillStartDraftRow {
        actor_user_id: "boss".into(),
        tenant_id: "a".into(),
        company_id: "c".into(),
        position_id: "p".into(),
        schema_version_id: "v1".into(),
        rollout_scope: RolloutScope::CurrentAndNew,
        idempotency_key: "k".into(),
    }
}

/// A campaign may start for so many people.
fn start_facts(target_count: u64) -> CampaignFacts {
    let position = serde_json::json!({
        "tenant_id": "a", "company_id": "c", "position_id": "p", "position_title": "t", "department": "d", "jurisdiction": "DE",
        "schedule_type": "FULL_TIME", "permission_profile_ref": "x", "compensation_band_ref": "y", "position_lifecycle": "ACTIVE",
        "created_at": 1, "updated_at": 1,
    });
    CampaignFacts {
        actor: Some(Person::default()),
        position: Some(serde_json::from_value(position).expect("a position")),
        schema: Some((SchemaState::Active, Some(RolloutScope::CurrentAndNew))),
        target_count,
        passed_over_count: 0,
    }
}

fn campaigns() -> Machine {
    let mut moves = Vec::new();
    for (target_count, when) in [(1, "somebody to ask"), (0, "nobody to ask")] {
        let made = decide(begin(), start_facts(target_count));
        let made = Ok(made.expect("a campaign is made").change.0.state.as_str());
        moves.push(Move::new::<Ph1onbBackfillStartDraftRow>(None, when, made));
    }
    for state in BackfillCampaignState::ALL {
        let from = Some(state.as_str());
        let facts = NotifyFacts {
            campaign: Some(campaign(*state)),
            target: Some(target(BackfillTargetStatus::Pending, BEFORE)),
            person: Some(Person::default()),
            access: None,
        };
        let after = decide(notify("a"), facts).map(|one| one.change.1.0.state.as_str()).map_err(code);
        moves.push(Move::new::<Ph1onbBackfillNotifyCommitRow>(from, "", after));
        for (has_pending, when) in [(false, "no target PENDING"), (true, "a target PENDING")] {
            let facts = ProgressFacts { campaign: Some(campaign(*state)), has_pending, completed_count: 0 };
            let after = decide(finish("a"), facts).map(|one| one.change.0.state.as_str()).map_err(code);
            moves.push(Move::new::<Ph1onbBackfillCompleteCommitRow>(from, when, after));
        }
    }
    Machine {
        title: "Backfill campaign",
        engine: Ph1onbBackfillStartDraftRow::SPEC.engine,
        table: "onboarding_backfill_campaigns",
        column: "state",
        source: "storage/src/rules/ph1_onb/backfill.rs",
        states: BackfillCampaignState::ALL.iter().map(|state| state.as_str()).collect(),
        moves,
    }
}

fn targets() -> Machine {
    // The targets of a campaign are copied by one statement, so no rule gives them their first status.
    let rows = include_str!("../../../rows/ph1_onb/campaigns.rs");
    assert!(
        rows.contains("{person.user_id}, {BackfillTargetStatus::Pending}, $2"),
        "targets begin otherwise"
    );
    let begun = Ok(BackfillTargetStatus::Pending.as_str());
    let mut moves = vec![Move::new::<Ph1onbBackfillStartDraftRow>(None, "", begun)];
    for status in BackfillTargetStatus::ALL {
        let from = Some(status.as_str());
        for (is_disabled, when) in [(false, "an active person"), (true, "a disabled person")] {
            let facts = NotifyFacts {
                campaign: Some(campaign(BackfillCampaignState::Running)),
                target: Some(target(*status, BEFORE)),
                person: Some(Person { is_disabled, ..Person::default() }),
                access: None,
            };
            let after = decide(notify("a"), facts).map(|one| one.output.target_status.as_str()).map_err(code);
            moves.push(Move::new::<Ph1onbBackfillNotifyCommitRow>(from, when, after));
        }
        if OPEN.contains(status) {
            let session =
                Session { access_engine_instance_id: Some("acc_1".into()), ..super::ready(Some("a")) };
            let facts = CompletionFacts {
                session: Some(session),
                workplace: Workplace { link: Some(link()), ..Workplace::default() },
                people: people(Some("eve")),
                campaigns: vec![(campaign(BackfillCampaignState::Running), target(*status, BEFORE))],
            };
            let input =
                Ph1onbCompleteCommitRow { onboarding_session_id: session_id(), idempotency_key: "k".into() };
            let after = decide(input, facts).map(|one| one.change.1[0].0.0.target_status.as_str());
            moves.push(Move::new::<Ph1onbCompleteCommitRow>(
                from,
                "the person completes",
                after.map_err(code),
            ));
        }
    }
    Machine {
        title: "Person of a backfill campaign",
        engine: Ph1onbBackfillStartDraftRow::SPEC.engine,
        table: "onboarding_backfill_targets",
        column: "target_status",
        source: "storage/src/rules/ph1_onb/backfill.rs",
        states: BackfillTargetStatus::ALL.iter().map(|status| status.as_str()).collect(),
        moves,
    }
}
