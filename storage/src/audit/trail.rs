//! The events that are about somebody or something.

use std::ops::ControlFlow;

use selene_contracts::row::{Cells, Column as _, FromRow as _, Selection as _, Value, cell, position};
use selene_contracts::shared::{
    AuditEventId, AuditEventRecord, ChainId, CorrelationId, DeviceId, TenantId, UserId,
};
use selene_contracts::sql;
use selene_contracts::tables::audit_events;

use crate::check::ChainFault;
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

/// Why a walk along events ends before the last one.
enum End {
    /// Whoever looks has seen enough.
    Enough,
    /// An event cannot be read.
    Damaged(ChainFault),
}

/// Shows every event that is asked for, until `visit` breaks. An index leads to those of a chain of work or of a tenant; for a person
/// or a device alone all events are read. Runs in one snapshot.
///
/// # Errors
/// The database reports one. Gives the event that holds a value which cannot be read, where the walk came to one.
pub(crate) fn visit(
    db: &impl Session,
    query: &TrailQuery,
    mut visit: impl FnMut(AuditEventRecord) -> ControlFlow<()>,
) -> Result<Option<ChainFault>, Failure> {
    let mut show = |event: AuditEventRecord| {
        if query.asks_for(&event) { visit(event) } else { ControlFlow::Continue(()) }
    };
    let end = match (query.correlation_id, &query.tenant_id) {
        (Some(id), _) => walk(
            db,
            sql!(
                "SELECT {*AuditEventRecord} FROM {@audit_events} WHERE {correlation_id} = $1
                 ORDER BY {ledger_position}, {created_at}, {chain_id}, {chain_sequence}"
            ),
            &[id.value()],
            &mut show,
        )?,
        (None, Some(id)) => walk_chain(db, id, &mut show)?,
        // On a server the events of calls have no position: there it is their time.
        (None, None) => walk(
            db,
            sql!(
                "SELECT {*AuditEventRecord} FROM {@audit_events}
                 ORDER BY {ledger_position}, {created_at}, {chain_id}, {chain_sequence}"
            ),
            &[],
            &mut show,
        )?,
    };
    Ok(match end {
        Some(End::Damaged(fault)) => Some(fault),
        Some(End::Enough) | None => None,
    })
}

type Show<'a> = dyn FnMut(AuditEventRecord) -> ControlFlow<()> + 'a;

/// Events of a chain that are asked for at once.
const AT_ONCE: u64 = 1_000;

/// The chain of a tenant, page by page: a server that is asked for all of it gives all of it, also where few events are looked at.
fn walk_chain(db: &impl Session, id: &TenantId, show: &mut Show<'_>) -> Result<Option<End>, Failure> {
    let mut after = 0;
    loop {
        let (mut seen, mut last) = (0, after);
        let end = walk(
            db,
            sql!(
                "SELECT {*AuditEventRecord} FROM {@audit_events} WHERE {chain_id} = $1 AND {chain_sequence} > $2
                 ORDER BY {chain_sequence} LIMIT $3"
            ),
            &[id.value(), after.value(), AT_ONCE.value()],
            &mut |event| {
                (seen, last) = (seen + 1, event.chain_sequence);
                show(event)
            },
        )?;
        if end.is_some() || seen < AT_ONCE || last <= after {
            return Ok(end);
        }
        after = last;
    }
}

fn walk(
    db: &impl Session,
    sql: &'static str,
    values: &[Value<'_>],
    show: &mut Show<'_>,
) -> Result<Option<End>, Failure> {
    let mut end = None;
    let walked = db.visit(sql, values, &mut |cells| {
        end = match AuditEventRecord::from_row(cells) {
            Ok(event) => show(event).is_break().then_some(End::Enough),
            Err(unreadable) => Some(End::Damaged(fault(cells, unreadable.position))),
        };
        match end {
            None => Ok(()),
            // A walk ends with a failure only; this one is taken back below.
            Some(_) => Err(Failure::Inconsistent("the walk was ended".to_owned())),
        }
    });
    if end.is_none() {
        walked?;
    }
    Ok(end)
}

/// The event of an answer, and its column at a position.
fn fault(cells: &dyn Cells, unreadable: usize) -> ChainFault {
    const AT: fn(&str) -> usize = |column| position(AuditEventRecord::COLUMNS, column);
    let tenant_id = cell::<Option<TenantId>>(cells, AT(audit_events::TENANT_ID));
    let chain = tenant_id.map(|tenant_id| ChainId::new(tenant_id.as_ref().map_or("", TenantId::as_str)));
    let sequence = cell::<u64>(cells, AT(audit_events::CHAIN_SEQUENCE));
    let event_id = cell::<AuditEventId>(cells, AT(audit_events::EVENT_ID)).ok();
    let column = AuditEventRecord::COLUMNS.get(unreadable).copied().unwrap_or(audit_events::EVENT_ID);
    ChainFault::unreadable(chain.ok().zip(sequence.ok()), event_id, column)
}
