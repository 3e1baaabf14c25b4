//! The schema: who owns the file, which steps lead to the newest form, and which tables are ledgers.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rusqlite::{Connection, TransactionBehavior};

use super::open_error::{OpenError, SchemaDifference};

/// `SELN`, in the header of every database of ours.
pub(super) const APPLICATION_ID: i32 = 0x5345_4C4E;

/// Tables whose rows never change. Each has all three locks; a test holds this list against the triggers.
pub(crate) const LEDGERS: [&str; 9] = [
    "audit_events",
    "idempotency_records",
    "memory_ledger",
    "conversation_ledger",
    "position_events",
    "requirement_schema_events",
    "wake_enrollment_samples",
    "wake_runtime_events",
    "voice_enrollment_samples",
];

/// Steps in order, each with the `user_version` that it leaves behind. They count from one. A step that a release
/// has used is never changed; nothing has been released yet.
const MIGRATIONS: [(i32, &str); 5] = [
    (1, include_str!("migrations/0001_foundation.sql")),
    (2, include_str!("migrations/0002_wake_and_voice.sql")),
    (3, include_str!("migrations/0003_links_positions_access.sql")),
    (4, include_str!("migrations/0004_onboarding.sql")),
    (5, include_str!("migrations/0005_clarify.sql")),
];

/// The newest `user_version` that this build knows.
pub(super) const NEWEST: i32 = MIGRATIONS[MIGRATIONS.len() - 1].0;

/// What the header of a database says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Identity {
    pub(super) application_id: i32,
    pub(super) user_version: i32,
    pub(super) is_empty: bool,
}

impl Identity {
    /// Reads it; fails where the file is no database.
    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get(0));
        Ok(Self {
            application_id: pragma("application_id")?,
            user_version: pragma("user_version")?,
            is_empty: !connection.prepare("SELECT 1 FROM sqlite_schema LIMIT 1")?.exists([])?,
        })
    }

    /// Refuses a file that is not ours or too new for this build.
    pub(super) fn check(self) -> Result<(), OpenError> {
        let is_new = self.application_id == 0 && self.user_version == 0 && self.is_empty;
        if !is_new && self.application_id != APPLICATION_ID {
            return Err(OpenError::Foreign { application_id: self.application_id });
        }
        if self.user_version > NEWEST {
            return Err(OpenError::Newer { found: self.user_version, known: NEWEST });
        }
        Ok(())
    }
}

/// Refuses a database that is not ours, too new for this build, or altered; changes nothing. It is looked at in one
/// snapshot, because another process may be making the file a database right now.
pub(super) fn check(connection: &Connection) -> Result<(), OpenError> {
    let failed = |error| OpenError::sqlite("read the header of the database", error);
    let snapshot = connection.unchecked_transaction().map_err(failed)?;
    let found = Identity::read(&snapshot).map_err(failed)?;
    found.check()?;
    check_objects(&snapshot, found.user_version)?;
    snapshot.rollback().map_err(failed)
}

/// Refuses a database that cannot be read as it is: not ours, of another version than this build's, or altered.
pub(super) fn check_for_reading(connection: &Connection) -> Result<(), OpenError> {
    let failed = |error| OpenError::sqlite("read the header of the database", error);
    let snapshot = connection.unchecked_transaction().map_err(failed)?;
    let found = Identity::read(&snapshot).map_err(failed)?;
    found.check()?;
    if found.user_version < NEWEST {
        return Err(OpenError::Older { found: found.user_version, needed: NEWEST });
    }
    check_objects(&snapshot, found.user_version)?;
    snapshot.rollback().map_err(failed)
}

/// Brings the schema to its newest form, one transaction for each step. Two processes may try at the same
/// time: the second one waits and then finds the step done.
pub(super) fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    loop {
        let transaction = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| OpenError::sqlite("begin a migration", error))?;
        let found = Identity::read(&transaction)
            .map_err(|error| OpenError::sqlite("read the schema version", error))?;
        found.check()?;
        let next = MIGRATIONS.iter().find(|(version, _)| *version > found.user_version);
        let Some((version, sql)) = next else { return check_objects(&transaction, NEWEST) };
        transaction
            .execute_batch(sql)
            .and_then(|()| transaction.pragma_update(None, "application_id", APPLICATION_ID))
            .and_then(|()| transaction.pragma_update(None, "user_version", *version))
            .and_then(|()| transaction.commit())
            .map_err(|error| OpenError::sqlite("migrate the schema", error))?;
    }
}

/// Tables, indices and triggers by kind and name, each with its statement. What SQLite adds by itself is not
/// among them.
type Objects = BTreeMap<String, String>;

/// Refuses a schema that is not what the migrations up to a version make: a lock may be gone, or something there
/// that acts on rows without the store's knowledge.
fn check_objects(connection: &Connection, user_version: i32) -> Result<(), OpenError> {
    /// By the number of migrations that were made.
    static MADE: [OnceLock<Objects>; MIGRATIONS.len() + 1] =
        [const { OnceLock::new() }; MIGRATIONS.len() + 1];
    let failed = |error| OpenError::sqlite("read the schema", error);
    let found = objects(connection).map_err(failed)?;
    let migrations = MIGRATIONS.iter().filter(|(version, _)| *version <= user_version).count();
    let made = if let Some(made) = MADE[migrations].get() {
        made
    } else {
        let made = made(&MIGRATIONS[..migrations]).map_err(failed)?;
        MADE[migrations].get_or_init(|| made)
    };
    let mut differences: Vec<SchemaDifference> = made
        .iter()
        .filter_map(|(object, sql)| match found.get(object) {
            None => Some(SchemaDifference::Missing(object.clone())),
            Some(other) => (other != sql).then(|| SchemaDifference::Altered(object.clone())),
        })
        .collect();
    let unknown = found.into_keys().filter(|object| !made.contains_key(object));
    differences.extend(unknown.map(SchemaDifference::Unknown));
    if differences.is_empty() { Ok(()) } else { Err(OpenError::Schema { differences }) }
}

/// What migrations make of an empty database.
fn made(migrations: &[(i32, &str)]) -> rusqlite::Result<Objects> {
    let connection = Connection::open_in_memory()?;
    for (_, sql) in migrations {
        connection.execute_batch(sql)?;
    }
    objects(&connection)
}

fn objects(connection: &Connection) -> rusqlite::Result<Objects> {
    let mut statement = connection.prepare(
        "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}
