//! What a statement of another name has renamed: every place on both sides, each a change.

use selene_codegen::contract::{Capability, Contract, Field, Record, SharedContract};
use selene_codegen::naming::{module_name, without_schema};

use super::change::Change;
use super::kind::Kind;
use super::side::Side;
use super::stated::{Noun, Rename};
use super::{kinds, output};
use crate::paths::SHARED;

/// Every place where the old side has the former name, and the new one the other name and not the former.
pub(super) fn found(old: &Side, new: &Side, rename: &Rename) -> Vec<Change> {
    let mut seen = Seen { old, new, rename, changes: Vec::new() };
    for contract in old.resolved.contracts.iter().filter(|one| rename.concerns(one)) {
        let Some(other) = new.contract(&contract.engine.id) else { continue };
        match &rename.noun {
            Noun::Type => seen.types(contract, other),
            Noun::Table => seen.tables(contract, other),
            Noun::Field => seen.fields(contract, other),
            Noun::Column(table) => seen.columns(contract, other, Some(table)),
        }
    }
    if rename.noun == Noun::Type && rename.engine.is_none() {
        let names = |shared: &SharedContract| {
            let types = shared.types.iter().map(|ty| ty.name.clone());
            types.chain(shared.records.iter().map(|record| record.name.clone())).collect::<Vec<_>>()
        };
        seen.type_of(SHARED, SHARED, &names(&old.resolved.shared), &names(&new.resolved.shared));
    }
    seen.changes
}

struct Seen<'a> {
    old: &'a Side,
    new: &'a Side,
    rename: &'a Rename,
    changes: Vec<Change>,
}

impl Seen<'_> {
    /// Whether one list has the former name and the other its successor alone.
    fn is_renamed(&self, old: &[String], new: &[String]) -> bool {
        let Rename { from, to, .. } = self.rename;
        old.contains(from) && !old.contains(to) && new.contains(to) && !new.contains(from)
    }

    /// Notes a rename, with the place of the former name and of the other one. The paths end with the name.
    fn push(&mut self, kind: &'static Kind, engine: &str, item: String, paths: (&[&str], &[&str])) {
        let Rename { from, to, .. } = self.rename;
        self.push_as(kind, engine, (item, format!("is called `{to}`, and was `{from}`")), paths);
    }

    fn push_as(
        &mut self,
        kind: &'static Kind,
        engine: &str,
        (item, message): (String, String),
        (old, new): (&[&str], &[&str]),
    ) {
        let owned = |path: &[&str]| path.iter().map(|part| (*part).to_owned()).collect::<Vec<_>>();
        let file = if engine == SHARED { SHARED.to_owned() } else { module_name(engine) };
        let change = Change {
            kind,
            engine: engine.to_owned(),
            items: vec![item],
            message,
            old: self.old.place(&file, &owned(old)),
            new: self.new.place(&file, &owned(new)),
        };
        if !self.changes.contains(&change) {
            self.changes.push(change);
        }
    }

    fn type_of(&mut self, engine: &str, whose: &str, old: &[String], new: &[String]) {
        if self.is_renamed(old, new) {
            let Rename { from, to, .. } = self.rename;
            for part in ["types", "records"] {
                let is_it = self.old.resolved.provenance.exact(whose, &[part, from]).is_some();
                if is_it {
                    self.push(kinds::TYPE_RENAMED, engine, to.clone(), (&[part, from], &[part, to]));
                }
            }
        }
    }

    fn types(&mut self, old: &Contract, new: &Contract) {
        let names = |contract: &Contract| {
            let types = contract.types.iter().map(|ty| ty.name.clone());
            types.chain(contract.records.iter().map(|record| record.name.clone())).collect::<Vec<_>>()
        };
        self.type_of(&old.engine.id, &module_name(&old.engine.id), &names(old), &names(new));
    }

    fn tables(&mut self, old: &Contract, new: &Contract) {
        let names = |contract: &Contract| {
            contract.tables.iter().map(|one| without_schema(&one.name).to_owned()).collect::<Vec<_>>()
        };
        if !self.is_renamed(&names(old), &names(new)) {
            return;
        }
        let Rename { from, to, .. } = self.rename;
        let of = |contract: &Contract, name: &str| {
            let tables = contract.tables.iter().map(|one| one.name.clone());
            tables.filter(|one| without_schema(one) == name).collect::<String>()
        };
        let (was, is) = (of(old, from), of(new, to));
        self.push(kinds::TABLE_RENAMED, &old.engine.id, is.clone(), (&["tables", &was], &["tables", &is]));
    }

    fn columns(&mut self, old: &Contract, new: &Contract, only: Option<&String>) {
        let Rename { from, to, .. } = self.rename;
        for table in &old.tables {
            let name = without_schema(&table.name);
            if only.is_some_and(|only| only != name) {
                continue;
            }
            let Some(other) = new.tables.iter().find(|one| without_schema(&one.name) == name) else {
                continue;
            };
            let names =
                |columns: &[Field]| columns.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
            if self.is_renamed(&names(&table.columns), &names(&other.columns)) {
                let paths = (
                    ["tables", table.name.as_str(), "columns", from.as_str()],
                    ["tables", other.name.as_str(), "columns", to.as_str()],
                );
                let item = format!("{}.{to}", other.name);
                self.push(kinds::COLUMN_RENAMED, &old.engine.id, item, (&paths.0, &paths.1));
            }
        }
    }

    fn fields(&mut self, old: &Contract, new: &Contract) {
        let Rename { from, to, .. } = self.rename;
        let names = |fields: &mut dyn Iterator<Item = &Field>| {
            fields.map(|field| field.name.clone()).collect::<Vec<_>>()
        };
        for capability in &old.capabilities {
            let same =
                |one: &&Capability| one.id == capability.id || one.stored_name() == capability.stored_name();
            let Some(other) = new.capabilities.iter().find(same) else { continue };
            if self.is_renamed(&names(&mut capability.input_fields()), &names(&mut other.input_fields())) {
                let paths = (
                    ["capabilities", capability.id.as_str(), "input", from.as_str()],
                    ["capabilities", other.id.as_str(), "input", to.as_str()],
                );
                let item = format!("{}.{to}", other.id);
                self.push(kinds::INPUT_RENAMED, &old.engine.id, item, (&paths.0, &paths.1));
            }
        }
        self.answers(old, new);
        self.columns(old, new, None);
    }

    /// Records that answers give. Where those are stored, their rows have the former name.
    fn answers(&mut self, old: &Contract, new: &Contract) {
        let Rename { from, to, .. } = self.rename;
        let sides = (self.old, self.new);
        for (name, is_stored) in output::given(sides.0, old) {
            let Some((record, _)) = sides.0.record_of(old, &name) else { continue };
            let Some((other, _)) = sides.1.record_of(new, &name) else { continue };
            let names =
                |record: &Record| record.fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>();
            if self.is_renamed(&names(record), &names(other)) {
                let paths = (
                    ["records", name.as_str(), "fields", from.as_str()],
                    ["records", name.as_str(), "fields", to.as_str()],
                );
                let item = format!("{name}.{to}");
                self.push(kinds::ANSWER_RENAMED, &old.engine.id, item.clone(), (&paths.0, &paths.1));
                if is_stored {
                    let words = format!("is called `{to}`, and stored answers have `{from}`");
                    self.push_as(kinds::STORED_ANSWER, &old.engine.id, (item, words), (&paths.0, &paths.1));
                }
            }
        }
    }
}
