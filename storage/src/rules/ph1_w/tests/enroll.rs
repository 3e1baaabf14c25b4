//! Start, completion and deferral.

use selene_contracts::ReasonClass;
use selene_contracts::ph1_w::{
    Ph1WReasonCode as Code, Ph1wEnrollCompleteCommitRow, Ph1wEnrollDeferReminderCommitRow,
    Ph1wEnrollStartDraftRow, WakeEnrollStatus as Status, WakeProfileBindingsRow,
};
use selene_contracts::shared::MonotonicTimeNs;

use super::*;
use crate::change::{Insert, Update};
use crate::rules::person::Person;
use crate::rules::ph1_w::{CompleteFacts, StartFacts};

fn start() -> Ph1wEnrollStartDraftRow {
    Ph1wEnrollStartDraftRow {
        user_id: "ann".into(),
        device_id: "phone".into(),
        onboarding_session_id: Some("onb".into()),
        pass_target: 3,
        max_attempts: 8,
        enrollment_timeout_ms: 180_000,
        idempotency_key: "k".into(),
    }
}

fn clear() -> StartFacts {
    StartFacts {
        user: Some(Person::default()),
        device: Some(phone("ann", Some("acme"))),
        onboarding: Some(onboarding(Some("acme"), None)),
        is_taken: false,
    }
}

#[test]
fn a_start_begins_with_nothing_counted() {
    let Decision { change: Insert(row), event, output } = decide(7, start(), clear()).unwrap();
    assert_eq!(row, output);
    assert_eq!(output.wake_enroll_status, Status::InProgress);
    assert_eq!((output.pass_count, output.attempt_count), (0, 0));
    assert_eq!((output.created_at, output.updated_at), (MonotonicTimeNs::new(7), MonotonicTimeNs::new(7)));
    assert_eq!((output.reason_code, output.completed_at, output.deferred_until), (None, None, None));
    assert!(output.wake_enrollment_session_id.as_str().starts_with("wes_"));
    assert_eq!(event.reason_code, code(Code::WakeEnrollStartDraft));
    assert_eq!(event.tenant_id, Some("acme".into()));
    assert_eq!(event.payload.get("wake_enroll_status"), Some("IN_PROGRESS"));
}

#[test]
fn the_id_follows_from_the_dedupe_key_and_nothing_else() {
    let id = |now, input: Ph1wEnrollStartDraftRow| {
        decide(now, input, clear()).unwrap().output.wake_enrollment_session_id
    };
    let base = id(7, start());
    assert_eq!(base, id(8, Ph1wEnrollStartDraftRow { pass_target: 8, ..start() }));
    assert_ne!(base, id(7, Ph1wEnrollStartDraftRow { idempotency_key: "other".into(), ..start() }));
    assert_ne!(base, id(7, Ph1wEnrollStartDraftRow { device_id: "tablet".into(), ..start() }));
}

#[test]
fn a_start_is_refused_in_the_order_of_the_checks() {
    // At first every check fails; each step corrects one value, so the next check gives the refusal.
    let mut facts = StartFacts { user: None, device: None, onboarding: None, is_taken: true };
    let mut refused = Vec::new();
    refused.push(refusal(7, start(), facts.clone()));
    facts.user = Some(Person { home_tenant_id: Some("acme".into()), ..Person::default() });
    refused.push(refusal(7, start(), facts.clone()));
    facts.device = Some(phone("bob", Some("acme")));
    refused.push(refusal(7, start(), facts.clone()));
    facts.device = Some(phone("ann", Some("acme")));
    refused.push(refusal(7, start(), facts.clone()));
    let late = MonotonicTimeNs::new(8);
    let wrong = |tenant, person| OnboardingStanding {
        is_declined: true,
        began_at: late,
        ..onboarding(Some(tenant), Some(person))
    };
    facts.onboarding = Some(wrong("globex", "bob"));
    refused.push(refusal(7, start(), facts.clone()));
    facts.onboarding = Some(wrong("acme", "bob"));
    refused.push(refusal(7, start(), facts.clone()));
    facts.onboarding = Some(wrong("acme", "ann"));
    refused.push(refusal(7, start(), facts.clone()));
    facts.onboarding = Some(OnboardingStanding { is_declined: false, ..wrong("acme", "ann") });
    refused.push(refusal(7, start(), facts.clone()));
    refused.push(refusal(8, start(), facts.clone()));
    let expected = [
        Code::WEnrollUserMissing,
        Code::WEnrollDeviceMissing,
        Code::WEnrollDeviceOwnershipMismatch,
        Code::WScopeViolation,
        Code::WScopeViolation,
        Code::WScopeViolation,
        Code::WOnboardingDeclined,
        Code::WEnrollTimeInvalid,
        Code::WEnrollAlreadyInProgress,
    ];
    assert_eq!(refused, expected.map(code));
    facts.is_taken = false;
    decide(8, start(), facts).unwrap();
}

#[test]
fn an_onboarding_session_of_another_tenant_is_refused_like_one_that_does_not_exist() {
    for owner in ["ann", "bob"] {
        let answer = |onboarding| {
            let device = Some(phone(owner, Some("acme")));
            decide(7, start(), StartFacts { device, onboarding, ..clear() }).unwrap_err()
        };
        assert_eq!(answer(Some(onboarding(Some("globex"), None))), answer(None));
    }
}

#[test]
fn an_onboarding_session_refuses_a_person_with_another_home() {
    let answer = |home: Option<&str>, onboarding| {
        let user = Some(Person { home_tenant_id: home.map(Into::into), ..Person::default() });
        decide(7, start(), StartFacts { user, device: Some(phone("ann", None)), onboarding, ..clear() })
    };
    let of_acme = || Some(onboarding(Some("acme"), None));
    assert!(answer(None, of_acme()).is_ok() && answer(Some("acme"), of_acme()).is_ok());
    assert_eq!(answer(Some("globex"), of_acme()).unwrap_err(), answer(Some("globex"), None).unwrap_err());
}

#[test]
fn tenants_fit_where_either_is_unknown() {
    for (device, session) in [(None, None), (None, Some("acme")), (Some("acme"), None)] {
        let facts = StartFacts {
            device: Some(phone("ann", device)),
            onboarding: Some(onboarding(session, None)),
            ..clear()
        };
        let event = decide(7, start(), facts).unwrap().event;
        let expected = session.or(device).map(Into::into);
        assert_eq!(event.tenant_id, expected, "the onboarding session's tenant, else the device's");
    }
}

// PH1.VOICE.ID has a test alike: its bounds, its input and its reason code are its own.
#[test]
fn the_bounds_of_a_start_hold_on_both_ends() {
    type Set = fn(&mut Ph1wEnrollStartDraftRow, u32);
    let cases: [(Set, u32, u32); 3] = [
        (|input, value| input.pass_target = u8::try_from(value).unwrap(), 3, 8),
        (|input, value| input.max_attempts = u8::try_from(value).unwrap(), 8, 20),
        (|input, value| input.enrollment_timeout_ms = value, 180_000, 600_000),
    ];
    for (set, low, high) in cases {
        for (value, is_within) in [(low - 1, false), (low, true), (high, true), (high + 1, false)] {
            let mut input = start();
            set(&mut input, value);
            match admit(7, input) {
                Ok(_) => assert!(is_within, "{value} of {low}..={high}"),
                Err(error) => {
                    assert!(!is_within, "{value} of {low}..={high}");
                    assert_eq!(error.reason_code(), code(Code::WEnrollInvalidBounds));
                }
            }
        }
    }
}

fn complete(profile: &str) -> Ph1wEnrollCompleteCommitRow {
    Ph1wEnrollCompleteCommitRow {
        wake_enrollment_session_id: "wes_1".into(),
        wake_profile_id: profile.into(),
        idempotency_key: "k".into(),
    }
}

/// The binding of a profile, since a time.
fn active_since(time: u64) -> WakeProfileBindingsRow {
    WakeProfileBindingsRow {
        user_id: "ann".into(),
        device_id: "phone".into(),
        wake_enrollment_session_id: "wes_before".into(),
        wake_profile_id: "p0".into(),
        active: true,
        bound_at: MonotonicTimeNs::new(time),
        unbound_at: None,
    }
}

/// The facts of a completion, with no profile bound before.
fn unbound(session: WakeEnrollmentSessionRecord) -> CompleteFacts {
    CompleteFacts { enrollment: facts(session), active: None }
}

#[test]
fn a_completion_binds_the_profile() {
    let Decision { change, event, output } =
        decide(2_000, complete("p1"), unbound(session(Status::Complete, 3, 5))).unwrap();
    let (Update(session), replaced, Insert(binding)) = change.expect("the first completion changes rows");
    assert_eq!(session, output);
    assert_eq!((&binding.user_id, &binding.device_id), (&output.user_id, &output.device_id));
    assert_eq!((binding.wake_profile_id.as_str(), binding.active, binding.unbound_at), ("p1", true, None));
    assert_eq!((binding.bound_at, replaced), (MonotonicTimeNs::new(2_000), None));
    assert_eq!(output.wake_profile_id, Some("p1".into()));
    assert_eq!(output.updated_at, MonotonicTimeNs::new(2_000));
    assert_eq!(event.payload.get("wake_profile_id"), Some("p1"));
}

#[test]
fn a_second_completion_changes_nothing_and_another_profile_is_refused() {
    let mut bound = session(Status::Complete, 3, 5);
    bound.wake_profile_id = Some("p1".into());
    let again = decide(9_000, complete("p1"), unbound(bound.clone())).unwrap();
    assert!(again.change.is_none());
    assert_eq!(again.output, bound);
    assert_eq!(refusal(9_000, complete("p2"), unbound(bound)), code(Code::WEnrollProfileConflict));
}

#[test]
fn a_completion_is_refused_in_the_order_of_the_checks() {
    assert_eq!(
        refusal(1, complete("p2"), CompleteFacts { enrollment: NOBODY, active: None }),
        code(Code::WScopeViolation)
    );
    let ended = CompleteFacts { enrollment: declined(session(Status::Pending, 2, 5)), active: None };
    assert_eq!(refusal(1, complete("p2"), ended), code(Code::WOnboardingDeclined));
    for status in [Status::InProgress, Status::Pending, Status::Declined] {
        assert_eq!(
            refusal(1, complete("p2"), unbound(session(status, 2, 5))),
            code(Code::WEnrollPassTargetNotMet)
        );
    }
    let mut bound = session(Status::Complete, 3, 5);
    bound.wake_profile_id = Some("p1".into());
    assert_eq!(refusal(1_999, complete("p2"), unbound(bound.clone())), code(Code::WEnrollTimeInvalid));
    assert_eq!(refusal(2_000, complete("p2"), unbound(bound)), code(Code::WEnrollProfileConflict));
    let short = session(Status::Complete, 2, 5);
    assert_eq!(refusal(2_000, complete("p1"), unbound(short)), code(Code::WEnrollPassTargetNotMet));
}

#[test]
fn a_binding_never_ends_before_it_began() {
    let since =
        |time| CompleteFacts { active: Some(active_since(time)), ..unbound(session(Status::Complete, 3, 5)) };
    assert_eq!(refusal(4_999, complete("p1"), since(5_000)), code(Code::WEnrollTimeInvalid));
    let (_, ended_before, _) = decide(5_000, complete("p1"), since(5_000)).unwrap().change.unwrap();
    let ended = Some(MonotonicTimeNs::new(5_000));
    let replaced = WakeProfileBindingsRow { active: false, unbound_at: ended, ..active_since(5_000) };
    assert_eq!(ended_before, Some(Update(replaced)));
    // What is bound already, by this enrollment, replaces nothing.
    let mut facts = since(5_000);
    facts.enrollment.session.as_mut().unwrap().wake_profile_id = Some("p1".into());
    assert!(decide(4_999, complete("p1"), facts.clone()).unwrap().change.is_none());
    assert_eq!(refusal(4_999, complete("p2"), facts), code(Code::WEnrollProfileConflict));
}

fn defer(until: Option<u64>) -> Ph1wEnrollDeferReminderCommitRow {
    Ph1wEnrollDeferReminderCommitRow {
        wake_enrollment_session_id: "wes_1".into(),
        deferred_until: until.map(MonotonicTimeNs::new),
        reason_code: Code::FailG0DeviceUnhealthy,
        idempotency_key: "k".into(),
    }
}

#[test]
fn a_deferral_makes_an_open_enrollment_wait() {
    for status in [Status::InProgress, Status::Pending] {
        let mut before = session(status, 1, 5);
        before.deferred_until = Some(MonotonicTimeNs::new(1));
        for until in [Some(9), None] {
            let Decision { change: Update(row), event, output } =
                decide(2_000, defer(until), facts(before.clone())).unwrap();
            assert_eq!(row, output);
            assert_eq!(output.wake_enroll_status, Status::Pending);
            assert_eq!(output.reason_code, Some(Code::FailG0DeviceUnhealthy));
            assert_eq!(output.deferred_until, until.map(MonotonicTimeNs::new));
            assert_eq!((output.pass_count, output.attempt_count), (1, 5));
            assert_eq!(event.payload.get("gate_reason_code"), Some("FAIL_G0_DEVICE_UNHEALTHY"));
        }
    }
}

#[test]
fn a_deferral_has_the_code_of_an_outcome_or_of_a_gate() {
    for reason_code in Code::ALL {
        let input = Ph1wEnrollDeferReminderCommitRow { reason_code: *reason_code, ..defer(None) };
        let decided = decide(2_000, input, facts(session(Status::InProgress, 1, 5)));
        let fits = matches!(reason_code.class(), ReasonClass::Outcome | ReasonClass::Gate);
        assert_eq!(decided.is_ok(), fits, "{reason_code}");
    }
}

#[test]
fn a_deferral_is_refused_in_the_order_of_the_checks() {
    assert_eq!(refusal(1, defer(None), NOBODY), code(Code::WScopeViolation));
    let ended = declined(session(Status::Complete, 3, 5));
    assert_eq!(refusal(1, defer(None), ended), code(Code::WOnboardingDeclined));
    for status in [Status::Complete, Status::Declined] {
        assert_eq!(
            refusal(1, defer(None), facts(session(status, 3, 5))),
            code(Code::WEnrollDeferSessionClosed)
        );
    }
    assert_eq!(
        refusal(1_999, defer(None), facts(session(Status::Pending, 1, 5))),
        code(Code::WEnrollTimeInvalid)
    );
}
