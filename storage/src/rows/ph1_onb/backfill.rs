//! Rows of campaigns and their targets. Targets are copied and counted by SQL: no list of people is ever
//! loaded.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use selene_contracts::Admitted;
use selene_contracts::ph1_onb::{
    CampaignId, Ph1OnbReasonCode, Ph1onbBackfillCompleteCommitRow, Ph1onbBackfillCompleteCommitRowOutput,
    Ph1onbBackfillNotifyCommitRow, Ph1onbBackfillNotifyCommitRowOutput, Ph1onbBackfillStartDraftRow,
};
use selene_contracts::shared::{CompanyId, MonotonicTimeNs, PositionId, SchemaVersionId, TenantId, UserId};

use crate::failure::Failure;
use crate::rows::person::person;
use crate::rows::ph1_position;
use crate::rows::ph2_access;
use crate::rows::stored::{Audience, StoredWrite};
use crate::rows::values::{loaded, named, number, optional_named, optional_number, stored};
use crate::rules::ph1_onb::{
    CAMPAIGNS_AT_MOST, Campaign, CampaignChange, CampaignFacts, NotifyChange, NotifyFacts, ProgressFacts,
    Target, campaign_of,
};
use crate::session::{Changes, Session};

impl StoredWrite for Ph1onbBackfillStartDraftRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<CampaignFacts, Failure> {
        let connection = db.connection();
        let input = call.input();
        let (tenant_id, position_id) = (&input.tenant_id, &input.position_id);
        let schema =
            ph1_position::schema_version(connection, tenant_id, position_id, &input.schema_version_id)?;
        let target_count: i64 = connection
            .prepare_cached("SELECT count(*) FROM identities WHERE tenant_id = ?1 AND status = 'ACTIVE'")?
            .query_row([tenant_id.as_str()], |row| row.get(0))?;
        // The index of the tenant's access leads; whether a person has no home is looked at behind it.
        let passed_over_count: i64 = connection
            .prepare_cached(
                "SELECT count(*) FROM access_instances AS access JOIN identities AS person USING (user_id)
                 WHERE access.tenant_id = ?1 AND person.tenant_id IS NULL AND person.status = 'ACTIVE'",
            )?
            .query_row([tenant_id.as_str()], |row| row.get(0))?;
        Ok(CampaignFacts {
            actor: person(connection, &input.actor_user_id)?,
            position: ph1_position::position(connection, tenant_id, position_id)?,
            schema: schema.map(|schema| (schema.schema_state, schema.rollout_scope)),
            target_count: loaded(target_count),
            passed_over_count: loaded(passed_over_count),
        })
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, change: &CampaignChange) -> Result<(), Failure> {
        let connection = changes.session().connection();
        let row = &change.campaign;
        insert(connection, row)?;
        let copied = connection
            .prepare_cached(
                "INSERT INTO onboarding_backfill_targets (campaign_id, recipient_user_id, target_status, updated_at)
                 SELECT ?1, user_id, 'PENDING', ?3 FROM identities
                 WHERE tenant_id = ?2 AND status = 'ACTIVE' ORDER BY user_id",
            )?
            .execute((row.id.as_str(), row.tenant_id.as_str(), stored(row.created_at.get())))?;
        // Both were asked in one transaction: another number would be a fault of ours.
        if u32::try_from(copied) == Ok(row.total_target_count) {
            Ok(())
        } else {
            Err(Failure::Unreadable("the number of a campaign's targets".to_owned()))
        }
    }
}

impl StoredWrite for Ph1onbBackfillNotifyCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<NotifyFacts, Failure> {
        let connection = db.connection();
        let input = call.input();
        Ok(NotifyFacts {
            campaign: campaign(connection, &input.campaign_id)?,
            target: target(connection, &input.campaign_id, &input.recipient_user_id)?,
            person: person(connection, &input.recipient_user_id)?,
            access: ph2_access::instance(connection, &input.tenant_id, &input.recipient_user_id)?
                .map(|access| access.access_lifecycle),
        })
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, change: &NotifyChange) -> Result<(), Failure> {
        let connection = changes.session().connection();
        update_target(connection, change)
    }

    fn check_replay<S: Session>(
        db: &S,
        call: &Admitted<Self>,
        outcome: &Ph1onbBackfillNotifyCommitRowOutput,
    ) -> Result<Audience, Failure> {
        let connection = db.connection();
        campaign_of::<Self>(campaign(connection, &outcome.campaign_id)?, &call.input().tenant_id)?;
        Ok(Audience::Caller)
    }
}

impl StoredWrite for Ph1onbBackfillCompleteCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<ProgressFacts, Failure> {
        let connection = db.connection();
        let campaign_id = &call.input().campaign_id;
        let completed_count: i64 = connection
            .prepare_cached(
                "SELECT count(*) FROM onboarding_backfill_targets
                 WHERE campaign_id = ?1 AND target_status IN ('COMPLETED', 'EXEMPTED')",
            )?
            .query_row([campaign_id.as_str()], |row| row.get(0))?;
        Ok(ProgressFacts {
            campaign: campaign(connection, campaign_id)?,
            has_pending: connection
                .prepare_cached(
                    "SELECT 1 FROM onboarding_backfill_targets WHERE campaign_id = ?1 AND target_status = 'PENDING'",
                )?
                .exists([campaign_id.as_str()])?,
            completed_count: loaded(completed_count),
        })
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, row: &Campaign) -> Result<(), Failure> {
        let connection = changes.session().connection();
        update(connection, row)
    }

    fn check_replay<S: Session>(
        db: &S,
        call: &Admitted<Self>,
        outcome: &Ph1onbBackfillCompleteCommitRowOutput,
    ) -> Result<Audience, Failure> {
        let connection = db.connection();
        campaign_of::<Self>(campaign(connection, &outcome.campaign_id)?, &call.input().tenant_id)?;
        Ok(Audience::Caller)
    }
}

/// Writes what changed of a target, and of its campaign with it.
pub(super) fn update_target(connection: &Connection, change: &NotifyChange) -> Result<(), Failure> {
    let NotifyChange { campaign, recipient_user_id, target } = change;
    connection
        .prepare_cached(
            "UPDATE onboarding_backfill_targets SET target_status = :target_status, updated_at = :updated_at
             WHERE campaign_id = :campaign_id AND recipient_user_id = :recipient_user_id",
        )?
        .execute(named_params! {
            ":campaign_id": campaign.id.as_str(),
            ":recipient_user_id": recipient_user_id.as_str(),
            ":target_status": target.status.as_str(),
            ":updated_at": stored(target.updated_at.get()),
        })?;
    update(connection, campaign)
}

/// The campaigns of a version that a person is an open target of, in the order of their ids. A CANCELED one asks for
/// nothing any more.
pub(super) fn open_targets(
    connection: &Connection,
    (tenant_id, position_id, schema_version_id): (&TenantId, PositionId, &SchemaVersionId),
    person: &UserId,
) -> rusqlite::Result<Vec<(Campaign, Target)>> {
    let mut statement = connection.prepare_cached(
        "SELECT campaign.*, target.target_status, target.updated_at AS target_updated_at
         FROM onboarding_backfill_campaigns AS campaign
         JOIN onboarding_backfill_targets AS target
           ON target.campaign_id = campaign.campaign_id AND target.recipient_user_id = ?4
         WHERE campaign.tenant_id = ?1 AND campaign.position_id = ?2 AND campaign.schema_version_id = ?3
           AND campaign.state <> 'CANCELED' AND target.target_status IN ('PENDING', 'REQUESTED', 'REMINDED')
         ORDER BY campaign.campaign_id LIMIT ?5",
    )?;
    let key = (tenant_id.as_str(), position_id.as_str(), schema_version_id.as_str(), person.as_str());
    let rows = statement.query_map((key.0, key.1, key.2, key.3, CAMPAIGNS_AT_MOST), |row| {
        let updated_at = MonotonicTimeNs::new(number(row, "target_updated_at")?);
        Ok((record(row)?, Target { status: named(row, "target_status")?, updated_at }))
    })?;
    rows.collect()
}

fn insert(connection: &Connection, row: &Campaign) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "INSERT INTO onboarding_backfill_campaigns
                 (campaign_id, tenant_id, company_id, position_id, schema_version_id, rollout_scope, state,
                  actor_user_id, total_target_count, created_at, updated_at, completed_at, passed_over_count,
                  completion_reason_code)
             VALUES (:campaign_id, :tenant_id, :company_id, :position_id, :schema_version_id, :rollout_scope, :state,
                  :actor_user_id, :total_target_count, :created_at, :updated_at, :completed_at, :passed_over_count,
                  :completion_reason_code)",
        )?
        .execute(named_params! {
            ":campaign_id": row.id.as_str(),
            ":tenant_id": row.tenant_id.as_str(),
            ":company_id": row.company_id.as_str(),
            ":position_id": row.position_id.as_str(),
            ":schema_version_id": row.schema_version_id.as_str(),
            ":rollout_scope": row.rollout_scope.as_str(),
            ":state": row.state.as_str(),
            ":actor_user_id": row.actor_user_id.as_str(),
            ":total_target_count": row.total_target_count,
            ":created_at": stored(row.created_at.get()),
            ":updated_at": stored(row.updated_at.get()),
            ":completed_at": row.completed_at.map(|time| stored(time.get())),
            ":passed_over_count": row.passed_over_count,
            ":completion_reason_code": row.completion_reason.map(Ph1OnbReasonCode::as_str),
        })?;
    Ok(())
}

/// Writes what may change of a campaign.
fn update(connection: &Connection, row: &Campaign) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "UPDATE onboarding_backfill_campaigns
             SET state = :state, updated_at = :updated_at, completed_at = :completed_at,
                 completion_reason_code = :completion_reason_code
             WHERE campaign_id = :campaign_id",
        )?
        .execute(named_params! {
            ":campaign_id": row.id.as_str(),
            ":state": row.state.as_str(),
            ":updated_at": stored(row.updated_at.get()),
            ":completed_at": row.completed_at.map(|time| stored(time.get())),
            ":completion_reason_code": row.completion_reason.map(Ph1OnbReasonCode::as_str),
        })?;
    Ok(())
}

fn campaign(connection: &Connection, campaign_id: &CampaignId) -> rusqlite::Result<Option<Campaign>> {
    connection
        .prepare_cached("SELECT * FROM onboarding_backfill_campaigns WHERE campaign_id = ?1")?
        .query_row([campaign_id.as_str()], record)
        .optional()
}

fn record(row: &Row<'_>) -> rusqlite::Result<Campaign> {
    Ok(Campaign {
        id: CampaignId::new(row.get::<_, String>("campaign_id")?),
        tenant_id: TenantId::new(row.get::<_, String>("tenant_id")?),
        company_id: CompanyId::new(row.get::<_, String>("company_id")?),
        position_id: PositionId::new(row.get::<_, String>("position_id")?),
        schema_version_id: SchemaVersionId::new(row.get::<_, String>("schema_version_id")?),
        rollout_scope: named(row, "rollout_scope")?,
        state: named(row, "state")?,
        actor_user_id: UserId::new(row.get::<_, String>("actor_user_id")?),
        total_target_count: row.get("total_target_count")?,
        created_at: MonotonicTimeNs::new(number(row, "created_at")?),
        updated_at: MonotonicTimeNs::new(number(row, "updated_at")?),
        completed_at: optional_number(row, "completed_at")?.map(MonotonicTimeNs::new),
        passed_over_count: row.get("passed_over_count")?,
        completion_reason: optional_named(row, "completion_reason_code")?,
    })
}

fn target(
    connection: &Connection,
    campaign_id: &CampaignId,
    recipient_user_id: &UserId,
) -> rusqlite::Result<Option<Target>> {
    connection
        .prepare_cached(
            "SELECT target_status, updated_at FROM onboarding_backfill_targets
             WHERE campaign_id = ?1 AND recipient_user_id = ?2",
        )?
        .query_row([campaign_id.as_str(), recipient_user_id.as_str()], |row| {
            Ok(Target {
                status: named(row, "target_status")?,
                updated_at: MonotonicTimeNs::new(number(row, "updated_at")?),
            })
        })
        .optional()
}
