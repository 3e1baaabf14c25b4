//! Every row of a store, carried into an empty database of another kind.
//!
//! What lives here: the tables in the order of their references, the statements that read them, sums that show whether all rows
//! arrived, the mark of a copy that is not finished, and the walk over it all. What must not: a driver, or what a row means.
//!
//! A target belongs to nobody until a copy is finished: it carries a mark, by which every opening of a store refuses it. Rows are added
//! table by table, in an order in which the same source always gives them, and a transaction holds rows of one table and the mark's
//! count of them. So a copy that was killed goes on behind the rows that are there.

mod error;
mod mark;
mod shape;
mod sum;
mod table;
mod walk;

pub use error::TransferError;
pub use mark::{MARK_TABLE, Mark, MarkError};
pub use shape::Shape;
pub use table::{CopiedTable, Numbered, in_order};
pub use walk::{Arrival, CopiedRows, Source, Target, TransferProgress, copy_rows, verify};
