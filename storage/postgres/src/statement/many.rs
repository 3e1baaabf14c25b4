//! A statement that reads, for several values at once: what operations of a batch ask alike is asked together.
//!
//! Every set of values is looked up as it would be by itself, one after the other in the order in which they are given, so rows are
//! locked in that order too. The snapshot is that of the first of them; none relies on another of the same statement, for their order
//! is that of their values.

use std::fmt::Write as _;

use tokio_postgres::types::Type;

/// The text that reads for several sets of values, given as an array for each parameter, behind whose columns stands the place of the set,
/// from one. None where a set may have several rows in an order, or the text is none that can be asked so. `locking` adds the
/// locks.
pub(crate) fn of_many(
    sql: &str,
    is_first: bool,
    types: &[Type],
    locking: impl Fn(&str) -> String,
) -> Option<String> {
    let is_askable = sql.starts_with("SELECT") && !types.is_empty() && types.iter().all(has_array);
    if !is_askable || sql.contains("LIMIT $") || (sql.contains("ORDER BY") && !is_first) {
        return None;
    }
    // A subquery with a limit is run for each set by itself, never turned into a join of whole tables.
    let limit = match (sql.contains("LIMIT"), is_first) {
        (true, _) => "",
        (false, true) => " LIMIT 1",
        (false, false) => " OFFSET 0",
    };
    let one = locking(&format!("{}{limit}", with_columns(sql)));
    let columns: Vec<String> = (1..=types.len()).map(|number| format!("value_{number}")).collect();
    let arrays: Vec<String> =
        types.iter().zip(1..).map(|(ty, number)| format!("${number}::{ty}[]")).collect();
    Some(format!(
        "SELECT answer.*, asked.place FROM unnest({}) WITH ORDINALITY AS asked ({}, place) CROSS JOIN LATERAL ({one}) AS answer",
        arrays.join(", "),
        columns.join(", "),
    ))
}

/// Whether values of a type are sent as an array of their own type.
fn has_array(ty: &Type) -> bool {
    [Type::INT8, Type::INT4, Type::FLOAT8, Type::BYTEA, Type::TEXT].contains(ty)
}

/// The text with columns in the place of its parameters.
fn with_columns(sql: &str) -> String {
    let mut parts = sql.split('$');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part.len() - part.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
        let (number, rest) = part.split_at(digits);
        let name = if digits == 0 { "$" } else { "asked.value_" };
        // Nothing fails that is written to a text.
        let _ = write!(text, "{name}{number}{rest}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::statement::dialect;

    fn of(sql: &str, is_first: bool, types: &[Type]) -> Option<String> {
        of_many(sql, is_first, types, str::to_owned)
    }

    #[test]
    fn each_set_of_values_is_looked_up_by_itself_with_its_locks() {
        let sql = "SELECT user_id FROM devices WHERE device_id = $1 AND tenant_id = $12";
        let types: Vec<Type> = vec![Type::TEXT; 12];
        let many = of_many(sql, true, &types, dialect::locking).unwrap();
        assert!(
            many.starts_with("SELECT answer.*, asked.place FROM unnest($1::text[], $2::text[], "),
            "{many}"
        );
        assert!(
            many.ends_with(
                "LATERAL (SELECT user_id FROM devices WHERE device_id = asked.value_1 AND tenant_id = asked.value_12 LIMIT 1 \
                 FOR NO KEY UPDATE OF devices) AS answer"
            ),
            "{many}"
        );
    }

    #[test]
    fn several_rows_of_a_set_are_read_together_unless_they_have_an_order() {
        let sql = "SELECT hash FROM audit_events WHERE chain_id = $1";
        assert!(of(sql, false, &[Type::TEXT]).unwrap().contains("= asked.value_1 OFFSET 0) AS answer"));
        let ordered =
            "SELECT hash FROM audit_events WHERE chain_id = $1 ORDER BY chain_sequence DESC LIMIT 1";
        assert_eq!(of(ordered, false, &[Type::TEXT]), None);
        assert!(of(ordered, true, &[Type::TEXT]).unwrap().contains("DESC LIMIT 1) AS answer"));
    }

    #[test]
    fn what_cannot_be_asked_together_is_asked_by_itself() {
        assert_eq!(of("SELECT hash FROM audit_events LIMIT 1", true, &[]), None);
        assert_eq!(of("SELECT hash FROM audit_events LIMIT $1", true, &[Type::INT8]), None);
        assert_eq!(of("SELECT hash FROM audit_events WHERE $1", true, &[Type::BOOL]), None);
        assert_eq!(of("UPDATE devices SET tenant_id = $1", true, &[Type::TEXT]), None);
    }
}
