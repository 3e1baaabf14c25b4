//! The keys of a table, and the statements that follow from one: its row, the rows that share the start of it, and how many there are.
//!
//! What lives here: which keys a contract gives, their names in Rust, and the texts. What must not: Rust tokens.

use super::selection::{Selection, bare_name, conditions, counter, tables};
use crate::contract::{Contract, Field, Table, TypeRef};
use crate::naming;

/// Columns of which a table has one row at most.
#[derive(Debug, Clone, PartialEq)]
pub struct Key<'a> {
    /// The table whose columns they are.
    pub table: &'a Table,
    /// Its struct in Rust: `DevicesKey`, `AccessInstancesByTenantIdAndUserId`, `WakeProfileBindingsActive`.
    pub name: String,
    /// The columns, in its order.
    pub columns: Vec<&'a Field>,
    /// Which rows it is a key of, if not of all: `active = 1`.
    pub condition: Option<&'a str>,
}

/// `DevicesKey`, the struct of the primary key of a table.
#[must_use]
pub fn primary_key_name(table: &Table) -> String {
    format!("{}Key", naming::pascal(bare_name(table)))
}

/// The keys of a table whose columns always have a value: the primary one first, then the unique ones, then those of some rows.
#[must_use]
pub fn keys(table: &Table) -> Vec<Key<'_>> {
    let of_table = naming::pascal(bare_name(table));
    let key = |name: String, columns: &[String], condition| {
        let column = |name: &String| table.columns.iter().find(|column| column.name == *name);
        let columns: Vec<&Field> = columns.iter().map(column).collect::<Option<_>>()?;
        let may_be_absent = columns.iter().any(|column| matches!(column.ty, TypeRef::Option(_)));
        (!may_be_absent).then_some(Key { table, name, columns, condition })
    };
    let primary = key(primary_key_name(table), &table.primary_key, None);
    let unique = table.unique_keys.iter().map(|columns| {
        let names: Vec<String> = columns.iter().map(|column| naming::pascal(column)).collect();
        key(format!("{of_table}By{}", names.join("And")), columns, None)
    });
    let partial = table.constraints.iter().filter_map(|constraint| constraint.unique_where.as_ref());
    let partial = partial.map(|index| {
        key(format!("{of_table}{}", naming::pascal(&index.name)), &index.columns, index.condition.as_deref())
    });
    std::iter::once(primary).chain(unique).chain(partial).flatten().collect()
}

/// The keys of all tables of a contract.
pub fn all_keys(contract: &Contract) -> impl Iterator<Item = Key<'_>> {
    tables(contract).flat_map(keys)
}

impl Key<'_> {
    /// Whether the key is the primary one.
    #[must_use]
    pub fn is_primary(&self) -> bool {
        self.columns.iter().map(|column| &column.name).eq(&self.table.primary_key)
    }

    /// Whether rows are listed by the start of the key: it is one of all rows.
    #[must_use]
    pub const fn lists(&self) -> bool {
        self.condition.is_none()
    }

    /// `SELECT a, b FROM table WHERE a = $1`: the row of the key.
    #[must_use]
    pub fn select(&self, selection: &Selection<'_>) -> String {
        format!("{} WHERE {}", selection.select(), self.condition_of_all())
    }

    /// `SELECT 1 FROM table WHERE a = $1`: whether there is one.
    #[must_use]
    pub fn exists(&self) -> String {
        format!("SELECT 1 FROM {} WHERE {}", bare_name(self.table), self.condition_of_all())
    }

    /// `SELECT a, b FROM table WHERE a = $1 ORDER BY b`: the rows that share the first columns of the key, `given` of them, in the
    /// order of the others.
    #[must_use]
    pub fn select_list(&self, selection: &Selection<'_>, given: usize) -> String {
        let names = self.names();
        let start =
            if given == 0 { String::new() } else { format!(" WHERE {}", conditions(&names[..given], 0)) };
        format!("{}{start} ORDER BY {}", selection.select(), names[given..].join(", "))
    }

    /// `SELECT max(b) FROM table WHERE a = $1`: the highest number of a primary key whose last column counts 1, 2, 3.
    #[must_use]
    pub fn highest(&self) -> Option<String> {
        let counter = counter(self.table).filter(|_| self.is_primary())?;
        let names = self.names();
        let start = &names[..names.len() - 1];
        let table = bare_name(self.table);
        let start = if start.is_empty() { String::new() } else { format!(" WHERE {}", conditions(start, 0)) };
        Some(format!("SELECT max({counter}) FROM {table}{start}"))
    }

    fn condition_of_all(&self) -> String {
        let condition = self.condition.map_or_else(String::new, |condition| format!(" AND {condition}"));
        format!("{}{condition}", conditions(&self.names(), 0))
    }

    /// The names of the columns.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.columns.iter().map(|column| column.name.as_str()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        let columns = "[{name: tenant_id, type: String}, {name: note_seq, type: u64}, {name: at, type: Option<u64>}, {name: state, type: String}]";
        let constraints = "[{counter: note_seq}, {unique_where: {name: open, columns: [tenant_id], where: state = 'OPEN'}}]";
        let text = format!(
            "{{name: os.notes, truth_type: LEDGER, primary_key: [tenant_id, note_seq], columns: {columns}, \
             unique_keys: [[state, tenant_id], [at]], constraints: {constraints}}}"
        );
        crate::yaml::from_str(&text).unwrap()
    }

    #[test]
    fn a_column_that_may_be_absent_is_of_no_key() {
        let table = table();
        let keys = keys(&table);
        let names: Vec<&str> = keys.iter().map(|key| key.name.as_str()).collect();
        assert_eq!(names, ["NotesKey", "NotesByStateAndTenantId", "NotesOpen"]);
        let is_primary: Vec<bool> = keys.iter().map(Key::is_primary).collect();
        assert_eq!(is_primary, [true, false, false]);
        assert!(!keys[2].lists(), "rows of which it is no key would be left out");
    }

    #[test]
    fn statements_follow_from_a_key() {
        let table = table();
        let all = Selection::of(&table, &table.columns);
        let [primary, by_state, open] = keys(&table).try_into().unwrap();
        let columns = "SELECT tenant_id, note_seq, at, state FROM notes";
        assert_eq!(primary.select(&all), format!("{columns} WHERE tenant_id = $1 AND note_seq = $2"));
        assert_eq!(by_state.exists(), "SELECT 1 FROM notes WHERE state = $1 AND tenant_id = $2");
        assert_eq!(open.select(&all), format!("{columns} WHERE tenant_id = $1 AND state = 'OPEN'"));
        assert_eq!(primary.select_list(&all, 0), format!("{columns} ORDER BY tenant_id, note_seq"));
        assert_eq!(primary.select_list(&all, 1), format!("{columns} WHERE tenant_id = $1 ORDER BY note_seq"));
        assert_eq!(primary.highest().unwrap(), "SELECT max(note_seq) FROM notes WHERE tenant_id = $1");
        assert_eq!((by_state.highest(), open.highest()), (None, None));
    }
}
