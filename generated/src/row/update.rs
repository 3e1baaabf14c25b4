//! Updates of named columns: the text is put together while compiling, from the row type and the names of its fields.
//!
//! What lives here: the macro [`update!`](crate::update), and what it expands to. What must not: an update of a whole row, whose
//! text every row type has, and running a statement.

use std::fmt;
use std::marker::PhantomData;

use super::column::{Column, Value};
use super::table::CurrentRow;
use super::text::{Writer, is_among, is_same, plain};

/// An update of some columns of one row: its statement, and the values of it.
///
/// [`update!`](crate::update) makes it.
#[derive(Clone, PartialEq)]
pub struct Update<'a, R, const N: usize> {
    sql: &'static str,
    values: [Value<'a>; N],
    row: PhantomData<fn() -> R>,
}

impl<'a, R: CurrentRow, const N: usize> Update<'a, R, N> {
    /// An update by its statement and its values; [`update!`](crate::update) calls it.
    #[doc(hidden)]
    pub const fn new(sql: &'static str, values: [Value<'a>; N]) -> Self {
        Self { sql, values, row: PhantomData }
    }

    /// The statement. It gives the row as it is stored then, and behind its columns how often it was written.
    #[must_use]
    pub const fn sql(&self) -> &'static str {
        self.sql
    }

    /// The values of its parameters: those of the columns, then those of the primary key.
    #[must_use]
    pub const fn values(&self) -> &[Value<'a>] {
        &self.values
    }
}

impl<R, const N: usize> fmt::Debug for Update<'_, R, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Update").field("sql", &self.sql).field("values", &self.values).finish()
    }
}

/// An update of named columns of the row with a primary key, as an [`Update`](crate::row::Update):
/// `update!(DeviceRecord set { tenant_id: tenant_id } where { device_id: device_id })`.
///
/// The type is a [`CurrentRow`](crate::row::CurrentRow) in scope. Each column is followed by a reference to its new value: of the
/// column's type, or of the type that an optional column may hold. Behind `where` stands the primary key, in its order. A column
/// that the contract says is set once is written only where it has no value yet, so that no row is found otherwise.
///
/// What is no column, has another type, never changes or is no key does not compile.
///
/// ```
/// use selene_contracts::ph1_f::DeviceRecord;
/// use selene_contracts::shared::{DeviceId, TenantId};
/// use selene_contracts::update;
///
/// let (device_id, tenant_id) = (DeviceId::new("phone"), TenantId::new("acme"));
/// let update = update!(DeviceRecord set { tenant_id: &tenant_id } where { device_id: &device_id });
/// assert!(update.sql().starts_with(
///     "UPDATE devices SET tenant_id = $1, row_version = row_version + 1 WHERE device_id = $2 AND tenant_id IS NULL"
/// ));
/// assert_eq!(update.values().len(), 2);
/// ```
#[macro_export]
macro_rules! update {
    ($row:ident set { $($column:ident: $value:expr),+ $(,)? } where { $($key:ident: $part:expr),+ $(,)? }) => {{
        const COLUMNS: &[&str] = &[$(::core::stringify!($column)),+];
        $(
            const _: () = ::core::assert!(
                $crate::row::may_change::<$row>(::core::stringify!($column)),
                ::core::concat!(
                    "`", ::core::stringify!($column), "` is no column of a `", ::core::stringify!($row),
                    "` that may change: leave it out of the update"
                ),
            );
        )+
        const _: () = ::core::assert!(
            $crate::row::is_key_of::<$row>(&[$(::core::stringify!($key)),+]),
            ::core::concat!(
                "behind `where` stands the primary key of a `", ::core::stringify!($row), "`, in its order"
            ),
        );
        const BYTES: [u8; $crate::row::update_length::<$row>(COLUMNS)] =
            $crate::row::update_text::<$row, _>(COLUMNS);
        const TEXT: &str = match ::core::str::from_utf8(&BYTES) {
            ::core::result::Result::Ok(text) => text,
            ::core::result::Result::Err(_) => ::core::panic!("parts of UTF-8 are UTF-8"),
        };
        $crate::row::Update::<$row, _>::new(
            TEXT,
            [
                $($crate::row::value_of(|row: &$row| &row.$column, $value),)+
                $($crate::row::value_of(|row: &$row| &row.$key, $part),)+
            ],
        )
    }};
}

/// What a column may be given: its own type, and for an optional one also the type that it may hold.
#[diagnostic::on_unimplemented(
    message = "a column of type `{T}` cannot be given a `{Self}`",
    note = "give a reference to a value of the column's type, or of the type that an optional column may hold"
)]
pub trait ValueOf<T> {
    /// The value as it is stored, borrowed.
    fn value_of(&self) -> Value<'_>;
}

impl<T: Column> ValueOf<T> for T {
    fn value_of(&self) -> Value<'_> {
        self.value()
    }
}

impl<T: Column> ValueOf<Option<T>> for T {
    fn value_of(&self) -> Value<'_> {
        self.value()
    }
}

/// A value for the column that a field is read from.
#[doc(hidden)]
pub fn value_of<R, T, V: ValueOf<T>>(_field: fn(&R) -> &T, value: &V) -> Value<'_> {
    value.value_of()
}

/// Whether an update may write a column.
#[doc(hidden)]
#[must_use]
pub const fn may_change<R: CurrentRow>(column: &str) -> bool {
    is_among(R::CHANGING, plain(column))
}

/// Whether these columns are the primary key, in its order.
#[doc(hidden)]
#[must_use]
pub const fn is_key_of<R: CurrentRow>(columns: &[&str]) -> bool {
    let mut place = 0;
    while place < columns.len() && place < R::KEY.len() && is_same(plain(columns[place]), R::KEY[place]) {
        place += 1;
    }
    place == columns.len() && place == R::KEY.len()
}

/// Bytes of the statement that updates these columns.
#[doc(hidden)]
#[must_use]
pub const fn update_length<R: CurrentRow>(columns: &[&str]) -> usize {
    written::<R, 0>(columns).length()
}

/// The statement that updates these columns. `N` is its [`update_length`].
///
/// # Panics
/// `N` is another number, or a column stands twice, which fails to compile in a constant.
#[doc(hidden)]
#[must_use]
pub const fn update_text<R: CurrentRow, const N: usize>(columns: &[&str]) -> [u8; N] {
    written::<R, N>(columns).finished()
}

/// `UPDATE t SET a = $1, row_version = row_version + 1 WHERE key = $2 AND a IS NULL RETURNING key, a, row_version`, where `a` is
/// set once.
const fn written<R: CurrentRow, const N: usize>(columns: &[&str]) -> Writer<N> {
    let mut text = Writer::new();
    text.write("UPDATE ").write(R::TABLE).write(" SET ");
    let mut place = 0;
    while place < columns.len() {
        let column = plain(columns[place]);
        assert!(!is_among(columns.split_at(place).0, columns[place]), "a column is named twice");
        place += 1;
        text.write(column).write(" = $").number(place).write(", ");
    }
    text.write(R::VERSION).write(" = ").write(R::VERSION).write(" + 1");
    let mut key = 0;
    while key < R::KEY.len() {
        text.write(if key == 0 { " WHERE " } else { " AND " }).write(R::KEY[key]);
        key += 1;
        text.write(" = $").number(place + key);
    }
    let mut once = 0;
    while once < R::SET_ONCE.len() {
        let mut named = 0;
        while named < columns.len() {
            if is_same(plain(columns[named]), R::SET_ONCE[once]) {
                text.write(" AND ").write(R::SET_ONCE[once]).write(" IS NULL");
            }
            named += 1;
        }
        once += 1;
    }
    text.write(" RETURNING ").write(R::COLUMN_LIST).write(", ").write(R::VERSION);
    text
}
