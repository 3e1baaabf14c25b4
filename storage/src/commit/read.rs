//! Reads and guards. In normal mode they emit nothing; in replay and diagnostic mode one event each, in the
//! same transaction.

use rusqlite::Connection;
use selene_contracts::shared::{DeviceId, SessionId, UserId};
use selene_contracts::{Admitted, CallContext, ReadCapability, Refusals};

use crate::commit::events;
use crate::commit::operation::{Done, Work};
use crate::commit::transaction::Transaction;
use crate::failure::Failure;
use crate::rows::standing;
use crate::rows::stored::{StoredGuard, StoredRead};
use crate::rules::{CheckedEvent, refuse};
use crate::scope::event_id_at;
use crate::session::Session as _;
use crate::sqlite::guard;

/// A read whose event is committed before its answer is given.
pub(crate) struct AuditedRead<C>(pub(crate) Admitted<C>);

impl<C: StoredRead> Work for AuditedRead<C> {
    type Output = C::Output;

    fn run(&mut self, transaction: &mut Transaction<'_>) -> Result<Done<C::Output>, Failure> {
        let output = C::read(transaction.connection(), &self.0)?;
        emit::<C>(transaction, &self.0)?;
        Ok(Ok(output))
    }

    fn refusals(&self) -> &'static Refusals {
        C::SPEC.refusals
    }
}

/// A guard on its way.
pub(crate) struct Guard<C>(pub(crate) Admitted<C>);

impl<C: StoredGuard> Work for Guard<C> {
    type Output = ();

    fn run(&mut self, transaction: &mut Transaction<'_>) -> Result<Done<()>, Failure> {
        let row = C::row(&self.0);
        // Nothing is proven on a row that does not exist.
        if !transaction.connection().exists(row.select, &row.key)? {
            return Err(refuse::not_found::<C>(row.field, row.table).into());
        }
        guard::prove(transaction, &row)?;
        if self.0.context().mode.audits_reads() {
            emit::<C>(transaction, &self.0)?;
        }
        Ok(Err(refuse::append_only::<C>(row.table)))
    }

    fn refusals(&self) -> &'static Refusals {
        C::SPEC.refusals
    }
}

/// Emits the event of an audited read or guard, under the engine that was asked.
fn emit<C: ReadCapability>(transaction: &mut Transaction<'_>, call: &Admitted<C>) -> Result<(), Failure> {
    let about = about(transaction.connection(), call.input())?;
    let event = CheckedEvent::of_read(call, about.as_ref())?;
    transaction.begin_change()?;
    let position = {
        let (connection, heads) = transaction.parts();
        heads.next_position(connection)?
    };
    let event_id = event_id_at(position, C::SPEC.id);
    let context: &CallContext = call.context();
    events::append(transaction, context, &event, &event_id, position)
}

/// The person that a read is about, as far as its keys lead to one: the one that it names, else the owner of the device or
/// of the session. An event names nobody who does not exist.
fn about<C: ReadCapability>(connection: &Connection, input: &C) -> Result<Option<UserId>, Failure> {
    let asked = input.asked();
    let key = |field| asked.iter().find(|part| part.field == field).map(|part| part.value.as_str());
    if let Some(user_id) = key("user_id").map(UserId::new)
        && standing::has_identity(connection, &user_id)?
    {
        return Ok(Some(user_id));
    }
    if let Some(device_id) = key("device_id").map(DeviceId::new) {
        return Ok(standing::device(connection, &device_id)?.map(|device| device.owner));
    }
    match key("session_id").and_then(|session_id| session_id.parse().ok()) {
        Some(session_id) => {
            let session = standing::session(connection, SessionId::new(session_id))?;
            Ok(session.map(|session| session.owner))
        }
        None => Ok(None),
    }
}
