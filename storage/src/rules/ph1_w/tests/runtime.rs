//! Wake runtime events.

use selene_contracts::ph1_w::{Ph1WReasonCode as Code, Ph1wRuntimeEventCommitRow};
use selene_contracts::shared::SessionId;
use selene_contracts::{Capability as _, ReasonClass};

use super::*;
use crate::rules::ph1_w::{RuntimeFacts, WakeEvent};
use crate::rules::standing::{DeviceStanding, SessionStanding};
use crate::rules::wake_event::{wake_event, with_verdict};

/// Suppressed, and rejected by a gate as well.
fn wake() -> Ph1wRuntimeEventCommitRow {
    let event = Ph1wRuntimeEventCommitRow {
        session_id: Some(SessionId::new(5)),
        user_id: Some("ann".into()),
        wake_profile_id: Some("p1".into()),
        tts_active_at_trigger: true,
        ..wake_event("wake", "phone", "k")
    };
    with_verdict(event, (false, Code::FailG3ScoreLow, Some(Code::SuppressCooldown)))
}

fn talk(owner: &str, device: &str) -> SessionStanding {
    let tenant_id = Some("acme".into());
    SessionStanding { owner: owner.into(), device_id: device.into(), tenant_id, home_tenant_id: None }
}

fn clear() -> RuntimeFacts {
    RuntimeFacts {
        device: Some(phone("ann", Some("acme"))),
        session: Some(talk("ann", "phone")),
        has_event: false,
    }
}

#[test]
fn an_event_keeps_every_reason() {
    let Decision { change: WakeEvent(row), event, output } = decide(7, wake(), clear()).unwrap();
    assert_eq!(row, output);
    assert_eq!(output.reason_code, Code::FailG3ScoreLow);
    assert_eq!(event.reason_code, code(Code::WakeRuntimeEventCommit));
    assert_eq!((event.session_id, event.tenant_id), (Some(SessionId::new(5)), Some("acme".into())));
    let (keys, values): (Vec<_>, Vec<_>) = event.payload.iter().unzip();
    let mut stated =
        Ph1wRuntimeEventCommitRow::SPEC.audit.payload_keys.iter().map(|key| key.name).collect::<Vec<_>>();
    stated.sort_unstable();
    assert_eq!(keys, stated);
    assert_eq!(values, ["false", "phone", "FAIL_G3_SCORE_LOW", "SUPPRESS_COOLDOWN", "ann", "wake", "p1"]);
}

#[test]
fn an_event_needs_neither_session_nor_user() {
    let input = Ph1wRuntimeEventCommitRow { session_id: None, user_id: None, ..wake() };
    let facts = RuntimeFacts { session: None, device: Some(phone("ann", None)), ..clear() };
    let event = decide(7, input, facts).unwrap().event;
    assert_eq!((event.session_id, event.tenant_id), (None, None));
    assert_eq!(event.user_id, Some("ann".into()), "it is about the owner of the device all the same");
    assert_eq!(event.payload.get("user_id"), None, "and says that nobody was recognised");
    // The event of a device without a tenant is in the home tenant of its owner.
    let input = Ph1wRuntimeEventCommitRow { session_id: None, user_id: None, ..wake() };
    let at_home = DeviceStanding { home_tenant_id: Some("acme".into()), ..phone("ann", None) };
    let facts = RuntimeFacts { session: None, device: Some(at_home), ..clear() };
    assert_eq!(decide(7, input, facts).unwrap().event.tenant_id, Some("acme".into()));
    // A session without a user fits by its device alone.
    let input = Ph1wRuntimeEventCommitRow { user_id: None, ..wake() };
    decide(7, input, clear()).unwrap();
}

/// Whether an event with these reasons is accepted, rejected or suppressed, and its reasons fit that.
fn fits(accepted: bool, reason: Code, suppression: Option<Code>) -> bool {
    let is_gate = reason.class() == ReasonClass::Gate;
    match (accepted, suppression) {
        (true, None) => reason == Code::WakeRuntimeEventCommit,
        (true, Some(_)) => false,
        (false, None) => is_gate,
        (false, Some(code)) => code.class() == ReasonClass::Suppression && (reason == code || is_gate),
    }
}

#[test]
fn an_event_was_accepted_rejected_or_suppressed_and_its_reasons_say_so() {
    let suppressions = || std::iter::once(None).chain(Code::ALL.iter().copied().map(Some));
    for reason_code in Code::ALL.iter().copied() {
        for suppression in suppressions() {
            for accepted in [true, false] {
                let input = with_verdict(wake(), (accepted, reason_code, suppression));
                let what = format!("{accepted} {reason_code} {suppression:?}");
                let expected = fits(accepted, reason_code, suppression);
                match decide(7, input.clone(), clear()) {
                    Ok(decision) => {
                        assert!(expected, "{what}");
                        assert_eq!(decision.output.reason_code, reason_code, "{what}");
                    }
                    Err(error) => {
                        assert!(!expected, "{what}: {error}");
                        assert_eq!(error.reason_code(), code(Code::WContractValidationFailed), "{what}");
                        // It needs no row.
                        let nobody = RuntimeFacts { device: None, ..clear() };
                        let refused = refusal(7, input, nobody);
                        assert_eq!(refused, code(Code::WContractValidationFailed), "{what}");
                    }
                }
            }
        }
    }
}

#[test]
fn an_event_is_refused_in_the_order_of_the_checks() {
    // At first every check fails; each step corrects one value, so the next check gives the refusal.
    let mut input = Ph1wRuntimeEventCommitRow { user_id: Some("bob".into()), ..wake() };
    let mut facts = RuntimeFacts { device: None, session: None, has_event: true };
    let mut refused = Vec::new();
    refused.push(refusal(7, input.clone(), facts.clone()));
    facts.device = Some(phone("ann", None));
    refused.push(refusal(7, input.clone(), facts.clone()));
    facts.session = Some(talk("bob", "tablet"));
    refused.push(refusal(7, input.clone(), facts.clone()));
    facts.session = Some(talk("cid", "phone"));
    refused.push(refusal(7, input.clone(), facts.clone()));
    facts.session = Some(talk("bob", "phone"));
    refused.push(refusal(7, input.clone(), facts.clone()));
    (input.user_id, facts.session) = (Some("ann".into()), Some(talk("ann", "phone")));
    refused.push(refusal(7, input.clone(), facts.clone()));
    facts.has_event = false;
    assert!(decide(7, input, facts).is_ok());
    let expected = [
        Code::WRuntimeDeviceMissing,
        Code::WRuntimeSessionInvalid,
        Code::WRuntimeSessionInvalid,
        Code::WRuntimeSessionInvalid,
        Code::WRuntimeUserInvalid,
        Code::WRuntimeEventDuplicate,
    ];
    assert_eq!(refused, expected.map(code));
}
