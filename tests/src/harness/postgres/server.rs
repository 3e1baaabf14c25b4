//! Servers of the tests: the one that all tests of a program share, and those that a test has for itself because it breaks them.
//!
//! `DATABASE_URL` names the shared server, as a role that may make roles and databases. Without it, the newest PostgreSQL of this machine
//! is started on a socket in a temporary folder, as a user without rights, and ends with the test program. Without either the tests
//! fail and say what to install: they are never passed over. What goes wrong on a server of `DATABASE_URL` is told with that name.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use selene_storage_postgres::test_support::Raw;
use selene_storage_postgres::{OpenError, migrate};

/// The role that owns the tables.
pub(super) const OWNER: &str = "selene_test_owner";
/// The role of the stores.
pub const ROLE: &str = "selene_test";
/// What the names of databases of tests begin with; the rest of a name says which program made it.
const DATABASES: &str = "selene_test_";

/// Makes a server and keeps it: `$1` is the folder of the programs, `$2` that of the server, the rest are options of the server. It does
/// what its input says, a word a line, and answers each with a line. When the input ends, as it does when the tests are gone, it ends the
/// server and removes the folder; so an answer may have no reader, and that must not end it first. A server that has only just been started
/// ignores INT, as what a shell starts in the background does, until it has a handler; TERM ends it before, and asks it to end after.
const KEEPER: &str = r#"
trap : PIPE
programs=$1 folder=$2
shift 2
run() {
    "$programs/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c max_connections=300 -c wal_level=minimal \
        -c max_wal_senders=0 -c autovacuum_naptime=5s "$@" >>"$folder/log" 2>&1 &
    server=$!
}
again() {
    wait $server
    run "$@"
}
"$programs/initdb" --username=postgres --auth=trust --encoding=UTF8 --locale=C --no-sync --wal-segsize=1 \
    --pgdata "$folder/data" >"$folder/log" 2>&1 || { cat "$folder/log" >&2; rm -rf "$folder"; exit 1; }
run "$@"
echo 2>/dev/null
while read -r word; do
    case $word in
    fill) head -c 1G /dev/zero >"$folder/data/ballast" 2>/dev/null ;;
    free) rm "$folder/data/ballast" && { "$programs/pg_ctl" status --pgdata "$folder/data" >/dev/null || run "$@"; } ;;
    standby) touch "$folder/data/standby.signal" && kill -INT $server && again "$@" ;;
    *) kill "-$word" $server && again "$@" ;;
    esac
    echo 2>/dev/null
done
kill -TERM $server
kill -INT $server
wait
rm -rf "$folder" 2>/dev/null"#;

/// A server of this program, ended with it.
pub(super) struct Server {
    /// Address of a role that may do everything; other roles and databases take its place.
    address: String,
    /// What the names of this program's databases begin with.
    run: String,
    /// What this program has started, and ends.
    keeper: Option<Keeper>,
    /// Says under the name of the run that this program is not over: other programs remove databases of those that are.
    is_running: Mutex<Option<Raw>>,
}

/// A server of this program.
struct Keeper {
    folder: PathBuf,
    /// Its input and its output.
    words: Mutex<(ChildStdin, BufReader<ChildStdout>)>,
    _process: Child,
}

impl Server {
    /// The server of this test program.
    pub(super) fn shared() -> &'static Arc<Self> {
        static SHARED: OnceLock<Arc<Server>> = OnceLock::new();
        SHARED.get_or_init(|| {
            let server = match std::env::var("DATABASE_URL") {
                Ok(address) if address.trim().is_empty() => {
                    panic!("DATABASE_URL is empty: unset it, or let it name a server")
                }
                Ok(address) => Self::at(address, None),
                Err(_) => Self::start(None, &[]),
            };
            server.prepare();
            Arc::new(server)
        })
    }

    /// A server of its own with options, on a disk of its own of so many MiB where that is asked for.
    pub(super) fn own(disk_mib: Option<u32>, options: &[&str]) -> Self {
        let server = Self::start(disk_mib, options);
        server.prepare();
        server
    }

    fn at(address: String, keeper: Option<Keeper>) -> Self {
        // Processes of different machines may have one number.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos());
        let run = format!("{DATABASES}{:x}_{now:x}", std::process::id());
        Self { address, run, keeper, is_running: Mutex::new(None) }
    }

    fn start(disk_mib: Option<u32>, options: &[&str]) -> Self {
        let programs = programs().expect(
            "PostgreSQL is not installed on this machine: apt-get install postgresql. DATABASE_URL may name a server instead, but for the \
             tests that break one",
        );
        let folder = tempfile::Builder::new().prefix("selene-").tempdir().expect("a temporary folder").keep();
        let mut process = spawn(&programs, &folder, disk_mib, options);
        let input = process.stdin.take().expect("its input is a pipe");
        let output = BufReader::new(process.stdout.take().expect("its output is a pipe"));
        let keeper = Keeper { folder: folder.clone(), words: Mutex::new((input, output)), _process: process };
        keeper.answered();
        // A folder in an address is written with its slashes as `%2F`.
        let host = folder.display().to_string().replace('/', "%2F");
        let server = Self::at(format!("postgres://postgres@{host}/postgres"), Some(keeper));
        server.wait_until_up();
        server
    }

    /// Waits until the server takes connections.
    pub(super) fn wait_until_up(&self) {
        let is_up = (0..600).any(|_| {
            let is_up = Raw::open(&self.address).is_ok();
            if !is_up {
                thread::sleep(Duration::from_millis(50));
            }
            is_up
        });
        assert!(is_up, "{}", self.keeper.as_ref().map(Keeper::log).unwrap_or_default());
    }

    /// Sends a word to the keeper, and waits until the keeper has done what it asks.
    pub(super) fn send(&self, word: &str) {
        self.keeper.as_ref().expect("a server of this program").send(word);
    }

    /// A connection of a role that may do everything.
    pub(super) fn raw(&self) -> Raw {
        self.done(Raw::open(&self.address))
    }

    /// What was done on the server.
    fn done<T>(&self, done: Result<T, OpenError>) -> T {
        let place = if self.is_own() { "" } else { "DATABASE_URL: " };
        done.unwrap_or_else(|error| panic!("{place}{error}"))
    }

    /// The folder of its socket.
    pub(super) fn folder(&self) -> &Path {
        &self.keeper.as_ref().expect("a server of this program").folder
    }

    /// Whether it is this program's own, so that databases need not be removed.
    pub(super) const fn is_own(&self) -> bool {
        self.keeper.is_some()
    }

    /// Makes the roles and the database that others are copied from, and removes what programs left that were killed.
    fn prepare(&self) {
        let raw = self.raw();
        self.done(raw.run(&format!("SET application_name = '{}'", self.run)));
        for role in [OWNER, ROLE] {
            // Another test program may have made it.
            let _ = raw.run(&format!("CREATE ROLE {role} LOGIN PASSWORD '{role}'"));
        }
        let left = format!(
            "SELECT datname::text FROM pg_database WHERE starts_with(datname, '{DATABASES}') AND NOT EXISTS (
                SELECT FROM pg_stat_activity WHERE starts_with(application_name, '{DATABASES}')
                    AND starts_with(pg_database.datname, application_name || '_'))"
        );
        for database in self.done(raw.texts(&left)) {
            // Another program may do so at this moment.
            let _ = raw.run(&format!("DROP DATABASE IF EXISTS {database}"));
        }
        let template = self.template();
        let made = format!("CREATE DATABASE {template} OWNER {OWNER} ENCODING 'UTF8' TEMPLATE template0");
        self.done(raw.run(&made));
        self.done(migrate(&self.address_of(OWNER, &template), ROLE));
        // A server that is broken on purpose may lose it; nobody else is on that one.
        *self.is_running.lock().unwrap_or_else(PoisonError::into_inner) = Some(raw);
    }

    /// What databases of stores are copied from: of this build, and of this program.
    pub(super) fn template(&self) -> String {
        format!("{}_template", self.run)
    }

    /// The name of a new database.
    pub(super) fn name(&self, number: u32) -> String {
        format!("{}_{number}", self.run)
    }

    /// The address of a role and a database.
    pub(super) fn address_of(&self, role: &str, database: &str) -> String {
        in_place(&self.address, Some(role), database)
    }

    /// The address of the role that may do everything, in a database.
    pub(super) fn address_in(&self, database: &str) -> String {
        in_place(&self.address, None, database)
    }
}

/// An address with another database in its place, and with another role that has its name for its password. A URL may have each of them
/// among its parameters, which count more than what stands before them.
#[must_use]
pub fn in_place(address: &str, role: Option<&str>, database: &str) -> String {
    let Some((scheme, rest)) = address.split_once("://") else {
        let role = role.map(|role| format!(" user={role} password={role}")).unwrap_or_default();
        return format!("{address}{role} dbname={database}");
    };
    let (rest, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let place = rest.split('/').next().unwrap_or_default();
    let place = match role {
        Some(role) => format!("{role}:{role}@{}", place.rsplit_once('@').map_or(place, |(_, hosts)| hosts)),
        None => place.to_owned(),
    };
    let stays = |parameter: &&str| match parameter.split_once('=') {
        Some(("user" | "password", _)) => role.is_none(),
        Some((name, _)) => name != "dbname",
        None => false,
    };
    let parameters = parameters.split('&').filter(stays).collect::<Vec<_>>().join("&");
    let mark = if parameters.is_empty() { "" } else { "?" };
    format!("{scheme}://{place}/{database}{mark}{parameters}")
}

impl Keeper {
    fn send(&self, word: &str) {
        writeln!(self.words().0, "{word}").expect("the keeper of the server reads");
        self.answered();
    }

    fn answered(&self) {
        let answered = self.words().1.read_line(&mut String::new());
        assert!(answered.is_ok_and(|length| length > 0), "the server is gone:\n{}", self.log());
    }

    fn words(&self) -> MutexGuard<'_, (ChildStdin, BufReader<ChildStdout>)> {
        self.words.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn log(&self) -> String {
        fs::read_to_string(self.folder.join("log")).unwrap_or_default()
    }
}

/// Runs the keeper of a new server in an empty folder.
pub(super) fn spawn(programs: &Path, folder: &Path, disk_mib: Option<u32>, options: &[&str]) -> Child {
    fs::create_dir(folder.join("data")).expect("a folder can be made");
    let user = unprivileged_user();
    if let Some((uid, gid)) = user {
        for folder in [folder, &folder.join("data")] {
            std::os::unix::fs::chown(folder, Some(uid), Some(gid)).expect("a folder may be given away");
        }
    }
    keeper(user, disk_mib, folder)
        .args(["sh", "-c", KEEPER, "keeper"])
        .args([programs, folder])
        .args(options.iter().flat_map(|option| ["-c", *option]))
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .process_group(0)
        .spawn()
        .expect("a shell runs")
}

/// What runs the keeper's shell: as a user without rights where there is one to choose, with a disk of its own where that is asked for.
fn keeper(user: Option<(u32, u32)>, disk_mib: Option<u32>, folder: &Path) -> Command {
    let Some(disk_mib) = disk_mib else {
        let mut command = Command::new("env");
        if let Some((uid, gid)) = user {
            command.uid(uid).gid(gid);
        }
        return command;
    };
    let (uid, gid) = user.expect("only root may mount a disk");
    // The disk is seen by the server alone, and goes away with it.
    let mount = r#"mount -t tmpfs -o "$1" tmpfs "$2" && shift 2 && exec setpriv "$@""#;
    let mut command = Command::new("sh");
    // What the disk lay on can be removed by nobody who sees the disk.
    command.args(["-c", r#"folder=$1; shift; "$@"; rm -rf "$folder""#, "cleaner"]).arg(folder);
    command.args(["unshare", "--mount", "sh", "-c", mount, "mount"]);
    command.arg(format!("size={disk_mib}m,mode=0700,uid={uid},gid={gid}")).arg(folder.join("data"));
    command.args([format!("--reuid={uid}"), format!("--regid={gid}"), "--clear-groups".to_owned()]);
    command
}

/// The folder of the programs of the newest PostgreSQL of this machine; `None` where there is none.
pub(super) fn programs() -> Option<PathBuf> {
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

/// User and group of a server where these tests run as root, which a server refuses; `None` where they do not.
///
/// # Panics
/// This machine has neither the user `postgres` nor `nobody`.
pub fn unprivileged_user() -> Option<(u32, u32)> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|me| me.uid() == 0);
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let of_name = |name: &str| {
        let fields =
            users.lines().map(|line| line.split(':').collect::<Vec<_>>()).find(|fields| fields[0] == name)?;
        Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?))
    };
    is_root.then(|| of_name("postgres").or_else(|| of_name("nobody")).expect("a user without rights"))
}
