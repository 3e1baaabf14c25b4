//! A server as a store for recorded calls.

use selene_contracts::{CallContext, Committed, StorageError};
use selene_storage::StoredWrite;
use selene_storage_postgres::PostgresStore;

use crate::calls::Writes;

impl Writes for PostgresStore {
    fn write<C: StoredWrite>(
        &self,
        context: &CallContext,
        input: C,
    ) -> Result<Committed<C::Output>, StorageError> {
        self.submit(context, input).wait()
    }
}
