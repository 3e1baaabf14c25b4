//! Released files in which rows no longer say what the newest schema takes from them: they are refused by name, and nothing of
//! them is changed.

use selene_storage::{OpenError, SqliteStore};

use super::Released;
use super::raw::{behind_the_locks, contents};

const WAKE: &str = "capability = 'PH1W_RUNTIME_EVENT_COMMIT_ROW'";

/// What is done to a file, the table that then cannot be carried over, how many of its rows, and what they need.
struct Damage {
    sql: String,
    table: &'static str,
    rows: u64,
    needs: &'static str,
}

impl Damage {
    fn of_wake_events(sql: String, rows: u64) -> Self {
        Self {
            sql,
            table: "wake_runtime_events",
            rows,
            needs: "one idempotency record whose outcome names it",
        }
    }
}

fn damages() -> Vec<Damage> {
    let first = format!("(SELECT min(ledger_position) FROM idempotency_records WHERE {WAKE})");
    let outcome = |outcome: &str| {
        format!("UPDATE idempotency_records SET outcome = {outcome} WHERE ledger_position = {first}")
    };
    let others = format!(
        "(SELECT outcome FROM idempotency_records WHERE {WAKE} ORDER BY ledger_position DESC LIMIT 1)"
    );
    vec![
        Damage::of_wake_events(outcome("'{'"), 1),
        Damage::of_wake_events(outcome("''"), 1),
        Damage::of_wake_events(outcome("'{}'"), 1),
        Damage::of_wake_events(outcome("'[]'"), 1),
        Damage::of_wake_events(outcome("json_set(outcome, '$.wake_event_id', NULL)"), 1),
        Damage::of_wake_events(outcome("json_set(outcome, '$.wake_event_id', 7)"), 1),
        Damage::of_wake_events(outcome("json_set(outcome, '$.wake_event_id', 'no such event')"), 1),
        // Two records name one event, and none the other.
        Damage::of_wake_events(outcome(&others), 2),
        Damage::of_wake_events(format!("DELETE FROM idempotency_records WHERE ledger_position = {first}"), 1),
        Damage::of_wake_events(format!("DELETE FROM idempotency_records WHERE {WAKE}"), 3),
        Damage {
            sql: format!("DELETE FROM audit_events WHERE ledger_position = {first}"),
            table: "idempotency_records",
            rows: 1,
            needs: "the audit event of its write",
        },
    ]
}

#[test]
fn a_file_whose_rows_lack_what_the_newest_schema_takes_is_refused_by_name_and_left_as_it_was() {
    for version in [4, 5] {
        for damage in damages() {
            let released = Released::copy(version);
            behind_the_locks(&released.path(), &damage.sql);
            let before = contents(&released.path());
            assert_eq!(before.0, version);
            let error = SqliteStore::open(released.path()).expect_err(&damage.sql);
            let OpenError::Unfilled { table, rows, needs } = &error else {
                panic!("{}: {error}", damage.sql)
            };
            assert_eq!(
                (table.as_str(), *rows, needs.as_str()),
                (damage.table, damage.rows, damage.needs),
                "{}",
                damage.sql
            );
            assert_eq!(contents(&released.path()), before, "version {version}: {}", damage.sql);
        }
    }
}

/// A record that nothing is taken from is carried over as it is.
#[test]
fn an_unreadable_answer_of_another_capability_is_in_nobodys_way() {
    let released = Released::copy(5);
    let sql = "UPDATE idempotency_records SET outcome = '{' WHERE capability = 'PH1F_IDENTITY_INSERT_ROW'";
    behind_the_locks(&released.path(), sql);
    drop(released.open());
    let (_, tables) = contents(&released.path());
    let unreadable =
        tables["idempotency_records"].iter().filter(|row| super::raw::text(row, "outcome") == "{");
    assert!(unreadable.count() > 3);
}
