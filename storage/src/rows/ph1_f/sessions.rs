//! Rows of sessions.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use selene_contracts::Admitted;
use selene_contracts::ph1_f::{
    Ph1fReadSessionRow, Ph1fSessionOpenCommitRow, Ph1fSessionStateCommitRow, SessionRecord,
};
use selene_contracts::shared::{DeviceId, MonotonicTimeNs, SessionId, UserId};

use crate::failure::Failure;
use crate::rows::standing;
use crate::rows::stored::StoredRead;
use crate::rows::stored::StoredWrite;
use crate::rows::values::{named, number, optional_number, stored};
use crate::rules::ph1_f::{OpenFacts, StateFacts};
use crate::rules::standing::Named;
use crate::session::{Changes, Session};

impl StoredWrite for Ph1fSessionOpenCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<OpenFacts, Failure> {
        let connection = db.connection();
        let input = call.input();
        let named = Named { user: Some(&input.user_id), device: Some(&input.device_id), ..Named::default() };
        Ok(OpenFacts {
            standing: standing::load(connection, named)?,
            has_session: session(connection, input.session_id)?.is_some(),
        })
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, row: &SessionRecord) -> Result<(), Failure> {
        let connection = changes.session().connection();
        connection
            .prepare_cached(
                "INSERT INTO sessions (session_id, user_id, device_id, session_state, opened_at, last_activity_at, closed_at)
                 VALUES (:session_id, :user_id, :device_id, :session_state, :opened_at, :last_activity_at, :closed_at)",
            )?
            .execute(named_params! {
                ":session_id": stored(row.session_id.get()),
                ":user_id": row.user_id.as_str(),
                ":device_id": row.device_id.as_str(),
                ":session_state": row.session_state.as_str(),
                ":opened_at": stored(row.opened_at.get()),
                ":last_activity_at": stored(row.last_activity_at.get()),
                ":closed_at": row.closed_at.map(|time| stored(time.get())),
            })?;
        Ok(())
    }
}

impl StoredWrite for Ph1fSessionStateCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<StateFacts, Failure> {
        let connection = db.connection();
        let session = session(connection, call.input().session_id)?;
        let device = match &session {
            Some(session) => standing::device(connection, &session.device_id)?,
            None => None,
        };
        Ok(StateFacts { session, tenant_id: device.and_then(|device| device.event_tenant().cloned()) })
    }

    fn store<S: Session>(changes: &mut Changes<'_, S>, row: &SessionRecord) -> Result<(), Failure> {
        let connection = changes.session().connection();
        connection
            .prepare_cached(
                "UPDATE sessions SET session_state = :session_state, last_activity_at = :last_activity_at,
                                     closed_at = :closed_at
                 WHERE session_id = :session_id",
            )?
            .execute(named_params! {
                ":session_id": stored(row.session_id.get()),
                ":session_state": row.session_state.as_str(),
                ":last_activity_at": stored(row.last_activity_at.get()),
                ":closed_at": row.closed_at.map(|time| stored(time.get())),
            })?;
        Ok(())
    }
}

impl StoredRead for Ph1fReadSessionRow {
    fn read<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Option<SessionRecord>, Failure> {
        let connection = db.connection();
        Ok(session(connection, call.input().session_id)?)
    }
}

fn session(connection: &Connection, session_id: SessionId) -> rusqlite::Result<Option<SessionRecord>> {
    connection
        .prepare_cached("SELECT * FROM sessions WHERE session_id = ?1")?
        .query_row([stored(session_id.get())], record)
        .optional()
}

fn record(row: &Row<'_>) -> rusqlite::Result<SessionRecord> {
    Ok(SessionRecord {
        session_id: SessionId::new(number(row, "session_id")?),
        user_id: UserId::new(row.get::<_, String>("user_id")?),
        device_id: DeviceId::new(row.get::<_, String>("device_id")?),
        session_state: named(row, "session_state")?,
        opened_at: MonotonicTimeNs::new(number(row, "opened_at")?),
        last_activity_at: MonotonicTimeNs::new(number(row, "last_activity_at")?),
        closed_at: optional_number(row, "closed_at")?.map(MonotonicTimeNs::new),
    })
}
