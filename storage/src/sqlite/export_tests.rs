//! How often an export asks its database, and how.

use std::cell::Cell;

use rusqlite::Connection;
use selene_contracts::ph1_f::Ph1fFoundationRepo as _;
use selene_contracts::row::{Cells, FromRow, Value};
use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, TurnId};
use selene_contracts::{CallContext, Caller};

use crate::audit::export::{export, ledgers};
use crate::audit::sealed_rows::{Form, statement};
use crate::audit::{ExportQuery, verify_export};
use crate::failure::Failure;
use crate::session::Session;
use crate::sqlite::store::SqliteStore;
use crate::test_support::inputs;

/// A connection that counts the statements that it is asked, where `check::watched` counts rows: what both forward is alike by nature.
struct Counted {
    connection: Connection,
    asked: Cell<u32>,
}

impl Session for Counted {
    fn execute(&self, sql: &'static str, values: &[Value<'_>]) -> Result<usize, Failure> {
        Session::execute(&self.connection, sql, values)
    }

    fn first<R: FromRow>(&self, sql: &'static str, values: &[Value<'_>]) -> Result<Option<R>, Failure> {
        self.asked.set(self.asked.get() + 1);
        self.connection.first(sql, values)
    }

    fn visit(
        &self,
        sql: &str,
        values: &[Value<'_>],
        visit: &mut dyn FnMut(&dyn Cells) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.asked.set(self.asked.get() + 1);
        self.connection.visit(sql, values, visit)
    }

    fn exists(&self, sql: &'static str, values: &[Value<'_>]) -> Result<bool, Failure> {
        self.asked.set(self.asked.get() + 1);
        self.connection.exists(sql, values)
    }
}

#[test]
fn a_far_database_is_asked_once_for_the_rows_of_a_page() {
    const PEOPLE: u64 = 150;
    const MEMORIES: u64 = 300;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = SqliteStore::open(&path).unwrap();
    let context =
        CallContext::new(Caller::SeleneOs, MonotonicTimeNs::new(1), CorrelationId::new(1), TurnId::new(1));
    let user = |number: u64| format!("user-{}", number % PEOPLE);
    for number in 0..PEOPLE {
        store.ph1f_identity_insert_row(&context, inputs::identity(user(number), "identity")).unwrap();
    }
    for number in 0..MEMORIES {
        let memory = inputs::memory(user(number), "colour", format!("memory-{number}"));
        store.ph1f_memory_append_commit_row(&context, memory).unwrap();
    }
    drop(store);
    let db = Counted { connection: Connection::open(&path).unwrap(), asked: Cell::new(0) };
    let mut out = Vec::new();
    let summary = export(&db, &ExportQuery::default(), &mut out).unwrap();
    let events = PEOPLE + MEMORIES;
    assert_eq!((summary.events, summary.rows), (events, events + MEMORIES));
    assert!(verify_export(out.as_slice(), &[]).unwrap().is_intact());
    // The heads and three pages of events; for each the records, which begin alike, and the memories of many people, sixteen at once.
    let asked = db.asked.get();
    assert!(asked <= 40, "{events} events, and the database was asked {asked} times");
}

#[test]
fn an_index_leads_to_every_row_that_is_asked_for_with_others() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    drop(SqliteStore::open(&path).unwrap());
    let connection = Connection::open(&path).unwrap();
    for ledger in ledgers() {
        for (form, keys) in
            [(Form::OneStart, 1), (Form::OneStart, 256), (Form::AnyStart, 1), (Form::AnyStart, 16)]
        {
            let sql = format!("EXPLAIN QUERY PLAN {}", statement(ledger, form, keys));
            let mut plan = connection.prepare(&sql).unwrap();
            let mut rows = plan.raw_query();
            let mut steps: Vec<String> = Vec::new();
            while let Some(row) = rows.next().unwrap() {
                steps.push(row.get("detail").unwrap());
            }
            assert!(!steps.iter().any(|step| step.starts_with("SCAN")), "{sql}: {steps:?}");
        }
    }
}
