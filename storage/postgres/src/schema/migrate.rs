//! The steps that lead to the newest schema, taken by its owner.

use std::time::Duration;

use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

use super::rights;
use crate::connection::address::Address;
use crate::connection::catalog::{SCHEMA, TEXTS, one};
use crate::connection::{Connection, settings};
use crate::open_error::OpenError;

/// Steps in order, each with the version that it leaves behind. A step that a release has used is never changed.
const MIGRATIONS: &[(i64, &str)] = &[
    (1, include_str!("migrations/0001_foundation.sql")),
    (2, include_str!("migrations/0002_links_positions.sql")),
    (3, include_str!("migrations/0003_wake_access_onboarding.sql")),
    (4, include_str!("migrations/0004_lanes.sql")),
    (5, include_str!("migrations/0005_keys.sql")),
];

/// The version of this build.
pub(crate) const NEWEST: i64 = MIGRATIONS[MIGRATIONS.len() - 1].0;

/// How often a migration is begun again where another one is in its way.
const ATTEMPTS: usize = 8;

/// How long a migration waits for what another transaction has locked, where its owner's settings say nothing: calls that come meanwhile
/// wait behind it.
const LOCK_TIMEOUT: &str = "30s";

/// How a migration is made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MigrationOptions {
    /// How long a step waits for what another transaction has locked. None: as long as a `lock_timeout` of the owner says, as by
    /// `options='-c lock_timeout=5s'` in the address, or 30 seconds.
    pub lock_timeout: Option<Duration>,
    /// Whether all of it is taken back at its end. Its locks are held until then.
    pub is_dry_run: bool,
}

/// The versions of the schema that a migration led from and to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Migration {
    /// Version before; zero where there was no schema.
    pub from: i64,
    /// Version of this build.
    pub to: i64,
}

/// Brings a database to the schema of this build, and gives the role of stores its rights. The address is that of the owner, who may
/// make schemas in the database and is no role of a store; the role must be there. All of it is one transaction. A database that
/// has the schema already is left as it is, but for the rights: the role gets what a store needs and nothing else, everybody may read at
/// most, and owners of tables get back what they lack there. Several may do so at once: one makes the steps, and the others find them made.
///
/// A step waits for what another transaction has locked as [`MigrationOptions`] says of its default.
///
/// # Errors
/// The server cannot be reached or is none that a store opens on, the role of the stores owns the schema or may become its owner, the
/// database comes from a newer build, something stays locked, or the server reports an error; nothing was changed.
pub fn migrate(owner_address: &str, role: &str) -> Result<Migration, OpenError> {
    migrate_with(owner_address, role, &MigrationOptions::default())
}

/// The same with other options.
///
/// # Errors
/// As [`migrate`].
pub fn migrate_with(
    owner_address: &str,
    role: &str,
    options: &MigrationOptions,
) -> Result<Migration, OpenError> {
    let setup = format!(
        "SET default_transaction_isolation = 'read committed'; SET default_transaction_read_only = off; {TEXTS}"
    );
    let connection = Connection::open(&Address::parse(owner_address)?, &setup, None)?;
    connection.give_up_after(None);
    // No store would open on such a server.
    settings::check(&connection)?;
    rights::check_is_no_owner(&connection, role)?;
    let mut attempt = 1;
    loop {
        match take_steps(&connection, role, options) {
            Err(OpenError::Sql(error)) if is_race(&error) && attempt < ATTEMPTS => {
                run(&connection, "ROLLBACK")?;
                attempt += 1;
            }
            Err(OpenError::Sql(error)) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => {
                return Err(OpenError::Locked);
            }
            done => return done,
        }
    }
}

/// Takes the steps that are missing, in one transaction.
fn take_steps(
    connection: &Connection,
    role: &str,
    options: &MigrationOptions,
) -> Result<Migration, OpenError> {
    let lock_timeout = match options.lock_timeout {
        Some(time) => format!("SET LOCAL lock_timeout = {}", milliseconds(time)),
        None => format!(
            "SELECT set_config('lock_timeout', '{LOCK_TIMEOUT}', true) WHERE current_setting('lock_timeout') = '0'"
        ),
    };
    run(
        connection,
        &format!(
            "BEGIN; {lock_timeout};
             CREATE SCHEMA IF NOT EXISTS {SCHEMA}; SET LOCAL search_path = {SCHEMA};
             CREATE TABLE IF NOT EXISTS schema_versions (version bigint NOT NULL PRIMARY KEY)"
        ),
    )?;
    run(connection, &rights::of_owners(connection)?)?;
    run(connection, "SELECT version FROM schema_versions FOR UPDATE")?;
    let found = version(connection)?;
    if found > NEWEST {
        return Err(OpenError::Version { found, needed: NEWEST });
    }
    for (version, sql) in MIGRATIONS.iter().filter(|(version, _)| *version > found) {
        // Whoever takes the same step at the same time waits here, and then finds the key taken.
        run(connection, &format!("INSERT INTO schema_versions (version) VALUES ({version})"))?;
        run(connection, sql)?;
    }
    run(connection, &rights::grants(role))?;
    run(connection, if options.is_dry_run { "ROLLBACK" } else { "COMMIT" })?;
    Ok(Migration { from: found, to: NEWEST })
}

/// A time as the server takes it, which takes no time at all for no bound.
fn milliseconds(time: Duration) -> i32 {
    i32::try_from(time.as_millis()).unwrap_or(i32::MAX).max(1)
}

fn run(connection: &Connection, sql: &str) -> Result<(), OpenError> {
    connection.wait(connection.client().batch_execute(sql)).map_err(OpenError::Sql)
}

/// Whether another migration did the same at the same time. `IF NOT EXISTS` looks before it waits.
fn is_race(error: &Error) -> bool {
    [
        SqlState::UNIQUE_VIOLATION,
        SqlState::DUPLICATE_SCHEMA,
        SqlState::DUPLICATE_TABLE,
        SqlState::T_R_SERIALIZATION_FAILURE,
        SqlState::T_R_DEADLOCK_DETECTED,
    ]
    .iter()
    .any(|code| error.code() == Some(code))
}

/// Refuses a schema of another build.
pub(super) fn check_version(connection: &Connection) -> Result<(), OpenError> {
    let is_there = one(connection, "SELECT to_regclass('schema_versions') IS NOT NULL")?;
    let found = if is_there { version(connection)? } else { 0 };
    if found == NEWEST { Ok(()) } else { Err(OpenError::Version { found, needed: NEWEST }) }
}

fn version(connection: &Connection) -> Result<i64, OpenError> {
    one(connection, "SELECT coalesce(max(version), 0) FROM schema_versions")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::lane::LANES;

    #[test]
    fn the_migrations_make_a_row_for_every_lane() {
        assert!(MIGRATIONS[3].1.contains(&format!("generate_series(0, {})", LANES - 1)));
    }
}
