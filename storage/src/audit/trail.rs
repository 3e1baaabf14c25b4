//! The events that are about somebody or something, in the order in which they were stored.

use std::ops::ControlFlow;

use selene_contracts::row::Column as _;
use selene_contracts::shared::{AuditEventRecord, CorrelationId, DeviceId, TenantId, UserId};
use selene_contracts::sql;

use crate::failure::Failure;
use crate::session::Session;

/// Which events are asked for: those for which all that is given holds. Nothing given asks for every event.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct TrailQuery {
    /// Events of one chain of work.
    pub correlation_id: Option<CorrelationId>,
    /// Events that are about a person, and those of what that person did to another one (`actor_user_id`).
    pub user_id: Option<UserId>,
    /// Events that name a device.
    pub device_id: Option<DeviceId>,
    /// Events of a tenant.
    pub tenant_id: Option<TenantId>,
}

impl TrailQuery {
    fn asks_for(&self, event: &AuditEventRecord) -> bool {
        let actor = || event.payload_min.get("actor_user_id");
        self.correlation_id.is_none_or(|id| event.correlation_id == id)
            && self.tenant_id.as_ref().is_none_or(|id| event.tenant_id.as_ref() == Some(id))
            && self.device_id.as_ref().is_none_or(|id| event.device_id.as_ref() == Some(id))
            && self
                .user_id
                .as_ref()
                .is_none_or(|id| event.user_id.as_ref() == Some(id) || actor() == Some(id.as_str()))
    }
}

/// Shows every event that is asked for, until `visit` breaks. An index leads to those of a chain of work or of a tenant; for a person
/// or a device alone all events are read.
///
/// # Errors
/// The database reports one, or an event holds a value that cannot be read.
pub(crate) fn visit(
    db: &impl Session,
    query: &TrailQuery,
    mut visit: impl FnMut(AuditEventRecord) -> ControlFlow<()>,
) -> Result<(), Failure> {
    let mut is_over = false;
    let mut show = |event: AuditEventRecord| {
        if query.asks_for(&event) && visit(event).is_break() {
            is_over = true;
            // A walk ends with a failure only; this one is taken back below.
            return Err(Failure::Inconsistent("the walk was ended".to_owned()));
        }
        Ok(())
    };
    let walked = if let Some(id) = query.correlation_id {
        db.each::<AuditEventRecord>(
            sql!("SELECT {*AuditEventRecord} FROM {@audit_events} WHERE {correlation_id} = $1 ORDER BY {ledger_position}"),
            &[id.value()],
            &mut show,
        )
    } else if let Some(id) = &query.tenant_id {
        db.each::<AuditEventRecord>(
            sql!("SELECT {*AuditEventRecord} FROM {@audit_events} WHERE {chain_id} = $1 ORDER BY {chain_sequence}"),
            &[id.value()],
            &mut show,
        )
    } else {
        db.each::<AuditEventRecord>(
            sql!("SELECT {*AuditEventRecord} FROM {@audit_events} ORDER BY {ledger_position}"),
            &[],
            &mut show,
        )
    };
    if is_over { Ok(()) } else { walked }
}
