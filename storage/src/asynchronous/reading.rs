//! What blocks and waits for no commit: on blocking threads of the runtime.

use std::panic::resume_unwind;
use std::sync::Arc;

use selene_contracts::{Refusals, StorageError};
use tokio::runtime::Handle;
use tokio::task::JoinError;

use crate::asynchronous::tasks::Tasks;
use crate::failure::unavailable;
use crate::observe::Parent;

/// Runs a read on one of as many threads as the store has connections that read. A future that is dropped meanwhile loses its answer.
pub(super) async fn run<T: Send + 'static>(
    tasks: &Tasks,
    refusals: &'static Refusals,
    read: impl FnOnce() -> Result<T, StorageError> + Send + 'static,
) -> Result<T, StorageError> {
    let runtime = Handle::try_current().map_err(|error| unavailable(refusals, error.to_string()))?;
    let place = Arc::clone(&tasks.readers).acquire_owned().await;
    let place = place.map_err(|error| unavailable(refusals, error.to_string()))?;
    let parent = Parent::current();
    let answer = runtime.spawn_blocking(move || {
        let _place = place;
        parent.within(read)
    });
    answer.await.unwrap_or_else(|error| Err(unavailable(refusals, ended(error).to_string())))
}

/// Opens a store on a blocking thread.
///
/// # Errors
/// As opening it does.
///
/// # Panics
/// There is no Tokio runtime, or it shuts down meanwhile.
pub async fn open<T: Send + 'static, E: Send + 'static>(
    open: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, E> {
    match tokio::task::spawn_blocking(open).await {
        Ok(opened) => opened,
        Err(error) => panic!("the store was not opened: {}", ended(error)),
    }
}

/// Why there is no answer; a panic goes on in the task that waits.
fn ended(error: JoinError) -> JoinError {
    if error.is_panic() {
        resume_unwind(error.into_panic());
    }
    error
}
