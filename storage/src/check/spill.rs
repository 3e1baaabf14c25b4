//! Records that memory should not hold all at once: partitioned by a hash, so that the records of one key lie in one partition.
//!
//! What is more than a few megabytes lies in one file without a name, which the system removes. What must not live here: what a
//! record means.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};

use selene_contracts::row::Value;

use crate::failure::{Failure, Trouble};

/// Bytes that the buffers of all partitions take together, at most.
const MEMORY_BYTES: usize = 16 * 1024 * 1024;
/// Partitions at most: each has a buffer of some kilobytes.
const MAX_PARTITIONS: u64 = 1_024;
/// Bytes of the length in front of a record.
const LENGTH_BYTES: usize = size_of::<u32>();

/// How many partitions give each about `at_once` records.
pub(crate) fn partitions_for(records: u64, at_once: u64) -> u64 {
    records.div_ceil(at_once.max(1)).clamp(1, MAX_PARTITIONS)
}

/// Records by partition, in memory and in a temporary file.
pub(crate) struct Spill {
    file: Option<File>,
    partitions: Vec<Partition>,
    block_bytes: usize,
}

/// The records of a partition: blocks of the file, and the last ones.
#[derive(Default)]
struct Partition {
    blocks: Vec<(u64, usize)>,
    buffer: Vec<u8>,
}

impl Spill {
    /// No records, in so many partitions.
    pub(crate) fn new(partitions: u64) -> Self {
        let count = usize::try_from(partitions).unwrap_or(1).max(1);
        let partitions = std::iter::repeat_with(Partition::default).take(count).collect();
        Self { file: None, partitions, block_bytes: MEMORY_BYTES / count }
    }

    /// How many partitions there are.
    pub(crate) fn partitions(&self) -> usize {
        self.partitions.len()
    }

    /// Adds a record to the partition of a hash.
    pub(crate) fn push(&mut self, hash: u64, write: impl FnOnce(&mut Writer<'_>)) -> Result<(), Failure> {
        let count = u64::try_from(self.partitions.len()).unwrap_or(1);
        let number = usize::try_from(hash % count).unwrap_or(0);
        let Some(partition) = self.partitions.get_mut(number) else { return Ok(()) };
        let start = partition.buffer.len();
        partition.buffer.extend([0; LENGTH_BYTES]);
        write(&mut Writer(&mut partition.buffer));
        let length = partition.buffer.len() - start - LENGTH_BYTES;
        let length =
            u32::try_from(length).map_err(|_| Failure::Unreadable("a row of gigabytes".to_owned()))?;
        partition.buffer[start..start + LENGTH_BYTES].copy_from_slice(&length.to_le_bytes());
        if partition.buffer.len() >= self.block_bytes {
            let file = match &mut self.file {
                Some(file) => file,
                None => self.file.insert(tempfile::tempfile().map_err(|error| failed(&error))?),
            };
            let place = file.seek(SeekFrom::End(0)).map_err(|error| failed(&error))?;
            file.write_all(&partition.buffer).map_err(|error| failed(&error))?;
            partition.blocks.push((place, partition.buffer.len()));
            partition.buffer.clear();
        }
        Ok(())
    }

    /// Shows the records of a partition in the order in which they were added.
    pub(crate) fn visit(
        &mut self,
        number: usize,
        visit: &mut dyn FnMut(&mut Reader<'_>) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let Some(partition) = self.partitions.get_mut(number) else { return Ok(()) };
        for (place, bytes) in std::mem::take(&mut partition.blocks) {
            let mut block = vec![0; bytes];
            if let Some(file) = &mut self.file {
                file.seek(SeekFrom::Start(place)).map_err(|error| failed(&error))?;
                file.read_exact(&mut block).map_err(|error| failed(&error))?;
            }
            visit_block(&block, visit)?;
        }
        visit_block(&std::mem::take(&mut partition.buffer), visit)
    }
}

fn visit_block(
    mut block: &[u8],
    visit: &mut dyn FnMut(&mut Reader<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    while let Some((length, rest)) = block.split_first_chunk() {
        let length = usize::try_from(u32::from_le_bytes(*length)).map_err(|_| torn())?;
        let (record, rest) = rest.split_at_checked(length).ok_or_else(torn)?;
        visit(&mut Reader(record))?;
        block = rest;
    }
    Ok(())
}

fn failed(error: &io::Error) -> Failure {
    Failure::Database { trouble: Trouble::Other, detail: format!("a temporary file of the check: {error}") }
}

fn torn() -> Failure {
    Failure::Inconsistent("a temporary file of the check is not as it was written".to_owned())
}

/// Writes the fields of a record.
pub(crate) struct Writer<'a>(&'a mut Vec<u8>);

impl Writer<'_> {
    pub(crate) fn number(&mut self, number: u64) {
        self.0.extend(number.to_le_bytes());
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.number(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.0.extend(bytes);
    }

    pub(crate) fn value(&mut self, value: &Value<'_>) {
        match value {
            Value::Null => self.number(0),
            Value::Integer(number) => {
                self.number(1);
                self.number(number.cast_unsigned());
            }
            Value::Real(number) => {
                self.number(2);
                self.number(number.to_bits());
            }
            Value::Text(text) => {
                self.number(3);
                self.bytes(text.as_bytes());
            }
            Value::Bytes(bytes) => {
                self.number(4);
                self.bytes(bytes);
            }
            Value::Wide(bytes) => {
                self.number(5);
                self.bytes(bytes);
            }
        }
    }
}

/// Reads the fields of a record in the order in which they were written.
pub(crate) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(crate) fn number(&mut self) -> Result<u64, Failure> {
        let (number, rest) = self.0.split_first_chunk().ok_or_else(torn)?;
        self.0 = rest;
        Ok(u64::from_le_bytes(*number))
    }

    pub(crate) fn bytes(&mut self) -> Result<&'a [u8], Failure> {
        let length = usize::try_from(self.number()?).map_err(|_| torn())?;
        let (bytes, rest) = self.0.split_at_checked(length).ok_or_else(torn)?;
        self.0 = rest;
        Ok(bytes)
    }

    pub(crate) fn text(&mut self) -> Result<&'a str, Failure> {
        std::str::from_utf8(self.bytes()?).map_err(|_| torn())
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Result<[u8; N], Failure> {
        self.bytes()?.try_into().map_err(|_| torn())
    }

    pub(crate) fn value(&mut self) -> Result<Value<'static>, Failure> {
        Ok(match self.number()? {
            0 => Value::Null,
            1 => Value::Integer(self.number()?.cast_signed()),
            2 => Value::Real(f64::from_bits(self.number()?)),
            3 => Value::Text(self.text()?.to_owned().into()),
            4 => Value::Bytes(self.bytes()?.to_vec().into()),
            5 => Value::Wide(self.array()?),
            _ => return Err(torn()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each record with its number, in the order of the partitions.
    fn read_back(spill: &mut Spill) -> Vec<Vec<u64>> {
        (0..spill.partitions())
            .map(|partition| {
                let mut found = Vec::new();
                let mut take = |record: &mut Reader<'_>| {
                    let number = record.number()?;
                    assert_eq!(record.bytes()?.len(), 1_000);
                    assert_eq!(record.text()?, "ä");
                    found.push(number);
                    Ok(())
                };
                spill.visit(partition, &mut take).unwrap();
                found
            })
            .collect()
    }

    #[test]
    fn records_come_back_in_their_order_from_memory_and_from_the_file() {
        for (count, partitions) in [(10, 3), (50_000, 3), (50_000, 1)] {
            let mut spill = Spill::new(partitions);
            for number in 0..count {
                spill
                    .push(number, |record| {
                        record.number(number);
                        record.bytes(&[7; 1_000]);
                        record.bytes("ä".as_bytes());
                    })
                    .unwrap();
            }
            assert_eq!(spill.file.is_some(), count > 10, "{count} records");
            let expected: Vec<Vec<u64>> = (0..partitions)
                .map(|partition| (0..count).filter(|number| number % partitions == partition).collect())
                .collect();
            assert_eq!(read_back(&mut spill), expected);
        }
    }

    #[test]
    fn every_kind_of_value_comes_back() {
        let values = [
            Value::Null,
            Value::Integer(i64::MIN),
            Value::Real(-0.5),
            Value::Text("text".into()),
            Value::Bytes(vec![1, 2].into()),
            Value::Wide([9; 16]),
        ];
        let mut spill = Spill::new(1);
        spill.push(0, |record| values.iter().for_each(|value| record.value(value))).unwrap();
        let mut read = |record: &mut Reader<'_>| {
            for value in &values {
                assert_eq!(record.value()?, *value);
            }
            assert!(record.number().is_err(), "nothing is left");
            Ok(())
        };
        spill.visit(0, &mut read).unwrap();
    }

    #[test]
    fn there_is_at_least_one_partition_and_never_more_than_the_limit() {
        assert_eq!(partitions_for(0, 100), 1);
        assert_eq!(partitions_for(101, 100), 2);
        assert_eq!(partitions_for(u64::MAX, 1), MAX_PARTITIONS);
        assert_eq!(partitions_for(7, 0), 7);
    }
}
