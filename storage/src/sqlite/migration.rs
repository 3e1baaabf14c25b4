//! Directives of a migration beyond SQL, and what is checked before it is committed.
//!
//! SQLite cannot change a constraint of a table; the table is rebuilt. A migration says so in lines of their own:
//!
//! ```text
//! --! rebuild links
//! --! fill reason_code = (SELECT …)
//! --! needs the reason of its newest event
//! CREATE TABLE links (…) STRICT;
//! --! end
//! ```
//!
//! Rows keep their row numbers and every column that both forms have; a new column gets what `fill` says, or its
//! default. A row that gets nothing where something must be is refused in the words of `needs`. Indices and triggers of
//! the table come back as they were. What must not live here: a migration itself.

use rusqlite::{Connection, ffi};

use crate::sqlite::open_error::OpenError;

const REBUILD: &str = "--! rebuild ";
const FILL: &str = "--! fill ";
const NEEDS: &str = "--! needs ";
const END: &str = "--! end";

/// Runs the statements of a migration in order. Foreign keys must be off where a table is rebuilt.
///
/// # Errors
/// What SQLite says, [`OpenError::Unfilled`], or [`OpenError::NotCarriedOver`]; the caller takes everything back.
pub(crate) fn run(connection: &Connection, sql: &str) -> Result<(), OpenError> {
    let failed = |error| OpenError::sqlite("migrate the schema", error);
    let mut plain = String::new();
    let mut rebuild: Option<Rebuild> = None;
    for line in sql.split_inclusive('\n') {
        let words = line.trim_end();
        match &mut rebuild {
            None => match words.strip_prefix(REBUILD) {
                None => plain.push_str(line),
                Some(table) => {
                    connection.execute_batch(&std::mem::take(&mut plain)).map_err(failed)?;
                    rebuild = Some(Rebuild::of(table.trim()));
                }
            },
            Some(open) if words != END => open.take(line),
            Some(_) => {
                if let Some(whole) = rebuild.take() {
                    let counts = whole.run(connection).map_err(|error| whole.explained(connection, error))?;
                    counts.check(&whole.table)?;
                }
            }
        }
    }
    connection.execute_batch(&plain).map_err(failed)
}

/// Refuses where a row names another one that is not there.
pub(crate) fn check_references(connection: &Connection) -> Result<(), OpenError> {
    let failed = |error| OpenError::sqlite("check the references", error);
    let mut check = connection.prepare("PRAGMA foreign_key_check").map_err(failed)?;
    let mut rows = check.query([]).map_err(failed)?;
    match rows.next().map_err(failed)? {
        None => Ok(()),
        Some(row) => Err(OpenError::Dangling {
            table: row.get(0).map_err(failed)?,
            parent: row.get(2).map_err(failed)?,
        }),
    }
}

/// The rebuilding of one table.
struct Rebuild {
    table: String,
    /// Columns of the new form, with what their rows get.
    fills: Vec<(String, String)>,
    /// What the fills read of every row, in words; empty where a fill cannot fail.
    needs: String,
    /// The statement that makes the new form.
    definition: String,
}

impl Rebuild {
    fn of(table: &str) -> Self {
        Self { table: table.to_owned(), fills: Vec::new(), needs: String::new(), definition: String::new() }
    }

    fn take(&mut self, line: &str) {
        let words = line.trim_end();
        if let Some((column, expression)) = words.strip_prefix(FILL).and_then(|fill| fill.split_once(" = ")) {
            self.fills.push((column.to_owned(), expression.to_owned()));
        } else if let Some(needs) = words.strip_prefix(NEEDS) {
            needs.clone_into(&mut self.needs);
        } else {
            self.definition.push_str(line);
        }
    }

    /// What went wrong, in words where rows lack what a fill reads. The failed insert has left every row as it was.
    fn explained(&self, connection: &Connection, error: rusqlite::Error) -> OpenError {
        let is_absence =
            error.sqlite_error().is_some_and(|error| error.extended_code == ffi::SQLITE_CONSTRAINT_NOTNULL);
        let absent: Vec<String> =
            self.fills.iter().map(|(_, expression)| format!("({expression}) IS NULL")).collect();
        let count = format!("SELECT count(*) FROM {} WHERE {}", self.table, absent.join(" OR "));
        let rows: i64 = if is_absence && !absent.is_empty() {
            connection.query_row(&count, [], |row| row.get(0)).unwrap_or(0)
        } else {
            0
        };
        if rows == 0 {
            return OpenError::sqlite("migrate the schema", error);
        }
        OpenError::Unfilled {
            table: self.table.clone(),
            rows: rows.unsigned_abs(),
            needs: self.needs.clone(),
        }
    }

    /// The steps of SQLite's manual under "Making Other Kinds Of Table Schema Changes".
    fn run(&self, connection: &Connection) -> rusqlite::Result<Counts> {
        let table = &self.table;
        let new = format!("{table}_rebuilt");
        let kept: Vec<String> = connection
            .prepare(
                "SELECT sql FROM sqlite_schema WHERE tbl_name = $1 AND type <> 'table' AND sql IS NOT NULL
                 ORDER BY rowid",
            )?
            .query_map([table], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        let (old_head, new_head) = (format!("CREATE TABLE {table} "), format!("CREATE TABLE {new} "));
        connection.execute_batch(&self.definition.replacen(&old_head, &new_head, 1))?;
        let (old_columns, new_columns) = (columns(connection, table)?, columns(connection, &new)?);
        let (mut targets, mut values) = (Vec::new(), Vec::new());
        if has_hidden_row_numbers(connection, table)? && has_hidden_row_numbers(connection, &new)? {
            targets.push("rowid");
            values.push("rowid");
        }
        for column in &new_columns {
            let fill = self.fills.iter().find(|(filled, _)| filled == column);
            if let Some((_, expression)) = fill {
                targets.push(column);
                values.push(expression);
            } else if old_columns.contains(column) {
                targets.push(column);
                values.push(column);
            }
        }
        let (targets, values) = (targets.join(", "), values.join(", "));
        let before = count(connection, table)?;
        connection.execute_batch(&format!("INSERT INTO {new} ({targets}) SELECT {values} FROM {table}"))?;
        let counts = Counts { before, after: count(connection, &new)? };
        connection.execute_batch(&format!("DROP TABLE {table}; ALTER TABLE {new} RENAME TO {table}"))?;
        kept.iter().try_for_each(|statement| connection.execute_batch(statement))?;
        Ok(counts)
    }
}

/// How many rows the old form of a table had, and how many the new one has.
struct Counts {
    before: u64,
    after: u64,
}

impl Counts {
    /// Refuses where rows were lost or added: a key of the new form may replace rows, or pass over them.
    fn check(&self, table: &str) -> Result<(), OpenError> {
        if self.before == self.after {
            return Ok(());
        }
        Err(OpenError::NotCarriedOver { table: table.to_owned(), before: self.before, after: self.after })
    }
}

/// The rows of a table. They are counted in the table itself: an index may lack some.
fn count(connection: &Connection, table: &str) -> rusqlite::Result<u64> {
    let count: i64 =
        connection.query_row(&format!("SELECT count(*) FROM {table} NOT INDEXED"), [], |row| row.get(0))?;
    Ok(count.unsigned_abs())
}

/// The columns of a table in order.
pub(super) fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare("SELECT name FROM pragma_table_info($1) ORDER BY cid")?
        .query_map([table], |row| row.get(0))?
        .collect()
}

/// Whether a table has row numbers that none of its columns holds: where one does, it is copied as a column.
fn has_hidden_row_numbers(connection: &Connection, table: &str) -> rusqlite::Result<bool> {
    connection.query_row(
        "SELECT NOT list.wr AND NOT EXISTS (
             SELECT 1 FROM pragma_table_info($1) AS key WHERE key.pk > 0 AND upper(key.type) = 'INTEGER'
                 AND (SELECT count(*) FROM pragma_table_info($1) WHERE pk > 0) = 1)
         FROM pragma_table_list(?1) AS list WHERE list.schema = 'main'",
        [table],
        |row| row.get(0),
    )
}

#[cfg(test)]
mod interrupted_tests;
#[cfg(test)]
mod tests;
