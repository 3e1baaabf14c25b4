//! PH1.ONB: onboarding sessions from an activated link to access, and campaigns that ask existing people for
//! new requirements.
//!
//! `gates` has the conditions of each step, `session` what the steps share, `clarify` the next requirement; the other modules are
//! the steps. The steps are alike by nature: section 4 of `specs/db_wiring/PH1_ONB.md` states each as a gate, a new status and an
//! event of the session.

mod access;
mod backfill;
mod clarify;
mod completion;
mod device;
mod gates;
mod pins;
mod session;
mod start;
mod terms;
mod verification;
mod workplace;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) use access::{AccessFacts, check_replay as check_access_replay, tenant_of};
pub(crate) use backfill::{
    Campaign, CampaignFacts, NewCampaign, NotifyFacts, OPEN, ProgressFacts, Target, TargetChange, campaign_of,
};
pub(crate) use clarify::Clarify;
pub(crate) use completion::{CAMPAIGNS_AT_MOST, CompletionFacts};
pub(crate) use device::DeviceFacts;
pub(crate) use pins::pinned_key;
#[cfg(feature = "test-support")]
pub(crate) use session::begun;
pub(crate) use session::{People, StepFacts, id_of};
pub(crate) use start::{
    StartFacts, check_replay as check_start_replay, follow as follow_session, schema_key,
};
pub(crate) use verification::PhotoFacts;
pub(crate) use workplace::{Workplace, position_of};
