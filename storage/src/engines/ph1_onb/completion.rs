//! The end of an onboarding. The link is used up with it.

use selene_contracts::ph1_link::LinkRecord;
use selene_contracts::ph1_onb::{
    OnbCompleteResult, OnboardingSessionRecord, OnboardingStatus, Ph1onbCompleteCommitRow,
};
use selene_contracts::shared::AuditEventId;
use selene_contracts::{Admitted, StorageError};

use super::{Workplace, gates, session};
use crate::engines::{Decision, WriteRule, ph1_link, refuse};

/// What a completion needs to know.
#[derive(Debug, Clone)]
pub struct CompletionFacts {
    pub(crate) session: Option<OnboardingSessionRecord>,
    pub(crate) workplace: Workplace,
}

/// The rows of a completion.
#[derive(Debug, Clone)]
pub struct CompletionChange {
    pub(crate) session: OnboardingSessionRecord,
    pub(crate) link: LinkRecord,
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
        let event = session::event(call, &after)?.payload([
            ("onboarding_session_id", after.onboarding_session_id.as_str()),
            ("status", status.as_str()),
        ]);
        event.check::<Self>()?;
        let output = OnbCompleteResult { onboarding_session_id: after.onboarding_session_id.clone(), status };
        Ok(Decision { change: CompletionChange { session: after, link }, event, output })
    }
}
