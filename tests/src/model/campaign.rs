//! The campaigns of PH1.ONB as its specs state them.

use selene_contracts::ph1_f::IdentityStatus;
use selene_contracts::ph1_onb::{
    BackfillCampaignState, BackfillTargetStatus, CampaignId, OnboardingSessionRecord, Ph1OnbReasonCode as O,
    Ph1onbBackfillCompleteCommitRow, Ph1onbBackfillCompleteCommitRowOutput, Ph1onbBackfillNotifyCommitRow,
    Ph1onbBackfillNotifyCommitRowOutput, Ph1onbBackfillStartDraftRow, Ph1onbBackfillStartDraftRowOutput,
};
use selene_contracts::ph1_position::SchemaState;
use selene_contracts::ph2_access::AccessLifecycle;
use selene_contracts::shared::{
    AuditEventType, IdempotencyKey, MonotonicTimeNs, RolloutScope, TenantId, UserId,
};
use selene_contracts::{CallContext, ReasonCode};

use super::admission::{Admission, tenant, text};
use super::calls::{Answer, HiringCall, HiringValue};
use super::decision::{Decided, agree, decided, own_tenant, short};
use super::event::{Event, EventKey};
use super::onboarding::session::{ENGINE, admission, not_before};
use super::reference::{Model, Write};
use super::tables::{Campaign, Tables};

impl Model {
    /// Answers a write of a campaign; `None` for another call.
    pub(super) fn answer_campaign(&mut self, context: &CallContext, call: &HiringCall) -> Option<Answer> {
        let answer = match call {
            HiringCall::BackfillStart(input) => self.write(
                context,
                "PH1ONB_BACKFILL_START_DRAFT_ROW",
                &[
                    input.tenant_id.as_str(),
                    input.position_id.as_str(),
                    input.schema_version_id.as_str(),
                    input.idempotency_key.as_str(),
                ],
                input,
                &start_admission(input),
                |tables| start(tables, context, input),
            ),
            HiringCall::BackfillNotify(input) => self.write_for(
                context,
                &Write {
                    capability: "PH1ONB_BACKFILL_NOTIFY_COMMIT_ROW",
                    key: &[
                        input.campaign_id.as_str(),
                        input.recipient_user_id.as_str(),
                        input.idempotency_key.as_str(),
                    ],
                    input,
                    admission: &admission(&[
                        text(input.campaign_id.as_str(), 64),
                        tenant(&input.tenant_id),
                        text(input.recipient_user_id.as_str(), 128),
                        text(input.idempotency_key.as_str(), 128),
                    ]),
                },
                |_, earlier| own_tenant(Some(&input.tenant_id), earlier.tenant.as_ref(), O::OnbScopeMismatch),
                |tables| notify(tables, context, input),
            ),
            HiringCall::BackfillComplete(input) => self.write_for(
                context,
                &Write {
                    capability: "PH1ONB_BACKFILL_COMPLETE_COMMIT_ROW",
                    key: &[input.campaign_id.as_str(), input.idempotency_key.as_str()],
                    input,
                    admission: &admission(&[
                        text(input.campaign_id.as_str(), 64),
                        tenant(&input.tenant_id),
                        text(input.idempotency_key.as_str(), 128),
                    ]),
                },
                |_, earlier| own_tenant(Some(&input.tenant_id), earlier.tenant.as_ref(), O::OnbScopeMismatch),
                |tables| complete(tables, context, input),
            ),
            _ => return None,
        };
        Some(answer)
    }
}

/// A campaign for new hires only is refused before any row is read.
fn start_admission(input: &Ph1onbBackfillStartDraftRow) -> Admission {
    let code = O::OnbContractValidationFailed.into();
    let is_scope = input.rollout_scope == RolloutScope::CurrentAndNew;
    Admission::new(
        code,
        &[
            (text(input.actor_user_id.as_str(), 128), code),
            (tenant(&input.tenant_id), code),
            (text(input.company_id.as_str(), 64), code),
            (text(input.position_id.as_str(), 64), code),
            (text(input.schema_version_id.as_str(), 64), code),
            (is_scope, O::OnbBackfillScopeInvalid.into()),
            (text(input.idempotency_key.as_str(), 128), code),
        ],
    )
    .gated()
}

/// What a campaign may be started for: an active version for everybody, of a position of the actor's tenant.
fn may_start(tables: &Tables, input: &Ph1onbBackfillStartDraftRow) -> Result<(), ReasonCode> {
    let tenant_id = &input.tenant_id;
    let actor = tables.identity(&input.actor_user_id).ok_or(O::OnbScopeMismatch)?;
    if !agree(actor.tenant_id.as_ref(), Some(tenant_id)) || actor.status == IdentityStatus::Disabled {
        return Err(O::OnbScopeMismatch.into());
    }
    let position = tables.hiring.position(tenant_id, &input.position_id).ok_or(O::OnbScopeMismatch)?;
    if position.company_id != input.company_id {
        return Err(O::OnbScopeMismatch.into());
    }
    let schema = tables
        .hiring
        .schema(tenant_id, &input.position_id, &input.schema_version_id)
        .ok_or(O::OnbScopeMismatch)?;
    // What was activated for new hires only stays so, also when another version has taken its place.
    if schema.rollout_scope == Some(RolloutScope::NewHiresOnly) {
        return Err(O::OnbBackfillScopeInvalid.into());
    }
    if schema.schema_state != SchemaState::Active {
        return Err(O::OnbStateInvalid.into());
    }
    Ok(())
}

/// The campaign with a target for everybody who is at home in the tenant; over at once where nobody is.
fn started(tables: &Tables, context: &CallContext, input: &Ph1onbBackfillStartDraftRow) -> Campaign {
    let tenant_id = &input.tenant_id;
    let people = tables.identities.iter().filter(|person| {
        person.tenant_id.as_ref() == Some(tenant_id) && person.status == IdentityStatus::Active
    });
    // Who has access here and no home tenant cannot be asked, and is counted.
    let passed_over = tables.hiring.access.iter().filter(|access| {
        let person = tables.identity(&access.user_id);
        access.tenant_id == *tenant_id
            && person.is_some_and(|it| it.tenant_id.is_none() && it.status == IdentityStatus::Active)
    });
    let campaign = Campaign {
        tenant_id: tenant_id.clone(),
        position_id: input.position_id.clone(),
        version: input.schema_version_id.clone(),
        actor: input.actor_user_id.clone(),
        completed_at: None,
        reason: None,
        passed_over: u32::try_from(passed_over.count()).unwrap_or(u32::MAX),
        state: BackfillCampaignState::Running,
        updated_at: context.now,
        targets: people
            .map(|person| (person.user_id.clone(), (BackfillTargetStatus::Pending, context.now)))
            .collect(),
    };
    if campaign.targets.is_empty() {
        Campaign {
            state: BackfillCampaignState::Completed,
            completed_at: Some(context.now),
            reason: Some(O::OnbBackfillNoTargets),
            ..campaign
        }
    } else {
        campaign
    }
}

fn start(tables: &mut Tables, context: &CallContext, input: &Ph1onbBackfillStartDraftRow) -> Decided {
    may_start(tables, input)?;
    let campaign = started(tables, context, input);
    let id = CampaignId::new(format!(
        "#campaign/{}/{}/{}/{}",
        input.tenant_id,
        input.position_id,
        input.schema_version_id,
        short(input.idempotency_key.as_str())
    ));
    let mut event = event(context, O::OnbBackfillStartDraft, &id, &campaign, &input.idempotency_key);
    event.note("pending_target_count", &campaign.targets.len());
    event.note("passed_over_count", &campaign.passed_over);
    event.note_some("completion_reason_code", campaign.reason);
    event.note("state", &campaign.state);
    event.note("position_id", &input.position_id);
    event.note("schema_version_id", &input.schema_version_id);
    event.note("rollout_scope", &input.rollout_scope);
    let output = Ph1onbBackfillStartDraftRowOutput {
        campaign_id: id.clone(),
        state: campaign.state,
        pending_target_count: u32::try_from(campaign.targets.len()).unwrap_or(u32::MAX),
        passed_over_count: Some(campaign.passed_over),
        completion_reason_code: campaign.reason,
    };
    tables.hiring.campaigns.insert(id, campaign);
    Ok(decided(HiringValue::BackfillStarted(output), event))
}

impl Campaign {
    /// Completes the person of a session as a target; gives whether it did.
    pub(super) fn complete(
        &mut self,
        session: &OnboardingSessionRecord,
        person: &UserId,
        now: MonotonicTimeNs,
    ) -> bool {
        use BackfillTargetStatus::{Completed, Pending, Reminded, Requested};
        let schema = format!("position:{}", self.position_id);
        let is_asked_for = session.tenant_id.as_ref() == Some(&self.tenant_id)
            && session.pinned_schema_id.as_ref().is_some_and(|id| id.as_str() == schema)
            && session.pinned_schema_version.as_ref() == Some(&self.version)
            && self.state != BackfillCampaignState::Canceled;
        let target = self.targets.get_mut(person).filter(|_| is_asked_for);
        let Some(target) = target.filter(|it| matches!(it.0, Pending | Requested | Reminded)) else {
            return false;
        };
        *target = (Completed, target.1.max(now));
        self.updated_at = self.updated_at.max(now);
        true
    }
}

/// The campaign of a tenant.
fn campaign<'a>(
    tables: &'a mut Tables,
    id: &CampaignId,
    tenant_id: &TenantId,
) -> Result<&'a mut Campaign, O> {
    let found = tables.hiring.campaigns.get_mut(id).filter(|campaign| campaign.tenant_id == *tenant_id);
    found.ok_or(O::OnbScopeMismatch)
}

fn notify(tables: &mut Tables, context: &CallContext, input: &Ph1onbBackfillNotifyCommitRow) -> Decided {
    use BackfillTargetStatus::{Exempted, Pending, Reminded, Requested};
    let person = tables.identity(&input.recipient_user_id);
    let access = tables.hiring.instance(&input.tenant_id, &input.recipient_user_id);
    let is_out = person.is_some_and(|person| person.status == IdentityStatus::Disabled)
        || access.is_some_and(|access| access.access_lifecycle == AccessLifecycle::Suspended);
    let campaign = campaign(tables, &input.campaign_id, &input.tenant_id)?;
    let target = campaign.targets.get_mut(&input.recipient_user_id).ok_or(O::OnbScopeMismatch)?;
    not_before(context, target.1)?;
    if campaign.state != BackfillCampaignState::Running {
        return Err(O::OnbStateInvalid.into());
    }
    let next = match target.0 {
        Pending | Requested | Reminded if is_out => Some(Exempted),
        Pending => Some(Requested),
        Requested | Reminded => Some(Reminded),
        _ => None,
    };
    if let Some(next) = next {
        *target = (next, context.now);
        campaign.updated_at = campaign.updated_at.max(context.now);
    }
    let target_status = target.0;
    let code = O::OnbBackfillNotifyCommit;
    let mut event = event(context, code, &input.campaign_id, campaign, &input.idempotency_key);
    event.user_id = Some(input.recipient_user_id.clone());
    event.note("actor_user_id", &campaign.actor);
    event.note("target_status", &target_status);
    let output = Ph1onbBackfillNotifyCommitRowOutput {
        campaign_id: input.campaign_id.clone(),
        recipient_user_id: input.recipient_user_id.clone(),
        target_status,
    };
    Ok(decided(HiringValue::BackfillNotified(output), event))
}

fn complete(tables: &mut Tables, context: &CallContext, input: &Ph1onbBackfillCompleteCommitRow) -> Decided {
    use BackfillTargetStatus::{Completed, Exempted, Pending};
    let campaign = campaign(tables, &input.campaign_id, &input.tenant_id)?;
    not_before(context, campaign.updated_at)?;
    if campaign.targets.values().any(|(status, _)| *status == Pending) {
        return Err(O::OnbBackfillNotTerminal.into());
    }
    // One that is over stays as it is.
    if campaign.state == BackfillCampaignState::Running {
        campaign.state = BackfillCampaignState::Completed;
        campaign.updated_at = context.now;
        campaign.completed_at = Some(context.now);
        campaign.reason = Some(O::OnbBackfillFinished);
    }
    let done = campaign.targets.values().filter(|(status, _)| matches!(status, Completed | Exempted)).count();
    let output = Ph1onbBackfillCompleteCommitRowOutput {
        campaign_id: input.campaign_id.clone(),
        state: campaign.state,
        completed_target_count: u32::try_from(done).unwrap_or(u32::MAX),
        total_target_count: u32::try_from(campaign.targets.len()).unwrap_or(u32::MAX),
        completion_reason_code: campaign.reason,
    };
    let code = O::OnbBackfillCompleteCommit;
    let mut event = event(context, code, &input.campaign_id, campaign, &input.idempotency_key);
    event.note("completed_target_count", &output.completed_target_count);
    event.note_some("completion_reason_code", campaign.reason);
    event.note("state", &output.state);
    Ok(decided(HiringValue::BackfillCompleted(output), event))
}

fn event(
    context: &CallContext,
    code: O,
    id: &CampaignId,
    campaign: &Campaign,
    key: &IdempotencyKey,
) -> Event {
    let mut event = Event::new(context, ENGINE, AuditEventType::StateTransition, code);
    event.tenant_id = Some(campaign.tenant_id.clone());
    event.user_id = Some(campaign.actor.clone());
    event.key = EventKey::Given(key.clone());
    event.note("campaign_id", id);
    event
}
