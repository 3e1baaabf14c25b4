//! The contracts and the live schema of a fresh store agree: every table, column, key, index, reference, bound, enum and
//! append-only lock that one of them has, the other has too.
//!
//! The comparison is a function of both, so that its own tests can take something away from a scratch database and
//! see it found. Not compared, on purpose: the order of columns; whether a text is too long, its letters and the
//! registered reason codes, which admission keeps; sentences that no schema can keep, which `invariants` lists with
//! what keeps them.

mod behaviour;
mod ddl;
mod difference;
mod found;
mod found_by_trial;
mod invariants;
mod keys;
mod live;
mod locks;
#[cfg(feature = "postgres")]
mod on_server;
mod rows;
mod stated;
mod structure;
mod tried;

use std::path::Path;

use rusqlite::Connection;
use selene_acceptance::{place, saw};
use selene_storage::SqliteStore;
use xtask::coverage::record::Seen;

use difference::{Difference, listed};
use live::Live;
use stated::Stated;

/// Every difference between the contracts and a database, in the order of tables. The database must hold no rows;
/// it is tried out, and left as it was.
fn conformance(contracts: &Stated, connection: &Connection) -> Vec<Difference> {
    compared(contracts, connection).0
}

/// The differences, and what was tried and held.
fn compared(contracts: &Stated, connection: &Connection) -> (Vec<Difference>, Seen) {
    let live = Live::read(connection).expect("the schema can be read");
    let mut differences = Vec::new();
    structure::compare(contracts, &live, &mut differences);
    let seen = behaviour::compare(contracts, &live, connection, &mut differences);
    differences.sort();
    (differences, seen)
}

/// What the committed contracts state.
fn contracts() -> Stated {
    Stated::read(&place::workspace())
}

/// The database of a fresh store in a file, on a connection of its own that has none of the store's own guards. These comparisons are
/// SQLite's alone, because they read its schema; `on_server.rs` makes them for PostgreSQL.
fn fresh_database(folder: &Path) -> Connection {
    let path = folder.join("selene.db");
    drop(SqliteStore::open(&path).expect("a new store opens"));
    Connection::open(path).expect("the file opens")
}

#[test]
fn contracts_and_schema_agree() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (differences, seen) = compared(&contracts(), &fresh_database(folder.path()));
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), listed(&differences));
    saw(|all| {
        *all = seen;
        true
    });
}
