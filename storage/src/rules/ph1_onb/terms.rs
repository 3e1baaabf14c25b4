//! The terms: accepted, or declined, which ends the onboarding.

use selene_contracts::ph1_onb::{
    OnbTermsAcceptResult, OnboardingSessionRecord, OnboardingStatus, Ph1onbTermsAcceptCommitRow, TermsStatus,
};
use selene_contracts::{Admitted, StorageError};

use super::{StepFacts, gates, session};
use crate::change::Update;
use crate::rules::{Decision, WriteRule};

impl WriteRule for Ph1onbTermsAcceptCommitRow {
    type Facts = StepFacts;
    type Change = Update<OnboardingSessionRecord>;

    fn decide(call: &Admitted<Self>, facts: StepFacts) -> Result<Decision<Self>, StorageError> {
        let input = call.input();
        let before = session::ready(call, facts.session, gates::TERMS)?;
        let (status, terms_status) = if input.accepted {
            (OnboardingStatus::TermsAccepted, TermsStatus::Accepted)
        } else {
            (OnboardingStatus::TermsDeclined, TermsStatus::Declined)
        };
        let after = OnboardingSessionRecord {
            terms_version_id: Some(input.terms_version_id.clone()),
            terms_status: Some(terms_status),
            ..session::moved(before, status, call.context().now)
        };
        let event = session::event(
            call,
            &after,
            &facts.people,
            [
                ("terms_version_id", Some(input.terms_version_id.as_str())),
                ("terms_status", Some(terms_status.as_str())),
                ("inviter_user_id", facts.people.inviter()),
            ],
        )?;
        let output = OnbTermsAcceptResult {
            onboarding_session_id: after.onboarding_session_id.clone(),
            status,
            terms_status,
        };
        Ok(Decision { change: Update(after), event, output })
    }
}
