//! What the lexicon says that a database keeps of tables, held against the tables.

use selene_codegen::contract::{Contract, Index, SpecKind, Table, TruthType};
use selene_codegen::naming::{self, module_name, without_schema};
use selene_codegen::schema::{Column, Condition, ConditionError, Storage, Types};

use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::parse::document::Text;
use crate::parse::lexicon::{ConstraintEntry, IndexEntry, Lexicon, TableEntry};
use crate::resolve::{Lost, Resolved};

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
                None => unknown_table(contract, entry, diagnostics),
            }
        }
    }
}

fn unknown_table(contract: &Contract, entry: &TableEntry, diagnostics: &mut Diagnostics) {
    let message =
        format!("the DB wiring of `{}` declares no table `{}`", contract.engine.id, entry.name.value);
    let known = contract.tables.iter().map(|table| without_schema(&table.name));
    diagnostics.push(
        Diagnostic::new(codes::UNKNOWN_TABLE, message, entry.name.span, "not declared").help(guess_or(
            &entry.name.value,
            known,
            "declare it under `Data Owned`",
        )),
    );
}

/// Reports references and indices that name a column which a table does not have, as far as wirings list columns.
pub fn check_references(resolved: &Resolved, diagnostics: &mut Diagnostics) {
    let tables = || resolved.contracts.iter().flat_map(|contract| &contract.tables);
    let listed = |name: &str| {
        let name = without_schema(name);
        tables().find(|table| without_schema(&table.name) == name && !table.columns.is_empty())
    };
    for contract in &resolved.contracts {
        let mut named: Vec<(&str, String, [&str; 3])> = Vec::new();
        for key in &contract.relations.foreign_keys {
            for (table, column) in [&key.from, &key.to].into_iter().filter_map(|side| side.rsplit_once('.')) {
                named.push((table, column.to_owned(), ["relations", "foreign_keys", &key.from]));
            }
        }
        for read in &contract.reads {
            for (table, columns) in
                read.required_indices.iter().filter_map(|text| Index::table_and_columns(text))
            {
                let columns = columns.into_iter();
                named.extend(
                    columns.map(|column| (table, column, ["reads", &read.title, "required_indices"])),
                );
            }
        }
        for (name, column, path) in named {
            let Some(table) = listed(name) else { continue };
            if table.columns.iter().any(|known| known.name == column) {
                continue;
            }
            let path = path.map(str::to_owned);
            let Some(span) = resolved.provenance.find(&module_name(&contract.engine.id), &path) else {
                continue;
            };
            let known = table.columns.iter().map(|known| known.name.as_str());
            diagnostics.push(
                Diagnostic::new(
                    codes::UNKNOWN_COLUMN,
                    format!("the table `{}` has no column `{column}`", table.name),
                    span,
                    "names it",
                )
                .help(guess_or(&column, known, "add it to the table's `fields`")),
            );
        }
    }
}

/// A table and what its columns may hold.
struct Known<'a> {
    table: &'a Table,
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
    let mut known = Known { table, columns };
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

/// Something that is no fit for its table.
fn unfit(text: &Text, message: String, help: &str, diagnostics: &mut Diagnostics) {
    let diagnostic = Diagnostic::new(codes::WRONG_CONSTRAINT, message, text.span, "");
    diagnostics.push(diagnostic.help(help));
}

impl Known<'_> {
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
        diagnostics.push(
            Diagnostic::new(
                codes::UNKNOWN_COLUMN,
                format!("the table `{}` has no column `{name}`", self.table.name),
                place.span,
                "not among its fields",
            )
            .help(guess_or(name, known, "add it to the table's `fields`")),
        );
    }

    fn check_constraint(&self, constraint: &ConstraintEntry, diagnostics: &mut Diagnostics) {
        if let Some(sentence) = &constraint.keeps
            && !self.table.invariants.contains(&sentence.value)
        {
            let known = self.table.invariants.iter().map(String::as_str);
            let otherwise = "write a sentence of the table's `invariants` word by word";
            diagnostics.push(
                Diagnostic::new(
                    codes::UNKNOWN_INVARIANT,
                    format!("the table `{}` states no such invariant", self.table.name),
                    sentence.span,
                    "not in the DB wiring",
                )
                .help(guess_or(&sentence.value, known, otherwise)),
            );
        }
        for name in constraint.fixed.iter().chain(&constraint.set_once) {
            if self.named(name, diagnostics).is_some() && self.table.truth_type == TruthType::Ledger {
                let message = format!("`{}` stays in any case: the table is a LEDGER", name.value);
                unfit(name, message, "take it out", diagnostics);
            }
        }
        for name in &constraint.set_once {
            if self.column(&name.value).is_some_and(|column| !column.is_optional) {
                let message = format!("`{}` always has a value", name.value);
                unfit(name, message, "name it under `fixed`", diagnostics);
            }
        }
        if let Some(name) = &constraint.counter
            && self.named(name, diagnostics).is_some_and(|column| column.is_optional || !is_number(column))
        {
            let message = format!("`{}` cannot count", name.value);
            unfit(name, message, "name a column that is always there and holds whole numbers", diagnostics);
        }
        for check in &constraint.checks {
            self.check_condition(check, diagnostics);
        }
        if let Some(key) = &constraint.unique_where {
            if key.condition.is_none() {
                let message = "the key is one of all rows".to_owned();
                unfit(
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
                unfit(text, message, help, diagnostics);
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
                diagnostics.push(
                    Diagnostic::new(codes::WRONG_CONSTRAINT, message, span, "")
                        .help("write a value of its type; only an optional column may have none"),
                );
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
            unfit(first, message, help, diagnostics);
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
