//! The end of an onboarding. The link is used up with it.

use selene_contracts::ph1_link::LinkRecord;
use selene_contracts::ph1_onb::{
    BackfillTargetStatus, OnbCompleteResult, OnboardingSessionRecord, OnboardingStatus,
    Ph1onbCompleteCommitRow,
};
use selene_contracts::shared::{AuditEventId, MonotonicTimeNs, UserId};
use selene_contracts::{Admitted, StorageError};

use super::{Campaign, NotifyChange, People, Target, Workplace, gates, session};
use crate::rules::{Decision, WriteRule, ph1_link, refuse};

/// What a completion needs to know.
#[derive(Debug, Clone, Default)]
pub struct CompletionFacts {
    pub(crate) session: Option<OnboardingSessionRecord>,
    pub(crate) workplace: Workplace,
    pub(crate) people: People,
    /// The campaigns of the pinned version that the person is an open target of, with the target.
    pub(crate) campaigns: Vec<(Campaign, Target)>,
}

/// The most campaigns that one completion is told to; the answer names each.
pub(crate) const CAMPAIGNS_AT_MOST: u32 = 1_000;

/// The rows of a completion.
#[derive(Debug, Clone)]
pub struct CompletionChange {
    pub(crate) session: OnboardingSessionRecord,
    pub(crate) link: LinkRecord,
    /// The targets that the person was, now COMPLETED.
    pub(crate) targets: Vec<NotifyChange>,
}

impl WriteRule for Ph1onbCompleteCommitRow {
    type Facts = CompletionFacts;
    type Change = CompletionChange;

    /// After the gates: the link and the workplace, once more; the link did not change later than now.
    fn decide(
        call: &Admitted<Self>,
        facts: CompletionFacts,
        _event_id: &AuditEventId,
    ) -> Result<Decision<Self>, StorageError> {
        let now = call.context().now;
        let before = session::ready(call, facts.session, gates::COMPLETE)?;
        facts.workplace.check::<Self>(&before)?;
        let link = facts.workplace.link.ok_or_else(|| refuse::not_found::<Self>("token_id", "links"))?;
        refuse::not_before::<Self>(now, link.updated_at)?;
        let link = ph1_link::consumed(&link, now);
        let link = link.ok_or_else(|| refuse::not_found::<Self>("token_id", "links"))?;
        let status = OnboardingStatus::Complete;
        let after = session::moved(before, status, now);
        let targets = completed(facts.campaigns, facts.people.person.as_ref(), now);
        let target_count = targets.len().to_string();
        let more = [("completed_target_count", Some(target_count.as_str()))];
        let event = session::event(call, &after, &facts.people, more)?;
        let output = OnbCompleteResult {
            onboarding_session_id: after.onboarding_session_id.clone(),
            status,
            user_id: facts.people.person,
            completed_campaign_ids: targets.iter().map(|target| target.campaign.id.clone()).collect(),
        };
        Ok(Decision { change: CompletionChange { session: after, link, targets }, event, output })
    }
}

/// The targets that a person was, who now did what the campaigns ask for. What changed later keeps its time.
fn completed(
    campaigns: Vec<(Campaign, Target)>,
    person: Option<&UserId>,
    now: MonotonicTimeNs,
) -> Vec<NotifyChange> {
    let Some(person) = person else { return Vec::new() };
    let change = |(campaign, target): (Campaign, Target)| NotifyChange {
        campaign: Campaign { updated_at: campaign.updated_at.max(now), ..campaign },
        recipient_user_id: person.clone(),
        target: Target { status: BackfillTargetStatus::Completed, updated_at: target.updated_at.max(now) },
    };
    campaigns.into_iter().map(change).collect()
}
