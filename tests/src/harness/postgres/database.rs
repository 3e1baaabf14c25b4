//! Databases on a server of the tests, one for each store.

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use selene_storage_postgres::test_support::Raw;

use super::server::{OWNER, ROLE, Server};

/// A database for one store, whose rows are gone when it is dropped.
pub struct Database(Option<Lent>);

struct Lent {
    server: Arc<Server>,
    name: String,
    /// A connection of a role that may do everything.
    raw: Raw,
    /// Whether its schema is not as the migrations made it, so that no other store may have it.
    is_spent: AtomicBool,
}

/// Databases of the shared server that no store uses at the moment; making one costs more than emptying one.
static IDLE: Mutex<Vec<Lent>> = Mutex::new(Vec::new());

impl Database {
    /// A database with the schema and no rows.
    #[must_use]
    pub fn empty() -> Self {
        let idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Self(Some(idle.unwrap_or_else(|| Lent::copied(Server::shared()))))
    }

    /// A database without the schema.
    #[must_use]
    pub fn without_schema() -> Self {
        Self(Some(Lent::new(Server::shared(), "template0", true)))
    }

    fn lent(&self) -> &Lent {
        self.0.as_ref().expect("a database is there until it is dropped")
    }

    /// Where a store finds it.
    #[must_use]
    pub fn address(&self) -> String {
        self.lent().server.address_of(ROLE, &self.lent().name)
    }

    /// Where the owner of the tables finds it.
    #[must_use]
    pub fn owner_address(&self) -> String {
        self.lent().server.address_of(OWNER, &self.lent().name)
    }

    /// Where a role that may do everything finds it.
    #[must_use]
    pub fn superuser_address(&self) -> String {
        self.lent().server.address_in(&self.lent().name)
    }

    /// The name of the database: `selene_test_…`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.lent().name
    }

    /// Ends every connection that stores have to it.
    ///
    /// # Panics
    /// The server does not say so.
    pub fn end_connections_of_stores(&self) {
        let end = format!(
            "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity WHERE datname = '{}' AND usename = '{ROLE}'",
            self.name()
        );
        self.raw().texts(&end).unwrap_or_else(|error| panic!("{error}"));
    }

    /// No other store gets this database: its schema is about to be changed.
    pub fn spend(&self) {
        self.lent().is_spent.store(true, Ordering::Relaxed);
    }

    /// A connection of a role that may do everything.
    #[must_use]
    pub fn raw(&self) -> &Raw {
        &self.lent().raw
    }
}

impl Lent {
    fn copied(server: &Arc<Server>) -> Self {
        Self::new(server, &server.template(), false)
    }

    fn new(server: &Arc<Server>, template: &str, is_spent: bool) -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = server.name(number);
        let made = format!("CREATE DATABASE {name} OWNER {OWNER} ENCODING 'UTF8' TEMPLATE {template}");
        server.raw().run(&made).unwrap_or_else(|error| panic!("{error}"));
        let raw = Raw::open(&server.address_in(&name)).unwrap_or_else(|error| panic!("{error}"));
        Self { server: Arc::clone(server), name, raw, is_spent: AtomicBool::new(is_spent) }
    }

    /// Removes every row; triggers and references do not mind.
    fn empty(&self) -> bool {
        let tables = "SELECT tablename::text FROM pg_tables WHERE schemaname = 'selene' AND tablename NOT IN ('commit_lanes', 'schema_versions')";
        let Ok(tables) = self.raw.texts(tables) else { return false };
        let deletes: Vec<String> = tables.iter().map(|table| format!("DELETE FROM {table}")).collect();
        let deletes = deletes.join("; ");
        self.raw
            .run(&format!(
                "SET session_replication_role = replica; {deletes}; SET session_replication_role = origin"
            ))
            .is_ok()
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        let Some(lent) = self.0.take() else { return };
        if !lent.server.is_own() {
            let (server, name) = (Arc::clone(&lent.server), lent.name.clone());
            drop(lent);
            // What is left of it is in nobody's way.
            let _ = server.raw().run(&format!("DROP DATABASE {name} WITH (FORCE)"));
            return;
        }
        let is_of_use = Arc::ptr_eq(&lent.server, Server::shared()) && !lent.is_spent.load(Ordering::Relaxed);
        if is_of_use && !thread::panicking() && lent.empty() {
            IDLE.lock().unwrap_or_else(PoisonError::into_inner).push(lent);
        }
    }
}

/// A server that a test has for itself, because it ends and starts it.
pub struct OwnServer(Arc<Server>);

impl OwnServer {
    /// A server of the test's own, started now.
    #[must_use]
    pub fn start() -> Self {
        Self::with_options(&[])
    }

    /// A new server with options of the form `name=value`.
    #[must_use]
    pub fn with_options(options: &[&str]) -> Self {
        Self(Arc::new(Server::own(None, options)))
    }

    /// A new server on a disk of its own of so many MiB, which root alone can make.
    #[must_use]
    pub fn on_disk_of(mib: u32) -> Self {
        Self(Arc::new(Server::own(Some(mib), &[])))
    }

    /// A database with the schema and no rows.
    #[must_use]
    pub fn database(&self) -> Database {
        Database(Some(Lent::copied(&self.0)))
    }

    /// The folder of its socket.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.0.folder()
    }

    /// A new connection of a role that may do everything.
    #[must_use]
    pub fn raw(&self) -> Raw {
        self.0.raw()
    }

    /// Ends the server by a signal, and starts it again: `INT` ends connections and tidies up, `QUIT` leaves that to the next start.
    pub fn restart(&self, signal: &str) {
        self.0.send(signal);
        self.0.wait_until_up();
    }

    /// Lets the server go on as a standby, which takes no writes. It needs the option `wal_level=replica`.
    pub fn become_standby(&self) {
        self.0.send("standby");
        self.0.wait_until_up();
    }

    /// Has the server read its settings again.
    ///
    /// # Panics
    /// It does not.
    pub fn reload(&self) {
        let loaded = || self.raw().texts("SELECT pg_conf_load_time()::text").expect("the server says when");
        let before = loaded();
        self.raw().texts("SELECT pg_reload_conf()::text").expect("the server reads them");
        // Every new connection has what the server had when it was made.
        let is_loaded = (0..2_000).any(|_| {
            thread::sleep(Duration::from_millis(5));
            loaded() != before
        });
        assert!(is_loaded, "the server has not read its settings");
    }

    /// Leaves no room on its disk.
    pub fn fill_disk(&self) {
        self.0.send("fill");
    }

    /// Gives the room back, and starts the server where it did not survive.
    pub fn free_disk(&self) {
        self.0.send("free");
        self.0.wait_until_up();
    }

    /// Waits until the server takes connections again.
    pub fn wait_until_up(&self) {
        self.0.wait_until_up();
    }
}
