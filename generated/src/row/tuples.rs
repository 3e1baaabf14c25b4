//! Tuples of columns: what a query of a few values gives.

use super::{Cells, Column, FromRow, Unreadable, cell};

macro_rules! tuple {
    ($($column:ident $position:tt),*) => {
        impl<$($column: Column),*> FromRow for ($($column,)*) {
            fn from_row<R: Cells + ?Sized>(cells: &R) -> Result<Self, Unreadable> {
                Ok(($(cell::<$column>(cells, $position)?,)*))
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
