//! The names that pages and the lexicon use, for what is used by nobody.

use std::collections::BTreeSet;

use super::sentence::is_lower_snake;
use super::subject::Engine;
use crate::parse::lexicon::Scope;
use crate::parse::schema::{Expr, ExprKind};

/// Names of fields and types, and words that stand for groups.
#[derive(Default)]
pub(super) struct Used<'a> {
    pub(super) names: BTreeSet<&'a str>,
    pub(super) groups: BTreeSet<&'a str>,
    pub(super) callers: BTreeSet<&'a str>,
}

impl<'a> Used<'a> {
    /// What the pages of an engine use.
    pub(super) fn by_pages(&mut self, engine: &Engine<'a>) {
        for page in engine.each_page() {
            for capability in &page.capabilities {
                let schemas = capability.input.iter().chain(&capability.output);
                schemas.filter_map(|schema| schema.tree.as_ref()).for_each(|tree| self.add(tree));
                self.callers.extend(capability.callers.iter().map(|callers| callers.value.as_str()));
            }
            let columns = page.tables.iter().filter_map(|table| table.columns.as_ref());
            columns.filter_map(|schema| schema.tree.as_ref()).for_each(|tree| self.add(tree));
            for write in &page.writes {
                let fields = write.required_fields.iter().chain(&write.payload_keys);
                self.names.extend(fields.map(|field| field.value.trim_end_matches('?')));
            }
        }
        // What a capability answers with may be written in place, under a name that the contract gave it.
        self.names.extend(engine.contract.records.iter().map(|record| record.name.as_str()).filter(|name| {
            engine
                .contract
                .capabilities
                .iter()
                .any(|one| one.output.types().iter().any(|ty| ty.to_string() == *name))
        }));
    }

    /// What declarations use: fields their types, records their fields, groups the names that they stand for.
    pub(super) fn by_scope(&mut self, scope: &'a Scope) {
        scope.fields.iter().filter_map(|field| field.ty.as_ref()).for_each(|ty| self.add(ty));
        for (field, own) in scope.records.iter().chain(&scope.additions).flat_map(|record| &record.fields) {
            self.add(field);
            own.iter().filter_map(|own| own.ty.as_ref()).for_each(|ty| self.add(ty));
        }
        scope.groups.iter().flat_map(|(_, fields)| fields).for_each(|field| self.add(field));
        for alternative in scope.alternatives.iter().flat_map(|entry| &entry.alternatives) {
            alternative.output.iter().for_each(|output| self.add(output));
        }
        let private = scope.tables.iter().flat_map(|table| &table.private);
        private.for_each(|(column, _)| self.add(column));
    }

    fn add(&mut self, expr: &'a Expr) {
        match &expr.kind {
            ExprKind::Unit | ExprKind::Nothing => {}
            ExprKind::Name(name) => {
                self.names.insert(name);
            }
            ExprKind::Prose(words) => {
                self.groups.insert(words);
            }
            ExprKind::Optional(inner) | ExprKind::List(inner) => self.add(inner),
            ExprKind::Fixed { name, .. } | ExprKind::Values { name, .. } => {
                self.names.insert(&name.value);
            }
            ExprKind::Generic { name, args: parts } | ExprKind::Record { name, fields: parts } => {
                self.names.insert(&name.value);
                for part in parts {
                    self.add(part);
                }
            }
            ExprKind::Tuple(parts) | ExprKind::OneOf(parts) => parts.iter().for_each(|part| self.add(part)),
        }
    }

    /// Whether a field, type or record is used. `WakeProfileId` may stand in a schema as `wake_profile_id`.
    pub(super) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
            || !is_lower_snake(name)
                && self
                    .names
                    .iter()
                    .any(|used| is_lower_snake(used) && selene_codegen::naming::pascal(used) == name)
    }
}
