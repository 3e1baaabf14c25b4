//! The forms in which it is said which answers tell which fields of which rows. What is said stands in `tables`.

/// A table whose rows answers tell of.
pub(super) struct Table {
    pub(super) name: &'static str,
    /// Its rows in the order of their keys.
    pub(super) rows: &'static str,
    pub(super) key: &'static [&'static str],
    /// The fields that are held against the answers.
    pub(super) fields: &'static [&'static str],
    pub(super) by: &'static [By],
    /// Fields that other writes change as well, and to what.
    pub(super) later: &'static [(&'static str, Later)],
    /// A field that no answer told has no value yet.
    pub(super) untold_is_absent: bool,
    /// A row can come from a write whose answer does not name it.
    pub(super) may_be_untold: bool,
    /// No ledger leads to its rows but the records.
    pub(super) has_no_other_ledger: bool,
}

impl Table {
    /// The field that stands for the row itself.
    pub(super) fn last_key(&self) -> &'static str {
        self.key.last().copied().unwrap_or_default()
    }
}

/// A capability whose answer tells of a row, and under which names the answer has the row's key.
pub(super) struct By {
    pub(super) capability: &'static str,
    pub(super) key: &'static [&'static str],
    /// The answer is the whole row, so that a field without a value is told to have none.
    pub(super) is_whole: bool,
    /// It tells of the row only where this field has this value.
    pub(super) only: Option<(&'static str, &'static str)>,
    /// It tells of the row only where the event's payload has this entry.
    pub(super) only_with: Option<&'static str>,
    /// A list of the answer of which each element tells of a row, under this name.
    pub(super) each: Option<(&'static str, &'static str)>,
    /// A field that becomes this value, which the answer does not hold.
    pub(super) fixed: Option<(&'static str, &'static str)>,
    /// Entries of the event's payload that have another name than the field.
    pub(super) renamed: &'static [(&'static str, &'static str)],
}

impl By {
    pub(super) const fn row(capability: &'static str, key: &'static [&'static str]) -> Self {
        Self {
            capability,
            key,
            is_whole: true,
            only: None,
            only_with: None,
            each: None,
            fixed: None,
            renamed: &[],
        }
    }

    pub(super) const fn part(capability: &'static str, key: &'static [&'static str]) -> Self {
        Self { is_whole: false, ..Self::row(capability, key) }
    }

    pub(super) const fn only(self, field: &'static str, value: &'static str) -> Self {
        Self { only: Some((field, value)), ..self }
    }

    pub(super) const fn only_with(self, entry: &'static str) -> Self {
        Self { only_with: Some(entry), ..self }
    }

    /// One row for each element of a list, which gets the value of `field` that is given.
    pub(super) const fn each(
        self,
        list: &'static str,
        name: &'static str,
        fixed: (&'static str, &'static str),
    ) -> Self {
        Self { each: Some((list, name)), fixed: Some(fixed), ..self }
    }

    pub(super) const fn renamed(self, renamed: &'static [(&'static str, &'static str)]) -> Self {
        Self { renamed, ..self }
    }

    /// What the event of the write says of a field.
    pub(super) fn said<'a>(
        &self,
        field: &str,
        payload: &'a serde_json::Value,
    ) -> Option<&'a serde_json::Value> {
        let entry = self.renamed.iter().find(|(_, named)| *named == field).map_or(field, |(entry, _)| entry);
        payload.get(entry)
    }

    /// The value that a field gets by every such write.
    pub(super) fn fixed(&self, field: &str) -> Option<&'static str> {
        self.fixed.filter(|(name, _)| *name == field).map(|(_, value)| value)
    }

    /// Whether this answer, and the event beside it, tell of the row.
    pub(super) fn tells(&self, outcome: &serde_json::Value, payload: &serde_json::Value) -> bool {
        self.only.is_none_or(|(field, value)| outcome[field] == value)
            && self.only_with.is_none_or(|entry| payload.get(entry).is_some())
    }
}

/// How a write whose answer does not tell of a field changes it.
pub(super) enum Later {
    /// A missing value is set.
    Set,
    /// It becomes this.
    Becomes(&'static str),
}
