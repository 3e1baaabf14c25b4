//! What enrollments ask about the onboarding session that they belong to.

use selene_contracts::shared::{DeviceId, TenantId};
use selene_contracts::{Capability, StorageError};

use super::refuse;
use super::standing::DeviceStanding;

/// What the store knows about an onboarding session.
#[derive(Debug, Clone)]
pub struct OnboardingStanding {
    pub(crate) tenant_id: Option<TenantId>,
    /// The device that was proven as the person's own, once it is.
    pub(crate) primary_device: Option<DeviceId>,
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

    /// A person's other devices are no part of the onboarding once their own is known.
    pub(crate) fn check_device<C: Capability>(&self, device_id: &DeviceId) -> Result<(), StorageError> {
        if self.primary_device.as_ref().is_some_and(|primary| primary != device_id) {
            return Err(refuse::scope::<C>(
                "device_id",
                "must be the primary device of the onboarding session",
            ));
        }
        Ok(())
    }
}
