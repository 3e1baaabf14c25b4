//! One engine on both sides, and the way in which its changes are noted.

use std::collections::BTreeSet;

use selene_codegen::contract::{Capability, Contract, SpecKind};
use selene_codegen::naming::module_name;

use super::change::{Change, Changes};
use super::kind::Kind;
use super::side::Side;
use crate::parse::document::WriteText;
use crate::source::Span;

/// Two revisions of the specs.
#[derive(Clone, Copy)]
pub(super) struct Sides<'a> {
    pub(super) old: &'a Side,
    pub(super) new: &'a Side,
}

/// Where an item stands in the contract of each side.
#[derive(Debug, Clone)]
pub(super) struct At {
    pub(super) old: (String, Vec<String>),
    pub(super) new: (String, Vec<String>),
}

impl At {
    /// The same path in the same file of both sides.
    pub(super) fn same(file: &str, path: &[&str]) -> Self {
        let path: Vec<String> = path.iter().map(|part| (*part).to_owned()).collect();
        Self { old: (file.to_owned(), path.clone()), new: (file.to_owned(), path) }
    }

    /// An item within it.
    pub(super) fn child(&self, path: &[&str]) -> Self {
        let mut at = self.clone();
        for (_, parts) in [&mut at.old, &mut at.new] {
            parts.extend(path.iter().map(|part| (*part).to_owned()));
        }
        at
    }
}

/// One engine on both sides. For a capability that has moved, the two are different engines.
#[derive(Clone, Copy)]
pub(super) struct Pair<'a> {
    pub(super) sides: Sides<'a>,
    pub(super) old: &'a Contract,
    pub(super) new: &'a Contract,
    /// Items whose schema was not understood on one of the sides.
    pub(super) unread: &'a BTreeSet<String>,
}

impl Pair<'_> {
    /// A path in the contracts of both.
    pub(super) fn at(&self, path: &[&str]) -> At {
        let of = |contract: &Contract| {
            (module_name(&contract.engine.id), path.iter().map(|part| (*part).to_owned()).collect())
        };
        At { old: of(self.old), new: of(self.new) }
    }

    /// Whether both sides have the DB wiring of the engine. Without one nothing is known of writes and events.
    pub(super) fn has_wirings(&self) -> bool {
        let lacks = |contract: &Contract| contract.engine.missing.contains(&SpecKind::DbWiring);
        !lacks(self.old) && !lacks(self.new)
    }

    /// Places in the writes that belong to a capability.
    pub(super) fn in_writes(
        &self,
        old: &Capability,
        new: &Capability,
        pick: &dyn Fn(&WriteText) -> Option<Span>,
    ) -> (Option<Span>, Option<Span>) {
        let place = |side: &Side, contract: &Contract, capability: &Capability| {
            side.write_of(&contract.engine.id, &capability.id).and_then(pick)
        };
        (place(self.sides.old, self.old, old), place(self.sides.new, self.new, new))
    }

    /// Notes a change of an item.
    pub(super) fn push(
        &self,
        kind: &'static Kind,
        item: impl Into<String>,
        message: impl Into<String>,
        at: &At,
        changes: &mut Changes,
    ) {
        note(self.sides, &self.new.engine.id, kind, item, message, at, changes);
    }

    /// Notes a change at places of its own; where there is none, the place of an item of both sides counts.
    pub(super) fn push_at(
        &self,
        kind: &'static Kind,
        item: &str,
        message: impl Into<String>,
        (old, new): (Option<Span>, Option<Span>),
        otherwise: &At,
        changes: &mut Changes,
    ) {
        changes.push(Change {
            kind,
            engine: self.new.engine.id.clone(),
            items: vec![item.to_owned()],
            message: message.into(),
            old: old.or_else(|| self.sides.old.place(&otherwise.old.0, &otherwise.old.1)),
            new: new.or_else(|| self.sides.new.place(&otherwise.new.0, &otherwise.new.1)),
        });
    }

    /// Notes every item of one list that the other has not.
    pub(super) fn gone_and_new(
        &self,
        (old, new): (&[String], &[String]),
        item: &str,
        at: &At,
        (removed, gone): (&'static Kind, &str),
        (added, come): (&'static Kind, &str),
        changes: &mut Changes,
    ) {
        for one in old.iter().filter(|one| !new.contains(one)) {
            self.push(removed, item, format!("`{one}` {gone}"), at, changes);
        }
        for one in new.iter().filter(|one| !old.contains(one)) {
            self.push(added, item, format!("`{one}` {come}"), at, changes);
        }
    }
}

/// Notes a change, with the places of both sides.
pub(super) fn note(
    sides: Sides<'_>,
    engine: &str,
    kind: &'static Kind,
    item: impl Into<String>,
    message: impl Into<String>,
    at: &At,
    changes: &mut Changes,
) {
    changes.push(Change {
        kind,
        engine: engine.to_owned(),
        items: vec![item.into()],
        message: message.into(),
        old: sides.old.place(&at.old.0, &at.old.1),
        new: sides.new.place(&at.new.0, &at.new.1),
    });
}
