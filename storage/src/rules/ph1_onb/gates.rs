//! The gates of an onboarding: the conditions of each step, in the order in which they are checked.
//!
//! Each step has one list of needs. The first need that is not met gives the refusal.

use selene_contracts::ph1_onb::{
    OnboardingSessionRecord, OnboardingStatus, Ph1OnbReasonCode, TermsStatus, VerificationGate,
    VerificationStatus,
};
use selene_contracts::ph1_position::{EvidenceMode, RequirementField, SchemaSelectors};
use selene_contracts::{Capability, StorageError};

use crate::rules::{refuse, requirements};

/// A condition of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// The pinned schema has this gate.
    Pinned(VerificationGate),
    /// The terms were neither accepted nor declined yet.
    TermsOpen,
    /// The terms are accepted.
    TermsAccepted,
    /// The primary device is not confirmed yet: a confirmed one never changes.
    DeviceOpen,
    /// The primary device is confirmed.
    DeviceConfirmed,
    /// No evidence is PENDING or CONFIRMED.
    EvidenceOpen,
    /// Evidence is PENDING, for the sender to decide.
    EvidencePending,
    /// Every verification that the pinned schema requires is done.
    Verified,
    /// Access was not created yet.
    AccessOpen,
    /// The access instance of the person was created.
    AccessCreated,
    /// The onboarding is not complete.
    Unfinished,
}

pub(crate) const TERMS: &[Need] = &[Need::TermsOpen];
pub(crate) const PHOTO: &[Need] = &[
    Need::Pinned(VerificationGate::PhotoEvidenceCapture),
    Need::TermsAccepted,
    Need::Unfinished,
    Need::EvidenceOpen,
];
pub(crate) const SENDER: &[Need] = &[
    Need::Pinned(VerificationGate::SenderConfirmation),
    Need::TermsAccepted,
    Need::Unfinished,
    Need::EvidencePending,
];
pub(crate) const DEVICE: &[Need] = &[Need::TermsAccepted, Need::Unfinished, Need::DeviceOpen];
pub(crate) const ACCESS: &[Need] =
    &[Need::TermsAccepted, Need::DeviceConfirmed, Need::Verified, Need::Unfinished, Need::AccessOpen];
pub(crate) const COMPLETE: &[Need] =
    &[Need::TermsAccepted, Need::DeviceConfirmed, Need::Verified, Need::AccessCreated, Need::Unfinished];

/// Checks the needs of a step in their order.
///
/// # Errors
/// The first need that is not met.
pub(crate) fn check<C: Capability>(
    session: &OnboardingSessionRecord,
    needs: &[Need],
) -> Result<(), StorageError> {
    match needs.iter().find(|need| !need.is_met(session)) {
        None => Ok(()),
        Some(need) => {
            let (reason_code, field, rule) = need.refusal();
            Err(refuse::rule_as::<C>(reason_code, field, rule))
        }
    }
}

impl Need {
    /// Whether it holds for this session.
    fn is_met(self, session: &OnboardingSessionRecord) -> bool {
        let has = |gate| session.required_verification_gates.contains(&gate);
        let evidence = session.verification_status;
        match self {
            Self::Pinned(gate) => has(gate),
            Self::TermsOpen => session.status == OnboardingStatus::DraftCreated,
            Self::TermsAccepted => session.terms_status == Some(TermsStatus::Accepted),
            Self::DeviceOpen => !session.primary_device_confirmed,
            Self::DeviceConfirmed => session.primary_device_confirmed,
            Self::EvidenceOpen => matches!(evidence, None | Some(VerificationStatus::Rejected)),
            Self::EvidencePending => evidence == Some(VerificationStatus::Pending),
            Self::Verified => {
                (!has(VerificationGate::PhotoEvidenceCapture) || session.photo_proof_ref.is_some())
                    && (!has(VerificationGate::SenderConfirmation)
                        || evidence == Some(VerificationStatus::Confirmed))
            }
            Self::AccessOpen => session.access_engine_instance_id.is_none(),
            Self::AccessCreated => session.access_engine_instance_id.is_some(),
            Self::Unfinished => session.status != OnboardingStatus::Complete,
        }
    }

    /// The refusal where it does not hold: reason code, field, and rule text.
    const fn refusal(self) -> (Ph1OnbReasonCode, &'static str, &'static str) {
        use Ph1OnbReasonCode as Code;
        match self {
            Self::Pinned(_) => {
                (Code::OnbGateNotApplicable, "required_verification_gates", "do not hold this gate")
            }
            Self::TermsOpen => (Code::OnbStateInvalid, "status", "must be DRAFT_CREATED"),
            Self::TermsAccepted => (Code::OnbGateTermsRequired, "terms_status", "must be ACCEPTED"),
            Self::DeviceOpen => {
                (Code::OnbStateInvalid, "primary_device_confirmed", "is set, and a proven device stays")
            }
            Self::DeviceConfirmed => (Code::OnbGateDeviceRequired, "primary_device_confirmed", "must be set"),
            Self::EvidenceOpen => {
                (Code::OnbStateInvalid, "verification_status", "must be absent or REJECTED")
            }
            Self::EvidencePending => (Code::OnbStateInvalid, "verification_status", "must be PENDING"),
            Self::Verified => (Code::OnbGateVerificationRequired, "verification_status", "must be CONFIRMED"),
            Self::AccessOpen => (Code::OnbStateInvalid, "access_engine_instance_id", "is set already"),
            Self::AccessCreated => (Code::OnbGateAccessRequired, "access_engine_instance_id", "must be set"),
            Self::Unfinished => (Code::OnbStateInvalid, "status", "is COMPLETE, the end"),
        }
    }
}

/// The gates of a schema, sorted: a required document must be captured and confirmed by the sender.
///
/// Any required field with the evidence mode DOC_REQUIRED gives both gates; its key does not matter.
pub(crate) fn of_schema(fields: &[RequirementField], selectors: &SchemaSelectors) -> Vec<VerificationGate> {
    let requires_document = |field: &RequirementField| {
        field.evidence_mode == EvidenceMode::DocRequired && requirements::required(field, selectors)
    };
    if fields.iter().any(requires_document) {
        vec![VerificationGate::PhotoEvidenceCapture, VerificationGate::SenderConfirmation]
    } else {
        Vec::new()
    }
}
