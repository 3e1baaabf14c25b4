//! The seals of an event as its row holds them: a JSON list, in the order in which the rows were written.
//!
//! An entry is a list of table, key, version and digest, with the digest of shared columns behind them where it stands for many
//! rows. The idempotency record of the commit lies under the place of the event, so its digest alone is its entry. What must not
//! live here: what a seal goes over.

use std::fmt;

use selene_contracts::ph1_f::IdempotencyRecordsRow;
use selene_contracts::row::Selection as _;
use serde::de::{Deserializer, Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use crate::seal::RowSeal;

/// One entry of the list that is written.
#[derive(Serialize)]
#[serde(untagged)]
enum Entry<'a> {
    Record(&'a str),
    Row(&'a str, &'a [String], u64, &'a str),
    Rows(&'a str, &'a [String], u64, &'a str, &'a str),
}

/// One entry of a list that is read.
enum Found {
    /// The digest of the commit's record.
    Record(String),
    Row(RowSeal),
}

/// Writes the seals of an event that takes the place `(chain_id, sequence)`.
pub(crate) fn write(seals: &[RowSeal], chain_id: &str, sequence: u64) -> serde_json::Result<String> {
    let place = key_of_record(chain_id, sequence);
    let entries: Vec<Entry<'_>> = seals.iter().map(|seal| entry(seal, &place)).collect();
    serde_json::to_string(&entries)
}

/// Reads what [`write`] wrote; none where the text is something else.
pub(crate) fn read(text: &str, chain_id: &str, sequence: u64) -> Option<Vec<RowSeal>> {
    let entries: Vec<Found> = serde_json::from_str(text).ok()?;
    let seal = |entry| match entry {
        Found::Record(digest) => RowSeal {
            table: IdempotencyRecordsRow::TABLE.to_owned(),
            key: key_of_record(chain_id, sequence).into(),
            version: 0,
            digest,
            shared_digest: None,
        },
        Found::Row(seal) => seal,
    };
    Some(entries.into_iter().map(seal).collect())
}

fn key_of_record(chain_id: &str, sequence: u64) -> [String; 2] {
    [chain_id.to_owned(), sequence.to_string()]
}

fn entry<'a>(seal: &'a RowSeal, place: &[String; 2]) -> Entry<'a> {
    let RowSeal { table, key, version, digest, shared_digest } = seal;
    let is_record = table == IdempotencyRecordsRow::TABLE && key.as_slice() == place && *version == 0;
    match shared_digest {
        None if is_record => Entry::Record(digest),
        None => Entry::Row(table, key, *version, digest),
        Some(shared) => Entry::Rows(table, key, *version, digest, shared),
    }
}

impl<'de> Deserialize<'de> for Found {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EntryVisitor)
    }
}

/// Tells the entries by their form, without keeping what it has not understood yet: events have millions of them.
struct EntryVisitor;

impl<'de> Visitor<'de> for EntryVisitor {
    type Value = Found;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a digest, or a list of table, key, version and digests")
    }

    fn visit_str<E>(self, digest: &str) -> Result<Found, E> {
        Ok(Found::Record(digest.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Found, A::Error> {
        let none = || A::Error::custom("an entry without table, key, version or digest");
        Ok(Found::Row(RowSeal {
            table: list.next_element()?.ok_or_else(none)?,
            key: list.next_element()?.ok_or_else(none)?,
            version: list.next_element()?.ok_or_else(none)?,
            digest: list.next_element()?.ok_or_else(none)?,
            shared_digest: list.next_element()?,
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seal(table: &str, key: &[&str], version: u64, shared: Option<&str>) -> RowSeal {
        RowSeal {
            table: table.to_owned(),
            key: key.iter().map(|part| (*part).to_owned()).collect(),
            version,
            digest: "d1".to_owned(),
            shared_digest: shared.map(str::to_owned),
        }
    }

    #[test]
    fn what_was_written_is_read_again() {
        let seals = [
            seal("devices", &["phone"], 3, None),
            seal("targets", &["campaign"], 1, Some("d2")),
            seal("idempotency_records", &["acme", "7"], 0, None),
        ];
        let text = write(&seals, "acme", 7).unwrap();
        assert_eq!(text, r#"[["devices",["phone"],3,"d1"],["targets",["campaign"],1,"d1","d2"],"d1"]"#);
        assert_eq!(read(&text, "acme", 7).unwrap(), seals);
    }

    #[test]
    fn a_record_of_another_place_keeps_its_key() {
        let seals = [seal("idempotency_records", &["acme", "6"], 0, None)];
        let text = write(&seals, "acme", 7).unwrap();
        assert_eq!(text, r#"[["idempotency_records",["acme","6"],0,"d1"]]"#);
        assert_eq!(read(&text, "acme", 7).unwrap(), seals);
    }

    #[test]
    fn another_text_is_no_list_of_seals() {
        for text in [
            "",
            "{}",
            "[1]",
            r#"[["devices"]]"#,
            r#"[["devices",["phone"],3,"d1","d2","d3"]]"#,
            r#"[["devices",["phone"],3,"d1",null]]"#,
            r#"[["devices",["phone"],-3,"d1"]]"#,
            r#"[["devices",["phone"],3]]"#,
            r#"["d1"] ["d1"]"#,
        ] {
            assert_eq!(read(text, "acme", 7), None, "{text}");
        }
    }
}
