//! A store in a file that another program changes, whatever lock is in its way.

use rusqlite::{Connection, ErrorCode, ffi};
use selene_storage::SqliteStore;
use selene_storage::test_support::Cell;

pub use crate::common::World;

/// The store of the tests of this folder.
pub type Store = SqliteStore;

/// The folder of the folders of tests.
pub const FOLDERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests");

/// Why a statement was refused: a row has that key already.
#[derive(Debug, PartialEq, Eq)]
pub struct KeyIsTaken;

/// A connection that no lock stops any more. What is left are keys, columns that need a value, and the forms of values.
pub struct Unlocked(Connection);

impl World {
    /// Bytes as a statement writes them.
    pub fn bytes(bytes: &[u8]) -> String {
        let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("x'{}'", digits.concat())
    }

    /// Takes triggers, references, conditions and partial keys away for good.
    pub fn unlocked(&self) -> Unlocked {
        let raw = self.raw();
        for (kind, locks) in
            [("TRIGGER", "type = 'trigger'"), ("INDEX", "sql LIKE 'CREATE UNIQUE INDEX%WHERE%'")]
        {
            for name in names(&raw, locks) {
                raw.execute_batch(&format!("DROP {kind} {name}")).unwrap();
            }
        }
        raw.execute_batch("PRAGMA ignore_check_constraints = ON; PRAGMA foreign_keys = OFF;").unwrap();
        Unlocked(raw)
    }
}

impl Unlocked {
    /// Runs a statement; says how many rows it changed.
    pub fn execute(&self, sql: &str) -> Result<usize, KeyIsTaken> {
        self.0.execute(sql, []).map_err(|error| {
            let code = error.sqlite_error().map(|error| (error.code, error.extended_code));
            let keys = [
                ffi::SQLITE_CONSTRAINT_PRIMARYKEY,
                ffi::SQLITE_CONSTRAINT_UNIQUE,
                ffi::SQLITE_CONSTRAINT_ROWID,
            ];
            let is_key = matches!(code, Some((ErrorCode::ConstraintViolation, of)) if keys.contains(&of));
            assert!(is_key, "{sql}: {error}");
            KeyIsTaken
        })
    }

    /// A value of the form that a column has.
    pub fn example(&self, table: &str, column: &str) -> Cell {
        let sql = "SELECT type FROM pragma_table_info(?1) WHERE name = ?2";
        let declared: String = self.0.query_row(sql, [table, column], |row| row.get(0)).unwrap();
        match declared.as_str() {
            "INTEGER" => Cell::Integer(1),
            "TEXT" => Cell::Text("x".to_owned()),
            "BLOB" => Cell::Blob(vec![1; 32]),
            other => panic!("{table}.{column} is {other}"),
        }
    }
}

/// The names of things in the schema.
fn names(raw: &Connection, condition: &str) -> Vec<String> {
    let mut names = raw.prepare(&format!("SELECT name FROM sqlite_schema WHERE {condition}")).unwrap();
    names.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}
