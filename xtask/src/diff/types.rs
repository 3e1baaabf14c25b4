//! Named types: the values of enums, the bounds of texts and numbers. What a change breaks depends on who uses the type.

use std::collections::{BTreeMap, BTreeSet};

use selene_codegen::contract::{Contract, IntegerRepr, Record, TypeDef, TypeKind, TypeRef};
use selene_codegen::naming::module_name;

use super::change::Changes;
use super::field::{ANSWER, COLUMN, INPUT, Role};
use super::kind::Kind;
use super::kinds;
use super::pair::{At, Sides, note};
use super::side::Side;
use crate::paths::SHARED;

/// Fields that have a type, by where they stand.
#[derive(Debug, Default)]
struct Uses {
    inputs: BTreeSet<String>,
    answers: BTreeSet<String>,
    columns: BTreeSet<String>,
}

impl Uses {
    fn retain(&mut self, other: &Self) {
        self.inputs.retain(|item| other.inputs.contains(item));
        self.answers.retain(|item| other.answers.contains(item));
        self.columns.retain(|item| other.columns.contains(item));
    }

    fn is_empty(&self) -> bool {
        self.inputs.is_empty() && self.answers.is_empty() && self.columns.is_empty()
    }
}

/// Every use of every type on one side, by the file that declares the type and its name.
type AllUses = BTreeMap<(String, String), Uses>;

fn uses(side: &Side) -> AllUses {
    let mut found = AllUses::new();
    let mut add =
        |contract: &Contract, ty: &TypeRef, item: String, pick: fn(&mut Uses) -> &mut BTreeSet<String>| {
            for name in names(ty) {
                let key = (file_of(contract, name), name.to_owned());
                pick(found.entry(key).or_default()).insert(item.clone());
            }
        };
    for contract in &side.resolved.contracts {
        for capability in contract.served() {
            for field in capability.input_fields() {
                add(contract, &field.ty, format!("{}.{}", capability.id, field.name), |uses| {
                    &mut uses.inputs
                });
            }
            for ty in capability.output.types() {
                add(contract, ty, capability.id.clone(), |uses| &mut uses.answers);
            }
        }
        for record in contract.records.iter().chain(&side.resolved.shared.records) {
            for field in &record.fields {
                add(contract, &field.ty, format!("{}.{}", record.name, field.name), |uses| &mut uses.answers);
            }
        }
        for table in &contract.tables {
            let private = table.private.iter().map(|private| &private.column);
            for field in table.columns.iter().chain(private) {
                add(contract, &field.ty, format!("{}.{}", table.name, field.name), |uses| &mut uses.columns);
            }
        }
    }
    found
}

/// The names in a type.
fn names(ty: &TypeRef) -> Vec<&str> {
    match ty {
        TypeRef::Named(name) => vec![name],
        TypeRef::Option(inner) | TypeRef::List(inner) => names(inner),
        TypeRef::Map(key, value) => [names(key), names(value)].concat(),
        TypeRef::Unit | TypeRef::Builtin(_) => Vec::new(),
    }
}

/// The file that declares a type as an engine knows it.
fn file_of(contract: &Contract, name: &str) -> String {
    let is_own = contract.types.iter().any(|ty| ty.name == name);
    if is_own { module_name(&contract.engine.id) } else { SHARED.to_owned() }
}

/// Compares every type that both sides declare.
pub(super) fn compare(sides: Sides<'_>, changes: &mut Changes) {
    declared_alone(sides, changes);
    let (old_uses, new_uses) = (uses(sides.old), uses(sides.new));
    let nothing = Uses::default();
    let mut compare_one = |engine: &str, files: (String, String), old: &TypeDef, new: &TypeDef| {
        let name = &new.name;
        let mut found = Uses::default();
        if let Some(known) = old_uses.get(&(files.0.clone(), name.clone())) {
            found = Uses {
                inputs: known.inputs.clone(),
                answers: known.answers.clone(),
                columns: known.columns.clone(),
            };
        }
        found.retain(new_uses.get(&(files.1.clone(), name.clone())).unwrap_or(&nothing));
        let path = vec!["types".to_owned(), name.clone()];
        let at = At { old: (files.0, path.clone()), new: (files.1, path) };
        Comparison { sides, engine, name, at: &at, uses: &found }.run(old, new, changes);
    };
    for new in &sides.new.resolved.shared.types {
        if sides.new.guessed.contains(&new.name) {
            continue;
        }
        if let Some(old) = sides.old.type_of(None, &new.name) {
            compare_one(SHARED, (SHARED.to_owned(), SHARED.to_owned()), old, new);
        }
    }
    for contract in &sides.new.resolved.contracts {
        let Some(before) = sides.old.contract(&contract.engine.id) else { continue };
        let own =
            |contract: &Contract| contract.types.iter().map(|ty| ty.name.clone()).collect::<BTreeSet<_>>();
        for name in own(contract).union(&own(before)) {
            let old = sides.old.type_of(Some(before), name);
            if let (Some(old), Some(new)) = (old, sides.new.type_of(Some(contract), name)) {
                compare_one(&contract.engine.id, (file_of(before, name), file_of(contract, name)), old, new);
            }
        }
    }
}

/// Types and records that one side declares alone. Whoever uses them has changed as well; what nobody uses is reported here.
fn declared_alone(sides: Sides<'_>, changes: &mut Changes) {
    let is_on_both = |contract: &Contract| {
        let id = &contract.engine.id;
        let has_pages =
            |side: &Side| side.contract(id).is_some_and(|contract| contract.engine.missing.len() < 2);
        has_pages(sides.old) && has_pages(sides.new)
    };
    let (old, new) = (declared(sides.old, &is_on_both), declared(sides.new, &is_on_both));
    let sides_of = [(&old, &new, "is declared no longer"), (&new, &old, "is declared")];
    for (these, others, words) in sides_of {
        for (file, what, name) in these.difference(others) {
            let at = At::same(file, &[what, name]);
            note(sides, file, kinds::LEXICON_ENTRY, name.as_str(), words, &at, changes);
        }
    }
}

/// File, list and name of every type and record that a lexicon or a schema declares for all engines or for a wanted one.
fn declared(side: &Side, is_wanted: &dyn Fn(&Contract) -> bool) -> BTreeSet<(String, &'static str, String)> {
    let shared = &side.resolved.shared;
    let mut found = BTreeSet::new();
    let mut add = |file: &str, types: &[TypeDef], records: &[Record]| {
        let types = types.iter().filter(|ty| !side.guessed.contains(&ty.name));
        found.extend(types.map(|ty| (file.to_owned(), "types", ty.name.clone())));
        found.extend(records.iter().map(|record| (file.to_owned(), "records", record.name.clone())));
    };
    add(SHARED, &shared.types, &shared.records);
    for contract in side.resolved.contracts.iter().filter(|contract| is_wanted(contract)) {
        add(&module_name(&contract.engine.id), &contract.types, &contract.records);
    }
    found
}

/// One type on both sides.
struct Comparison<'a> {
    sides: Sides<'a>,
    engine: &'a str,
    name: &'a str,
    at: &'a At,
    uses: &'a Uses,
}

impl Comparison<'_> {
    fn run(&self, old: &TypeDef, new: &TypeDef, changes: &mut Changes) {
        if old.doc != new.doc {
            self.push(kinds::WORDS_CHANGED, "is described in other words".to_owned(), changes);
        }
        if old.kind == new.kind {
            return;
        }
        if self.uses.is_empty() {
            self.push(kinds::LEXICON_ENTRY, "has changed".to_owned(), changes);
            return;
        }
        match (&old.kind, &new.kind) {
            (TypeKind::Enum { values: old }, TypeKind::Enum { values: new }) => {
                self.values(old, new, changes);
            }
            (
                TypeKind::Text { min_len: low, max_len: high, ascii, free },
                TypeKind::Text { min_len: new_low, max_len: new_high, ascii: new_ascii, free: new_free },
            ) => {
                self.bounds(
                    "bytes",
                    (Some((*low).into()), Some((*high).into())),
                    (Some((*new_low).into()), Some((*new_high).into())),
                    changes,
                );
                let shown = |ascii: bool| if ascii { "ASCII only" } else { "any characters" };
                self.limit(shown(*new_ascii), shown(*ascii), (*new_ascii).cmp(ascii), changes);
                let shown =
                    |free: bool| if free { "any text" } else { "only ids that look like no other one" };
                self.limit(shown(*new_free), shown(*free), free.cmp(new_free), changes);
            }
            (
                TypeKind::Integer { repr, min, max, unit },
                TypeKind::Integer { repr: new_repr, min: new_min, max: new_max, unit: new_unit },
            ) => {
                if repr != new_repr || unit != new_unit {
                    self.kind(
                        &number(*new_repr, new_unit.as_deref()),
                        &number(*repr, unit.as_deref()),
                        changes,
                    );
                }
                self.bounds("", (*min, *max), (*new_min, *new_max), changes);
            }
            (old, new) => self.kind(kind(new), kind(old), changes),
        }
    }

    fn values(&self, old: &[String], new: &[String], changes: &mut Changes) {
        let (named, given) = (&self.uses.inputs, &self.uses.answers);
        let columns = in_words(&self.uses.columns);
        for value in old.iter().filter(|value| !new.contains(value)) {
            if !named.is_empty() || !given.is_empty() {
                let items = in_words(&named.union(given).cloned().collect());
                self.push(kinds::VALUE_REMOVED, format!("`{value}` is gone, of {items}"), changes);
            }
            if !self.uses.columns.is_empty() {
                self.push(
                    kinds::VALUE_REMOVED_STORED,
                    format!("`{value}` is gone, and may be stored in {columns}"),
                    changes,
                );
            }
        }
        for value in new.iter().filter(|value| !old.contains(value)) {
            if !given.is_empty() {
                self.push(
                    kinds::VALUE_ADDED_ANSWER,
                    format!("`{value}` is new, in {}", in_words(given)),
                    changes,
                );
            }
            if !named.is_empty() {
                self.push(
                    kinds::VALUE_ADDED_INPUT,
                    format!("`{value}` is new, in {}", in_words(named)),
                    changes,
                );
            }
            if !self.uses.columns.is_empty() {
                self.push(
                    kinds::VALUE_ADDED_STORED,
                    format!("`{value}` is new, and may be stored in {columns}"),
                    changes,
                );
            }
        }
        let common = |one: &[String], other: &[String]| -> Vec<String> {
            one.iter().filter(|value| other.contains(value)).cloned().collect()
        };
        if common(old, new) != common(new, old) {
            self.push(kinds::WORDS_CHANGED, "its values stand in another order".to_owned(), changes);
        }
    }

    /// Bounds of which none means that there is no bound.
    fn bounds(
        &self,
        unit: &str,
        old: (Option<u128>, Option<u128>),
        new: (Option<u128>, Option<u128>),
        changes: &mut Changes,
    ) {
        let whole = |(low, high): (Option<u128>, Option<u128>)| (low.unwrap_or(0), high.unwrap_or(u128::MAX));
        let (was, is) = (whole(old), whole(new));
        let shown = |bounds: (Option<u128>, Option<u128>)| {
            let high = bounds.1.map_or_else(|| "any number".to_owned(), |high| high.to_string());
            format!("{} to {high} {unit}", bounds.0.unwrap_or(0)).trim_end().to_owned()
        };
        if is.0 > was.0 || is.1 < was.1 {
            self.of_each_role(|role| role.narrower, &shown(new), &shown(old), changes);
        }
        if is.0 < was.0 || is.1 > was.1 {
            self.of_each_role(|role| role.wider, &shown(new), &shown(old), changes);
        }
    }

    /// A limit that is there or not: greater means that it has come.
    fn limit(&self, is: &str, was: &str, order: std::cmp::Ordering, changes: &mut Changes) {
        match order {
            std::cmp::Ordering::Equal => {}
            std::cmp::Ordering::Greater => self.of_each_role(|role| role.narrower, is, was, changes),
            std::cmp::Ordering::Less => self.of_each_role(|role| role.wider, is, was, changes),
        }
    }

    fn of_each_role(&self, pick: fn(&Role) -> &'static Kind, is: &str, was: &str, changes: &mut Changes) {
        let Uses { inputs, answers, columns } = self.uses;
        for (role, items) in [(&INPUT, inputs), (&ANSWER, answers), (&COLUMN, columns)] {
            if !items.is_empty() {
                let words = format!("takes {is}, and took {was}, in {}", in_words(items));
                self.push(pick(role), words, changes);
            }
        }
    }

    fn kind(&self, is: &str, was: &str, changes: &mut Changes) {
        let Uses { inputs, answers, columns } = self.uses;
        let called = inputs.union(answers).cloned().collect::<BTreeSet<_>>();
        for (kind, items) in [(kinds::TYPE_KIND, &called), (kinds::TYPE_KIND_STORED, columns)] {
            if !items.is_empty() {
                self.push(kind, format!("is {is}, and was {was}, in {}", in_words(items)), changes);
            }
        }
    }

    fn push(&self, kind: &'static Kind, words: String, changes: &mut Changes) {
        note(self.sides, self.engine, kind, self.name, words, self.at, changes);
    }
}

fn kind(kind: &TypeKind) -> &'static str {
    match kind {
        TypeKind::Text { .. } => "a text",
        TypeKind::Integer { .. } => "a number",
        TypeKind::Enum { .. } => "an enum",
    }
}

fn number(repr: IntegerRepr, unit: Option<&str>) -> String {
    format!("`{}` in {}", repr.as_str(), unit.unwrap_or("no unit"))
}

fn in_words(items: &BTreeSet<String>) -> String {
    items.iter().map(|item| format!("`{item}`")).collect::<Vec<_>>().join(", ")
}
