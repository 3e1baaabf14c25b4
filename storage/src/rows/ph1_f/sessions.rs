//! Rows of sessions.

use selene_contracts::Admitted;
use selene_contracts::ph1_f::keys::SessionsKey;
use selene_contracts::ph1_f::{Ph1fSessionOpenCommitRow, Ph1fSessionStateCommitRow, SessionRecord};

use crate::failure::Failure;
use crate::rows::standing;
use crate::rows::stored::StoredWrite;
use crate::rules::Audience;
use crate::rules::ph1_f::{self, OpenFacts, StateFacts};
use crate::rules::standing::Named;
use crate::session::Session;

impl StoredWrite for Ph1fSessionOpenCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<OpenFacts, Failure> {
        let input = call.input();
        let named = Named { user: Some(&input.user_id), device: Some(&input.device_id), ..Named::default() };
        Ok(OpenFacts {
            standing: standing::load(db, named)?,
            has_session: db.has(&SessionsKey { session_id: &input.session_id })?,
        })
    }

    fn check_replay<S: Session>(
        _db: &S,
        call: &Admitted<Self>,
        session: &SessionRecord,
    ) -> Result<Audience, Failure> {
        Ok(ph1_f::audience_of_session(call.input(), session))
    }
}

impl StoredWrite for Ph1fSessionStateCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<StateFacts, Failure> {
        let session: Option<SessionRecord> =
            db.by_key(&SessionsKey { session_id: &call.input().session_id })?;
        let device = session.as_ref().map_or(Ok(None), |it| standing::device(db, &it.device_id))?;
        Ok(StateFacts { session, tenant_id: device.and_then(|device| device.event_tenant().cloned()) })
    }
}
