//! Types that describe which answers repeat which fields of which rows. The descriptions are in `tables`.

use selene_contracts::Capability;
use selene_contracts::row::Selection;

/// A table of whose rows answers have fields.
pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) key: &'static [&'static str],
    /// Every column of the contract.
    pub(super) columns: &'static [&'static str],
    /// Columns beside the key that are not compared with the answers.
    pub(super) not_compared: &'static [&'static str],
    pub(super) by: &'static [By],
    /// Fields that other writes change as well, and to what.
    pub(super) later: &'static [(&'static str, Later)],
    /// A field that no answer has is without a value.
    pub(super) unanswered_is_absent: bool,
    /// A row can come from a write whose answer does not name it.
    pub(super) may_be_unanswered: bool,
    /// No ledger leads to its rows but the records.
    pub(super) has_no_other_ledger: bool,
}

impl Table {
    /// A table of which every column is compared with the answers of `by`, which has to be added.
    pub(super) const fn of<R: Selection>() -> Self {
        Self {
            name: R::TABLE,
            key: R::KEY,
            columns: R::COLUMNS,
            not_compared: &[],
            by: &[],
            later: &[],
            unanswered_is_absent: false,
            may_be_unanswered: false,
            has_no_other_ledger: true,
        }
    }

    /// The columns that are compared with the answers, in the table's order.
    pub(super) fn fields(&self) -> impl Iterator<Item = &'static str> {
        let is_compared = |column: &&str| !self.key.contains(column) && !self.not_compared.contains(column);
        self.columns.iter().copied().filter(is_compared)
    }

    /// The field that stands for the row itself.
    pub(super) fn last_key(&self) -> &'static str {
        self.key.last().copied().unwrap_or_default()
    }
}

/// A capability whose answer has fields of a row, and under which names the answer has the row's key.
pub(super) struct By {
    /// Its name in the records.
    pub(super) capability: &'static str,
    /// Fields of the answer, or columns where they have the same name, in the order of the key.
    pub(super) key: &'static [&'static str],
    /// The answer is the whole row, so that a field which it leaves out has no value.
    pub(super) is_whole: bool,
    /// It has fields of the row only where this field has this value.
    pub(super) only: Option<(&'static str, &'static str)>,
    /// It has fields of the row only where the event's payload has this entry.
    pub(super) only_with: Option<&'static str>,
    /// A list of the answer of which each element names a row, under this name.
    pub(super) each: Option<(&'static str, &'static str)>,
    /// A field that gets this value, which the answer does not have.
    pub(super) fixed: Option<(&'static str, &'static str)>,
    /// Entries of the event's payload, by their names there, that have another name than the column.
    pub(super) renamed: &'static [(&'static str, &'static str)],
}

impl By {
    /// An answer that is the whole row.
    pub(super) const fn row<C: Capability>(key: &'static [&'static str]) -> Self {
        Self {
            capability: C::SPEC.stored_name,
            key,
            is_whole: true,
            only: None,
            only_with: None,
            each: None,
            fixed: None,
            renamed: &[],
        }
    }

    /// An answer that has some of the row's fields.
    pub(super) const fn some_fields<C: Capability>(key: &'static [&'static str]) -> Self {
        Self { is_whole: false, ..Self::row::<C>(key) }
    }

    pub(super) const fn only(self, field: &'static str, value: &'static str) -> Self {
        Self { only: Some((field, value)), ..self }
    }

    pub(super) const fn only_with(self, entry: &'static str) -> Self {
        Self { only_with: Some(entry), ..self }
    }

    /// One row for each element of `list`, a field of the answer; each gets the value of `field` that is given.
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

    /// The value that the event of the write has for a field.
    pub(super) fn payload_value<'a>(
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

    /// Whether this answer, and the event beside it, have fields of the row.
    pub(super) fn has_fields_of_row(&self, outcome: &serde_json::Value, payload: &serde_json::Value) -> bool {
        self.only.is_none_or(|(field, value)| outcome[field] == value)
            && self.only_with.is_none_or(|entry| payload.get(entry).is_some())
    }
}

/// How a write whose answer does not have a field changes it.
pub(super) enum Later {
    /// A missing value is set.
    Set,
    /// The field gets this value.
    Becomes(&'static str),
}
