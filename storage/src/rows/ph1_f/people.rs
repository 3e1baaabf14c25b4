//! Rows of identities and devices.

use rusqlite::{Connection, OptionalExtension as _, named_params};
use selene_contracts::Admitted;
use selene_contracts::ph1_f::{
    AudioProfileRef, DeviceRecord, DeviceType, IdentityRecord, LanguageTag, Ph1fDeviceInsertRow,
    Ph1fIdentityInsertRow, Ph1fReadDeviceRow, Ph1fReadIdentityRow, SpeakerId,
};
use selene_contracts::shared::{DeviceId, MonotonicTimeNs, TenantId, UserId};

use crate::failure::Failure;
use crate::rows::person::person;
use crate::rows::standing;
use crate::rows::stored::StoredRead;
use crate::rows::stored::StoredWrite;
use crate::rows::values::{named, number, stored};
use crate::rules::ph1_f::DeviceFacts;
use crate::session::{Changes, Session};

impl StoredWrite for Ph1fIdentityInsertRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<bool, Failure> {
        let connection = db.connection();
        standing::has_identity(connection, &call.input().user_id)
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, row: &IdentityRecord) -> Result<(), Failure> {
        let connection = changes.session().connection();
        insert_identity(connection, row)
    }
}

/// Adds an identity.
pub(crate) fn insert_identity(connection: &Connection, row: &IdentityRecord) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "INSERT INTO identities (user_id, speaker_id, primary_language, tenant_id, created_at, status)
             VALUES (:user_id, :speaker_id, :primary_language, :tenant_id, :created_at, :status)",
        )?
        .execute(named_params! {
            ":user_id": row.user_id.as_str(),
            ":speaker_id": row.speaker_id.as_ref().map(SpeakerId::as_str),
            ":primary_language": row.primary_language.as_ref().map(LanguageTag::as_str),
            ":tenant_id": row.tenant_id.as_ref().map(TenantId::as_str),
            ":created_at": stored(row.created_at.get()),
            ":status": row.status.as_str(),
        })?;
    Ok(())
}

impl StoredWrite for Ph1fDeviceInsertRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<DeviceFacts, Failure> {
        let connection = db.connection();
        let input = call.input();
        Ok(DeviceFacts {
            owner: person(connection, &input.user_id)?,
            has_device: standing::device(connection, &input.device_id)?.is_some(),
        })
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, row: &DeviceRecord) -> Result<(), Failure> {
        let connection = changes.session().connection();
        connection
            .prepare_cached(
                "INSERT INTO devices (device_id, user_id, device_type, last_seen_at, audio_profile_ref, tenant_id)
                 VALUES (:device_id, :user_id, :device_type, :last_seen_at, :audio_profile_ref, :tenant_id)",
            )?
            .execute(named_params! {
                ":device_id": row.device_id.as_str(),
                ":user_id": row.user_id.as_str(),
                ":device_type": row.device_type.as_str(),
                ":last_seen_at": stored(row.last_seen_at.get()),
                ":audio_profile_ref": row.audio_profile_ref.as_ref().map(AudioProfileRef::as_str),
                ":tenant_id": row.tenant_id.as_ref().map(TenantId::as_str),
            })?;
        Ok(())
    }
}

impl StoredRead for Ph1fReadIdentityRow {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<IdentityRecord>, Failure> {
        let connection = db.connection();
        let row = connection
            .prepare_cached(
                "SELECT user_id, speaker_id, primary_language, tenant_id, created_at, status FROM identities
                 WHERE user_id = ?1",
            )?
            .query_row([call.input().user_id.as_str()], |row| {
                let text = |place| row.get::<_, Option<String>>(place);
                Ok(IdentityRecord {
                    user_id: UserId::new(row.get::<_, String>(0)?),
                    speaker_id: text(1)?.map(SpeakerId::new),
                    primary_language: text(2)?.map(LanguageTag::new),
                    tenant_id: text(3)?.map(TenantId::new),
                    created_at: MonotonicTimeNs::new(number(row, 4)?),
                    status: named(row, 5)?,
                })
            })
            .optional()?;
        Ok(row)
    }
}

impl StoredRead for Ph1fReadDeviceRow {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<DeviceRecord>, Failure> {
        let connection = db.connection();
        let row = connection
            .prepare_cached(
                "SELECT device_id, user_id, device_type, last_seen_at, audio_profile_ref, tenant_id FROM devices
                 WHERE device_id = ?1",
            )?
            .query_row([call.input().device_id.as_str()], |row| {
                let text = |place| row.get::<_, Option<String>>(place);
                Ok(DeviceRecord {
                    device_id: DeviceId::new(row.get::<_, String>(0)?),
                    user_id: UserId::new(row.get::<_, String>(1)?),
                    device_type: DeviceType::new(row.get::<_, String>(2)?),
                    last_seen_at: MonotonicTimeNs::new(number(row, 3)?),
                    audio_profile_ref: text(4)?.map(AudioProfileRef::new),
                    tenant_id: text(5)?.map(TenantId::new),
                })
            })
            .optional()?;
        Ok(row)
    }
}
