//! Rows that a transaction has added: those that are kept back until they are sent, many of a table at once, and what all of them
//! change about answers that were read ahead.
//!
//! What must not live here: the connection, and when rows are sent.

use std::collections::{BTreeMap, BTreeSet};

use selene_contracts::row::{TableRow, Value};

use crate::statement::reach::{Reach, write_value};

/// The tables that rows of a table refer to, by its name.
pub(crate) type References = BTreeMap<String, BTreeSet<String>>;

/// The rows that the open transaction has added.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    tables: BTreeMap<&'static str, Table>,
    /// What was not sent yet, in the order in which it has to be.
    groups: Vec<Group>,
    /// Tables of which rows were changed, or added by a statement of its own.
    changed: BTreeSet<String>,
}

#[derive(Debug, Default)]
struct Table {
    columns: &'static [&'static str],
    rows: Vec<Vec<Value<'static>>>,
    /// The values of a column in so many of the rows, for columns that reads ask for.
    values: BTreeMap<usize, (usize, BTreeSet<Vec<u8>>)>,
}

/// Rows of one table that are sent together.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Group {
    pub(crate) table: &'static str,
    /// The statement that adds one.
    pub(crate) insert: &'static str,
    /// The statement that adds several.
    pub(crate) insert_many: &'static str,
    from: usize,
    to: usize,
}

impl Kept {
    /// Keeps a row. It is sent with the last group of its table, unless a later group has rows that it may refer to.
    pub(crate) fn add<R: TableRow>(&mut self, values: &[Value<'_>], references: &References) {
        let table = self.tables.entry(R::TABLE).or_default();
        table.columns = R::COLUMNS;
        let place = table.rows.len();
        table.rows.push(values.iter().map(|value| value.clone().into_owned()).collect());
        let refers_to = references.get(R::TABLE);
        let mut later = self.groups.iter().rev();
        let is_before_what_it_needs =
            |group: &&Group| refers_to.is_none_or(|tables| tables.contains(group.table));
        let joined = later
            .by_ref()
            .take_while(|group| group.table == R::TABLE || !is_before_what_it_needs(group))
            .position(|group| group.table == R::TABLE);
        match joined.and_then(|behind| self.groups.len().checked_sub(behind + 1)) {
            Some(group) => self.groups[group].to = place + 1,
            None => self.groups.push(Group {
                table: R::TABLE,
                insert: R::INSERT,
                insert_many: R::INSERT_MANY,
                from: place,
                to: place + 1,
            }),
        }
    }

    /// A statement of its own changes rows of a table.
    pub(crate) fn changed_by(&mut self, sql: &str) {
        let mut words = sql.split_whitespace();
        let table = match words.next() {
            Some("UPDATE") => words.next(),
            Some("INSERT") => words.nth(1),
            _ => return,
        };
        self.changed.extend(table.map(str::to_owned));
    }

    /// The groups that were not sent yet.
    pub(crate) fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The groups that are to be sent now.
    pub(crate) fn take_groups(&mut self) -> Vec<Group> {
        std::mem::take(&mut self.groups)
    }

    /// The rows of a group.
    pub(crate) fn rows(&self, group: &Group) -> &[Vec<Value<'static>>] {
        self.tables.get(group.table).map_or(&[], |table| &table.rows[group.from..group.to])
    }

    /// Whether an answer of before these rows is the answer still.
    pub(crate) fn leaves(&mut self, reach: &Reach, values: &[Value<'_>]) -> bool {
        let changed = &self.changed;
        let tables = &mut self.tables;
        reach.tables.iter().all(|reached| {
            !changed.contains(&reached.table)
                && tables.get_mut(reached.table.as_str()).is_none_or(|table| {
                    reached.equal.as_ref().is_some_and(|(column, parameter)| {
                        values.get(*parameter).is_some_and(|value| !table.has(column, value))
                    })
                })
        })
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

impl Table {
    /// Whether a row has this value in a column; also where the column is not known.
    fn has(&mut self, column: &str, value: &Value<'_>) -> bool {
        let Some(position) = self.columns.iter().position(|known| *known == column) else { return true };
        let (seen, values) = self.values.entry(position).or_default();
        for row in &self.rows[*seen..] {
            let mut written = Vec::new();
            write_value(&row[position], &mut written);
            values.insert(written);
        }
        *seen = self.rows.len();
        let mut asked = Vec::new();
        write_value(value, &mut asked);
        values.contains(&asked)
    }
}

#[cfg(test)]
mod tests {
    use selene_contracts::ph1_f::{DevicesRow, IdempotencyRecordsRow, IdentitiesRow};
    use selene_contracts::ph1_j::AuditEventsRow;

    use super::*;

    fn references() -> References {
        let tables = |tables: &[&str]| tables.iter().map(|table| (*table).to_owned()).collect();
        [
            ("identities".to_owned(), tables(&[])),
            ("devices".to_owned(), tables(&["identities"])),
            ("audit_events".to_owned(), tables(&["identities", "devices"])),
            ("idempotency_records".to_owned(), tables(&["audit_events"])),
        ]
        .into()
    }

    fn add<R: TableRow>(kept: &mut Kept, first: &str) {
        let mut values = vec![Value::Null; R::COLUMNS.len()];
        values[0] = Value::Text(first.to_owned().into());
        kept.add::<R>(&values, &references());
    }

    fn operation<R: TableRow>(kept: &mut Kept, key: &str) {
        add::<R>(kept, key);
        add::<AuditEventsRow>(kept, key);
        add::<IdempotencyRecordsRow>(kept, key);
    }

    fn groups(kept: &Kept) -> Vec<(&'static str, usize)> {
        kept.groups().iter().map(|group| (group.table, kept.rows(group).len())).collect()
    }

    #[test]
    fn rows_of_a_table_are_sent_together_and_behind_those_that_they_refer_to() {
        let mut kept = Kept::default();
        operation::<DevicesRow>(&mut kept, "phone");
        operation::<DevicesRow>(&mut kept, "watch");
        let together = [("devices", 2), ("audit_events", 2), ("idempotency_records", 2)];
        assert_eq!(groups(&kept), together);
        // A device may be that of the person who came before it, and an event may be about both.
        operation::<IdentitiesRow>(&mut kept, "ann");
        operation::<DevicesRow>(&mut kept, "speaker");
        let later = [("identities", 1), ("audit_events", 1), ("idempotency_records", 1), ("devices", 1)];
        let last = [("audit_events", 1), ("idempotency_records", 1)];
        assert_eq!(groups(&kept), [&together[..], &later, &last].concat());
        assert_eq!(kept.take_groups().iter().map(|group| kept.rows(group).len()).sum::<usize>(), 12);
        assert_eq!(groups(&kept), []);
    }

    #[test]
    fn a_table_of_which_nothing_is_known_is_sent_in_its_place() {
        let mut kept = Kept::default();
        for _ in 0..2 {
            kept.add::<DevicesRow>(&[Value::Null], &References::new());
            kept.add::<IdentitiesRow>(&[Value::Null], &References::new());
        }
        assert_eq!(groups(&kept), [("devices", 1), ("identities", 1), ("devices", 1), ("identities", 1)]);
    }

    #[test]
    fn an_answer_holds_until_a_row_is_added_that_may_be_in_it() {
        let mut kept = Kept::default();
        let by_key = Reach::of("SELECT user_id FROM devices WHERE device_id = $1");
        let all = Reach::of("SELECT count(*) FROM devices");
        let device = |id: &str| [Value::Text(id.to_owned().into())];
        assert!(kept.leaves(&by_key, &device("phone")) && kept.leaves(&all, &[]));
        add::<DevicesRow>(&mut kept, "watch");
        assert!(kept.leaves(&by_key, &device("phone")));
        assert!(!kept.leaves(&all, &[]));
        add::<DevicesRow>(&mut kept, "phone");
        assert!(!kept.leaves(&by_key, &device("phone")), "rows that come later are seen as well");
        assert!(kept.leaves(&by_key, &device("speaker")));
        kept.changed_by("UPDATE devices SET tenant_id = $1 WHERE device_id = $2");
        assert!(!kept.leaves(&by_key, &device("speaker")));
        kept.clear();
        assert!(kept.leaves(&by_key, &device("phone")));
    }
}
