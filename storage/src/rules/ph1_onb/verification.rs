//! The evidence that a pinned schema requires: captured, then confirmed or rejected by the sender.

use selene_contracts::ph1_f::IdentityRecord;
use selene_contracts::ph1_onb::{
    OnbEmployeePhotoCaptureSendResult, OnbEmployeeSenderVerifyResult, OnboardingSessionRecord,
    OnboardingStatus, Ph1onbEmployeePhotoCaptureSendCommitRow, Ph1onbEmployeeSenderVerifyCommitRow,
    PhotoBlobRef, PhotoProofRef, SenderDecision, VerificationStatus,
};
use selene_contracts::shared::OnboardingSessionId;
use selene_contracts::{Admitted, StorageError};

use super::{People, StepFacts, gates, session};
use crate::change::Update;
use crate::encode::{Encoder, short_id};
use crate::rules::person::Person;
use crate::rules::{Decision, WriteRule, refuse};

/// The rows that a capture reads.
#[derive(Debug, Clone)]
pub struct PhotoFacts {
    pub(crate) session: Option<OnboardingSessionRecord>,
    pub(crate) people: People,
    /// The sender that the call names.
    pub(crate) sender: Option<Person>,
}

impl WriteRule for Ph1onbEmployeePhotoCaptureSendCommitRow {
    type Facts = PhotoFacts;
    type Change = Update<OnboardingSessionRecord>;

    /// After the gates: the sender exists in the session's tenant and is not DISABLED; after a rejected capture it is the same
    /// sender, so that a rejection cannot be avoided by another one.
    fn decide(call: &Admitted<Self>, facts: PhotoFacts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let before = session::ready(call, facts.session, gates::PHOTO)?;
        if !facts.sender.is_some_and(|sender| sender.may_act(before.tenant_id.as_ref())) {
            return Err(refuse::foreign_key::<Self, IdentityRecord>("sender_user_id"));
        }
        if before.sender_user_id.as_ref().is_some_and(|sender| *sender != input.sender_user_id) {
            return Err(refuse::scope::<Self>("sender_user_id", "must be the sender of the capture before"));
        }
        let (status, verification_status) =
            (OnboardingStatus::VerificationPending, VerificationStatus::Pending);
        let proof = proof_of(&before.onboarding_session_id, &input.photo_blob_ref);
        let after = OnboardingSessionRecord {
            photo_blob_ref: Some(input.photo_blob_ref.clone()),
            photo_proof_ref: Some(proof.clone()),
            sender_user_id: Some(input.sender_user_id.clone()),
            verification_status: Some(verification_status),
            ..session::moved(before, status, call.context().now)
        };
        let event = session::event(
            call,
            &after,
            &facts.people,
            [
                ("photo_proof_ref", Some(proof.as_str())),
                ("verification_status", Some(verification_status.as_str())),
                ("sender_user_id", Some(input.sender_user_id.as_str())),
                ("inviter_user_id", facts.people.inviter()),
            ],
        )?;
        let output = OnbEmployeePhotoCaptureSendResult {
            onboarding_session_id: after.onboarding_session_id.clone(),
            status,
            photo_proof_ref: proof,
            verification_status,
        };
        Ok(Decision { change: Update(after), event, output })
    }
}

/// The reference of a photo in events and answers, which must not contain the photo's own: `prf_` and a hash of session and photo.
fn proof_of(onboarding_session_id: &OnboardingSessionId, photo_blob_ref: &PhotoBlobRef) -> PhotoProofRef {
    let mut bytes = Encoder::new("selene.photo_proof.v1");
    bytes.text(onboarding_session_id.as_str());
    bytes.text(photo_blob_ref.as_str());
    PhotoProofRef::new(short_id("prf_", &bytes.finish()))
}

impl WriteRule for Ph1onbEmployeeSenderVerifyCommitRow {
    type Facts = StepFacts;
    type Change = Update<OnboardingSessionRecord>;

    fn decide(call: &Admitted<Self>, facts: StepFacts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let before = session::ready(call, facts.session, gates::SENDER)?;
        if before.sender_user_id.as_ref() != Some(&input.sender_user_id) {
            return Err(refuse::scope::<Self>("sender_user_id", "must be the sender of the capture"));
        }
        let (status, verification_status) = match input.decision {
            SenderDecision::Confirm => {
                (OnboardingStatus::VerificationConfirmed, VerificationStatus::Confirmed)
            }
            SenderDecision::Reject => (OnboardingStatus::VerificationRejected, VerificationStatus::Rejected),
        };
        let after = OnboardingSessionRecord {
            verification_status: Some(verification_status),
            ..session::moved(before, status, call.context().now)
        };
        let event = session::event(
            call,
            &after,
            &facts.people,
            [
                ("verification_status", Some(verification_status.as_str())),
                ("decision", Some(input.decision.as_str())),
                ("sender_user_id", Some(input.sender_user_id.as_str())),
                ("inviter_user_id", facts.people.inviter()),
            ],
        )?;
        let output = OnbEmployeeSenderVerifyResult {
            onboarding_session_id: after.onboarding_session_id.clone(),
            status,
            verification_status,
        };
        Ok(Decision { change: Update(after), event, output })
    }
}
