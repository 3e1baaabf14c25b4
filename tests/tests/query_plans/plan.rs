//! What SQLite does for a statement, and whether that stays fast on a large table.

use std::collections::BTreeSet;

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use rusqlite::types::Null;
use tempfile::TempDir;

/// What is known about a database, to ask for plans and to read them.
pub struct Planner {
    connection: Connection,
    _folder: TempDir,
    /// Columns that are the row number itself.
    row_numbers: BTreeSet<String>,
}

/// One step of what SQLite does for a statement.
#[derive(Debug)]
pub struct Step {
    id: i64,
    parent: i64,
    /// In SQLite's words: `SEARCH devices USING INDEX … (device_id=?)`.
    pub detail: String,
}

/// What is wrong with the plan of a statement.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// Rows are read that the answer does not need; the text says which.
    Slow(String),
    /// Comparisons with parameters that no index leads to.
    Unsearched(Vec<String>),
}

impl Planner {
    /// On a database of the store's schema, in a folder that lives as long.
    pub fn new(folder: TempDir, connection: Connection) -> Self {
        // A row that `INSERT … ON CONFLICT` adds could end a missing reference, so SQLite plans a walk through those who
        // refer to it. It takes that walk only while one is missing, which is never: every statement is checked at its end.
        connection.execute_batch("PRAGMA foreign_keys = OFF").unwrap();
        assert!(connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRIGGER_EQP, true).unwrap());
        let row_numbers = row_numbers(&connection);
        Self { connection, _folder: folder, row_numbers }
    }

    /// What SQLite does for a statement, its triggers included.
    pub fn plan(&self, sql: &str) -> Vec<Step> {
        let mut statement = self.connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect(sql);
        let parameters = vec![Null; statement.parameter_count()];
        let rows = statement
            .query_map(rusqlite::params_from_iter(parameters), |row| {
                Ok(Step { id: row.get("id")?, parent: row.get("parent")?, detail: row.get("detail")? })
            })
            .unwrap();
        rows.map(Result::unwrap).collect()
    }

    /// The indices that a migration has made, by name.
    pub fn indices(&self) -> Vec<String> {
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name";
        let mut indices = self.connection.prepare(sql).unwrap();
        indices.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    /// What is wrong with the plan of a statement.
    pub fn fault(&self, sql: &str) -> Option<Fault> {
        let steps = self.plan(sql);
        let slow = if is_lookup(sql) { slow_lookup(&steps) } else { slow_reading(&steps) };
        let unsearched = || {
            let columns: Vec<String> = compared(sql)
                .into_iter()
                .filter(|column| !self.is_searched(column, &steps))
                .map(str::to_owned)
                .collect();
            (!columns.is_empty()).then_some(Fault::Unsearched(columns))
        };
        slow.map(Fault::Slow).or_else(unsearched)
    }

    /// Whether an index leads to the rows with one value of the column.
    fn is_searched(&self, column: &str, steps: &[Step]) -> bool {
        let column = column.rsplit('.').next().unwrap_or_default();
        let searched = format!("{column}=?");
        steps.iter().any(|step| {
            let conditions = step.detail.split_once('(').map_or("", |(_, conditions)| conditions);
            step.detail.starts_with("SEARCH")
                && ((self.row_numbers.contains(column) && conditions.contains("rowid=?"))
                    || conditions.trim_end_matches(')').split(" AND ").any(|named| named == searched))
        })
    }
}

/// A primary key that is one integer is the row number, and SQLite calls it so.
fn row_numbers(connection: &Connection) -> BTreeSet<String> {
    let sql = "SELECT max(key.name) FROM sqlite_schema AS made, pragma_table_info(made.name) AS key
               WHERE made.type = 'table' AND key.pk > 0
               GROUP BY made.name HAVING count(*) = 1 AND max(upper(key.type)) = 'INTEGER'";
    let mut keys = connection.prepare(sql).unwrap();
    keys.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
}

/// Whether a statement has a parameter, beside one that says how many rows to give: those are walked, and no more of them.
fn is_lookup(sql: &str) -> bool {
    let sql = sql.rsplit_once(" LIMIT $").map_or(sql, |(before, _)| before);
    sql.contains(['?', '$']) || sql.contains(" :")
}

fn slow_lookup(steps: &[Step]) -> Option<String> {
    walks(steps).first().map(|step| format!("a lookup walks a table: {}", step.detail))
}

fn slow_reading(steps: &[Step]) -> Option<String> {
    let walks = walks(steps);
    if let Some(step) = walks.iter().find(|step| is_repeated(steps, step)) {
        return Some(format!("a table is walked for every row of another one: {}", step.detail));
    }
    if walks.len() > 1 {
        return Some(format!("{} tables are walked, one for every row of another one", walks.len()));
    }
    // Rows that were grouped before are as few as the groups.
    let is_grouped = steps.iter().any(|step| step.detail.starts_with("CO-ROUTINE"));
    let sorts = steps.iter().any(|step| step.detail.contains("TEMP B-TREE"));
    (sorts && !is_grouped).then(|| "a whole table is sorted".to_owned())
}

/// The steps that walk a table.
fn walks(steps: &[Step]) -> Vec<&Step> {
    let is_walk = |step: &&Step| {
        // An index that SQLite makes for one statement is made of the whole table.
        if step.detail.contains("AUTOMATIC") {
            return true;
        }
        let Some(what) = step.detail.strip_prefix("SCAN ") else { return false };
        // SQLite's own list of tables, and lists of values, do not grow with the rows.
        let is_small = step.detail.contains("sqlite_schema") || step.detail.contains("CONSTANT ROW");
        // What another part of the plan gives is walked once, as that part is.
        let name = what.split(' ').next().unwrap_or_default();
        let is_given = steps.iter().any(|step| {
            ["CO-ROUTINE ", "MATERIALIZE "]
                .iter()
                .any(|verb| step.detail.strip_prefix(verb).is_some_and(|given| given == name))
        });
        !is_small && !is_given
    };
    steps.iter().filter(is_walk).collect()
}

/// Whether a step is done again for every row of another one.
fn is_repeated(steps: &[Step], step: &Step) -> bool {
    step.detail.starts_with("CORRELATED")
        || steps.iter().find(|above| above.id == step.parent).is_some_and(|above| is_repeated(steps, above))
}

/// The columns, or calls of functions, that a statement compares with a parameter for equality.
pub fn compared(sql: &str) -> Vec<&str> {
    let conditions = sql.split_once("WHERE ").map_or("", |(_, conditions)| conditions);
    let mut found = Vec::new();
    for sign in [" = ", " IS ", " IS NOT DISTINCT FROM "] {
        for (place, _) in conditions.match_indices(sign) {
            if conditions[place + sign.len()..].starts_with(['?', ':', '$']) {
                found.push(last_operand(&conditions[..place]));
            }
        }
    }
    found
}

/// The column or the call of a function that a text ends with.
fn last_operand(text: &str) -> &str {
    let mut depth = 0_usize;
    let start = text.char_indices().rev().find(|(_, c)| {
        match c {
            ')' => depth += 1,
            '(' if depth > 0 => depth -= 1,
            _ => return depth == 0 && (c.is_whitespace() || matches!(c, '(' | ',')),
        }
        false
    });
    start.map_or(text, |(place, c)| &text[place + c.len_utf8()..])
}

#[test]
fn comparisons_with_parameters_are_found() {
    assert_eq!(compared("SELECT a = ?1 FROM t"), [""; 0]);
    assert_eq!(compared("UPDATE t SET a = $1 WHERE b = $2 AND (t.c = :c OR d > $3)"), ["b", "t.c"]);
    assert_eq!(compared("SELECT 1 FROM t WHERE e IS NOT DISTINCT FROM $1 AND f IS $2"), ["f", "e"]);
    assert_eq!(compared("SELECT 1 FROM t WHERE a = b AND coalesce(g, '') = $1"), ["coalesce(g, '')"]);
}
