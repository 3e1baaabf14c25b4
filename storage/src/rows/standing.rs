//! The rows behind the question whether identity, device, session and tenant of a call fit together.

use selene_contracts::ph1_f::DeviceRecord;
use selene_contracts::ph1_f::keys::IdentitiesKey;
use selene_contracts::row::Column as _;
use selene_contracts::shared::{DeviceId, SessionId, TenantId, UserId};
use selene_contracts::{sql, update};

use crate::change::Change;
use crate::failure::Failure;
use crate::rows::person::person;
use crate::rules::standing::{Binding, DeviceStanding, Named, SessionStanding, Standing};
use crate::session::{Changes, Session};

/// Reads what is known about whom a call names.
pub(crate) fn load(db: &impl Session, named: Named<'_>) -> Result<Standing, Failure> {
    let person = named.user.map_or(Ok(None), |user_id| person(db, user_id))?;
    let device = named.device.map_or(Ok(None), |device_id| device(db, device_id))?;
    let session = named.session.map_or(Ok(None), |session_id| session(db, session_id))?;
    let has_identity = person.is_some();
    let home_tenant_id = person.and_then(|person| person.home_tenant_id);
    Ok(Standing { has_identity, home_tenant_id, device, session })
}

/// Whether an identity exists.
pub(crate) fn has_identity(db: &impl Session, user_id: &UserId) -> Result<bool, Failure> {
    db.has(&IdentitiesKey { user_id })
}

/// What is known about a device. The home of its owner counts only where no tenant has it, so it is not read otherwise. The
/// join stands once more in `rows/ph1_w/runtime.rs`, which reads whether an event exists by the same statement.
pub(crate) fn device(db: &impl Session, device_id: &DeviceId) -> Result<Option<DeviceStanding>, Failure> {
    let found = db.first::<(UserId, Option<TenantId>, Option<TenantId>)>(
        sql!(
            "SELECT {device.user_id}, {device.tenant_id}, {home.tenant_id} FROM {@devices device}
             LEFT JOIN {@identities home} ON {device.tenant_id} IS NULL AND {home.user_id} = {device.user_id}
             WHERE {device.device_id} = $1"
        ),
        &[device_id.value()],
    )?;
    Ok(found.map(|(owner, tenant_id, home_tenant_id)| DeviceStanding { owner, tenant_id, home_tenant_id }))
}

/// What is known about a session.
pub(crate) fn session(db: &impl Session, session_id: SessionId) -> Result<Option<SessionStanding>, Failure> {
    let found = db.first::<(UserId, DeviceId, Option<TenantId>, Option<TenantId>)>(
        sql!(
            "SELECT {session.user_id}, {session.device_id}, {device.tenant_id}, {home.tenant_id}
             FROM {@sessions session} JOIN {@devices device} ON {device.device_id} = {session.device_id}
             LEFT JOIN {@identities home} ON {device.tenant_id} IS NULL AND {home.user_id} = {device.user_id}
             WHERE {session.session_id} = $1"
        ),
        &[session_id.value()],
    )?;
    Ok(found.map(|(owner, device_id, tenant_id, home_tenant_id)| SessionStanding {
        owner,
        device_id,
        tenant_id,
        home_tenant_id,
    }))
}

/// Binds a device to its first tenant. The tenant is set once: the statement finds no device that has one.
impl Change for Binding {
    fn store<S: Session>(&self, changes: &mut Changes<'_, S>) -> Result<(), Failure> {
        let Self { device_id, tenant_id } = self;
        changes.update_columns(&update!(
            DeviceRecord set { tenant_id: tenant_id } where { device_id: device_id }
        ))
    }
}
