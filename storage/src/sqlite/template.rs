//! A database in memory that the migrations made once in this process; new databases in memory are copies of it.
//!
//! What must not live here: files. A new file takes every step of the migrations.

use std::sync::Mutex;

use rusqlite::Connection;
use rusqlite::backup::Backup;

use crate::lock::lock;
use crate::sqlite::open_error::OpenError;
use crate::sqlite::schema::{self, Identity};

/// All pages of a database, for SQLite.
const ALL_PAGES: i32 = -1;

/// Makes an empty database in memory one of the newest schema; another one stays as it is. Its copy may be left out: where it does not
/// come to its end, the database stays empty, and the migrations make what is missing.
pub(crate) fn fill(connection: &mut Connection) -> Result<(), OpenError> {
    /// Made by whoever asks first. Where that fails, the next one tries again.
    static MADE: Mutex<Option<Connection>> = Mutex::new(None);
    let failed = |error| OpenError::sqlite("copy the schema", error);
    if !Identity::read(connection).map_err(failed)?.is_empty {
        return Ok(());
    }
    let mut made = lock(&MADE);
    let made = match &mut *made {
        Some(made) => made,
        none => none.insert(made_by_migrations()?),
    };
    Backup::new(made, connection).and_then(|copy| copy.step(ALL_PAGES)).map_err(failed)?;
    Ok(())
}

fn made_by_migrations() -> Result<Connection, OpenError> {
    let mut connection =
        Connection::open_in_memory().map_err(|error| OpenError::sqlite("open the database", error))?;
    schema::migrate(&mut connection)?;
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every line of the schema with what SQLite keeps beside it, and every number of the header that a migration sets.
    fn contents(connection: &Connection) -> (Vec<String>, Vec<i64>) {
        let mut schema = connection
            .prepare("SELECT rowid || ' ' || type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') FROM sqlite_schema")
            .unwrap();
        let lines = schema.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap();
        let numbers = ["application_id", "user_version", "page_size", "auto_vacuum", "encoding"];
        let number = |name| {
            connection
                .pragma_query_value(None, name, |row| row.get_ref(0).map(|value| value.as_i64().unwrap_or(0)))
        };
        (lines, numbers.map(|name| number(name).unwrap()).to_vec())
    }

    #[test]
    fn a_copy_is_what_the_migrations_make() {
        let made = made_by_migrations().unwrap();
        for _ in 0..2 {
            let mut copy = Connection::open_in_memory().unwrap();
            fill(&mut copy).unwrap();
            assert_eq!(contents(&copy), contents(&made));
        }
    }

    #[test]
    fn a_database_with_rows_stays_as_it_is() {
        let mut connection = made_by_migrations().unwrap();
        connection
            .execute("INSERT INTO identities (user_id, status, created_at) VALUES ('ada', 'ACTIVE', 1)", [])
            .unwrap();
        fill(&mut connection).unwrap();
        let rows: i64 =
            connection.query_row("SELECT count(*) FROM identities", [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 1);
    }
}
