//! The mark of a copy that is not finished: a table of one row in the target, which no store knows, so that none opens there.

use crate::check::SavedHead;
use crate::encode::Encoder;

/// The table of the mark, in every database. It is made by each driver, whose types differ, and has one row.
pub const MARK_TABLE: &str = "unfinished_copy";

/// How this build copies: the tables, their order, and the mark. A copy that another build began in another way is not gone on with.
const FORMAT: &str = "selene.copy.v1";

/// What the row of the mark says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// How the copy is made.
    pub format: String,
    /// Stands for the heads of all chains of the source: 64 hex digits.
    pub source: String,
    /// Rows that were added so far, of all tables.
    pub rows: u64,
}

/// Why a copy does not go on behind a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MarkError {
    /// The copy was begun by a build that copies otherwise.
    #[error("another build began this copy in another way")]
    Format,
    /// The copy was begun from a source with other heads.
    #[error("this copy was begun from another source, or the source was written to since")]
    Source,
}

impl Mark {
    /// Gives the columns that [`Mark::of_row`] takes.
    pub const SELECT: &str = "SELECT format, source, rows FROM unfinished_copy";
    /// Writes the mark of a copy that has no rows yet: `$1` is its format, `$2` its source.
    pub const INSERT: &str = "INSERT INTO unfinished_copy (format, source, rows) VALUES ($1, $2, 0)";
    /// Adds `$1` rows to the `$2` of before. It changes no row where another copy has added some.
    pub const ADD_ROWS: &str = "UPDATE unfinished_copy SET rows = rows + $1 WHERE rows = $2";

    /// The mark that a row of [`Mark::SELECT`] says.
    #[must_use]
    pub fn of_row((format, source, rows): (String, String, i64)) -> Self {
        Self { format, source, rows: rows.cast_unsigned() }
    }

    /// The mark of a new copy of a source with these heads.
    #[must_use]
    pub fn of(heads: &[SavedHead]) -> Self {
        let mut bytes = Encoder::new(FORMAT);
        for head in heads {
            bytes.optional_text(head.tenant_id.as_ref().map(selene_contracts::shared::TenantId::as_str));
            bytes.number(head.sequence);
            bytes.bytes(head.hash.as_bytes());
        }
        let source = crate::encode::hexadecimal(&bytes.finish());
        Self { format: FORMAT.to_owned(), source, rows: 0 }
    }

    /// Whether a copy that `found` stands for is one of the same source by this build.
    ///
    /// # Errors
    /// It is another one.
    pub fn continues(&self, found: &Self) -> Result<(), MarkError> {
        if found.format != self.format {
            return Err(MarkError::Format);
        }
        if found.source == self.source { Ok(()) } else { Err(MarkError::Source) }
    }
}

#[cfg(test)]
mod tests {
    use selene_contracts::Digest;

    use super::*;

    fn head(tenant_id: Option<&str>, sequence: u64, byte: u8) -> SavedHead {
        SavedHead { tenant_id: tenant_id.map(Into::into), sequence, hash: Digest([byte; 32]) }
    }

    #[test]
    fn a_mark_stands_for_the_heads_of_one_source() {
        let mark = Mark::of(&[head(None, 1, 1), head(Some("t"), 2, 2)]);
        let begun = Mark { rows: 7, ..mark.clone() };
        assert_eq!(mark.continues(&begun), Ok(()));
        for other in [
            Mark::of(&[]),
            Mark::of(&[head(None, 1, 1)]),
            Mark::of(&[head(None, 1, 1), head(Some("t"), 3, 2)]),
            Mark::of(&[head(None, 1, 1), head(Some("t"), 2, 3)]),
            Mark::of(&[head(None, 1, 1), head(Some("u"), 2, 2)]),
        ] {
            assert_eq!(mark.continues(&other), Err(MarkError::Source));
        }
        let later = Mark { format: "selene.copy.v2".to_owned(), ..mark.clone() };
        assert_eq!(mark.continues(&later), Err(MarkError::Format));
    }
}
