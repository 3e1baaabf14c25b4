//! A database of a server whose rows are copied into a file.

use selene_storage::SavedHead;
use selene_storage::backend::transfer::{Numbered, Source, TransferError, heads};

use super::error::CopyError;
use super::options::CopyOptions;
use crate::connection::Connection;
use crate::connection::address::Address;
use crate::server::{Role, Server};

/// A database in one state, whatever is written to it meanwhile.
pub(super) struct ServerSource {
    server: Server,
    /// With an open transaction.
    connection: Connection,
    heads: Vec<SavedHead>,
}

impl ServerSource {
    /// Connects as the role of the stores.
    pub(super) fn open(address: &str, options: &CopyOptions) -> Result<Self, CopyError> {
        let server = Server::new(Address::parse(address).map_err(CopyError::Server)?, options.of_server());
        let connection = server.connect_and_check_schema(Role::Reader).map_err(CopyError::Server)?;
        // Where rows are sorted first, the first of them takes its time.
        connection.give_up_after(None);
        let begun = connection.begin_snapshot().and_then(|()| heads(&connection));
        let heads = begun.map_err(TransferError::source)?;
        Ok(Self { server, connection, heads })
    }

    /// The newest event of every chain in that state.
    pub(super) fn heads(&self) -> &[SavedHead] {
        &self.heads
    }

    /// Whether nothing was written since.
    pub(super) fn is_still_so(&self) -> Result<bool, CopyError> {
        let connection = self.server.connect(Role::Reader, None).map_err(CopyError::Server)?;
        connection.give_up_after(None);
        let heads = heads(&connection).map_err(TransferError::source)?;
        Ok(heads == self.heads)
    }
}

impl Source for ServerSource {
    type Session = Connection;

    const NUMBERED: Numbered = Numbered::Some;

    fn session(&self) -> &Connection {
        &self.connection
    }
}
