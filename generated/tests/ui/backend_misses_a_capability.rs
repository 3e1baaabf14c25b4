//! A backend that serves reads only.

use selene_contracts::ph1_write::Ph1writeReadAuditRows;
use selene_contracts::ph1_write::backend::Ph1WriteBackend;
use selene_contracts::{Admitted, AdmittedPage, Capability, Page, PagedRead, StorageError};

struct Store;

impl Ph1WriteBackend for Store {
    fn ph1write_read_audit_rows(
        &self,
        _call: Admitted<Ph1writeReadAuditRows>,
    ) -> Result<<Ph1writeReadAuditRows as Capability>::Output, StorageError> {
        Ok(Vec::new())
    }

    fn ph1write_read_audit_rows_page(
        &self,
        call: AdmittedPage<Ph1writeReadAuditRows>,
    ) -> Result<Page<<Ph1writeReadAuditRows as PagedRead>::Row>, StorageError> {
        Ok(call.page(Vec::new(), None))
    }
}

fn main() {}
