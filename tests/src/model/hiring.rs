//! Calls, values and tables of what takes a person from an invitation to access: PH1.LINK, PH1.POSITION,
//! PH2.ACCESS and PH1.ONB.
//!
//! What lives here: the forms. What must not: the rules, which stand one engine to a file in `link`,
//! `position`, `access`, `onboarding` and `campaign`.
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
    BackfillCampaignState, BackfillTargetStatus, CampaignId, OnbAccessInstanceCreateResult,
    OnbCompleteResult, OnbEmployeePhotoCaptureSendResult, OnbEmployeeSenderVerifyResult,
    OnbPrimaryDeviceConfirmResult, OnbSessionStartResult, OnbTermsAcceptResult, OnboardingSessionRecord,
    Ph1OnbReasonCode, Ph1onbAccessInstanceCreateCommitRow, Ph1onbBackfillCompleteCommitRow,
    Ph1onbBackfillCompleteCommitRowOutput, Ph1onbBackfillNotifyCommitRow,
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
    SchemaState, TenantCompanyRecord,
};
use selene_contracts::ph2_access::{
    AccessInstanceRecord, Ph2accessInstanceCreateCommitRow, Ph2accessLifecycleCommitRow,
    Ph2accessReadInstanceRow,
};
use selene_contracts::shared::{
    DeviceFingerprint, MonotonicTimeNs, OnboardingSessionId, PositionId, SchemaVersionId, TenantId, TokenId,
    UserId,
};
use selene_contracts::{CallContext, ReasonCode};
use serde::{Deserialize, Serialize};

use super::calls::{Answer, Value};
use super::world::{Event, Model};

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
    /// Whether the call is there to change rows.
    pub(super) const fn is_write(&self) -> bool {
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
    /// The value in a few words: where what it tells of stands now.
    pub(super) fn word(&self) -> String {
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

/// A link, and the fingerprint behind the hash that a store keeps.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Link {
    pub(super) row: LinkRecord,
    pub(super) fingerprint: Option<DeviceFingerprint>,
}

/// A campaign with its targets.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Campaign {
    pub(super) tenant_id: TenantId,
    pub(super) position_id: PositionId,
    pub(super) version: SchemaVersionId,
    pub(super) actor: UserId,
    pub(super) state: BackfillCampaignState,
    pub(super) updated_at: MonotonicTimeNs,
    /// When it ended.
    pub(super) completed_at: Option<MonotonicTimeNs>,
    /// Why it is over.
    pub(super) reason: Option<Ph1OnbReasonCode>,
    /// Who could not be a target.
    pub(super) passed_over: u32,
    /// Where each target stands, and since when.
    pub(super) targets: BTreeMap<UserId, (BackfillTargetStatus, MonotonicTimeNs)>,
}

/// The tables of the four engines.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct HiringTables {
    pub(super) links: BTreeMap<TokenId, Link>,
    pub(super) companies: Vec<TenantCompanyRecord>,
    pub(super) positions: Vec<PositionRecord>,
    pub(super) schemas: Vec<RequirementSchemaRecord>,
    /// How many rows the ledger of a position has, and that of its schemas.
    pub(super) ledgers: BTreeMap<(String, String), (u64, u64)>,
    pub(super) access: Vec<AccessInstanceRecord>,
    pub(super) sessions: BTreeMap<OnboardingSessionId, OnboardingSessionRecord>,
    pub(super) campaigns: BTreeMap<CampaignId, Campaign>,
}

impl HiringTables {
    /// Where journeys stand, with how many gates, and whether the schema that they are pinned to was replaced.
    pub(super) fn journeys(&self) -> impl Iterator<Item = String> {
        self.sessions.values().map(|row| {
            let pinned = row.pinned_schema_id.as_ref().and_then(|id| id.as_str().strip_prefix("position:"));
            let is_outlived = self.schemas.iter().any(|schema| {
                Some(&schema.tenant_id) == row.tenant_id.as_ref()
                    && Some(schema.position_id.as_str()) == pinned
                    && Some(&schema.schema_version_id) == row.pinned_schema_version.as_ref()
                    && schema.schema_state == SchemaState::Retired
            });
            let schema = if is_outlived { " under a retired schema" } else { "" };
            format!("Journey {} with {} gates{schema}", row.status, row.required_verification_gates.len())
        })
    }
}

impl Model {
    /// Answers a call of one of the four engines.
    pub(super) fn answer_hiring(&mut self, context: &CallContext, call: &HiringCall) -> Answer {
        self.answer_link(context, call)
            .or_else(|| self.answer_position(context, call))
            .or_else(|| self.answer_access(context, call))
            .or_else(|| self.answer_onboarding(context, call))
            .or_else(|| self.answer_campaign(context, call))
            .unwrap_or_else(|| self.answer_read(context, call))
    }
}

/// What a rule of one of the four engines decides.
pub(super) fn decided(value: HiringValue, event: Event) -> (Value, Event) {
    (Value::Hiring(Box::new(value)), event)
}

/// A stranger hears nothing: a key that was used for one tenant is refused to a call that names another one.
pub(super) fn own_tenant(
    given: Option<&TenantId>,
    recorded: Option<&TenantId>,
    code: impl Into<ReasonCode>,
) -> Result<(), ReasonCode> {
    if given.is_some() && given != recorded { Err(code.into()) } else { Ok(()) }
}

/// Two tenants that do not contradict each other: at least one is open, or they are the same.
pub(super) fn agree(one: Option<&TenantId>, other: Option<&TenantId>) -> bool {
    one.is_none() || other.is_none() || one == other
}

/// A key as a part of an id of the model.
pub(super) fn short(text: &str) -> &str {
    if text.len() <= 16 { text } else { "long" }
}
