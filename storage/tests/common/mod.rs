//! What the tests of the store share: callers, a small world of rows, and raw connections as another program
//! has them.

#![allow(dead_code)]

mod calls;
pub mod enrollments;
pub mod journeys;
mod tamper;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use selene_contracts::ph1_f::{
    DeviceRecord, IdentityRecord, Ph1fConversationAppendCommitRow, Ph1fDeviceInsertRow,
    Ph1fFoundationRepo as _, Ph1fMemoryAppendCommitRow, Ph1fSessionOpenCommitRow, SessionRecord,
};
use selene_contracts::ph1_persona::Ph1personaProfileCommitRow;
use selene_contracts::ph1_position::Ph1positionSchemaDraftRow;
use selene_contracts::ph1_write::Ph1writeFormatCommitRow;
use selene_contracts::shared::{MonotonicTimeNs, SessionId};
use selene_contracts::{CallContext, Committed, EveryRepo, StorageError};
use selene_storage::SqliteStore;
use selene_storage::test_support::inputs;

pub use calls::context;

/// A database file in a folder of its own.
pub struct World {
    folder: tempfile::TempDir,
}

impl World {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("selene.db")
    }

    pub fn open(&self) -> SqliteStore {
        SqliteStore::open(self.path()).unwrap()
    }

    /// A connection with SQLite's own defaults.
    pub fn raw(&self) -> Connection {
        raw(&self.path())
    }

    /// Runs SQL on the file, as nothing of ours would let it: without a trigger and without a check. It must change
    /// something. The triggers are back afterwards, as somebody who covers their tracks leaves them.
    pub fn tamper(&self, sql: &str) {
        tamper::tamper(&self.path(), sql);
    }

    /// Drops the trigger that refuses `UPDATE`, `DELETE` or `INSERT` of rows of a ledger, and gives its name.
    pub fn unlock(&self, ledger: &str, event: &str) -> String {
        let raw = self.raw();
        let lock = "SELECT name FROM sqlite_schema
            WHERE type = 'trigger' AND tbl_name = $1 AND sql LIKE '%BEFORE ' || $2 || ' ON%'";
        let name: String = raw.query_row(lock, [ledger, event], |row| row.get(0)).unwrap();
        raw.execute_batch(&format!("DROP TRIGGER {name}")).unwrap();
        name
    }
}

/// A connection with SQLite's own defaults: nothing that this crate sets.
pub fn raw(path: &Path) -> Connection {
    let connection = Connection::open(path).unwrap();
    connection.execute_batch("PRAGMA foreign_keys = OFF; PRAGMA recursive_triggers = OFF").unwrap();
    connection
}

pub fn identity(store: &impl EveryRepo, user: &str) -> Result<Committed<IdentityRecord>, StorageError> {
    let input = inputs::identity(user, "identity");
    store.ph1f_identity_insert_row(&context(1), input)
}

pub fn device(
    store: &impl EveryRepo,
    device: &str,
    user: &str,
    tenant: Option<&str>,
) -> Result<Committed<DeviceRecord>, StorageError> {
    let input =
        Ph1fDeviceInsertRow { tenant_id: tenant.map(Into::into), ..inputs::device(device, user, "device") };
    store.ph1f_device_insert_row(&context(1), input)
}

pub fn session(
    store: &impl EveryRepo,
    session: u64,
    user: &str,
    device: &str,
) -> Result<Committed<SessionRecord>, StorageError> {
    let input = Ph1fSessionOpenCommitRow {
        session_id: SessionId::new(session),
        user_id: user.into(),
        device_id: device.into(),
        idempotency_key: "session".into(),
    };
    store.ph1f_session_open_commit_row(&context(1), input)
}

/// Ada with a phone and a session, Bob with a tablet and a session; no device has a tenant yet.
pub fn populate(store: &impl EveryRepo) {
    for (number, user, device_id) in [(1, "ada", "ada-phone"), (2, "bob", "bob-tablet")] {
        identity(store, user).unwrap();
        device(store, device_id, user, None).unwrap();
        session(store, number, user, device_id).unwrap();
    }
}

/// A row in every ledger.
pub fn fill_ledgers(store: &SqliteStore) {
    store.ph1f_memory_append_commit_row(&context(5), memory("ada", "colour", "m1")).unwrap();
    store.ph1f_conversation_append_commit_row(&context(5), turn("ada", "c1")).unwrap();
    enrollments::fill(store);
    workplace(store, "t");
}

/// A call of Selene OS in a simulation.
pub fn simulated(now_ns: u64) -> CallContext {
    let mut context = context(6).with_simulation("simulation".into());
    context.now = MonotonicTimeNs::new(now_ns);
    context
}

/// A company, its position `nurse` and a draft of a requirement schema, in a tenant.
pub fn workplace(store: &impl EveryRepo, tenant: &str) {
    let company = inputs::company(tenant, "clinic", "company");
    store.ph1position_company_insert_row(&simulated(10), company).unwrap();
    let position = inputs::position(tenant, "nurse", "clinic", "position");
    store.ph1position_create_draft_row(&simulated(10), position).unwrap();
    store.ph1position_schema_draft_row(&simulated(10), schema(tenant, "v1")).unwrap();
}

/// A draft of a requirement schema of position `nurse`, without fields.
pub fn schema(tenant: &str, version: &str) -> Ph1positionSchemaDraftRow {
    inputs::schema(tenant, "nurse", version, "schema")
}

pub fn memory(user: &str, key: &str, idempotency_key: &str) -> Ph1fMemoryAppendCommitRow {
    inputs::memory(user, key, idempotency_key)
}

pub fn turn(user: &str, idempotency_key: &str) -> Ph1fConversationAppendCommitRow {
    inputs::turn(user, idempotency_key)
}

/// A profile decision of Ada in a tenant.
pub fn profile(tenant: &str, idempotency_key: &str) -> Ph1personaProfileCommitRow {
    inputs::profile(tenant, "ada", "ada-phone", idempotency_key)
}

/// A formatting outcome of Ada in a tenant.
pub fn format(tenant: &str, idempotency_key: &str) -> Ph1writeFormatCommitRow {
    inputs::format(tenant, "ada", "ada-phone", idempotency_key)
}

/// Every row of every table as text, in key order: equal exactly if the content is. A dump takes all columns of whatever schema a file has,
/// so it says `SELECT *`, as tests and benchmarks do that look at a file from outside; statements of the store name their columns.
pub fn dump(path: &Path) -> String {
    let connection = raw(path);
    let mut names = connection
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name",
        )
        .unwrap();
    let names: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
    let mut text = String::new();
    for name in names {
        let mut statement = connection.prepare(&format!("SELECT * FROM {name} ORDER BY 1, 2")).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            text.push_str(&name);
            for column in 0..columns {
                write!(text, " {:?}", row.get_ref(column).unwrap()).unwrap();
            }
            text.push('\n');
        }
    }
    text
}

/// How many rows a table has.
pub fn count(path: &Path, table: &str) -> i64 {
    raw(path).query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}
