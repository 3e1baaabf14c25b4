//! What a database says of its tables.

use std::collections::{BTreeMap, BTreeSet};

/// The columns of every table, and which tables its rows refer to, by the names in the database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Shape {
    /// The columns of each table, in its order.
    pub columns: BTreeMap<String, Vec<String>>,
    /// The tables that the rows of each table refer to.
    pub parents: BTreeMap<String, BTreeSet<String>>,
}
