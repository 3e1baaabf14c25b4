//! One change, and the collection of all of them: what says the same of several items is one change.

use std::collections::BTreeMap;

use super::kind::Kind;
use crate::source::Span;

/// One change of meaning, with its place on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What kind of change it is.
    pub kind: &'static Kind,
    /// The engine that it is about; `shared` for what all of them have.
    pub engine: String,
    /// The items that it is about: `PH1W_READ_ROWS.user_id`, `devices.device_id`.
    pub items: Vec<String>,
    /// What was and what is, in a few words.
    pub message: String,
    /// Where the old specs say it; for what is new, where they say the nearest thing around it.
    pub old: Option<Span>,
    /// Where the new specs say it; for what is gone, where they say the nearest thing around it.
    pub new: Option<Span>,
}

impl Change {
    /// The items and the message as one sentence, without a full stop.
    #[must_use]
    pub fn sentence(&self) -> String {
        let items: Vec<String> = self.items.iter().map(|item| format!("`{item}`")).collect();
        format!("{}: {}", items.join(", "), self.message)
    }
}

/// What a change says, without its items: kind, message, both places.
type Reported = (&'static str, String, Option<Span>, Option<Span>);

/// The changes that were found so far.
#[derive(Debug, Default)]
pub(super) struct Changes {
    list: Vec<Change>,
    /// The place in the list of what says the same at the same places.
    known: BTreeMap<Reported, usize>,
}

impl Changes {
    /// Adds a change, or its items to one that says the same at the same places.
    pub(super) fn push(&mut self, change: Change) {
        let key = (change.kind.id, change.message.clone(), change.old, change.new);
        if let Some(index) = self.known.get(&key) {
            let known = &mut self.list[*index].items;
            known.extend(change.items.into_iter().filter(|item| !known.contains(item)).collect::<Vec<_>>());
            return;
        }
        self.known.insert(key, self.list.len());
        self.list.push(change);
    }

    /// Those that were found so far.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Change> {
        self.list.iter()
    }

    /// All of them, the gravest class first, then by kind and item.
    pub(super) fn sorted(mut self) -> Vec<Change> {
        self.list.sort_by(|one, other| key(one).cmp(&key(other)));
        self.list
    }
}

fn key(change: &Change) -> (super::kind::Class, &str, &'static str, &[String], &str) {
    (change.kind.class, &change.engine, change.kind.id, &change.items, &change.message)
}
