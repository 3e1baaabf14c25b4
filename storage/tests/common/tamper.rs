//! A file as somebody changes it who covers their tracks.

use std::path::Path;

use rusqlite::Connection;

/// Runs SQL on a file, as nothing of ours would let it: without a trigger, a reference and a condition. It must change something. The
/// triggers are back afterwards.
pub fn tamper(path: &Path, sql: &str) {
    let raw = Connection::open(path).unwrap();
    let mut triggers = raw.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").unwrap();
    let triggers = triggers.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    let triggers: Vec<(String, String)> = triggers.collect::<Result<_, _>>().unwrap();
    for (name, _) in &triggers {
        raw.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
    }
    raw.execute_batch(
        "PRAGMA foreign_keys = OFF; PRAGMA recursive_triggers = OFF; PRAGMA ignore_check_constraints = ON",
    )
    .unwrap();
    raw.execute_batch(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    assert!(raw.changes() > 0, "{sql} changed nothing");
    for (_, statement) in &triggers {
        raw.execute_batch(statement).unwrap();
    }
}
