//! Start, completion and deferral.

use selene_contracts::ReasonClass;
use selene_contracts::ph1_voice_id::{
    Ph1VoiceIdReasonCode as Code, VidEnrollCompleteCommitRow, VidEnrollDeferReminderCommitRow,
    VidEnrollStartDraftRow, VoiceEnrollStatus as Status,
};

use super::*;
use crate::change::{Insert, Update};
use crate::rules::person::Person;
use crate::rules::ph1_voice_id::StartFacts;
use crate::rules::standing::DeviceStanding;

fn start() -> VidEnrollStartDraftRow {
    VidEnrollStartDraftRow {
        onboarding_session_id: "onb".into(),
        device_id: "phone".into(),
        consent_asserted: true,
        max_total_attempts: 5,
        max_session_enroll_time_ms: 60_000,
        lock_after_consecutive_passes: 2,
    }
}

fn clear() -> StartFacts {
    StartFacts {
        onboarding: Some(onboarding(Some("acme"), Some("ann"))),
        device: Some(phone("ann", Some("acme"))),
        owner: Some(at_home("acme")),
    }
}

fn at_home(tenant: &str) -> Person {
    Person { home_tenant_id: Some(tenant.into()), ..Person::default() }
}

#[test]
fn a_start_begins_with_nothing_counted_and_carries_a_key_of_its_own() {
    let Decision { change: Insert(row), event, output } = decide(7, start(), clear()).unwrap();
    assert_eq!(row, output);
    assert_eq!(output.voice_enroll_status, Status::InProgress);
    assert_eq!((output.consecutive_passes, output.attempt_count), (0, 0));
    assert_eq!((output.created_at.get(), output.updated_at.get()), (7, 7));
    assert_eq!((output.reason_code, output.voice_profile_id), (None, None));
    assert!(output.voice_enrollment_session_id.as_str().starts_with("ves_"));
    assert_eq!(event.reason_code, Code::VidEnrollStartDraft.into());
    assert_eq!(event.user_id, Some("ann".into()), "the owner of the device");
    let key = event.idempotency_key.expect("a derived key");
    assert!(key.as_str().starts_with("key_"));

    let later = decide(8, VidEnrollStartDraftRow { max_total_attempts: 20, ..start() }, clear()).unwrap();
    assert_eq!(later.event.idempotency_key, Some(key.clone()), "it follows from the dedupe key alone");
    assert_eq!(later.output.voice_enrollment_session_id, output.voice_enrollment_session_id);
    let other = VidEnrollStartDraftRow { onboarding_session_id: "onb2".into(), ..start() };
    let other = decide(7, other, clear()).unwrap();
    assert_ne!(other.event.idempotency_key, Some(key));
    assert_ne!(other.output.voice_enrollment_session_id, output.voice_enrollment_session_id);
}

#[test]
fn a_start_is_refused_in_the_order_of_the_checks() {
    // At first every check fails; each step corrects one value, so the next check gives the refusal.
    let mut input = VidEnrollStartDraftRow { consent_asserted: false, ..start() };
    let mut facts = StartFacts { onboarding: None, device: None, owner: Some(at_home("acme")) };
    let wrong = |tenant, person| OnboardingStanding {
        is_declined: true,
        began_at: 8.into(),
        ..onboarding(Some(tenant), Some(person))
    };
    let mut refused = Vec::new();
    refused.push(refusal(7, input.clone(), facts.clone()));
    input.consent_asserted = true;
    refused.push(refusal(7, input.clone(), facts.clone()));
    facts.device = Some(phone("ann", Some("acme")));
    refused.push(refusal(7, input.clone(), facts.clone()));
    facts.onboarding = Some(wrong("globex", "bob"));
    refused.push(refusal(7, input.clone(), facts.clone()));
    facts.onboarding = Some(wrong("acme", "bob"));
    refused.push(refusal(7, input.clone(), facts.clone()));
    facts.onboarding = Some(wrong("acme", "ann"));
    refused.push(refusal(7, input.clone(), facts.clone()));
    facts.onboarding = Some(OnboardingStanding { is_declined: false, ..wrong("acme", "ann") });
    refused.push(refusal(7, input.clone(), facts.clone()));
    let expected = [
        (CONTRACT, "consent_asserted"),
        (SCOPE, "device_id"),
        (SCOPE, "onboarding_session_id"),
        (SCOPE, "onboarding_session_id"),
        (SCOPE, "device_id"),
        (CONTRACT, "terms_status"),
        (CONTRACT, "now"),
    ];
    assert_eq!(refused, expected.map(|(code, field)| (code.into(), field)));
    decide(8, input, facts).unwrap();
}

#[test]
fn an_onboarding_session_of_another_tenant_is_refused_like_one_that_does_not_exist() {
    let answer = |onboarding| {
        let device = Some(phone("ann", Some("acme")));
        decide(7, start(), StartFacts { onboarding, device, ..clear() }).unwrap_err()
    };
    assert_eq!(answer(Some(onboarding(Some("globex"), Some("bob")))), answer(None));
}

#[test]
fn an_onboarding_session_refuses_a_device_whose_owner_has_another_home() {
    let answer = |onboarding| {
        let (device, owner) = (Some(phone("ann", None)), Some(at_home("globex")));
        decide(7, start(), StartFacts { onboarding, device, owner }).unwrap_err()
    };
    assert_eq!(answer(Some(onboarding(Some("acme"), None))), answer(None));
    let owner_without_home =
        StartFacts { device: Some(phone("ann", None)), owner: Some(Person::default()), ..clear() };
    assert!(
        decide(7, start(), owner_without_home).is_ok(),
        "a person without a home is at home nowhere else"
    );
}

#[test]
fn the_tenant_is_the_onboarding_sessions_else_the_devices_else_the_home_of_its_owner() {
    for (session, device, home, expected) in [
        (Some("acme"), Some("acme"), None, "acme"),
        (Some("acme"), None, None, "acme"),
        (None, Some("acme"), Some("globex"), "acme"),
        (None, None, Some("globex"), "globex"),
    ] {
        let device = DeviceStanding { home_tenant_id: home.map(Into::into), ..phone("ann", device) };
        let facts =
            StartFacts { onboarding: Some(onboarding(session, None)), device: Some(device), ..clear() };
        assert_eq!(decide(7, start(), facts).unwrap().event.tenant_id, Some(expected.into()));
    }
}

#[test]
fn a_call_that_leads_to_no_tenant_is_refused() {
    let facts =
        StartFacts { onboarding: Some(onboarding(None, None)), device: Some(phone("ann", None)), ..clear() };
    assert_eq!(refusal(7, start(), facts), (CONTRACT.into(), "tenant_id"));
}

// PH1.W has a test alike: its bounds, its input and its reason code are its own.
#[test]
fn the_bounds_of_a_start_hold_on_both_ends() {
    type Set = fn(&mut VidEnrollStartDraftRow, u32);
    let cases: [(Set, u32, u32); 3] = [
        (|input, value| input.max_total_attempts = u8::try_from(value).unwrap(), 5, 20),
        (|input, value| input.max_session_enroll_time_ms = value, 60_000, 300_000),
        (|input, value| input.lock_after_consecutive_passes = u8::try_from(value).unwrap(), 2, 5),
    ];
    for (set, low, high) in cases {
        for (value, is_within) in [(low - 1, false), (low, true), (high, true), (high + 1, false)] {
            let mut input = start();
            set(&mut input, value);
            match admit(7, input) {
                Ok(_) => assert!(is_within, "{value} of {low}..={high}"),
                Err(error) => {
                    assert!(!is_within, "{value} of {low}..={high}");
                    assert_eq!(error.reason_code(), CONTRACT.into());
                }
            }
        }
    }
}

fn complete() -> VidEnrollCompleteCommitRow {
    VidEnrollCompleteCommitRow { voice_enrollment_session_id: "ves_1".into(), idempotency_key: "k".into() }
}

#[test]
fn a_completion_writes_the_profile_once() {
    let Decision { change, event, output } =
        decide(2_000, complete(), facts(session(Status::Locked, 2, 3))).unwrap();
    let (Insert(profile), Insert(binding), Update(session)) =
        change.expect("the first completion writes rows");
    assert_eq!(session, output);
    assert_eq!(output.voice_profile_id, Some(profile.voice_profile_id.clone()));
    assert_eq!(profile.created_at.get(), 2_000);
    assert_eq!(
        (&binding.voice_profile_id, binding.bound_at),
        (&profile.voice_profile_id, profile.created_at)
    );
    assert_eq!(
        (&binding.onboarding_session_id, &binding.device_id),
        (&output.onboarding_session_id, &output.device_id)
    );
    assert_eq!(event.payload.get("voice_profile_id"), Some(profile.voice_profile_id.as_str()));
    assert_eq!(event.tenant_id, Some("acme".into()));

    let again = decide(9_000, complete(), facts(output.clone())).unwrap();
    assert!(again.change.is_none());
    assert_eq!(again.output, output);
    assert_eq!(again.event.payload, event.payload, "the same profile");
}

#[test]
fn a_completion_is_refused_in_the_order_of_the_checks() {
    assert_eq!(refusal(1, complete(), NOBODY), (SCOPE.into(), "voice_enrollment_session_id"));
    let ended = declined(session(Status::Pending, 2, 3));
    assert_eq!(refusal(1, complete(), ended), (CONTRACT.into(), "terms_status"));
    for status in [Status::InProgress, Status::Pending, Status::Declined] {
        let refused = refusal(1, complete(), facts(session(status, 2, 3)));
        assert_eq!(refused, (CONTRACT.into(), "voice_enroll_status"));
    }
    let refused = refusal(1_999, complete(), facts(session(Status::Locked, 2, 3)));
    assert_eq!(refused, (CONTRACT.into(), "now"));
}

fn defer() -> VidEnrollDeferReminderCommitRow {
    VidEnrollDeferReminderCommitRow {
        voice_enrollment_session_id: "ves_1".into(),
        reason_code: Code::VidReauthRequired,
        idempotency_key: "k".into(),
    }
}

#[test]
fn a_deferral_makes_an_open_enrollment_wait() {
    for status in [Status::InProgress, Status::Pending] {
        let Decision { change: Update(row), event, output } =
            decide(2_000, defer(), facts(session(status, 1, 3))).unwrap();
        assert_eq!(row, output);
        assert_eq!(output.voice_enroll_status, Status::Pending);
        assert_eq!(output.reason_code, Some(Code::VidReauthRequired));
        assert_eq!((output.consecutive_passes, output.attempt_count), (1, 3));
        assert_eq!(event.payload.get("sample_reason_code"), Some("VID_REAUTH_REQUIRED"));
    }
}

#[test]
fn a_deferral_is_refused_in_the_order_of_the_checks() {
    assert_eq!(refusal(1, defer(), NOBODY), (SCOPE.into(), "voice_enrollment_session_id"));
    let ended = declined(session(Status::Locked, 2, 3));
    assert_eq!(refusal(1, defer(), ended), (CONTRACT.into(), "terms_status"));
    for status in [Status::Locked, Status::Declined] {
        let refused = refusal(1, defer(), facts(session(status, 2, 3)));
        assert_eq!(refused, (CONTRACT.into(), "voice_enroll_status"));
    }
    let refused = refusal(1_999, defer(), facts(session(Status::Pending, 1, 3)));
    assert_eq!(refused, (CONTRACT.into(), "now"));
}

#[test]
fn a_deferral_has_the_code_of_an_outcome() {
    for reason_code in Code::ALL {
        let input = VidEnrollDeferReminderCommitRow { reason_code: *reason_code, ..defer() };
        let decided = decide(2_000, input, facts(session(Status::InProgress, 1, 3)));
        assert_eq!(decided.is_ok(), reason_code.class() == ReasonClass::Outcome, "{reason_code}");
    }
}
