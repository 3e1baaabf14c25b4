//! The seals of an event as its row holds them: a JSON list, in the order in which the rows were written.
//!
//! An entry is a list of table, key, version and digest, with the digest of shared columns behind them where it stands for many
//! rows. The idempotency record of the commit lies under the place of the event, so its digest alone is its entry. What must not
//! live here: what a seal goes over.

use std::borrow::Cow;

use selene_contracts::ph1_f::IdempotencyRecordsRow;
use selene_contracts::row::Selection as _;
use serde::{Deserialize, Serialize};

use crate::seal::RowSeal;

/// One entry of the list.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Entry<'a> {
    Record(Cow<'a, str>),
    Row(Cow<'a, str>, Cow<'a, [String]>, u64, Cow<'a, str>),
    Rows(Cow<'a, str>, Cow<'a, [String]>, u64, Cow<'a, str>, Cow<'a, str>),
}

/// Writes the seals of an event that takes the place `(chain_id, sequence)`.
pub(crate) fn write(seals: &[RowSeal], chain_id: &str, sequence: u64) -> serde_json::Result<String> {
    let place = key_of_record(chain_id, sequence);
    let entries: Vec<Entry<'_>> = seals.iter().map(|seal| entry(seal, &place)).collect();
    serde_json::to_string(&entries)
}

/// Reads what [`write`] wrote; none where the text is something else.
pub(crate) fn read(text: &str, chain_id: &str, sequence: u64) -> Option<Vec<RowSeal>> {
    let entries: Vec<Entry<'static>> = serde_json::from_str(text).ok()?;
    Some(entries.into_iter().map(|entry| seal(entry, chain_id, sequence)).collect())
}

fn key_of_record(chain_id: &str, sequence: u64) -> [String; 2] {
    [chain_id.to_owned(), sequence.to_string()]
}

fn entry<'a>(seal: &'a RowSeal, place: &[String; 2]) -> Entry<'a> {
    let RowSeal { table, key, version, digest, shared_digest } = seal;
    let digest = Cow::Borrowed(digest.as_str());
    let is_record = table == IdempotencyRecordsRow::TABLE && key.as_slice() == place && *version == 0;
    match shared_digest {
        None if is_record => Entry::Record(digest),
        None => Entry::Row(table.into(), key.into(), *version, digest),
        Some(shared) => Entry::Rows(table.into(), key.into(), *version, digest, shared.into()),
    }
}

fn seal(entry: Entry<'_>, chain_id: &str, sequence: u64) -> RowSeal {
    let row = |table: Cow<'_, str>, key: Cow<'_, [String]>, version, digest: Cow<'_, str>, shared_digest| {
        let (table, key, digest) = (table.into_owned(), key.into_owned(), digest.into_owned());
        RowSeal { table, key, version, digest, shared_digest }
    };
    match entry {
        Entry::Record(digest) => {
            let key = key_of_record(chain_id, sequence).to_vec();
            row(IdempotencyRecordsRow::TABLE.into(), key.into(), 0, digest, None)
        }
        Entry::Row(table, key, version, digest) => row(table, key, version, digest, None),
        Entry::Rows(table, key, version, digest, shared) => {
            row(table, key, version, digest, Some(shared.into_owned()))
        }
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
        for text in ["", "{}", "[1]", r#"[["devices"]]"#, r#"[["devices",["phone"],3,"d1","d2","d3"]]"#] {
            assert_eq!(read(text, "acme", 7), None, "{text}");
        }
    }
}
