//! Questions to the catalog and the settings of a server, asked when a store is opened.

use tokio_postgres::types::FromSqlOwned;

use crate::connection::Connection;
use crate::open_error::OpenError;

/// The schema of all tables of a store.
pub(crate) const SCHEMA: &str = "selene";

/// Settings on which the texts of the catalog, by which a schema is compared, and those of statements depend.
pub(crate) const TEXTS: &str =
    "SET standard_conforming_strings = on; SET bytea_output = hex; SET quote_all_identifiers = off";

/// The one value of an answer.
pub(crate) fn one<T: FromSqlOwned>(connection: &Connection, sql: &str) -> Result<T, OpenError> {
    let row = connection.wait(connection.client().query_one(sql, &[])).map_err(OpenError::Sql)?;
    row.try_get(0).map_err(OpenError::Sql)
}

/// The texts of an answer with one column.
pub(crate) fn texts(connection: &Connection, sql: &str) -> Result<Vec<String>, OpenError> {
    let rows = connection.wait(connection.client().query(sql, &[])).map_err(OpenError::Sql)?;
    rows.iter().map(|row| row.try_get(0).map_err(OpenError::Sql)).collect()
}

/// The one row of an answer whose columns are texts.
pub(crate) fn row_of_texts<const COLUMNS: usize>(
    connection: &Connection,
    sql: &str,
) -> Result<[String; COLUMNS], OpenError> {
    let row = connection.wait(connection.client().query_one(sql, &[])).map_err(OpenError::Sql)?;
    let mut texts = [const { String::new() }; COLUMNS];
    for (position, text) in texts.iter_mut().enumerate() {
        *text = row.try_get(position).map_err(OpenError::Sql)?;
    }
    Ok(texts)
}
