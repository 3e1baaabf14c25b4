//! Keys of tables: a struct for each, with the values of its columns, and the rows that it finds.
//!
//! What lives here: the traits that expanded contracts implement for keys, and for the rows and records that they find. What must
//! not: a statement, which the contracts give.

use std::fmt;
use std::marker::PhantomData;

use super::column::Value;
use super::table::Selection;

/// Columns of which a table has one row at most, with their values: `DevicesKey { device_id }`.
pub trait Key {
    /// One value for each column.
    type Values<'a>: AsRef<[Value<'a>]>
    where
        Self: 'a;

    /// Its columns, in its order.
    const COLUMNS: &'static [&'static str];
    /// `SELECT 1` by the key; its parameters are [`Key::values`].
    const EXISTS: &'static str;

    /// The values, in the order of the columns.
    fn values(&self) -> Self::Values<'_>;
}

/// A row or record that is found by a key.
pub trait FoundBy<K>: Selection {
    /// `SELECT` by the key; its parameters are [`Key::values`].
    const SELECT_BY: &'static str;
}

/// A row or record that is listed in the order of a key.
pub trait ListedBy<K>: Selection {
    /// `SELECT` by the first columns of the key, at the position of how many are given: `SELECT a, b FROM t WHERE a = $1 ORDER BY b` at 1.
    /// Texts are ordered by their bytes, numbers as signed ones of 64 bits.
    const SELECT_LISTS: &'static [&'static str];
}

/// A primary key whose last column counts 1, 2, 3 among the rows that share the others.
pub trait CountedKey: Key {
    /// `SELECT max(…)` of that column; its parameters are the values of the others.
    const HIGHEST: &'static str;
}

/// The first `N` columns of a key, with their values: what the rows of a list share.
///
/// Functions of the keys make it: `PositionEventsKey::of_tenant_id_and_position_id(tenant_id, position_id)`.
#[derive(Clone, PartialEq)]
pub struct KeyStart<'a, K, const N: usize> {
    values: [Value<'a>; N],
    key: PhantomData<fn() -> K>,
}

impl<'a, K, const N: usize> KeyStart<'a, K, N> {
    /// The start of a key by its values; expanded contracts call it.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(values: [Value<'a>; N]) -> Self {
        Self { values, key: PhantomData }
    }

    /// The values, in the order of the columns.
    #[must_use]
    pub const fn values(&self) -> &[Value<'a>] {
        &self.values
    }
}

impl<K, const N: usize> fmt::Debug for KeyStart<'_, K, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("KeyStart").field(&self.values).finish()
    }
}

/// `a = $1 AND b = $2`: the condition that these columns of a key have the first parameters as their values.
#[must_use]
pub fn key_condition(columns: &[&str]) -> String {
    let parts: Vec<String> =
        columns.iter().zip(1..).map(|(column, place): (_, usize)| format!("{column} = ${place}")).collect();
    parts.join(" AND ")
}
