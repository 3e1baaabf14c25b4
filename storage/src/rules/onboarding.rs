//! The checks of enrollments against the onboarding session that they belong to.

use selene_contracts::ph1_onb::OnboardingSessionRecord;
use selene_contracts::shared::{MonotonicTimeNs, TenantId, UserId};
use selene_contracts::{Capability, ReasonCode, StorageError};

use super::person::Person;
use super::refuse;
use super::standing::DeviceStanding;

/// The columns of an onboarding session that enrollments check.
#[derive(Debug, Clone)]
pub struct OnboardingStanding {
    pub(crate) tenant_id: Option<TenantId>,
    /// The person of the session: the user of its access, else the owner of its confirmed device, else not known yet.
    pub(crate) person: Option<UserId>,
    /// The terms were declined, which ends the onboarding.
    pub(crate) is_declined: bool,
    /// When the session was created.
    pub(crate) began_at: MonotonicTimeNs,
}

impl OnboardingStanding {
    /// The onboarding session that a call names for a device and its owner. Its tenant must be that of the device and the home of
    /// the owner, where both sides have one. A session of another tenant has the same refusal as one that does not exist.
    pub(crate) fn found<C: Capability>(
        named: Option<Self>,
        device: &DeviceStanding,
        owner: Option<&Person>,
    ) -> Result<Self, StorageError> {
        let fits = |onboarding: &Self| {
            let tenant_id = onboarding.tenant_id.as_ref();
            let is_bound_elsewhere = device.tenant_id.as_ref().zip(tenant_id).is_some_and(|(a, b)| a != b);
            !is_bound_elsewhere && owner.is_none_or(|owner| owner.fits(tenant_id))
        };
        named
            .filter(fits)
            .ok_or_else(|| refuse::foreign_key::<C, OnboardingSessionRecord>("onboarding_session_id"))
    }

    /// Refuses a device of another owner than the person of the session, once that person is known. Any device of theirs is
    /// accepted.
    pub(crate) fn check_owner<C: Capability>(&self, device: &DeviceStanding) -> Result<(), StorageError> {
        if self.person.as_ref().is_some_and(|person| *person != device.owner) {
            return Err(refuse::scope::<C>(
                "device_id",
                "must belong to the person of the onboarding session",
            ));
        }
        Ok(())
    }

    /// Refuses every call after the terms were declined, with the code of the calling engine.
    pub(crate) fn check_terms<C: Capability>(
        &self,
        declined: impl Into<ReasonCode>,
    ) -> Result<(), StorageError> {
        if self.is_declined {
            let rule = "of the onboarding session is DECLINED, an end";
            return Err(refuse::rule_as::<C>(declined, "terms_status", rule));
        }
        Ok(())
    }
}
