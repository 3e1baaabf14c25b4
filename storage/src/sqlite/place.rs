//! Where a store lies, and how its connections are opened.

use std::fs::{File, OpenOptions};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::authorizer;
use super::held::Held;
use super::open_error::OpenError;
use super::schema::{self, APPLICATION_ID};
use super::settings::{self, Medium, Role};

/// How long an opening that another process was in the way of waits before it tries again.
const OPEN_AGAIN_AFTER: Duration = Duration::from_millis(5);

/// Where a store lies.
#[derive(Debug, Clone)]
pub(super) struct Place {
    path: PathBuf,
    medium: Medium,
    busy_timeout: Duration,
    /// Let go with the last clone, after the connections; a database in memory has no file to hold.
    _held: Option<Arc<Held>>,
}

impl Place {
    /// A file, which is created if there is none. Its path is made absolute, so that SQLite takes none for a
    /// URI and a changed working folder moves nothing.
    pub(super) fn file(path: &Path, busy_timeout: Duration) -> Result<Self, OpenError> {
        let path =
            std::path::absolute(path).map_err(|source| OpenError::File { path: path.to_owned(), source })?;
        let held = Held::hold(&path, || create_private(&path))?;
        Ok(Self { path, medium: Medium::File, busy_timeout, _held: Some(Arc::new(held)) })
    }

    /// A new database in memory, which all connections of one store share.
    pub(super) fn memory(busy_timeout: Duration) -> Self {
        // Only keeps stores of one process apart; it never reaches a row.
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = PathBuf::from(format!("file:/selene-storage-{number}?vfs=memdb"));
        Self { path, medium: Medium::Memory, busy_timeout, _held: None }
    }

    /// File or memory.
    pub(super) const fn medium(&self) -> Medium {
        self.medium
    }

    /// Opens the connection that writes. A new database is brought to the newest schema.
    ///
    /// Where two processes make a new file a database at once, SQLite gives up on one of them without asking
    /// the busy timeout. So it gets none here, and the opening as a whole is tried again instead.
    pub(super) fn open_writer(&self) -> Result<Connection, OpenError> {
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
        // Asked before anything is set, so that a refused file stays as it was.
        schema::check(&connection)?;
        settings::apply(&connection, Role::Writer, self.medium)?;
        schema::migrate(&mut connection)?;
        authorizer::lock(&mut connection).map_err(|error| OpenError::sqlite("lock the ledgers", error))?;
        set_busy_timeout(&connection, self.busy_timeout)?;
        Ok(connection)
    }

    /// Opens a connection that only reads.
    pub(super) fn open_reader(&self) -> Result<Connection, OpenError> {
        let access = match self.medium {
            Medium::File => OpenFlags::SQLITE_OPEN_READ_ONLY,
            // SQLite's memory databases are shared by name only among connections that may write; query_only
            // holds alone.
            Medium::Memory => OpenFlags::SQLITE_OPEN_READ_WRITE,
        };
        let connection = self.connect(access, self.busy_timeout)?;
        settings::apply(&connection, Role::Reader, self.medium)?;
        Ok(connection)
    }

    fn connect(&self, access: OpenFlags, busy_timeout: Duration) -> Result<Connection, OpenError> {
        let mut flags = access | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_EXRESCODE;
        if self.medium == Medium::Memory {
            flags |= OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_CREATE;
        }
        let connection = Connection::open_with_flags(&self.path, flags)
            .map_err(|error| OpenError::sqlite("open the database", error))?;
        set_busy_timeout(&connection, busy_timeout)?;
        Ok(connection)
    }
}

fn set_busy_timeout(connection: &Connection, busy_timeout: Duration) -> Result<(), OpenError> {
    connection.busy_timeout(busy_timeout).map_err(|error| OpenError::sqlite("set the busy timeout", error))
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
