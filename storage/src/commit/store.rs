//! What the handles of a store share: who commits, and who reads. A read, a page and a whole list are answered here for every database.
//!
//! What must not live here: connections and their pool.

use std::cell::{Cell, RefCell};
use std::ops::ControlFlow;
use std::sync::Arc;

use selene_contracts::{Admitted, AdmittedPage, CallContext, Capability, Page, Refusals, StorageError};

use crate::commit::calls::{self, Serves};
use crate::commit::driver::About;
use crate::commit::spread::Spread;
use crate::failure::{Failure, Trouble};
use crate::observe;
use crate::rows::listed::StoredPages;
use crate::rows::stored::StoredRead;
use crate::session::Session;

/// How long each answer to a read may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// As long as a store lets a call wait.
    OfACall,
    /// As long as it needs: checks walk over whole tables.
    Unlimited,
}

/// What the handles of a store share.
pub trait Store: Send + Sync + Sized + 'static {
    /// A queue of commits, and who leads it.
    type Leader: Serves;
    /// A connection that reads.
    type Reader: Session;

    /// Who commits what leads to no chain that is known, and everything that is handed over where nothing is spread.
    fn common_leader(self: &Arc<Self>) -> &Arc<Self::Leader>;

    /// The queues over which what is handed over is spread; none where it all waits in one.
    fn spread(&self) -> Option<&Spread<Self::Leader>> {
        None
    }

    /// The chain that a call about these is likely to append to, and its queue among those of [`Store::spread`].
    fn likely_leader(&self, _about: &About<'_>) -> Option<(String, usize)> {
        None
    }

    /// Who commits a call that somebody waits for.
    fn leader<C: Capability>(self: &Arc<Self>, input: &C) -> &Arc<Self::Leader>;

    /// Runs a query on a reading connection. One that loses its connection may be run once more.
    ///
    /// # Errors
    /// The store is unavailable, or what the query fails with.
    fn query<T>(
        &self,
        refusals: &'static Refusals,
        patience: Patience,
        read: impl Fn(&Self::Reader) -> Result<T, Failure>,
    ) -> Result<T, StorageError>;

    /// Runs queries that see one state of the store, as [`Store::query`] runs one.
    ///
    /// # Errors
    /// As [`Store::query`].
    fn snapshot<T>(
        &self,
        refusals: &'static Refusals,
        patience: Patience,
        read: impl Fn(&Self::Reader) -> Result<T, Failure>,
    ) -> Result<T, StorageError>;

    /// Connections that read at the same time, at most.
    fn readers_at_most(&self) -> usize;

    /// The names of the tables that hold rows of engines.
    ///
    /// # Errors
    /// What the database reports.
    fn tables_of_rows(db: &Self::Reader) -> Result<Vec<String>, Failure>;
}

/// Answers one admitted read. In replay and diagnostic mode it leaves an audit event, in the same transaction.
///
/// # Errors
/// Why the read was refused, or why it is unknown whether its event is durable.
pub fn read<S: Store, C: StoredRead>(store: &Arc<S>, call: Admitted<C>) -> Result<C::Output, StorageError> {
    if call.context().mode.audits_reads() {
        return calls::audited_read(store.leader(call.input()), call);
    }
    observe::answer(call.context(), call.input(), || {
        store.query(C::SPEC.refusals, Patience::OfACall, |db| C::read(db, &call))
    })
}

/// Answers one admitted page, in one snapshot. In replay and diagnostic mode it leaves an audit event as the whole read does, in the
/// same transaction.
///
/// # Errors
/// As [`read`].
pub fn read_page<S: Store, C: StoredPages>(
    store: &Arc<S>,
    call: AdmittedPage<C>,
) -> Result<Page<C::Row>, StorageError> {
    if call.call().context().mode.audits_reads() {
        return calls::audited_page(store.leader(call.call().input()), call);
    }
    observe::answer(call.call().context(), call.call().input(), || {
        if C::IS_ONE_STATEMENT {
            return store.query(C::SPEC.refusals, Patience::OfACall, |db| C::page(db, &call));
        }
        store.snapshot(C::SPEC.refusals, Patience::OfACall, |db| C::page(db, &call))
    })
}

/// Shows every row of a list in its order, until `visit` breaks, in one snapshot. The event of a read that is audited is committed
/// before.
///
/// # Errors
/// As [`read`], and where the connection is lost after rows were shown.
pub fn each_row<S: Store, C: StoredPages>(
    store: &Arc<S>,
    context: &CallContext,
    input: C,
    visit: impl FnMut(C::Row) -> ControlFlow<()>,
) -> Result<(), StorageError> {
    let call = Admitted::admit(context, input)?;
    let (visit, has_shown) = (RefCell::new(visit), Cell::new(false));
    // The event and the rows are one call for whoever watches.
    let show = || {
        if context.mode.audits_reads() {
            calls::event_of_read(store.leader(call.input()), call.clone())?;
        }
        store.snapshot(C::SPEC.refusals, Patience::OfACall, |db| {
            if has_shown.get() {
                return Err(lost_after("rows of the list were shown"));
            }
            C::each(db, &call, &mut |row| {
                has_shown.set(true);
                (visit.borrow_mut())(row)
            })
        })
    };
    observe::answer(context, call.input(), show)
}

/// A connection was lost after something had left the store, so that nothing can begin once more.
pub(crate) fn lost_after(what: &str) -> Failure {
    let detail = format!("the connection was lost after {what}");
    Failure::Database { trouble: Trouble::Other, detail }
}
