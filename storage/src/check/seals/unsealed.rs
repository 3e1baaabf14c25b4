//! The rows of ledgers that no event seals, because they are from before events did.

use selene_contracts::row::Value;

use super::newest::{Newest, Survey, key_hash, partition_hash};
use super::report::Findings;
use super::table::{self, SealedTable};
use super::{AT_ONCE, partitions};
use crate::check::spill::{Reader, Spill};
use crate::failure::Failure;
use crate::session::Session;

/// Takes a table, how many of the columns are its key, and the columns in the order in which they would be sealed.
pub(crate) type Visit<'a> =
    dyn FnMut(&'static str, usize, &mut dyn Iterator<Item = (&str, &Value<'_>)>) -> Result<(), Failure> + 'a;

/// Shows every such row, one partition after the other, as the check of all rows reads them. Where every event seals its rows there are none.
pub(crate) fn visit(db: &impl Session, visit: &mut Visit<'_>) -> Result<(), Failure> {
    let partitions = partitions(db, AT_ONCE)?;
    let mut survey = Survey::of(db, partitions, &mut Findings::default())?;
    if !survey.has_unsealed_events {
        return Ok(());
    }
    let tables: Vec<SealedTable> = table::all().into_iter().filter(|table| !table.is_versioned).collect();
    let mut rows = Spill::new(partitions);
    for (number, table) in tables.iter().enumerate() {
        for row in table.rows(db) {
            let row = row?;
            let hash = key_hash(table.name, &row.key());
            rows.push(partition_hash(&hash), |record| {
                record.bytes(&hash);
                record.number(u64::try_from(number).unwrap_or(u64::MAX));
                row.columns().for_each(|(_, value)| record.value(value));
            })?;
        }
    }
    for partition in 0..rows.partitions() {
        let mut newest = Newest::of(&mut survey.seals, partition)?;
        rows.visit(partition, &mut |record| {
            let (hash, table) =
                (record.array()?, &tables[usize::try_from(record.number()?).unwrap_or(usize::MAX)]);
            if newest.take(&hash).is_some() {
                return Ok(());
            }
            let columns = columns(table, record)?;
            visit(table.name, table.key.len(), &mut columns.iter().map(|(name, value)| (*name, value)))
        })?;
    }
    Ok(())
}

/// The columns of a row, as they were put aside.
fn columns(
    table: &SealedTable,
    record: &mut Reader<'_>,
) -> Result<Vec<(&'static str, Value<'static>)>, Failure> {
    table.sealed_columns().map(|name| Ok((name, record.value()?))).collect()
}
