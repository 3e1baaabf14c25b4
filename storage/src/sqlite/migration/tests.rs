//! Rebuilt tables: rows, row numbers, references, indices and triggers.

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
    let error = run(&old(), &narrower).unwrap_err();
    assert!(matches!(error, OpenError::Sqlite { .. }), "{error}");
}

#[test]
fn rows_that_lack_what_a_fill_reads_are_counted_and_named() {
    let needing = REBUILT.replace(
        "--! fill born = length(name)",
        "--! fill born = (SELECT min(position) FROM notes WHERE of = name AND words IS NOT NULL)\n--! needs a note with words",
    );
    let connection = old();
    let error = run(&connection, &needing).unwrap_err();
    assert!(
        matches!(&error, OpenError::Unfilled { table, rows: 1, needs }
            if table == "people" && needs == "a note with words"),
        "{error}"
    );
    let text = error.to_string();
    assert!(text.starts_with("1 rows of people cannot be carried over"), "{text}");
    assert!(text.contains("a note with words") && !text.contains("ada"), "{text}");
    // Where every row has it, nothing stands in the way.
    let connection = old();
    connection.execute("INSERT INTO notes VALUES (10, 'ada', 'two')", []).unwrap();
    run(&connection, &needing).unwrap();
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

#[test]
fn a_table_whose_new_form_has_fewer_rows_is_not_rebuilt() {
    for how in ["REPLACE", "IGNORE"] {
        let mut connection = old();
        connection.execute_batch("INSERT INTO notes VALUES (11, 'ada', 'two')").unwrap();
        let transaction = connection.transaction().unwrap();
        let rebuilt = format!(
            "
--! rebuild notes
CREATE TABLE notes (position INTEGER, of TEXT NOT NULL PRIMARY KEY ON CONFLICT {how}) STRICT;
--! end
"
        );
        let error = run(&transaction, &rebuilt).unwrap_err();
        assert!(
            matches!(&error, OpenError::NotCarriedOver { table, before: 3, after: 2 } if table == "notes"),
            "{how}: {error}"
        );
        assert_eq!(
            error.to_string(),
            "notes has 3 rows, and 2 in the newer schema, so the database was not migrated"
        );
        drop(transaction);
        assert_eq!(text(&connection, "SELECT group_concat(position, ', ') FROM notes"), "5, 9, 11", "{how}");
    }
}
