//! The store for asynchronous callers, on Tokio: the same traits with `async fn`, over the same queue, readers and files.
//!
//! No call has a thread of its own, and none blocks a thread of the runtime that polls tasks. Calls that wait for a commit are queued as
//! those of threads are; one blocking thread of the runtime leads while any of them waits. Reads borrow as many blocking threads as the
//! store has connections that read.
//!
//! What must not live here: the way of a call through its transaction, which is the same for both.

mod answer;
mod calls;
mod closing;
mod handle;
mod leading;
mod reading;
mod tasks;

pub use calls::{commit, guard, read, read_page};
pub use closing::Closing;
pub use handle::implement_async_handle;
pub use reading::open;
pub use tasks::Tasks;
