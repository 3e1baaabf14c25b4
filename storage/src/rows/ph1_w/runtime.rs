//! Rows of wake runtime events: written all day, so a write reads all it needs with one statement, or two with a session.

use selene_contracts::ph1_w::{
    Ph1wReadRuntimeEventRows, Ph1wRuntimeEventCommitRow, WakeRuntimeEventRecord, WakeRuntimeEventsRow,
};
use selene_contracts::row::{Column as _, Listing};
use selene_contracts::shared::{ChainId, TenantId, UserId};
use selene_contracts::{Admitted, listing, sql};

use crate::chain::Place;
use crate::change::Change;
use crate::failure::Failure;
use crate::rows::listed::StoredRows;
use crate::rows::standing;
use crate::rows::stored::StoredWrite;
use crate::rules::ph1_w::{RuntimeFacts, WakeEvent};
use crate::rules::standing::DeviceStanding;
use crate::session::{Changes, Session};

impl StoredWrite for Ph1wRuntimeEventCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<RuntimeFacts, Failure> {
        let input = call.input();
        // The device as `standing::device` reads it, and with it whether the event exists: wake events are the most frequent writes, and
        // a second statement would be one more for each of them, on a server one more round trip where it is not read ahead.
        let found = db.first::<(UserId, Option<TenantId>, Option<TenantId>, bool)>(
            sql!(
                "SELECT {device.user_id}, {device.tenant_id}, {home.tenant_id},
                        EXISTS (SELECT 1 FROM {@wake_runtime_events event} WHERE {event.wake_event_id} = $1)
                 FROM {@devices device}
                 LEFT JOIN {@identities home} ON {device.tenant_id} IS NULL AND {home.user_id} = {device.user_id}
                 WHERE {device.device_id} = $2"
            ),
            &[input.wake_event_id.value(), input.device_id.value()],
        )?;
        // Without a device the other answers do not matter: the rule looks at the device first.
        let Some((owner, tenant_id, home_tenant_id, has_event)) = found else {
            return Ok(RuntimeFacts { device: None, session: None, has_event: false });
        };
        Ok(RuntimeFacts {
            device: Some(DeviceStanding { owner, tenant_id, home_tenant_id }),
            session: input.session_id.map_or(Ok(None), |session_id| standing::session(db, session_id))?,
            has_event,
        })
    }
}

impl Change for WakeEvent {
    fn store<S: Session>(&self, changes: &mut Changes<'_, S>) -> Result<(), Failure> {
        let Place { chain_id, chain_sequence } = changes.place().clone();
        let row =
            WakeRuntimeEventsRow::of_wake_runtime_event_record(self.0.clone(), chain_id, chain_sequence);
        changes.insert(&row)
    }
}

impl StoredRows for Ph1wReadRuntimeEventRows {
    type Order = (ChainId, u64);

    fn listing() -> Listing {
        listing!(
            "SELECT {*WakeRuntimeEventRecord} FROM {@wake_runtime_events} ORDER BY {chain_id}, {chain_sequence}"
        )
    }
}
