//! What happens to a target while a campaign runs: an onboarding that completes them, or access that is suspended.

use selene_contracts::ph1_link::{Ph1linkInviteGenerateDraftRow, Ph1linkInviteOpenActivateCommitRow};
use selene_contracts::ph1_onb::{
    DeviceProofType, Ph1onbAccessInstanceCreateCommitRow, Ph1onbCompleteCommitRow,
    Ph1onbEmployeePhotoCaptureSendCommitRow, Ph1onbEmployeeSenderVerifyCommitRow,
    Ph1onbPrimaryDeviceConfirmCommitRow, Ph1onbTermsAcceptCommitRow, SenderDecision,
};
use selene_contracts::ph2_access::{AccessLifecycle, Ph2accessInstanceCreateCommitRow};
use selene_storage::test_support::inputs;

use super::steps::{session, token};
use crate::model::calls::HiringCall;
use crate::workplace::employment;

/// Somebody gets access that is suspended from its beginning.
pub(super) fn suspended(user: &str) -> Vec<HiringCall> {
    vec![HiringCall::AccessCreate(Ph2accessInstanceCreateCommitRow {
        tenant_id: "tenant_a".into(),
        user_id: user.into(),
        role_template_id: "role_nurse".into(),
        access_lifecycle: AccessLifecycle::Suspended,
        idempotency_key: "out".into(),
    })]
}

/// `mia` completes an onboarding under the ACTIVE version.
pub(super) fn onboarded() -> Vec<HiringCall> {
    let name = ("boss", "k4");
    let key = || "mia".into();
    let (token_id, onboarding_session_id) = (token(name), session(name));
    vec![
        HiringCall::LinkGenerate(Ph1linkInviteGenerateDraftRow {
            tenant_id: Some("tenant_a".into()),
            prefilled_context: Some(employment()),
            ..inputs::link(name.0, name.1)
        }),
        HiringCall::LinkOpen(Ph1linkInviteOpenActivateCommitRow {
            token_id: token_id.clone(),
            device_fingerprint: "print_4".into(),
            idempotency_key: key(),
        }),
        HiringCall::OnbStart(inputs::onboarding_start(token_id, "print_4")),
        HiringCall::OnbTerms(Ph1onbTermsAcceptCommitRow {
            onboarding_session_id: onboarding_session_id.clone(),
            terms_version_id: "terms_1".into(),
            accepted: true,
            idempotency_key: key(),
        }),
        HiringCall::OnbPhoto(Ph1onbEmployeePhotoCaptureSendCommitRow {
            onboarding_session_id: onboarding_session_id.clone(),
            photo_blob_ref: "blob_4".into(),
            sender_user_id: "boss".into(),
            idempotency_key: key(),
        }),
        HiringCall::OnbVerify(Ph1onbEmployeeSenderVerifyCommitRow {
            onboarding_session_id: onboarding_session_id.clone(),
            sender_user_id: "boss".into(),
            decision: SenderDecision::Confirm,
            idempotency_key: key(),
        }),
        HiringCall::OnbDevice(Ph1onbPrimaryDeviceConfirmCommitRow {
            onboarding_session_id: onboarding_session_id.clone(),
            device_id: "tablet".into(),
            proof_type: DeviceProofType::Passcode,
            proof_ok: true,
            idempotency_key: key(),
        }),
        HiringCall::OnbAccess(Ph1onbAccessInstanceCreateCommitRow {
            onboarding_session_id: onboarding_session_id.clone(),
            user_id: "mia".into(),
            tenant_id: None,
            role_id: "role_nurse".into(),
            idempotency_key: key(),
        }),
        HiringCall::OnbComplete(Ph1onbCompleteCommitRow { onboarding_session_id, idempotency_key: key() }),
    ]
}
