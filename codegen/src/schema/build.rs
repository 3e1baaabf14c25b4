//! From contracts to tables.

use crate::contract::{self, Contract, ROW_VERSION, SharedContract, TruthType};
use crate::naming::without_schema;

use super::condition::Condition;
use super::domain::{Column, Domain, Types};
use super::error::SchemaError;
use super::names::of_table;
use super::table::{ForeignKey, Index, Table};

/// Every table whose columns a contract lists, without what other contracts add to it.
pub(super) fn tables(contracts: &[Contract], shared: &SharedContract) -> Result<Vec<Table>, SchemaError> {
    let mut tables = Vec::new();
    for contract in contracts {
        let types = Types::new(contract, shared);
        for table in contract.tables.iter().filter(|table| !table.columns.is_empty()) {
            tables.push(of_contract(contract, table, types)?);
        }
    }
    Ok(tables)
}

fn of_contract(
    contract: &Contract,
    stated: &contract::Table,
    types: Types<'_>,
) -> Result<Table, SchemaError> {
    let mut table = Table {
        name: without_schema(&stated.name).to_owned(),
        engine: contract.engine.id.clone(),
        truth_type: stated.truth_type,
        columns: stated.columns.iter().map(|field| types.column(field)).collect::<Result<_, _>>()?,
        primary_key: stated.primary_key.clone(),
        unique_keys: stated.unique_keys.clone(),
        partial_keys: Vec::new(),
        indices: Vec::new(),
        foreign_keys: Vec::new(),
        checks: Vec::new(),
        fixed: Vec::new(),
        set_once: Vec::new(),
        counters: Vec::new(),
        clustered_by: stated.clustered_by.clone(),
    };
    for private in &stated.private {
        let column = private_column(&table.name, private, types)?;
        table.columns.push(column);
    }
    if stated.truth_type == TruthType::Current {
        table.columns.push(row_version());
    }
    table.keys().flatten().chain(&table.clustered_by).try_for_each(|name| must_have(&table, name))?;
    // What a counter holds can be ordered, which conditions may want.
    for name in stated.constraints.iter().filter_map(|constraint| constraint.counter.as_ref()) {
        add_counter(&mut table, name)?;
    }
    for constraint in &stated.constraints {
        add_constraint(&mut table, constraint)?;
    }
    for index in &stated.indices {
        let index = self::index(&table, index)?;
        table.indices.push(index);
    }
    let in_order = |wanted: &[String]| -> Vec<String> {
        table
            .columns
            .iter()
            .map(|column| &column.name)
            .filter(|name| wanted.contains(name))
            .cloned()
            .collect()
    };
    let (fixed, set_once, counters) =
        (in_order(&table.fixed), in_order(&table.set_once), in_order(&table.counters));
    (table.fixed, table.set_once, table.counters) = (fixed, set_once, counters);
    if stated.truth_type == TruthType::Ledger {
        table.fixed.clear();
        table.set_once.clear();
    }
    Ok(table)
}

/// The column that counts how often a current row was written; zero in rows from before there was one.
fn row_version() -> Column {
    let domain = Domain::Integer { min: 0, max: i64::MAX.cast_unsigned() };
    let default = domain.literal("0");
    let doc = "How often the row was written since events seal it.".to_owned();
    Column { name: ROW_VERSION.to_owned(), is_optional: false, is_private: true, domain, default, doc }
}

fn private_column(
    table: &str,
    private: &contract::PrivateColumn,
    types: Types<'_>,
) -> Result<Column, SchemaError> {
    let mut column = types.column(&private.column)?;
    column.is_private = true;
    let wrong = || SchemaError::Default { table: table.to_owned(), column: column.name.clone() };
    match &private.default {
        Some(text) => column.default = Some(column.domain.literal(text).ok_or_else(wrong)?),
        None if !column.is_optional => return Err(wrong()),
        None => {}
    }
    Ok(column)
}

fn add_counter(table: &mut Table, name: &str) -> Result<(), SchemaError> {
    must_have(table, name)?;
    for column in table.columns.iter_mut().filter(|column| column.name == name) {
        column.domain = column.domain.clone().counting();
    }
    table.counters.push(name.to_owned());
    Ok(())
}

fn add_constraint(table: &mut Table, constraint: &contract::Constraint) -> Result<(), SchemaError> {
    constraint.fixed.iter().chain(&constraint.set_once).try_for_each(|name| must_have(table, name))?;
    table.fixed.extend(constraint.fixed.iter().cloned());
    table.set_once.extend(constraint.set_once.iter().cloned());
    for text in &constraint.checks {
        let check = condition(table, text)?;
        table.checks.push(check);
    }
    if let Some(key) = &constraint.unique_where {
        let key = index(table, key)?;
        table.partial_keys.push(key);
    }
    Ok(())
}

fn index(table: &Table, stated: &contract::Index) -> Result<Index, SchemaError> {
    stated.columns.iter().try_for_each(|name| must_have(table, name))?;
    Ok(Index {
        name: of_table(&table.name, &stated.name),
        columns: stated.columns.clone(),
        condition: stated.condition.as_ref().map(|text| condition(table, text)).transpose()?,
    })
}

fn condition(table: &Table, text: &str) -> Result<Condition, SchemaError> {
    let domain = |name: &str| table.column(name).map(|column| &column.domain);
    let parsed = text.parse::<Condition>().and_then(|condition| condition.check(domain).map(|()| condition));
    parsed.map_err(|error| SchemaError::Condition { table: table.name.clone(), text: text.to_owned(), error })
}

fn must_have(table: &Table, name: &str) -> Result<(), SchemaError> {
    let unknown = || SchemaError::UnknownColumn { table: table.name.clone(), column: name.to_owned() };
    table.column(name).map(|_| ()).ok_or_else(unknown)
}

/// Columns, each with the one that it refers to.
type Pairs = Vec<(String, String)>;

/// Adds the references that a contract states. Columns that refer to different columns of one table refer to one row of it.
pub(super) fn add_foreign_keys(tables: &mut [Table], contract: &Contract) -> Result<(), SchemaError> {
    let mut stated: Vec<(&str, &str, Pairs)> = Vec::new();
    for key in &contract.relations.foreign_keys {
        let malformed = |text: &str| SchemaError::Malformed(text.to_owned());
        let (from, column) = key.from.rsplit_once('.').ok_or_else(|| malformed(&key.from))?;
        let (to, target) = key.to.rsplit_once('.').ok_or_else(|| malformed(&key.to))?;
        let (from, to) = (without_schema(from), without_schema(to));
        let pair = (column.to_owned(), target.to_owned());
        match stated.iter_mut().find(|(known, other, _)| (*known, *other) == (from, to)) {
            Some((.., pairs)) => pairs.push(pair),
            None => stated.push((from, to, vec![pair])),
        }
    }
    for (from, to, pairs) in stated {
        let order = tables.iter().find(|table| table.name == to).map(|table| table.primary_key.clone());
        let Some(table) = tables.iter_mut().find(|table| table.name == from) else { continue };
        pairs.iter().try_for_each(|(column, _)| must_have(table, column))?;
        for key in foreign_keys(to, pairs, &order.unwrap_or_default()) {
            // An engine that uses the table repeats what its owner states.
            if !table.foreign_keys.contains(&key) {
                table.foreign_keys.push(key);
            }
        }
        let place = |name: &String| table.columns.iter().position(|column| column.name == *name);
        let mut keys = std::mem::take(&mut table.foreign_keys);
        keys.sort_by_key(|key| key.columns.iter().map(place).collect::<Vec<_>>());
        table.foreign_keys = keys;
    }
    Ok(())
}

/// One reference with all columns in the order of the other table's key, or one per column.
fn foreign_keys(to: &str, mut pairs: Pairs, order: &[String]) -> Vec<ForeignKey> {
    let mut targets: Vec<&String> = pairs.iter().map(|(_, target)| target).collect();
    targets.sort_unstable();
    targets.dedup();
    let is_one_row = targets.len() == pairs.len();
    let key = |pairs: Pairs| {
        let (columns, targets) = pairs.into_iter().unzip();
        ForeignKey { columns, table: to.to_owned(), to: targets }
    };
    if is_one_row {
        pairs.sort_by_key(|(_, target)| order.iter().position(|name| name == target));
        vec![key(pairs)]
    } else {
        pairs.into_iter().map(|pair| key(vec![pair])).collect()
    }
}

/// Adds the indices that the reads of a contract require and that nothing else brings.
pub(super) fn add_required_indices(tables: &mut [Table], contract: &Contract) -> Result<(), SchemaError> {
    for read in &contract.reads {
        for text in &read.required_indices {
            let malformed = || SchemaError::Malformed(text.clone());
            let (name, columns) = contract::Index::table_and_columns(text).ok_or_else(malformed)?;
            let Some(table) = tables.iter_mut().find(|table| table.name == without_schema(name)) else {
                continue;
            };
            columns.iter().try_for_each(|column| must_have(table, column))?;
            if is_served(table, &columns, read.may_be_partial(text)) {
                continue;
            }
            // A longer index serves what a shorter one would.
            table.indices.retain(|known| known.condition.is_some() || !columns.starts_with(&known.columns));
            let name = of_table(&table.name, &format!("by_{}", columns.join("_")));
            table.indices.push(Index { name, columns, condition: None });
        }
    }
    Ok(())
}

/// Whether an index begins with these columns.
fn is_served(table: &Table, columns: &[String], may_be_partial: bool) -> bool {
    let indices = || table.indices.iter().chain(&table.partial_keys);
    let mut serving = indices().filter(|index| may_be_partial || index.condition.is_none());
    table.keys().any(|key| key.starts_with(columns))
        || serving.any(|index| index.columns.starts_with(columns))
}
