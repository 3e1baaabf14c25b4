//! Why a command could not be done, and what to do. What must not live here: what a command does.

use std::process::ExitCode;

use selene_contracts::StorageError;
use selene_storage::ChainError;
use selene_storage::backend::BUSY;
use selene_storage::command::failure::{self, Ending, Failure};
use selene_storage::command::output;
use selene_storage_postgres::OpenError;

use crate::place::Place;

/// Why a command could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The word is the name of a file.
    #[error("{0} is a file, and no address of PostgreSQL")]
    File(Place),
    /// The database is no store that can be opened.
    #[error("{place}: {source}")]
    Open { place: Place, source: OpenError },
    /// The tables were not brought to the version of this build.
    #[error("{place}: {source}")]
    Migration { place: Place, source: OpenError },
    /// The store did not answer.
    #[error("{place}: {source}")]
    Store { place: Place, source: StorageError },
    /// As for a file.
    #[error(transparent)]
    Command(#[from] Failure),
}

impl Refused {
    /// What a command comes to whose heads or events a store does not give.
    pub fn not_given(place: Place, error: ChainError) -> Result<Ending, Self> {
        match error {
            ChainError::Store(source) => Err(Self::Store { place, source }),
            damaged => {
                output::report_damage(&place, &damaged);
                Ok(Ending::Wrong)
            }
        }
    }

    /// Prints it on the error output.
    pub fn report(&self) -> ExitCode {
        let code = match self {
            Self::Command(failure) => return failure.report(),
            Self::File(_) => 2,
            Self::Open { .. } | Self::Migration { .. } | Self::Store { .. } => Failure::EXIT_CODE,
        };
        failure::report(self, self.help(), code)
    }

    fn help(&self) -> Option<&'static str> {
        let is_busy = match self {
            Self::Open { source, .. } | Self::Migration { source, .. } => source.is_busy(),
            Self::Store { source, .. } => source.to_string().contains(BUSY),
            Self::File(_) | Self::Command(_) => false,
        };
        if is_busy {
            return Some(
                "another program has it locked: wait longer with --wait SECONDS, or stop that program",
            );
        }
        let (Self::Open { source, .. } | Self::Migration { source, .. }) = self else {
            let is_file = matches!(self, Self::File(_));
            return is_file.then_some(
                "write an address as postgres://USER@HOST/DATABASE, or as `host=… dbname=… user=…`",
            );
        };
        Some(match source {
            OpenError::Address(_) | OpenError::NoHost => {
                "write it as postgres://USER@HOST/DATABASE, or as `host=… dbname=… user=…`"
            }
            OpenError::NoMode { .. } => "add ?sslmode=verify-full to a URL, or the word sslmode=verify-full",
            OpenError::Connect(_) | OpenError::Socket(_) | OpenError::Silent(_) => {
                "look whether the server runs there, and lets this role in"
            }
            OpenError::Superuser | OpenError::Rights { .. } => {
                "name the role of the stores in the address: a database is read as that role"
            }
            OpenError::Version { found, needed } if found < needed => {
                "make its tables those of this build with `selene-store migrate ADDRESS --role ROLE`, as their owner"
            }
            OpenError::Version { .. } => "use the build whose schema the database has",
            OpenError::OwnerAsRole { .. } => "nothing was changed; name that role with --role",
            OpenError::Sql(_) if matches!(self, Self::Migration { .. }) => {
                "name the owner of the tables in the address, and with --role a role that is there"
            }
            OpenError::UnfinishedCopy => {
                "finish that copy first; from this database nothing is read until then"
            }
            _ => return None,
        })
    }
}
