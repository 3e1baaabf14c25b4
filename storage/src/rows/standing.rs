//! The rows behind the question whether identity, device, session and tenant of a call fit together.

use rusqlite::{Connection, OptionalExtension as _};
use selene_contracts::shared::{DeviceId, SessionId, TenantId, UserId};

use crate::failure::Failure;
use crate::rows::person::person;
use crate::rows::values::stored;
use crate::rules::standing::{Binding, DeviceStanding, Named, SessionStanding, Standing};

/// Reads what is known about whom a call names.
pub(crate) fn load(connection: &Connection, named: Named<'_>) -> Result<Standing, Failure> {
    let person = match named.user {
        Some(user_id) => person(connection, user_id)?,
        None => None,
    };
    let device = match named.device {
        Some(device_id) => device(connection, device_id)?,
        None => None,
    };
    let session = match named.session {
        Some(session_id) => session(connection, session_id)?,
        None => None,
    };
    let has_identity = person.is_some();
    let home_tenant_id = person.and_then(|person| person.home_tenant_id);
    Ok(Standing { has_identity, home_tenant_id, device, session })
}

/// Whether an identity exists.
pub(crate) fn has_identity(connection: &Connection, user_id: &UserId) -> rusqlite::Result<bool> {
    connection.prepare_cached("SELECT 1 FROM identities WHERE user_id = ?1")?.exists([user_id.as_str()])
}

/// What is known about a device.
pub(crate) fn device(
    connection: &Connection,
    device_id: &DeviceId,
) -> rusqlite::Result<Option<DeviceStanding>> {
    connection
        .prepare_cached(
            "SELECT user_id, tenant_id,
                    CASE WHEN tenant_id IS NULL
                         THEN (SELECT home.tenant_id FROM identities AS home WHERE home.user_id = devices.user_id) END
             FROM devices WHERE device_id = ?1",
        )?
        .query_row([device_id.as_str()], |row| {
            Ok(DeviceStanding {
                owner: UserId::new(row.get::<_, String>(0)?),
                tenant_id: row.get::<_, Option<String>>(1)?.map(TenantId::new),
                home_tenant_id: row.get::<_, Option<String>>(2)?.map(TenantId::new),
            })
        })
        .optional()
}

/// What is known about a session.
pub(crate) fn session(
    connection: &Connection,
    session_id: SessionId,
) -> rusqlite::Result<Option<SessionStanding>> {
    connection
        .prepare_cached(
            "SELECT sessions.user_id, sessions.device_id, devices.tenant_id,
                    CASE WHEN devices.tenant_id IS NULL
                         THEN (SELECT home.tenant_id FROM identities AS home WHERE home.user_id = devices.user_id) END
             FROM sessions JOIN devices ON devices.device_id = sessions.device_id WHERE session_id = ?1",
        )?
        .query_row([stored(session_id.get())], |row| {
            Ok(SessionStanding {
                owner: UserId::new(row.get::<_, String>(0)?),
                device_id: DeviceId::new(row.get::<_, String>(1)?),
                tenant_id: row.get::<_, Option<String>>(2)?.map(TenantId::new),
                home_tenant_id: row.get::<_, Option<String>>(3)?.map(TenantId::new),
            })
        })
        .optional()
}

/// Binds a device to its first tenant. The condition and a trigger keep a bound device where it is.
pub(crate) fn bind(connection: &Connection, binding: Option<&Binding>) -> Result<(), Failure> {
    if let Some(Binding { device_id, tenant_id }) = binding {
        connection
            .prepare_cached("UPDATE devices SET tenant_id = ?2 WHERE device_id = ?1 AND tenant_id IS NULL")?
            .execute((device_id.as_str(), tenant_id.as_str()))?;
    }
    Ok(())
}
