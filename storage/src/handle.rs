//! The methods that the handles of every database have, from one text.
//!
//! Paths of `backend` in a macro are resolved where a driver expands it, so this file needs nothing of it to compile.
//!
//! What must not live here: what a method does, which `commit` and `check` say.

/// Gives a handle its methods for lists, for writes that nobody waits for yet, for checks and for auditors, and the traits of every
/// engine. It holds what all handles share in a field `shared`, as an `Arc` of a [`Store`](crate::backend::Store).
#[doc(hidden)]
#[macro_export]
macro_rules! implement_handle {
    ($Handle:ident) => {
        impl $Handle {
            /// Hands a write over without waiting for it. What is handed over through handles of one store is done in its order wherever one
            /// write may notice another, and what one caller hands over before it waits is committed together, as far as it waits in one queue.
            ///
            /// A call that the contract does not admit gives a ticket with the refusal.
            pub fn submit<C: $crate::StoredWrite>(
                &self,
                context: &selene_contracts::CallContext,
                input: C,
            ) -> $crate::Ticket<C::Output> {
                $crate::backend::submit(&self.shared, context, input)
            }

            /// Hands several writes of one capability over at once, in their order; those that wait in one queue are committed next to each
            /// other.
            pub fn submit_all<C: $crate::StoredWrite>(
                &self,
                calls: impl IntoIterator<Item = (selene_contracts::CallContext, C)>,
            ) -> Vec<$crate::Ticket<C::Output>> {
                $crate::backend::submit_all(&self.shared, calls)
            }

            /// Shows every row of a list in its order, until `visit` breaks. All of it is one state of the store, and no more than a
            /// thousand rows are in memory, however long the list is.
            ///
            /// The call is admitted as the read of the whole list is. In replay and diagnostic mode its event is committed before the first
            /// row is shown, so a list that the event belongs to ends with it.
            ///
            /// While rows are shown, one connection of the pool reads, and the database keeps what it may still ask for. Pages keep nothing
            /// open in between.
            ///
            /// # Errors
            /// As the read of the whole list. Rows that were shown before the store became unavailable were as they were shown.
            pub fn each_row<C: $crate::StoredPages>(
                &self,
                context: &selene_contracts::CallContext,
                input: C,
                visit: impl FnMut(C::Row) -> std::ops::ControlFlow<()>,
            ) -> Result<(), selene_contracts::StorageError> {
                $crate::backend::each_row(&self.shared, context, input, visit)
            }

            /// Commits one admitted write and waits for it.
            pub(crate) fn commit<C: $crate::StoredWrite>(
                &self,
                call: selene_contracts::Admitted<C>,
            ) -> Result<selene_contracts::Committed<C::Output>, selene_contracts::StorageError> {
                use $crate::backend::Store as _;
                $crate::backend::commit(self.shared.leader(call.input()), call)
            }

            /// Answers one admitted read.
            pub(crate) fn read<C: $crate::backend::StoredRead>(
                &self,
                call: selene_contracts::Admitted<C>,
            ) -> Result<C::Output, selene_contracts::StorageError> {
                $crate::backend::read(&self.shared, call)
            }

            /// Answers one admitted page.
            pub(crate) fn read_page<C: $crate::StoredPages>(
                &self,
                call: selene_contracts::AdmittedPage<C>,
            ) -> Result<selene_contracts::Page<C::Row>, selene_contracts::StorageError> {
                $crate::backend::read_page(&self.shared, call)
            }

            /// Proves that a ledger row cannot be changed. The proof is the refusal.
            pub(crate) fn guard<C: $crate::backend::StoredGuard>(
                &self,
                call: selene_contracts::Admitted<C>,
            ) -> Result<(), selene_contracts::StorageError> {
                use $crate::backend::Store as _;
                $crate::backend::guard(self.shared.leader(call.input()), call)
            }
        }

        // An engine or a capability without rows does not compile.
        selene_contracts::implement_every_backend!($Handle);

        impl std::fmt::Debug for $Handle {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($Handle)).finish_non_exhaustive()
            }
        }

        $crate::implement_checks!($Handle);
        $crate::implement_audit!($Handle);
    };
}

/// Gives a handle the checks of a whole store.
#[doc(hidden)]
#[macro_export]
macro_rules! implement_checks {
    ($Handle:ident) => {
        /// The checks of a whole store, each in one snapshot.
        impl $Handle {
            /// The newest event of every chain, by tenant, the chain without a tenant first. Keep them elsewhere: only against heads that
            /// were saved does a chain show that its end was lost, by an older copy or the failover of a server for instance.
            ///
            /// # Errors
            /// The store is unavailable, or a newest event holds a value that cannot be read.
            pub fn chain_heads(&self) -> Result<Vec<$crate::SavedHead>, $crate::ChainError> {
                $crate::backend::checks::heads(&*self.shared)
            }

            /// Runs every check: pages and indices, where the database looks at its own, the chains against themselves and against heads
            /// that were saved before, every row against the event that sealed it, and the current rows against their ledgers. All of it
            /// sees one state of the store.
            ///
            /// # Errors
            /// The store is unavailable. What is wrong is no error, it is what the report says, and so is a value that cannot be read.
            pub fn verify(
                &self,
                saved: &[$crate::SavedHead],
            ) -> Result<$crate::StoreReport, selene_contracts::StorageError> {
                $crate::backend::checks::whole(&*self.shared, saved, None)
            }

            /// Runs every check as [`Self::verify`] does, and `on_progress` is called with how far it has come: at the begin of each check, and
            /// every thousand rows, which are counted before. Where a connection to a server is lost, all of it may begin once more.
            ///
            /// # Errors
            /// As [`Self::verify`].
            pub fn verify_watched(
                &self,
                saved: &[$crate::SavedHead],
                mut on_progress: impl FnMut($crate::CheckProgress),
            ) -> Result<$crate::StoreReport, selene_contracts::StorageError> {
                $crate::backend::checks::whole(&*self.shared, saved, Some(&mut on_progress))
            }

            /// Compares every row of every table, the idempotency records too, with the newest event that seals it: each event says
            /// under its hash which rows its commit wrote, so whoever changes, removes, adds or turns back a row has to change the
            /// chain as well.
            ///
            /// Among what an earlier build wrote, a row from before events sealed rows is counted, not checked, and so is a row that
            /// somebody adds and makes look like one: [`Self::verify_folds`] alone holds these. Only the newest seal counts: a row
            /// that was changed from outside and then written again by a call is sealed as the call left it. Whoever writes a whole
            /// chain anew is found by heads that were saved elsewhere, not here.
            ///
            /// # Errors
            /// The store is unavailable. A row that does not fit is no error, it is what the report says.
            pub fn verify_rows(&self) -> Result<$crate::RowReport, selene_contracts::StorageError> {
                $crate::backend::checks::rows(&*self.shared)
            }

            /// Checks every event of every chain, and the chains against heads that were saved before.
            ///
            /// # Errors
            /// The store is unavailable. A broken chain is no error, it is what the report says.
            pub fn verify_chains(
                &self,
                saved: &[$crate::SavedHead],
            ) -> Result<$crate::ChainReport, selene_contracts::StorageError> {
                $crate::backend::checks::chains(&*self.shared, saved)
            }

            /// Compares every current row that is folded from a ledger with that ledger: remembered values, wake and
            /// voice enrollments and the profiles that they bound, positions and their requirement schemas. Then compares
            /// every row of these and of the other tables with the idempotency records, the ledger of what every
            /// write answered: the newest answer about a row has its fields.
            ///
            /// No answer says, so no ledger leads to the following, which the seals of [`Self::verify_rows`] alone hold: the
            /// identity that the access of an onboarding writes, from which one that somebody wrote by hand does not differ; which
            /// people a campaign is about; the fields of an access instance that an onboarding created, until its lifecycle changes;
            /// photo, sender, device and link of an onboarding; actor and company of a campaign; the time of the last change of a link, an
            /// onboarding, a campaign and a target; the tenant that a later write bound a device to. Who changes a row
            /// and the records in the same way is found by the payloads of the events, which the chains protect, in
            /// the fields that they hold: not in `deferred_until`.
            ///
            /// # Errors
            /// The store is unavailable. A row that does not fit is no error, it is what the report says, and so is a value that cannot
            /// be read: the report names its table, its row and its column.
            pub fn verify_folds(&self) -> Result<$crate::FoldReport, selene_contracts::StorageError> {
                $crate::backend::checks::folds(&*self.shared)
            }
        }
    };
}

/// Gives a handle what an auditor takes out of a store.
#[doc(hidden)]
#[macro_export]
macro_rules! implement_audit {
    ($Handle:ident) => {
        /// What an auditor takes out of a store, each in one snapshot.
        impl $Handle {
            /// Shows every event that is asked for, until `visit` breaks: chain by chain, the chain of the events without a tenant first,
            /// the others by tenant, and the events of a chain by `chain_sequence`. The order is the same on every database. An
            /// index leads to the events of a chain of work or of a tenant; for a person or a device alone every event is read.
            ///
            /// # Errors
            /// The store is unavailable, also where a connection to a server is lost after events were shown, or an event holds a
            /// value that cannot be read.
            pub fn visit_trail(
                &self,
                query: &$crate::TrailQuery,
                visit: impl FnMut(selene_contracts::shared::AuditEventRecord) -> std::ops::ControlFlow<()>,
            ) -> Result<(), $crate::ChainError> {
                $crate::backend::audit::visit_trail(&*self.shared, query, visit)
            }

            /// Writes chains, and the rows of every ledger that their events seal, as lines of JSON, which `verify_export` or another
            /// program can verify without the store (docs/FORMAT.md). A page of events is held in memory.
            ///
            /// # Errors
            /// The store is unavailable, also where a connection to a server is lost after something was written, the output takes
            /// nothing more, or the store is not what its events say. What was written by then has no last line, and is no export.
            pub fn export(
                &self,
                query: &$crate::ExportQuery,
                out: impl std::io::Write,
            ) -> Result<$crate::ExportSummary, $crate::ExportError> {
                $crate::backend::audit::export(&*self.shared, query, out)
            }
        }
    };
}

pub use {implement_audit, implement_checks, implement_handle};
