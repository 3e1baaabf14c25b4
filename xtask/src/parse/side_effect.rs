//! The vocabulary of `side_effects`: what a capability does beside answering.

/// What a capability does to the world, as its spec says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SideEffect {
    /// `NONE`
    Nothing,
    /// `DECLARED (DB_WRITE)`, `INTERNAL_DB_WRITE`, `DECLARED (DB_WRITE_CURRENT_PROJECTION)`
    DbWrite,
    /// `EXTERNAL_SEND`, `EXTERNAL_CALL`: something outside of the store, which nobody can roll back.
    External,
    /// Any other words.
    Other,
}

impl SideEffect {
    /// What words mean; brackets around the effect and `DECLARED` before it do not count.
    #[must_use]
    pub fn of(words: &str) -> Self {
        let words = words.trim();
        let inner = words.strip_prefix("DECLARED").unwrap_or(words).trim();
        let inner = inner.trim_start_matches('(').trim_end_matches(')').trim();
        match inner {
            "NONE" => Self::Nothing,
            _ if inner.starts_with("EXTERNAL_") && is_word(inner) => Self::External,
            _ if is_word(inner) && is_db_write(inner) => Self::DbWrite,
            _ => Self::Other,
        }
    }

    /// The word for tools.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nothing => "none",
            Self::DbWrite => "db_write",
            Self::External => "external",
            Self::Other => "other",
        }
    }
}

fn is_word(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// `DB_WRITE` with words before or behind it.
fn is_db_write(text: &str) -> bool {
    let words: Vec<&str> = text.split('_').collect();
    words.windows(2).any(|pair| pair == ["DB", "WRITE"])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn effects_are_distinguished_by_their_words() {
        for (words, effect) in [
            ("NONE", SideEffect::Nothing),
            ("DECLARED (DB_WRITE)", SideEffect::DbWrite),
            ("INTERNAL_DB_WRITE", SideEffect::DbWrite),
            ("DECLARED (DB_WRITE_CURRENT_PROJECTION)", SideEffect::DbWrite),
            ("EXTERNAL_SEND", SideEffect::External),
            ("DECLARED (EXTERNAL_CALL)", SideEffect::External),
            ("DECLARED (DB_WRITES)", SideEffect::Other),
            ("sends a letter", SideEffect::Other),
            ("", SideEffect::Other),
        ] {
            assert_eq!(SideEffect::of(words), effect, "{words}");
        }
    }
}
