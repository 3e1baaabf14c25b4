//! Statement texts that are put together while compiling.

/// Bytes of all parts together.
#[must_use]
pub const fn length(parts: &[&str]) -> usize {
    let (mut bytes, mut part) = (0, 0);
    while part < parts.len() {
        bytes += parts[part].len();
        part += 1;
    }
    bytes
}

/// The parts, one behind the other. `N` is their [`length`].
///
/// # Panics
/// `N` is another number, which fails to compile in a constant.
#[must_use]
pub const fn joined<const N: usize>(parts: &[&str]) -> [u8; N] {
    assert!(N == length(parts), "N is the length of all parts");
    let mut bytes = [0; N];
    let (mut end, mut part) = (0, 0);
    while part < parts.len() {
        let text = parts[part].as_bytes();
        let mut byte = 0;
        while byte < text.len() {
            bytes[end] = text[byte];
            end += 1;
            byte += 1;
        }
        part += 1;
    }
    bytes
}

/// `alias.a, alias.b`: columns of the table that a statement calls so. `N` is their [`qualified_length`].
///
/// # Panics
/// `N` is another number, which fails to compile in a constant.
#[must_use]
pub const fn qualified<const N: usize>(columns: &[&str], alias: &str) -> [u8; N] {
    qualified_text(columns, alias).finished()
}

/// Bytes of [`qualified`] columns.
#[must_use]
pub const fn qualified_length(columns: &[&str], alias: &str) -> usize {
    qualified_text::<0>(columns, alias).length()
}

const fn qualified_text<const N: usize>(columns: &[&str], alias: &str) -> Writer<N> {
    let mut text = Writer::new();
    let mut place = 0;
    while place < columns.len() {
        text.write(if place == 0 { "" } else { ", " }).write(alias).write(".").write(columns[place]);
        place += 1;
    }
    text
}

/// The position of a column in a list of columns, from zero.
///
/// # Panics
/// The list has no such column, which fails to compile in a constant.
#[must_use]
pub const fn position(columns: &[&str], column: &str) -> usize {
    let mut position = 0;
    while position < columns.len() {
        if is_same(columns[position], column) {
            return position;
        }
        position += 1;
    }
    panic!("the list has no such column")
}

/// A text of `N` bytes that is written while compiling. What no longer fits is counted all the same, so a writer of no bytes
/// measures.
pub(super) struct Writer<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Writer<N> {
    pub(super) const fn new() -> Self {
        Self { bytes: [0; N], length: 0 }
    }

    /// Appends a text behind what was written.
    pub(super) const fn write(&mut self, text: &str) -> &mut Self {
        let text = text.as_bytes();
        let mut byte = 0;
        while byte < text.len() {
            if self.length < N {
                self.bytes[self.length] = text[byte];
            }
            self.length += 1;
            byte += 1;
        }
        self
    }

    /// Appends a number below 100, in decimal digits.
    pub(super) const fn number(&mut self, number: usize) -> &mut Self {
        const DIGITS: &str = "0123456789";
        assert!(number < 100, "a row has fewer than 100 columns");
        if number >= 10 {
            self.write(DIGITS.split_at(number / 10).1.split_at(1).0);
        }
        self.write(DIGITS.split_at(number % 10).1.split_at(1).0)
    }

    /// Bytes that were written so far, or would have been.
    pub(super) const fn length(&self) -> usize {
        self.length
    }

    /// All `N` bytes, once they are written.
    ///
    /// # Panics
    /// Fewer or more than `N` were written.
    pub(super) const fn finished(self) -> [u8; N] {
        assert!(self.length == N, "N is the length of the text");
        self.bytes
    }
}

/// Whether one of the tables, each given by the names of its columns, has a column.
#[must_use]
pub const fn is_column_of(tables: &[&[&str]], column: &str) -> bool {
    let mut table = 0;
    while table < tables.len() {
        if is_among(tables[table], column) {
            return true;
        }
        table += 1;
    }
    false
}

/// Whether a list of columns has a column.
pub(super) const fn is_among(columns: &[&str], column: &str) -> bool {
    let mut place = 0;
    while place < columns.len() {
        if is_same(columns[place], column) {
            return true;
        }
        place += 1;
    }
    false
}

/// The name of a field without the mark of a word that Rust keeps for itself: `type` of `r#type`.
pub(super) const fn plain(name: &str) -> &str {
    let bytes = name.as_bytes();
    if bytes.len() > 2 && bytes[0] == b'r' && bytes[1] == b'#' { name.split_at(2).1 } else { name }
}

/// `==` of texts is no constant function yet.
pub(super) const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut byte = 0;
    while byte < one.len() && byte < other.len() && one[byte] == other[byte] {
        byte += 1;
    }
    byte == one.len() && byte == other.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_found_in_any_table() {
        const TABLES: &[&[&str]] = &[&["a"], &[], &["b", "c"]];
        assert_eq!(
            ["a", "c", "ab", ""].map(|column| is_column_of(TABLES, column)),
            [true, true, false, false]
        );
    }

    #[test]
    fn a_column_has_its_position() {
        const LIST: &[&str] = &["a", "ab", "b"];
        const POSITION: usize = position(LIST, "ab");
        assert_eq!((POSITION, position(LIST, "a"), position(LIST, "b")), (1, 0, 2));
    }

    #[test]
    fn a_writer_of_no_bytes_measures_what_another_one_writes() {
        const fn written<const N: usize>() -> Writer<N> {
            let mut writer = Writer::new();
            writer.write("$").number(7).write("µ").number(10).number(42);
            writer
        }
        const TEXT: [u8; written::<0>().length()] = written().finished();
        assert_eq!(std::str::from_utf8(&TEXT), Ok("$7µ1042"));
    }

    #[test]
    fn a_word_of_rust_is_plain_in_statements() {
        assert_eq!([plain("r#type"), plain("type"), plain("r"), plain("r#")], ["type", "type", "r", "r#"]);
    }

    #[test]
    fn columns_are_qualified_by_the_alias_of_their_table() {
        const KEY: &[&str] = &["user_id", "device_id"];
        const TEXT: [u8; qualified_length(KEY, "b")] = qualified(KEY, "b");
        assert_eq!(std::str::from_utf8(&TEXT), Ok("b.user_id, b.device_id"));
    }

    #[test]
    fn parts_are_joined_in_their_order() {
        const PARTS: &[&str] = &["SELECT ", "", "µ", " FROM t"];
        const TEXT: [u8; length(PARTS)] = joined(PARTS);
        assert_eq!(std::str::from_utf8(&TEXT), Ok("SELECT µ FROM t"));
    }
}
