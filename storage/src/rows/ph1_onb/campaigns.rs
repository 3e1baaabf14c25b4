//! Rows of campaigns and of their targets. Targets are copied and counted by SQL: no list of people is ever loaded.

use selene_contracts::ph1_f::IdentityStatus;
use selene_contracts::ph1_onb::{
    BackfillCampaignState, BackfillTargetStatus, CampaignId, OnboardingBackfillCampaignsRow,
    OnboardingBackfillTargetsRow,
};
use selene_contracts::row::{Beside, Column as _};
use selene_contracts::shared::{MonotonicTimeNs, PositionId, SchemaVersionId, TenantId, UserId};
use selene_contracts::sql;

use crate::change::Change;
use crate::failure::Failure;
use crate::rules::ph1_onb::{CAMPAIGNS_AT_MOST, Campaign, NewCampaign, OPEN, Target};
use crate::session::{Changes, Session};

/// How many ACTIVE people have their home in a tenant: the targets of a campaign.
pub(super) fn target_count(db: &impl Session, tenant_id: &TenantId) -> Result<u64, Failure> {
    db.number(
        sql!("SELECT count(*) FROM {@identities} WHERE {tenant_id} = $1 AND {status} = {IdentityStatus::Active}"),
        &[tenant_id.value()],
    )
}

/// How many ACTIVE people have access in a tenant and no home: a campaign passes over them.
pub(super) fn passed_over_count(db: &impl Session, tenant_id: &TenantId) -> Result<u64, Failure> {
    // The index of the tenant's access leads; whether a person has no home is looked at behind it.
    db.number(
        sql!(
            "SELECT count(*) FROM {@access_instances access}
             JOIN {@identities person} ON {person.user_id} = {access.user_id}
             WHERE {access.tenant_id} = $1 AND {person.tenant_id} IS NULL AND {person.status} = {IdentityStatus::Active}"
        ),
        &[tenant_id.value()],
    )
}

/// How many targets of a campaign are in none of the statuses that the rules call open. They are written out, because an index holds
/// these rows alone.
pub(super) fn completed_count(db: &impl Session, campaign_id: &CampaignId) -> Result<u64, Failure> {
    db.number(
        sql!(
            "SELECT count(*) FROM {@onboarding_backfill_targets}
             WHERE {campaign_id} = $1 AND {target_status} IN ({BackfillTargetStatus::Completed}, {BackfillTargetStatus::Exempted})"
        ),
        &[campaign_id.value()],
    )
}

/// Whether a target of a campaign is PENDING.
pub(super) fn has_pending(db: &impl Session, campaign_id: &CampaignId) -> Result<bool, Failure> {
    db.exists(
        sql!(
            "SELECT 1 FROM {@onboarding_backfill_targets} WHERE {campaign_id} = $1 AND {target_status} = {BackfillTargetStatus::Pending}"
        ),
        &[campaign_id.value()],
    )
}

/// Adds a campaign and its targets: the ACTIVE people whose home is its tenant, each PENDING.
impl Change for NewCampaign {
    fn store<S: Session>(&self, changes: &mut Changes<'_, S>) -> Result<(), Failure> {
        let Self(campaign) = self;
        changes.insert(campaign)?;
        let copied = changes.insert_group::<Target>(
        sql!(
            "INSERT INTO {@onboarding_backfill_targets}
                 ({*OnboardingBackfillTargetsRow}, {row_version})
             SELECT $1, {person.user_id}, {BackfillTargetStatus::Pending}, $2, 1 FROM {@identities person}
             WHERE {person.tenant_id} = $3 AND {person.status} = {IdentityStatus::Active} ORDER BY {person.user_id}"
        ),
        &[campaign.campaign_id.value(), campaign.created_at.value(), campaign.tenant_id.value()],
        &[campaign.campaign_id.value()],
    )?;
        // The rule counted them in the same transaction: another number would be a fault of the store.
        if u32::try_from(copied) == Ok(campaign.total_target_count) {
            Ok(())
        } else {
            Err(Failure::Inconsistent("the number of a campaign's targets is another one".to_owned()))
        }
    }
}

/// The campaigns of a version that a person is an open target of, in the order of their ids. A CANCELED one asks for
/// nothing any more.
pub(super) fn open_targets(
    db: &impl Session,
    (tenant_id, position_id, schema_version_id): (&TenantId, PositionId, &SchemaVersionId),
    person: &UserId,
) -> Result<Vec<(Campaign, Target)>, Failure> {
    // Both tables have a campaign and a time: those of the target get other names, so that a row's column list reads the
    // campaign.
    let found = db.all::<Beside<Campaign, (BackfillTargetStatus, MonotonicTimeNs)>>(
        sql!(
            "SELECT {*OnboardingBackfillCampaignsRow}, open_target.open_status, open_target.open_since
             FROM {@onboarding_backfill_campaigns campaign}
             JOIN (SELECT {target.campaign_id} AS open_campaign_id, {target.target_status} AS open_status,
                          {target.updated_at} AS open_since
                   FROM {@onboarding_backfill_targets target}
                   WHERE {target.recipient_user_id} = $1 AND {target.target_status} IN ($2, $3, $4)) AS open_target
               ON open_target.open_campaign_id = {campaign.campaign_id}
             WHERE {campaign.tenant_id} = $5 AND {campaign.position_id} = $6 AND {campaign.schema_version_id} = $7
               AND {campaign.state} <> $8
             ORDER BY {campaign.campaign_id} LIMIT $9"
        ),
        &[
            person.value(),
            OPEN[0].value(),
            OPEN[1].value(),
            OPEN[2].value(),
            tenant_id.value(),
            position_id.value(),
            schema_version_id.value(),
            BackfillCampaignState::Canceled.value(),
            CAMPAIGNS_AT_MOST.value(),
        ],
    )?;
    let target = |campaign: &Campaign, target_status, updated_at| Target {
        campaign_id: campaign.campaign_id.clone(),
        recipient_user_id: person.clone(),
        target_status,
        updated_at,
    };
    let both = |Beside(campaign, (status, since))| {
        let target = target(&campaign, status, since);
        (campaign, target)
    };
    Ok(found.into_iter().map(both).collect())
}
