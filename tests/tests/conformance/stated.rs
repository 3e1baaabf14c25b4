//! What the contracts state: every table with its columns, keys, indices and relations, and where each of it stands.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use selene_acceptance::Contracts;
use selene_codegen::contract::{self, Contract, SpecKind, TruthType};
use selene_codegen::naming::{module_name, without_schema};
use selene_codegen::schema::{Column, Index, Schema, Table};
use xtask::pipeline;

/// Everything that the contracts state about the store.
pub struct Stated {
    pub tables: BTreeMap<String, StatedTable>,
    /// Tables of engines without a DB wiring: only their name is stated.
    pub names_only: BTreeMap<String, String>,
    /// Sentences about uniqueness that no dedupe rule explains: some table of the engine has to keep them.
    pub unique_sentences: Vec<At<UniqueSentence>>,
}

/// A tuple of columns that a sentence calls unique.
pub struct UniqueSentence {
    pub columns: Vec<String>,
    /// The tables of the engine that says so.
    pub tables: Vec<String>,
}

/// One table, as all contracts together state it.
#[derive(Debug, Default)]
pub struct StatedTable {
    pub source: String,
    pub is_ledger: bool,
    pub primary_key: At<Vec<String>>,
    /// The key in whose order rows lie; empty where it is the primary key.
    pub clustered_by: Vec<String>,
    pub columns: Vec<At<Column>>,
    pub unique_keys: Vec<At<Vec<String>>>,
    /// Unique among the rows that a condition describes.
    pub partial_keys: Vec<At<Index>>,
    /// Indices of some rows.
    pub partial_indices: Vec<At<Index>>,
    /// Those that reads need.
    pub indices: Vec<At<NeededIndex>>,
    pub foreign_keys: Vec<At<ForeignKey>>,
    /// Every sentence about the rows, in the spec's words.
    pub invariants: Vec<At<String>>,
    /// Which of them the schema keeps in another form than a check.
    pub kept: BTreeSet<String>,
    /// Which of them it keeps by a check, so that rows can be tried.
    pub checked: BTreeSet<String>,
    /// Columns that never change.
    pub stays: Stays,
}

/// The columns of a table that never change, as its contract says.
#[derive(Debug, Default)]
pub struct Stays {
    /// From the insert of the row.
    pub always: BTreeSet<String>,
    /// As soon as they have a value.
    pub once_set: BTreeSet<String>,
}

/// Something with the spec's file and line.
#[derive(Debug, Default, Clone)]
pub struct At<T> {
    pub value: T,
    pub source: String,
}

/// An index that a read needs.
#[derive(Debug, Clone)]
pub struct NeededIndex {
    pub columns: Vec<String>,
    /// The reads need it for some rows only.
    pub may_be_partial: bool,
}

/// A reference to another table.
#[derive(Debug, Clone)]
pub struct ForeignKey {
    pub column: String,
    pub table: String,
    pub to: String,
    /// Whether it may be absent; unknown where a guest of the table states it.
    pub is_nullable: Option<bool>,
}

/// Where things come from, read from the specs at this moment.
struct Sources(pipeline::Run);

impl Sources {
    /// File and line of the first path that is known.
    fn find(&self, engine: &str, paths: &[String]) -> String {
        let file = module_name(engine);
        let found = paths.iter().find_map(|path| self.0.resolved.provenance.exact(&file, &[path]));
        found.map_or_else(
            || "specs/(no place is known)".to_owned(),
            |span| format!("specs/{}:{}", self.0.sources.get(span.file).relative, self.0.sources.line(span)),
        )
    }
}

impl Stated {
    /// Reads every contract of a workspace, and from its specs the places.
    pub fn read(workspace: &Path) -> Self {
        let committed = Contracts::read(workspace);
        let sources = Sources(pipeline::run(&workspace.join("specs"), &workspace.join("generated")));
        Self::of(&committed, &sources)
    }

    fn of(committed: &Contracts, sources: &Sources) -> Self {
        let mut stated =
            Self { tables: BTreeMap::new(), names_only: BTreeMap::new(), unique_sentences: Vec::new() };
        let (contracts, schema) = (&committed.engines, committed.schema());
        for contract in contracts {
            if contract.engine.missing.contains(&SpecKind::DbWiring) {
                let source = sources.find(&contract.engine.id, &["engine / data_owned".to_owned()]);
                let names = contract.engine.data_owned.iter();
                stated.names_only.extend(names.map(|name| (without_schema(name).to_owned(), source.clone())));
                continue;
            }
            stated.add_tables(contract, &schema, sources);
        }
        // Relations and indices may be about a table that another engine declares.
        for contract in contracts {
            stated.add_relations(contract, sources);
            stated.add_indices(contract, sources);
            stated.add_unique_sentences(contract, sources);
        }
        stated
    }

    fn add_tables(&mut self, contract: &Contract, schema: &Schema, sources: &Sources) {
        for table in &contract.tables {
            let base = format!("tables / {}", table.name);
            let find = |paths: &[&str]| {
                let mut paths: Vec<String> = paths.iter().map(|path| format!("{base} / {path}")).collect();
                paths.push(base.clone());
                sources.find(&contract.engine.id, &paths)
            };
            let entry = self.tables.entry(without_schema(&table.name).to_owned()).or_default();
            entry.is_ledger |= table.truth_type == TruthType::Ledger;
            if entry.source.is_empty() || !table.columns.is_empty() {
                entry.source = find(&["truth_type"]);
                entry.clustered_by.clone_from(&table.clustered_by);
                entry.primary_key = At { value: table.primary_key.clone(), source: find(&["primary_key"]) };
            }
            let keys = table.unique_keys.iter();
            let source = find(&["unique_keys"]);
            entry.unique_keys.extend(keys.map(|key| At { value: key.clone(), source: source.clone() }));
            for (index, text) in table.invariants.iter().enumerate() {
                let source = find(&[&format!("invariants / {index}")]);
                entry.invariants.push(At { value: text.clone(), source });
            }
            let kept = table.constraints.iter().filter_map(|one| Some((one, one.keeps.clone()?)));
            let (checked, kept): (Vec<_>, Vec<_>) = kept.partition(|(one, _)| !one.checks.is_empty());
            entry.checked.extend(checked.into_iter().map(|(_, sentence)| sentence));
            entry.kept.extend(kept.into_iter().map(|(_, sentence)| sentence));
            let made = schema.table(without_schema(&table.name));
            if let Some(made) = made.filter(|made| made.engine == contract.engine.id) {
                entry.add_parts(table, made, &find);
            }
        }
    }

    fn add_relations(&mut self, contract: &Contract, sources: &Sources) {
        for key in &contract.relations.foreign_keys {
            let (Some((table, column)), Some((to_table, to))) =
                (key.from.rsplit_once('.'), key.to.rsplit_once('.'))
            else {
                panic!("{}: `{} -> {}` names no column", contract.engine.id, key.from, key.to);
            };
            let Some(entry) = self.tables.get_mut(without_schema(table)) else { continue };
            let path = format!("relations / foreign_keys / {}", key.from);
            let owns = contract
                .tables
                .iter()
                .any(|own| without_schema(&own.name) == without_schema(table) && !own.columns.is_empty());
            let says_nullable = key.note.as_ref().is_some_and(|note| note.contains("nullable"));
            entry.foreign_keys.push(At {
                value: ForeignKey {
                    column: column.to_owned(),
                    table: without_schema(to_table).to_owned(),
                    to: to.to_owned(),
                    is_nullable: owns.then_some(says_nullable),
                },
                source: sources.find(&contract.engine.id, &[path]),
            });
        }
    }

    fn add_unique_sentences(&mut self, contract: &Contract, sources: &Sources) {
        let dedupe_keys: Vec<&Vec<String>> = contract
            .capabilities
            .iter()
            .filter_map(|capability| capability.dedupe.as_ref())
            .flat_map(|rule| &rule.keys)
            .collect();
        for (index, text) in contract.relations.unique.iter().enumerate() {
            let Some((_, columns)) = contract::Index::table_and_columns(text) else { continue };
            if !dedupe_keys.contains(&&columns) {
                let tables =
                    contract.tables.iter().map(|table| without_schema(&table.name).to_owned()).collect();
                let path = format!("relations / unique / {index}");
                let source = sources.find(&contract.engine.id, &[path]);
                self.unique_sentences.push(At { value: UniqueSentence { columns, tables }, source });
            }
        }
    }

    fn add_indices(&mut self, contract: &Contract, sources: &Sources) {
        for read in &contract.reads {
            let source = sources.find(&contract.engine.id, &[format!("reads / {}", read.title)]);
            for text in &read.required_indices {
                let Some((table, columns)) = contract::Index::table_and_columns(text) else {
                    panic!("{}: `{text}` is no index", contract.engine.id);
                };
                let may_be_partial = read.may_be_partial(text);
                if let Some(entry) = self.tables.get_mut(without_schema(table)) {
                    let value = NeededIndex { columns, may_be_partial };
                    entry.indices.push(At { value, source: source.clone() });
                }
            }
        }
    }
}

impl StatedTable {
    /// What the schema of the contracts has of the table, each at its place.
    fn add_parts(&mut self, table: &contract::Table, made: &Table, find: &dyn Fn(&[&str]) -> String) {
        for column in &made.columns {
            let kind = if column.is_private { "private" } else { "columns" };
            let source = find(&[&format!("{kind} / {}", column.name)]);
            self.columns.push(At { value: column.clone(), source });
        }
        for key in &made.partial_keys {
            let is_key = |one: &&contract::Constraint| {
                one.unique_where.as_ref().is_some_and(|stated| key.name.ends_with(&stated.name))
            };
            let sentence = table.constraints.iter().find(is_key).and_then(|one| one.keeps.as_ref());
            let place = table.invariants.iter().position(|text| Some(text) == sentence);
            let path =
                place.map_or_else(|| "constraints".to_owned(), |place| format!("invariants / {place}"));
            self.partial_keys.push(At { value: key.clone(), source: find(&[&path]) });
        }
        for index in made.indices.iter().filter(|index| index.condition.is_some()) {
            let name = index.name.strip_prefix(&made.name).unwrap_or_default().trim_start_matches('_');
            let source = find(&[&format!("indices / {name}")]);
            self.partial_indices.push(At { value: index.clone(), source });
        }
        self.stays.always.extend(made.fixed.iter().cloned());
        self.stays.once_set.extend(made.set_once.iter().cloned());
    }
}
