//! The SQLite store in memory as tasks call it: every call of a suite is a task of its own on a runtime of Tokio.
//!
//! What must not live here: what a call means, which is the same for tasks.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::sync::Arc;

use selene_contracts::ph1_onb::OnboardingSessionRecord;
use selene_contracts::row::CurrentRow;
use selene_contracts::shared::OnboardingSessionId;
use selene_contracts::{CallContext, Capability, Committed, Page, PageRequest, PagedRead, StorageError};
use selene_storage::test_support::{BrokenCommit, TableRows};
use selene_storage::{
    AsyncSqliteStore, ChainError, ChainReport, FoldReport, RowReport, SavedHead, SqliteStore, StoredPages,
    StoredWrite,
};
use tokio::runtime::{Builder, Runtime};

use super::backend::{Backend, Harness, OpenStore};
use super::recorded::Recorded;

/// A store in memory, called by tasks.
#[derive(Debug, Clone, Copy)]
pub struct ByTasks;

/// A store that threads of a test call, and tasks of a runtime serve.
#[derive(Debug, Clone)]
pub struct Tasks {
    store: AsyncSqliteStore,
    runtime: Arc<Runtime>,
}

impl Tasks {
    /// Waits for a task; a call that panics panics here.
    fn wait<T: Send + 'static>(&self, call: impl Future<Output = T> + Send + 'static) -> T {
        self.runtime.block_on(self.runtime.spawn(call)).expect("the call does not panic")
    }
}

macro_rules! call {
    ($($module:ident: $repo:ident {
        writes { $($write:ident => $writes:ident,)* }
        reads { $($read:ident => $reads:ident,)* }
        pages { $($paged:ident => $pages:ident,)* }
    })*) => {
        $(
            impl selene_contracts::$module::$repo for Tasks {
                $(
                    fn $writes(
                        &self,
                        context: &CallContext,
                        input: selene_contracts::$module::$write,
                    ) -> Result<
                        Committed<<selene_contracts::$module::$write as Capability>::Output>,
                        StorageError,
                    > {
                        use selene_contracts::asynchronous::$module::$repo;
                        let (store, context) = (self.store.clone(), context.clone());
                        self.wait(async move { $repo::$writes(&store, &context, input).await })
                    }
                )*
                $(
                    fn $reads(
                        &self,
                        context: &CallContext,
                        input: selene_contracts::$module::$read,
                    ) -> Result<<selene_contracts::$module::$read as Capability>::Output, StorageError> {
                        use selene_contracts::asynchronous::$module::$repo;
                        let (store, context) = (self.store.clone(), context.clone());
                        self.wait(async move { $repo::$reads(&store, &context, input).await })
                    }
                )*
                $(
                    fn $pages(
                        &self,
                        context: &CallContext,
                        input: selene_contracts::$module::$paged,
                        page: PageRequest,
                    ) -> Result<Page<<selene_contracts::$module::$paged as PagedRead>::Row>, StorageError> {
                        use selene_contracts::asynchronous::$module::$repo;
                        let (store, context) = (self.store.clone(), context.clone());
                        self.wait(async move { $repo::$pages(&store, &context, input, page).await })
                    }
                )*
            }
        )*
    };
}

selene_contracts::for_every_engine!(call);

/// What has no future is asked of the store itself.
impl Backend for Tasks {
    fn submit<C: StoredWrite>(
        &self,
        context: &CallContext,
        input: C,
    ) -> impl FnOnce() -> Result<Committed<C::Output>, StorageError> + use<C> + 'static {
        let ticket = self.store.store().submit(context, input);
        move || ticket.wait()
    }

    fn each_row<C: StoredPages>(
        &self,
        context: &CallContext,
        input: C,
        visit: impl FnMut(C::Row) -> ControlFlow<()>,
    ) -> Result<(), StorageError> {
        self.store.store().each_row(context, input, visit)
    }

    fn verify_chains(&self, saved: &[SavedHead]) -> Result<ChainReport, StorageError> {
        self.store.store().verify_chains(saved)
    }

    fn verify_rows(&self) -> Result<RowReport, StorageError> {
        self.store.store().verify_rows()
    }

    fn verify_folds(&self) -> Result<FoldReport, StorageError> {
        self.store.store().verify_folds()
    }

    fn chain_heads(&self) -> Result<Vec<SavedHead>, ChainError> {
        self.store.store().chain_heads()
    }

    fn every_row(&self) -> Result<BTreeMap<String, TableRows>, StorageError> {
        self.store.store().every_row()
    }

    fn insert_onboarding_session(&self, row: &OnboardingSessionRecord) -> Result<(), StorageError> {
        self.store.store().insert_onboarding_session(row)
    }

    fn decline_onboarding_session(&self, id: &OnboardingSessionId) -> Result<(), StorageError> {
        self.store.store().decline_onboarding_session(id)
    }

    fn overwrite<R: CurrentRow + Clone + Send + 'static>(&self, row: &R) -> Result<(), StorageError> {
        self.store.store().overwrite(row)
    }

    fn break_next_commit(&self, broken: BrokenCommit) {
        self.store.store().break_next_commit(broken);
    }
}

impl Harness for ByTasks {
    type Store = Recorded<Tasks>;

    fn open(&self) -> OpenStore<Self::Store> {
        let runtime = Builder::new_multi_thread().worker_threads(1).build().expect("a runtime starts");
        let store = SqliteStore::open_in_memory().expect("a store in memory opens");
        OpenStore::brief(Recorded::new(Tasks { store: store.into(), runtime: Arc::new(runtime) }))
    }
}
