//! What a batch does when something breaks in the middle of it.

use std::sync::{Arc, Mutex};

use rusqlite::{Connection, ErrorCode};
use selene_contracts::Capability;
use selene_contracts::ph1_f::{Ph1fFoundationRepo as _, Ph1fIdentityInsertRow, Ph1fReadIdentityRow};
use selene_contracts::ph1_j::AuditEventsRow;
use selene_contracts::row::Selection as _;
use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, TurnId};
use selene_contracts::{Admitted, CallContext, Caller, Disposition, Refusals, StorageError, sql};

use crate::chain::ChainedEvent;
use crate::commit::calls::Serves as _;
use crate::commit::events::{self, Placed};
use crate::commit::operation::{Done, Operation, Queued, Work};
use crate::commit::slot::{self, Slot};
use crate::commit::transaction::Transaction;
use crate::failure::Failure;
use crate::lock::lock;
use crate::observe::Call;
use crate::session::Session as _;
use crate::sqlite::faults::CommitFault;
use crate::sqlite::store::SqliteStore;
use crate::test_support::inputs;
use crate::truth::ledgers;

pub(crate) fn context() -> CallContext {
    CallContext::new(Caller::SeleneOs, MonotonicTimeNs::new(1), CorrelationId::new(1), TurnId::new(1))
}

pub(crate) fn identity(user: &str) -> Ph1fIdentityInsertRow {
    inputs::identity(user, "k")
}

pub(crate) fn exists(store: &SqliteStore, user: &str) -> bool {
    let input = Ph1fReadIdentityRow { user_id: user.into() };
    store.ph1f_read_identity_row(&context(), input).unwrap().is_some()
}

/// Work that a test writes down.
struct Scripted<F>(F);

impl<F: FnMut(&mut Transaction<'_, Connection>) -> Result<(), Failure> + Send> Work<Connection>
    for Scripted<F>
{
    type Output = ();

    fn run(&mut self, transaction: &mut Transaction<'_, Connection>) -> Result<Done<()>, Failure> {
        (self.0)(transaction).map(Ok)
    }

    fn refusals(&self) -> &'static Refusals {
        Ph1fIdentityInsertRow::SPEC.refusals
    }

    fn watch(&self) -> Call {
        Call::unwatched()
    }
}

/// Runs scripted work between two ordinary writes of one batch; gives the answers of all three.
pub(crate) fn in_the_middle(
    store: &SqliteStore,
    script: impl FnMut(&mut Transaction<'_, Connection>) -> Result<(), Failure> + Send + 'static,
) -> [Result<(), StorageError>; 3] {
    let first = store.submit(&context(), identity("first"));
    let slot = Slot::new(None);
    store.shared.commits().enqueue_one(Box::new(Queued::new(Scripted(script), Arc::clone(&slot))));
    let last = store.submit(&context(), identity("last"));
    [first.wait().map(drop), slot::wait(store.shared.as_ref(), &slot), last.wait().map(drop)]
}

fn insert(connection: &Connection, user: &str) -> rusqlite::Result<usize> {
    connection
        .execute("INSERT INTO identities (user_id, created_at, status) VALUES (?1, 0, 'ACTIVE')", [user])
}

#[test]
fn a_rule_that_panics_after_writing_costs_only_its_own_call() {
    let store = SqliteStore::open_in_memory().unwrap();
    let answers = in_the_middle(&store, |transaction| {
        transaction.begin_change()?;
        insert(transaction.session(), "half")?;
        panic!("a rule with a fault");
    });
    assert!(answers[0].is_ok() && answers[2].is_ok());
    assert!(
        matches!(&answers[1], Err(StorageError::BackendUnavailable { detail, .. }) if detail.contains("panicked"))
    );
    assert!(exists(&store, "first") && exists(&store, "last") && !exists(&store, "half"));
    assert!(store.verify_chains(&[]).unwrap().is_intact());
}

#[test]
fn an_error_after_writing_takes_back_its_own_rows_only() {
    let store = SqliteStore::open_in_memory().unwrap();
    let answers = in_the_middle(&store, |transaction| {
        transaction.begin_change()?;
        insert(transaction.session(), "half")?;
        Err(insert(transaction.session(), "half").unwrap_err().into())
    });
    assert!(answers[0].is_ok() && answers[1].is_err() && answers[2].is_ok());
    assert!(exists(&store, "first") && exists(&store, "last") && !exists(&store, "half"));
}

#[test]
fn an_error_that_rolls_back_the_whole_batch_fails_only_the_call_that_caused_it() {
    let store = SqliteStore::open_in_memory().unwrap();
    let answers = in_the_middle(&store, |transaction| {
        transaction.begin_change()?;
        // As SQLite does by itself on a full disk.
        transaction.session().execute_batch("ROLLBACK")?;
        Err(rusqlite::Error::ExecuteReturnedResults.into())
    });
    assert!(answers[0].is_ok() && answers[2].is_ok(), "{answers:?}");
    assert!(matches!(answers[1], Err(StorageError::BackendUnavailable { .. })));
    assert!(exists(&store, "first") && exists(&store, "last"));
    let report = store.verify_chains(&[]).unwrap();
    assert!(report.is_intact() && report.events == 2, "{report:?}");
}

#[test]
fn an_unknown_commit_says_so_and_a_retry_learns_its_outcome() {
    let folder = tempfile::tempdir().unwrap();
    for (fault, retry) in [
        (CommitFault::ReportsAfter, Disposition::Replayed { identical: true }),
        (CommitFault::ReportsInstead, Disposition::Applied),
    ] {
        for store in [
            SqliteStore::open_in_memory().unwrap(),
            SqliteStore::open(folder.path().join(format!("{fault:?}"))).unwrap(),
        ] {
            store.ph1f_identity_insert_row(&context(), identity("before")).unwrap();
            lock(&store.shared.commits().batches).driver.faults.next_commit = fault;
            let error = store.ph1f_identity_insert_row(&context(), identity("ada")).unwrap_err();
            assert!(matches!(error, StorageError::OutcomeUnknown { .. }), "{error}");
            let again = store.ph1f_identity_insert_row(&context(), identity("ada")).unwrap();
            assert_eq!(again.disposition, retry, "{fault:?}");
            let report = store.verify_chains(&[]).unwrap();
            assert!(report.is_intact() && report.events == 2, "{report:?}");
        }
    }
}

#[test]
fn a_call_that_arrives_while_a_batch_runs_shares_its_commit() {
    let store = SqliteStore::open_in_memory().unwrap();
    lock(&store.shared.commits().batches).driver.faults.next_commit = CommitFault::ReportsInstead;
    let (handle, late) = (store.clone(), Arc::new(Mutex::new(None)));
    let arrived = Arc::clone(&late);
    let answers = in_the_middle(&store, move |_| {
        let ticket = handle.submit(&context(), identity("late"));
        *lock(&arrived) = Some(ticket);
        Ok(())
    });
    let late = lock(&late).take().unwrap().wait().map(drop);
    // The one commit that failed was that of all four.
    for answer in answers.iter().chain([&late]) {
        assert!(matches!(answer, Err(StorageError::OutcomeUnknown { .. })), "{answer:?}");
    }
}

/// Writes a row, and then fails.
fn fail_after_writing(transaction: &mut Transaction<'_, Connection>) -> Result<(), Failure> {
    transaction.begin_change()?;
    insert(transaction.session(), "half")?;
    Err(insert(transaction.session(), "half").unwrap_err().into())
}

#[test]
fn a_lone_call_that_fails_after_writing_leaves_nothing() {
    let store = SqliteStore::open_in_memory().unwrap();
    store.ph1f_identity_insert_row(&context(), identity("first")).unwrap();
    let slot = Slot::new(None);
    store
        .shared
        .commits()
        .enqueue_one(Box::new(Queued::new(Scripted(fail_after_writing), Arc::clone(&slot))));
    assert!(slot::wait(store.shared.as_ref(), &slot).is_err());
    store.ph1f_identity_insert_row(&context(), identity("last")).unwrap();
    assert!(exists(&store, "first") && exists(&store, "last") && !exists(&store, "half"));
    let report = store.verify_chains(&[]).unwrap();
    assert!(report.is_intact() && report.events == 2, "{report:?}");
}

#[test]
fn a_late_call_that_fails_after_writing_costs_no_other_call() {
    let store = SqliteStore::open_in_memory().unwrap();
    let (handle, late) = (store.clone(), Slot::new(None));
    let mut slot = Some(Arc::clone(&late));
    let answers = in_the_middle(&store, move |_| {
        // The batch runs again without the late call's rows; it joins only once.
        if let Some(slot) = slot.take() {
            handle.shared.commits().enqueue_one(Box::new(Queued::new(Scripted(fail_after_writing), slot)));
        }
        Ok(())
    });
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert!(slot::wait(store.shared.as_ref(), &late).is_err());
    assert!(exists(&store, "first") && exists(&store, "last") && !exists(&store, "half"));
    let report = store.verify_chains(&[]).unwrap();
    assert!(report.is_intact() && report.events == 2, "{report:?}");
}

#[test]
fn an_operation_that_is_lost_answers_that_its_fate_is_unknown() {
    let slot = Slot::new(None);
    let lost: Box<dyn Operation<Connection>> =
        Box::new(Queued::new(Scripted(|_: &mut Transaction<'_, Connection>| Ok(())), Arc::clone(&slot)));
    drop(lost);
    assert!(matches!(slot.take(), Some(Err(StorageError::OutcomeUnknown { .. }))));
}

#[test]
fn the_writing_connection_prepares_no_statement_that_changes_a_ledger_or_the_schema() {
    let store = SqliteStore::open_in_memory().unwrap();
    let locks = locks(&store);
    let answers = in_the_middle(&store, move |transaction| {
        let connection = transaction.session();
        let mut statements: Vec<String> = ledgers()
            .iter()
            .flat_map(|ledger| {
                [
                    format!("UPDATE {ledger} SET rowid = 1"),
                    format!("DELETE FROM {ledger}"),
                    format!("INSERT INTO {ledger} SELECT * FROM {ledger} WHERE true ON CONFLICT DO UPDATE SET event_id = 1"),
                    format!("DROP TABLE {ledger}"),
                    format!("ALTER TABLE {ledger} ADD COLUMN extra"),
                    format!("CREATE TRIGGER x AFTER INSERT ON {ledger} BEGIN SELECT 1; END"),
                    format!("CREATE TEMP TRIGGER x AFTER INSERT ON {ledger} BEGIN SELECT 1; END"),
                ]
            })
            .collect();
        statements.extend(locks.iter().map(|lock| format!("DROP TRIGGER {}", lock.name)));
        statements.extend(
            [
                "PRAGMA foreign_keys = OFF",
                "PRAGMA writable_schema = ON",
                "ATTACH ':memory:' AS other",
                "CREATE TABLE other (a)",
            ]
            .map(str::to_owned),
        );
        for sql in statements {
            let error = connection.execute_batch(&sql).expect_err(&sql);
            let is_denied = error.sqlite_error_code() == Some(ErrorCode::AuthorizationForStatementDenied);
            // An upsert on a table without that column fails before the authorizer is asked.
            assert!(is_denied || error.to_string().contains("no such column"), "{sql}: {error}");
        }
        Ok(())
    });
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
}

/// A trigger that keeps a ledger as it is.
struct Lock {
    name: String,
    table: String,
    /// `UPDATE`, `DELETE`; `INSERT` of what would replace a row.
    event: String,
}

/// Every trigger that claims to be one, by the statements that made them.
fn locks(store: &SqliteStore) -> Vec<Lock> {
    let lock = |row: &rusqlite::Row<'_>| {
        let sql: String = row.get("sql")?;
        // CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events
        let event = sql.split_whitespace().skip_while(|word| *word != "BEFORE").nth(1).unwrap_or_default();
        Ok(Lock { name: row.get("name")?, table: row.get("tbl_name")?, event: event.to_owned() })
    };
    let locks = store.shared.once(Ph1fIdentityInsertRow::SPEC.refusals, |connection| {
        let mut statement = connection.prepare(
            "SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = 'trigger' AND sql LIKE '%append-only%'",
        )?;
        Ok(statement.query_map([], lock)?.collect::<rusqlite::Result<Vec<_>>>()?)
    });
    locks.unwrap()
}

#[test]
fn every_ledger_has_its_triggers_and_no_other_table_claims_to_be_one() {
    let store = SqliteStore::open_in_memory().unwrap();
    let locks = locks(&store);
    let mut found: Vec<_> = locks.iter().map(|lock| (lock.table.as_str(), lock.event.as_str())).collect();
    found.sort_unstable();
    let mut expected: Vec<_> = ledgers()
        .iter()
        .flat_map(|ledger| ["DELETE", "INSERT", "UPDATE"].map(move |event| (*ledger, event)))
        .collect();
    expected.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn readers_cannot_write() {
    let folder = tempfile::tempdir().unwrap();
    for store in [SqliteStore::open_in_memory().unwrap(), SqliteStore::open(folder.path().join("x")).unwrap()]
    {
        let answer = store.shared.once(Ph1fIdentityInsertRow::SPEC.refusals, |connection| {
            insert(connection, "sneaky")?;
            Ok(())
        });
        assert!(matches!(answer, Err(StorageError::BackendUnavailable { .. })), "{answer:?}");
    }
}

#[test]
fn a_foreign_key_that_sqlite_reports_names_its_field() {
    let store = SqliteStore::open_in_memory().unwrap();
    let answers = in_the_middle(&store, |transaction| {
        transaction.begin_change()?;
        let call = Admitted::admit(&context(), identity("x"))?;
        let event = crate::rules::EventDraft::fixed(&call)?.device(Some(&"no-such-device".into()));
        let event = event.user(Some(&"first".into())).payload([("status", "ACTIVE")]);
        let event = event.checked::<Ph1fIdentityInsertRow>(call.context())?;
        let (place, head) = events::next_place(transaction, &event)?.expect("nobody else writes");
        let placed = Placed { event_id: &"aud_1".into(), place: &place, head, seals: &[] };
        let result = events::append(transaction, &context(), &event, &placed);
        crate::commit::foreign_keys::explain::<Ph1fIdentityInsertRow>(result, transaction.session(), &event)
    });
    assert!(
        matches!(&answers[1], Err(StorageError::ForeignKey { field: "device_id", table: "devices", .. })),
        "{answers:?}"
    );
}

#[test]
fn an_exchanged_event_breaks_the_link_of_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x");
    let store = SqliteStore::open(&path).unwrap();
    for user in ["one", "two", "three"] {
        store.ph1f_identity_insert_row(&context(), identity(user)).unwrap();
    }
    // With the right hash, so that the forged event is consistent in itself.
    let raw = Connection::open(&path).unwrap();
    for lock in locks(&store).iter().filter(|lock| lock.table == "audit_events" && lock.event == "UPDATE") {
        raw.execute_batch(&format!("DROP TRIGGER {}", lock.name)).unwrap();
    }
    raw.execute("UPDATE audit_events SET severity = 'ERROR' WHERE chain_sequence = 2", []).unwrap();
    let mut forged = None;
    raw.visit(
        sql!("SELECT {*AuditEventsRow} FROM {@audit_events} WHERE {chain_sequence} = 2"),
        &[],
        &mut |cells| {
            let values: Vec<_> = (0..AuditEventsRow::COLUMNS.len()).map(|place| cells.cell(place)).collect();
            forged = ChainedEvent::of_values(&values, 0).ok().map(|event| event.hash());
            Ok(())
        },
    )
    .unwrap();
    raw.execute("UPDATE audit_events SET hash = ?1 WHERE chain_sequence = 2", [forged.unwrap()]).unwrap();
    let faults: Vec<_> =
        store.verify_chains(&[]).unwrap().faults.iter().map(|fault| (fault.sequence, fault.kind)).collect();
    assert_eq!(faults, [(3, crate::check::FaultKind::Unlinked)]);
}
