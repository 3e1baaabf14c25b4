//! The numbers by which SQLite orders the rows of ledgers. No answer holds one and no hash goes over one, so they are checked by themselves.

use rusqlite::Connection;

/// Numbers of the rows of a table that is only appended to.
struct Numbers {
    /// The table and the column, as a fault names them.
    column: &'static str,
    /// The statement that gives the largest number.
    largest: &'static str,
    /// The table that has as many rows as the largest number may be.
    counted: &'static str,
}

/// A record has the number of its event, and not every event has a record.
const NUMBERED: [Numbers; 3] = [
    Numbers {
        column: "audit_events has ledger_position",
        largest: "SELECT max(ledger_position) FROM audit_events",
        counted: "audit_events",
    },
    Numbers {
        column: "idempotency_records has ledger_position",
        largest: "SELECT max(ledger_position) FROM idempotency_records",
        counted: "audit_events",
    },
    Numbers {
        column: "wake_runtime_events has wake_position",
        largest: "SELECT max(wake_position) FROM wake_runtime_events",
        counted: "wake_runtime_events",
    },
];

/// Tables with a number that no append gave. SQLite gives a row the number behind the largest, and a random one where there is none
/// behind it; then the same calls would no longer make the same file.
pub(crate) fn faults(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut faults = Vec::new();
    for numbers in NUMBERED {
        let largest: Option<i64> = connection.query_row(numbers.largest, [], |row| row.get(0))?;
        let count = format!("SELECT count(*) FROM {}", numbers.counted);
        let rows: i64 = connection.query_row(&count, [], |row| row.get(0))?;
        if let Some(largest) = largest.filter(|largest| *largest > rows) {
            faults.push(format!("{} {largest}, where {rows} rows were appended", numbers.column));
        }
    }
    Ok(faults)
}
