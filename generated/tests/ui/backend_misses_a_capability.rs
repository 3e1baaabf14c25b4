//! A backend that serves reads only.

use selene_contracts::ph1_write::Ph1writeReadAuditRows;
use selene_contracts::ph1_write::backend::Ph1WriteBackend;
use selene_contracts::{Admitted, Capability, StorageError};

struct Store;

impl Ph1WriteBackend for Store {
    fn ph1write_read_audit_rows(
        &self,
        _call: Admitted<Ph1writeReadAuditRows>,
    ) -> Result<<Ph1writeReadAuditRows as Capability>::Output, StorageError> {
        Ok(Vec::new())
    }
}

fn main() {}
