//! What the live schema has, as SQLite's own pragmas tell it.

use std::collections::BTreeMap;

use rusqlite::{Connection, Params, Row};

/// What stands for the index of a key that has none of its own.
const ROW_NUMBER: &str = "the row number";

/// Every table of a database.
pub struct Live {
    pub tables: BTreeMap<String, LiveTable>,
}

/// One table.
pub struct LiveTable {
    pub is_strict: bool,
    pub has_rowid: bool,
    pub columns: Vec<LiveColumn>,
    pub indices: Vec<LiveIndex>,
    pub foreign_keys: Vec<LiveForeignKey>,
}

/// One column.
pub struct LiveColumn {
    pub name: String,
    pub sql_type: String,
    pub is_not_null: bool,
    /// Place in the primary key, from one; zero outside of it.
    pub key_place: u32,
}

/// One index, the primary key's included.
pub struct LiveIndex {
    pub name: String,
    pub columns: Vec<String>,
    pub is_unique: bool,
    pub is_primary_key: bool,
    /// The condition of a partial index.
    pub condition: Option<String>,
}

/// One foreign key of one column.
pub struct LiveForeignKey {
    pub column: String,
    pub table: String,
    pub to: String,
}

fn rows<T>(
    connection: &Connection,
    sql: &str,
    parameters: impl Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    connection.prepare(sql)?.query_map(parameters, read)?.collect()
}

impl Live {
    /// Reads the schema of the main database.
    pub fn read(connection: &Connection) -> rusqlite::Result<Self> {
        let listed = rows(
            connection,
            "SELECT name, strict, wr FROM pragma_table_list WHERE schema = 'main' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
            [],
            |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get::<_, bool>(2)?)),
        )?;
        let mut tables = BTreeMap::new();
        for (name, is_strict, without_rowid) in listed {
            let columns = columns(connection, &name)?;
            let table = LiveTable {
                is_strict,
                has_rowid: !without_rowid,
                indices: indices(connection, &name, &columns)?,
                columns,
                foreign_keys: Vec::new(),
            };
            tables.insert(name, table);
        }
        let names: Vec<String> = tables.keys().cloned().collect();
        for name in names {
            let keys = foreign_keys(connection, &name, &tables)?;
            if let Some(table) = tables.get_mut(&name) {
                table.foreign_keys = keys;
            }
        }
        Ok(Self { tables })
    }
}

impl LiveTable {
    /// Columns of the primary key, in its order.
    pub fn primary_key(&self) -> Vec<String> {
        let mut key: Vec<&LiveColumn> = self.columns.iter().filter(|column| column.key_place > 0).collect();
        key.sort_by_key(|column| column.key_place);
        key.into_iter().map(|column| column.name.clone()).collect()
    }

    /// The column that is the row number itself, if there is one.
    pub fn row_number(&self) -> Option<&Vec<String>> {
        self.indices.iter().find(|index| index.name == ROW_NUMBER).map(|index| &index.columns)
    }
}

fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<LiveColumn>> {
    rows(
        connection,
        "SELECT name, type, \"notnull\", pk FROM pragma_table_xinfo(?1) ORDER BY cid",
        [table],
        |row| {
            Ok(LiveColumn {
                name: row.get(0)?,
                sql_type: row.get(1)?,
                is_not_null: row.get(2)?,
                key_place: row.get(3)?,
            })
        },
    )
}

fn indices(connection: &Connection, table: &str, columns: &[LiveColumn]) -> rusqlite::Result<Vec<LiveIndex>> {
    let listed = rows(
        connection,
        "SELECT name, \"unique\", origin FROM pragma_index_list(?1) ORDER BY name",
        [table],
        |row| Ok((row.get::<_, String>(0)?, row.get(1)?, row.get::<_, String>(2)?)),
    )?;
    let mut indices = Vec::new();
    for (name, is_unique, origin) in listed {
        // The index of a primary key may have no statement.
        let sql = "SELECT coalesce(max(sql), '') FROM sqlite_schema WHERE name = ?1";
        let sql: String = connection.query_row(sql, [&name], |row| row.get(0))?;
        // An expression has no column name; its brackets keep it from being taken for one.
        let columns = rows(
            connection,
            "SELECT coalesce(name, '(expression)') FROM pragma_index_info(?1) ORDER BY seqno",
            [&name],
            |row| row.get(0),
        )?;
        let is_primary_key = origin == "pk";
        let words = sql.split_whitespace().collect::<Vec<_>>().join(" ");
        let condition = words.split_once(" WHERE ").map(|(_, rest)| rest.to_owned());
        indices.push(LiveIndex { name, columns, is_unique, is_primary_key, condition });
    }
    // A whole-number key is the row number itself and has no index of its own.
    if !indices.iter().any(|index| index.is_primary_key) {
        let key: Vec<String> =
            columns.iter().filter(|column| column.key_place > 0).map(|column| column.name.clone()).collect();
        if !key.is_empty() {
            let name = ROW_NUMBER.to_owned();
            indices.push(LiveIndex {
                name,
                columns: key,
                is_unique: true,
                is_primary_key: true,
                condition: None,
            });
        }
    }
    Ok(indices)
}

fn foreign_keys(
    connection: &Connection,
    table: &str,
    tables: &BTreeMap<String, LiveTable>,
) -> rusqlite::Result<Vec<LiveForeignKey>> {
    rows(
        connection,
        "SELECT \"from\", \"table\", coalesce(\"to\", '') FROM pragma_foreign_key_list(?1) ORDER BY id, seq",
        [table],
        |row| {
            let (column, table, mut to): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            // A reference without columns means the primary key.
            if to.is_empty() {
                to = tables.get(&table).map(LiveTable::primary_key).unwrap_or_default().join(", ");
            }
            Ok(LiveForeignKey { column, table, to })
        },
    )
}
