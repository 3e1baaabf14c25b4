//! One question at a time: what is missing, what is next, and what a session stays pinned to.

use selene_contracts::ph1_link::{
    LinkStatus, Ph1LinkRepo, Ph1linkInviteOpenActivateCommitRow, Ph1linkReadLinkRow,
};
use selene_contracts::ph1_onb::{OnboardingNextStep, OnboardingStatus, Ph1OnbReasonCode, SenderDecision};
use selene_contracts::ph1_position::{
    EvidenceMode, Ph1PositionRepo, Ph1positionReadSchemaVersionRow, RequirementSchemaRecord,
};
use selene_contracts::shared::{AuditEventType, FieldKey, InviteeType, RolloutScope, TokenId};

use super::office::{Office, document_where};
use super::steps::Journey;
use crate::harness::{Backend, Harness};
use crate::workplace::{employment, field};
use crate::world::{context, key};

/// A version that asks for much: five fields are required for the jurisdiction DE, and one is not.
fn inquisitive<H: Harness>(harness: &H) -> Office<H::Store> {
    let office = Office::new(harness);
    let fields = vec![
        field("tax_class", EvidenceMode::ToolDerived),
        field("compensation_tier_ref", EvidenceMode::UserAnswer),
        document_where("passport", "jurisdiction=DE"),
        document_where("visa", "jurisdiction=FR"),
        field("start_date", EvidenceMode::UserAnswer),
        field("oath", EvidenceMode::Attestation),
    ];
    office.schema("tenant_a", "v1", fields, RolloutScope::CurrentAndNew);
    office
}

/// What a second start and a read answer, which is the same: the status, the next step, what is missing.
fn answered(
    journey: &Journey<'_, impl Backend>,
    office: &Office<impl Backend>,
) -> (OnboardingStatus, OnboardingNextStep, Vec<String>) {
    let (events, row) = (office.world.events(), journey.row());
    let again = office.start(&row.token_id).unwrap();
    assert!(!again.is_applied());
    assert_eq!((office.world.events(), journey.row()), (events, row.clone()), "a replay changes nothing");
    let value = again.value;
    assert_eq!(
        (value.status, Some(value.next_step), &value.missing_requirement_keys, &value.next_requirement_key),
        (row.status, row.next_step, &row.missing_requirement_keys, &row.next_requirement_key)
    );
    let first_question = row.missing_requirement_keys.iter().find(|key| key.as_str() != "tax_class");
    assert_eq!(row.next_requirement_key.as_ref(), first_question);
    let missing = row.missing_requirement_keys.iter().map(ToString::to_string).collect();
    (value.status, value.next_step, missing)
}

/// What somebody does in an onboarding.
type Step<B> = fn(&Journey<'_, B>);

/// A step, and what it leads to: the status, the next step, and the keys that are missing.
type Case<'a, B> = (Step<B>, OnboardingStatus, OnboardingNextStep, &'a [String]);

/// What is missing gets less, and the next step follows the session, in every answer of the start and in every read.
pub(super) fn the_next_question_follows_the_session<H: Harness>(harness: &H) {
    use OnboardingNextStep::{AskMissing, Install, LoadPrefilled, Nothing};
    let mut office = inquisitive(harness);
    let token = office.employee("one");
    let started = office.start(&token).unwrap().value;
    let all = ["tax_class", "passport", "start_date", "oath"].map(str::to_owned).to_vec();
    let rest = ["tax_class", "start_date", "oath"].map(str::to_owned).to_vec();
    assert_eq!(started.next_requirement_key, Some("passport".into()));
    let session = started.onboarding_session_id;
    let required = Journey::resume(&office, session.clone()).row().pinned_requirement_keys;
    let required: Vec<_> = required.iter().map(FieldKey::as_str).collect();
    assert_eq!(required, ["tax_class", "compensation_tier_ref", "passport", "start_date", "oath"]);
    let steps: [Case<'_, H::Store>; 8] = [
        (|_| (), OnboardingStatus::DraftCreated, LoadPrefilled, &all),
        (|it| drop(it.terms(true, "k").unwrap()), OnboardingStatus::TermsAccepted, AskMissing, &all),
        (|it| drop(it.photo("k").unwrap()), OnboardingStatus::VerificationPending, Install, &rest),
        (
            |it| drop(it.verify(SenderDecision::Reject, "k").unwrap()),
            OnboardingStatus::VerificationRejected,
            AskMissing,
            &all,
        ),
        (
            |it| {
                it.photo("k2").unwrap();
                it.verify(SenderDecision::Confirm, "k2").unwrap();
            },
            OnboardingStatus::VerificationConfirmed,
            Install,
            &rest,
        ),
        (
            |it| drop(it.device(true, "k").unwrap()),
            OnboardingStatus::PrimaryDeviceConfirmed,
            AskMissing,
            &rest,
        ),
        (|it| drop(it.access("k").unwrap()), OnboardingStatus::AccessInstanceCreated, AskMissing, &rest),
        (|it| drop(it.complete("k").unwrap()), OnboardingStatus::Complete, Nothing, &rest),
    ];
    for (step, status, next_step, missing) in steps {
        step(&Journey::resume(&office, session.clone()));
        office.world.reopen();
        let journey = Journey::resume(&office, session.clone());
        assert_eq!(answered(&journey, &office), (status, next_step, missing.to_vec()), "{status}");
    }
}

/// Who was invited to nothing in particular is asked for nothing.
pub(super) fn nobody_else_is_asked<H: Harness>(harness: &H) {
    let office = inquisitive(harness);
    let token = office.activated("friend", InviteeType::Friend, None);
    let journey = office.journey(&token);
    let step = |journey: &Journey<'_, H::Store>| answered(journey, &office).1;
    assert_eq!(step(&journey), OnboardingNextStep::Terms);
    journey.terms(false, "k").unwrap();
    assert_eq!(answered(&journey, &office).1, OnboardingNextStep::Nothing);
    assert_eq!(journey.row().pinned_requirement_keys, []);
    let without_tenant = office.journey(&office.activated("lost", InviteeType::Employee, None));
    without_tenant.terms(true, "k").unwrap();
    assert_eq!(step(&without_tenant), OnboardingNextStep::AskMissing, "a tenant is missing still");
}

/// Fields, gates and selectors of the pinned version are read after another one is active.
pub(super) fn a_pinned_version_stays_readable<H: Harness>(harness: &H) {
    let mut office = inquisitive(harness);
    let token = office.employee("one");
    let before = office.journey(&token).row();
    let version = |office: &Office<H::Store>,
                   tenant: &str,
                   version: &str|
     -> Option<RequirementSchemaRecord> {
        let input = Ph1positionReadSchemaVersionRow {
            tenant_id: tenant.into(),
            position_id: "nurse".into(),
            schema_version_id: version.into(),
        };
        office.store().ph1position_read_schema_version_row(&context(1), input).expect("the read is served")
    };
    let pinned = version(&office, "tenant_a", "v1").expect("it is there");
    office.schema(
        "tenant_a",
        "v2",
        vec![field("name", EvidenceMode::UserAnswer)],
        RolloutScope::NewHiresOnly,
    );
    office.world.reopen();
    assert_eq!(office.journey(&token).row(), before);
    let after = version(&office, "tenant_a", "v1").expect("it is there still");
    assert_eq!(
        (after.requirement_fields, after.selectors),
        (pinned.requirement_fields, pinned.selectors),
        "{}",
        after.schema_state
    );
    assert_eq!(version(&office, "tenant_b", "v1"), None, "another tenant has no such version");
    assert_eq!(version(&office, "tenant_a", "v3"), None);
    // What was known beforehand is part of the session.
    assert_eq!(before.prefilled_context, Some(employment()));
}

/// Another device blocks the link, which nothing undoes. A session that began on it gets neither access nor completion; one
/// that is complete stays so.
pub(super) fn a_blocked_link_ends_what_began_on_it(harness: &impl Harness) {
    let office = inquisitive(harness);
    let open = |token: &TokenId, device: &str, name: &str| {
        let input = Ph1linkInviteOpenActivateCommitRow {
            token_id: token.clone(),
            device_fingerprint: device.into(),
            idempotency_key: key(name),
        };
        office.store().ph1link_invite_open_activate_commit_row(&office.call(), input)
    };
    let status = |token: &TokenId| {
        let input = Ph1linkReadLinkRow { token_id: token.clone() };
        let link = office.store().ph1link_read_link_row(&context(1), input).expect("the read is served");
        link.expect("the link is there").link_status
    };
    let done = office.employee("done");
    super::replays::walk(&office.journey(&done));
    assert!(open(&done, "another", "late").is_err());
    assert_eq!(status(&done), LinkStatus::Consumed);

    let token = office.employee("one");
    let journey = office.journey(&token);
    journey.terms(true, "k").unwrap();
    let blocked = open(&token, "another", "another").unwrap();
    assert_eq!((blocked.value.link_status, status(&token)), (LinkStatus::Blocked, LinkStatus::Blocked));
    let events = office.world.events();
    let event = events.iter().find(|event| event.event_id == blocked.event_id).expect("it emits its event");
    assert_eq!((event.event_type, event.user_id.clone()), (AuditEventType::GateFail, Some("boss".into())));
    assert_eq!(event.payload_min.get("previous_link_status"), Some("ACTIVATED"));
    journey.photo("k").unwrap();
    journey.verify(SenderDecision::Confirm, "k").unwrap();
    journey.device(true, "k").unwrap();
    office.refuses(Ph1OnbReasonCode::OnbLinkNotActivated, |_, _| journey.access("k"));
    let folds = office.store().verify_folds().expect("the check runs");
    assert!(folds.is_intact(), "{folds:?}");
}
