//! A write: its input, dedupe, load, decide, store, emit, remember.

use selene_contracts::{Admitted, Committed, Disposition, Ended, Refusals, StorageError};

use crate::chain::{Head, Place};
use crate::change::Change as _;
use crate::commit::dedupe::{self, Found};
use crate::commit::driver::{About, OpenTransaction};
use crate::commit::events::{self, Placed};
use crate::commit::foreign_keys;
use crate::commit::operation::{Done, Work};
use crate::commit::transaction::Transaction;
use crate::failure::{Failure, unavailable};
use crate::observe::{self, Call};
use crate::rows::stored::StoredWrite;
use crate::rules::{CheckedEvent, Decision};
use crate::scope::{self, Scope};
use crate::session::{self, Changes};

/// How often a write is decided at most, as long as each decision leads to a chain that is not held yet.
const LOADS_AT_MOST: usize = 4;

/// One write on its way.
pub(crate) struct Write<C: StoredWrite> {
    call: Admitted<C>,
    /// Absent where the contract states no dedupe rule, or the input leaves its key open.
    scope: Option<Scope>,
    request_digest: [u8; 32],
}

impl<C: StoredWrite> Write<C> {
    /// Every write comes through here, alone, with a ticket or among many.
    pub(crate) fn new(call: Admitted<C>) -> Result<Self, StorageError> {
        C::check_input(call.input())?;
        let request_digest = scope::request_digest(call.input())
            .map_err(|error| unavailable(C::SPEC.refusals, format!("the input has no JSON form: {error}")))?;
        let scope = call.input().dedupe_key(call.context()).as_ref().map(Scope::of);
        Ok(Self { call, scope, request_digest })
    }

    /// Makes a call that was not made before.
    fn make<N: OpenTransaction>(
        &self,
        transaction: &mut Transaction<'_, N>,
    ) -> Result<Committed<C::Output>, Failure> {
        // Only now: an earlier build may have answered this call, and its answer is given again.
        self.call.require_distinct_ids()?;
        if let Some(scope) = &self.scope {
            dedupe::check_chain(transaction.session(), &self.call, scope)?;
        }
        self.apply(transaction)
    }

    /// Loads and decides; again where the chain of the event is held only then, because others may have written until it was.
    pub(crate) fn apply<N: OpenTransaction>(
        &self,
        transaction: &mut Transaction<'_, N>,
    ) -> Result<Committed<C::Output>, Failure> {
        for _ in 0..LOADS_AT_MOST {
            let facts = C::load(transaction.session(), &self.call)?;
            let Decision { change, event, output } = C::decide(&self.call, facts)?;
            let event = event.checked::<C>(self.call.context())?;
            observe::tenant(event.tenant_id.as_ref());
            if let Some(placed) = events::next_place(transaction, &event)? {
                return self.store(transaction, &change, &event, output, placed);
            }
        }
        Err(Failure::Inconsistent("the chain of the event changed each time".to_owned()))
    }

    fn store<N: OpenTransaction>(
        &self,
        transaction: &mut Transaction<'_, N>,
        change: &C::Change,
        event: &CheckedEvent,
        output: C::Output,
        (place, head): (Place, Head),
    ) -> Result<Committed<C::Output>, Failure> {
        let event_id = match &self.scope {
            Some(scope) => scope.event_id(),
            None => scope::event_id_at(&place, C::SPEC.id),
        };
        transaction.begin_change()?;
        let mut changes = Changes::new(transaction.session(), place.clone());
        let stored = change.store(&mut changes);
        // The event seals its record too, so it is made before the event and stored behind it.
        let record = match &self.scope {
            Some(scope) => {
                let tenant_id = event.tenant_id.as_ref();
                Some(dedupe::record::<C>(scope, tenant_id, &self.request_digest, &output, &place)?)
            }
            None => None,
        };
        if let Some(record) = &record {
            changes.seal(record);
        }
        let seals = changes.into_seals();
        foreign_keys::explain::<C>(stored, transaction.session(), event)?;
        let placed = Placed { event_id: &event_id, place: &place, head, seals: &seals };
        let emitted = events::append(transaction, self.call.context(), event, &placed);
        foreign_keys::explain::<C>(emitted, transaction.session(), event)?;
        if let Some(record) = &record {
            session::insert(transaction.session(), record)?;
        }
        let reason_code = event.reason_code;
        Ok(Committed { value: output, event_id, disposition: Disposition::Applied, reason_code })
    }
}

impl<N: OpenTransaction, C: StoredWrite> Work<N> for Write<C> {
    type Output = Committed<C::Output>;

    fn run(&mut self, transaction: &mut Transaction<'_, N>) -> Result<Done<Self::Output>, Failure> {
        transaction.expect(&About::input(self.call.input()));
        if let Some(scope) = &self.scope {
            dedupe::hold_key(transaction, &self.call, scope)?;
            let found = dedupe::find(transaction.session(), &self.call, scope, &self.request_digest)?;
            if let Found::Before(committed) = found {
                return Ok(Ok(committed));
            }
        }
        let refused = match self.make(transaction) {
            Err(refused @ Failure::Refused(_)) => refused,
            made => return made.map(Ok),
        };
        // What refused the call may be what the very same call has done elsewhere since its key was looked up.
        if let Some(scope) = &self.scope {
            let found = transaction
                .session()
                .read_again(|db| dedupe::find(db, &self.call, scope, &self.request_digest));
            if let Some(Found::Before(committed)) = found.transpose()? {
                return Ok(Ok(committed));
            }
        }
        Err(refused)
    }

    fn refusals(&self) -> &'static Refusals {
        C::SPEC.refusals
    }

    fn watch(&self) -> Call {
        Call::made(self.call.context(), self.call.input())
    }

    fn ended(committed: &Committed<C::Output>) -> Ended {
        Ended::of_write(committed)
    }
}
