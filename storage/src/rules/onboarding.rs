//! What enrollments ask about the onboarding session that they belong to.

use selene_contracts::shared::{MonotonicTimeNs, TenantId, UserId};
use selene_contracts::{Capability, ReasonCode, StorageError};

use super::person::Person;
use super::refuse;
use super::standing::DeviceStanding;

/// What the store knows about an onboarding session.
#[derive(Debug, Clone)]
pub struct OnboardingStanding {
    pub(crate) tenant_id: Option<TenantId>,
    /// Whose the session is, once that is known: the person of its access, else the owner of the device that was
    /// proven as theirs.
    pub(crate) person: Option<UserId>,
    /// The terms were declined, which ends the onboarding.
    pub(crate) is_declined: bool,
    /// When the session began.
    pub(crate) began_at: MonotonicTimeNs,
}

impl OnboardingStanding {
    /// The onboarding session that a call names for a device and its owner. A session never meets a device of another
    /// tenant, nor a person whose home is another one; where one has none, nothing is known. A session of another
    /// tenant is refused as one that does not exist, in the same words.
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
            .ok_or_else(|| refuse::foreign_key::<C>("onboarding_session_id", "onboarding_sessions"))
    }

    /// A device of somebody else is no part of the onboarding once its person is known; which of their own devices
    /// it is, does not matter.
    pub(crate) fn check_owner<C: Capability>(&self, device: &DeviceStanding) -> Result<(), StorageError> {
        if self.person.as_ref().is_some_and(|person| *person != device.owner) {
            return Err(refuse::scope::<C>(
                "device_id",
                "must belong to the person of the onboarding session",
            ));
        }
        Ok(())
    }

    /// Declined terms are an end: nothing later may commit.
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
