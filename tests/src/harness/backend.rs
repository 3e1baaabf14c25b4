//! What a database must offer to be tested. What must not live here: the name of a database.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use selene_contracts::ph1_onb::OnboardingSessionRecord;
use selene_contracts::row::CurrentRow;
use selene_contracts::shared::OnboardingSessionId;
use selene_contracts::{CallContext, Committed, EveryRepo, StorageError};
use selene_storage::test_support::{BrokenCommit, TableRows};
use selene_storage::{ChainError, ChainReport, FoldReport, RowReport, SavedHead, StoredPages, StoredWrite};

/// A store that serves every engine, and what tests need of it beyond the calls of the engines.
///
/// Each method here has the meaning of the method of the same name of the store that users have.
pub trait Backend: EveryRepo + Clone + Send + Sync + 'static {
    /// Hands a write over; what comes back waits until it is durable or refused.
    fn submit<C: StoredWrite>(
        &self,
        context: &CallContext,
        input: C,
    ) -> impl FnOnce() -> Result<Committed<C::Output>, StorageError> + use<Self, C> + 'static;

    /// Shows every row of a list in its order, until `visit` breaks.
    ///
    /// # Errors
    /// The read is refused, or the store cannot be read.
    fn each_row<C: StoredPages>(
        &self,
        context: &CallContext,
        input: C,
        visit: impl FnMut(C::Row) -> ControlFlow<()>,
    ) -> Result<(), StorageError>;

    /// Checks the hash chain of every tenant, against the heads in `saved` where there are any.
    ///
    /// # Errors
    /// The store cannot be read.
    fn verify_chains(&self, saved: &[SavedHead]) -> Result<ChainReport, StorageError>;

    /// Checks every row against the newest event that seals it.
    ///
    /// # Errors
    /// The store cannot be read.
    fn verify_rows(&self) -> Result<RowReport, StorageError>;

    /// Checks current rows against the fold of their ledgers.
    ///
    /// # Errors
    /// The store cannot be read.
    fn verify_folds(&self) -> Result<FoldReport, StorageError>;

    /// The newest event of each chain.
    ///
    /// # Errors
    /// The store cannot be read.
    fn chain_heads(&self) -> Result<Vec<SavedHead>, ChainError>;

    /// Every row of every table, by the name of the table: two stores are the same where these are equal.
    ///
    /// # Errors
    /// The store cannot be read.
    fn every_row(&self) -> Result<BTreeMap<String, TableRows>, StorageError>;

    /// Writes an onboarding session and its link without a rule and without an event. One that exists stays as it is.
    ///
    /// # Errors
    /// A constraint of the database refuses the row.
    fn insert_onboarding_session(&self, row: &OnboardingSessionRecord) -> Result<(), StorageError>;

    /// Declines the terms of an onboarding session without a rule and without an event.
    ///
    /// # Errors
    /// The database refuses the change.
    fn decline_onboarding_session(&self, id: &OnboardingSessionId) -> Result<(), StorageError>;

    /// Overwrites a row, of an enrollment for instance, with a state that no call leads to.
    ///
    /// # Errors
    /// A constraint of the database refuses the row.
    fn overwrite<R: CurrentRow + Clone + Send + 'static>(&self, row: &R) -> Result<(), StorageError>;

    /// Lets the next commit report an error of the disk.
    fn break_next_commit(&self, broken: BrokenCommit);
}

/// Opens an empty store for one test.
pub trait Harness: Copy + Send + Sync {
    /// The backend under test.
    type Store: Backend;

    /// An empty store, and what it takes to open it again.
    fn open(&self) -> OpenStore<Self::Store>;

    /// Whether all that is written goes through one queue, so that an audited read is made behind what was handed over before it.
    fn has_one_queue(&self) -> bool {
        true
    }

    /// Of how many random sequences one is tried: more than one where calls take long.
    fn part_of_sequences(&self) -> u32 {
        1
    }
}

/// A harness whose stores may have their rows open in several processes at once.
pub trait Shared: Harness {
    /// Opens a store on rows that another process may have open, where [`OpenStore::address`] says.
    fn open_at(&self, address: &str) -> Self::Store;
}

/// Where the rows of a store are kept while no store is open on them: a file, or a database of a server. Dropping it
/// deletes the rows.
pub trait Place<B> {
    /// Opens a store on the rows that are there.
    fn open(&self) -> B;

    /// Where other processes find the rows.
    fn address(&self) -> String;

    /// Runs one SQL statement without parameters on a connection that has no checks of the store, and gives the number
    /// of rows that it changed.
    fn execute(&self, statement: &str) -> usize;

    /// Takes the trigger away that stops every update of a ledger. The rows are of no more use to other tests.
    fn unlock(&self, ledger: &str);
}

/// A store for one test.
pub struct OpenStore<B> {
    // Dropped before the place that it is open on.
    store: Option<B>,
    place: Option<Box<dyn Place<B>>>,
}

impl<B> OpenStore<B> {
    /// A store whose rows are gone when it is closed.
    pub fn brief(store: B) -> Self {
        Self { store: Some(store), place: None }
    }

    /// A store on the rows of a place.
    pub fn lasting(place: impl Place<B> + 'static) -> Self {
        Self { store: Some(place.open()), place: Some(Box::new(place)) }
    }

    /// The store as it is open now.
    ///
    /// # Panics
    /// Never between calls: the store is only absent while it is opened again.
    pub fn store(&self) -> &B {
        self.store.as_ref().expect("the store is open")
    }

    /// Closes the store and opens it again on its rows. A store without a place stays open: its rows would be lost.
    ///
    /// # Panics
    /// The store cannot be opened again.
    pub fn reopen(&mut self) {
        if let Some(place) = &self.place {
            self.store = None;
            self.store = Some(place.open());
        }
    }

    /// What [`Place::unlock`] does to the place of this store.
    ///
    /// # Panics
    /// The store has no place, or the ledger no such trigger.
    pub fn unlock(&self, ledger: &str) {
        self.place.as_ref().expect("the store has a place").unlock(ledger);
    }

    /// What [`Place::address`] says of the place of this store.
    ///
    /// # Panics
    /// The store has no place.
    pub fn address(&self) -> String {
        self.place.as_ref().expect("the store has a place").address()
    }

    /// What [`Place::execute`] says of the place of this store.
    ///
    /// # Panics
    /// The store has no place, or the statement fails.
    pub fn execute(&self, statement: &str) -> usize {
        self.place.as_ref().expect("the store has a place").execute(statement)
    }
}
