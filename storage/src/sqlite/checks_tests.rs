//! The checks of a whole store, on a store.

use std::path::Path;

use rusqlite::Connection;
use selene_contracts::ph1_f::{Ph1fFoundationRepo as _, SessionsRow};
use selene_contracts::ph1_j::AuditEventsRow;
use selene_contracts::ph1_position::TenantCompaniesRow;
use selene_contracts::row::{Column as _, Selection, Value};
use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, TurnId};
use selene_contracts::tables::sessions;
use selene_contracts::{CallContext, Caller, engines};

use crate::chain::ChainedEvent;
use crate::check::folds::answers::check_partitioned;
use crate::check::folds::counters::check_ledger;
use crate::check::seals;
use crate::check::stream::{Stream, Unread, each_row};
use crate::check::{FaultKind, FoldReport};
use crate::event_values::at;
use crate::session::Session as _;
use crate::sqlite::schema;
use crate::sqlite::store::SqliteStore;
use crate::test_support::inputs;

#[test]
fn every_table_of_today_is_covered() {
    let store = SqliteStore::open_in_memory().unwrap();
    let report = store.verify_folds().unwrap();
    assert_eq!(report.not_covered, Vec::<String>::new());
}

#[test]
fn a_gap_in_a_ledger_that_only_its_counter_leads_through_is_named() {
    let mut connection = Connection::open_in_memory().unwrap();
    schema::migrate(&mut connection).unwrap();
    connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    for (user, seq) in [("ada", 1), ("ada", 2), ("bob", 1), ("bob", 3), ("bob", 4), ("cleo", 2)] {
        let sql = format!("INSERT INTO memory_ledger VALUES ('{user}', {seq}, 'k', 'STORE', 'v', 1)");
        connection.execute_batch(&sql).unwrap();
    }
    let tables = engines::ALL.iter().flat_map(|engine| engine.tables);
    let table = tables.into_iter().find(|table| table.bare_name() == "memory_ledger").unwrap();
    let mut report = FoldReport::default();
    check_ledger(&connection, table, &mut report).unwrap();
    let gaps: Vec<_> = report.faults.iter().map(|fault| (fault.row.as_str(), fault.field)).collect();
    assert_eq!(gaps, [("bob, 3", "memory_seq"), ("cleo, 2", "memory_seq")]);
    assert_eq!(report.ledger_rows, 6);
}

/// The values of the first two columns of every row, read in pages of this many.
fn rows<R: Selection>(connection: &Connection, page_rows: usize) -> Vec<[Value<'static>; 2]> {
    let rows = Stream::of::<R>(connection).in_pages_of(page_rows).map(|row| {
        let row = row.unwrap();
        [0, 1].map(|position| row.value(R::COLUMNS[position]).unwrap().clone())
    });
    rows.collect()
}

#[test]
fn a_stream_gives_every_row_once_in_the_order_of_its_key_however_long_a_page_is() {
    let mut connection = Connection::open_in_memory().unwrap();
    schema::migrate(&mut connection).unwrap();
    connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
    let keys = [("s", "c"), ("t", "a"), ("t", "b"), ("t", "c"), ("u", "a"), ("u", "ä")];
    for (tenant, company) in keys.iter().rev() {
        let sql =
            format!("INSERT INTO tenant_companies VALUES ('{tenant}', '{company}', 'n', 'ACTIVE', 1, 1, 1)");
        connection.execute_batch(&sql).unwrap();
    }
    let ids = [u64::MAX - 1, u64::MAX, 1, 2, 3];
    for id in ids {
        let id = id.cast_signed();
        let sql = format!("INSERT INTO sessions VALUES ({id}, 'u', 'd', 'OPEN', 1, 1, NULL, 1)");
        connection.execute_batch(&sql).unwrap();
    }
    let companies = keys.map(|(tenant, company)| [tenant, company].map(|text| Value::Text(text.into())));
    let sessions = ids.map(|id| [id.value().into_owned(), Value::Text("u".into())]);
    for page_rows in [1, 2, 3, 5, 6, 7, 100] {
        assert_eq!(rows::<TenantCompaniesRow>(&connection, page_rows), companies, "{page_rows} a page");
        assert_eq!(rows::<SessionsRow>(&connection, page_rows), sessions, "{page_rows} a page");
    }
    let mut found = Vec::new();
    each_row(
        &connection,
        TenantCompaniesRow::TABLE,
        TenantCompaniesRow::COLUMNS,
        TenantCompaniesRow::KEY,
        &mut |row| {
            found.push([0, 1].map(|position| row.values()[position].clone().into_owned()));
            Ok(())
        },
    )
    .unwrap();
    let is_found = |company: &[Value<'_>; 2]| found.contains(company);
    assert!(companies.len() == found.len() && companies.iter().all(is_found), "in one answer: {found:?}");
}

#[test]
fn a_stream_ends_with_its_first_failure() {
    let connection = Connection::open_in_memory().unwrap();
    let mut rows = Stream::of::<SessionsRow>(&connection);
    assert!(rows.next().is_some_and(|row| row.is_err()), "there is no such table");
    assert!(rows.next().is_none());
}

#[test]
fn a_value_in_another_form_is_unreadable_and_nothing_of_it_is_shown() {
    let mut connection = Connection::open_in_memory().unwrap();
    schema::migrate(&mut connection).unwrap();
    connection
        .execute_batch("INSERT INTO tenant_companies VALUES ('secret', 'c', 'n', 'ACTIVE', 1, 1, 1)")
        .unwrap();
    let row = Stream::of::<TenantCompaniesRow>(&connection).next().unwrap().unwrap();
    let unread = |column| Unread { table: "tenant_companies", row: "secret, c".to_owned(), column };
    let number = row.get::<u64>(TenantCompaniesRow::COLUMNS[2]);
    assert_eq!(number, Err(unread("legal_name")), "the key is the only value that is named");
    assert_eq!(row.get::<u64>(sessions::SESSION_ID), Err(unread("session_id")), "there is no such column");
}

/// A company whose insert was answered with a name, by an event that seals the row or by one from before.
fn answered(number: u32, name: &str, is_sealed: bool) -> String {
    let seal = format!(r#"'[["tenant_companies",["t","c{number}"],1,"{}"]]'"#, "0".repeat(64));
    let seals = if is_sealed { &seal } else { "NULL" };
    format!(
        "INSERT INTO audit_events VALUES ('e{number}', {number}, 1, 't', NULL, NULL, NULL, NULL, 'PH1.POSITION',
             'STATE_TRANSITION', 'R', 'INFO', x'{number:032}', 1, NULL, '{{}}', NULL, NULL, 't', {number},
             zeroblob(32), zeroblob(32), {seals});
         INSERT INTO idempotency_records VALUES ({number}, 't', {number}, x'{number:064}', 's', 'PH1.POSITION',
             'PH1POSITION_COMPANY_INSERT_ROW', 't', zeroblob(32),
             '{{\"tenant_id\":\"t\",\"company_id\":\"c{number}\",\"legal_name\":\"{name}\",\"company_state\":\"ACTIVE\",
               \"created_at\":1,\"updated_at\":1}}');"
    )
}

fn company(number: u32, name: &str) -> String {
    format!("INSERT INTO tenant_companies VALUES ('t', 'c{number}', '{name}', 'ACTIVE', 1, 1, 1);")
}

#[test]
fn the_faults_are_the_same_however_many_rows_are_held_at_once() {
    for is_sealed in [true, false] {
        check_at_once(is_sealed);
    }
}

fn check_at_once(is_sealed: bool) {
    let mut connection = Connection::open_in_memory().unwrap();
    schema::migrate(&mut connection).unwrap();
    // The second and the ninth are gone, the fourth and the last were never answered, the sixth was changed.
    for number in 1..=9 {
        let name = if number == 6 { "Changed" } else { "Clinic" };
        let is_answered = ![4, 8].contains(&number);
        let sql = [
            (is_answered, answered(number, "Clinic", is_sealed)),
            (![2, 9].contains(&number), company(number, name)),
        ];
        for (_, sql) in sql.iter().filter(|(is_there, _)| *is_there) {
            connection.execute_batch(sql).unwrap();
        }
    }
    for at_once in [1, 2, 3, 7, 8, 100] {
        let mut report = FoldReport::default();
        check_partitioned(&connection, &mut report, at_once).unwrap();
        let mut faults: Vec<String> = report
            .faults
            .iter()
            .map(|fault| format!("{} {} {:?}", fault.row, fault.field, fault.kind))
            .collect();
        faults.sort();
        let expected = [
            "t, c2 company_id Missing",
            "t, c4 company_id Unfounded",
            "t, c6 legal_name Differs",
            "t, c8 company_id Unfounded",
            "t, c9 company_id Missing",
        ];
        assert_eq!(faults, expected, "{at_once} at once");
        assert_eq!((report.rows, report.ledger_rows), (7, 7), "{at_once} at once");
    }
}

/// A call of an identity's insert.
fn insert_identity(store: &SqliteStore, user: &str) {
    let context =
        CallContext::new(Caller::SeleneOs, MonotonicTimeNs::new(1), CorrelationId::new(7), TurnId::new(1));
    let input = inputs::identity(user, user);
    store.ph1f_identity_insert_row(&context, input).unwrap();
}

#[test]
fn rows_are_held_against_their_seals_the_same_in_any_number_of_parts() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = SqliteStore::open(&path).unwrap();
    for user in ["ann", "ben", "cleo", "dan", "eve"] {
        insert_identity(&store, user);
    }
    let connection = without_locks(&path);
    assert!(seals::check(&connection).unwrap().is_intact());
    connection
        .execute_batch(
            "PRAGMA foreign_keys = OFF;
             UPDATE identities SET primary_language = 'de' WHERE user_id = 'ben';
             DELETE FROM identities WHERE user_id = 'dan';
             UPDATE identities SET user_id = 'eva' WHERE user_id = 'eve'",
        )
        .unwrap();
    for at_once in [1, 2, 3, 7, 100] {
        let report = seals::check_partitioned(&connection, at_once).unwrap();
        let faults: Vec<String> = report
            .faults
            .iter()
            .map(|fault| {
                format!("{} {} {:?} {}", fault.table, fault.key, fault.kind, fault.event_id.is_some())
            })
            .collect();
        let expected = [
            "identities ben Changed true",
            "identities dan Missing true",
            "identities eva Unfounded false",
            "identities eve Missing true",
        ];
        assert_eq!(faults, expected, "{at_once} at once");
        assert_eq!((report.rows, report.sealed, report.unsealed), (9, 7, 0), "{at_once} at once");
    }
}

#[test]
fn an_event_that_seals_nothing_behind_one_that_does_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("store.db");
    let store = SqliteStore::open(&path).unwrap();
    for user in ["ann", "ben"] {
        insert_identity(&store, user);
    }
    let connection = without_locks(&path);
    // Nobody needs a secret to hash the last event as one of before.
    let newest = format!("{}, ledger_position", AuditEventsRow::COLUMN_LIST);
    let select = format!("SELECT {newest} FROM audit_events ORDER BY chain_sequence DESC LIMIT 1");
    let mut old = [0; 32];
    connection
        .visit(&select, &[], &mut |cells| {
            let mut values: Vec<Value<'_>> =
                (0..AuditEventsRow::COLUMNS.len()).map(|position| cells.cell(position)).collect();
            values[at!(ROW_SEALS)] = Value::Null;
            let Value::Integer(number) = cells.cell(values.len()) else { panic!("an event has a number") };
            old = ChainedEvent::of_values(&values, number.cast_unsigned()).unwrap().hash();
            Ok(())
        })
        .unwrap();
    let sql = "UPDATE audit_events SET row_seals = NULL, hash = ?1 WHERE chain_sequence = 2";
    assert_eq!(connection.execute(sql, [old]).unwrap(), 1);
    let faults = store.verify_chains(&[]).unwrap().faults;
    let found: Vec<_> = faults.iter().map(|fault| (fault.sequence, fault.kind)).collect();
    assert_eq!(found, [(2, FaultKind::Unsealed)]);
}

/// A connection to a file whose triggers are gone.
fn without_locks(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    let mut locks = connection.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").unwrap();
    let names: Vec<String> = locks.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    drop(locks);
    for name in names {
        connection.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    connection
}
