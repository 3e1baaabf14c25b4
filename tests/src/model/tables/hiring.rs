//! The tables of PH1.LINK, PH1.POSITION, PH2.ACCESS and PH1.ONB.

use std::collections::BTreeMap;

use selene_contracts::ph1_link::LinkRecord;
use selene_contracts::ph1_onb::{
    BackfillCampaignState, BackfillTargetStatus, CampaignId, OnboardingSessionRecord, Ph1OnbReasonCode,
};
use selene_contracts::ph1_position::{
    PositionRecord, RequirementSchemaRecord, SchemaState, TenantCompanyRecord,
};
use selene_contracts::ph2_access::AccessInstanceRecord;
use selene_contracts::shared::{
    DeviceFingerprint, MonotonicTimeNs, OnboardingSessionId, PositionId, SchemaVersionId, TenantId, TokenId,
    UserId,
};

/// A link, and the fingerprint behind the hash that a store keeps.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::model) struct Link {
    pub(in crate::model) row: LinkRecord,
    pub(in crate::model) fingerprint: Option<DeviceFingerprint>,
}

/// A campaign with its targets.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::model) struct Campaign {
    pub(in crate::model) tenant_id: TenantId,
    pub(in crate::model) position_id: PositionId,
    pub(in crate::model) version: SchemaVersionId,
    pub(in crate::model) actor: UserId,
    pub(in crate::model) state: BackfillCampaignState,
    pub(in crate::model) updated_at: MonotonicTimeNs,
    /// When the campaign ended.
    pub(in crate::model) completed_at: Option<MonotonicTimeNs>,
    /// The reason code of its end.
    pub(in crate::model) reason: Option<Ph1OnbReasonCode>,
    /// How many people of the company could not be targets.
    pub(in crate::model) passed_over: u32,
    /// The status of each target, and the time of its last change.
    pub(in crate::model) targets: BTreeMap<UserId, (BackfillTargetStatus, MonotonicTimeNs)>,
}

/// The tables of the four engines.
#[derive(Debug, Clone, Default, PartialEq)]
pub(in crate::model) struct HiringTables {
    pub(in crate::model) links: BTreeMap<TokenId, Link>,
    pub(in crate::model) companies: Vec<TenantCompanyRecord>,
    pub(in crate::model) positions: Vec<PositionRecord>,
    pub(in crate::model) schemas: Vec<RequirementSchemaRecord>,
    /// How many rows the ledger of a position has, and that of its schemas.
    pub(in crate::model) ledgers: BTreeMap<(String, String), (u64, u64)>,
    pub(in crate::model) access: Vec<AccessInstanceRecord>,
    pub(in crate::model) sessions: BTreeMap<OnboardingSessionId, OnboardingSessionRecord>,
    pub(in crate::model) campaigns: BTreeMap<CampaignId, Campaign>,
}

impl HiringTables {
    /// The status of each onboarding, its number of gates, and whether the schema that it is pinned to was replaced, as
    /// `Journey COMPLETE with 2 gates under a retired schema`.
    pub(in crate::model) fn journeys(&self) -> impl Iterator<Item = String> {
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
