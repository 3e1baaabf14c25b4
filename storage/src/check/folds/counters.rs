//! Ledgers whose rows are numbers, and that no other check covers: their numbers have no gap.

use selene_contracts::{TableSpec, TruthType, engines};

use super::FoldReport;
use super::groups::count;
use crate::check::stream::Stream;
use crate::failure::Failure;
use crate::rules::folds::Count;
use crate::seal::shown;
use crate::session::Session;

/// Looks for gaps in every ledger that nothing has looked at so far.
pub(super) fn check(db: &impl Session, report: &mut FoldReport) -> Result<(), Failure> {
    let tables = engines::ALL.iter().flat_map(|engine| engine.tables);
    for table in tables.filter(|table| table.truth_type == TruthType::Ledger) {
        if !report.covers(table.bare_name()) {
            check_ledger(db, table, report)?;
        }
    }
    Ok(())
}

/// Looks for gaps in one ledger. Where nothing counts its rows, it stays uncovered.
pub(crate) fn check_ledger(
    db: &impl Session,
    table: &'static TableSpec,
    report: &mut FoldReport,
) -> Result<(), Failure> {
    let (name, key) = (table.bare_name(), table.primary_key);
    let Some(counter) = table.counter else { return Ok(()) };
    report.cover(name);
    let (mut group, mut numbers) = (Vec::new(), Count::default());
    for row in Stream::of_table(db, name, key, key) {
        let row = row?;
        let rest = row.values().split_last().map_or(&[][..], |(_, rest)| rest);
        if group != rest {
            group = rest.to_vec();
            numbers = Count::default();
        }
        let of: Vec<String> = group.iter().map(shown).collect();
        match row.get(counter) {
            Ok(number) => count(&mut numbers, report, (name, counter), (&of.join(", "), number)),
            Err(unread) => {
                numbers.pass();
                report.add_unread(unread);
            }
        }
    }
    Ok(())
}
