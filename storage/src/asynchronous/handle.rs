//! The methods that the asynchronous handles of every database have, from one text.
//!
//! What must not live here: what a method does, which `calls` says.

/// Declares a handle for asynchronous callers over a handle for threads, and gives it the asynchronous traits of every engine.
#[doc(hidden)]
#[macro_export]
macro_rules! implement_async_handle {
    ($(#[$doc:meta])* $Handle:ident over $Store:ident) => {
        $(#[$doc])*
        ///
        /// A call is queued when its future is polled first, and its future is ready once the call is answered. A future that is dropped
        /// loses the answer: the call is done or not, never half, and the same call again answers which. A handle needs a Tokio runtime
        /// where its futures are polled; of which kind does not matter, and the calls of several may meet in one store. Where there is
        /// none, calls are refused with `BackendUnavailable`.
        ///
        /// The last handle to a store closes it, which may block: so it is closed in the background where a task drops it, and
        /// [`close`](Self::close) waits for that.
        #[derive(Clone)]
        pub struct $Handle {
            closing: std::sync::Arc<$crate::backend::Closing<$Store>>,
            tasks: std::sync::Arc<$crate::backend::Tasks>,
        }

        impl $Handle {
            /// The same store for callers that may block: for checks, heads, lists row by row, and whatever has no future.
            pub fn store(&self) -> &$Store {
                self.closing.store()
            }

            /// Lets this handle go. Where it is the last one, what is queued is committed and the store closed before the future is ready,
            /// but for a thread that has just answered the last call, or still reads for a future that was dropped: it closes the store
            /// when it is done.
            ///
            /// # Panics
            /// There is no Tokio runtime.
            pub async fn close(self) {
                $crate::backend::Closing::close(self.closing).await;
            }

            async fn commit<C: $crate::StoredWrite>(
                &self,
                call: selene_contracts::Admitted<C>,
            ) -> Result<selene_contracts::Committed<C::Output>, selene_contracts::StorageError> {
                $crate::backend::async_commit(&self.tasks, &self.store().shared, call).await
            }

            async fn read<C: $crate::backend::StoredRead>(
                &self,
                call: selene_contracts::Admitted<C>,
            ) -> Result<C::Output, selene_contracts::StorageError> {
                $crate::backend::async_read(&self.tasks, &self.store().shared, call).await
            }

            async fn read_page<C: $crate::StoredPages>(
                &self,
                call: selene_contracts::AdmittedPage<C>,
            ) -> Result<selene_contracts::Page<C::Row>, selene_contracts::StorageError> {
                $crate::backend::async_read_page(&self.tasks, &self.store().shared, call).await
            }

            async fn guard<C: $crate::backend::StoredGuard>(
                &self,
                call: selene_contracts::Admitted<C>,
            ) -> Result<(), selene_contracts::StorageError> {
                $crate::backend::async_guard(&self.tasks, &self.store().shared, call).await
            }
        }

        /// Another kind of handle to the same store.
        impl From<$Store> for $Handle {
            fn from(store: $Store) -> Self {
                use $crate::backend::Store as _;
                let tasks = $crate::backend::Tasks::new(store.shared.readers_at_most());
                let closing = $crate::backend::Closing::new(store);
                Self { closing: std::sync::Arc::new(closing), tasks: std::sync::Arc::new(tasks) }
            }
        }

        selene_contracts::implement_every_async_backend!($Handle);

        impl std::fmt::Debug for $Handle {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($Handle)).finish_non_exhaustive()
            }
        }
    };
}

pub use implement_async_handle;
