//! What a rule decided to write, as a value: rows to add, rows to update, and several of both in their order.
//!
//! What lives here: the changes whose statements follow from the type of their row. What must not: a statement. A change that needs
//! one is a type of its rule, and `rows/` stores it.

use selene_contracts::row::{CurrentRow, TableRow};

use crate::failure::Failure;
use crate::session::{Changes, Session};

/// Something that a commit writes.
#[diagnostic::on_unimplemented(
    message = "the store does not know how to write `{Self}`",
    note = "use `Insert`, `Update` or `InsertOrUpdate` of a row, an option, a list or a tuple of them; else implement `Change` in `storage/src/rows`"
)]
pub trait Change {
    /// Writes the rows of the change, each with its seal.
    #[doc(hidden)]
    fn store<S: Session>(&self, changes: &mut Changes<'_, S>) -> Result<(), Failure>;
}

/// A row that is added.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Insert<R>(pub R);

/// A row of which every column that may change is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Update<R>(pub R);

/// A row that is added, or updated where its primary key is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InsertOrUpdate<R>(pub R);

impl<R: TableRow> Change for Insert<R> {
    fn store<S: Session>(&self, changes: &mut Changes<'_, S>) -> Result<(), Failure> {
        changes.insert(&self.0)
    }
}

impl<R: CurrentRow> Change for Update<R> {
    fn store<S: Session>(&self, changes: &mut Changes<'_, S>) -> Result<(), Failure> {
        changes.update(&self.0)
    }
}

impl<R: CurrentRow> Change for InsertOrUpdate<R> {
    fn store<S: Session>(&self, changes: &mut Changes<'_, S>) -> Result<(), Failure> {
        changes.insert_or_update(&self.0)
    }
}

/// Nothing is written beside the event.
impl Change for () {
    fn store<S: Session>(&self, _changes: &mut Changes<'_, S>) -> Result<(), Failure> {
        Ok(())
    }
}

/// Where there is none, nothing is written.
impl<C: Change> Change for Option<C> {
    fn store<S: Session>(&self, changes: &mut Changes<'_, S>) -> Result<(), Failure> {
        self.as_ref().map_or(Ok(()), |change| change.store(changes))
    }
}

/// One after the other, in the order of the list.
impl<C: Change> Change for Vec<C> {
    fn store<S: Session>(&self, changes: &mut Changes<'_, S>) -> Result<(), Failure> {
        self.iter().try_for_each(|change| change.store(changes))
    }
}

/// One after the other, from left to right.
macro_rules! tuple {
    ($($change:ident $position:tt),*) => {
        impl<$($change: Change),*> Change for ($($change,)*) {
            fn store<S: Session>(&self, changes: &mut Changes<'_, S>) -> Result<(), Failure> {
                $(self.$position.store(changes)?;)*
                Ok(())
            }
        }
    };
}

tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
