//! Which rows follow from something else: from the row of another table, as what a ledger keeps of a current row, and from the input of
//! the write that adds them.
//!
//! What lives here: the choice. What must not: Rust tokens, and the meaning of a type, which the caller knows.

use super::selection::{counter, is_column};
use crate::contract::{Field, Record, Table, TypeRef};

/// Columns at most that a row has beside its number, its moments and what it takes over. With more it says little of the other.
const FURTHER_AT_MOST: usize = 1;

/// Columns at most that a row of an input has of its own: with more of them, nobody reads at a call which is which.
const OWN_OF_INPUT_AT_MOST: usize = 3;

/// The columns of a row that follows from something else.
#[derive(Debug, Clone, PartialEq)]
pub struct Successor<'a> {
    /// The columns that the other has too, in the table's order.
    pub taken: Vec<Taken<'a>>,
    /// The columns that are the row's own, in the table's order: its number, its moments, and what the other does not say.
    pub own: Vec<&'a Field>,
}

/// A column that has the value of the other.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Taken<'a> {
    /// The column that is copied or given.
    pub column: &'a Field,
    /// Whether it may be absent, and the other always has it: rows of an earlier build have no value.
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
        let found = Self::split(&table.columns, table, &other.columns, is_moment)?;
        let follows = names_other && found.taken.len() > other.primary_key.len();
        (table.name != other.name && follows).then_some(found)
    }

    /// A record of a table follows from the input of a write that names it by its primary key, but for a number that a ledger counts.
    #[must_use]
    pub fn of_input(
        record: &'a Record,
        table: &Table,
        input: &[Field],
        is_moment: impl Fn(&TypeRef) -> bool,
    ) -> Option<Self> {
        let found = Self::split(&record.fields, table, input, is_moment)?;
        let is_taken = |key: &String| found.taken.iter().any(|taken| taken.column.name == *key);
        let names_row = table.primary_key.iter().all(|key| counter(table) == Some(key) || is_taken(key));
        (names_row && found.own.len() <= OWN_OF_INPUT_AT_MOST).then_some(found)
    }

    /// What is taken of the other, and what is the row's own; `None` where that is too much.
    fn split(
        columns: &'a [Field],
        table: &Table,
        other: &[Field],
        is_moment: impl Fn(&TypeRef) -> bool,
    ) -> Option<Self> {
        let is_own = |column: &Field| counter(table) == Some(&column.name) || is_moment(&column.ty);
        let (mut taken, mut own, mut further) = (Vec::new(), Vec::new(), 0);
        for column in columns {
            match taken_from(other, column) {
                Some(column) if !is_own(column.column) => taken.push(column),
                _ => {
                    further += usize::from(!is_own(column));
                    own.push(column);
                }
            }
        }
        (further <= FURTHER_AT_MOST).then_some(Self { taken, own })
    }
}

/// A column with the value that the other has for it, if it has one.
fn taken_from<'a>(other: &[Field], column: &'a Field) -> Option<Taken<'a>> {
    let found = other.iter().find(|found| found.name == column.name)?;
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
    fn a_record_follows_from_the_input_that_names_its_row() {
        let events = table("events", "note_id, note_seq", &[ID, SEQ, STATE, AT]);
        let record: Record =
            crate::yaml::from_str(&format!("{{name: Event, fields: [{ID}, {SEQ}, {STATE}, {AT}]}}")).unwrap();
        let of = |fields: &[&str]| {
            let input: Vec<Field> = crate::yaml::from_str(&format!("[{}]", fields.join(", "))).unwrap();
            let found = Successor::of_input(&record, &events, &input, |ty| ty.to_string() == "Time")?;
            Some(found.own.iter().map(|column| column.name.clone()).collect::<Vec<_>>())
        };
        assert_eq!(of(&[ID, STATE, TEXT]), Some(names(&["note_seq", "at"])));
        assert_eq!(of(&[ID]), Some(names(&["note_seq", "state", "at"])));
        assert_eq!(of(&[STATE, TEXT]), None, "it names no note");
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
