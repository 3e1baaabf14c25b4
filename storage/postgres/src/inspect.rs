//! What a database holds, and how large it is. What must not live here: a change of anything.

use std::collections::BTreeMap;

use selene_contracts::StorageError;
use selene_contracts::row::Value;
use selene_storage::Contents;
use selene_storage::backend::{Failure, Session as _, audit};

use crate::connection::Connection;
use crate::schema;
use crate::store::PostgresStore;

/// What a database on a server holds, in one state of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "command", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Inspection {
    /// The schema version, which is that of this build: a store opens no other.
    pub schema_version: i64,
    /// Bytes of the database on the disk of the server, with what is in it beside the store.
    pub database_bytes: u64,
    /// What it holds, with the tables that only the store itself needs.
    #[cfg_attr(feature = "command", serde(flatten))]
    pub contents: Contents,
    /// Bytes of each table with its indices, in the order of the tables.
    pub table_bytes: Vec<u64>,
    /// Settings of the server on which the durability of an answer depends, by name.
    pub settings: Vec<(&'static str, String)>,
}

/// Settings that are shown.
const SETTINGS: [&str; 8] = [
    "server_version",
    "server_encoding",
    "fsync",
    "full_page_writes",
    "synchronous_commit",
    "synchronous_standby_names",
    "data_checksums",
    "max_connections",
];

/// Sizes and settings of a server.
struct ServerFacts {
    database_bytes: u64,
    table_bytes: Vec<u64>,
    settings: Vec<(&'static str, String)>,
}

impl PostgresStore {
    /// Looks into the database, and counts the rows of every table: it reads all of them, over one connection, while others write.
    ///
    /// # Errors
    /// The store is unavailable, or holds an event that cannot be read.
    pub fn inspect(&self) -> Result<Inspection, StorageError> {
        let (contents, facts) = audit::contents(&*self.shared, facts)?;
        let ServerFacts { database_bytes, table_bytes, settings } = facts;
        Ok(Inspection { schema_version: schema::NEWEST, database_bytes, contents, table_bytes, settings })
    }
}

fn facts(connection: &Connection) -> Result<(ServerFacts, Vec<String>), Failure> {
    let database_bytes = connection.number("SELECT pg_database_size(current_database())", &[])?;
    let mut tables = BTreeMap::new();
    connection.each::<(String, u64)>(
        "SELECT tablename, pg_total_relation_size((quote_ident(schemaname) || '.' || quote_ident(tablename))::regclass)
         FROM pg_tables WHERE schemaname = current_schema()",
        &[],
        &mut |(table, bytes)| {
            tables.insert(table, bytes);
            Ok(())
        },
    )?;
    let mut settings = Vec::new();
    for name in SETTINGS {
        // A server that does not know it has none.
        let value = connection
            .first::<(Option<String>,)>("SELECT current_setting($1, true)", &[Value::Text(name.into())])?;
        if let Some((Some(value),)) = value {
            settings.push((name, value));
        }
    }
    let (tables, table_bytes) = tables.into_iter().unzip();
    Ok((ServerFacts { database_bytes, table_bytes, settings }, tables))
}
