//! What a kind of change is, and what each class of kinds means.

/// Whom a change breaks, if anybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A program that calls by the old specs does not compile any more, is refused, or is answered otherwise.
    Callers,
    /// A backend that serves what the old specs say has to change.
    Backends,
    /// Rows, answers or keys that are stored do not fit, or a table that has rows gets another form: it needs a migration.
    StoredData,
    /// Less is proven or kept than before.
    WeakerProof,
    /// Something is there that was not, and nobody has to change.
    Addition,
    /// Other words with the same meaning.
    Wording,
}

impl Class {
    /// Every class, the gravest first.
    pub const ALL: [Self; 6] =
        [Self::Callers, Self::Backends, Self::StoredData, Self::WeakerProof, Self::Addition, Self::Wording];

    /// The word for tools and for acknowledgements.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Callers => "callers",
            Self::Backends => "backends",
            Self::StoredData => "stored_data",
            Self::WeakerProof => "weaker_proof",
            Self::Addition => "addition",
            Self::Wording => "wording",
        }
    }

    /// The words for people.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Callers => "breaking for callers",
            Self::Backends => "breaking for backends",
            Self::StoredData => "breaking for stored data (needs a migration)",
            Self::WeakerProof => "weaker proof",
            Self::Addition => "addition",
            Self::Wording => "wording only",
        }
    }

    /// Whether a change of it has to be acknowledged.
    #[must_use]
    pub const fn is_breaking(self) -> bool {
        matches!(self, Self::Callers | Self::Backends | Self::StoredData)
    }

    /// Whether a line of the specs may acknowledge it: all but what is harmless.
    #[must_use]
    pub const fn can_be_acknowledged(self) -> bool {
        self.is_breaking() || matches!(self, Self::WeakerProof)
    }
}

/// A kind of change. An id, once released, keeps its meaning.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// `C0201`
    pub id: &'static str,
    /// The class of what the change breaks: callers, backends, stored data or proof.
    pub class: Class,
    /// What has changed, in one sentence.
    pub purpose: &'static str,
    /// What to do about it, in one sentence.
    pub to_do: &'static str,
}
