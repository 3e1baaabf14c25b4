//! The capabilities of campaigns: what their rules read, and the rows that they write.

use selene_contracts::ph1_onb::keys::{OnboardingBackfillCampaignsKey, OnboardingBackfillTargetsKey};
use selene_contracts::ph1_onb::{
    CampaignId, Ph1onbBackfillCompleteCommitRow, Ph1onbBackfillCompleteCommitRowOutput,
    Ph1onbBackfillNotifyCommitRow, Ph1onbBackfillNotifyCommitRowOutput, Ph1onbBackfillStartDraftRow,
};
use selene_contracts::ph1_position::RequirementSchemaRecord;
use selene_contracts::ph1_position::keys::{PositionsKey, RequirementSchemasKey};
use selene_contracts::ph2_access::AccessInstanceRecord;
use selene_contracts::ph2_access::keys::AccessInstancesByTenantIdAndUserId;
use selene_contracts::shared::TenantId;
use selene_contracts::{Admitted, Capability};

use super::campaigns;
use crate::failure::Failure;
use crate::rows::person::person;
use crate::rows::stored::StoredWrite;
use crate::rules::Audience;
use crate::rules::ph1_onb::{CampaignFacts, NotifyFacts, ProgressFacts, campaign_of};
use crate::session::Session;

impl StoredWrite for Ph1onbBackfillStartDraftRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<CampaignFacts, Failure> {
        let Self { actor_user_id, tenant_id, position_id, schema_version_id, .. } = call.input();
        let schema: Option<RequirementSchemaRecord> =
            db.by_key(&RequirementSchemasKey { tenant_id, position_id, schema_version_id })?;
        Ok(CampaignFacts {
            actor: person(db, actor_user_id)?,
            position: db.by_key(&PositionsKey { tenant_id, position_id })?,
            schema: schema.map(|schema| (schema.schema_state, schema.rollout_scope)),
            target_count: campaigns::target_count(db, tenant_id)?,
            passed_over_count: campaigns::passed_over_count(db, tenant_id)?,
        })
    }
}

impl StoredWrite for Ph1onbBackfillNotifyCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<NotifyFacts, Failure> {
        let Self { campaign_id, tenant_id, recipient_user_id, .. } = call.input();
        let access: Option<AccessInstanceRecord> =
            db.by_key(&AccessInstancesByTenantIdAndUserId { tenant_id, user_id: recipient_user_id })?;
        Ok(NotifyFacts {
            campaign: db.by_key(&OnboardingBackfillCampaignsKey { campaign_id })?,
            target: db.by_key(&OnboardingBackfillTargetsKey { campaign_id, recipient_user_id })?,
            person: person(db, recipient_user_id)?,
            access: access.map(|access| access.access_lifecycle),
        })
    }

    fn check_replay<S: Session>(
        db: &S,
        call: &Admitted<Self>,
        outcome: &Ph1onbBackfillNotifyCommitRowOutput,
    ) -> Result<Audience, Failure> {
        check_campaign::<Self>(db, &outcome.campaign_id, &call.input().tenant_id)
    }
}

impl StoredWrite for Ph1onbBackfillCompleteCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<ProgressFacts, Failure> {
        let Self { campaign_id, .. } = call.input();
        Ok(ProgressFacts {
            campaign: db.by_key(&OnboardingBackfillCampaignsKey { campaign_id })?,
            has_pending: campaigns::has_pending(db, campaign_id)?,
            completed_count: campaigns::completed_count(db, campaign_id)?,
        })
    }

    fn check_replay<S: Session>(
        db: &S,
        call: &Admitted<Self>,
        outcome: &Ph1onbBackfillCompleteCommitRowOutput,
    ) -> Result<Audience, Failure> {
        check_campaign::<Self>(db, &outcome.campaign_id, &call.input().tenant_id)
    }
}

/// A replay is for the tenant of the campaign.
fn check_campaign<C: Capability>(
    db: &impl Session,
    campaign_id: &CampaignId,
    tenant_id: &TenantId,
) -> Result<Audience, Failure> {
    campaign_of::<C>(db.by_key(&OnboardingBackfillCampaignsKey { campaign_id })?, tenant_id)?;
    Ok(Audience::Caller)
}
