//! Tables to be read by people.

use std::fmt::Write as _;

/// Lines of cells, each column as wide as its widest cell.
///
/// # Panics
/// Never: a text can always be written to.
pub fn table(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column| rows.iter().filter_map(|row| row.get(column)).map(String::len).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            write!(line, "{cell:width$}  ").unwrap();
        }
        writeln!(text, "  {}", line.trim_end()).unwrap();
    }
    text
}
