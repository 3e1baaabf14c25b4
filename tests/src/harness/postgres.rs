//! The PostgreSQL store under test: a database of its own for every store, on a server of the tests. The only file of the suites
//! and models that names it; `postgres/server.rs` starts servers.

mod database;
mod server;

use selene_storage_postgres::PostgresStore;

use super::backend::{Harness, OpenStore, Place, Shared};
use super::forward::impl_backend;
use super::recorded::Recorded;
pub use database::{Database, OwnServer};
pub use server::unprivileged_user;

impl_backend!(PostgresStore);

/// A store in an empty database of a server.
#[derive(Debug, Clone, Copy)]
pub struct OnServer;

impl Place<Recorded<PostgresStore>> for Database {
    fn open(&self) -> Recorded<PostgresStore> {
        OnServer.open_at(&self.address())
    }

    fn address(&self) -> String {
        Self::address(self)
    }

    fn execute(&self, statement: &str) -> usize {
        let changed = self.raw().execute(statement).unwrap_or_else(|error| panic!("{error}: {statement}"));
        usize::try_from(changed).expect("rows of a test can be counted")
    }

    fn unlock(&self, ledger: &str) {
        self.spend();
        let triggers = format!(
            "SELECT tgname::text FROM pg_trigger
             WHERE tgrelid = '{ledger}'::regclass AND pg_get_triggerdef(oid) LIKE '% BEFORE UPDATE ON %'"
        );
        let triggers = self.raw().texts(&triggers).unwrap_or_else(|error| panic!("{error}"));
        let [trigger] = &triggers[..] else { panic!("{ledger} has these triggers: {triggers:?}") };
        self.execute(&format!("DROP TRIGGER {trigger} ON {ledger}"));
    }
}

impl Harness for OnServer {
    type Store = Recorded<PostgresStore>;

    fn open(&self) -> OpenStore<Self::Store> {
        OpenStore::lasting(Database::empty())
    }

    /// A call that is made at once does not wait for what nobody has waited for.
    fn has_one_queue(&self) -> bool {
        false
    }

    /// A call takes several ways to the server and back, which makes a sequence some ten times as slow as in memory.
    fn part_of_sequences(&self) -> u32 {
        20
    }
}

impl Shared for OnServer {
    fn open_at(&self, address: &str) -> Self::Store {
        Recorded::new(PostgresStore::open(address).unwrap_or_else(|error| panic!("{error}")))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::server::{programs, spawn};

    /// As when the tests are killed before their server is there.
    #[test]
    fn a_server_that_nobody_waits_for_is_ended_and_its_folder_removed() {
        let programs = programs().expect("PostgreSQL is installed");
        let folder = tempfile::Builder::new().prefix("selene-").tempdir().unwrap().keep();
        let mut process = spawn(&programs, &folder, None, &[]);
        drop((process.stdin.take(), process.stdout.take()));
        process.wait().unwrap();
        assert!(!folder.exists(), "{} is left", folder.display());
    }

    #[test]
    fn a_folder_in_which_no_server_can_be_made_is_removed() {
        let folder = tempfile::Builder::new().prefix("selene-").tempdir().unwrap().keep();
        let mut process = spawn(Path::new("/nowhere"), &folder, None, &[]);
        assert!(!process.wait().unwrap().success());
        assert!(!folder.exists(), "{} is left", folder.display());
    }
}
