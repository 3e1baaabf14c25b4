//! Which reads are also answered page by page: those that give a list of records.
//!
//! What lives here: the choice, for the emission and for whoever lists the calls of an engine. What must not: Rust tokens, and
//! how a store finds the rows of a page.

use crate::contract::{Capability, Effect, Output, Record, TypeRef};

/// What a read gives a list of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Listed<'a> {
    /// The record of one row.
    pub record: &'a Record,
    /// The field of the record by which the read names its rows, where it gives a map.
    pub key: Option<&'a str>,
}

impl<'a> Listed<'a> {
    /// The list of a read, or of a map by a field of its records; `record_of` finds a record by its name. `None` for every other
    /// capability: one row is no list, and where an answer has several forms, the alternatives that name rows by their owner are
    /// as short as what one owner has.
    #[must_use]
    pub fn of(capability: &Capability, record_of: impl FnOnce(&str) -> Option<&'a Record>) -> Option<Self> {
        let (Effect::Read, Output::Type(output)) = (capability.effect, &capability.output) else {
            return None;
        };
        let (key, row) = match output {
            TypeRef::List(row) => (None, row),
            TypeRef::Map(key, row) => (Some(key), row),
            _ => return None,
        };
        let TypeRef::Named(name) = row.as_ref() else { return None };
        let record = record_of(name)?;
        let key = match key {
            None => None,
            Some(ty) => {
                let mut fields = record.fields.iter().filter(|field| field.ty == **ty);
                match (fields.next(), fields.next()) {
                    (Some(only), None) => Some(only.name.as_str()),
                    _ => return None,
                }
            }
        };
        Some(Self { record, key })
    }
}

/// The id of the paged form of a read, of which its names follow: `PH1J_READ_ROWS_PAGE`. No contract has it.
#[must_use]
pub fn id(capability_id: &str) -> String {
    format!("{capability_id}_PAGE")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        crate::yaml::from_str("{name: Note, fields: [{name: note_id, type: NoteId}, {name: text, type: String}, {name: more, type: String}]}")
            .unwrap()
    }

    /// The key of the pages of an output: empty for a list without one, and none where there are no pages.
    fn key_of(effect: &str, output: &str) -> Option<String> {
        let read: Capability = crate::yaml::from_str(&format!(
            "{{id: READ, name: Read, effect: {effect}, allowed_callers: [SELENE_OS], output: {output}}}"
        ))
        .unwrap();
        let record = record();
        let listed = Listed::of(&read, |name| (name == "Note").then_some(&record))?;
        Some(listed.key.unwrap_or_default().to_owned())
    }

    #[test]
    fn lists_of_records_have_pages_and_nothing_else() {
        assert_eq!(key_of("read", "Vec<Note>").as_deref(), Some(""));
        assert_eq!(key_of("read", "'Map<NoteId, Note>'"), Some("note_id".to_owned()));
        for (effect, output) in [
            ("write", "Vec<Note>"),
            ("read", "Note"),
            ("read", "Option<Note>"),
            ("read", "Vec<NoteId>"),
            ("read", "'Map<NoteId, NoteId>'"),
            ("read", "{one_of: [Note, Vec<Note>]}"),
            // Which of the two texts would the key be?
            ("read", "'Map<String, Note>'"),
        ] {
            assert_eq!(key_of(effect, output), None, "{effect} {output}");
        }
    }
}
