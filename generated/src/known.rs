//! Reads and guards whose rows are fixed by their contracts: any store serves them without code of their own.
//!
//! What lives here: the traits that expanded contracts implement, and the row of a guard. [`for_every_known_read!`](crate::for_every_known_read)
//! names the inputs. What must not: a store.

use crate::capability::{PagedRead, ReadCapability};
use crate::row::{FoundBy, FromRow, Key, Listing, Selection, TableRow, Value};

/// A read whose input is a key of the table that it reads: it gives the row of the key, if there is one.
pub trait KeyedRead: ReadCapability {
    /// What is read of the row.
    type Row: FromRow;
    /// One value for each column of the key.
    type Values<'a>: AsRef<[Value<'a>]>;

    /// `SELECT` by the key.
    const SELECT: &'static str;

    /// The parameters of the statement.
    fn values(&self) -> Self::Values<'_>;

    /// The answer, where this is the row of the key.
    fn answer(row: Option<Self::Row>) -> Self::Output;
}

/// A read whose input begins the primary key of the table that it reads: it gives the rows of that begin, in the order of the key.
pub trait StartedList: PagedRead<Row: Selection> {
    /// The other columns of the key, as types.
    type Order: FromRow;

    /// The list and its pages.
    const LISTING: Listing;

    /// The parameters of the list.
    fn values(&self) -> Vec<Value<'_>>;
}

/// A guard whose input has the primary key of a ledger: it tries to change the row, and must fail.
pub trait LedgerGuard: ReadCapability<Output = ()> {
    /// The row that the input names.
    fn ledger_row(&self) -> LedgerRow;
}

/// A row of a ledger, by its primary key.
#[derive(Debug)]
pub struct LedgerRow {
    /// The ledger by its name in SQL: `audit_events`.
    pub table: &'static str,
    /// Columns of its primary key.
    pub key_columns: &'static [&'static str],
    /// All columns that a guard tries to overwrite, in the order of the contract.
    pub columns: &'static [&'static str],
    /// The values of the key, in its order.
    pub key: Vec<Value<'static>>,
    /// `SELECT` of the row.
    pub select: &'static str,
    /// The input's field that names the row, for the refusal of a row that is not there.
    pub field: &'static str,
}

impl LedgerRow {
    /// The row of a table with this key, whose last column is the field of the input that names the row.
    #[must_use]
    pub fn of<R: TableRow + FoundBy<K>, K: Key>(key: &K) -> Self {
        Self {
            table: R::TABLE,
            key_columns: K::COLUMNS,
            columns: R::COLUMNS,
            key: key.values().as_ref().iter().map(|value| value.clone().into_owned()).collect(),
            select: R::SELECT_BY,
            field: K::COLUMNS.last().copied().unwrap_or_default(),
        }
    }
}
