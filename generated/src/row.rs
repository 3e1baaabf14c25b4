//! Rows in a form that every database takes: neutral values, columns, and what reads and writes whole rows.
//!
//! What lives here: the values, the traits that expanded contracts implement for types, records and rows, and the stored
//! form of the types that every contract knows. What must not: a driver, a statement that only one database takes.

mod column;
mod key;
mod stored;
mod table;
mod text;
mod tuples;
mod update;

pub use column::{Column, Value};
pub use key::{CountedKey, FoundBy, Key, KeyStart, ListedBy, key_condition};
pub use stored::document;
pub use table::{Cells, CurrentRow, FromRow, Selection, TableRow, Unreadable, cell};
pub use text::{is_column_of, joined, length, position, qualified, qualified_length};
pub use update::{Update, ValueOf};
#[doc(hidden)]
pub use update::{is_key_of, may_change, update_length, update_text, value_of};

/// The statements of a list and of its pages: all that [`listing!`](crate::listing) makes of one text.
///
/// A page of `n` rows is asked by the first or the next statement. Both give, behind the columns of a row, those of the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listing {
    /// The whole list, without the columns of the order.
    pub whole: &'static str,
    /// The first rows. Behind the parameters of the list: how many.
    pub first: &'static str,
    /// The rows behind one that was given before. Behind the parameters of the list: the values of that row's order, then how many.
    pub after: &'static str,
}

/// A row, and behind its columns what else a query gives: a column, a tuple of columns, or another row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beside<R, V>(pub R, pub V);

impl<R: Selection, V: FromRow> FromRow for Beside<R, V> {
    fn from_row<C: Cells + ?Sized>(cells: &C) -> Result<Self, Unreadable> {
        let behind = R::COLUMNS.len();
        let others = V::from_row(&Behind { cells, behind });
        let others = others.map_err(|unreadable| Unreadable { position: behind + unreadable.position })?;
        Ok(Self(R::from_row(cells)?, others))
    }

    fn column_at(position: usize) -> Option<(&'static str, &'static str)> {
        match position.checked_sub(R::COLUMNS.len()) {
            Some(behind) => V::column_at(behind),
            None => R::column_at(position),
        }
    }
}

/// The cells of an answer behind a position.
struct Behind<'a, C: ?Sized> {
    cells: &'a C,
    behind: usize,
}

impl<C: Cells + ?Sized> Cells for Behind<'_, C> {
    fn cell(&self, position: usize) -> Value<'_> {
        self.cells.cell(self.behind + position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Eq)]
    struct Pair(u64, u64);

    impl FromRow for Pair {
        fn from_row<C: Cells + ?Sized>(cells: &C) -> Result<Self, Unreadable> {
            Ok(Self(cell(cells, 0)?, cell(cells, 1)?))
        }

        fn column_at(position: usize) -> Option<(&'static str, &'static str)> {
            Self::COLUMNS.get(position).map(|column| (Self::TABLE, *column))
        }
    }

    impl Selection for Pair {
        const TABLE: &'static str = "pairs";
        const COLUMNS: &'static [&'static str] = &["first", "second"];
        const KEY: &'static [&'static str] = &["first"];
        const COLUMN_LIST: &'static str = "first, second";
        const SELECT: &'static str = "SELECT first, second FROM pairs";
    }

    struct Numbers(&'static [i64]);

    impl Cells for Numbers {
        fn cell(&self, position: usize) -> Value<'_> {
            self.0.get(position).map_or(Value::Null, |number| Value::Integer(*number))
        }
    }

    #[test]
    fn what_stands_behind_a_row_is_read_behind_its_columns() {
        let read = Beside::<Pair, (u64, u64)>::from_row(&Numbers(&[1, 2, 3, 4]));
        assert_eq!(read, Ok(Beside(Pair(1, 2), (3, 4))));
    }

    #[test]
    fn a_value_behind_a_row_is_named_by_its_place_in_the_answer() {
        let read = Beside::<Pair, (u64, u64)>::from_row(&Numbers(&[1, 2, 3]));
        assert_eq!(read, Err(Unreadable { position: 3 }));
        assert_eq!(Beside::<Pair, Pair>::column_at(1), Some(("pairs", "second")));
        assert_eq!(Beside::<Pair, Pair>::column_at(2), Some(("pairs", "first")));
        assert_eq!(Beside::<Pair, (u64,)>::column_at(2), None);
    }
}
