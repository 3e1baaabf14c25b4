//! One field of a call, as a page promises it.

use std::collections::BTreeSet;

/// A field with values as JSON.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    pub name: &'static str,
    /// Whether a call without it cannot be read.
    pub is_required: bool,
    /// Values that are admitted. The first one stands in every call about another field; where there are limits, it lies between them.
    pub admitted: &'static [&'static str],
    /// Values that are not.
    pub refused: &'static [&'static str],
    /// The code of a value out of bounds; the engine's own where there is none.
    pub violation: Option<&'static str>,
    /// The reason codes that it takes; no code beside them is admitted.
    pub codes: Option<&'static [&'static str]>,
}

/// A field that a call must have; a text or an id, unless it has other values.
pub const fn needs(name: &'static str) -> Field {
    Field { name, is_required: true, admitted: &["\"x\""], refused: &["7"], violation: None, codes: None }
}

/// A field that a call may have.
pub const fn may(name: &'static str) -> Field {
    Field { is_required: false, ..needs(name) }
}

impl Field {
    /// It takes these values and, next to them, not those.
    pub const fn takes(self, admitted: &'static [&'static str], refused: &'static [&'static str]) -> Self {
        Self { admitted, refused, ..self }
    }

    /// True or false.
    pub const fn yes_or_no(self) -> Self {
        self.takes(&["true", "false"], &["1", "\"true\""])
    }

    /// A value out of its bounds is refused with this code.
    pub const fn or(self, code: &'static str) -> Self {
        Self { violation: Some(code), ..self }
    }

    /// It takes these reason codes alone.
    pub const fn takes_codes(self, codes: &'static [&'static str]) -> Self {
        Self { codes: Some(codes), admitted: &[], refused: &["\"NO_SUCH_CODE\""], ..self }
    }

    /// The value that stands in calls about other fields.
    pub fn usual(&self) -> String {
        match self.codes {
            Some(codes) => format!("\"{}\"", codes[0]),
            None => self.admitted[0].to_owned(),
        }
    }

    /// Every value that is tried, and whether it is admitted.
    pub fn values(&self) -> Vec<(String, bool)> {
        let stated = |values: &[&str], is_admitted| -> Vec<(String, bool)> {
            values.iter().map(|value| ((*value).to_owned(), is_admitted)).collect()
        };
        let mut values = [stated(self.admitted, true), stated(self.refused, false)].concat();
        if let Some(codes) = self.codes {
            let taken: BTreeSet<&str> = codes.iter().copied().collect();
            let all = selene_contracts::ReasonCode::all().map(selene_contracts::ReasonCode::as_str);
            values.extend(all.map(|code| (format!("\"{code}\""), taken.contains(code))));
        }
        values
    }
}
