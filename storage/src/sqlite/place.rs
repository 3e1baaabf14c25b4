//! Where a store lies, and how its connections are opened.

use std::fs::{File, OpenOptions};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::sqlite::authorizer;
use crate::sqlite::held::Held;
use crate::sqlite::open_error::OpenError;
use crate::sqlite::presence::{Misplaced, Presence, Seal};
use crate::sqlite::schema::{self, APPLICATION_ID};
use crate::sqlite::settings::{self, Medium, Role};
use crate::sqlite::template;

/// How long an opening that another process was in the way of waits before it tries again.
const OPEN_AGAIN_AFTER: Duration = Duration::from_millis(5);

/// Where a store lies.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    path: PathBuf,
    medium: Medium,
    access: Access,
    busy_timeout: Duration,
    /// A database in memory has no file to hold.
    files: Option<Arc<Files>>,
}

/// What the connections of a place may do.
#[derive(Debug, Clone, Copy)]
enum Access {
    Write,
    /// Read only; with a seal where the medium takes no log, so that SQLite has to open it as immutable.
    Read(Option<Seal>),
}

/// Looks whether a database can be read.
type Check = fn(&Connection) -> Result<(), OpenError>;

/// The file of a place.
#[derive(Debug)]
struct Files {
    presence: Presence,
    /// Let go with the last clone of the place, after the connections.
    _held: Held,
}

impl Place {
    /// A file, which is created if there is none. Its path is made absolute, so that SQLite takes none for a
    /// URI and a changed working folder moves nothing.
    pub(crate) fn file(path: &Path, busy_timeout: Duration) -> Result<Self, OpenError> {
        Self::held(path, busy_timeout, Access::Write, create_private)
    }

    /// A file that is there, for reading only.
    ///
    /// It is opened like any other where its folder takes the index of a log, so that what lies in the log is read
    /// and other processes may write. Where it does not, as on a medium that cannot be written, SQLite opens it as one that
    /// nobody changes; it would pass over a log then, so there must be none with anything in it.
    pub(crate) fn read_only(path: &Path, busy_timeout: Duration) -> Result<Self, OpenError> {
        Self::read_as(path, busy_timeout, schema::check_for_reading)
    }

    /// The same, also of an earlier schema version.
    pub(crate) fn of_any_version(path: &Path, busy_timeout: Duration) -> Result<Self, OpenError> {
        Self::read_as(path, busy_timeout, schema::check_any_version)
    }

    /// A file that is there, to be written to.
    pub(crate) fn existing(path: &Path, busy_timeout: Duration) -> Result<Self, OpenError> {
        Self::held(path, busy_timeout, Access::Write, look_at)
    }

    /// A file that nobody else knows yet, for reading only. Nothing is put beside it.
    pub(crate) fn untouched(path: &Path, busy_timeout: Duration) -> Result<Self, OpenError> {
        let place = Self::held(path, busy_timeout, Access::Read(None), look_at)?;
        place.sealed(schema::check)
    }

    fn read_as(path: &Path, busy_timeout: Duration, check: Check) -> Result<Self, OpenError> {
        let place = Self::held(path, busy_timeout, Access::Read(None), look_at)?;
        match place.try_reading(check) {
            Err(error) if error.is_unwritable() => {}
            result => return result.map(|()| place),
        }
        place.sealed(check)
    }

    /// The place as that of a file which nobody changes.
    fn sealed(mut self, check: Check) -> Result<Self, OpenError> {
        let presence = self.presence().expect("a file has a presence");
        let seal = presence.seal()?;
        let bytes = presence.log_bytes()?;
        if bytes > 0 {
            return Err(OpenError::UnreadableLog { bytes });
        }
        (self.access, self.medium) = (Access::Read(Some(seal)), Medium::ImmutableFile);
        self.try_reading(check)?;
        self.check_seal()?;
        Ok(self)
    }

    fn held(
        path: &Path,
        busy_timeout: Duration,
        access: Access,
        look: impl FnOnce(&Path) -> Result<(), OpenError>,
    ) -> Result<Self, OpenError> {
        let path =
            std::path::absolute(path).map_err(|source| OpenError::File { path: path.to_owned(), source })?;
        let held = Held::hold(&path, || look(&path))?;
        let presence = Presence::new(&path, held.path());
        let files = Some(Arc::new(Files { presence, _held: held }));
        Ok(Self { path, medium: Medium::File, access, busy_timeout, files })
    }

    /// A new database in memory, which all connections of one store share.
    pub(crate) fn memory(busy_timeout: Duration) -> Self {
        // Only keeps stores of one process apart; it never reaches a row.
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = PathBuf::from(format!("file:/selene-storage-{number}?vfs=memdb"));
        Self { path, medium: Medium::Memory, access: Access::Write, busy_timeout, files: None }
    }

    /// Whether the store lies in a file or in memory.
    pub(crate) const fn medium(&self) -> Medium {
        self.medium
    }

    /// Whether nothing may be written here.
    pub(crate) const fn is_read_only(&self) -> bool {
        matches!(self.access, Access::Read(_))
    }

    /// How long a transaction waits for another one.
    pub(crate) const fn busy_timeout(&self) -> Duration {
        self.busy_timeout
    }

    /// Where the files are looked for; none in memory.
    pub(crate) fn presence(&self) -> Option<&Presence> {
        self.files.as_deref().map(|files| &files.presence)
    }

    /// Refuses where a file of the store is no longer at its place. Gives the length of the log in bytes.
    pub(crate) fn check_presence(&self) -> Result<u64, Misplaced> {
        self.presence().map_or(Ok(0), Presence::check)
    }

    /// The same, as cheap as the system allows: the length of the log is given only where it was looked for.
    pub(crate) fn check_presence_again(&self) -> Result<Option<u64>, Misplaced> {
        self.presence().map_or(Ok(Some(0)), Presence::check_unless_quiet)
    }

    /// Refuses where a file that was opened as one that nobody changes has changed.
    pub(crate) fn check_seal(&self) -> Result<(), Misplaced> {
        match (&self.access, self.presence()) {
            (Access::Read(Some(seal)), Some(presence)) => presence.check_seal(seal),
            _ => Ok(()),
        }
    }

    /// Opens the connection that writes. A new database is brought to the newest schema.
    ///
    /// Where two processes make a new file a database at once, SQLite gives up on one of them without asking
    /// the busy timeout. So it gets none here, and the opening as a whole is tried again instead.
    pub(crate) fn open_writer(&self) -> Result<Connection, OpenError> {
        if self.is_read_only() {
            return Err(OpenError::ReadOnly);
        }
        let mut waited = Duration::ZERO;
        loop {
            match self.try_open_writer() {
                Err(error) if error.is_busy() && waited < self.busy_timeout => {
                    std::thread::sleep(OPEN_AGAIN_AFTER);
                    waited += OPEN_AGAIN_AFTER;
                }
                result => return result,
            }
        }
    }

    fn try_open_writer(&self) -> Result<Connection, OpenError> {
        let mut connection = self.connect(OpenFlags::SQLITE_OPEN_READ_WRITE, Duration::ZERO)?;
        let prepared = self.prepare_writer(&mut connection);
        // Where SQLite failed on the way, it must not carry over and delete a log that it may not have read.
        if !matches!(prepared, Err(OpenError::Sqlite { .. } | OpenError::File { .. })) {
            carry_log_on_close(&connection, true)?;
        }
        prepared.map(|()| connection)
    }

    fn prepare_writer(&self, connection: &mut Connection) -> Result<(), OpenError> {
        // Asked before anything is set, so that a refused file stays as it was.
        schema::check(connection)?;
        settings::apply(connection, Role::Writer, self.medium)?;
        if self.medium == Medium::File {
            refuse_hot_journal(&self.path)?;
        }
        if self.medium == Medium::Memory {
            template::fill(connection)?;
        }
        schema::migrate(connection)?;
        authorizer::lock(connection).map_err(|error| OpenError::sqlite("lock the ledgers", error))?;
        set_busy_timeout(connection, self.busy_timeout)?;
        #[cfg(any(feature = "metrics", feature = "tracing"))]
        settings::watch_checkpoints(connection)
            .map_err(|error| OpenError::sqlite("watch the checkpoints", error))?;
        if let Some(presence) = self.presence() {
            presence.note_log()?;
        }
        Ok(())
    }

    /// Opens a connection that only reads.
    pub(crate) fn open_reader(&self) -> Result<Connection, OpenError> {
        let access = match self.medium {
            Medium::File | Medium::ImmutableFile => OpenFlags::SQLITE_OPEN_READ_ONLY,
            // SQLite's memory databases are shared by name only among connections that may write; query_only
            // holds alone.
            Medium::Memory => OpenFlags::SQLITE_OPEN_READ_WRITE,
        };
        let connection = self.connect(access, self.busy_timeout)?;
        settings::apply(&connection, Role::Reader, self.medium)?;
        Ok(connection)
    }

    /// Opens a connection that rewrites the whole file. It has no authorizer, and large temporary data goes to files.
    pub(crate) fn open_upkeep(&self) -> Result<Connection, OpenError> {
        let connection = self.connect(OpenFlags::SQLITE_OPEN_READ_WRITE, self.busy_timeout)?;
        schema::check_for_reading(&connection)?;
        settings::apply(&connection, Role::Writer, self.medium)?;
        connection
            .pragma_update(None, "temp_store", "file")
            .map_err(|error| OpenError::sqlite("configure the connection", error))?;
        carry_log_on_close(&connection, true)?;
        Ok(connection)
    }

    /// Opens a connection that only reads, and makes sure that what it reads is a store that can be read.
    fn try_reading(&self, check: Check) -> Result<(), OpenError> {
        let connection = self.connect(OpenFlags::SQLITE_OPEN_READ_ONLY, self.busy_timeout)?;
        check(&connection)?;
        settings::apply(&connection, Role::Reader, self.medium)
    }

    fn connect(&self, access: OpenFlags, busy_timeout: Duration) -> Result<Connection, OpenError> {
        match self.presence() {
            Some(presence) => presence.around(|| self.connect_anyhow(access, busy_timeout)),
            None => self.connect_anyhow(access, busy_timeout),
        }
    }

    fn connect_anyhow(&self, access: OpenFlags, busy_timeout: Duration) -> Result<Connection, OpenError> {
        let mut flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE;
        let opened = match self.medium {
            Medium::File => Connection::open_with_flags(&self.path, flags),
            Medium::ImmutableFile => {
                flags |= OpenFlags::SQLITE_OPEN_URI;
                Connection::open_with_flags(immutable_uri(&self.path), flags)
            }
            Medium::Memory => {
                flags |= OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_CREATE;
                Connection::open_with_flags(&self.path, flags)
            }
        };
        let connection = opened.map_err(|error| OpenError::sqlite("open the database", error))?;
        if access.contains(OpenFlags::SQLITE_OPEN_READ_WRITE) {
            refuse_read_only(&connection)?;
            carry_log_on_close(&connection, false)?;
        }
        set_busy_timeout(&connection, busy_timeout)?;
        Ok(connection)
    }
}

/// Where the system refuses a file for writing, SQLite opens it for reading instead and says nothing. Such a connection would refuse every
/// write, also once the system no longer does.
fn refuse_read_only(connection: &Connection) -> Result<(), OpenError> {
    let asked = connection.is_readonly(rusqlite::MAIN_DB);
    if !asked.map_err(|error| OpenError::sqlite("ask whether the database can be written", error))? {
        return Ok(());
    }
    let refused = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_READONLY);
    Err(OpenError::sqlite("open the database for writing", rusqlite::Error::SqliteFailure(refused, None)))
}

/// Refuses a journal that SQLite has to roll back, beside a database that has a log by now. SQLite takes it for absent where it could not
/// look for it at that moment; a later process would roll it back, over what was written meanwhile.
fn refuse_hot_journal(path: &Path) -> Result<(), OpenError> {
    let mut journal = path.as_os_str().to_owned();
    journal.push("-journal");
    let journal = PathBuf::from(journal);
    let mut first = [0];
    let read = match File::open(&journal) {
        Ok(mut file) => file.read(&mut first),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => Err(error),
    };
    let source = match read {
        // SQLite overwrites the start of one that is of no use any more.
        Ok(_) if first == [0] => return Ok(()),
        Ok(_) => {
            std::io::Error::other("a journal that has to be rolled back lies beside a database with a log")
        }
        Err(error) => error,
    };
    Err(OpenError::File { path: journal, source })
}

/// Says whether the last connection to the file carries the log over when it is closed, and deletes it. It does not until it is ready for
/// use: where the index of the log could not be opened, SQLite takes a log for empty that is not, and deletes it with what it alone holds.
fn carry_log_on_close(connection: &Connection, carries: bool) -> Result<(), OpenError> {
    let set = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !carries);
    set.map(drop).map_err(|error| OpenError::sqlite("configure the connection", error))
}

fn set_busy_timeout(connection: &Connection, busy_timeout: Duration) -> Result<(), OpenError> {
    connection.busy_timeout(busy_timeout).map_err(|error| OpenError::sqlite("set the busy timeout", error))
}

/// The address by which SQLite opens a file without locks and without a log. Every byte that is not plain is spelled
/// as its number.
fn immutable_uri(path: &Path) -> String {
    use std::fmt::Write as _;
    let mut uri = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-".contains(byte) {
            uri.push(char::from(*byte));
        } else {
            write!(uri, "%{byte:02X}").expect("a text takes everything");
        }
    }
    uri.push_str("?immutable=1");
    uri
}

/// Creates the file for its owner only, before SQLite sees it; SQLite gives the log and its index the same
/// rights. Refuses a file that is visibly no database of ours before a connection could touch it.
fn create_private(path: &Path) -> Result<(), OpenError> {
    let failed = |source| OpenError::File { path: path.to_owned(), source };
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let file = options.open(path).map_err(failed)?;
    if !file.metadata().map_err(failed)?.is_file() {
        return Err(OpenError::NotADatabase);
    }
    check_header(file).map_err(failed)?
}

/// Refuses a file that is not there, or is visibly no database of ours.
fn look_at(path: &Path) -> Result<(), OpenError> {
    let failed = |source| OpenError::File { path: path.to_owned(), source };
    if !std::fs::metadata(path).map_err(failed)?.is_file() {
        return Err(OpenError::NotADatabase);
    }
    check_header(File::open(path).map_err(failed)?).map_err(failed)?
}

/// Reads the fixed header of an SQLite file. An empty file is a new database.
fn check_header(file: File) -> std::io::Result<Result<(), OpenError>> {
    let mut header = Vec::with_capacity(100);
    file.take(100).read_to_end(&mut header)?;
    if header.is_empty() {
        return Ok(Ok(()));
    }
    if header.len() < 100 || !header.starts_with(b"SQLite format 3\0") {
        return Ok(Err(OpenError::NotADatabase));
    }
    let mut mark = [0_u8; 4];
    mark.copy_from_slice(&header[68..72]);
    let application_id = i32::from_be_bytes(mark);
    // Zero is answered by the connection: the mark may still lie in the log, or the database may be empty.
    if application_id != 0 && application_id != APPLICATION_ID {
        return Ok(Err(OpenError::Foreign { application_id }));
    }
    Ok(Ok(()))
}
