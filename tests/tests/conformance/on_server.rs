//! The same rows are tried on PostgreSQL: what contracts state of values, keys, sentences and locks holds there, too.
//!
//! Which tables, columns, keys and indices there are is compared by the server's own catalog, in the tests of PostgreSQL alone.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use rusqlite::types::Value;
use selene_acceptance::{Database, saw};
use selene_storage_postgres::OpenError;
use selene_storage_postgres::test_support::Raw;

use crate::difference::listed;
use crate::live::{Live, LiveColumn, LiveIndex, LiveTable};
use crate::tried::{Answer, Tried, insert};
use crate::{behaviour, contracts};

/// What a trigger of the migrations raises, and no constraint does.
const RAISED: &str = "23000";

const COLUMNS: &str = "SELECT table_name || '|' || column_name FROM information_schema.columns
    WHERE table_schema = 'selene' ORDER BY table_name, ordinal_position";

/// Table, columns and condition of every unique index.
const KEYS: &str = "SELECT class.relname || '|' || string_agg(attribute.attname, ',' ORDER BY part.place)
        || '|' || coalesce(pg_get_expr(key.indpred, key.indrelid), '')
    FROM pg_index AS key JOIN pg_class AS class ON class.oid = key.indrelid
    CROSS JOIN LATERAL unnest(key.indkey::int2[]) WITH ORDINALITY AS part (number, place)
    JOIN pg_attribute AS attribute ON attribute.attrelid = key.indrelid AND attribute.attnum = part.number
    WHERE key.indisunique AND class.relnamespace = 'selene'::regnamespace
    GROUP BY key.indexrelid, class.relname, key.indpred, key.indrelid ORDER BY key.indexrelid::regclass::text";

const CHECKS: &str = "SELECT conrelid::regclass::text || '|' || pg_get_constraintdef(oid) FROM pg_constraint
    WHERE contype = 'c' AND connamespace = 'selene'::regnamespace ORDER BY conname";

/// What the trials need to know of the tables.
fn live(raw: &Raw) -> Live {
    let texts = |sql: &str| raw.texts(sql).unwrap_or_else(|error| panic!("{error}: {sql}"));
    let mut tables: BTreeMap<String, LiveTable> = BTreeMap::new();
    for column in texts(COLUMNS) {
        let (table, name) = column.split_once('|').expect("a table and a column");
        let table = tables.entry(table.to_owned()).or_insert_with(|| LiveTable {
            is_strict: true,
            has_rowid: false,
            columns: Vec::new(),
            indices: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            // They tell these tables from those of another database.
            statements: vec!["PostgreSQL".to_owned()],
        });
        let (sql_type, default) = (String::new(), None);
        let column =
            LiveColumn { name: name.to_owned(), sql_type, is_not_null: false, key_place: 0, default };
        table.columns.push(column);
    }
    for key in texts(KEYS) {
        let mut parts = key.splitn(3, '|');
        let mut part = || parts.next().expect("a table, columns and a condition").to_owned();
        let (table, columns, condition) = (part(), part(), part());
        let index = LiveIndex {
            name: String::new(),
            columns: columns.split(',').map(str::to_owned).collect(),
            collations: Vec::new(),
            is_unique: true,
            is_primary_key: false,
            condition: Some(condition).filter(|condition| !condition.is_empty()),
        };
        tables.get_mut(&table).expect("a table with columns").indices.push(index);
    }
    for check in texts(CHECKS) {
        let (table, check) = check.split_once('|').expect("a table and a check");
        let check = check.trim_start_matches("CHECK ").to_owned();
        tables.get_mut(table).expect("a table with columns").checks.push(check);
    }
    Live { tables }
}

/// The tables of a server, in a transaction.
struct Tables {
    raw: Raw,
    /// Statements that always go through and were not sent yet: each trial is one message.
    pending: RefCell<String>,
}

impl Tables {
    /// Runs what is pending, and then a statement.
    fn send(&self, sql: &str) -> Result<(), OpenError> {
        let pending = self.pending.take();
        self.raw.run(&(pending + sql))
    }
}

impl Tried for Tables {
    /// A reference is kept by triggers of the server's own.
    fn leave_references_out(&self) {
        let alter = "SELECT format('ALTER TABLE %I DISABLE TRIGGER ALL; ALTER TABLE %I ENABLE TRIGGER USER', tablename, tablename)
            FROM pg_tables WHERE schemaname = 'selene'";
        let alter = self.raw.texts(alter).expect("the tables can be listed").join("; ");
        self.send(&alter).expect("references can be left out");
    }

    fn batch(&self, sql: &str) {
        let mut pending = self.pending.borrow_mut();
        *pending += sql;
        *pending += ";";
    }

    fn run(&self, sql: &str, values: &[Value]) -> Answer {
        match self.send(&with_values(sql, values)) {
            Ok(()) => Answer::Accepted,
            Err(OpenError::Sql(error)) => {
                let code = error.code().map(|code| code.code().to_owned()).unwrap_or_default();
                let text =
                    error.as_db_error().map(|refusal| refusal.message().to_owned()).unwrap_or_default();
                match code.as_str() {
                    RAISED => Answer::Aborted,
                    code if code.starts_with("23") => Answer::Refused(text),
                    code => Answer::Failed(format!("{code}: {text}")),
                }
            }
            Err(error) => Answer::Failed(error.to_string()),
        }
    }

    fn count(&self, sql: &str) -> Option<i64> {
        self.send("").ok()?;
        let counted = self.raw.texts(&format!("SELECT ({sql})::text")).ok()?;
        counted.first()?.parse().ok()
    }

    fn replaces_by_every_key(&self) -> bool {
        false
    }

    fn replace(&self, table: &str, columns: &[String], key: &[String]) -> String {
        let quoted = |name: &String| format!("\"{name}\"");
        let key: Vec<String> = key.iter().map(quoted).collect();
        let set: Vec<String> =
            columns.iter().map(quoted).map(|name| format!("{name} = excluded.{name}")).collect();
        let insert = insert("INSERT", table, columns);
        format!("{insert} ON CONFLICT ({}) DO UPDATE SET {}", key.join(", "), set.join(", "))
    }
}

/// The statement with a value in the place of every question mark, and of the number behind it.
fn with_values(sql: &str, values: &[Value]) -> String {
    let mut parts = sql.split('?');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (part, value) in parts.zip(values) {
        text += &literal(value);
        text += part.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    text
}

fn literal(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Integer(number) => format!("({number})"),
        Value::Real(number) if number.is_infinite() => {
            format!("'{}Infinity'::double precision", if *number < 0.0 { "-" } else { "" })
        }
        Value::Real(number) => format!("'{number:e}'::double precision"),
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Value::Blob(bytes) => {
            let digits = bytes.iter().fold(String::new(), |mut digits, byte| {
                let _ = write!(digits, "{byte:02x}");
                digits
            });
            format!("'\\x{digits}'::bytea")
        }
    }
}

#[test]
fn rows_that_the_contracts_refuse_are_refused_on_a_server() {
    let database = Database::empty();
    let raw = Raw::open(&database.superuser_address()).unwrap_or_else(|error| panic!("{error}"));
    let live = live(&raw);
    let tables = Tables { raw, pending: RefCell::default() };
    tables.batch("BEGIN");
    let mut differences = Vec::new();
    let seen = behaviour::compare(&contracts(), &live, &tables, &mut differences);
    tables.send("ROLLBACK").expect("everything is taken back");
    differences.sort();
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), listed(&differences));
    saw(|all| {
        *all = seen;
        true
    });
}
