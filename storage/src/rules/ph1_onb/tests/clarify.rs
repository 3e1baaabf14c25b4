//! The missing requirements, the next one to ask for, and the next step of the person.

use selene_contracts::ph1_onb::{
    OnboardingNextStep, OnboardingSessionRecord, OnboardingStatus, TermsStatus, VerificationGate,
    VerificationStatus,
};
use selene_contracts::ph1_position::{
    EvidenceMode, RequiredRule, RequirementField, RequirementSchemaRecord, SchemaSelectors, SchemaState,
};
use selene_contracts::shared::{FieldKey, InviteeType, PrefilledContext};

use super::super::{Clarify, pinned_key};
use super::{BEFORE, begun};

fn field(key: &str, evidence_mode: EvidenceMode, predicate: Option<&str>) -> RequirementField {
    RequirementField {
        field_key: key.into(),
        field_type: "TEXT".into(),
        required_rule: if predicate.is_some() { RequiredRule::Conditional } else { RequiredRule::Always },
        required_predicate: predicate.map(Into::into),
        sensitivity: "LOW".into(),
        exposure: "INTERNAL".into(),
        evidence_mode,
        prompt_ref: None,
    }
}

/// A version for SMALL companies.
fn schema(requirement_fields: Vec<RequirementField>) -> RequirementSchemaRecord {
    RequirementSchemaRecord {
        tenant_id: "a".into(),
        position_id: "nurse".into(),
        schema_version_id: "v1".into(),
        schema_state: SchemaState::Retired,
        rollout_scope: None,
        selectors: SchemaSelectors {
            company_size: Some("SMALL".into()),
            industry_code: None,
            jurisdiction: None,
            position_family: None,
        },
        requirement_fields,
        created_at: BEFORE,
        updated_at: BEFORE,
    }
}

fn nothing_prefilled() -> PrefilledContext {
    PrefilledContext {
        tenant_id: None,
        company_id: None,
        position_id: None,
        location_id: None,
        start_date: None,
        working_hours: None,
        compensation_tier_ref: None,
        jurisdiction_tags: Vec::new(),
    }
}

/// The missing keys and the next one, each by its name.
fn asked(session: &OnboardingSessionRecord, fields: &[RequirementField]) -> (Vec<String>, Option<String>) {
    let clarify = Clarify::of(session, Some(&schema(fields.to_vec())));
    (clarify.missing.iter().map(ToString::to_string).collect(), clarify.next.map(|key| key.to_string()))
}

#[test]
fn what_is_missing_comes_in_the_order_of_the_version_and_the_first_question_is_next() {
    use EvidenceMode::{Attestation, DocRequired, ToolDerived, UserAnswer};
    let fields = [
        field("tax_class", ToolDerived, None),
        field("shoe_size", UserAnswer, Some("company_size=LARGE")),
        field("passport", DocRequired, Some("company_size=SMALL")),
        field("oath", Attestation, None),
        field("start_date", UserAnswer, None),
    ];
    let session = begun(&[]);
    let clarify = Clarify::of(&session, Some(&schema(fields.to_vec())));
    let required: Vec<_> = clarify.required.iter().map(FieldKey::as_str).collect();
    assert_eq!(required, ["tax_class", "passport", "oath", "start_date"]);
    assert_eq!(clarify.missing, clarify.required);
    assert_eq!(clarify.next, Some("passport".into()));
    // What only a tool can derive is missing, and no question.
    assert_eq!(asked(&session, &fields[..1]), (vec!["tax_class".to_owned()], None));
    assert_eq!(asked(&session, &[]), (Vec::new(), None));
    let unpinned = Clarify::of(&session, None);
    assert_eq!((unpinned.required, unpinned.missing, unpinned.next), (Vec::new(), Vec::new(), None));
}

#[test]
fn a_document_is_there_while_it_waits_for_the_sender_and_once_it_is_confirmed() {
    let fields = [field("passport", EvidenceMode::DocRequired, None)];
    for (verification_status, is_missing) in [
        (None, true),
        (Some(VerificationStatus::Pending), false),
        (Some(VerificationStatus::Confirmed), false),
        (Some(VerificationStatus::Rejected), true),
    ] {
        let session = OnboardingSessionRecord { verification_status, ..begun(&[]) };
        assert_eq!(asked(&session, &fields).1.is_some(), is_missing, "{verification_status:?}");
        // It provides nothing else.
        let other = [field("oath", EvidenceMode::Attestation, None)];
        assert_eq!(asked(&session, &other).1.as_deref(), Some("oath"));
    }
}

#[test]
fn a_prefilled_context_brings_what_it_has_a_value_for_under_the_very_name() {
    let with = |change: fn(&mut PrefilledContext)| {
        let mut context = nothing_prefilled();
        change(&mut context);
        context
    };
    let cases = [
        ("tenant_id", with(|context| context.tenant_id = Some("a".into()))),
        ("company_id", with(|context| context.company_id = Some("c".into()))),
        ("position_id", with(|context| context.position_id = Some("p".into()))),
        ("location_id", with(|context| context.location_id = Some("l".into()))),
        ("start_date", with(|context| context.start_date = Some("2026-01-31".into()))),
        ("working_hours", with(|context| context.working_hours = Some("w".into()))),
        ("compensation_tier_ref", with(|context| context.compensation_tier_ref = Some("t".into()))),
        ("jurisdiction_tags", with(|context| context.jurisdiction_tags = vec!["DE".into()])),
    ];
    let fields: Vec<_> = cases
        .iter()
        .map(|(key, _)| *key)
        .chain(["START_DATE", "startdate", "date"])
        .map(|key| field(key, EvidenceMode::UserAnswer, None))
        .collect();
    let missing = |prefilled_context| {
        let session = OnboardingSessionRecord { prefilled_context, ..begun(&[]) };
        asked(&session, &fields).0
    };
    let all = missing(None);
    assert_eq!(all.len(), fields.len());
    assert_eq!(missing(Some(nothing_prefilled())), all);
    for (key, context) in cases {
        let expected: Vec<_> = all.iter().filter(|missing| *missing != key).cloned().collect();
        assert_eq!(missing(Some(context)), expected, "{key}");
    }
}

#[test]
fn every_next_step_follows_the_session() {
    use OnboardingNextStep::{AskMissing, Install, LoadPrefilled, Nothing, Terms};
    use OnboardingStatus::{Complete, TermsAccepted, TermsDeclined};
    let question = [field("oath", EvidenceMode::Attestation, None)];
    let step = |session: &OnboardingSessionRecord, fields: &[RequirementField]| {
        Clarify::of(session, Some(&schema(fields.to_vec()))).next_step
    };
    let accepted = |gates: &[VerificationGate]| OnboardingSessionRecord {
        status: TermsAccepted,
        terms_status: Some(TermsStatus::Accepted),
        prefilled_context: Some(nothing_prefilled()),
        ..begun(gates)
    };
    let both = [VerificationGate::PhotoEvidenceCapture, VerificationGate::SenderConfirmation];
    assert_eq!(step(&begun(&both), &question), Terms);
    let prefilled = OnboardingSessionRecord { prefilled_context: Some(nothing_prefilled()), ..begun(&[]) };
    assert_eq!(step(&prefilled, &question), LoadPrefilled);
    let referred = OnboardingSessionRecord { prefilled_context_ref: Some("ref".into()), ..begun(&[]) };
    assert_eq!(step(&referred, &question), LoadPrefilled);
    // After the terms it is never LOAD_PREFILLED: the document first, then the device, then the other answers.
    assert_eq!(step(&accepted(&both), &[]), AskMissing);
    let seen =
        OnboardingSessionRecord { verification_status: Some(VerificationStatus::Pending), ..accepted(&both) };
    assert_eq!(step(&seen, &question), Install);
    let rejected = OnboardingSessionRecord {
        verification_status: Some(VerificationStatus::Rejected),
        ..accepted(&both)
    };
    assert_eq!(step(&rejected, &[]), AskMissing);
    assert_eq!(step(&accepted(&[]), &question), Install);
    let proven = OnboardingSessionRecord { primary_device_confirmed: true, ..accepted(&[]) };
    assert_eq!(step(&proven, &question), AskMissing);
    assert_eq!(step(&proven, &[]), Nothing);
    for status in [TermsDeclined, Complete] {
        assert_eq!(
            step(&OnboardingSessionRecord { status, ..accepted(&both) }, &question),
            Nothing,
            "{status}"
        );
    }
    // An employee without a tenant lacks that until there is access.
    let homeless =
        |session| OnboardingSessionRecord { invitee_type: InviteeType::Employee, tenant_id: None, ..session };
    for session in [begun(&[]), accepted(&[]), proven.clone()] {
        assert_eq!(step(&homeless(session), &[]), AskMissing);
    }
    let granted =
        OnboardingSessionRecord { access_engine_instance_id: Some("acc_1".into()), ..homeless(proven) };
    assert_eq!(step(&granted, &[]), Nothing);
    let found = [Terms, LoadPrefilled, AskMissing, Install, Nothing];
    assert!(OnboardingNextStep::ALL.iter().all(|step| found.contains(step)), "each can happen");
}

#[test]
fn only_a_session_of_a_position_is_pinned_to_a_version_of_its_schema() {
    let session = |schema: &str, tenant: Option<&str>| OnboardingSessionRecord {
        pinned_schema_id: Some(schema.into()),
        pinned_schema_version: Some("v1".into()),
        tenant_id: tenant.map(Into::into),
        ..begun(&[])
    };
    let key = |session: &OnboardingSessionRecord| {
        pinned_key(session).map(|(tenant, position, version)| format!("{tenant} {position} {version}"))
    };
    assert_eq!(key(&session("position:nurse", Some("a"))).as_deref(), Some("a nurse v1"));
    assert_eq!(key(&session("position:position:x", Some("a"))).as_deref(), Some("a position:x v1"));
    assert_eq!(key(&session("position:nurse", None)), None);
    assert_eq!(key(&session("invitee:FRIEND", Some("a"))), None);
    assert_eq!(key(&OnboardingSessionRecord { pinned_schema_id: None, ..begun(&[]) }), None);
}
