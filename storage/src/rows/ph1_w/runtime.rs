//! Rows of wake runtime events: written all day, so a write reads all it needs with one statement, or two with a session.

use rusqlite::{Connection, OptionalExtension as _, Row};
use selene_contracts::Admitted;
use selene_contracts::ph1_w::{
    Ph1WReasonCode, Ph1wReadRuntimeEventRows, Ph1wRuntimeEventCommitRow, WakeEventId, WakeProfileId,
    WakeRuntimeEventRecord,
};
use selene_contracts::shared::{DeviceId, MonotonicTimeNs, SessionId, TenantId, UserId};

use crate::commit::read::StoredRead;
use crate::commit::write::StoredWrite;
use crate::failure::Failure;
use crate::rows::insert::insert;
use crate::rows::standing;
use crate::rows::values::{loaded, named, number, optional_named, optional_number, stored};
use crate::rules::ph1_w::{RuntimeChange, RuntimeFacts};
use crate::rules::standing::DeviceStanding;

impl StoredWrite for Ph1wRuntimeEventCommitRow {
    fn load(connection: &Connection, call: &Admitted<Self>) -> Result<RuntimeFacts, Failure> {
        let input = call.input();
        // Without a device the other answers do not matter: the rule looks at the device first.
        let facts = connection
            .prepare_cached(
                "SELECT user_id, tenant_id,
                        EXISTS (SELECT 1 FROM wake_runtime_events WHERE wake_event_id = ?2),
                        (SELECT max(wake_position) FROM wake_runtime_events),
                        CASE WHEN tenant_id IS NULL
                             THEN (SELECT home.tenant_id FROM identities AS home WHERE home.user_id = devices.user_id) END
                 FROM devices WHERE device_id = ?1",
            )?
            .query_row((input.device_id.as_str(), input.wake_event_id.as_str()), |row| {
                Ok(RuntimeFacts {
                    device: Some(DeviceStanding {
                        owner: UserId::new(row.get::<_, String>(0)?),
                        tenant_id: row.get::<_, Option<String>>(1)?.map(TenantId::new),
                        home_tenant_id: row.get::<_, Option<String>>(4)?.map(TenantId::new),
                    }),
                    session: None,
                    has_event: row.get(2)?,
                    last_position: row.get::<_, Option<i64>>(3)?.map_or(0, loaded),
                })
            })
            .optional()?;
        let Some(facts) = facts else {
            return Ok(RuntimeFacts { device: None, session: None, has_event: false, last_position: 0 });
        };
        let session = match input.session_id {
            Some(session_id) => standing::session(connection, session_id)?,
            None => None,
        };
        Ok(RuntimeFacts { session, ..facts })
    }

    fn store(connection: &Connection, change: &RuntimeChange) -> Result<(), Failure> {
        let row = &change.row;
        insert!(
            connection,
            wake_runtime_events {
                wake_event_id: row.wake_event_id.as_str(),
                wake_position: stored(change.wake_position),
                created_at: stored(row.created_at.get()),
                session_id: row.session_id.map(|session_id| stored(session_id.get())),
                user_id: row.user_id.as_ref().map(UserId::as_str),
                device_id: row.device_id.as_str(),
                accepted: row.accepted,
                reason_code: row.reason_code.as_str(),
                wake_profile_id: row.wake_profile_id.as_ref().map(WakeProfileId::as_str),
                tts_active_at_trigger: row.tts_active_at_trigger,
                media_playback_active_at_trigger: row.media_playback_active_at_trigger,
                suppression_reason_code: row.suppression_reason_code.map(Ph1WReasonCode::as_str),
            }
        )?;
        Ok(())
    }
}

impl StoredRead for Ph1wReadRuntimeEventRows {
    fn read(connection: &Connection, _call: &Admitted<Self>) -> Result<Vec<WakeRuntimeEventRecord>, Failure> {
        let mut statement =
            connection.prepare_cached("SELECT * FROM wake_runtime_events ORDER BY wake_position")?;
        let rows = statement.query_map([], record)?;
        Ok(rows.collect::<rusqlite::Result<_>>()?)
    }
}

fn record(row: &Row<'_>) -> rusqlite::Result<WakeRuntimeEventRecord> {
    Ok(WakeRuntimeEventRecord {
        wake_event_id: WakeEventId::new(row.get::<_, String>("wake_event_id")?),
        created_at: MonotonicTimeNs::new(number(row, "created_at")?),
        session_id: optional_number(row, "session_id")?.map(SessionId::new),
        user_id: row.get::<_, Option<String>>("user_id")?.map(UserId::new),
        device_id: DeviceId::new(row.get::<_, String>("device_id")?),
        accepted: row.get("accepted")?,
        reason_code: named(row, "reason_code")?,
        wake_profile_id: row.get::<_, Option<String>>("wake_profile_id")?.map(WakeProfileId::new),
        tts_active_at_trigger: row.get("tts_active_at_trigger")?,
        media_playback_active_at_trigger: row.get("media_playback_active_at_trigger")?,
        suppression_reason_code: optional_named(row, "suppression_reason_code")?,
    })
}
