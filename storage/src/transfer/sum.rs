//! A sum over rows, whatever their order: equal sums of a table in two databases say that both have the same rows.

use selene_contracts::row::Cells;

use super::table::CopiedTable;
use crate::encode::Encoder;
use crate::seal::encode;

const DOMAIN: &str = "selene.copy.row.v1";

/// How many rows, and the sum of their digests, eight bytes at a time. It finds rows that were changed or left out by a fault; a forger is
/// found by seals and chains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct RowSum {
    pub(super) rows: u64,
    digests: [u64; 4],
}

impl RowSum {
    /// Adds a row whose first cells are the columns of its table.
    pub(super) fn add(&mut self, table: &CopiedTable, row: &dyn Cells) {
        let mut bytes = Encoder::new(DOMAIN);
        for (place, column) in table.columns().iter().enumerate() {
            encode(&mut bytes, column, &row.cell(place));
        }
        let digest = bytes.finish();
        for (sum, part) in self.digests.iter_mut().zip(digest.as_chunks::<8>().0) {
            *sum = sum.wrapping_add(u64::from_be_bytes(*part));
        }
        self.rows += 1;
    }
}
