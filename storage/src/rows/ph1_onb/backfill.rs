//! The capabilities of campaigns: what their rules read, and the rows that they write.

use selene_contracts::Admitted;
use selene_contracts::ph1_onb::{
    Ph1onbBackfillCompleteCommitRow, Ph1onbBackfillCompleteCommitRowOutput, Ph1onbBackfillNotifyCommitRow,
    Ph1onbBackfillNotifyCommitRowOutput, Ph1onbBackfillStartDraftRow,
};
use selene_contracts::ph1_position::RequirementSchemaRecord;
use selene_contracts::ph1_position::keys::{PositionsKey, RequirementSchemasKey};

use super::campaigns;
use crate::failure::Failure;
use crate::rows::person::person;
use crate::rows::ph2_access;
use crate::rows::stored::{Audience, StoredWrite};
use crate::rules::ph1_onb::{CampaignFacts, NotifyFacts, ProgressFacts, campaign_of};
use crate::session::Session;

impl StoredWrite for Ph1onbBackfillStartDraftRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<CampaignFacts, Failure> {
        let input = call.input();
        let (tenant_id, position_id) = (&input.tenant_id, &input.position_id);
        let schema: Option<RequirementSchemaRecord> = db.by_key(&RequirementSchemasKey {
            tenant_id,
            position_id,
            schema_version_id: &input.schema_version_id,
        })?;
        Ok(CampaignFacts {
            actor: person(db, &input.actor_user_id)?,
            position: db.by_key(&PositionsKey { tenant_id, position_id })?,
            schema: schema.map(|schema| (schema.schema_state, schema.rollout_scope)),
            target_count: campaigns::target_count(db, tenant_id)?,
            passed_over_count: campaigns::passed_over_count(db, tenant_id)?,
        })
    }
}

impl StoredWrite for Ph1onbBackfillNotifyCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<NotifyFacts, Failure> {
        let input = call.input();
        Ok(NotifyFacts {
            campaign: campaigns::campaign(db, &input.campaign_id)?,
            target: campaigns::target(db, &input.campaign_id, &input.recipient_user_id)?,
            person: person(db, &input.recipient_user_id)?,
            access: ph2_access::instance(db, &input.tenant_id, &input.recipient_user_id)?
                .map(|access| access.access_lifecycle),
        })
    }

    fn check_replay<S: Session>(
        db: &S,
        call: &Admitted<Self>,
        outcome: &Ph1onbBackfillNotifyCommitRowOutput,
    ) -> Result<Audience, Failure> {
        let campaign = campaigns::campaign(db, &outcome.campaign_id)?;
        campaign_of::<Self>(campaign, &call.input().tenant_id)?;
        Ok(Audience::Caller)
    }
}

impl StoredWrite for Ph1onbBackfillCompleteCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<ProgressFacts, Failure> {
        let campaign_id = &call.input().campaign_id;
        Ok(ProgressFacts {
            campaign: campaigns::campaign(db, campaign_id)?,
            has_pending: campaigns::has_pending(db, campaign_id)?,
            completed_count: campaigns::completed_count(db, campaign_id)?,
        })
    }

    fn check_replay<S: Session>(
        db: &S,
        call: &Admitted<Self>,
        outcome: &Ph1onbBackfillCompleteCommitRowOutput,
    ) -> Result<Audience, Failure> {
        let campaign = campaigns::campaign(db, &outcome.campaign_id)?;
        campaign_of::<Self>(campaign, &call.input().tenant_id)?;
        Ok(Audience::Caller)
    }
}
