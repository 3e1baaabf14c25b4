//! Tables, columns, keys, indices and references, compared with each other by name.

use selene_codegen::schema::{Column, Condition, Dialect, Index, Storage};
use std::collections::{BTreeMap, BTreeSet};
use xtask::coverage::record::Seen;

use crate::difference::{Difference, Kind, Lacking};
use crate::live::{Live, LiveForeignKey, LiveIndex, LiveTable};
use crate::stated::{At, ForeignKey, Stated, StatedTable};

/// Collects what differs about one table.
pub struct Findings<'a> {
    table: &'a str,
    /// The place that is named where the contracts state nothing.
    source: &'a str,
    differences: &'a mut Vec<Difference>,
    /// What was tried and held.
    seen: Seen,
}

impl<'a> Findings<'a> {
    /// Findings about a table that a spec's place declares.
    pub fn about(table: &'a str, source: &'a str, differences: &'a mut Vec<Difference>) -> Self {
        Self { table, source, differences, seen: Seen::default() }
    }

    /// How many differences there are so far.
    pub fn count(&self) -> usize {
        self.differences.len()
    }

    /// A sentence about the rows holds, and this keeps it.
    pub fn is_kept(&mut self, sentence: &str, keeper: &str) {
        let sentences = self.seen.sentences.entry(self.table.to_owned()).or_default();
        sentences.insert(sentence.to_owned(), keeper.to_owned());
    }

    /// This tried to change a ledger, and failed.
    pub fn is_locked(&mut self, attempt: &str) {
        self.seen.locks.entry(self.table.to_owned()).or_default().insert(attempt.to_owned());
    }

    /// What was tried and held.
    pub fn into_seen(self) -> Seen {
        self.seen
    }

    fn push(&mut self, kind: Kind, item: String, lacking: Lacking, text: String, source: Option<&str>) {
        let source = source.unwrap_or(self.source).to_owned();
        self.differences.push(Difference { table: self.table.to_owned(), kind, item, lacking, text, source });
    }

    /// A contract states it, and the schema does not have it.
    pub fn missing(&mut self, kind: Kind, item: impl Into<String>, text: impl Into<String>, source: &str) {
        self.push(kind, item.into(), Lacking::Schema, text.into(), Some(source));
    }

    /// The schema has it, and no contract states it.
    pub fn unstated(&mut self, kind: Kind, item: impl Into<String>, text: impl Into<String>) {
        self.push(kind, item.into(), Lacking::Contract, text.into(), None);
    }
}

/// Compares the tables that both sides have and names those that one side lacks.
pub fn compare(stated: &Stated, live: &Live, differences: &mut Vec<Difference>) {
    for (name, table) in &stated.tables {
        let mut findings = Findings::about(name, &table.source, differences);
        match live.tables.get(name) {
            None => findings.missing(Kind::Table, "", "there is no such table", &table.source),
            Some(live) => compare_table(table, live, &mut findings),
        }
    }
    for (name, source) in &stated.names_only {
        if !live.tables.contains_key(name) {
            Findings::about(name, source, differences).missing(
                Kind::Table,
                "",
                "there is no such table",
                source,
            );
        }
    }
    for name in live.tables.keys() {
        if !stated.tables.contains_key(name) && !stated.names_only.contains_key(name) {
            Findings::about(name, "specs/db_wiring", differences).unstated(
                Kind::Table,
                "",
                "no engine owns such a table",
            );
        }
    }
    for At { value: sentence, source } in &stated.unique_sentences {
        let indices = sentence.tables.iter().filter_map(|table| live.tables.get(table));
        let is_kept = indices
            .flat_map(|table| &table.indices)
            .any(|index| index.is_unique && same_columns(&index.columns, &sentence.columns));
        if !is_kept {
            let tables = sentence.tables.join("` or `");
            let text = format!("no unique index of `{tables}` is over these columns");
            let item = sentence.columns.join(", ");
            Findings::about(&tables, source, differences).missing(Kind::UniqueKey, item, text, source);
        }
    }
}

fn compare_table(stated: &StatedTable, live: &LiveTable, findings: &mut Findings<'_>) {
    if !live.is_strict {
        findings.missing(Kind::Column, "*", "the table is not STRICT, so types are not kept", &stated.source);
    }
    compare_columns(stated, live, findings);
    compare_primary_key(stated, live, findings);
    compare_unique_keys(stated, live, findings);
    compare_indices(stated, live, findings);
    compare_foreign_keys(stated, live, findings);
}

fn compare_columns(stated: &StatedTable, live: &LiveTable, findings: &mut Findings<'_>) {
    for At { value: column, source } in &stated.columns {
        let Some(found) = live.columns.iter().find(|found| found.name == column.name) else {
            findings.missing(Kind::Column, &column.name, "there is no such column", source);
            continue;
        };
        let wanted = sql_type(column.domain.storage());
        if found.sql_type != wanted {
            let text = format!("it is {} and must be {wanted}", found.sql_type);
            findings.missing(Kind::Column, &column.name, text, source);
        }
        // A row number that SQLite gives is always there; elsewhere the private column may be absent.
        let is_given = column.is_private && live.is_row_number(&column.name) && found.is_not_null;
        if found.is_not_null == column.is_optional && !is_given {
            let text = if column.is_optional {
                "it is NOT NULL, but the value may be absent"
            } else {
                "it may be NULL, but the value is always there"
            };
            findings.missing(Kind::Column, &column.name, text, source);
        }
        compare_default(column, found.default.as_deref(), source, findings);
    }
    let known: BTreeSet<&str> = stated.columns.iter().map(|column| column.value.name.as_str()).collect();
    for column in live.columns.iter().filter(|column| !known.contains(column.name.as_str())) {
        findings.unstated(Kind::Column, &column.name, "no spec lists such a column");
    }
}

/// Only private columns have defaults.
fn compare_default(column: &Column, found: Option<&str>, source: &str, findings: &mut Findings<'_>) {
    let stated = column.default.as_ref().map(|default| Dialect::Sqlite.literal(default));
    match (stated, found) {
        (Some(stated), Some(found)) if stated == found => {}
        (None, None) => {}
        (None, Some(found)) => {
            let text = format!("it has the default {found}, and no spec lets a value be left out");
            findings.unstated(Kind::Column, &column.name, text);
        }
        (Some(stated), _) => {
            let text = format!("rows that leave it out have {stated}, and here they do not");
            findings.missing(Kind::Column, &column.name, text, source);
        }
    }
}

/// The type of a column in SQLite.
const fn sql_type(storage: Storage) -> &'static str {
    match storage {
        Storage::Text => "TEXT",
        Storage::Integer => "INTEGER",
        Storage::Real => "REAL",
        Storage::Blob => "BLOB",
    }
}

/// Where the contract states an order of rows, the table lies in it: which key SQLite calls primary decides where a row lies
/// and nothing else. The stated key then stands in a unique index.
fn compare_primary_key(stated: &StatedTable, live: &LiveTable, findings: &mut Findings<'_>) {
    let key = &stated.primary_key;
    let found = live.primary_key();
    let order = if stated.clustered_by.is_empty() { &key.value } else { &stated.clustered_by };
    if found != *order {
        let text = format!("it is `({})`", found.join(", "));
        findings.missing(Kind::PrimaryKey, order.join(", "), text, &key.source);
    }
    if !stated.clustered_by.is_empty() && live.has_rowid && live.row_number() != Some(order) {
        let text = "rows lie in the order of a hidden number";
        findings.missing(Kind::PrimaryKey, order.join(", "), text, &key.source);
    }
    let is_key = live.indices.iter().any(|index| is_full_key(index) && index.columns == key.value);
    if *order != key.value && !is_key {
        findings.missing(Kind::PrimaryKey, key.value.join(", "), "no key is over these columns", &key.source);
    }
}

fn is_full_key(index: &LiveIndex) -> bool {
    index.is_unique && index.condition.is_none()
}

fn same_columns(left: &[String], right: &[String]) -> bool {
    left.iter().collect::<BTreeSet<_>>() == right.iter().collect::<BTreeSet<_>>()
}

fn compare_unique_keys(stated: &StatedTable, live: &LiveTable, findings: &mut Findings<'_>) {
    let unique: Vec<&LiveIndex> =
        live.indices.iter().filter(|index| index.is_unique && !index.is_primary_key).collect();
    for At { value: key, source } in &stated.unique_keys {
        if !live.indices.iter().any(|index| is_full_key(index) && same_columns(&index.columns, key)) {
            findings.missing(
                Kind::UniqueKey,
                key.join(", "),
                "no unique index is over these columns",
                source,
            );
        }
    }
    // Which rows a key is of is tried; here it is enough that it has the same columns.
    let keeps = |index: &LiveIndex, key: &Index| {
        let conditional = live.columns_of(index.condition.as_deref().unwrap_or_default());
        let condition = key.condition.as_ref().map(Condition::columns).unwrap_or_default();
        same_columns(&index.columns, &key.columns)
            && condition.iter().all(|column| conditional.contains(column))
    };
    for index in unique {
        let is_stated = match index.condition {
            None => {
                let mut keys = stated.unique_keys.iter().chain([&stated.primary_key]);
                keys.any(|key| same_columns(&index.columns, &key.value))
            }
            Some(_) => stated.partial_keys.iter().any(|key| keeps(index, &key.value)),
        };
        if !is_stated {
            let text = format!("the unique index `{}` keeps what no spec states", index.name);
            findings.unstated(Kind::UniqueKey, index.columns.join(", "), text);
        }
    }
}

fn compare_indices(stated: &StatedTable, live: &LiveTable, findings: &mut Findings<'_>) {
    for At { value: wanted, source } in &stated.partial_indices {
        let is_same = |index: &&LiveIndex| {
            let condition = index.condition.as_deref().and_then(|text| text.parse::<Condition>().ok());
            !index.is_unique && index.columns == wanted.columns && condition == wanted.condition
        };
        if !live.indices.iter().any(|index| is_same(&index)) {
            let text = format!("no index is over these columns of the rows of `{}`", wanted.name);
            findings.missing(Kind::Index, wanted.columns.join(", "), text, source);
        }
    }
    for At { value: wanted, source } in &stated.indices {
        let serves = |index: &&LiveIndex| {
            index.columns.starts_with(&wanted.columns) && (wanted.may_be_partial || index.condition.is_none())
        };
        if !live.indices.iter().any(|index| serves(&index)) {
            let text = "no index begins with these columns";
            findings.missing(Kind::Index, wanted.columns.join(", "), text, source);
        }
    }
    for index in &live.indices {
        if let Some(other) = index.collations.iter().find(|name| *name != "BINARY") {
            let text = format!("the index `{}` compares by {other}, not byte by byte", index.name);
            findings.unstated(Kind::Index, index.columns.join(", "), text);
        }
    }
    for index in live.indices.iter().filter(|index| !index.is_unique) {
        let is_stated = stated.partial_indices.iter().any(|wanted| wanted.value.columns == index.columns);
        if !is_stated && !stated.indices.iter().any(|wanted| index.columns.starts_with(&wanted.value.columns))
        {
            let text = format!("no read requires the index `{}`", index.name);
            findings.unstated(Kind::Index, index.columns.join(", "), text);
        }
    }
}

fn compare_foreign_keys(stated: &StatedTable, live: &LiveTable, findings: &mut Findings<'_>) {
    let columns: BTreeMap<&str, &Column> =
        stated.columns.iter().map(|column| (column.value.name.as_str(), &column.value)).collect();
    let shown = |table: &str, to: &str| format!("{table}.{to}");
    let has = |found: &LiveForeignKey, pair: &(String, String)| found.columns.contains(pair);
    let mut pairs: BTreeMap<&str, BTreeSet<(String, String)>> = BTreeMap::new();
    for At { value: key, source } in &stated.foreign_keys {
        let ForeignKey { column, table, to, is_nullable } = key;
        let pair = (column.clone(), to.clone());
        if !live.foreign_keys.iter().any(|found| found.table == *table && has(found, &pair)) {
            let text = format!("it does not refer to `{}`", shown(table, to));
            findings.missing(Kind::ForeignKey, column, text, source);
        }
        pairs.entry(table).or_default().insert(pair);
        if let (Some(is_nullable), Some(column)) = (is_nullable, columns.get(column.as_str()))
            && *is_nullable != column.is_optional
        {
            let (reference, field) = if *is_nullable { ("may", "must") } else { ("must", "may not") };
            let text = format!("the reference {reference} be there or not, and the column's field {field}");
            findings.missing(Kind::ForeignKey, &column.name, text, source);
        }
    }
    // Columns that refer to different columns of one table refer to one row of it.
    for (table, pairs) in &pairs {
        let targets: BTreeSet<&String> = pairs.iter().map(|(_, to)| to).collect();
        let is_one =
            |found: &LiveForeignKey| found.table == *table && pairs.iter().all(|pair| has(found, pair));
        if pairs.len() > 1 && targets.len() == pairs.len() && !live.foreign_keys.iter().any(is_one) {
            let names: Vec<&str> = pairs.iter().map(|(column, _)| column.as_str()).collect();
            let text = format!("the columns do not refer to one row of `{table}` together");
            findings.missing(Kind::ForeignKey, names.join(", "), text, &stated.source);
        }
    }
    for key in &live.foreign_keys {
        for pair in &key.columns {
            if !pairs.get(key.table.as_str()).is_some_and(|pairs| pairs.contains(pair)) {
                let text = format!("it refers to `{}`, which no spec states", shown(&key.table, &pair.1));
                findings.unstated(Kind::ForeignKey, &pair.0, text);
            }
        }
        for action in &key.actions {
            let names: Vec<&str> = key.columns.iter().map(|(column, _)| column.as_str()).collect();
            findings.unstated(Kind::ForeignKey, names.join(", "), format!("no spec states its {action}"));
        }
    }
}
