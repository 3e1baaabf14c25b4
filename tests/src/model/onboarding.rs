//! PH1.ONB as its specs state it: a session from its start to its end. Campaigns stand in `campaign`.

mod access;
pub(super) mod clarify;
mod pins;
pub(super) mod session;

use selene_contracts::CallContext;
use selene_contracts::ph1_f::IdentityStatus;
use selene_contracts::ph1_onb::{
    OnbEmployeePhotoCaptureSendResult, OnbEmployeeSenderVerifyResult, OnbPrimaryDeviceConfirmResult,
    OnbTermsAcceptResult, OnboardingSessionRecord, OnboardingStatus, Ph1OnbReasonCode as O,
    Ph1onbEmployeePhotoCaptureSendCommitRow, Ph1onbEmployeeSenderVerifyCommitRow,
    Ph1onbPrimaryDeviceConfirmCommitRow, Ph1onbSessionStartDraftRow, Ph1onbTermsAcceptCommitRow,
    PhotoProofRef, SenderDecision, TermsStatus, VerificationGate, VerificationStatus,
};

use self::session::{admission, event, has_terms, keyed, not_before, session};
use super::admission::{tenant, text};
use super::calls::{Answer, HiringCall, HiringValue};
use super::decision::{Decided, agree, decided};
use super::reference::{Model, Write};
use super::tables::Tables;

impl Model {
    /// Answers a write of a session; `None` for another call.
    pub(super) fn answer_onboarding(&mut self, context: &CallContext, call: &HiringCall) -> Option<Answer> {
        let answer = match call {
            HiringCall::OnbStart(input) => self.answer_start(context, input),
            HiringCall::OnbTerms(input) => self.write(
                context,
                "PH1ONB_TERMS_ACCEPT_COMMIT_ROW",
                &[input.onboarding_session_id.as_str(), input.idempotency_key.as_str()],
                input,
                &keyed(
                    &input.onboarding_session_id,
                    &[(input.terms_version_id.as_str(), 64)],
                    &input.idempotency_key,
                ),
                |tables| terms(tables, context, input),
            ),
            HiringCall::OnbPhoto(input) => self.write(
                context,
                "PH1ONB_EMPLOYEE_PHOTO_CAPTURE_SEND_COMMIT_ROW",
                &[input.onboarding_session_id.as_str(), input.idempotency_key.as_str()],
                input,
                &keyed(
                    &input.onboarding_session_id,
                    &[(input.photo_blob_ref.as_str(), 256), (input.sender_user_id.as_str(), 128)],
                    &input.idempotency_key,
                ),
                |tables| photo(tables, context, input),
            ),
            HiringCall::OnbVerify(input) => self.write(
                context,
                "PH1ONB_EMPLOYEE_SENDER_VERIFY_COMMIT_ROW",
                &[input.onboarding_session_id.as_str(), input.idempotency_key.as_str()],
                input,
                &keyed(
                    &input.onboarding_session_id,
                    &[(input.sender_user_id.as_str(), 128)],
                    &input.idempotency_key,
                ),
                |tables| verify(tables, context, input),
            ),
            HiringCall::OnbDevice(input) => self.write(
                context,
                "PH1ONB_PRIMARY_DEVICE_CONFIRM_COMMIT_ROW",
                &[input.onboarding_session_id.as_str(), input.idempotency_key.as_str()],
                input,
                &keyed(
                    &input.onboarding_session_id,
                    &[(input.device_id.as_str(), 128)],
                    &input.idempotency_key,
                ),
                |tables| device(tables, context, input),
            ),
            HiringCall::OnbAccess(input) => self.answer_grant(context, input),
            HiringCall::OnbComplete(input) => self.write(
                context,
                "PH1ONB_COMPLETE_COMMIT_ROW",
                &[input.onboarding_session_id.as_str(), input.idempotency_key.as_str()],
                input,
                &keyed(&input.onboarding_session_id, &[], &input.idempotency_key),
                |tables| access::complete(tables, context, input),
            ),
            _ => return None,
        };
        Some(answer)
    }

    fn answer_start(&mut self, context: &CallContext, input: &Ph1onbSessionStartDraftRow) -> Answer {
        let write = Write {
            capability: "PH1ONB_SESSION_START_DRAFT_ROW",
            key: &[input.token_id.as_str()],
            input,
            admission: &admission(&[
                text(input.token_id.as_str(), 64),
                input.prefilled_context_ref.as_ref().is_none_or(|id| text(id.as_str(), 128)),
                input.tenant_id.as_ref().is_none_or(tenant),
                text(input.device_fingerprint.as_str(), 256),
            ]),
        };
        let answer = self.write_for(
            context,
            &write,
            |tables, earlier| {
                if !agree(input.tenant_id.as_ref(), earlier.tenant.as_ref()) {
                    return Err(O::OnbScopeMismatch.into());
                }
                // Only the device that the link is bound to gets the answer again.
                let link = tables.hiring.links.get(&input.token_id);
                let bound = link.and_then(|link| link.fingerprint.as_ref());
                if bound == Some(&input.device_fingerprint) {
                    Ok(())
                } else {
                    Err(O::OnbFingerprintMismatch.into())
                }
            },
            |tables| pins::start(tables, context, input),
        );
        match answer {
            Answer::Replayed { identical, value } => {
                Answer::Replayed { identical, value: pins::follow(&self.tables, value) }
            }
            answer => answer,
        }
    }
}

fn terms(tables: &mut Tables, context: &CallContext, input: &Ph1onbTermsAcceptCommitRow) -> Decided {
    let row = session(tables, &input.onboarding_session_id)?;
    not_before(context, row.updated_at)?;
    if row.status != OnboardingStatus::DraftCreated {
        return Err(O::OnbStateInvalid.into());
    }
    let (status, terms_status) = if input.accepted {
        (OnboardingStatus::TermsAccepted, TermsStatus::Accepted)
    } else {
        (OnboardingStatus::TermsDeclined, TermsStatus::Declined)
    };
    row.status = status;
    row.terms_status = Some(terms_status);
    row.terms_version_id = Some(input.terms_version_id.clone());
    row.updated_at = context.now;
    let row = row.clone();
    let mut event = event(tables, context, O::OnbTermsAcceptCommit, &row, &input.idempotency_key);
    event.note_some("inviter_user_id", clarify::inviter(tables, &row));
    event.note("terms_version_id", &input.terms_version_id);
    event.note("terms_status", &terms_status);
    let output = OnbTermsAcceptResult {
        onboarding_session_id: row.onboarding_session_id.clone(),
        status,
        terms_status,
    };
    Ok(decided(HiringValue::OnbTerms(output), event))
}

/// A gate that is not pinned is not asked; nothing is asked before the terms are accepted.
fn asked(row: &OnboardingSessionRecord, gate: VerificationGate) -> Result<(), O> {
    if !row.required_verification_gates.contains(&gate) {
        return Err(O::OnbGateNotApplicable);
    }
    has_terms(row)
}

fn photo(
    tables: &mut Tables,
    context: &CallContext,
    input: &Ph1onbEmployeePhotoCaptureSendCommitRow,
) -> Decided {
    let sender = tables.identity(&input.sender_user_id).cloned();
    let row = session(tables, &input.onboarding_session_id)?;
    not_before(context, row.updated_at)?;
    asked(row, VerificationGate::PhotoEvidenceCapture)?;
    if !matches!(row.verification_status, None | Some(VerificationStatus::Rejected)) {
        return Err(O::OnbStateInvalid.into());
    }
    // A person who was rejected does not look for another sender.
    if row.sender_user_id.as_ref().is_some_and(|earlier| *earlier != input.sender_user_id) {
        return Err(O::OnbScopeMismatch.into());
    }
    let is_known = sender.is_some_and(|sender| {
        agree(sender.tenant_id.as_ref(), row.tenant_id.as_ref()) && sender.status != IdentityStatus::Disabled
    });
    if !is_known {
        return Err(O::OnbScopeMismatch.into());
    }
    let name = row.onboarding_session_id.as_str().replace("#onb/", "");
    let proof = PhotoProofRef::new(format!("#proof/{name}/{}", input.photo_blob_ref));
    row.status = OnboardingStatus::VerificationPending;
    row.photo_blob_ref = Some(input.photo_blob_ref.clone());
    row.photo_proof_ref = Some(proof.clone());
    row.sender_user_id = Some(input.sender_user_id.clone());
    row.verification_status = Some(VerificationStatus::Pending);
    row.updated_at = context.now;
    let row = row.clone();
    let mut event = event(tables, context, O::OnbPhotoCaptureSendCommit, &row, &input.idempotency_key);
    event.note("sender_user_id", &input.sender_user_id);
    event.note_some("inviter_user_id", clarify::inviter(tables, &row));
    event.note("photo_proof_ref", &proof);
    event.note("verification_status", &VerificationStatus::Pending);
    let output = OnbEmployeePhotoCaptureSendResult {
        onboarding_session_id: row.onboarding_session_id.clone(),
        status: row.status,
        photo_proof_ref: proof,
        verification_status: VerificationStatus::Pending,
    };
    Ok(decided(HiringValue::OnbPhoto(output), event))
}

fn verify(
    tables: &mut Tables,
    context: &CallContext,
    input: &Ph1onbEmployeeSenderVerifyCommitRow,
) -> Decided {
    let row = session(tables, &input.onboarding_session_id)?;
    not_before(context, row.updated_at)?;
    asked(row, VerificationGate::SenderConfirmation)?;
    if row.verification_status != Some(VerificationStatus::Pending) {
        return Err(O::OnbStateInvalid.into());
    }
    if row.sender_user_id.as_ref() != Some(&input.sender_user_id) {
        return Err(O::OnbScopeMismatch.into());
    }
    let (status, verification_status) = match input.decision {
        SenderDecision::Confirm => (OnboardingStatus::VerificationConfirmed, VerificationStatus::Confirmed),
        SenderDecision::Reject => (OnboardingStatus::VerificationRejected, VerificationStatus::Rejected),
    };
    row.status = status;
    row.verification_status = Some(verification_status);
    row.updated_at = context.now;
    let row = row.clone();
    let mut event = event(tables, context, O::OnbSenderVerifyCommit, &row, &input.idempotency_key);
    event.note("sender_user_id", &input.sender_user_id);
    event.note_some("inviter_user_id", clarify::inviter(tables, &row));
    event.note("verification_status", &verification_status);
    event.note("decision", &input.decision);
    let output = OnbEmployeeSenderVerifyResult {
        onboarding_session_id: row.onboarding_session_id.clone(),
        status,
        verification_status,
    };
    Ok(decided(HiringValue::OnbVerified(output), event))
}

fn device(
    tables: &mut Tables,
    context: &CallContext,
    input: &Ph1onbPrimaryDeviceConfirmCommitRow,
) -> Decided {
    let found = tables.devices.get(&input.device_id).cloned();
    let row = session(tables, &input.onboarding_session_id)?;
    not_before(context, row.updated_at)?;
    has_terms(row)?;
    if row.primary_device_confirmed {
        return Err(O::OnbStateInvalid.into());
    }
    // A device of another tenant is as good as none.
    let bound = found.ok_or(O::OnbScopeMismatch)?.tenant;
    if !agree(bound.as_ref(), row.tenant_id.as_ref()) {
        return Err(O::OnbScopeMismatch.into());
    }
    row.primary_device_device_id = Some(input.device_id.clone());
    row.primary_device_proof_type = Some(input.proof_type);
    row.primary_device_confirmed = input.proof_ok;
    if input.proof_ok {
        row.status = OnboardingStatus::PrimaryDeviceConfirmed;
    }
    row.updated_at = context.now;
    let row = row.clone();
    let mut event = event(tables, context, O::OnbPrimaryDeviceConfirmCommit, &row, &input.idempotency_key);
    event.note_some("inviter_user_id", clarify::inviter(tables, &row));
    event.tenant_id = event.tenant_id.or(bound);
    event.device_id = Some(input.device_id.clone());
    event.note("proof_type", &input.proof_type);
    event.note("primary_device_confirmed", &input.proof_ok);
    let output = OnbPrimaryDeviceConfirmResult {
        onboarding_session_id: row.onboarding_session_id.clone(),
        status: row.status,
        primary_device_confirmed: input.proof_ok,
    };
    Ok(decided(HiringValue::OnbDevice(output), event))
}
