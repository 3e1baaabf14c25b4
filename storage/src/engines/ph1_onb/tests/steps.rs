//! What the steps write beside their gates.

use selene_contracts::ph1_f::IdentityStatus;
use selene_contracts::ph1_link::{LinkRecord, LinkStatus, PrefilledContext};
use selene_contracts::ph1_onb::{
    DeviceProofType, OnboardingNextStep, OnboardingSessionRecord, OnboardingStatus,
    Ph1onbAccessInstanceCreateCommitRow, Ph1onbCompleteCommitRow, Ph1onbPrimaryDeviceConfirmCommitRow,
    Ph1onbSessionStartDraftRow, Ph1onbTermsAcceptCommitRow, TermsStatus,
};
use selene_contracts::ph2_access::{AccessInstanceRecord, AccessLifecycle};
use selene_contracts::shared::{InviteeType, MonotonicTimeNs, TenantId};

use super::super::{
    AccessFacts, CompletionFacts, DeviceFacts, StartFacts, Workplace, check_access_replay,
    check_start_replay, tenant_of,
};
use super::{TOKEN, begun, link, session_id};
use crate::engines::person::Person;
use crate::engines::ph2_access;
use crate::engines::standing::DeviceStanding;
use crate::engines::trial::{NOW, call, decide, refusal};

fn start(tenant: Option<&str>, fingerprint: &str) -> Ph1onbSessionStartDraftRow {
    Ph1onbSessionStartDraftRow {
        token_id: TOKEN.into(),
        prefilled_context_ref: None,
        tenant_id: tenant.map(Into::into),
        device_fingerprint: fingerprint.into(),
    }
}

fn terms() -> Ph1onbTermsAcceptCommitRow {
    Ph1onbTermsAcceptCommitRow {
        onboarding_session_id: session_id(),
        terms_version_id: "terms_1".into(),
        accepted: true,
        idempotency_key: "k".into(),
    }
}

/// Terms accepted and device proven.
fn ready(tenant: Option<&str>) -> OnboardingSessionRecord {
    OnboardingSessionRecord {
        tenant_id: tenant.map(Into::into),
        status: OnboardingStatus::PrimaryDeviceConfirmed,
        terms_status: Some(TermsStatus::Accepted),
        primary_device_confirmed: true,
        ..begun(&[])
    }
}

fn access(tenant: Option<&str>) -> Ph1onbAccessInstanceCreateCommitRow {
    Ph1onbAccessInstanceCreateCommitRow {
        onboarding_session_id: session_id(),
        user_id: "eve".into(),
        tenant_id: tenant.map(Into::into),
        role_id: "role_1".into(),
        idempotency_key: "k".into(),
    }
}

fn access_facts(session: OnboardingSessionRecord) -> AccessFacts {
    AccessFacts {
        session: Some(session),
        workplace: Workplace { link: Some(link()), ..Workplace::default() },
        device: Some(device(None)),
        person: None,
        instance: None,
    }
}

fn device(tenant: Option<&str>) -> DeviceStanding {
    DeviceStanding { owner: "ann".into(), tenant_id: tenant.map(Into::into) }
}

fn somebody(home: Option<&str>) -> Person {
    Person { home_tenant_id: home.map(Into::into), ..Person::default() }
}

fn instance(role: &str) -> AccessInstanceRecord {
    AccessInstanceRecord {
        access_instance_id: ph2_access::instance_id(&"a".into(), &"eve".into()),
        tenant_id: "a".into(),
        user_id: "eve".into(),
        role_template_id: role.into(),
        access_lifecycle: AccessLifecycle::Active,
        created_at: MonotonicTimeNs::new(1),
        updated_at: MonotonicTimeNs::new(1),
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
    assert_eq!(decision.change.tenant_id, Some("a".into()), "the tenant of the link");
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
fn a_start_is_told_again_to_its_tenant_on_its_device() {
    let session = ready(Some("a"));
    let told = |tenant, fingerprint| {
        let answer = check_start_replay(&call(start(tenant, fingerprint)), Some(&session));
        answer.map_err(|error| error.reason_code().as_str())
    };
    assert_eq!(told(None, "phone"), Ok(()));
    assert_eq!(told(Some("a"), "phone"), Ok(()));
    assert_eq!(told(Some("b"), "phone"), Err("ONB_SCOPE_MISMATCH"));
    assert_eq!(told(Some("b"), "other"), Err("ONB_SCOPE_MISMATCH"));
    assert_eq!(told(None, "other"), Err("ONB_FINGERPRINT_MISMATCH"));
}

#[test]
fn time_does_not_run_backwards_in_a_session() {
    let later = |ahead: u64| {
        Some(OnboardingSessionRecord { updated_at: MonotonicTimeNs::new(NOW.get() + ahead), ..begun(&[]) })
    };
    assert!(decide(terms(), later(0)).is_ok());
    assert_eq!(refusal(terms(), later(1)), ("ONB_CONTRACT_VALIDATION_FAILED", "now"));
    // Nor in the link that it begins and ends with.
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
        session: Some(OnboardingSessionRecord {
            status: OnboardingStatus::TermsAccepted,
            terms_status: Some(TermsStatus::Accepted),
            ..begun(&[])
        }),
        device: Some(device(tenant)),
    };
    let failed = decide(prove(false), facts(None)).unwrap();
    assert_eq!(failed.change.status, OnboardingStatus::TermsAccepted);
    assert_eq!(failed.change.primary_device_device_id, Some("d".into()));
    assert!(!failed.change.primary_device_confirmed);
    let proven = decide(prove(true), facts(Some("a"))).unwrap();
    assert_eq!(proven.change.status, OnboardingStatus::PrimaryDeviceConfirmed);
    assert!(proven.change.primary_device_confirmed);
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

#[test]
fn the_tenant_of_access_is_given_or_the_sessions_or_ones_own() {
    let of = |given, session| tenant_of(&access(given), &ready(session)).to_string();
    assert_eq!(of(Some("a"), None), "a");
    assert_eq!(of(None, Some("a")), "a");
    let own = of(None, None);
    assert!(own.starts_with("personal_") && own.is_ascii() && own.len() <= 64, "{own}");
    // Rows hold it: a change here takes everybody's own place away.
    assert_eq!(own, "personal_34e1215754e05c8de98de54721a2d64d");
    let refused = refusal(access(Some("b")), access_facts(ready(Some("a"))));
    assert_eq!(refused, ("ONB_SCOPE_MISMATCH", "onboarding_session_id"));
}

#[test]
fn access_makes_what_is_missing_and_links_what_is_there() {
    let made = decide(access(None), access_facts(ready(Some("a")))).unwrap();
    let person = made.change.identity.expect("nobody knew the person");
    assert_eq!((person.tenant_id, person.status), (Some("a".into()), IdentityStatus::Active));
    assert_eq!(
        made.change.instance,
        Some(AccessInstanceRecord { created_at: NOW, updated_at: NOW, ..instance("role_1") })
    );

    let known = |home: Option<&str>, role: Option<&str>| AccessFacts {
        person: Some(somebody(home)),
        instance: role.map(instance),
        ..access_facts(ready(Some("a")))
    };
    let linked = decide(access(None), known(Some("a"), Some("role_1"))).unwrap();
    assert_eq!((linked.change.identity, linked.change.instance), (None, None));
    assert_eq!(linked.output.access_engine_instance_id, instance("role_1").access_instance_id);
    assert!(decide(access(None), known(None, None)).is_ok());
    assert_eq!(refusal(access(None), known(Some("b"), None)), ("ONB_SCOPE_MISMATCH", "user_id"));
    assert_eq!(refusal(access(None), known(None, Some("role_2"))), ("ONB_STATE_INVALID", "role_id"));
    // A personal tenant is nobody else's.
    let own = AccessFacts { session: Some(ready(None)), ..known(Some("b"), None) };
    assert!(decide(access(None), own).is_ok());
}

#[test]
fn a_personal_tenant_is_nobodys_home() {
    let home = |given, session| {
        let made = decide(access(given), access_facts(ready(session))).unwrap();
        made.change.identity.expect("nobody knew the person").tenant_id
    };
    assert_eq!(home(None, None), None);
    assert_eq!(home(Some("a"), None), Some("a".into()));
    assert_eq!(home(None, Some("a")), Some("a".into()));
}

#[test]
fn a_device_of_one_tenant_proves_nobody_for_another_one() {
    // The tenant that the device is bound to, that of the access, the person's home, and whether it fits.
    let cases = [
        (None, Some("a"), None, true),
        (Some("a"), Some("a"), None, true),
        (Some("a"), Some("a"), Some("a"), true),
        (Some("b"), Some("a"), None, false),
        (Some("b"), Some("a"), Some("a"), false),
        (Some("b"), None, None, true),
        (Some("b"), None, Some("b"), true),
        (Some("b"), None, Some("a"), false),
    ];
    for (bound, given, home, fits) in cases {
        for named in [true, false] {
            let (of_input, of_session) = if named { (given, None) } else { (None, given) };
            let facts = AccessFacts {
                device: Some(device(bound)),
                person: home.map(|home| somebody(Some(home))),
                ..access_facts(ready(of_session))
            };
            if fits {
                assert!(decide(access(of_input), facts).is_ok(), "{bound:?} {given:?} {home:?}");
            } else {
                let expected = ("ONB_SCOPE_MISMATCH", "primary_device_device_id");
                assert_eq!(refusal(access(of_input), facts), expected, "{bound:?} {given:?} {home:?}");
            }
        }
    }
}

#[test]
fn nobody_gets_access_with_a_disabled_identity() {
    let disabled = |home| AccessFacts {
        person: Some(Person { is_disabled: true, ..somebody(home) }),
        instance: Some(instance("role_1")),
        ..access_facts(ready(Some("a")))
    };
    for home in [None, Some("a")] {
        assert_eq!(refusal(access(None), disabled(home)), ("ONB_STATE_INVALID", "user_id"));
    }
    // Whether somebody of another tenant is DISABLED is nobody else's business.
    assert_eq!(refusal(access(None), disabled(Some("b"))), ("ONB_SCOPE_MISMATCH", "user_id"));
}

#[test]
fn access_is_told_again_in_its_own_session_only() {
    let outcome = decide(access(None), access_facts(ready(Some("a")))).unwrap().output;
    let told = |tenant, session: Option<OnboardingSessionRecord>| {
        let facts = AccessFacts { session, ..access_facts(ready(None)) };
        check_access_replay(&call(access(tenant)), facts, &outcome)
    };
    assert_eq!(told(None, Some(ready(Some("a")))), Ok(()));
    assert_eq!(told(Some("a"), Some(ready(Some("a")))), Ok(()));
    let other =
        |tenant| OnboardingSessionRecord { onboarding_session_id: "ons_2".into(), ..ready(Some(tenant)) };
    for (tenant, session) in [(Some("b"), Some(ready(Some("a")))), (None, Some(other("a"))), (None, None)] {
        assert_eq!(told(tenant, session).unwrap_err().reason_code().as_str(), "ONB_SCOPE_MISMATCH");
    }
    // In a session of another tenant the key tells what a free one does of a person who is at home elsewhere.
    let unopened = || OnboardingSessionRecord { terms_status: None, ..other("b") };
    for session in [other("b"), unopened()] {
        let facts = || AccessFacts { person: Some(somebody(Some("a"))), ..access_facts(session.clone()) };
        let fresh = decide(access(None), facts()).err().unwrap();
        assert_eq!(check_access_replay(&call(access(None)), facts(), &outcome), Err(fresh));
    }
}

#[test]
fn a_revoked_link_ends_access_and_completion() {
    let complete =
        || Ph1onbCompleteCommitRow { onboarding_session_id: session_id(), idempotency_key: "k".into() };
    for status in LinkStatus::ALL.iter().copied().filter(|status| *status != LinkStatus::Activated) {
        let mut link = link();
        link.link_status = status;
        let workplace = Workplace { link: Some(link), ..Workplace::default() };
        let facts = AccessFacts { workplace: workplace.clone(), ..access_facts(ready(Some("a"))) };
        assert_eq!(refusal(access(None), facts), ("ONB_LINK_NOT_ACTIVATED", "token_id"), "{status}");
        let session =
            OnboardingSessionRecord { access_engine_instance_id: Some("acc_1".into()), ..ready(Some("a")) };
        let facts = CompletionFacts { session: Some(session), workplace };
        assert_eq!(refusal(complete(), facts), ("ONB_LINK_NOT_ACTIVATED", "token_id"), "{status}");
    }
    let session =
        OnboardingSessionRecord { access_engine_instance_id: Some("acc_1".into()), ..ready(Some("a")) };
    let workplace = Workplace { link: Some(link()), ..Workplace::default() };
    let done = decide(complete(), CompletionFacts { session: Some(session), workplace }).unwrap();
    assert_eq!(done.change.link.link_status, LinkStatus::Consumed);
    assert_eq!(done.change.session.status, OnboardingStatus::Complete);
}
