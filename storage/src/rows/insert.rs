//! Statements that insert a row: every column stands beside its value.
//!
//! Values are bound by position: looking parameters up by name costs a row of the audit table more than its
//! chain hash does.

/// Inserts one row: `insert!(connection, table { column: value, … })`.
macro_rules! insert {
    ($connection:expr, $table:ident { $first:ident: $value:expr $(, $column:ident: $next:expr)* $(,)? }) => {
        $connection
            .prepare_cached(concat!(
                "INSERT INTO ", stringify!($table), " (", stringify!($first) $(, ", ", stringify!($column))*,
                ") VALUES (?" $(, $crate::rows::insert::place!($column))*, ")"
            ))
            .and_then(|mut statement| statement.execute(rusqlite::params![$value $(, $next)*]))
            .map(drop)
    };
}

/// The place of one further value.
macro_rules! place {
    ($column:ident) => {
        ", ?"
    };
}

pub(crate) use {insert, place};
