//! The numbers by which SQLite orders the rows of ledgers. No answer holds one and no hash goes over one, so they are checked by themselves.

use rusqlite::Connection;

/// Tables that are only appended to, the column that numbers their rows, and the table that has as many rows as the largest number may be.
/// A record has the number of its event, and not every event has a record.
const NUMBERED: [(&str, &str, &str); 3] = [
    ("audit_events", "ledger_position", "audit_events"),
    ("idempotency_records", "ledger_position", "audit_events"),
    ("wake_runtime_events", "wake_position", "wake_runtime_events"),
];

/// Tables with a number that no append gave. SQLite gives a row the number behind the largest, and a random one where there is none
/// behind it; then the same calls would no longer make the same file.
pub(crate) fn faults(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut faults = Vec::new();
    for (table, column, counted) in NUMBERED {
        let sql = format!("SELECT (SELECT max({column}) FROM {table}), (SELECT count(*) FROM {counted})");
        let (largest, rows): (Option<i64>, i64) =
            connection.query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if let Some(largest) = largest.filter(|largest| *largest > rows) {
            faults.push(format!("{table} has {column} {largest}, where {rows} rows were appended"));
        }
    }
    Ok(faults)
}
