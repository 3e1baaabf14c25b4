//! Which rows an answer depends on, as far as the text of its statement shows: a row that is added later and is none of them leaves the
//! answer as it is.
//!
//! Where the text does not show it for certain, the answer depends on every row of the tables of the statement.

use selene_contracts::ph1_f::IdempotencyRecordsRow;
use selene_contracts::ph1_j::AuditEventsRow;
use selene_contracts::row::{Selection as _, Value};
use selene_storage::backend::{current_tables, ledgers};

use crate::statement::words::words;

/// The rows that an answer is made of.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reach {
    pub(crate) tables: Vec<Reached>,
}

/// Rows of one table. A table that a statement names twice is there twice.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reached {
    pub(crate) table: String,
    /// The name that it has in the statement.
    alias: String,
    /// A column that is equal to a parameter in every row that counts, and the parameter's place from zero. Without one, every row may
    /// count.
    pub(crate) equal: Option<(String, usize)>,
}

/// The row of an idempotency record has the place of an event that is added by the same commit, so an answer that looks for the
/// record of an event can only change with that event.
const BESIDE_EVENTS: &str = IdempotencyRecordsRow::TABLE;
const EVENTS: &str = AuditEventsRow::TABLE;

impl Reach {
    /// The tables and conditions of a statement.
    pub(crate) fn of(sql: &str) -> Self {
        let words: Vec<&str> = words(sql).map(|word| word.text).collect();
        let word = |place: usize| words.get(place).copied().unwrap_or_default();
        let is_table = |word: &str| current_tables().contains(word) || ledgers().contains(word);
        let mut tables: Vec<Reached> = Vec::new();
        let mut is_plain = !words.iter().any(|word| ["OR", "NOT", "CASE", "UNION"].contains(word))
            && !words.windows(2).any(|words| words == ["JOIN", "SELECT"]);
        for place in (0..words.len()).filter(|place| is_table(words[*place])) {
            let is_joined = place > 0 && ["FROM", "JOIN"].contains(&words[place - 1]);
            is_plain &= is_joined;
            let alias = if word(place + 1) == "AS" { word(place + 2) } else { words[place] };
            tables.push(Reached { table: words[place].to_owned(), alias: alias.to_owned(), equal: None });
        }
        if is_plain {
            find_equal(&words, &mut tables);
        }
        let has_event = |reached: &Reached| reached.table == EVENTS && reached.equal.is_some();
        if tables.iter().any(has_event) {
            tables.retain(|reached| reached.table != BESIDE_EVENTS || reached.equal.is_some());
        }
        Self { tables }
    }
}

/// Finds the conditions `alias.column = $1`. One in the condition of a LEFT JOIN counts for the table that is joined by it only.
fn find_equal(words: &[&str], tables: &mut [Reached]) {
    let is_only_one = tables.len() == 1;
    let mut joined_left = None;
    for place in 0..words.len() {
        match words[place] {
            "WHERE" => joined_left = None,
            "JOIN" if place > 0 => {
                let is_left = words[place - 1] == "LEFT";
                let alias = if words.get(place + 2) == Some(&"AS") { place + 3 } else { place + 1 };
                joined_left = words.get(alias).filter(|_| is_left).copied();
            }
            _ => {}
        }
        let (Some(before), Some(["=", parameter])) = (place.checked_sub(1), words.get(place + 1..place + 3))
        else {
            continue;
        };
        let parameter = parameter.strip_prefix('$').and_then(|number| number.parse::<usize>().ok());
        let Some(parameter) = parameter.and_then(|number| number.checked_sub(1)) else { continue };
        if !["WHERE", "AND", "ON"].contains(&words[before]) {
            continue;
        }
        let (alias, column) = words[place].split_once('.').unwrap_or(("", words[place]));
        let counts = |reached: &&mut Reached| {
            (reached.alias == alias || (alias.is_empty() && is_only_one))
                && joined_left.is_none_or(|joined| joined == reached.alias)
        };
        for reached in tables.iter_mut().filter(counts) {
            reached.equal.get_or_insert_with(|| (column.to_owned(), parameter));
        }
    }
}

/// Writes a value so that equal values, and no others, are equal bytes.
pub(crate) fn write_value(value: &Value<'_>, into: &mut Vec<u8>) {
    let mut write = |kind: u8, bytes: &[u8]| {
        into.push(kind);
        into.extend((bytes.len() as u64).to_le_bytes());
        into.extend(bytes);
    };
    match value {
        Value::Null => write(0, &[]),
        Value::Integer(value) => write(1, &value.to_le_bytes()),
        Value::Real(value) => write(2, &value.to_bits().to_le_bytes()),
        Value::Text(text) => write(3, text.as_bytes()),
        Value::Bytes(bytes) => write(4, bytes),
        Value::Wide(bytes) => write(4, bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reached(sql: &str) -> Vec<(String, Option<(String, usize)>)> {
        Reach::of(sql).tables.into_iter().map(|reached| (reached.table, reached.equal)).collect()
    }

    fn equal(table: &str, column: &str, parameter: usize) -> (String, Option<(String, usize)>) {
        (table.to_owned(), Some((column.to_owned(), parameter)))
    }

    #[test]
    fn a_parameter_says_which_rows_count() {
        assert_eq!(
            reached("SELECT status FROM identities WHERE user_id = $1"),
            [equal("identities", "user_id", 0)]
        );
        let wake = "SELECT device.user_id, home.tenant_id,
                        EXISTS (SELECT 1 FROM wake_runtime_events AS event WHERE event.wake_event_id = $1)
                    FROM devices AS device
                    LEFT JOIN identities AS home ON device.tenant_id IS NULL AND home.user_id = device.user_id
                    WHERE device.device_id = $2";
        assert_eq!(
            reached(wake),
            [
                equal("wake_runtime_events", "wake_event_id", 0),
                equal("devices", "device_id", 1),
                ("identities".to_owned(), None)
            ]
        );
    }

    #[test]
    fn a_record_is_found_by_its_event() {
        let record = "SELECT outcome FROM idempotency_records WHERE (chain_id, chain_sequence) =
            (SELECT event.chain_id, event.chain_sequence FROM audit_events AS event WHERE event.event_id = $1)";
        assert_eq!(reached(record), [equal("audit_events", "event_id", 0)]);
    }

    #[test]
    fn what_the_words_do_not_say_for_certain_is_every_row() {
        for sql in [
            "SELECT 1 FROM links WHERE token_id = $1 OR link_url = $2",
            "SELECT 1 FROM links WHERE NOT (token_id = $1)",
            "SELECT CASE WHEN token_id = $1 THEN 1 END FROM links",
            "SELECT 1 FROM links WHERE token_id > $1",
            "SELECT token_id = $1 FROM links",
        ] {
            assert_eq!(reached(sql), [("links".to_owned(), None)], "{sql}");
        }
        let outer = "SELECT 1 FROM devices AS device LEFT JOIN sessions AS session ON device.user_id = $1 AND session.device_id = $2";
        assert_eq!(reached(outer), [("devices".to_owned(), None), equal("sessions", "device_id", 1)]);
        assert_eq!(
            reached("SELECT 1 FROM links, devices WHERE links.token_id = $1"),
            [("links".to_owned(), None), ("devices".to_owned(), None)]
        );
    }
}
