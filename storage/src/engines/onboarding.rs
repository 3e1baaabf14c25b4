//! What enrollments ask about the onboarding session that they belong to.

use selene_contracts::shared::{TenantId, UserId};
use selene_contracts::{Capability, StorageError};

use super::refuse;
use super::standing::DeviceStanding;

/// What the store knows about an onboarding session.
#[derive(Debug, Clone)]
pub struct OnboardingStanding {
    pub(crate) tenant_id: Option<TenantId>,
    /// Whose the session is, once that is known: the person of its access, else the owner of the device that was
    /// proven as theirs.
    pub(crate) person: Option<UserId>,
}

impl OnboardingStanding {
    /// An onboarding session and a device of two tenants never meet. Where one has none, nothing is known.
    pub(crate) fn check_tenant<C: Capability>(&self, device: &DeviceStanding) -> Result<(), StorageError> {
        match (&self.tenant_id, &device.tenant_id) {
            (Some(ours), Some(theirs)) if ours != theirs => {
                Err(refuse::scope::<C>("onboarding_session_id", "must be of the device's tenant"))
            }
            _ => Ok(()),
        }
    }

    /// The tenant of what belongs to both: the onboarding session's, else the device's.
    pub(crate) fn tenant_with<'a>(
        onboarding: Option<&'a Self>,
        device: &'a DeviceStanding,
    ) -> Option<&'a TenantId> {
        onboarding.and_then(|onboarding| onboarding.tenant_id.as_ref()).or(device.tenant_id.as_ref())
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
}
