//! One file per command: its command line with its help, and what it does.

pub mod backup;
pub mod compact;
mod copying;
pub mod export;
pub mod heads;
pub mod inspect;
pub mod migrate;
pub mod restore;
pub mod trail;
pub mod verify;
pub mod verify_export;

use std::path::{Path, PathBuf};
use std::time::Duration;

use selene_storage::command::address;
use selene_storage::command::failure::{Ending, Failure};
use selene_storage::command::output;
use selene_storage::{ChainError, SqliteStore, StoreOptions};

/// A store that a command reads.
#[derive(Debug, clap::Args)]
pub struct Source {
    /// The database file of the store, or the address of a database on a PostgreSQL server
    file: PathBuf,
    #[command(flatten)]
    wait: Wait,
}

/// A store that a command copies or changes.
#[derive(Debug, clap::Args)]
pub struct FileSource {
    /// The database file of the store
    file: PathBuf,
    #[command(flatten)]
    wait: Wait,
}

#[derive(Debug, clap::Args)]
struct Wait {
    /// Seconds to wait for another program that has the file locked
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    wait: u32,
}

impl Wait {
    fn options(&self) -> StoreOptions {
        let mut options = StoreOptions::default();
        options.busy_timeout = Duration::from_secs(self.wait.into());
        options
    }
}

impl FileSource {
    /// Whether it is a database on a server.
    pub fn is_on_server(&self) -> bool {
        self.path().is_err()
    }

    /// The name of the file, unless it is an address.
    fn path(&self) -> Result<&Path, Failure> {
        file_name(&self.file)
    }

    fn options(&self) -> StoreOptions {
        self.wait.options()
    }
}

/// A word of the command line as the name of a file, unless it is an address.
fn file_name(word: &Path) -> Result<&Path, Failure> {
    if word.to_str().is_some_and(address::is_address) { Err(Failure::Address) } else { Ok(word) }
}

impl Source {
    /// Whether it is a database on a server.
    pub fn is_on_server(&self) -> bool {
        self.file.to_str().is_some_and(address::is_address)
    }

    fn path(&self) -> &Path {
        &self.file
    }

    fn options(&self) -> StoreOptions {
        self.wait.options()
    }

    /// Opens it for reading only.
    fn open(&self) -> Result<SqliteStore, Failure> {
        SqliteStore::open_read_only_with(&self.file, &self.options()).map_err(Failure::open(&self.file))
    }
}

/// What a command comes to whose heads or events a store does not give.
fn not_given(path: &Path, error: ChainError) -> Result<Ending, Failure> {
    match error {
        ChainError::Store(source) => Err(Failure::store(path)(source)),
        damaged => {
            output::report_damage(&path.display(), &damaged);
            Ok(Ending::Wrong)
        }
    }
}
