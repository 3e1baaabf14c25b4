//! The SQL half of commits that are their audit event and nothing else: who is named, and a device's first tenant.

use rusqlite::Connection;
use selene_contracts::Admitted;

use super::failure::Failure;
use super::standing;
use super::write::StoredWrite;
use crate::engines::audit_only::AuditOnly;
use crate::engines::standing::{Binding, Standing};

impl<C: AuditOnly> StoredWrite for C {
    fn load(connection: &Connection, call: &Admitted<Self>) -> Result<Standing, Failure> {
        standing::load(connection, call.input().named())
    }

    fn store(connection: &Connection, change: &Option<Binding>) -> Result<(), Failure> {
        standing::bind(connection, change.as_ref())
    }
}
