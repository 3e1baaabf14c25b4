//! What a command comes to, and why one could not be done. What must not live here: what a command does.

use std::fmt::Display;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use selene_contracts::StorageError;

use crate::sqlite::OpenError;
use crate::sqlite::upkeep::UpkeepError;

/// What a command that was done came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The work is done, and nothing is wrong.
    Done,
    /// Something is wrong with the store, and was printed.
    Wrong,
    /// The exit code of another program.
    Other(u8),
}

impl From<Ending> for ExitCode {
    fn from(ending: Ending) -> Self {
        Self::from(match ending {
            Ending::Done => 0,
            Ending::Wrong => 1,
            Ending::Other(code) => code,
        })
    }
}

/// Why a command could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The file is no store that can be opened.
    #[error("{}{source}", named(path, source))]
    Open { path: PathBuf, source: OpenError },
    /// The store did not answer.
    #[error("{}: {source}", path.display())]
    Store { path: PathBuf, source: StorageError },
    /// Something cannot be done with the file of a store.
    #[error("{source}")]
    Upkeep { source: UpkeepError },
    /// Another file cannot be read.
    #[error("{}: {source}", path.display())]
    Read { path: PathBuf, source: std::io::Error },
    /// A file of heads is none.
    #[error("{}:{line}:{column}: {what}", path.display())]
    Heads { path: PathBuf, line: usize, column: usize, what: String },
    /// Heads are not those that were signed.
    #[error("{}: {what}", path.display())]
    Signature { path: PathBuf, what: &'static str },
    /// A file holds no key.
    #[error("{}: the file holds no {kind} Ed25519 key in PEM ({what})", path.display())]
    Key { path: PathBuf, kind: KeyKind, what: String },
    /// The program of another command does not start.
    #[error("{} cannot be started: {source}", path.display())]
    Program { path: PathBuf, source: std::io::Error },
    /// A command on files was given the address of a database. It may hold a password, so it is not repeated.
    #[error("this command is about files, and was given the address of a database on a server")]
    Address,
    /// A role is named, and the store is a file.
    #[error("--role is about a server, and {} is a file", .0.display())]
    RoleOfFile(PathBuf),
    /// There is no program for databases on servers.
    #[error(
        "this program knows files, and `selene-store-server`, which knows servers, lies neither beside it nor in PATH"
    )]
    NoServerProgram,
    /// The output takes nothing more.
    #[error("the output cannot be written: {0}")]
    Output(std::io::Error),
}

/// Half of a pair of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyKind {
    #[error("private")]
    Private,
    #[error("public")]
    Public,
}

/// The file name in front of the error of an opening; some errors have it in their text.
fn named(path: &Path, error: &OpenError) -> String {
    match error {
        OpenError::File { .. } => String::new(),
        _ => format!("{}: ", path.display()),
    }
}

/// Prints an error on the error output, and what the operator can do about it. Gives the exit code `code`.
pub fn report(error: &impl Display, help: Option<impl Display>, code: u8) -> ExitCode {
    let mut err = std::io::stderr();
    // Where nobody takes the lines, the exit code is enough.
    let _ = writeln!(err, "error: {error}");
    if let Some(help) = help {
        let _ = writeln!(err, "help: {help}");
    }
    ExitCode::from(code)
}

impl Failure {
    /// The exit code of a command that could not be done.
    pub const EXIT_CODE: u8 = 3;

    pub fn open(path: &Path) -> impl FnOnce(OpenError) -> Self {
        move |source| Self::Open { path: path.to_owned(), source }
    }

    pub fn store(path: &Path) -> impl FnOnce(StorageError) -> Self {
        move |source| Self::Store { path: path.to_owned(), source }
    }

    pub fn upkeep(path: &Path) -> impl FnOnce(UpkeepError) -> Self {
        move |source| match source {
            UpkeepError::Open(source) => Self::open(path)(source),
            UpkeepError::Store(source) => Self::store(path)(source),
            source => Self::Upkeep { source },
        }
    }

    pub fn read(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |source| Self::Read { path: path.to_owned(), source }
    }

    /// Prints it on the error output.
    pub fn report(&self) -> ExitCode {
        let code = if matches!(self, Self::Address | Self::RoleOfFile(_)) { 2 } else { Self::EXIT_CODE };
        report(self, self.help(), code)
    }

    /// What the operator can do about it, where there is something.
    fn help(&self) -> Option<String> {
        match self {
            Self::Open { source, path } => opening_help(source, path),
            Self::Upkeep { source } => upkeep_help(source),
            Self::Heads { .. } => Some(
                "write it with `selene-store heads FILE > HEADS`, and leave it as it is, line by line"
                    .to_owned(),
            ),
            Self::Signature { .. } => Some(
                "use a copy of the file of heads as it was signed, and the public half of that key"
                    .to_owned(),
            ),
            Self::Key { kind: KeyKind::Private, .. } => {
                Some("make one with `openssl genpkey -algorithm ed25519 -out KEYFILE`".to_owned())
            }
            Self::Key { kind: KeyKind::Public, .. } => Some(
                "take it out of the private one with `openssl pkey -in KEYFILE -pubout -out PUBLIC`"
                    .to_owned(),
            ),
            Self::Address => Some(
                "pg_dump and pg_restore keep a database; `selene-store copy` moves a store from a server to a file".to_owned(),
            ),
            Self::RoleOfFile(_) => {
                Some("leave --role out, or name the address of the owner of the tables".to_owned())
            }
            Self::NoServerProgram => {
                Some("install it with `cargo install --path storage/postgres --features command`".to_owned())
            }
            Self::Store { .. } | Self::Read { .. } | Self::Program { .. } | Self::Output(_) => None,
        }
    }
}

fn upkeep_help(error: &UpkeepError) -> Option<String> {
    let help = match error {
        UpkeepError::Exists(_) => {
            "name a new file, or move that one away first, together with its log (-wal)"
        }
        UpkeepError::Busy(_) => "wait until it is done, or name another file",
        UpkeepError::File { source, .. } => match source.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => {
                "name a file in a folder that is there, or make the folder first"
            }
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                "name a file in a folder that you may write, or run the command as somebody who may write there"
            }
            ErrorKind::StorageFull => {
                "make room, or name a file on another disk: a copy is as long as the store"
            }
            _ => return None,
        },
        _ => return None,
    };
    Some(help.to_owned())
}

fn opening_help(error: &OpenError, path: &Path) -> Option<String> {
    let help = match error {
        OpenError::File { .. } => {
            "name the database file of a store, and run the command as somebody who may read it"
        }
        OpenError::NotADatabase | OpenError::Foreign { .. } => {
            "name the database file itself, not its log (-wal), a folder or an export"
        }
        OpenError::Newer { .. } => "install the `selene-store` of the build that last wrote the file",
        OpenError::Older { .. } => {
            return Some(format!("bring it to this version with `selene-store migrate {}`", path.display()));
        }
        OpenError::UnreadableLog { .. } => "copy the file and its log (-wal) together, and name the copy",
        error if error.is_damaged() => {
            "the file is damaged or was cut off: restore a backup, and keep this file for whoever looks for the cause"
        }
        error if error.is_busy() => {
            "another program has it locked: wait longer with --wait SECONDS, or stop that program"
        }
        error if error.is_unwritable() => {
            "run the command as somebody who may write the file and its folder, or on a copy of the file and its log (-wal)"
        }
        _ => return None,
    };
    Some(help.to_owned())
}
