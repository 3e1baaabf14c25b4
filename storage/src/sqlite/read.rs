//! Reads and guards. In normal mode they emit nothing; in replay and diagnostic mode one event each, in the
//! same transaction.

use rusqlite::Connection;
use selene_contracts::shared::AuditEventType;
use selene_contracts::{Admitted, CallContext, Effect, ReadCapability, ReasonCode, Refusals};

use super::events;
use super::failure::Failure;
use super::guard::{self, Row};
use super::operation::{Done, Work};
use super::transaction::Transaction;
use crate::engines::EventDraft;
use crate::scope::event_id_at;

/// The SQL of a read capability.
pub(super) trait StoredRead: ReadCapability {
    /// Reads.
    fn read(connection: &Connection, call: &Admitted<Self>) -> Result<Self::Output, Failure>;
}

/// A read whose event is committed before its answer is given.
pub(super) struct AuditedRead<C>(pub(super) Admitted<C>);

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

/// A guard: it tries to change a ledger row and must fail.
pub(super) trait StoredGuard: ReadCapability<Output = ()> {
    /// The row to try it on; an error where there is none.
    fn row(connection: &Connection, call: &Admitted<Self>) -> Result<Row, Failure>;
}

/// A guard on its way.
pub(super) struct Guard<C>(pub(super) Admitted<C>);

impl<C: StoredGuard> Work for Guard<C> {
    type Output = ();

    fn run(&mut self, transaction: &mut Transaction<'_>) -> Result<Done<()>, Failure> {
        let row = C::row(transaction.connection(), &self.0)?;
        guard::prove(transaction, &row)?;
        if self.0.context().mode.audits_reads() {
            emit::<C>(transaction, &self.0)?;
        }
        Ok(Err(crate::engines::refuse::append_only::<C>(row.table)))
    }

    fn refusals(&self) -> &'static Refusals {
        C::SPEC.refusals
    }
}

/// Emits the event of an audited read or guard, under the engine that was asked.
fn emit<C: ReadCapability>(transaction: &mut Transaction<'_>, call: &Admitted<C>) -> Result<(), Failure> {
    let reason_code: ReasonCode = crate::engines::ph1_j::audited_reason(C::SPEC.effect == Effect::Guard);
    let draft = EventDraft::new(call, AuditEventType::Other, reason_code);
    transaction.begin_change()?;
    let position = {
        let (connection, heads) = transaction.parts();
        heads.next_position(connection)?
    };
    let event_id = event_id_at(position, C::SPEC.id);
    let context: &CallContext = call.context();
    events::append(transaction, context, &draft, &event_id, position)
}
