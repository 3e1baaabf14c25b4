//! What keeps everybody but the copy out of a target: its mark, and a trigger that refuses events of other roles, those of stores that
//! opened the database before. Both outlive a copy that was killed.

use selene_storage::backend::Failure;
use selene_storage::backend::transfer::{CopiedTable, MARK_TABLE, Mark, TransferError};

use super::error::CopyError;
use crate::batch::lane::LANES;
use crate::connection::Connection;
use crate::connection::catalog::one;
use crate::open_error::OpenError;

/// Makes the trigger. Every write of a store has an event. Whoever is writing one at this moment is waited for.
const CREATE_TRIGGER: &str = "DO $do$ BEGIN EXECUTE format($make$
    CREATE FUNCTION unfinished_copy() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF current_user <> TG_ARGV[0] THEN
            RAISE EXCEPTION 'a copy into this database is not finished' USING ERRCODE = 'object_not_in_prerequisite_state';
        END IF;
        RETURN NULL;
    END
    $$;
    CREATE TRIGGER unfinished_copy BEFORE INSERT ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION unfinished_copy(%L)
    $make$, current_user); END $do$";

/// Takes it away again.
const DROP_TRIGGER: &str = "DROP TRIGGER unfinished_copy ON audit_events; DROP FUNCTION unfinished_copy()";

/// Begins a copy in an empty database, in one transaction.
pub(super) fn begin(connection: &Connection, mark: &Mark, tables: &[CopiedTable]) -> Result<(), CopyError> {
    run(connection, "BEGIN")?;
    run(
        connection,
        &format!(
            "CREATE TABLE {MARK_TABLE} (format text NOT NULL, source text NOT NULL, rows bigint NOT NULL)"
        ),
    )?;
    run(connection, CREATE_TRIGGER)?;
    for table in tables {
        let has_rows = format!("SELECT EXISTS (SELECT 1 FROM {})", table.name());
        if one(connection, &has_rows).map_err(CopyError::Server)? {
            return Err(CopyError::NotEmpty { table: table.name() });
        }
    }
    connection
        .wait(connection.client().execute(Mark::INSERT, &[&mark.format, &mark.source]))
        .map_err(OpenError::Sql)
        .map_err(CopyError::Server)?;
    run(connection, "COMMIT")
}

/// The mark of a copy that was begun. A transaction of a copy that was killed may still be on its way, and is waited for.
pub(super) fn read(connection: &Connection) -> Result<Mark, CopyError> {
    let sql = format!("{} FOR UPDATE", Mark::SELECT);
    let read = connection
        .wait(connection.client().query_one(&sql, &[]))
        .and_then(|row| Ok(Mark::of_row((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))));
    read.map_err(OpenError::Sql).map_err(CopyError::Server)
}

/// Ends a copy, in one transaction. Stores that opened the database before learn that somebody else has written.
pub(super) fn finish(connection: &Connection, mark: &Mark) -> Result<bool, CopyError> {
    run(connection, "BEGIN")?;
    let found = read(connection)?;
    if found != *mark {
        run(connection, "ROLLBACK")?;
        return Ok(false);
    }
    let counted = connection
        .wait(connection.client().execute("UPDATE commit_lanes SET commits = commits + 1", &[]))
        .map_err(OpenError::Sql)
        .map_err(CopyError::Server)?;
    if counted != LANES.unsigned_abs() {
        run(connection, "ROLLBACK")?;
        let missing = Failure::Inconsistent(format!("commit_lanes has {counted} rows instead of {LANES}"));
        return Err(TransferError::target("commit_lanes", missing).into());
    }
    run(connection, &format!("DROP TABLE {MARK_TABLE}; {DROP_TRIGGER}; COMMIT"))?;
    Ok(true)
}

fn run(connection: &Connection, sql: &str) -> Result<(), CopyError> {
    connection.wait(connection.client().batch_execute(sql)).map_err(OpenError::Sql).map_err(CopyError::Server)
}
