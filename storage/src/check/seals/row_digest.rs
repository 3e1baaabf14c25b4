//! The digest of a row and what else its comparison with a seal needs, kept in place of its columns.

use selene_contracts::row::Value;

use super::newest::{KeyHash, Survey, key_hash, partition_hash};
use super::table::{SealedRow, SealedTable};
use crate::check::spill::{Reader, Spill};
use crate::failure::Failure;

/// The digest of a row, with its key and version.
pub(super) struct RowDigest {
    /// Stands for table and key.
    pub(super) hash: KeyHash,
    /// The place of the table in the list.
    pub(super) table: usize,
    /// Of all columns, as a seal has it.
    pub(super) digest: [u8; 32],
    pub(super) version: u64,
    /// Whether it was sealed together with others, and not written since.
    pub(super) is_in_group: bool,
    /// Where the first column stands whose value cannot be read, if there is one.
    pub(super) unreadable: Option<u64>,
    /// Its key, as a report has it.
    pub(super) shown: String,
    /// The place of its event, where the row has one.
    pub(super) place: Option<[Value<'static>; 2]>,
}

impl RowDigest {
    /// That of a row of the table with this place in the list.
    pub(super) fn of(number: usize, table: &SealedTable, row: &SealedRow<'_, '_>, survey: &Survey) -> Self {
        let (version, key) = (row.version(), row.key());
        Self {
            hash: key_hash(table.name, &key),
            table: number,
            digest: row.digest(),
            version,
            is_in_group: table.is_versioned && version == 1 && survey.groups.contain(table, &key),
            unreadable: row.unreadable(),
            shown: key.join(", "),
            place: row.place().map(|place| place.map(Value::into_owned)),
        }
    }

    /// Adds it to its partition.
    pub(super) fn push(&self, rows: &mut Spill) -> Result<(), Failure> {
        rows.push(partition_hash(&self.hash), |record| {
            record.bytes(&self.hash);
            record.number(u64::try_from(self.table).unwrap_or(u64::MAX));
            record.bytes(&self.digest);
            record.number(self.version);
            record.number(u64::from(self.is_in_group));
            record.number(self.unreadable.unwrap_or(u64::MAX));
            record.bytes(self.shown.as_bytes());
            let [chain_id, sequence] = self.place.as_ref().unwrap_or(&[Value::Null, Value::Null]);
            record.value(chain_id);
            record.value(sequence);
        })
    }

    pub(super) fn read(record: &mut Reader<'_>) -> Result<Self, Failure> {
        Ok(Self {
            hash: record.array()?,
            table: usize::try_from(record.number()?).unwrap_or(usize::MAX),
            digest: record.array()?,
            version: record.number()?,
            is_in_group: record.number()? == 1,
            unreadable: Some(record.number()?).filter(|position| *position != u64::MAX),
            shown: record.text()?.to_owned(),
            place: match [record.value()?, record.value()?] {
                [Value::Null, Value::Null] => None,
                place => Some(place),
            },
        })
    }
}
