//! How results are written: for people, or as JSON for tools.

use std::fmt::{Display, Write as _};
use std::io::Write as _;

use clap::ValueEnum;
use serde::Serialize;

use crate::command::failure::Failure;
use crate::faults::Faults;

/// For whom a result is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// Text for people.
    #[default]
    Text,
    /// JSON for tools.
    Json,
}

/// Characters in a line of the terminal that the output goes to; none where it goes elsewhere.
#[must_use]
pub fn terminal_width() -> Option<usize> {
    #[cfg(target_os = "linux")]
    {
        let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
        Some(usize::from(size.ws_col)).filter(|width| *width > 0)
    }
    #[cfg(not(target_os = "linux"))]
    None
}

/// Writes a text as it is.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(Failure::Output)
}

/// Writes a text for people. A file that somebody has changed may hold what a terminal takes for an order, so every control character
/// but the line feed is written as its number.
pub fn print_for_people(text: &str) -> Result<(), Failure> {
    print(&shown(text))
}

/// Reports on the error output what is wrong with the store at a place, so that a command has come to no end.
pub fn report_damage(place: &dyn Display, what: &dyn Display) {
    report_line(&format!("error: {}", shown(&format!("{place}: {what}"))));
    report_line("help: `selene-store verify` names everything that is wrong");
}

/// Writes a line to the error output. Where nobody takes it, the exit code says enough.
pub fn report_line(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Whether whoever read the output went away, as `head` does after its lines.
pub fn has_no_reader(failure: &Failure) -> bool {
    matches!(failure, Failure::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe)
}

/// Reports that the result of work that was done could not be written. A reader that went away has seen enough.
pub fn report_loss(printed: Result<(), Failure>) {
    if let Err(Failure::Output(error)) = printed
        && error.kind() != std::io::ErrorKind::BrokenPipe
    {
        report_line(&format!(
            "error: the result could not be written, and the exit code is that of the work: {error}"
        ));
    }
}

fn shown(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_control() && c != '\n' {
            shown.extend(c.escape_unicode());
        } else {
            shown.push(c);
        }
    }
    shown
}

/// Writes a value as JSON for a tool, one document.
pub fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    let mut text = serde_json::to_string_pretty(value).map_err(|error| Failure::Output(error.into()))?;
    text.push('\n');
    print(&text)
}

/// Faults, one a line, and whether there are more.
pub fn list_faults<T: Display>(text: &mut String, faults: &Faults<T>) {
    for fault in faults {
        let _ = writeln!(text, "    - {fault}");
    }
    if faults.is_cut() {
        text.push_str("    - and more\n");
    }
}

/// A number with a comma between thousands.
pub fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 event`, `2,000 events`.
pub fn count(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", number(count), if count == 1 { "" } else { "s" })
}

/// A length for people: `12.5 MiB`, `800 bytes`.
pub fn bytes(bytes: u64) -> String {
    const UNITS: [(&str, u64); 3] = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    match UNITS.into_iter().find(|(_, size)| bytes >= *size) {
        Some((unit, size)) => {
            // Tenths, rounded down.
            let tenths = u128::from(bytes) * 10 / u128::from(size);
            format!("{}.{} {unit}", tenths / 10, tenths % 10)
        }
        None => count(bytes, "byte"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_given_no_orders() {
        assert_eq!(shown("ä │ 1\n\x1b[2J\u{9b}\r"), "ä │ 1\n\\u{1b}[2J\\u{9b}\\u{d}");
    }

    #[test]
    fn thousands_are_set_apart() {
        for (value, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(number(value), text);
        }
        for (value, text) in
            [(1_023, "1,023 bytes"), (1_024, "1.0 KiB"), (1_536, "1.5 KiB"), (5 << 30, "5.0 GiB")]
        {
            assert_eq!(bytes(value), text);
        }
        assert_eq!([count(0, "row"), count(1, "row"), count(2, "row")], ["0 rows", "1 row", "2 rows"]);
    }
}
