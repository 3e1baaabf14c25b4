//! What a migration may say beyond SQL, and what is asked before it is committed.
//!
//! SQLite cannot change a constraint of a table; the table is rebuilt. A migration says so in lines of their own:
//!
//! ```text
//! --! rebuild links
//! --! fill reason_code = 'UNKNOWN'
//! CREATE TABLE links (…) STRICT;
//! --! end
//! ```
//!
//! Rows keep their row numbers and every column that both forms have; a new column gets what `fill` says, or its
//! default. Indices and triggers of the table come back as they were. What must not live here: a migration itself.

use rusqlite::Connection;

use super::open_error::OpenError;

const REBUILD: &str = "--! rebuild ";
const FILL: &str = "--! fill ";
const END: &str = "--! end";

/// Runs the statements of a migration in order. Foreign keys must be off where a table is rebuilt.
pub(super) fn run(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    let mut plain = String::new();
    let mut rebuild: Option<Rebuild> = None;
    for line in sql.split_inclusive('\n') {
        let words = line.trim_end();
        match &mut rebuild {
            None => match words.strip_prefix(REBUILD) {
                None => plain.push_str(line),
                Some(table) => {
                    connection.execute_batch(&std::mem::take(&mut plain))?;
                    rebuild = Some(Rebuild::of(table.trim()));
                }
            },
            Some(open) if words != END => open.take(line),
            Some(_) => {
                if let Some(whole) = rebuild.take() {
                    whole.run(connection)?;
                }
            }
        }
    }
    connection.execute_batch(&plain)
}

/// Refuses where a row names another one that is not there.
pub(super) fn check_references(connection: &Connection) -> Result<(), OpenError> {
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
    /// The statement that makes the new form.
    definition: String,
}

impl Rebuild {
    fn of(table: &str) -> Self {
        Self { table: table.to_owned(), fills: Vec::new(), definition: String::new() }
    }

    fn take(&mut self, line: &str) {
        match line.trim_end().strip_prefix(FILL).and_then(|fill| fill.split_once(" = ")) {
            Some((column, expression)) => self.fills.push((column.to_owned(), expression.to_owned())),
            None => self.definition.push_str(line),
        }
    }

    /// The steps of SQLite's manual under "Making Other Kinds Of Table Schema Changes".
    fn run(&self, connection: &Connection) -> rusqlite::Result<()> {
        let table = &self.table;
        let new = format!("{table}_rebuilt");
        let kept: Vec<String> = connection
            .prepare(
                "SELECT sql FROM sqlite_schema WHERE tbl_name = ?1 AND type <> 'table' AND sql IS NOT NULL
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
        connection.execute_batch(&format!("INSERT INTO {new} ({targets}) SELECT {values} FROM {table}"))?;
        connection.execute_batch(&format!("DROP TABLE {table}; ALTER TABLE {new} RENAME TO {table}"))?;
        kept.iter().try_for_each(|statement| connection.execute_batch(statement))
    }
}

/// The columns of a table in order.
fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare("SELECT name FROM pragma_table_info(?1) ORDER BY cid")?
        .query_map([table], |row| row.get(0))?
        .collect()
}

/// Whether a table has row numbers that none of its columns holds: where one does, it is copied as a column.
fn has_hidden_row_numbers(connection: &Connection, table: &str) -> rusqlite::Result<bool> {
    connection.query_row(
        "SELECT NOT list.wr AND NOT EXISTS (
             SELECT 1 FROM pragma_table_info(?1) AS key WHERE key.pk > 0 AND upper(key.type) = 'INTEGER'
                 AND (SELECT count(*) FROM pragma_table_info(?1) WHERE pk > 0) = 1)
         FROM pragma_table_list(?1) AS list WHERE list.schema = 'main'",
        [table],
        |row| row.get(0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "
        CREATE TABLE people (name TEXT NOT NULL PRIMARY KEY, boss TEXT REFERENCES people (name),
            state TEXT NOT NULL CHECK (state IN ('NEW', 'OLD'))) STRICT;
        CREATE INDEX people_by_state ON people (state);
        CREATE TRIGGER people_no_delete BEFORE DELETE ON people BEGIN SELECT RAISE(ABORT, 'never'); END;
        CREATE TABLE notes (position INTEGER PRIMARY KEY, of TEXT NOT NULL REFERENCES people (name), words TEXT) STRICT;
        CREATE TRIGGER notes_no_update BEFORE UPDATE ON notes BEGIN SELECT RAISE(ABORT, 'never'); END;
        INSERT INTO people (rowid, name, boss, state) VALUES (7, 'ada', NULL, 'OLD'), (3, 'bob', 'ada', 'NEW');
        INSERT INTO notes VALUES (5, 'bob', 'one'), (9, 'ada', NULL);
    ";

    const REBUILT: &str = "
--! rebuild people
--! fill born = length(name)
CREATE TABLE people (name TEXT NOT NULL PRIMARY KEY, boss TEXT REFERENCES people (name),
    state TEXT NOT NULL CHECK (state IN ('NEW', 'OLD', 'GONE')), born INTEGER NOT NULL, note TEXT) STRICT;
--! end
--! rebuild notes
CREATE TABLE notes (position INTEGER PRIMARY KEY, of TEXT NOT NULL REFERENCES people (name)) STRICT;
--! end
CREATE INDEX people_by_birth ON people (born);
";

    fn old() -> Connection {
        let connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(OLD).unwrap();
        connection.pragma_update(None, "foreign_keys", false).unwrap();
        connection
    }

    fn names(connection: &Connection) -> Vec<String> {
        let mut names = connection
            .prepare("SELECT name FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' ORDER BY name")
            .unwrap();
        names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    fn text(connection: &Connection, sql: &str) -> String {
        connection.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_rebuilt_table_keeps_its_rows_their_numbers_and_what_refers_to_them() {
        let mut connection = old();
        let transaction = connection.transaction().unwrap();
        run(&transaction, REBUILT).unwrap();
        check_references(&transaction).unwrap();
        transaction.commit().unwrap();
        connection.pragma_update(None, "foreign_keys", true).unwrap();
        let people = "SELECT group_concat(concat_ws(' ', rowid, name, ifnull(boss, '-'), state, born,
            ifnull(note, '-')), ', ' ORDER BY rowid) FROM people";
        assert_eq!(text(&connection, people), "3 bob ada NEW 3 -, 7 ada - OLD 3 -");
        let notes = "SELECT group_concat(concat_ws(' ', position, of), ', ' ORDER BY position) FROM notes";
        assert_eq!(text(&connection, notes), "5 bob, 9 ada");
        assert_eq!(
            names(&connection),
            ["notes", "notes_no_update", "people", "people_by_birth", "people_by_state", "people_no_delete"]
        );
        // Constraints, triggers and references are those of the new form.
        connection.execute("UPDATE people SET state = 'GONE' WHERE name = 'bob'", []).unwrap();
        for refused in [
            "DELETE FROM people WHERE name = 'bob'",
            "UPDATE notes SET of = 'ada'",
            "UPDATE people SET state = 'ELSE'",
            "INSERT INTO notes VALUES (10, 'nobody')",
            "INSERT INTO people VALUES ('cleo', 'nobody', 'NEW', 1, NULL)",
        ] {
            assert!(connection.execute(refused, []).is_err(), "{refused}");
        }
    }

    #[test]
    fn a_form_that_does_not_take_the_rows_is_an_error() {
        let narrower = REBUILT.replace("'NEW', 'OLD', 'GONE'", "'NEW'");
        assert!(run(&old(), &narrower).is_err());
    }

    #[test]
    fn a_row_that_names_nothing_is_found() {
        let connection = old();
        check_references(&connection).unwrap();
        connection.execute("INSERT INTO notes VALUES (10, 'nobody', NULL)", []).unwrap();
        let error = check_references(&connection).unwrap_err();
        assert!(
            matches!(&error, OpenError::Dangling { table, parent } if table == "notes" && parent == "people"),
            "{error}"
        );
    }
}
