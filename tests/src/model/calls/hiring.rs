//! Calls and values of what takes a person from an invitation to access: PH1.LINK, PH1.POSITION, PH2.ACCESS and PH1.ONB.
//!
//! Ids that a store makes begin with `#` in the model and say what they stand for: `#token/boss/k1` is the
//! token of the link that `boss` generated under the key `k1`.

use std::collections::BTreeMap;

use selene_contracts::ph1_f::{IdentityRecord, Ph1fReadIdentityRow};
use selene_contracts::ph1_link::{
    LinkOpenResult, LinkRecord, Ph1linkInviteGenerateDraftRow, Ph1linkInviteOpenActivateCommitRow,
    Ph1linkInviteRevokeCommitRow, Ph1linkReadLinkRow,
};
use selene_contracts::ph1_onb::{
    OnbAccessInstanceCreateResult, OnbCompleteResult, OnbEmployeePhotoCaptureSendResult,
    OnbEmployeeSenderVerifyResult, OnbPrimaryDeviceConfirmResult, OnbSessionStartResult,
    OnbTermsAcceptResult, OnboardingSessionRecord, Ph1onbAccessInstanceCreateCommitRow,
    Ph1onbBackfillCompleteCommitRow, Ph1onbBackfillCompleteCommitRowOutput, Ph1onbBackfillNotifyCommitRow,
    Ph1onbBackfillNotifyCommitRowOutput, Ph1onbBackfillStartDraftRow, Ph1onbBackfillStartDraftRowOutput,
    Ph1onbCompleteCommitRow, Ph1onbEmployeePhotoCaptureSendCommitRow, Ph1onbEmployeeSenderVerifyCommitRow,
    Ph1onbPrimaryDeviceConfirmCommitRow, Ph1onbSessionRow, Ph1onbSessionRows, Ph1onbSessionStartDraftRow,
    Ph1onbTermsAcceptCommitRow,
};
use selene_contracts::ph1_position::{
    Ph1positionAppendOnlyGuards, Ph1positionCompanyInsertRow, Ph1positionCompanyStateCommitRow,
    Ph1positionCreateDraftRow, Ph1positionLifecycleCommitRow, Ph1positionReadActiveSchemaRow,
    Ph1positionReadCompanyRow, Ph1positionReadPositionRow, Ph1positionReadSchemaVersionRow,
    Ph1positionSchemaActivateCommitRow, Ph1positionSchemaDraftRow, PositionRecord, RequirementSchemaRecord,
    TenantCompanyRecord,
};
use selene_contracts::ph2_access::{
    AccessInstanceRecord, Ph2accessInstanceCreateCommitRow, Ph2accessLifecycleCommitRow,
    Ph2accessReadInstanceRow,
};
use selene_contracts::shared::OnboardingSessionId;
use serde::{Deserialize, Serialize};

/// A call of one of the four engines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each variant is named after its capability")]
pub enum HiringCall {
    LinkGenerate(Ph1linkInviteGenerateDraftRow),
    LinkOpen(Ph1linkInviteOpenActivateCommitRow),
    LinkRevoke(Ph1linkInviteRevokeCommitRow),
    LinkRead(Ph1linkReadLinkRow),
    CompanyInsert(Ph1positionCompanyInsertRow),
    CompanyState(Ph1positionCompanyStateCommitRow),
    PositionDraft(Ph1positionCreateDraftRow),
    PositionLifecycle(Ph1positionLifecycleCommitRow),
    SchemaDraft(Ph1positionSchemaDraftRow),
    SchemaActivate(Ph1positionSchemaActivateCommitRow),
    CompanyRead(Ph1positionReadCompanyRow),
    PositionRead(Ph1positionReadPositionRow),
    SchemaRead(Ph1positionReadActiveSchemaRow),
    VersionRead(Ph1positionReadSchemaVersionRow),
    PositionGuard(Ph1positionAppendOnlyGuards),
    AccessCreate(Ph2accessInstanceCreateCommitRow),
    AccessLifecycle(Ph2accessLifecycleCommitRow),
    AccessRead(Ph2accessReadInstanceRow),
    OnbStart(Ph1onbSessionStartDraftRow),
    OnbTerms(Ph1onbTermsAcceptCommitRow),
    OnbPhoto(Ph1onbEmployeePhotoCaptureSendCommitRow),
    OnbVerify(Ph1onbEmployeeSenderVerifyCommitRow),
    OnbDevice(Ph1onbPrimaryDeviceConfirmCommitRow),
    OnbAccess(Ph1onbAccessInstanceCreateCommitRow),
    OnbComplete(Ph1onbCompleteCommitRow),
    OnbRead(Ph1onbSessionRow),
    OnbReadAll(Ph1onbSessionRows),
    BackfillStart(Ph1onbBackfillStartDraftRow),
    BackfillNotify(Ph1onbBackfillNotifyCommitRow),
    BackfillComplete(Ph1onbBackfillCompleteCommitRow),
    IdentityRead(Ph1fReadIdentityRow),
}

impl HiringCall {
    /// Whether the call is a write: no read, and no guard.
    pub(in crate::model) const fn is_write(&self) -> bool {
        !matches!(
            self,
            Self::LinkRead(_)
                | Self::CompanyRead(_)
                | Self::PositionRead(_)
                | Self::SchemaRead(_)
                | Self::VersionRead(_)
                | Self::PositionGuard(_)
                | Self::AccessRead(_)
                | Self::OnbRead(_)
                | Self::OnbReadAll(_)
                | Self::IdentityRead(_)
        )
    }
}

/// What a capability of one of the four engines gives.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "each variant is named after its calls")]
pub enum HiringValue {
    Link(LinkRecord),
    LinkOpened(LinkOpenResult),
    LinkFound(Option<LinkRecord>),
    Company(TenantCompanyRecord),
    CompanyFound(Option<TenantCompanyRecord>),
    Position(PositionRecord),
    PositionFound(Option<PositionRecord>),
    Schema(RequirementSchemaRecord),
    SchemaFound(Option<RequirementSchemaRecord>),
    Access(AccessInstanceRecord),
    AccessFound(Option<AccessInstanceRecord>),
    OnbStarted(OnbSessionStartResult),
    OnbTerms(OnbTermsAcceptResult),
    OnbPhoto(OnbEmployeePhotoCaptureSendResult),
    OnbVerified(OnbEmployeeSenderVerifyResult),
    OnbDevice(OnbPrimaryDeviceConfirmResult),
    OnbAccess(OnbAccessInstanceCreateResult),
    OnbCompleted(OnbCompleteResult),
    OnbFound(Box<Option<OnboardingSessionRecord>>),
    OnbAll(BTreeMap<OnboardingSessionId, OnboardingSessionRecord>),
    BackfillStarted(Ph1onbBackfillStartDraftRowOutput),
    BackfillNotified(Ph1onbBackfillNotifyCommitRowOutput),
    BackfillCompleted(Ph1onbBackfillCompleteCommitRowOutput),
    IdentityFound(Option<IdentityRecord>),
    Guarded,
}

impl HiringValue {
    /// The value in short: the state of the row after the call.
    pub(in crate::model) fn word(&self) -> String {
        match self {
            Self::Link(row) => row.link_status.to_string(),
            Self::LinkOpened(row) => row.link_status.to_string(),
            Self::Company(row) => row.company_state.to_string(),
            Self::Position(row) => row.position_lifecycle.to_string(),
            Self::Schema(row) => row.schema_state.to_string(),
            Self::Access(row) => row.access_lifecycle.to_string(),
            Self::OnbStarted(row) => {
                format!(
                    "{} {} with {} gates",
                    row.status,
                    row.next_step,
                    row.required_verification_gates.len()
                )
            }
            Self::OnbTerms(row) => row.status.to_string(),
            Self::OnbPhoto(row) => row.status.to_string(),
            Self::OnbVerified(row) => row.status.to_string(),
            Self::OnbDevice(row) => row.status.to_string(),
            Self::OnbAccess(row) => row.status.to_string(),
            Self::OnbCompleted(row) if row.completed_campaign_ids.is_empty() => row.status.to_string(),
            Self::OnbCompleted(row) => format!("{} as a target", row.status),
            Self::BackfillStarted(row) => row.state.to_string(),
            Self::BackfillNotified(row) => row.target_status.to_string(),
            Self::BackfillCompleted(row) => row.state.to_string(),
            _ => String::new(),
        }
    }
}
