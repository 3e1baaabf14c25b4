//! What the lexicon says that a database keeps of tables, held against the tables.

use selene_codegen::contract::{Contract, Index, SpecKind, Table, TruthType};
use selene_codegen::naming::{self, module_name, without_schema};
use selene_codegen::schema::{Column, Condition, ConditionError, Storage, Types};

use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::parse::document::Text;
use crate::parse::lexicon::{ConstraintEntry, IndexEntry, Lexicon, TableEntry};
use crate::resolve::{Lost, Resolved};
use crate::source::Span;

/// Checks every entry of every engine whose wiring could be read.
pub fn check_tables(resolved: &Resolved, lexicon: &Lexicon, lost: &Lost, diagnostics: &mut Diagnostics) {
    for (id, scope) in &lexicon.engines {
        let contract = resolved.contracts.iter().find(|contract| contract.engine.id == id.value);
        let Some(contract) = contract.filter(|contract| {
            !contract.engine.missing.contains(&SpecKind::DbWiring) && !lost.concerns(&id.value)
        }) else {
            continue;
        };
        for entry in &scope.tables {
            match contract.tables.iter().find(|table| without_schema(&table.name) == entry.name.value) {
                Some(table) => check_entry(resolved, contract, table, entry, diagnostics),
                None => unknown_table(resolved, contract, entry, diagnostics),
            }
        }
    }
}

/// The place of something of a table of a DB wiring, or of the table.
fn place_in(resolved: &Resolved, contract: &Contract, path: &[&str]) -> Option<Span> {
    let path: Vec<String> = path.iter().map(|part| (*part).to_owned()).collect();
    resolved.provenance.find(&module_name(&contract.engine.id), &path)
}

/// The place of the first column of a table that lists them, else of the table.
fn columns_of(resolved: &Resolved, contract: &Contract, table: &Table) -> Option<Span> {
    let first = table.columns.first().map_or("", |column| column.name.as_str());
    place_in(resolved, contract, &["tables", &table.name, "columns", first])
}

fn beside(finding: Diagnostic, at: Option<Span>, what: &str) -> Diagnostic {
    match at {
        Some(at) => finding.beside(at, what),
        None => finding,
    }
}

fn unknown_table(
    resolved: &Resolved,
    contract: &Contract,
    entry: &TableEntry,
    diagnostics: &mut Diagnostics,
) {
    let message =
        format!("the DB wiring of `{}` declares no table `{}`", contract.engine.id, entry.name.value);
    let known = contract.tables.iter().map(|table| without_schema(&table.name));
    let finding = Diagnostic::new(codes::UNKNOWN_TABLE, message, entry.name.span, "not declared")
        .help(guess_or(&entry.name.value, known, "declare it under `Data Owned`"));
    let path = contract.tables.first().map_or(vec!["engine"], |table| vec!["tables", &table.name]);
    diagnostics.push(beside(finding, place_in(resolved, contract, &path), "the tables of its DB wiring"));
}

/// Reports references and indices that name a column which a table does not have, as far as wirings list columns.
pub fn check_references(resolved: &Resolved, diagnostics: &mut Diagnostics) {
    let tables = || {
        let contracts = resolved.contracts.iter();
        contracts.flat_map(|contract| contract.tables.iter().map(move |table| (contract, table)))
    };
    let listed = |name: &str| {
        let name = without_schema(name);
        tables().find(|(_, table)| without_schema(&table.name) == name && !table.columns.is_empty())
    };
    for contract in &resolved.contracts {
        let mut named: Vec<(&str, String, [&str; 3])> = Vec::new();
        for key in &contract.relations.foreign_keys {
            for (table, column) in [&key.from, &key.to].into_iter().filter_map(|side| side.rsplit_once('.')) {
                named.push((table, column.to_owned(), ["relations", "foreign_keys", &key.from]));
            }
        }
        for read in &contract.reads {
            for text in &read.required_indices {
                let Some((table, columns)) = Index::table_and_columns(text) else { continue };
                let path = ["reads", read.title.as_str(), text.as_str()];
                named.extend(columns.into_iter().map(|column| (table, column, path)));
            }
        }
        for (name, column, path) in named {
            let Some((owner, table)) = listed(name) else { continue };
            if table.columns.iter().any(|known| known.name == column) {
                continue;
            }
            let path = path.map(str::to_owned);
            let Some(span) = resolved.provenance.find(&module_name(&contract.engine.id), &path) else {
                continue;
            };
            let known = table.columns.iter().map(|known| known.name.as_str());
            let message = format!("the table `{}` has no column `{column}`", table.name);
            let finding = Diagnostic::new(codes::UNKNOWN_COLUMN, message, span, "names it").help(guess_or(
                &column,
                known,
                "add it to the table's `fields`",
            ));
            diagnostics.push(beside(finding, columns_of(resolved, owner, table), "its columns"));
        }
    }
}

/// A table and what its columns may hold.
struct Known<'a> {
    table: &'a Table,
    /// Where the DB wiring lists them.
    place: Option<Span>,
    /// Where it states its invariants, or the table.
    invariants: Option<Span>,
    columns: Vec<Column>,
}

fn check_entry(
    resolved: &Resolved,
    contract: &Contract,
    table: &Table,
    entry: &TableEntry,
    diagnostics: &mut Diagnostics,
) {
    let types = Types::new(contract, &resolved.shared);
    let fields = table.columns.iter().chain(table.private.iter().map(|private| &private.column));
    // A column without a known type has its finding.
    let Ok(columns) = fields.map(|field| types.column(field)).collect::<Result<Vec<_>, _>>() else { return };
    let place = columns_of(resolved, contract, table);
    let invariants = place_in(resolved, contract, &["tables", &table.name, "invariants", "0"]);
    let mut known = Known { table, place, invariants, columns };
    // What a counter holds can be ordered, which conditions may want.
    let counters: Vec<&str> =
        entry.constraints.iter().filter_map(|one| Some(one.counter.as_ref()?.value.as_str())).collect();
    for column in known.columns.iter_mut().filter(|column| counters.contains(&column.name.as_str())) {
        column.domain = column.domain.clone().counting();
    }
    for constraint in &entry.constraints {
        known.check_constraint(constraint, diagnostics);
    }
    for index in &entry.indices {
        known.check_index(index, diagnostics);
    }
    check_index_names(entry, diagnostics);
    known.check_private(entry, diagnostics);
    known.check_clustered_by(&entry.clustered_by, diagnostics);
}

/// Names of indices, which stand in one space.
fn check_index_names(entry: &TableEntry, diagnostics: &mut Diagnostics) {
    let keys = entry.constraints.iter().filter_map(|constraint| constraint.unique_where.as_ref());
    let mut seen: Vec<&Text> = Vec::new();
    for name in keys.chain(&entry.indices).map(|index| &index.name) {
        if naming::upper_snake(&name.value).to_ascii_lowercase() != name.value {
            diagnostics.push(
                Diagnostic::new(
                    codes::MALFORMED_NAME,
                    format!("`{}` is no name of an index", name.value),
                    name.span,
                    "",
                )
                .help("write it in lower_snake: it stands behind the name of the table"),
            );
        }
        if let Some(first) = seen.iter().find(|known| known.value == name.value) {
            diagnostics.push(
                Diagnostic::new(
                    codes::DUPLICATE_NAME,
                    format!("the table has the index `{}` twice", name.value),
                    name.span,
                    "again",
                )
                .and(first.span, "first here")
                .help("give one of them another name"),
            );
        }
        seen.push(name);
    }
}

impl Known<'_> {
    /// Reports something that is no fit for its table.
    fn unfit(&self, text: &Text, message: String, help: &str, diagnostics: &mut Diagnostics) {
        let finding = Diagnostic::new(codes::WRONG_CONSTRAINT, message, text.span, "").help(help);
        diagnostics.push(beside(finding, self.place, "the table's columns"));
    }

    fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The column of a name, or a finding.
    fn named(&self, name: &Text, diagnostics: &mut Diagnostics) -> Option<&Column> {
        let column = self.column(&name.value);
        if column.is_none() {
            self.unknown_column(name, &name.value, diagnostics);
        }
        column
    }

    fn unknown_column(&self, place: &Text, name: &str, diagnostics: &mut Diagnostics) {
        let known = self.columns.iter().map(|column| column.name.as_str());
        let message = format!("the table `{}` has no column `{name}`", self.table.name);
        let finding = Diagnostic::new(codes::UNKNOWN_COLUMN, message, place.span, "not among its fields")
            .help(guess_or(name, known, "add it to the table's `fields`"));
        diagnostics.push(beside(finding, self.place, "its columns"));
    }

    fn check_constraint(&self, constraint: &ConstraintEntry, diagnostics: &mut Diagnostics) {
        if let Some(sentence) = &constraint.keeps
            && !self.table.invariants.contains(&sentence.value)
        {
            let known = self.table.invariants.iter().map(String::as_str);
            let otherwise = "write a sentence of the table's `invariants` word by word";
            let message = format!("the table `{}` states no such invariant", self.table.name);
            let finding =
                Diagnostic::new(codes::UNKNOWN_INVARIANT, message, sentence.span, "not in the DB wiring")
                    .help(guess_or(&sentence.value, known, otherwise));
            diagnostics.push(beside(finding, self.invariants, "its invariants"));
        }
        for name in constraint.fixed.iter().chain(&constraint.set_once) {
            if self.named(name, diagnostics).is_some() && self.table.truth_type == TruthType::Ledger {
                let message = format!("`{}` stays in any case: the table is a LEDGER", name.value);
                self.unfit(name, message, "take it out", diagnostics);
            }
        }
        for name in &constraint.set_once {
            if self.column(&name.value).is_some_and(|column| !column.is_optional) {
                let message = format!("`{}` always has a value", name.value);
                self.unfit(name, message, "name it under `fixed`", diagnostics);
            }
        }
        if let Some(name) = &constraint.counter
            && self.named(name, diagnostics).is_some_and(|column| column.is_optional || !is_number(column))
        {
            let message = format!("`{}` cannot count", name.value);
            self.unfit(
                name,
                message,
                "name a column that is always there and holds whole numbers",
                diagnostics,
            );
        }
        for check in &constraint.checks {
            self.check_condition(check, diagnostics);
        }
        if let Some(key) = &constraint.unique_where {
            if key.condition.is_none() {
                let message = "the key is one of all rows".to_owned();
                self.unfit(
                    &key.name,
                    message,
                    "add `where`, or state it under `unique keys` of the DB wiring",
                    diagnostics,
                );
            }
            self.check_index(key, diagnostics);
        }
    }

    fn check_index(&self, index: &IndexEntry, diagnostics: &mut Diagnostics) {
        for name in &index.columns {
            self.named(name, diagnostics);
        }
        if let Some(condition) = &index.condition {
            self.check_condition(condition, diagnostics);
        }
    }

    fn check_condition(&self, text: &Text, diagnostics: &mut Diagnostics) {
        let domain = |name: &str| self.column(name).map(|column| &column.domain);
        let parsed = text.value.parse::<Condition>().and_then(|condition| condition.check(domain));
        match parsed {
            Ok(()) => {}
            Err(ConditionError::UnknownColumn(name)) => self.unknown_column(text, &name, diagnostics),
            Err(error) => {
                let message = format!("`{}` is no condition of `{}`: {error}", text.value, self.table.name);
                let help = "use AND, OR, NOT, comparisons, IS NULL, IN, BETWEEN, coalesce, length, abs, columns, numbers and texts";
                self.unfit(text, message, help, diagnostics);
            }
        }
    }

    fn check_private(&self, entry: &TableEntry, diagnostics: &mut Diagnostics) {
        for (private, (expr, default)) in self.table.private.iter().zip(&entry.private) {
            let name = &private.column.name;
            if self.table.columns.iter().any(|column| column.name == *name) {
                diagnostics.push(
                    Diagnostic::new(
                        codes::DUPLICATE_NAME,
                        format!("`{name}` stands in every row of `{}`", self.table.name),
                        expr.span,
                        "private here",
                    )
                    .help("take it out of the table's `fields`, or out of `private`"),
                );
            }
            let Some(column) = self.columns.iter().find(|column| column.name == *name) else { continue };
            let fits = match default {
                Some(text) => column.domain.literal(&text.value).is_some(),
                None => column.is_optional,
            };
            if !fits {
                let message = format!("rows that leave `{name}` out cannot have this value");
                let span = default.as_ref().map_or(expr.span, |text| text.span);
                let help = "write a value of its type; only an optional column may have none";
                self.unfit(&Text::new(String::new(), span), message, help, diagnostics);
            }
        }
    }

    /// Rows lie in the order of a key; or in that of a private column, whose numbers the database gives by itself.
    fn check_clustered_by(&self, key: &[Text], diagnostics: &mut Diagnostics) {
        let columns: Vec<&Column> = key.iter().filter_map(|name| self.named(name, diagnostics)).collect();
        let Some(first) = key.first().filter(|_| columns.len() == key.len()) else { return };
        let is_key = |known: &Vec<String>| known.iter().eq(key.iter().map(|name| &name.value));
        let fits = match columns.as_slice() {
            [only] if only.is_private || self.is_private(&only.name) => is_number(only),
            [only] => is_number(only) && !only.is_optional && self.has_key(is_key),
            _ => self.has_key(is_key),
        };
        if !fits {
            let message = format!("rows cannot lie in the order of `{}`", first.value);
            let help = "name a key of several columns, or of one that holds whole numbers, or a private one that does";
            self.unfit(first, message, help, diagnostics);
        }
    }

    fn has_key(&self, is_key: impl Fn(&Vec<String>) -> bool) -> bool {
        is_key(&self.table.primary_key) || self.table.unique_keys.iter().any(is_key)
    }

    fn is_private(&self, name: &str) -> bool {
        self.table.private.iter().any(|private| private.column.name == name)
    }
}

fn is_number(column: &Column) -> bool {
    column.domain.storage() == Storage::Integer
}
