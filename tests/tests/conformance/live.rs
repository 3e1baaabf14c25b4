//! What the live schema has, as SQLite's own pragmas give it.

use std::collections::BTreeMap;

use rusqlite::{Connection, Params, Row};

/// What stands for the index of a key that has none of its own.
const ROW_NUMBER: &str = "the row number";

/// Every table of a database.
pub struct Live {
    pub tables: BTreeMap<String, LiveTable>,
}

/// A table as it lies in a database.
pub struct LiveTable {
    pub is_strict: bool,
    pub has_rowid: bool,
    pub columns: Vec<LiveColumn>,
    pub indices: Vec<LiveIndex>,
    pub foreign_keys: Vec<LiveForeignKey>,
    /// The condition of every CHECK, with one space between words.
    pub checks: Vec<String>,
    /// The statements of the table, its indices and its triggers.
    pub statements: Vec<String>,
}

/// A column of such a table.
pub struct LiveColumn {
    pub name: String,
    pub sql_type: String,
    pub is_not_null: bool,
    /// Place in the primary key, from one; zero outside of it.
    pub key_place: u32,
    pub default: Option<String>,
}

/// One index, the primary key's included.
pub struct LiveIndex {
    pub name: String,
    pub columns: Vec<String>,
    /// How each of them is compared.
    pub collations: Vec<String>,
    pub is_unique: bool,
    pub is_primary_key: bool,
    /// The condition of a partial index.
    pub condition: Option<String>,
}

/// One foreign key.
pub struct LiveForeignKey {
    /// Each of its columns with the one that it refers to.
    pub columns: Vec<(String, String)>,
    pub table: String,
    /// What a change or removal of the other row does to this one, where it is more than being refused.
    pub actions: Vec<String>,
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
            let statements: Vec<String> = rows(
                connection,
                "SELECT sql FROM sqlite_schema WHERE tbl_name = ?1 AND sql IS NOT NULL ORDER BY type <> 'table', name",
                [&name],
                |row| row.get(0),
            )?;
            let table = LiveTable {
                is_strict,
                has_rowid: !without_rowid,
                indices: indices(connection, &name, &columns)?,
                columns,
                foreign_keys: Vec::new(),
                checks: statements.first().map_or_else(Vec::new, |sql| checks(sql)),
                statements,
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

    /// Whether a column is the row number itself.
    pub fn is_row_number(&self, column: &str) -> bool {
        self.row_number().is_some_and(|key| matches!(key.as_slice(), [only] if only == column))
    }

    /// The columns that a condition names, in the order of the table.
    pub fn columns_of(&self, condition: &str) -> Vec<&str> {
        // Every other part stands in quotes.
        let words: Vec<&str> = condition
            .split('\'')
            .step_by(2)
            .flat_map(|part| part.split(|c: char| !c.is_ascii_alphanumeric() && c != '_'))
            .collect();
        let names = self.columns.iter().map(|column| column.name.as_str());
        names.filter(|name| words.contains(name)).collect()
    }
}

/// The conditions of the checks in a table's statement.
fn checks(sql: &str) -> Vec<String> {
    let lines = sql.lines().map(|line| line.split("--").next().unwrap_or_default());
    let text = lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
    let behind = text.split("CHECK").skip(1).map(str::trim_start);
    behind.filter_map(|rest| rest.strip_prefix('(')).map(|rest| enclosed(rest).to_owned()).collect()
}

/// The text up to the bracket that closes it.
fn enclosed(text: &str) -> &str {
    let mut depth = 1_u32;
    let mut is_quoted = false;
    for (place, c) in text.char_indices() {
        match c {
            '\'' => is_quoted = !is_quoted,
            '(' if !is_quoted => depth += 1,
            ')' if !is_quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return &text[..place];
        }
    }
    text
}

fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<LiveColumn>> {
    rows(
        connection,
        "SELECT name, type, \"notnull\", pk, dflt_value FROM pragma_table_xinfo(?1) ORDER BY cid",
        [table],
        |row| {
            Ok(LiveColumn {
                name: row.get(0)?,
                sql_type: row.get(1)?,
                is_not_null: row.get(2)?,
                key_place: row.get(3)?,
                default: row.get(4)?,
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
        let (columns, collations) = rows(
            connection,
            "SELECT coalesce(name, '(expression)'), coll FROM pragma_index_xinfo(?1) WHERE key ORDER BY seqno",
            [&name],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?
        .into_iter()
        .unzip();
        let is_primary_key = origin == "pk";
        let words = sql.split_whitespace().collect::<Vec<_>>().join(" ");
        let condition = words.split_once(" WHERE ").map(|(_, rest)| rest.to_owned());
        indices.push(LiveIndex { name, columns, collations, is_unique, is_primary_key, condition });
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
                collations: Vec::new(),
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
    let listed = rows(
        connection,
        "SELECT id, seq, \"from\", \"table\", \"to\", on_update, on_delete FROM pragma_foreign_key_list(?1) ORDER BY id, seq",
        [table],
        |row| {
            let (id, place): (u32, u16) = (row.get(0)?, row.get(1)?);
            let (column, table, to): (String, String, Option<String>) =
                (row.get(2)?, row.get(3)?, row.get(4)?);
            // A reference without columns means the primary key.
            let key = || tables.get(&table).map(LiveTable::primary_key).unwrap_or_default();
            let to = to.or_else(|| key().get(usize::from(place)).cloned()).unwrap_or_default();
            let actions = [("UPDATE", row.get::<_, String>(5)?), ("DELETE", row.get(6)?)];
            Ok((id, (column, to), table, actions))
        },
    )?;
    let mut keys: BTreeMap<u32, LiveForeignKey> = BTreeMap::new();
    for (id, columns, table, actions) in listed {
        let actions = actions.iter().filter(|(_, action)| action != "NO ACTION");
        let actions = actions.map(|(what, action)| format!("ON {what} {action}")).collect();
        let key = keys.entry(id).or_insert(LiveForeignKey { columns: Vec::new(), table, actions });
        key.columns.push(columns);
    }
    Ok(keys.into_values().collect())
}
