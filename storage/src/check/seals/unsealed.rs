//! The rows of ledgers that no event seals, because they are from before events did.

use selene_contracts::row::Value;

use super::newest::{self, Newest, Survey};
use super::report::Findings;
use super::{AT_ONCE, table};
use crate::failure::Failure;
use crate::session::Session;

/// Takes a table, how many of the columns are its key, and the columns in the order in which they would be sealed.
pub(crate) type Visit<'a> =
    dyn FnMut(&'static str, usize, &mut dyn Iterator<Item = (&str, &Value<'_>)>) -> Result<(), Failure> + 'a;

/// Shows every such row, in parts as the check of all rows goes through them. Where every event seals its rows there are none.
pub(crate) fn visit(db: &impl Session, visit: &mut Visit<'_>) -> Result<(), Failure> {
    let survey = Survey::of(db, &mut Findings::default())?;
    if !survey.has_unsealed_events {
        return Ok(());
    }
    let parts = survey.seals.div_ceil(AT_ONCE).max(1);
    let tables = table::all();
    for part in 0..parts {
        let is_here = |hash: &newest::KeyHash| newest::part_of(hash, parts) == part;
        let mut newest = Newest::of(db, is_here)?;
        for table in tables.iter().filter(|table| !table.is_versioned) {
            for row in table.rows(db) {
                let row = row?;
                let hash = newest::key_hash(table.name, &row.key());
                if is_here(&hash) && newest.take(&hash).is_none() {
                    visit(table.name, table.key.len(), &mut row.columns())?;
                }
            }
        }
    }
    Ok(())
}
