//! Whether the identity, device, session and tenant of a call exist and fit together: one check for every
//! engine.

use selene_contracts::ph1_f::{DeviceRecord, IdentityRecord, SessionRecord};
use selene_contracts::shared::{DeviceId, SessionId, TenantId, UserId};
use selene_contracts::{Capability, StorageError};

use super::refuse;

/// The user, device, session and tenant that a call names.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Named<'a> {
    pub(crate) user: Option<&'a UserId>,
    pub(crate) device: Option<&'a DeviceId>,
    pub(crate) session: Option<SessionId>,
    pub(crate) tenant: Option<&'a TenantId>,
}

impl<'a> Named<'a> {
    /// The names of a call that must have user, device and tenant, and may have a session.
    pub(crate) const fn all(
        user: &'a UserId,
        device: &'a DeviceId,
        session: Option<SessionId>,
        tenant: &'a TenantId,
    ) -> Self {
        Self { user: Some(user), device: Some(device), session, tenant: Some(tenant) }
    }
}

/// The rows that the names of a call lead to.
#[derive(Debug, Clone, Default)]
pub struct Standing {
    /// Whether the user of the call is an identity of the store.
    pub(crate) has_identity: bool,
    /// The home tenant of that identity; `None` where it has none.
    pub(crate) home_tenant_id: Option<TenantId>,
    /// The device that the call names.
    pub(crate) device: Option<DeviceStanding>,
    /// The session that the call names.
    pub(crate) session: Option<SessionStanding>,
}

/// The owner and the tenants of an existing device.
#[derive(Debug, Clone)]
pub struct DeviceStanding {
    pub(crate) owner: UserId,
    /// The tenant that the device is bound to.
    pub(crate) tenant_id: Option<TenantId>,
    /// The owner's home tenant, looked up only where the device is bound to none.
    pub(crate) home_tenant_id: Option<TenantId>,
}

impl DeviceStanding {
    /// The tenant of an event about the device: its own, else its owner's home.
    pub(crate) fn event_tenant(&self) -> Option<&TenantId> {
        self.tenant_id.as_ref().or(self.home_tenant_id.as_ref())
    }
}

/// The owner, the device and the tenants of an existing session.
#[derive(Debug, Clone)]
pub struct SessionStanding {
    pub(crate) owner: UserId,
    pub(crate) device_id: DeviceId,
    /// The tenant of the session's device.
    pub(crate) tenant_id: Option<TenantId>,
    /// The owner's home tenant, looked up only where the device is bound to none.
    pub(crate) home_tenant_id: Option<TenantId>,
}

impl SessionStanding {
    /// The tenant of the session: its device's, else its owner's home.
    pub(crate) fn event_tenant(&self) -> Option<&TenantId> {
        self.tenant_id.as_ref().or(self.home_tenant_id.as_ref())
    }
}

/// The result of a check that passed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Cleared {
    /// The tenant of the event: the call's, else the device's, else the home of the person.
    pub(crate) tenant_id: Option<TenantId>,
    /// A device without a tenant, bound by this write.
    pub(crate) binding: Option<Binding>,
}

/// The first tenant of a device, which the write stores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The device that had no tenant so far.
    pub device_id: DeviceId,
    /// Its tenant; it never changes afterwards.
    pub tenant_id: TenantId,
}

impl Standing {
    /// The person that the call is about: the one that it names, else the owner of its device, else that of its session.
    pub(crate) fn person<'a>(&'a self, named: Option<&'a UserId>) -> Option<&'a UserId> {
        let owner = || self.device.as_ref().map(|device| &device.owner);
        named.or_else(owner).or_else(|| self.session.as_ref().map(|session| &session.owner))
    }

    /// Checks in this order, and the first that fails is the answer: the identity exists; the device exists and belongs to the user; the
    /// session exists and is of that user and device. A row of another tenant than the one that the call acts for is refused as one that does
    /// not exist. That tenant is the one that the call names, else the home of the user, else the device's.
    pub(crate) fn check<C: Capability>(&self, named: Named<'_>) -> Result<Cleared, StorageError> {
        if named.user.is_some() && !(self.has_identity && fits(named.tenant, self.home_tenant_id.as_ref())) {
            return Err(refuse::foreign_key::<C, IdentityRecord>("user_id"));
        }
        self.check_device::<C>(named)?;
        self.check_session::<C>(named)?;
        Ok(self.clear(named))
    }

    fn check_device<C: Capability>(&self, named: Named<'_>) -> Result<(), StorageError> {
        if named.device.is_none() {
            return Ok(());
        }
        let missing = || refuse::foreign_key::<C, DeviceRecord>("device_id");
        let device = self.device.as_ref().ok_or_else(missing)?;
        if !fits(named.tenant, device.event_tenant()) {
            return Err(missing());
        }
        if named.user.is_none_or(|user_id| *user_id == device.owner) {
            return Ok(());
        }
        if !fits(self.home_tenant_id.as_ref(), device.event_tenant()) {
            return Err(missing());
        }
        Err(refuse::scope::<C>("device_id", "must belong to the user"))
    }

    fn check_session<C: Capability>(&self, named: Named<'_>) -> Result<(), StorageError> {
        if named.session.is_none() {
            return Ok(());
        }
        let missing = || refuse::foreign_key::<C, SessionRecord>("session_id");
        let session = self.session.as_ref().ok_or_else(missing)?;
        if !fits(named.tenant, session.event_tenant()) {
            return Err(missing());
        }
        let rule = if named.user.is_some_and(|user_id| *user_id != session.owner) {
            "must be a session of the user"
        } else if named.device.is_some_and(|device_id| *device_id != session.device_id) {
            "must be a session on the device"
        } else {
            return Ok(());
        };
        let of_device = || self.device.as_ref().and_then(DeviceStanding::event_tenant);
        if !fits(self.home_tenant_id.as_ref().or_else(of_device), session.event_tenant()) {
            return Err(missing());
        }
        Err(refuse::scope::<C>("session_id", rule))
    }

    /// What a call that passed the checks is about, and what it binds.
    fn clear(&self, named: Named<'_>) -> Cleared {
        // A call that names a session but no device is about the session's device.
        let (known, home) = match (&self.device, &self.session) {
            (Some(device), _) => (device.tenant_id.as_ref(), device.home_tenant_id.as_ref()),
            (None, Some(session)) => (session.tenant_id.as_ref(), session.home_tenant_id.as_ref()),
            (None, None) => (None, self.home_tenant_id.as_ref()),
        };
        match (named.tenant, known) {
            (Some(tenant_id), None) => Cleared {
                tenant_id: Some(tenant_id.clone()),
                binding: named
                    .device
                    .map(|device_id| Binding { device_id: device_id.clone(), tenant_id: tenant_id.clone() }),
            },
            (_, known) => Cleared { tenant_id: known.or(home).cloned(), binding: None },
        }
    }
}

/// Whether two tenants are the same one, where both are known.
pub(crate) fn fits(one: Option<&TenantId>, other: Option<&TenantId>) -> bool {
    one.zip(other).is_none_or(|(one, other)| one == other)
}
