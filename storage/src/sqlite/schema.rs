//! The schema: who owns the file, and which steps lead to the newest form.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use rusqlite::{Connection, TransactionBehavior};

use crate::sqlite::migration;
use crate::sqlite::open_error::{OpenError, SchemaDifference};
use crate::transfer::MARK_TABLE;

/// `SELN`, in the header of every database of ours.
pub(crate) const APPLICATION_ID: i32 = 0x5345_4C4E;

/// Steps in order, each with the `user_version` that it leaves behind. They count from one. A step that a release
/// has used is never changed: a test holds its digest.
const MIGRATIONS: &[(i32, &str)] = &[
    (1, include_str!("migrations/0001_foundation.sql")),
    (2, include_str!("migrations/0002_wake_and_voice.sql")),
    (3, include_str!("migrations/0003_links_positions_access.sql")),
    (4, include_str!("migrations/0004_onboarding.sql")),
    (5, include_str!("migrations/0005_clarify.sql")),
    (6, include_str!("migrations/0006_seals.sql")),
];

/// The newest `user_version` that this build knows.
pub(crate) const NEWEST: i32 = MIGRATIONS[MIGRATIONS.len() - 1].0;

/// What the header of a database says about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) application_id: i32,
    pub(crate) user_version: i32,
    pub(crate) is_empty: bool,
}

impl Identity {
    /// Reads it; fails where the file is no database.
    pub(crate) fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get(0));
        Ok(Self {
            application_id: pragma("application_id")?,
            user_version: pragma("user_version")?,
            is_empty: !connection.prepare("SELECT 1 FROM sqlite_schema LIMIT 1")?.exists([])?,
        })
    }

    /// Refuses a file that is not ours or too new for this build.
    pub(crate) fn check(self) -> Result<(), OpenError> {
        let is_new = self.application_id == 0 && self.user_version == 0 && self.is_empty;
        if !is_new && self.application_id != APPLICATION_ID {
            return Err(OpenError::Foreign { application_id: self.application_id });
        }
        if self.user_version > NEWEST {
            return Err(OpenError::Newer { found: self.user_version, known: NEWEST });
        }
        Ok(())
    }

    /// Refuses a file in which nothing was made yet. An empty file is one, and no migration makes a store of it.
    fn check_made(self) -> Result<(), OpenError> {
        if self.user_version == 0 { Err(OpenError::NotADatabase) } else { Ok(()) }
    }
}

/// Refuses a database that is not ours, too new for this build, or altered; changes nothing. It is looked at in one
/// snapshot, because another process may be making the file a database right now.
pub(crate) fn check(connection: &Connection) -> Result<(), OpenError> {
    let failed = |error| OpenError::sqlite("read the header of the database", error);
    let snapshot = connection.unchecked_transaction().map_err(failed)?;
    let found = Identity::read(&snapshot).map_err(failed)?;
    found.check()?;
    check_objects(&snapshot, found.user_version)?;
    snapshot.rollback().map_err(failed)
}

/// Refuses a database that cannot be read as it is: not ours, of another version than this build's, or altered.
pub(crate) fn check_for_reading(connection: &Connection) -> Result<(), OpenError> {
    let failed = |error| OpenError::sqlite("read the header of the database", error);
    let snapshot = connection.unchecked_transaction().map_err(failed)?;
    let found = Identity::read(&snapshot).map_err(failed)?;
    found.check()?;
    found.check_made()?;
    if found.user_version < NEWEST {
        return Err(OpenError::Older { found: found.user_version, needed: NEWEST });
    }
    check_objects(&snapshot, found.user_version)?;
    snapshot.rollback().map_err(failed)
}

/// Refuses a database that is no store, too new for this build, or altered; one of an earlier version is taken.
pub(crate) fn check_any_version(connection: &Connection) -> Result<(), OpenError> {
    check(connection)?;
    let found = Identity::read(connection)
        .map_err(|error| OpenError::sqlite("read the header of the database", error))?;
    found.check_made()
}

/// Refuses a database that an unfinished copy cannot go on in: another version than this build's, or altered beside the copy's mark.
pub(crate) fn check_unfinished(connection: &Connection) -> Result<(), OpenError> {
    let found = Identity::read(connection)
        .map_err(|error| OpenError::sqlite("read the header of the database", error))?;
    found.check()?;
    if found.user_version < NEWEST {
        return Err(OpenError::Older { found: found.user_version, needed: NEWEST });
    }
    let mut objects = objects(connection).map_err(|error| OpenError::sqlite("read the schema", error))?;
    objects.remove(&mark_object());
    check_found(objects, NEWEST)
}

/// Brings the schema to its newest form, all steps in one transaction: a file that cannot take one of them stays as it
/// was. Two processes may try at the same time: the second one waits and then finds everything done.
///
/// Foreign keys are off meanwhile, as SQLite asks where a table is rebuilt; every reference is looked at before the
/// commit. What a statement would need to be taken back lies in a temporary file beyond some kilobytes: a rebuilt table that reuses
/// the pages of another one needs the length of the table.
pub(crate) fn migrate(connection: &mut Connection) -> Result<(), OpenError> {
    const MEANWHILE: [(&str, i64); 2] = [("foreign_keys", 0), ("temp_store", 1)];
    let failed = |error| OpenError::sqlite("migrate the schema", error);
    let mut before = Vec::new();
    for (setting, value) in MEANWHILE {
        let found: i64 = connection.pragma_query_value(None, setting, |row| row.get(0)).map_err(failed)?;
        connection.pragma_update(None, setting, value).map_err(failed)?;
        before.push((setting, found));
    }
    let migrated = take_steps(connection, MIGRATIONS);
    for (setting, value) in before {
        connection.pragma_update(None, setting, value).map_err(failed)?;
    }
    migrated
}

fn take_steps(connection: &mut Connection, steps: &[(i32, &str)]) -> Result<(), OpenError> {
    let failed = |error| OpenError::sqlite("migrate the schema", error);
    let transaction = connection
        .transaction_with_behavior(TransactionBehavior::Immediate)
        .map_err(|error| OpenError::sqlite("begin a migration", error))?;
    let found =
        Identity::read(&transaction).map_err(|error| OpenError::sqlite("read the schema version", error))?;
    found.check()?;
    let missing: Vec<&(i32, &str)> =
        steps.iter().filter(|(version, _)| *version > found.user_version).collect();
    for (version, sql) in &missing {
        migration::run(&transaction, sql)?;
        transaction.pragma_update(None, "user_version", *version).map_err(failed)?;
    }
    if !missing.is_empty() {
        transaction.pragma_update(None, "application_id", APPLICATION_ID).map_err(failed)?;
        migration::check_references(&transaction)?;
    }
    check_objects(&transaction, NEWEST)?;
    if missing.is_empty() { transaction.rollback() } else { transaction.commit() }.map_err(failed)
}

/// Tables, indices and triggers by kind and name, each with its statement. What SQLite adds by itself is not
/// among them: indices of keys, and tables by name. Whoever changes the schema by hand gives a trigger any name.
type Objects = BTreeMap<String, String>;

/// Refuses a schema that is not what the migrations up to a version make: a lock may be gone, or something there
/// that acts on rows without the store's knowledge.
fn check_objects(connection: &Connection, user_version: i32) -> Result<(), OpenError> {
    let found = objects(connection).map_err(|error| OpenError::sqlite("read the schema", error))?;
    if found.contains_key(&mark_object()) {
        return Err(OpenError::UnfinishedCopy);
    }
    check_found(found, user_version)
}

/// The mark of an unfinished copy among the objects.
fn mark_object() -> String {
    format!("table {MARK_TABLE}")
}

fn check_found(found: Objects, user_version: i32) -> Result<(), OpenError> {
    /// By the number of migrations that were made.
    static MADE: [OnceLock<Objects>; MIGRATIONS.len() + 1] =
        [const { OnceLock::new() }; MIGRATIONS.len() + 1];
    let migrations = MIGRATIONS.iter().filter(|(version, _)| *version <= user_version).count();
    let made = if let Some(made) = MADE[migrations].get() {
        made
    } else {
        let made = made(&MIGRATIONS[..migrations])?;
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
fn made(migrations: &[(i32, &str)]) -> Result<Objects, OpenError> {
    let failed = |error| OpenError::sqlite("read the schema", error);
    let connection = Connection::open_in_memory().map_err(failed)?;
    for (_, sql) in migrations {
        migration::run(&connection, sql)?;
    }
    objects(&connection).map_err(failed)
}

/// The tables of the store, but for SQLite's own.
pub(crate) fn tables(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut tables = connection.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )?;
    let names = tables.query_map([], |row| row.get(0))?;
    names.collect()
}

fn objects(connection: &Connection) -> rusqlite::Result<Objects> {
    let mut statement = connection.prepare(
        "SELECT type || ' ' || name, sql FROM sqlite_schema WHERE NOT (type = 'index' AND sql IS NULL)
            AND NOT (type = 'table' AND name IN ('sqlite_sequence', 'sqlite_stat1', 'sqlite_stat4'))",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The steps that releases have used, by their digests.
    const RELEASED: [(i32, &str); 6] = [
        (1, "635392e6fd253f237119211bb535a90395cc5949e7c07b1861099c07cdf15e30"),
        (2, "a7354bd3b9035079bda4626cfd5b55ea19331307d21cf0bc0d13f7f4fdc94a76"),
        (3, "e498eedc162cf46636c26f8caa3a02e93ef55bad021b2f3b8e38c86e29992dd7"),
        (4, "5cb5ca85869dcc22776a97231fd613024deb1535270f58eef9c32b987262bdd2"),
        (5, "aa4317623c8fb02df55443ccc7abe788398070aa4de7c29726ebaab29f5003cc"),
        (6, "248c9888f32de1c70d6a9ea2b091c2d9f2646ec84b2de81a2f58055121df8273"),
    ];

    #[test]
    fn released_steps_are_what_they_were() {
        let digest = |sql: &str| blake3::hash(sql.as_bytes()).to_hex().to_string();
        let found: Vec<_> = MIGRATIONS.iter().map(|(version, sql)| (*version, digest(sql))).collect();
        let expected = RELEASED.map(|(version, digest)| (version, digest.to_owned()));
        assert_eq!(
            found[..expected.len()],
            expected,
            "a step that was released never changes: add another one"
        );
    }

    #[test]
    fn steps_count_from_one() {
        let versions: Vec<i32> = MIGRATIONS.iter().map(|(version, _)| *version).collect();
        assert!((1..).zip(&versions).all(|(expected, version)| expected == *version), "{versions:?}");
    }

    #[test]
    fn settings_are_as_before_a_migration() {
        for (setting, values) in [("foreign_keys", [0, 1]), ("temp_store", [0, 2])] {
            for value in values {
                let mut connection = Connection::open_in_memory().unwrap();
                connection.pragma_update(None, setting, value).unwrap();
                migrate(&mut connection).unwrap();
                let after: i64 = connection.pragma_query_value(None, setting, |row| row.get(0)).unwrap();
                assert_eq!(after, value, "{setting}");
            }
        }
    }

    #[test]
    fn a_step_that_leaves_a_dangling_reference_is_taken_back() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.pragma_update(None, "foreign_keys", false).unwrap();
        migration::run(&connection, MIGRATIONS[0].1).unwrap();
        connection.pragma_update(None, "application_id", APPLICATION_ID).unwrap();
        connection.pragma_update(None, "user_version", 1).unwrap();
        let dangling = "INSERT INTO devices (device_id, user_id, device_type, last_seen_at)
            VALUES ('d', 'nobody', 'phone', 1);";
        let steps = [MIGRATIONS[0], (2, dangling)];
        let error = take_steps(&mut connection, &steps).unwrap_err();
        assert!(
            matches!(&error, OpenError::Dangling { table, parent }
                if table == "devices" && parent == "identities"),
            "{error}"
        );
        let devices: i64 =
            connection.query_row("SELECT count(*) FROM devices", [], |row| row.get(0)).unwrap();
        assert_eq!(devices, 0);
        assert_eq!(Identity::read(&connection).unwrap().user_version, 1);
    }
}
