//! What a store holds, as `selene-store inspect` shows it of a file and of a database on a server.

use std::fmt::Write as _;

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};

use crate::audit::{Contents, EventAt};
use crate::command::output::{bytes, count, number};

/// Lines about chains and about the oldest and the newest event.
pub fn events(of: &Contents) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "  chains    {}", count(of.chains, "chain"));
    let _ = writeln!(text, "  oldest    {}", event(of.oldest_event.as_ref()));
    let _ = writeln!(text, "  newest    {}", event(of.newest_event.as_ref()));
    text
}

/// Every table with its rows, and with its bytes where the database says them of each, in the order of the tables.
pub fn tables(of: &Contents, sizes: Option<&[u64]>) -> String {
    let mut table = Table::new();
    let mut header = vec!["table", "rows", ""];
    if sizes.is_some() {
        header.insert(2, "size");
    }
    table.load_style(NOTHING).set_header(header);
    for (place, row) in of.tables.iter().enumerate() {
        let mut cells = vec![row.table.clone(), number(row.rows)];
        cells.extend(sizes.map(|sizes| sizes.get(place).copied().map(bytes).unwrap_or_default()));
        cells.push(if row.is_ledger { "ledger" } else { "" }.to_owned());
        table.add_row(cells);
    }
    for column in 1..=usize::from(sizes.is_some()) + 1 {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut text = String::new();
    for line in table.lines() {
        let _ = writeln!(text, " {}", line.trim_end());
    }
    text
}

fn event(event: Option<&EventAt>) -> String {
    let Some(event) = event else { return "no event".to_owned() };
    let chain =
        event.tenant_id.as_ref().map_or("without a tenant".to_owned(), |tenant| format!("of {tenant}"));
    format!(
        "{} at {} ns, number {} of the chain {chain}, {}",
        event.event_id,
        number(event.created_at),
        number(event.chain_sequence),
        event.engine
    )
}
