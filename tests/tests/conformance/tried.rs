//! What a database is asked while rows are tried in it. What must not live here: which rows, and the name of a server.

use rusqlite::types::Value;
use rusqlite::{Connection, ErrorCode, ffi, params_from_iter};

/// What became of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Accepted,
    /// A trigger raised.
    Aborted,
    /// Another constraint refused.
    Refused(String),
    /// The statement could not be tried at all.
    Failed(String),
}

/// A database in which rows are tried.
pub trait Tried {
    /// From now on no reference to another row is asked for.
    fn leave_references_out(&self);

    /// Runs statements that always go through.
    fn batch(&self, sql: &str);

    /// Runs one statement, with a value for each question mark.
    fn run(&self, sql: &str, values: &[Value]) -> Answer;

    /// The one number of an answer; none where there is no answer.
    fn count(&self, sql: &str) -> Option<i64>;

    /// Whether a row that is put in the place of another one takes the place of every row that shares a key with it, and not only of
    /// the one with the named key.
    fn replaces_by_every_key(&self) -> bool;

    /// The statement that inserts a row in the place of the one with the same key. Values are question marks.
    fn replace(&self, table: &str, columns: &[String], key: &[String]) -> String;
}

impl Tried for Connection {
    fn leave_references_out(&self) {
        self.pragma_update(None, "foreign_keys", false).expect("foreign keys can be left out");
    }

    fn batch(&self, sql: &str) {
        self.execute_batch(sql).expect("the statements go through");
    }

    fn run(&self, sql: &str, values: &[Value]) -> Answer {
        let result =
            self.prepare_cached(sql).and_then(|mut statement| statement.execute(params_from_iter(values)));
        match result {
            Ok(_) => Answer::Accepted,
            Err(rusqlite::Error::SqliteFailure(error, text))
                if error.code == ErrorCode::ConstraintViolation =>
            {
                if error.extended_code == ffi::SQLITE_CONSTRAINT_TRIGGER {
                    Answer::Aborted
                } else {
                    Answer::Refused(text.unwrap_or_default())
                }
            }
            Err(error) => Answer::Failed(error.to_string()),
        }
    }

    fn count(&self, sql: &str) -> Option<i64> {
        self.query_row(sql, [], |row| row.get(0)).ok()
    }

    fn replaces_by_every_key(&self) -> bool {
        true
    }

    fn replace(&self, table: &str, columns: &[String], _key: &[String]) -> String {
        insert("INSERT OR REPLACE", table, columns)
    }
}

/// A statement that inserts a row.
pub fn insert(verb: &str, table: &str, columns: &[String]) -> String {
    let names: Vec<String> = columns.iter().map(|column| format!("\"{column}\"")).collect();
    let places = vec!["?"; names.len()].join(", ");
    format!("{verb} INTO \"{table}\" ({}) VALUES ({places})", names.join(", "))
}
