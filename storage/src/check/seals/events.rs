//! The seals of the events, one event after the other.

use selene_contracts::row::Value;
use selene_contracts::shared::AuditEventId;
use selene_contracts::sql;

use crate::event_seals;
use crate::failure::Failure;
use crate::seal::RowSeal;
use crate::session::Session;

/// The seals that an event has of the rows of its commit.
pub(super) enum EventSeals {
    /// None: the event is from before rows were sealed.
    Absent,
    /// Seals that cannot be read.
    Unreadable,
    /// One seal for each row of the commit.
    Read(Vec<RowSeal>),
}

/// Shows the seals of every event, in the order of chains, with the number of the event in this order and its id, where that can be
/// read.
pub(super) fn each_event(
    db: &impl Session,
    visit: &mut dyn FnMut(u64, Option<AuditEventId>, EventSeals) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut number = 0;
    db.visit(
        sql!(
            "SELECT {event_id}, {row_seals}, {chain_id}, {chain_sequence} FROM {@audit_events}
             ORDER BY {chain_id}, {chain_sequence}"
        ),
        &[],
        &mut |cells| {
            let event_id = match cells.cell(0) {
                Value::Text(id) => Some(AuditEventId::new(id.as_ref())),
                // The chains name such an event.
                _ => None,
            };
            let seals = match (cells.cell(1), cells.cell(2), cells.cell(3)) {
                (Value::Null, ..) => EventSeals::Absent,
                (Value::Text(seals), Value::Text(chain_id), Value::Integer(sequence)) => {
                    let seals = event_seals::read(&seals, &chain_id, sequence.cast_unsigned());
                    seals.map_or(EventSeals::Unreadable, EventSeals::Read)
                }
                _ => EventSeals::Unreadable,
            };
            visit(number, event_id, seals)?;
            number += 1;
            Ok(())
        },
    )
}
