//! The SQL half of commits that are their audit event and nothing else: who is named, and a device's first tenant.

use rusqlite::Connection;
use selene_contracts::Admitted;

use crate::commit::write::StoredWrite;
use crate::failure::Failure;
use crate::rows::standing;
use crate::rules::audit_only::AuditOnly;
use crate::rules::standing::{Binding, Standing};

impl<C: AuditOnly> StoredWrite for C {
    fn load(connection: &Connection, call: &Admitted<Self>) -> Result<Standing, Failure> {
        standing::load(connection, call.input().named())
    }

    fn store(connection: &Connection, change: &Option<Binding>) -> Result<(), Failure> {
        standing::bind(connection, change.as_ref())
    }
}
