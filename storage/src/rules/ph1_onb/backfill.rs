//! Backfill campaigns: they request the requirements of a new schema version from the people of a tenant.

use selene_contracts::ph1_f::IdentityRecord;
use selene_contracts::ph1_onb::{
    BackfillCampaignState, BackfillTargetStatus, CampaignId, Ph1OnbReasonCode,
    Ph1onbBackfillCompleteCommitRow, Ph1onbBackfillCompleteCommitRowOutput, Ph1onbBackfillNotifyCommitRow,
    Ph1onbBackfillNotifyCommitRowOutput, Ph1onbBackfillStartDraftRow, Ph1onbBackfillStartDraftRowOutput,
};
/// The rows of a campaign, and of a person that it notifies.
pub use selene_contracts::ph1_onb::{
    OnboardingBackfillCampaignsRow as Campaign, OnboardingBackfillTargetsRow as Target,
};
use selene_contracts::ph1_position::{PositionRecord, RequirementSchemaRecord, SchemaState};
use selene_contracts::ph2_access::AccessLifecycle;
use selene_contracts::shared::{RolloutScope, TenantId};
use selene_contracts::{Admitted, Capability, StorageError};

use crate::change::Update;
use crate::encode::{Encoder, short_id};
use crate::rules::person::Person;
use crate::rules::{Decision, EventDraft, WriteRule, refuse};

/// The rows and counts that the start of a campaign reads.
#[derive(Debug, Clone)]
pub struct CampaignFacts {
    pub(crate) actor: Option<Person>,
    pub(crate) position: Option<PositionRecord>,
    /// State and rollout scope of the schema version of the campaign.
    pub(crate) schema: Option<(SchemaState, Option<RolloutScope>)>,
    /// The number of ACTIVE people whose home is the tenant.
    pub(crate) target_count: u64,
    /// The number of ACTIVE people with access in the tenant who have no home.
    pub(crate) passed_over_count: u64,
}

/// A new campaign. Its targets are copied from the identities, sorted by user, without being loaded.
#[derive(Debug, Clone)]
pub struct NewCampaign(pub(crate) Campaign);

/// The campaign that a call names. One of another tenant has the same refusal as one that does not exist.
///
/// # Errors
/// There is no such campaign in the caller's tenant.
pub(crate) fn campaign_of<C: Capability>(
    campaign: Option<Campaign>,
    tenant_id: &TenantId,
) -> Result<Campaign, StorageError> {
    campaign
        .filter(|campaign| campaign.tenant_id == *tenant_id)
        .ok_or_else(|| refuse::not_found::<C, Campaign>("campaign_id"))
}

impl WriteRule for Ph1onbBackfillStartDraftRow {
    type Facts = CampaignFacts;
    type Change = NewCampaign;

    /// In this order: the actor exists in the tenant and is not DISABLED; the position is of the tenant and of the
    /// company; the version is one of the position; it was rolled out to current people too; it is the active one.
    /// The bounds of the input already require the scope CURRENT_AND_NEW.
    fn decide(call: &Admitted<Self>, facts: CampaignFacts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        if !facts.actor.is_some_and(|actor| actor.may_act(Some(&input.tenant_id))) {
            return Err(refuse::foreign_key::<Self, IdentityRecord>("actor_user_id"));
        }
        if facts.position.is_none_or(|position| position.company_id != input.company_id) {
            return Err(refuse::foreign_key::<Self, PositionRecord>("position_id"));
        }
        let (schema_state, rollout_scope) = facts
            .schema
            .ok_or_else(|| refuse::foreign_key::<Self, RequirementSchemaRecord>("schema_version_id"))?;
        if rollout_scope == Some(RolloutScope::NewHiresOnly) {
            return Err(refuse::rule_as::<Self>(
                Ph1OnbReasonCode::OnbBackfillScopeInvalid,
                "schema_version_id",
                "must be a version that was activated for CURRENT_AND_NEW",
            ));
        }
        if schema_state != SchemaState::Active {
            return Err(refuse::rule_as::<Self>(
                Ph1OnbReasonCode::OnbStateInvalid,
                "schema_version_id",
                "must be the active version",
            ));
        }
        let counted = |count: u64| {
            u32::try_from(count)
                .map_err(|_| refuse::rule::<Self>("tenant_id", "has more people than a campaign can count"))
        };
        let (total, passed_over) = (counted(facts.target_count)?, counted(facts.passed_over_count)?);
        let campaign = new_campaign(call, total, passed_over);
        let event = EventDraft::fixed(call)?.user(Some(&input.actor_user_id)).details([
            ("campaign_id", Some(campaign.campaign_id.as_str())),
            ("state", Some(campaign.state.as_str())),
            ("position_id", Some(campaign.position_id.as_str())),
            ("schema_version_id", Some(campaign.schema_version_id.as_str())),
            ("rollout_scope", Some(campaign.rollout_scope.as_str())),
            ("pending_target_count", Some(total.to_string().as_str())),
            ("passed_over_count", Some(passed_over.to_string().as_str())),
            ("completion_reason_code", campaign.completion_reason_code.map(Ph1OnbReasonCode::as_str)),
        ]);
        let output = Ph1onbBackfillStartDraftRowOutput {
            campaign_id: campaign.campaign_id.clone(),
            state: campaign.state,
            pending_target_count: total,
            passed_over_count: campaign.passed_over_count,
            completion_reason_code: campaign.completion_reason_code,
        };
        Ok(Decision { change: NewCampaign(campaign), event, output })
    }
}

fn new_campaign(
    call: &Admitted<Ph1onbBackfillStartDraftRow>,
    total_target_count: u32,
    passed_over_count: u32,
) -> Campaign {
    let input = call.input();
    let now = call.context().now;
    let mut bytes = Encoder::new("selene.backfill_campaign.v1");
    bytes.text(input.tenant_id.as_str());
    bytes.text(input.position_id.as_str());
    bytes.text(input.schema_version_id.as_str());
    bytes.text(input.idempotency_key.as_str());
    let is_complete = total_target_count == 0;
    Campaign {
        campaign_id: CampaignId::new(short_id("cmp_", &bytes.finish())),
        tenant_id: input.tenant_id.clone(),
        company_id: input.company_id.clone(),
        position_id: input.position_id.clone(),
        schema_version_id: input.schema_version_id.clone(),
        rollout_scope: input.rollout_scope,
        state: if is_complete { BackfillCampaignState::Completed } else { BackfillCampaignState::Running },
        actor_user_id: input.actor_user_id.clone(),
        total_target_count,
        created_at: now,
        updated_at: now,
        completed_at: is_complete.then_some(now),
        passed_over_count: Some(passed_over_count),
        completion_reason_code: is_complete.then_some(Ph1OnbReasonCode::OnbBackfillNoTargets),
    }
}

/// The rows that a notification reads.
#[derive(Debug, Clone)]
pub struct NotifyFacts {
    pub(crate) campaign: Option<Campaign>,
    pub(crate) target: Option<Target>,
    /// The identity of the recipient.
    pub(crate) person: Option<Person>,
    /// The lifecycle of the recipient's access in the campaign's tenant, where they have one.
    pub(crate) access: Option<AccessLifecycle>,
}

/// A target, and its campaign, whose last change is the latest of its targets, so that it cannot be completed at an earlier time.
pub type TargetChange = (Update<Target>, Update<Campaign>);

impl WriteRule for Ph1onbBackfillNotifyCommitRow {
    type Facts = NotifyFacts;
    type Change = TargetChange;

    fn decide(call: &Admitted<Self>, facts: NotifyFacts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        let campaign = campaign_of::<Self>(facts.campaign, &input.tenant_id)?;
        let target = facts.target.ok_or_else(|| refuse::not_found::<Self, Target>("recipient_user_id"))?;
        refuse::not_before::<Self>(now, target.updated_at)?;
        if campaign.state != BackfillCampaignState::Running {
            return Err(refuse::rule_as::<Self>(
                Ph1OnbReasonCode::OnbStateInvalid,
                "state",
                "must be RUNNING",
            ));
        }
        let is_excluded = facts.person.is_some_and(|person| person.is_disabled)
            || facts.access == Some(AccessLifecycle::Suspended);
        let status = after_notification(target.target_status, is_excluded);
        let event = EventDraft::fixed(call)?.user(Some(&input.recipient_user_id)).payload([
            ("campaign_id", campaign.campaign_id.as_str()),
            ("target_status", status.as_str()),
            ("actor_user_id", campaign.actor_user_id.as_str()),
        ]);
        // A repeated notification is a change too, and the next one must not be earlier. A target that is at an end keeps its time.
        let updated_at = if is_end(target.target_status) { target.updated_at } else { now };
        let output = Ph1onbBackfillNotifyCommitRowOutput {
            campaign_id: campaign.campaign_id.clone(),
            recipient_user_id: input.recipient_user_id.clone(),
            target_status: status,
        };
        let campaign = Campaign { updated_at: updated_at.max(campaign.updated_at), ..campaign };
        let change = (Update(Target { target_status: status, updated_at, ..target }), Update(campaign));
        Ok(Decision { change, event, output })
    }
}

/// The status of a target after a notification; COMPLETED and EXEMPTED stay. A person who is DISABLED or whose access is SUSPENDED
/// (`is_excluded`) is not notified and becomes EXEMPTED.
pub(super) const fn after_notification(
    status: BackfillTargetStatus,
    is_excluded: bool,
) -> BackfillTargetStatus {
    use BackfillTargetStatus::{Completed, Exempted, Pending, Reminded, Requested};
    match status {
        Pending | Requested | Reminded if is_excluded => Exempted,
        Pending => Requested,
        Requested | Reminded => Reminded,
        end @ (Completed | Exempted) => end,
    }
}

/// The statuses of a target that may still be notified; the others are ends.
pub(crate) const OPEN: [BackfillTargetStatus; 3] =
    [BackfillTargetStatus::Pending, BackfillTargetStatus::Requested, BackfillTargetStatus::Reminded];

/// Whether a target is notified no more.
fn is_end(status: BackfillTargetStatus) -> bool {
    !OPEN.contains(&status)
}

/// The row and counts that the completion of a campaign reads.
#[derive(Debug, Clone)]
pub struct ProgressFacts {
    pub(crate) campaign: Option<Campaign>,
    /// At least one target is PENDING.
    pub(crate) has_pending: bool,
    /// The number of targets that are COMPLETED or EXEMPTED.
    pub(crate) completed_count: u64,
}

impl WriteRule for Ph1onbBackfillCompleteCommitRow {
    type Facts = ProgressFacts;
    type Change = Update<Campaign>;

    /// In this order: the campaign is of the tenant; time does not go back; it is RUNNING or COMPLETED; no target is PENDING. A
    /// COMPLETED one, which had no targets for instance, does not change.
    fn decide(call: &Admitted<Self>, facts: ProgressFacts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let now = call.context().now;
        let before = campaign_of::<Self>(facts.campaign, &input.tenant_id)?;
        refuse::not_before::<Self>(now, before.updated_at)?;
        let is_complete = match before.state {
            BackfillCampaignState::Running => false,
            BackfillCampaignState::Completed => true,
            BackfillCampaignState::DraftCreated | BackfillCampaignState::Canceled => {
                let rule = "must be RUNNING or COMPLETED";
                return Err(refuse::rule_as::<Self>(Ph1OnbReasonCode::OnbStateInvalid, "state", rule));
            }
        };
        if facts.has_pending {
            return Err(refuse::rule_as::<Self>(
                Ph1OnbReasonCode::OnbBackfillNotTerminal,
                "target_status",
                "must not be PENDING for any target",
            ));
        }
        let completed_target_count = u32::try_from(facts.completed_count)
            .map_err(|_| refuse::rule::<Self>("campaign_id", "has more targets than a campaign can count"))?;
        let after = if is_complete {
            before
        } else {
            Campaign {
                state: BackfillCampaignState::Completed,
                updated_at: now,
                completed_at: Some(now),
                completion_reason_code: Some(Ph1OnbReasonCode::OnbBackfillFinished),
                ..before
            }
        };
        let event = EventDraft::fixed(call)?.user(Some(&after.actor_user_id)).details([
            ("campaign_id", Some(after.campaign_id.as_str())),
            ("state", Some(after.state.as_str())),
            ("completed_target_count", Some(completed_target_count.to_string().as_str())),
            ("completion_reason_code", after.completion_reason_code.map(Ph1OnbReasonCode::as_str)),
        ]);
        let output = Ph1onbBackfillCompleteCommitRowOutput {
            campaign_id: after.campaign_id.clone(),
            state: after.state,
            completed_target_count,
            total_target_count: after.total_target_count,
            completion_reason_code: after.completion_reason_code,
        };
        Ok(Decision { change: Update(after), event, output })
    }
}
