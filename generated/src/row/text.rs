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

/// `==` of texts is no constant function yet.
const fn is_same(one: &str, other: &str) -> bool {
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
    fn a_column_has_its_position() {
        const LIST: &[&str] = &["a", "ab", "b"];
        const POSITION: usize = position(LIST, "ab");
        assert_eq!((POSITION, position(LIST, "a"), position(LIST, "b")), (1, 0, 2));
    }

    #[test]
    fn parts_are_joined_in_their_order() {
        const PARTS: &[&str] = &["SELECT ", "", "µ", " FROM t"];
        const TEXT: [u8; length(PARTS)] = joined(PARTS);
        assert_eq!(std::str::from_utf8(&TEXT), Ok("SELECT µ FROM t"));
    }
}
