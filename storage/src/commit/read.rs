//! Reads and guards. In normal mode they emit nothing; in replay and diagnostic mode one event each, in the
//! same transaction.

use selene_contracts::shared::{DeviceId, SessionId, UserId};
use selene_contracts::{Admitted, AdmittedPage, Page, ReadCapability, Refusals};

use crate::commit::driver::{About, OpenTransaction};
use crate::commit::events::{self, Placed};
use crate::commit::operation::{Done, Work};
use crate::commit::transaction::Transaction;
use crate::failure::Failure;
use crate::observe::Call;
use crate::rows::listed::StoredPages;
use crate::rows::standing;
use crate::rows::stored::{StoredGuard, StoredRead};
use crate::rules::{CheckedEvent, refuse};
use crate::scope::event_id_at;
use crate::session::Session;

/// A read whose event is committed before its answer is given.
pub(crate) struct AuditedRead<C>(pub(crate) Admitted<C>);

impl<N: OpenTransaction, C: StoredRead> Work<N> for AuditedRead<C> {
    type Output = C::Output;

    fn run(&mut self, transaction: &mut Transaction<'_, N>) -> Result<Done<C::Output>, Failure> {
        transaction.expect(&About::input(self.0.input()));
        // The event would bring the id into the ledger.
        self.0.require_distinct_ids()?;
        transaction.session().lock_reads(false);
        let output = C::read(transaction.session(), &self.0);
        transaction.session().lock_reads(true);
        let output = output?;
        emit::<N, C>(transaction, &self.0)?;
        Ok(Ok(output))
    }

    fn refusals(&self) -> &'static Refusals {
        C::SPEC.refusals
    }

    fn watch(&self) -> Call {
        Call::made(self.0.context(), self.0.input())
    }
}

/// A page whose event is committed before it is given.
pub(crate) struct AuditedPage<C>(pub(crate) AdmittedPage<C>);

impl<N: OpenTransaction, C: StoredPages> Work<N> for AuditedPage<C> {
    type Output = Page<C::Row>;

    fn run(&mut self, transaction: &mut Transaction<'_, N>) -> Result<Done<Page<C::Row>>, Failure> {
        transaction.expect(&About::input(self.0.call().input()));
        self.0.call().require_distinct_ids()?;
        transaction.session().lock_reads(false);
        let page = C::page(transaction.session(), &self.0);
        transaction.session().lock_reads(true);
        let page = page?;
        emit::<N, C>(transaction, self.0.call())?;
        Ok(Ok(page))
    }

    fn refusals(&self) -> &'static Refusals {
        C::SPEC.refusals
    }

    fn watch(&self) -> Call {
        Call::made(self.0.call().context(), self.0.call().input())
    }
}

/// The event of a read whose rows are read afterwards.
pub(crate) struct EventOfRead<C>(pub(crate) Admitted<C>);

impl<N: OpenTransaction, C: ReadCapability> Work<N> for EventOfRead<C> {
    type Output = ();

    fn run(&mut self, transaction: &mut Transaction<'_, N>) -> Result<Done<()>, Failure> {
        transaction.expect(&About::input(self.0.input()));
        self.0.require_distinct_ids()?;
        emit::<N, C>(transaction, &self.0)?;
        Ok(Ok(()))
    }

    fn refusals(&self) -> &'static Refusals {
        C::SPEC.refusals
    }

    fn watch(&self) -> Call {
        Call::unwatched()
    }
}

/// A guard on its way.
pub(crate) struct Guard<C>(pub(crate) Admitted<C>);

impl<N: OpenTransaction, C: StoredGuard> Work<N> for Guard<C> {
    type Output = ();

    fn run(&mut self, transaction: &mut Transaction<'_, N>) -> Result<Done<()>, Failure> {
        let is_audited = self.0.context().mode.audits_reads();
        if is_audited {
            transaction.expect(&About::input(self.0.input()));
            self.0.require_distinct_ids()?;
        }
        let row = C::row(&self.0);
        // Nothing is proven on a row that does not exist.
        if !transaction.session().exists(row.select, &row.key)? {
            return Err(refuse::not_found_in::<C>(row.field, row.table).into());
        }
        transaction.prove_locked(&row)?;
        if is_audited {
            emit::<N, C>(transaction, &self.0)?;
        }
        Ok(Err(refuse::append_only::<C>(row.table)))
    }

    fn refusals(&self) -> &'static Refusals {
        C::SPEC.refusals
    }

    fn watch(&self) -> Call {
        Call::made(self.0.context(), self.0.input())
    }
}

/// Emits the event of an audited read or guard, under the engine that was asked.
fn emit<N: OpenTransaction, C: ReadCapability>(
    transaction: &mut Transaction<'_, N>,
    call: &Admitted<C>,
) -> Result<(), Failure> {
    let about = about(transaction.session(), call.input())?;
    let event = CheckedEvent::of_read(call, about.as_ref())?;
    transaction.begin_change()?;
    // The event says that somebody has read, and nothing of what was read.
    let place = match events::next_place(transaction, &event)? {
        Some(place) => Some(place),
        None => events::next_place(transaction, &event)?,
    };
    let (place, head) = place.ok_or_else(|| Failure::Inconsistent("a chain is not held".to_owned()))?;
    let event_id = event_id_at(&place, C::SPEC.id);
    let placed = Placed { event_id: &event_id, place: &place, head, seals: &[] };
    events::append(transaction, call.context(), &event, &placed)
}

/// The person that a read is about, as far as its keys lead to one: the one that it names, else the owner of the device or
/// of the session. An event names nobody who does not exist.
fn about<C: ReadCapability>(db: &impl Session, input: &C) -> Result<Option<UserId>, Failure> {
    let asked = input.asked();
    let key = |field| asked.iter().find(|part| part.field == field).map(|part| part.value.as_str());
    if let Some(user_id) = key("user_id").map(UserId::new)
        && standing::has_identity(db, &user_id)?
    {
        return Ok(Some(user_id));
    }
    if let Some(device_id) = key("device_id").map(DeviceId::new) {
        return Ok(standing::device(db, &device_id)?.map(|device| device.owner));
    }
    match key("session_id").and_then(|session_id| session_id.parse().ok()) {
        Some(session_id) => {
            let session = standing::session(db, SessionId::new(session_id))?;
            Ok(session.map(|session| session.owner))
        }
        None => Ok(None),
    }
}
