//! The store under tasks of Tokio: a thousand at once, tasks beside threads, futures that are dropped, runtimes that shut down.

#[path = "../common/mod.rs"]
mod common;
mod dropped;
mod many;
mod runtimes;

use selene_contracts::ph1_persona::Ph1personaProfileCommitRow;
use selene_storage::{AsyncSqliteStore, SqliteStore};

use crate::common::{World, populate, profile};

/// A store on a file, in which there is somebody to write about, and its handle for tasks.
fn world() -> (World, SqliteStore, AsyncSqliteStore) {
    let world = World::new();
    let store = world.open();
    populate(&store);
    (world, store.clone(), store.into())
}

/// The write of this number.
fn numbered(number: usize) -> Ph1personaProfileCommitRow {
    profile("t", &format!("k{number}"))
}
