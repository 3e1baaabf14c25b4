//! Every gate, for every session that a row could hold: also those that no steps produce.

use selene_contracts::StorageError;
use selene_contracts::ph1_onb::{
    OnboardingSessionRecord, OnboardingStatus, Ph1onbCompleteCommitRow, TermsStatus, VerificationGate,
    VerificationStatus,
};
use selene_contracts::ph1_position::{EvidenceMode, RequiredRule, RequirementField, SchemaSelectors};

use super::super::gates::{self, Need};
use super::begun;

const PHOTO: VerificationGate = VerificationGate::PhotoEvidenceCapture;
const SENDER: VerificationGate = VerificationGate::SenderConfirmation;

fn refusal(session: &OnboardingSessionRecord, needs: &[Need]) -> Option<&'static str> {
    let error = gates::check::<Ph1onbCompleteCommitRow>(session, needs).err()?;
    assert!(matches!(error, StorageError::ContractViolation { .. }), "{error}");
    Some(error.reason_code().as_str())
}

/// The needs of a step, and its checks in their order: whether each fails, and the code of the refusal.
type Row<'a> = (&'a [Need], Vec<(bool, &'a str)>);

/// Every mix of status, gates, terms, evidence, device and access.
fn every_session() -> Vec<OnboardingSessionRecord> {
    let mut sessions = Vec::new();
    for status in OnboardingStatus::ALL {
        for gates in [&[][..], &[PHOTO], &[SENDER], &[PHOTO, SENDER]] {
            for terms_status in [None, Some(TermsStatus::Accepted), Some(TermsStatus::Declined)] {
                for evidence in [
                    None,
                    Some(VerificationStatus::Pending),
                    Some(VerificationStatus::Confirmed),
                    Some(VerificationStatus::Rejected),
                ] {
                    for flags in 0..8_u8 {
                        sessions.push(OnboardingSessionRecord {
                            status: *status,
                            terms_status,
                            verification_status: evidence,
                            photo_proof_ref: (flags & 1 > 0).then(|| "prf_1".into()),
                            primary_device_confirmed: flags & 2 > 0,
                            access_engine_instance_id: (flags & 4 > 0).then(|| "acc_1".into()),
                            ..begun(gates)
                        });
                    }
                }
            }
        }
    }
    sessions
}

#[test]
fn the_first_need_that_is_not_met_is_the_answer() {
    let sessions = every_session();
    assert_eq!(sessions.len(), 9 * 4 * 3 * 4 * 8);
    for session in sessions {
        let pinned = &session.required_verification_gates;
        let accepted = session.terms_status == Some(TermsStatus::Accepted);
        let evidence = session.verification_status;
        let confirmed = evidence == Some(VerificationStatus::Confirmed);
        let verified = (confirmed || !pinned.contains(&SENDER))
            && (session.photo_proof_ref.is_some() || !pinned.contains(&PHOTO));
        let proven = session.primary_device_confirmed;
        let has_access = session.access_engine_instance_id.is_some();
        let is_over = session.status == OnboardingStatus::Complete;
        let (terms, state) = ("ONB_GATE_TERMS_REQUIRED", "ONB_STATE_INVALID");
        let (device, verify) = ("ONB_GATE_DEVICE_REQUIRED", "ONB_GATE_VERIFICATION_REQUIRED");
        let (access, unpinned) = ("ONB_GATE_ACCESS_REQUIRED", "ONB_GATE_NOT_APPLICABLE");
        let is_decided = session.status != OnboardingStatus::DraftCreated;
        let is_before_sender = evidence == Some(VerificationStatus::Pending);
        let table: [Row<'_>; 6] = [
            (gates::TERMS, vec![(is_decided, state)]),
            (
                gates::PHOTO,
                vec![
                    (!pinned.contains(&PHOTO), unpinned),
                    (!accepted, terms),
                    (is_over || is_before_sender || confirmed, state),
                ],
            ),
            (
                gates::SENDER,
                vec![
                    (!pinned.contains(&SENDER), unpinned),
                    (!accepted, terms),
                    (is_over || !is_before_sender, state),
                ],
            ),
            (gates::DEVICE, vec![(!accepted, terms), (is_over || proven, state)]),
            (
                gates::ACCESS,
                vec![
                    (!accepted, terms),
                    (!proven, device),
                    (!verified, verify),
                    (is_over || has_access, state),
                ],
            ),
            (
                gates::COMPLETE,
                vec![
                    (!accepted, terms),
                    (!proven, device),
                    (!verified, verify),
                    (!has_access, access),
                    (is_over, state),
                ],
            ),
        ];
        for (needs, expected) in table {
            let expected = expected.into_iter().find(|(fails, _)| *fails).map(|(_, code)| code);
            assert_eq!(refusal(&session, needs), expected, "{needs:?} of {session:?}");
        }
    }
}

#[test]
fn only_a_document_that_is_required_brings_gates_and_it_brings_both() {
    let selectors = SchemaSelectors {
        company_size: Some("SMALL".into()),
        industry_code: None,
        jurisdiction: None,
        position_family: None,
    };
    let field = |mode, predicate: Option<&str>| RequirementField {
        field_key: "photo_evidence_capture".into(),
        field_type: "TEXT".into(),
        required_rule: if predicate.is_some() { RequiredRule::Conditional } else { RequiredRule::Always },
        required_predicate: predicate.map(Into::into),
        sensitivity: "LOW".into(),
        exposure: "INTERNAL".into(),
        evidence_mode: mode,
        prompt_ref: None,
    };
    for mode in EvidenceMode::ALL {
        for (predicate, is_required) in
            [(None, true), (Some("company_size=SMALL"), true), (Some("company_size=LARGE"), false)]
        {
            let expected: &[VerificationGate] =
                if is_required && *mode == EvidenceMode::DocRequired { &[PHOTO, SENDER] } else { &[] };
            let other = field(EvidenceMode::UserAnswer, None);
            for fields in [vec![field(*mode, predicate)], vec![other, field(*mode, predicate)]] {
                assert_eq!(gates::of_schema(&fields, &selectors), expected, "{mode} {predicate:?}");
            }
        }
    }
    assert_eq!(gates::of_schema(&[], &selectors), []);
}
