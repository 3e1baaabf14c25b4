//! The Markdown table: what was measured, against what was aimed at.

use std::fmt::Write as _;
use std::path::Path;

/// A bound that a ratio should keep.
#[derive(Clone, Copy)]
pub enum Aim {
    AtLeast(f64),
    AtMost(f64),
    None,
}

/// One line of the table.
pub struct Line {
    pub case: String,
    pub aim: Aim,
    pub ratio: f64,
    /// Absolute figures, for the reader's feeling only.
    pub figures: String,
}

impl Line {
    /// A line; figures are microseconds of one piece of work.
    pub fn new(case: impl Into<String>, aim: Aim, ratio: f64, ours_ns: f64, raw_ns: f64) -> Self {
        let figures = format!("{:.1} / {:.1}", ours_ns / 1_000.0, raw_ns / 1_000.0);
        Self { case: case.into(), aim, ratio, figures }
    }

    fn cells(&self) -> [String; 5] {
        let shown = (self.ratio * 100.0).round() / 100.0;
        let (aim, verdict) = match self.aim {
            Aim::AtLeast(bound) => (format!("≥ {bound:.2}"), verdict(shown >= bound)),
            Aim::AtMost(bound) => (format!("≤ {bound:.2}"), verdict(shown <= bound)),
            Aim::None => (String::new(), ""),
        };
        [self.case.clone(), aim, format!("{shown:.2}"), verdict.to_owned(), self.figures.clone()]
    }
}

const fn verdict(is_met: bool) -> &'static str {
    if is_met { "met" } else { "missed" }
}

/// The table of lines; `figures` heads the column of absolute figures.
pub fn table(figures: &str, lines: &[Line]) -> String {
    let mut text = String::new();
    let header = ["case", "aim", "ratio", "", figures].map(str::to_owned);
    let rows: Vec<[String; 5]> = std::iter::once(header).chain(lines.iter().map(Line::cells)).collect();
    let widths: [usize; 5] =
        std::array::from_fn(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0));
    for (index, row) in rows.iter().enumerate() {
        write_row(&mut text, row, &widths);
        if index == 0 {
            write_row(&mut text, &widths.map(|width| "-".repeat(width.max(3))), &widths);
        }
    }
    text
}

fn write_row(text: &mut String, cells: &[String; 5], widths: &[usize; 5]) {
    for (cell, width) in cells.iter().zip(widths) {
        let _ = write!(text, "| {cell:<width$} ");
    }
    text.push_str("|\n");
}

/// Replaces what lies between the markers of a section in a file.
///
/// # Errors
/// The file cannot be read or written, or has no markers.
pub fn replace(path: &Path, section: &str, table: &str) -> std::io::Result<()> {
    let [begin, end] = ["begin", "end"].map(|edge| format!("<!-- {section}: {edge} -->"));
    let text = std::fs::read_to_string(path)?;
    let parts = text.split_once(&begin).and_then(|(head, rest)| Some((head, rest.split_once(&end)?.1)));
    let Some((head, tail)) = parts else {
        return Err(std::io::Error::other(format!("{} has no markers {begin} and {end}", path.display())));
    };
    std::fs::write(path, format!("{head}{begin}\n\n{table}\n{end}{tail}"))
}
