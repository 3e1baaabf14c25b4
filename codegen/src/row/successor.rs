//! Which rows follow from the row of another table: what a ledger keeps of a current row, or the other way round.
//!
//! What lives here: the choice. What must not: Rust tokens, and the meaning of a type, which the caller knows.

use super::selection::{counter, is_column};
use crate::contract::{Field, Table, TypeRef};

/// Columns at most that a row has beside its number, its moments and those of the other row. With more it says little of the other row.
const FURTHER_AT_MOST: usize = 1;

/// The columns of a row that follows from the row of another table.
#[derive(Debug, Clone, PartialEq)]
pub struct Successor<'a> {
    /// The columns that the other row has too, in the table's order.
    pub taken: Vec<Taken<'a>>,
    /// The columns that are the row's own, in the table's order: its number, its moments, and what the other row does not say.
    pub own: Vec<&'a Field>,
}

/// A column that has the value of the other row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Taken<'a> {
    /// The column.
    pub column: &'a Field,
    /// Whether it may be absent, and the other row always has it: rows of an earlier build have no value.
    pub is_wrapped: bool,
}

impl<'a> Successor<'a> {
    /// A row follows from another one that it names by its whole primary key, where it shares more than that key and has hardly
    /// anything further. A number that a ledger counts and a moment are its own: when a row was made is not when the other one was.
    #[must_use]
    pub fn of(table: &'a Table, other: &Table, is_moment: impl Fn(&TypeRef) -> bool) -> Option<Self> {
        let names_other = other.primary_key.iter().all(|key| {
            let column = other.columns.iter().find(|column| column.name == *key);
            column.is_some_and(|column| is_column(table, column))
        });
        let is_own = |column: &Field| counter(table) == Some(&column.name) || is_moment(&column.ty);
        let (mut taken, mut own, mut further) = (Vec::new(), Vec::new(), 0);
        for column in &table.columns {
            match taken_from(other, column) {
                Some(column) if !is_own(column.column) => taken.push(column),
                _ => {
                    further += usize::from(!is_own(column));
                    own.push(column);
                }
            }
        }
        let follows = names_other && taken.len() > other.primary_key.len() && further <= FURTHER_AT_MOST;
        (table.name != other.name && follows).then_some(Self { taken, own })
    }
}

/// A column with the value that another table has for it, if it has one.
fn taken_from<'a>(other: &Table, column: &'a Field) -> Option<Taken<'a>> {
    let found = other.columns.iter().find(|found| found.name == column.name)?;
    let is_wrapped = column.ty == TypeRef::Option(Box::new(found.ty.clone()));
    (is_wrapped || found.ty == column.ty).then_some(Taken { column, is_wrapped })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str, key: &str, columns: &[&str]) -> Table {
        let counts = if columns.contains(&SEQ) { "[{counter: note_seq}]" } else { "[]" };
        let text = format!(
            "{{name: {name}, truth_type: LEDGER, primary_key: [{key}], columns: [{}], constraints: {counts}}}",
            columns.join(", ")
        );
        crate::yaml::from_str(&text).unwrap()
    }

    /// The columns that are taken, and the row's own.
    fn columns(table: &Table, other: &Table) -> Option<(Vec<String>, Vec<String>)> {
        let found = Successor::of(table, other, |ty| ty.to_string() == "Time")?;
        let taken = |taken: Taken<'_>| {
            let wrap = if taken.is_wrapped { "?" } else { "" };
            format!("{}{wrap}", taken.column.name)
        };
        let own = found.own.iter().map(|column| column.name.clone()).collect();
        Some((found.taken.into_iter().map(taken).collect(), own))
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    const ID: &str = "{name: note_id, type: String}";
    const TEXT: &str = "{name: text, type: String}";
    const STATE: &str = "{name: state, type: String}";
    const SEQ: &str = "{name: note_seq, type: u64}";
    const AT: &str = "{name: at, type: Time}";
    const REASON: &str = "{name: reason, type: String}";
    const WHO: &str = "{name: who, type: String}";

    #[test]
    fn a_row_of_a_ledger_follows_from_the_row_that_it_is_about() {
        let notes = table("notes", "note_id", &[ID, TEXT, STATE, AT]);
        let events = table("events", "note_id, note_seq", &[ID, SEQ, STATE, AT]);
        let expected = (names(&["note_id", "state"]), names(&["note_seq", "at"]));
        assert_eq!(columns(&events, &notes), Some(expected));
        assert_eq!(columns(&notes, &events), None, "one note has many events");
        assert_eq!(columns(&events, &events), None);
    }

    #[test]
    fn a_column_that_came_later_is_taken_where_the_other_row_has_it() {
        let notes = table("notes", "note_id", &[ID, TEXT, STATE]);
        let text = "{name: text, type: Option<String>}";
        let events = table("events", "note_id, note_seq", &[ID, SEQ, STATE, text]);
        let expected = (names(&["note_id", "state", "text?"]), names(&["note_seq"]));
        assert_eq!(columns(&events, &notes), Some(expected));
    }

    #[test]
    fn a_row_with_much_of_its_own_does_not_follow() {
        let notes = table("notes", "note_id", &[ID, TEXT, STATE]);
        let one = table("events", "note_id, note_seq", &[ID, SEQ, STATE, REASON]);
        let expected = (names(&["note_id", "state"]), names(&["note_seq", "reason"]));
        assert_eq!(columns(&one, &notes), Some(expected));
        let two = table("events", "note_id, note_seq", &[ID, SEQ, STATE, REASON, WHO]);
        assert_eq!(columns(&two, &notes), None);
        let none = table("events", "note_id, note_seq", &[ID, SEQ, REASON]);
        assert_eq!(columns(&none, &notes), None, "it has the key of the note and nothing else of it");
    }

    #[test]
    fn what_names_no_row_or_has_another_type_does_not_follow() {
        let events = table("events", "note_id, note_seq", &[ID, SEQ, STATE, REASON]);
        let other_key = table("notes", "text", &[ID, TEXT, STATE]);
        assert_eq!(columns(&events, &other_key), None);
        let other_type = table("notes", "note_id", &[ID, "{name: state, type: Option<String>}"]);
        assert_eq!(columns(&events, &other_type), None);
    }
}
