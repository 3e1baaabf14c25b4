//! A row that an earlier build wrote has no company; the next one of the same position has it. Sealed rows stay as sealed.
//!
//! It goes by the file that the step before has written, so it names the store of files.

use rusqlite::Connection;
use rusqlite::types::Value as Stored;
use selene_acceptance::{context, place};
use selene_contracts::ph1_position::{
    Ph1PositionRepo as _, Ph1positionLifecycleCommitRow, PositionEventsRow, PositionLifecycle,
};
use selene_contracts::row::{Cells, FromRow as _, Selection as _, Value};
use selene_contracts::shared::{CompanyId, SimulationId};
use selene_storage::SqliteStore;

/// One row as SQLite gives it.
struct Row(Vec<Stored>);

impl Cells for Row {
    fn cell(&self, position: usize) -> Value<'_> {
        match self.0.get(position) {
            None | Some(Stored::Null) => Value::Null,
            Some(Stored::Integer(value)) => Value::Integer(*value),
            Some(Stored::Real(value)) => Value::Real(*value),
            Some(Stored::Text(value)) => Value::Text(value.into()),
            Some(Stored::Blob(value)) => Value::Bytes(value.into()),
        }
    }
}

#[test]
fn the_column_is_written_and_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("selene.db");
    std::fs::copy(place::package().join("tests/sealed.db"), &path).unwrap();
    let store = SqliteStore::open(&path).unwrap();
    let before = store.verify_rows().unwrap();
    assert!(before.is_intact() && before.sealed > 0, "{before:?}");
    let input = Ph1positionLifecycleCommitRow {
        tenant_id: "globex".into(),
        position_id: "nurse".into(),
        position_lifecycle: PositionLifecycle::Retired,
        idempotency_key: "retire".into(),
    };
    let now = context(1_000_000_000).with_simulation(SimulationId::new("simulation"));
    store.ph1position_lifecycle_commit_row(&now, input).unwrap();
    assert!(store.verify(&[]).unwrap().is_intact());
    drop(store);

    let raw = Connection::open(&path).unwrap();
    let select = format!("{} WHERE tenant_id = 'globex' ORDER BY position_event_seq", PositionEventsRow::SELECT);
    let mut statement = raw.prepare(&select).unwrap();
    let columns = statement.column_count();
    let rows = statement
        .query_map([], |row| (0..columns).map(|column| row.get(column)).collect::<Result<_, _>>().map(Row))
        .unwrap();
    let companies: Vec<(u64, Option<CompanyId>)> = rows
        .map(|row| PositionEventsRow::from_row(&row.unwrap()).unwrap())
        .map(|row| (row.position_event_seq, row.company_id))
        .collect();
    assert_eq!(companies, [(1, None), (2, Some(CompanyId::new("clinic")))]);
}
