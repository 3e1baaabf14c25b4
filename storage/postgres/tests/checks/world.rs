//! A store on a server that another program changes, whatever lock is in its way.

use selene_storage::test_support::Cell;
use selene_storage_postgres::test_support::Raw;
use selene_storage_postgres::{OpenError, PostgresStore};
use tokio_postgres::error::SqlState;

use crate::database::Database;

/// The store of the tests of this folder.
pub type Store = PostgresStore;

/// The folder of the folders of tests.
pub const FOLDERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests");

/// Why a statement was refused: a row has that key already.
#[derive(Debug, PartialEq, Eq)]
pub struct KeyIsTaken;

/// A database with one store on it. The store stays open: it would not open where a lock is gone.
pub struct World {
    // Closed before its database goes to another test.
    store: PostgresStore,
    database: Database,
}

/// A connection that no lock stops any more. What is left are keys, columns that need a value, and the forms of values.
pub struct Unlocked(Raw);

/// The statements that take locks of a kind away, one a row.
const CONDITIONS: &str = "SELECT 'ALTER TABLE ' || conrelid::regclass || ' DROP CONSTRAINT ' || conname
    FROM pg_constraint WHERE contype = 'c' AND connamespace = 'selene'::regnamespace";
const PARTIAL_KEYS: &str = "SELECT 'DROP INDEX ' || indexrelid::regclass FROM pg_index
    JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indisunique AND indpred IS NOT NULL AND relnamespace = 'selene'::regnamespace";

impl World {
    pub fn new() -> Self {
        let database = Database::empty();
        let store = PostgresStore::open(&database.address()).unwrap();
        Self { store, database }
    }

    pub fn open(&self) -> PostgresStore {
        self.store.clone()
    }

    /// Where the owner of the tables finds the database, and a role that may do everything.
    pub fn addresses_of_others(&self) -> [String; 2] {
        [self.database.owner_address(), self.database.superuser_address()]
    }

    /// Bytes as a statement writes them.
    pub fn bytes(bytes: &[u8]) -> String {
        let digits: Vec<String> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("'\\x{}'::bytea", digits.concat())
    }

    /// Runs SQL, as nothing of ours would let it: without a trigger, a reference and a condition. It must change something.
    pub fn tamper(&self, sql: &str) {
        let raw = self.database.raw();
        raw.run("SET session_replication_role = replica").unwrap();
        if sql.contains("DROP INDEX") {
            self.database.spend();
        }
        let changed = raw.changes(sql).or_else(|error| {
            assert_eq!(code(&error), Some(&SqlState::CHECK_VIOLATION), "{sql}: {error}");
            self.take_away(CONDITIONS);
            raw.changes(sql)
        });
        raw.run("SET session_replication_role = origin").unwrap();
        assert!(changed.unwrap() > 0, "{sql} changed nothing");
    }

    /// Takes triggers, references, conditions and partial keys away for good.
    pub fn unlocked(&self) -> Unlocked {
        self.take_away(CONDITIONS);
        self.take_away(PARTIAL_KEYS);
        let raw = Raw::open(&self.database.superuser_address()).unwrap();
        raw.run("SET session_replication_role = replica").unwrap();
        Unlocked(raw)
    }

    /// No other test gets the database.
    fn take_away(&self, locks: &str) {
        self.database.spend();
        let statements = self.database.raw().texts(locks).unwrap();
        assert!(!statements.is_empty(), "there are none of them: {locks}");
        self.database.raw().run(&statements.join("; ")).unwrap();
    }
}

impl Unlocked {
    /// Runs a statement; says how many rows it changed.
    pub fn execute(&self, sql: &str) -> Result<usize, KeyIsTaken> {
        let changed = self.0.execute(sql).map_err(|error| {
            assert_eq!(code(&error), Some(&SqlState::UNIQUE_VIOLATION), "{sql}: {error}");
            KeyIsTaken
        })?;
        Ok(usize::try_from(changed).unwrap())
    }

    /// A value of the form that a column has.
    pub fn example(&self, table: &str, column: &str) -> Cell {
        let declared = format!(
            "SELECT format_type(atttypid, NULL) FROM pg_attribute
             WHERE attrelid = '{table}'::regclass AND attname = '{column}'"
        );
        match self.0.texts(&declared).unwrap().as_slice() {
            [declared] if declared == "bigint" => Cell::Integer(1),
            [declared] if declared == "text" => Cell::Text("x".to_owned()),
            [declared] if declared == "bytea" => Cell::Blob(vec![1; 32]),
            other => panic!("{table}.{column} is {other:?}"),
        }
    }
}

/// What the server calls an error.
fn code(error: &OpenError) -> Option<&SqlState> {
    match error {
        OpenError::Sql(error) => error.code(),
        _ => None,
    }
}
