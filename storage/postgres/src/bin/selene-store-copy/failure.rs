//! Why a copy could not be made, and what to do. What must not live here: making one.

use std::process::ExitCode;

use selene_storage::OpenError as FileError;
use selene_storage::command::failure;
use selene_storage::upkeep::UpkeepError;
use selene_storage_postgres::OpenError as ServerError;
use selene_storage_postgres::copy::{CopyError, TransferError};

use crate::place::Place;

/// Why a copy could not be made.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// Both places are files.
    #[error("{from} and {to} are both files")]
    TwoFiles { from: Place, to: Place },
    /// Both places are databases of a server.
    #[error("FROM and TO are both addresses of PostgreSQL")]
    TwoServers,
    /// A role is named, and the target has none.
    #[error("--role is about a server, and {0} is a file")]
    RoleOfFile(Place),
    /// It was begun, and could not be brought to its end.
    #[error("{}{source}", about(place, source))]
    Copy { place: CopyPlaces, source: Box<CopyError> },
}

/// From where to where.
#[derive(Debug, Clone)]
pub struct CopyPlaces {
    pub from: Place,
    pub to: Place,
}

impl CopyPlaces {
    /// The one that is a file, or the one on a server.
    fn one(&self, is_file: bool) -> &Place {
        if matches!(self.from, Place::File(_)) == is_file { &self.from } else { &self.to }
    }
}

/// The name in front of an error; some errors have it in their text.
fn about(places: &CopyPlaces, error: &CopyError) -> String {
    let place = match error {
        CopyError::File(UpkeepError::Open(FileError::File { .. })) => return String::new(),
        CopyError::File(UpkeepError::Open(_) | UpkeepError::Store(_)) => places.one(true),
        CopyError::File(_) => return String::new(),
        CopyError::Server(_) => places.one(false),
        CopyError::SourceMoved | CopyError::Rows(TransferError::Source(_)) => &places.from,
        _ => &places.to,
    };
    format!("{place}: ")
}

impl Failure {
    /// Prints it on the error output.
    pub fn report(&self) -> ExitCode {
        let code = match self {
            Self::TwoFiles { .. } | Self::TwoServers | Self::RoleOfFile(_) => 2,
            Self::Copy { .. } => 3,
        };
        failure::report(self, self.help(), code)
    }

    /// What the operator can do about it, where there is something.
    fn help(&self) -> Option<String> {
        let help = match self {
            Self::TwoFiles { from, to } => {
                return Some(format!("copy a file with `selene-store backup {from} {to}`"));
            }
            Self::TwoServers => {
                "copy a database to another server with pg_dump and pg_restore, and give the roles their rights again"
            }
            Self::RoleOfFile(_) => "leave --role out, or name the address of the owner of the tables as TO",
            Self::Copy { place, source } => return copy_help(place, source),
        };
        Some(help.to_owned())
    }
}

fn copy_help(places: &CopyPlaces, error: &CopyError) -> Option<String> {
    let again = "; what has arrived stays, and the same command goes on";
    let help = match error {
        CopyError::File(error) => return file_help(places, error),
        CopyError::Server(error) => return server_help(places, error),
        CopyError::NotEmpty { .. } => {
            "name a database without rows: a store is never copied over another one"
        }
        CopyError::Unfinished(_) => {
            "finish that copy from its own source, or begin anew: as the owner, `DROP SCHEMA selene CASCADE`, and copy with --role"
        }
        CopyError::SourceMoved => {
            "stop every program that writes to it, and begin anew in an empty TO: drop what was begun there first"
        }
        CopyError::Rows(TransferError::Unstorable { .. }) => {
            "an earlier build took that value; no call changes it, so this store stays where it is"
        }
        CopyError::Rows(TransferError::Surplus { .. }) => {
            "begin anew in an empty TO, that no other program writes to"
        }
        CopyError::Rows(TransferError::Rival) => "wait until the other copy is done, or stop it",
        CopyError::Rows(_) => {
            return Some(format!("look at the server, the disk and the rights there{again}"));
        }
        _ => return None,
    };
    Some(help.to_owned())
}

fn file_help(places: &CopyPlaces, error: &UpkeepError) -> Option<String> {
    let help = match error {
        UpkeepError::Exists(_) => {
            "name a new file, or move that one away first, together with its log (-wal)"
        }
        UpkeepError::Busy(_) => "wait until it is done, or name another file",
        UpkeepError::Unfinished { path, .. } => {
            return Some(format!(
                "finish that copy from its own source, or delete {} and begin anew",
                path.display()
            ));
        }
        UpkeepError::Open(FileError::Older { .. }) => {
            return Some(format!(
                "bring it to this version with `selene-store migrate {}`",
                places.one(true)
            ));
        }
        UpkeepError::Open(FileError::Newer { .. }) => "install the build that last wrote the file",
        UpkeepError::Open(FileError::UnfinishedCopy) => {
            "finish that copy first; it has the name that the copy shall get"
        }
        UpkeepError::Open(FileError::File { .. } | FileError::NotADatabase | FileError::Foreign { .. }) => {
            "name the database file of a store; an address of PostgreSQL is a URL, or words as `host=… dbname=…`"
        }
        UpkeepError::Open(error) if error.is_busy() => {
            "another program has it locked: wait longer with --wait SECONDS, or stop that program"
        }
        _ => return None,
    };
    Some(help.to_owned())
}

fn server_help(places: &CopyPlaces, error: &ServerError) -> Option<String> {
    let is_target = matches!(places.to, Place::Server(_));
    let help = match error {
        ServerError::Version { found: 0, .. } if is_target => {
            "there are no tables yet: make them with --role ROLE, the role that stores open the database as"
        }
        ServerError::Version { found, needed } if is_target && found < needed => {
            "bring the tables to this version with --role ROLE, the role that stores open the database as"
        }
        ServerError::Version { .. } if is_target => "use the build that made the tables",
        ServerError::Superuser | ServerError::Rights { .. } => {
            "name the role of the stores in the address: a database is read as that role"
        }
        ServerError::OwnerAsRole { .. } => "nothing was changed; name that role with --role",
        ServerError::UnfinishedCopy => {
            "finish that copy first; from this database nothing is copied until then"
        }
        ServerError::Address(_) | ServerError::NoHost => {
            "write it as postgres://USER@HOST/DATABASE, or as `host=… dbname=… user=…`"
        }
        ServerError::NoMode { .. } => "add ?sslmode=verify-full to a URL, or the word sslmode=verify-full",
        ServerError::Connect(_) | ServerError::Socket(_) | ServerError::Silent(_) => {
            "look whether the server runs there, and lets this role in"
        }
        ServerError::Sql(_) => {
            "write to the database as the owner of its tables, and read it as the role of the stores"
        }
        _ => return None,
    };
    Some(help.to_owned())
}
