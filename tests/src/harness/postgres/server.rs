//! The server of the tests, and databases on it.
//!
//! `DATABASE_URL` names a server, as a role that may make roles and databases. Without it, the newest PostgreSQL of this machine is
//! started on a socket in a temporary folder, as a user without rights, and ends with the test program. Without either the tests
//! fail and say what to install: they are never passed over.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use selene_storage_postgres::migrate;
use selene_storage_postgres::test_support::Raw;

/// The role that owns the tables.
const OWNER: &str = "selene_test_owner";
/// The role of the stores.
const ROLE: &str = "selene_test";
/// What databases of stores are copied from.
const TEMPLATE: &str = "selene_test_template";
/// Starts a server, waits until the tests are gone, which closes its input, then ends the server and removes its folder.
const KEEPER: &str = r#""$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c max_connections=300 -c wal_level=minimal \
    -c max_wal_senders=0 -c autovacuum_naptime=5s >"$2/log" 2>&1 &
read -r gone
kill -INT $!
wait
rm -rf "$2""#;

/// A server that tests may make roles and databases on.
struct Server {
    /// Address of a role that may do everything; other roles and databases take its place.
    address: String,
    /// Whether it is this program's own, so that databases need not be removed.
    is_own: bool,
    /// Held so that its input stays open until the program ends.
    _keeper: Option<Child>,
}

impl Server {
    /// The server of this test program.
    fn shared() -> &'static Self {
        static SHARED: OnceLock<Server> = OnceLock::new();
        SHARED.get_or_init(|| {
            let server = match std::env::var("DATABASE_URL") {
                Ok(address) => Self { address, is_own: false, _keeper: None },
                Err(_) => Self::start(),
            };
            server.prepare();
            server
        })
    }

    fn start() -> Self {
        let programs = programs().expect(
            "PostgreSQL is not installed, and DATABASE_URL names no server: apt-get install postgresql, or set DATABASE_URL",
        );
        let folder = tempfile::Builder::new().prefix("selene-").tempdir().expect("a temporary folder").keep();
        let user = unprivileged_user();
        if let Some((uid, gid)) = user {
            std::os::unix::fs::chown(&folder, Some(uid), Some(gid)).expect("a folder may be given away");
        }
        let as_user = |program: &Path| {
            let mut command = Command::new(program);
            command.current_dir(&folder);
            if let Some((uid, gid)) = user {
                command.uid(uid).gid(gid);
            }
            command
        };
        let data = folder.join("data");
        let made = as_user(&programs.join("initdb"))
            .args([
                "--username=postgres",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync",
                "--pgdata",
            ])
            .arg(&data)
            .output()
            .expect("initdb runs");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let keeper = as_user(Path::new("sh"))
            .args(["-c", KEEPER, "keeper"])
            .args([&programs, &folder])
            .stdin(Stdio::piped())
            .process_group(0)
            .spawn()
            .expect("a shell runs");
        let address = format!("host={} user=postgres dbname=postgres", folder.display());
        let is_up = (0..600).any(|_| {
            thread::sleep(Duration::from_millis(50));
            Raw::open(&address).is_ok()
        });
        assert!(is_up, "{}", fs::read_to_string(folder.join("log")).unwrap_or_default());
        Self { address, is_own: true, _keeper: Some(keeper) }
    }

    /// Makes the roles and the database that others are copied from.
    fn prepare(&self) {
        let raw = Raw::open(&self.address).unwrap_or_else(|error| panic!("{error}"));
        for role in [OWNER, ROLE] {
            // Another test program may have made it.
            let _ = raw.run(&format!("CREATE ROLE {role} LOGIN PASSWORD '{role}'"));
        }
        if raw
            .run(&format!("CREATE DATABASE {TEMPLATE} OWNER {OWNER} ENCODING 'UTF8' TEMPLATE template0"))
            .is_ok()
        {
            migrate(&self.address_of(OWNER, TEMPLATE), ROLE).unwrap_or_else(|error| panic!("{error}"));
        }
    }

    /// The address of a role and a database.
    fn address_of(&self, role: &str, database: &str) -> String {
        let Some((scheme, rest)) = self.address.split_once("://") else {
            return format!("{} user={role} password={role} dbname={database}", self.address);
        };
        let (rest, parameters) = rest
            .split_once('?')
            .map_or((rest, String::new()), |(rest, parameters)| (rest, format!("?{parameters}")));
        let hosts = rest.rsplit_once('@').map_or(rest, |(_, hosts)| hosts);
        let hosts = hosts.split('/').next().unwrap_or_default();
        format!("{scheme}://{role}:{role}@{hosts}/{database}{parameters}")
    }

    /// The address of the role that may do everything, in a database.
    fn address_in(&self, database: &str) -> String {
        match self.address.split_once("://") {
            None => format!("{} dbname={database}", self.address),
            Some((scheme, rest)) => {
                let (rest, parameters) = rest.split_once('?').unwrap_or((rest, ""));
                let host = rest.split('/').next().unwrap_or_default();
                format!("{scheme}://{host}/{database}?{parameters}")
            }
        }
    }
}

/// The folder of the newest server's programs.
fn programs() -> Option<PathBuf> {
    let of_path = std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let mut folders: Vec<PathBuf> =
        ["/usr/lib/postgresql", "/usr/pgsql", "/opt/homebrew/opt", "/usr/local/opt"]
            .iter()
            .filter_map(|root| fs::read_dir(root).ok())
            .flatten()
            .filter_map(|entry| entry.ok().map(|entry| entry.path().join("bin")))
            .collect();
    folders.sort_by_key(|folder| {
        let version = folder.parent().and_then(Path::file_name).and_then(|name| name.to_str());
        std::cmp::Reverse(version.and_then(|version| version.parse::<u32>().ok()))
    });
    folders.extend(of_path.unwrap_or_default());
    folders.into_iter().find(|folder| folder.join("initdb").is_file() && folder.join("postgres").is_file())
}

/// Who a server runs as where these tests run as root, which it refuses.
fn unprivileged_user() -> Option<(u32, u32)> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let of_name = |name: &str| {
        let fields =
            users.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|fields| fields[0] == name)?;
        Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
    };
    is_root.then(|| of_name("postgres").or_else(|| of_name("nobody")).expect("a user without rights"))
}

/// A database for one store, whose rows are gone when it is dropped.
pub struct Database(Option<Lent>);

struct Lent {
    name: String,
    /// A connection of a role that may do everything.
    raw: Raw,
}

/// Databases that no store uses at the moment; making one costs more than emptying one.
static IDLE: Mutex<Vec<Lent>> = Mutex::new(Vec::new());

impl Database {
    /// A database with the schema and no rows.
    #[must_use]
    pub fn empty() -> Self {
        let idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Self(Some(idle.unwrap_or_else(Lent::new)))
    }

    fn lent(&self) -> &Lent {
        self.0.as_ref().expect("a database is there until it is dropped")
    }

    /// Where a store finds it.
    #[must_use]
    pub fn address(&self) -> String {
        Server::shared().address_of(ROLE, &self.lent().name)
    }

    /// Where the owner of the tables finds it.
    #[must_use]
    pub fn owner_address(&self) -> String {
        Server::shared().address_of(OWNER, &self.lent().name)
    }

    /// Where a role that may do everything finds it.
    #[must_use]
    pub fn superuser_address(&self) -> String {
        Server::shared().address_in(&self.lent().name)
    }

    /// Its name.
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

    /// A connection of a role that may do everything.
    #[must_use]
    pub fn raw(&self) -> &Raw {
        &self.lent().raw
    }
}

impl Lent {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let server = Server::shared();
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let name = format!("selene_test_{}_{number}", std::process::id());
        let made = format!("CREATE DATABASE {name} OWNER {OWNER} TEMPLATE {TEMPLATE}");
        Raw::open(&server.address).and_then(|raw| raw.run(&made)).unwrap_or_else(|error| panic!("{error}"));
        let raw = Raw::open(&server.address_in(&name)).unwrap_or_else(|error| panic!("{error}"));
        Self { name, raw }
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
        if !Server::shared().is_own {
            let name = lent.name.clone();
            drop(lent);
            let raw = Raw::open(&Server::shared().address);
            // What is left of it is in nobody's way.
            let _ = raw.and_then(|raw| raw.run(&format!("DROP DATABASE {name} WITH (FORCE)")));
        } else if !thread::panicking() && lent.empty() {
            IDLE.lock().unwrap_or_else(PoisonError::into_inner).push(lent);
        }
    }
}
