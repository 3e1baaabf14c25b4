//! The completion of an onboarding. Its link becomes CONSUMED, and the campaign targets of its person COMPLETED.

use selene_contracts::ph1_link::LinkRecord;
use selene_contracts::ph1_onb::{
    BackfillTargetStatus, OnbCompleteResult, OnboardingSessionRecord, OnboardingStatus,
    Ph1onbCompleteCommitRow,
};
use selene_contracts::shared::MonotonicTimeNs;
use selene_contracts::{Admitted, StorageError};

use super::{Campaign, People, Target, TargetChange, Workplace, gates, session};
use crate::change::Update;
use crate::rules::{Decision, WriteRule, ph1_link, refuse};

/// The rows that a completion reads.
#[derive(Debug, Clone, Default)]
pub struct CompletionFacts {
    pub(crate) session: Option<OnboardingSessionRecord>,
    pub(crate) workplace: Workplace,
    pub(crate) people: People,
    /// The campaigns of the pinned schema version in which the person is an open target, with that target.
    pub(crate) campaigns: Vec<(Campaign, Target)>,
}

/// The maximal number of campaigns whose targets one completion completes; the answer lists them.
pub(crate) const CAMPAIGNS_AT_MOST: u32 = 1_000;

impl WriteRule for Ph1onbCompleteCommitRow {
    type Facts = CompletionFacts;
    /// The link, the targets of the person with their campaigns, and the session.
    type Change = (Update<LinkRecord>, Vec<TargetChange>, Update<OnboardingSessionRecord>);

    /// After the gates, in this order: the link and the workplace, as for access; the link did not change later than now.
    fn decide(call: &Admitted<Self>, facts: CompletionFacts) -> Result<Decision<Self>, StorageError> {
        let now = call.context().now;
        let before = session::ready(call, facts.session, gates::COMPLETE)?;
        facts.workplace.check::<Self>(&before)?;
        let link = facts.workplace.link.ok_or_else(|| refuse::not_found::<Self, LinkRecord>("token_id"))?;
        refuse::not_before::<Self>(now, link.updated_at)?;
        let link = ph1_link::consumed(&link, now);
        let link = link.ok_or_else(|| refuse::not_found::<Self, LinkRecord>("token_id"))?;
        let status = OnboardingStatus::Complete;
        let after = session::moved(before, status, now);
        let targets = completed(facts.campaigns, now);
        let target_count = targets.len().to_string();
        let more = [("completed_target_count", Some(target_count.as_str()))];
        let event = session::event(call, &after, &facts.people, more)?;
        let output = OnbCompleteResult {
            onboarding_session_id: after.onboarding_session_id.clone(),
            status,
            user_id: facts.people.person,
            completed_campaign_ids: targets
                .iter()
                .map(|(_, Update(campaign))| campaign.campaign_id.clone())
                .collect(),
        };
        Ok(Decision { change: (Update(link), targets, Update(after)), event, output })
    }
}

/// The open targets of a person, COMPLETED. A row with a later time keeps it.
fn completed(campaigns: Vec<(Campaign, Target)>, now: MonotonicTimeNs) -> Vec<TargetChange> {
    let change = |(campaign, target): (Campaign, Target)| {
        let target = Target {
            target_status: BackfillTargetStatus::Completed,
            updated_at: target.updated_at.max(now),
            ..target
        };
        (Update(target), Update(Campaign { updated_at: campaign.updated_at.max(now), ..campaign }))
    };
    campaigns.into_iter().map(change).collect()
}
