//! The events that are about somebody or something.

use std::ops::ControlFlow;

use selene_contracts::ph1_j::{Ph1jReadRows, Ph1jReadTenantRows};
use selene_contracts::row::{Cells, Column as _, FromRow as _, Selection as _, Value, cell, position};
use selene_contracts::shared::{
    AuditEventId, AuditEventRecord, ChainId, CorrelationId, DeviceId, TenantId, UserId,
};
use selene_contracts::sql;
use selene_contracts::tables::audit_events;

use crate::check::ChainFault;
use crate::failure::Failure;
use crate::rows::listed::{Order as _, StoredRows};
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

/// Shows every event that is asked for, until `visit` breaks: ordered by `chain_id`, then `chain_sequence`. An index leads to those of a
/// chain of work or of a tenant; for a person or a device alone all events are read. Runs in one snapshot.
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
                 ORDER BY {chain_id}, {chain_sequence}"
            ),
            &[id.value()],
            &mut |event, _| show(event),
        )?,
        (None, Some(id)) => walk_pages::<Ph1jReadTenantRows>(db, &[id.value()], &mut show)?,
        (None, None) => walk_pages::<Ph1jReadRows>(db, &[], &mut show)?,
    };
    Ok(match end {
        Some(End::Damaged(fault)) => Some(fault),
        Some(End::Enough) | None => None,
    })
}

/// Events that are asked for at once where an index has their order.
const AT_ONCE: u64 = 1_000;

/// The list of a read of PH1.J, page by page: a server that is asked for all of it gives all of it, also where few events are looked at.
fn walk_pages<C: StoredRows<Row = AuditEventRecord>>(
    db: &impl Session,
    given: &[Value<'_>],
    show: &mut dyn FnMut(AuditEventRecord) -> ControlFlow<()>,
) -> Result<Option<End>, Failure> {
    let (listing, mut after) = (C::listing(), None::<Vec<Value<'static>>>);
    loop {
        let sql = if after.is_some() { listing.after } else { listing.first };
        let values = given.iter().cloned().chain(after.take().into_iter().flatten());
        let values: Vec<Value<'_>> = values.chain([AT_ONCE.value()]).collect();
        let mut seen = 0;
        let end = walk(db, sql, &values, &mut |event, cells| {
            seen += 1;
            if seen == AT_ONCE {
                let order = (0..C::Order::COLUMNS).map(|place| AuditEventRecord::COLUMNS.len() + place);
                after = Some(order.map(|position| cells.cell(position).into_owned()).collect());
            }
            show(event)
        })?;
        if end.is_some() || after.is_none() {
            return Ok(end);
        }
    }
}

fn walk(
    db: &impl Session,
    sql: &'static str,
    values: &[Value<'_>],
    show: &mut dyn FnMut(AuditEventRecord, &dyn Cells) -> ControlFlow<()>,
) -> Result<Option<End>, Failure> {
    let mut end = None;
    let walked = db.visit(sql, values, &mut |cells| {
        end = match AuditEventRecord::from_row(cells) {
            Ok(event) => show(event, cells).is_break().then_some(End::Enough),
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
