//! A write: its input, dedupe, load, decide, store, emit, remember.

use selene_contracts::{Admitted, Committed, Disposition, Refusals, StorageError};

use crate::commit::dedupe::{self, Found};
use crate::commit::driver::OpenTransaction;
use crate::commit::events::{self, Placed};
use crate::commit::foreign_keys;
use crate::commit::operation::{Done, Work};
use crate::commit::transaction::Transaction;
use crate::failure::{Failure, unavailable};
use crate::rows::stored::StoredWrite;
use crate::rules::Decision;
use crate::scope::{self, Scope};
use crate::session::{self, Changes};

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

    pub(crate) fn apply<N: OpenTransaction>(
        &self,
        transaction: &mut Transaction<'_, N>,
    ) -> Result<Committed<C::Output>, Failure> {
        let facts = C::load(transaction.session(), &self.call)?;
        let Decision { change, event, output } = C::decide(&self.call, facts)?;
        let event = event.checked::<C>(self.call.context())?;
        let (place, head) = events::next_place(transaction, &event)?;
        let event_id = match &self.scope {
            Some(scope) => scope.event_id(),
            None => scope::event_id_at(&place, C::SPEC.id),
        };
        transaction.begin_change()?;
        let mut changes = Changes::new(transaction.session(), place.clone());
        let stored = C::store(&mut changes, &change);
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
        foreign_keys::explain::<C>(stored, transaction.session(), &event)?;
        let placed = Placed { event_id: &event_id, place: &place, head, seals: &seals };
        let emitted = events::append(transaction, self.call.context(), &event, &placed);
        foreign_keys::explain::<C>(emitted, transaction.session(), &event)?;
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
        if let Some(scope) = &self.scope {
            dedupe::hold_key(transaction, &self.call, scope)?;
            let found = dedupe::find(transaction.session(), &self.call, scope, &self.request_digest)?;
            if let Found::Before(committed) = found {
                return Ok(Ok(committed));
            }
        }
        // Only now: an earlier build may have answered this call, and its answer is given again.
        self.call.require_distinct_ids()?;
        if let Some(scope) = &self.scope {
            dedupe::check_chain(transaction.session(), &self.call, scope)?;
        }
        self.apply(transaction).map(Ok)
    }

    fn refusals(&self) -> &'static Refusals {
        C::SPEC.refusals
    }
}
