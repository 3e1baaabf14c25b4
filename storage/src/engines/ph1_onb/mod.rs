//! PH1.ONB: onboarding sessions from an activated link to access, and campaigns that ask existing people for
//! new requirements.
//!
//! `gates` says what must hold before each step; the other modules do the steps.

mod access;
mod backfill;
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
mod tests;

pub(crate) use access::{AccessChange, AccessFacts, check_replay as check_access_replay, tenant_of};
pub(crate) use backfill::{
    Campaign, CampaignChange, CampaignFacts, NotifyChange, NotifyFacts, ProgressFacts, Target, campaign_of,
};
pub(crate) use completion::{CompletionChange, CompletionFacts};
pub(crate) use device::DeviceFacts;
pub(crate) use session::id_of;
pub(crate) use start::{StartFacts, check_replay as check_start_replay, schema_key};
pub(crate) use verification::PhotoFacts;
pub(crate) use workplace::{Workplace, position_of};
