//! How a store that has the methods of [`Backend`](super::Backend) under the same names becomes one.
//!
//! What must not live here: the name of a database.

/// Implements [`Backend`] for a store by its own methods of the same names.
macro_rules! impl_backend {
    ($store:ty) => {
        use selene_contracts::ph1_onb::OnboardingSessionRecord;
        use selene_contracts::row::CurrentRow;
        use selene_contracts::shared::OnboardingSessionId;
        use selene_contracts::{CallContext, Committed, StorageError};
        use selene_storage::test_support::{BrokenCommit, TableRows};
        use selene_storage::{
            ChainError, ChainReport, FoldReport, RowReport, SavedHead, StoredPages, StoredWrite,
        };

        impl $crate::harness::Backend for $store {
            fn submit<C: StoredWrite>(
                &self,
                context: &CallContext,
                input: C,
            ) -> impl FnOnce() -> Result<Committed<C::Output>, StorageError> + use<C> + 'static {
                let ticket = Self::submit(self, context, input);
                move || ticket.wait()
            }

            fn each_row<C: StoredPages>(
                &self,
                context: &CallContext,
                input: C,
                visit: impl FnMut(C::Row) -> std::ops::ControlFlow<()>,
            ) -> Result<(), StorageError> {
                Self::each_row(self, context, input, visit)
            }

            fn verify_chains(&self, saved: &[SavedHead]) -> Result<ChainReport, StorageError> {
                Self::verify_chains(self, saved)
            }

            fn verify_rows(&self) -> Result<RowReport, StorageError> {
                Self::verify_rows(self)
            }

            fn verify_folds(&self) -> Result<FoldReport, StorageError> {
                Self::verify_folds(self)
            }

            fn chain_heads(&self) -> Result<Vec<SavedHead>, ChainError> {
                Self::chain_heads(self)
            }

            fn every_row(&self) -> Result<std::collections::BTreeMap<String, TableRows>, StorageError> {
                Self::every_row(self)
            }

            fn insert_onboarding_session(&self, row: &OnboardingSessionRecord) -> Result<(), StorageError> {
                Self::insert_onboarding_session(self, row)
            }

            fn decline_onboarding_session(&self, id: &OnboardingSessionId) -> Result<(), StorageError> {
                Self::decline_onboarding_session(self, id)
            }

            fn overwrite<R: CurrentRow + Clone + Send + 'static>(&self, row: &R) -> Result<(), StorageError> {
                Self::overwrite(self, row)
            }

            fn break_next_commit(&self, broken: BrokenCommit) {
                Self::break_next_commit(self, broken);
            }
        }
    };
}

pub(super) use impl_backend;
