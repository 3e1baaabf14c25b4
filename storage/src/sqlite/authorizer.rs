//! The second lock of every ledger: the writing connection may not prepare a statement that changes one.
//!
//! SQLite asks while it compiles a statement, so nothing is asked on the hot path, where statements are
//! cached. REPLACE is an insert to the authorizer; the triggers hold there.

use rusqlite::Connection;
use rusqlite::hooks::{AuthAction, AuthContext, Authorization};

use crate::truth::ledgers;

/// Locks the ledgers and the schema on this connection.
pub(crate) fn lock(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.authorizer(Some(authorize))
}

/// Lifts the lock. Only the append-only guards do so, to prove that the triggers hold alone, and who takes the mark of a copy away.
pub(crate) fn unlock(connection: &mut Connection) -> rusqlite::Result<()> {
    connection.authorizer(None::<fn(AuthContext<'_>) -> Authorization>)
}

fn authorize(context: AuthContext<'_>) -> Authorization {
    match context.action {
        AuthAction::Update { table_name, .. } | AuthAction::Delete { table_name }
            if is_locked(table_name) =>
        {
            Authorization::Deny
        }
        AuthAction::Insert { table_name } if is_schema(table_name) => Authorization::Deny,
        // Its value bounds how many faults are listed; nothing is set.
        AuthAction::Pragma { pragma_name: "integrity_check", .. } => Authorization::Allow,
        AuthAction::Pragma { pragma_value: Some(_), .. }
        | AuthAction::Attach { .. }
        | AuthAction::Detach { .. }
        | AuthAction::AlterTable { .. }
        | AuthAction::CreateTempTrigger { .. }
        | AuthAction::CreateTempView { .. }
        | AuthAction::CreateTrigger { .. }
        | AuthAction::DropIndex { .. }
        | AuthAction::DropTable { .. }
        | AuthAction::DropTrigger { .. } => Authorization::Deny,
        _ => Authorization::Allow,
    }
}

fn is_locked(table: &str) -> bool {
    is_schema(table) || ledgers().iter().any(|ledger| ledger.eq_ignore_ascii_case(table))
}

fn is_schema(table: &str) -> bool {
    ["sqlite_schema", "sqlite_master", "sqlite_temp_schema", "sqlite_temp_master"]
        .iter()
        .any(|name| name.eq_ignore_ascii_case(table))
}
