//! Reads and guards of which a contract says the rows: by a key, by the start of one, or of a ledger.
//!
//! What lives here: the choice, and the statements of a list. What must not: Rust tokens.

use super::fit::Fit;
use super::keys::{Key, keys};
use super::selection::{Selection, bare_name, conditions, counter, is_column, tables};
use crate::contract::{
    Builtin, Capability, Contract, Effect, Field, IntegerRepr, Output, Record, Table, TypeKind, TypeRef,
};
use crate::listing::Listing;

/// What a contract says of the rows of a read or guard.
#[derive(Debug, Clone, PartialEq)]
pub enum Known<'a> {
    /// The row of a key, if there is one: the input is the key.
    Row {
        /// The primary key, whose columns are the fields of the input.
        key: Key<'a>,
        /// What is given of the row.
        record: &'a Record,
    },
    /// The rows whose primary key begins with the input.
    List(KnownList<'a>),
    /// A row of a ledger, which a guard tries to change: one ledger for each form of the input, whose primary key it has.
    Ledgers(Vec<&'a Table>),
}

/// A list of the rows whose primary key begins with some columns, in the order of the others.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownList<'a> {
    /// Whose rows are given, and whose primary key the input begins.
    pub table: &'a Table,
    /// What is given of each row.
    pub record: &'a Record,
    /// The columns that the input gives, in the order of the key.
    pub given: Vec<&'a Field>,
    /// The other columns of the key, in its order.
    pub order: Vec<&'a Field>,
}

impl<'a> Known<'a> {
    /// What a contract says of the rows of one of its capabilities, which are those of its own tables. `record_of` and `kind_of` find
    /// a record and a named type by their names.
    #[must_use]
    pub fn of(
        contract: &'a Contract,
        capability: &Capability,
        record_of: impl Fn(&str) -> Option<&'a Record>,
        kind_of: impl Fn(&str) -> Option<&'a TypeKind>,
    ) -> Option<Self> {
        if capability.effect == Effect::Guard {
            return ledgers(contract, capability).map(Self::Ledgers);
        }
        let (Effect::Read, [], Output::Type(output)) =
            (capability.effect, capability.input_alternatives.as_slice(), &capability.output)
        else {
            return None;
        };
        let (inner, is_list) = match output {
            TypeRef::Option(inner) => (inner, false),
            TypeRef::List(inner) => (inner, true),
            _ => return None,
        };
        let TypeRef::Named(name) = inner.as_ref() else { return None };
        let record = record_of(name)?;
        // A field that is no column is made by whoever serves the read.
        let has_fields = |table: &&Table| record.fields.iter().all(|field| is_column(table, field));
        let table = tables(contract).filter(has_fields).find(|table| Fit::of(table, record).is_some())?;
        if is_list {
            return list(table, record, &capability.input, kind_of).map(Self::List);
        }
        let key =
            keys(table).into_iter().find(|key| key.lists() && is_input(&key.columns, &capability.input));
        key.map(|key| Self::Row { key, record })
    }
}

/// Whether the fields of an input are these columns, in any order.
fn is_input(columns: &[&Field], input: &[Field]) -> bool {
    columns.len() == input.len() && columns.iter().all(|column| has(input, column))
}

fn has(input: &[Field], column: &Field) -> bool {
    input.iter().any(|field| field.name == column.name && field.ty == column.ty)
}

fn primary_key(table: &Table) -> Option<Vec<&Field>> {
    let column = |name: &String| table.columns.iter().find(|column| column.name == *name);
    table.primary_key.iter().map(column).collect()
}

fn list<'a>(
    table: &'a Table,
    record: &'a Record,
    input: &[Field],
    kind_of: impl Fn(&str) -> Option<&'a TypeKind>,
) -> Option<KnownList<'a>> {
    let mut given = primary_key(table)?;
    let order = given.split_off(input.len().min(given.len()));
    let is_start = !given.is_empty() && !order.is_empty() && is_input(&given, input);
    (is_start && order.iter().all(|column| has_order(table, column, &kind_of))).then_some(KnownList {
        table,
        record,
        given,
        order,
    })
}

/// Whether SQL orders the values of a column as they are. Columns keep the bits of an unsigned number of 64 bits, so only one that
/// counts from 1 is; and the values of an enum are stored by their names.
fn has_order<'a>(table: &Table, column: &Field, kind_of: &impl Fn(&str) -> Option<&'a TypeKind>) -> bool {
    let is_counter = counter(table) == Some(&column.name);
    match &column.ty {
        TypeRef::Builtin(Builtin::U8 | Builtin::U16 | Builtin::U32) => true,
        TypeRef::Builtin(Builtin::U64) => is_counter,
        TypeRef::Named(name) => match kind_of(name) {
            Some(TypeKind::Integer { repr: IntegerRepr::U64, .. }) => is_counter,
            Some(TypeKind::Integer { repr: IntegerRepr::U128, .. } | TypeKind::Enum { .. }) | None => false,
            Some(TypeKind::Integer { .. } | TypeKind::Text { .. }) => true,
        },
        _ => false,
    }
}

/// The ledger of each form of a guard's input: the only one whose primary key it has.
fn ledgers<'a>(contract: &'a Contract, guard: &Capability) -> Option<Vec<&'a Table>> {
    let ledger = |input: &[Field]| {
        let is_named = |table: &&Table| {
            table.truth_type == crate::contract::TruthType::Ledger
                && primary_key(table).is_some_and(|key| key.iter().all(|column| has(input, column)))
        };
        let mut named = tables(contract).filter(is_named);
        named.next().filter(|_| named.next().is_none())
    };
    match guard.input_alternatives.as_slice() {
        [] => ledger(&guard.input).map(|only| vec![only]),
        several => several.iter().map(|form| ledger(&form.fields)).collect(),
    }
}

impl KnownList<'_> {
    /// The statements of the list and of its pages.
    #[must_use]
    pub fn listing(&self) -> Listing {
        let columns = Selection::of(self.table, &self.record.fields).column_list();
        let names = |fields: &[&Field]| fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>();
        let (given, order) = (names(&self.given), names(&self.order));
        let from = format!(" FROM {} WHERE {}", bare_name(self.table), conditions(&given, 0));
        Listing::of_parts(&format!("SELECT {columns}"), &from, &order, given.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contract() -> Contract {
        crate::yaml::from_str(include_str!("../../tests/contracts/known.yaml")).unwrap()
    }

    fn known<'a>(contract: &'a Contract, id: &str) -> Option<Known<'a>> {
        let capability = contract.capabilities.iter().find(|capability| capability.id == id).unwrap();
        Known::of(
            contract,
            capability,
            |name| contract.records.iter().find(|record| record.name == name),
            |name| contract.types.iter().find(|ty| ty.name == name).map(|ty| &ty.kind),
        )
    }

    #[test]
    fn a_read_by_a_key_gives_its_row() {
        let contract = contract();
        let names = |id| match known(&contract, id) {
            Some(Known::Row { key, record }) => Some((key.name, record.name.as_str())),
            _ => None,
        };
        assert_eq!(names("READ_NOTE"), Some(("NotesKey".to_owned(), "NoteRecord")));
        assert_eq!(names("READ_NOTE_BY_TITLE"), Some(("NotesByTitle".to_owned(), "NoteRecord")));
        assert_eq!(known(&contract, "READ_NOTE_BY_STATE"), None, "no key");
        assert_eq!(known(&contract, "READ_OPEN_NOTE"), None, "a key of some rows is not what a name says");
        assert_eq!(known(&contract, "READ_SHOWN_NOTE"), None, "a field of the answer is no column");
    }

    #[test]
    fn a_list_by_the_start_of_a_key_has_pages() {
        let contract = contract();
        let Some(Known::List(list)) = known(&contract, "LIST_EVENTS") else { panic!("no list") };
        let from = "SELECT note_id, event_seq, state FROM note_events WHERE note_id = $1";
        let listing = list.listing();
        assert_eq!(listing.whole, format!("{from} ORDER BY event_seq"));
        let from = "SELECT note_id, event_seq, state, event_seq FROM note_events WHERE note_id = $1";
        assert_eq!(listing.first, format!("{from} ORDER BY event_seq LIMIT $2"));
        assert_eq!(listing.after, format!("{from} AND event_seq > $2 ORDER BY event_seq LIMIT $3"));
        assert_eq!(known(&contract, "LIST_VISITS"), None, "SQL does not order numbers of 64 bits");
    }

    #[test]
    fn a_guard_names_one_ledger_with_each_form() {
        let contract = contract();
        let names = |id| match known(&contract, id) {
            Some(Known::Ledgers(tables)) => tables.into_iter().map(bare_name).collect(),
            _ => Vec::new(),
        };
        assert_eq!(names("GUARD_EVENTS"), ["note_events"]);
        assert_eq!(names("GUARD_BOTH"), ["note_events", "visits"]);
        assert_eq!(known(&contract, "GUARD_NOTES"), None, "notes are no ledger");
    }
}
