//! The store under the handles of tasks. Closing it may block, so the last handle does not close it on a thread that polls tasks.

use std::sync::Arc;

use tokio::runtime::Handle;

/// A store that is closed on a thread of its own where its last handle is dropped by a task.
#[derive(Debug)]
pub struct Closing<S: Send + 'static>(Option<S>);

impl<S: Send + 'static> Closing<S> {
    /// Takes a store over.
    pub const fn new(store: S) -> Self {
        Self(Some(store))
    }

    /// The store, as long as it is not closed.
    ///
    /// # Panics
    /// Never: it is taken out where the handles end.
    pub const fn store(&self) -> &S {
        self.0.as_ref().expect("a store is taken out of its last handle only")
    }

    /// Lets one handle go. Where it is the last one, the store is closed before the future is ready.
    ///
    /// # Panics
    /// There is no Tokio runtime.
    pub async fn close(this: Arc<Self>) {
        if let Some(store) = Arc::into_inner(this).and_then(|mut last| last.0.take()) {
            // Where the runtime shuts down, the store is dropped with what was to be run.
            let _ = tokio::task::spawn_blocking(move || drop(store)).await;
        }
    }
}

impl<S: Send + 'static> Drop for Closing<S> {
    fn drop(&mut self) {
        let Some(store) = self.0.take() else { return };
        if Handle::try_current().is_err() {
            return drop(store);
        }
        // Not on a thread of the runtime, which may be shutting down. Where the system gives none, the store is dropped here with the
        // closure.
        let _ = std::thread::Builder::new().name("selene-close".to_owned()).spawn(move || drop(store));
    }
}
