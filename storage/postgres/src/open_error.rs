//! Why a store does not open.

use std::time::Duration;

use tokio_postgres::error::SqlState;

/// Why a database cannot be opened or migrated. Nothing was changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The text that says where the server is cannot be understood.
    #[error("this is no connection string of PostgreSQL: {}", with_source(.0))]
    Address(#[source] tokio_postgres::Error),
    /// A mode of `sslmode=…` that encrypts only perhaps, or that is none.
    #[error("sslmode={0} is not supported; use require, or disable")]
    SslMode(String),
    /// The address leads to another machine and says nothing of encryption.
    #[error(
        "the address leads over a network to {host} and does not say whether that is encrypted; add sslmode=verify-full, or sslmode=disable \
         where everybody on the way may read and change what is sent"
    )]
    NoMode {
        /// The host that the address names.
        host: String,
    },
    /// The root certificates of `sslrootcert=…` cannot be read.
    #[error("the root certificates in {} cannot be read: {detail}", path.display())]
    Certificates {
        /// The path of the file of root certificates.
        path: std::path::PathBuf,
        /// What is wrong with it.
        detail: String,
    },
    /// The server does not let this process in.
    #[error("cannot connect to the database server: {}", with_source(.0))]
    Connect(#[source] tokio_postgres::Error),
    /// No server listens at the socket of the machine that the address names.
    #[error("cannot connect to the database server: {0}")]
    Socket(#[source] std::io::Error),
    /// The system does not give this process what a connection needs, as when it has too many files open.
    #[error("the system gives this process no further connection: {0}")]
    Runtime(#[source] std::io::Error),
    /// A server lets in, and then says nothing, as one that stands still.
    #[error("the database server did not answer within {} seconds", .0.as_secs_f64())]
    Silent(Duration),
    /// The time of a call was over before a server let in.
    #[error("no database server let in before the time of the call was over")]
    Late,
    /// Every connection that reads stayed in use.
    #[error(
        "all {readers} connections that read were in use for {} seconds; allow more of them with PostgresOptions::readers",
        waited.as_secs_f64()
    )]
    InUse {
        /// How many there may be.
        readers: usize,
        /// How long one was waited for.
        waited: Duration,
    },
    /// The address names no host.
    #[error("the address names no host, and variables as PGHOST are not read; add host=…")]
    NoHost,
    /// The role may do everything, or become a role that may, so no lock of a ledger would hold.
    #[error(
        "the role is a superuser, has CREATEROLE, may write files of the server, or is a member of such a role: no right keeps it from changing \
         a ledger; open the store as a role of its own"
    )]
    Superuser,
    /// The role has a right that it must not have, or lacks one that it needs.
    #[error("the role has the wrong rights: {}; {}", some_of(differences), rights_help(differences))]
    Rights {
        /// All that is wrong, with the names of the tables.
        differences: Vec<String>,
    },
    /// The role that a migration is asked to give the rights of a store to owns a part of the schema, or may become its owner.
    #[error(
        "the role {role} owns the tables of the store or a part of it, or may become a role that does, so no right would keep it from changing a ledger; \
         name a role of its own for the stores"
    )]
    OwnerAsRole {
        /// The role that was named.
        role: String,
    },
    /// A setting of the server would make answers promise what is not so.
    #[error("the server has {setting} = {found}, and a store needs {expected}")]
    Setting {
        /// Its name in the server, as `fsync`.
        setting: &'static str,
        /// What it has to be.
        expected: String,
        /// What the server has instead.
        found: String,
    },
    /// The server follows another one and takes no writes.
    #[error(
        "the server is a standby; connect to the primary, with target_session_attrs=read-write for instance"
    )]
    Standby,
    /// There is no schema, or one of another build.
    #[error("the database has schema version {found}, and this build needs {needed}; {}", version_help(*found, *needed))]
    Version {
        /// Version of the database; zero where there is none.
        found: i64,
        /// Version of this build.
        needed: i64,
    },
    /// A table, an index or a trigger is not what this build's migrations made: a lock of a ledger may be gone.
    #[error("the schema is not as this build makes it: {}; restore these objects, or a copy of the database", differences.join("; "))]
    Schema {
        /// Every difference between the schema and what this build expects.
        differences: Vec<String>,
    },
    /// Something that a migration has to change stays locked by another transaction.
    #[error(
        "another transaction keeps a table of the store locked; end it (pg_stat_activity shows it), or migrate when no call is long, and \
         migrate again"
    )]
    Locked,
    /// The rows of a file are being copied into this database, or that was begun and not brought to its end.
    #[error(
        "a copy into this database is not finished, so it is no store yet; run the same copy again to its end"
    )]
    UnfinishedCopy,
    /// The server reports an error.
    #[error("the database server reports an error: {}", with_source(.0))]
    Sql(#[source] tokio_postgres::Error),
}

const fn version_help(found: i64, needed: i64) -> &'static str {
    if found < needed { "run the migration as the owner" } else { "use a newer build" }
}

/// Differences that an error shows at most.
const SHOWN_AT_MOST: usize = 5;

/// The first differences, and how many there are beside them.
fn some_of(differences: &[String]) -> String {
    let (shown, rest) = differences.split_at(differences.len().min(SHOWN_AT_MOST));
    let shown = shown.join("; ");
    if rest.is_empty() { shown } else { format!("{shown}; and {} more", rest.len()) }
}

/// What is to be done about rights that differ.
fn rights_help(differences: &[String]) -> &'static str {
    let is_owner = |difference: &String| {
        difference.split_once(" instead of ").is_some_and(|(found, _)| found.ends_with("OWNER"))
    };
    if differences.iter().any(is_owner) {
        "it owns a part of the store or may become the role that does; stores open as a role of their own"
    } else {
        "the migration, run again as the owner, gives what is missing and takes away what is too much, also from PUBLIC; what the role has by \
         another role has to be revoked"
    }
}

/// The text of an error of the client, with the message of the server: its own text is only that it is an error of the database.
fn with_source(error: &tokio_postgres::Error) -> String {
    match (error.as_db_error(), std::error::Error::source(error)) {
        (Some(reported), _) => reported.message().to_owned(),
        (None, Some(source)) => format!("{error}: {source}"),
        (None, None) => error.to_string(),
    }
}

impl OpenError {
    /// Whether another transaction has something locked, for longer than it was waited for.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        match self {
            Self::Locked => true,
            Self::Sql(error) => error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_is_not_understood_is_named_with_what_is_wrong_with_it() {
        let error = "host=h port=x".parse::<tokio_postgres::Config>().map(|_| ()).unwrap_err();
        let shown = OpenError::Address(error).to_string();
        assert!(shown.contains("port"), "{shown}");
    }

    #[test]
    fn wrong_rights_are_shown_in_part_and_with_what_to_do() {
        let differences: Vec<String> =
            (0..30).map(|number| format!("table_{number}: SELECT OWNER instead of SELECT")).collect();
        let owner = OpenError::Rights { differences }.to_string();
        assert!(owner.contains("table_4: ") && !owner.contains("table_5: "), "{owner}");
        assert!(owner.contains("and 25 more") && owner.contains("a role of their own"), "{owner}");
        let differences = vec!["audit_events: SELECT INSERT DELETE instead of SELECT INSERT".to_owned()];
        let too_much = OpenError::Rights { differences }.to_string();
        assert!(too_much.contains("has to be revoked") && !too_much.contains("more"), "{too_much}");
    }
}
