//! Statements that are really queries: SQL whose tables and columns are named through the contracts.
//!
//! `SELECT {*WakeEnrollmentSampleRecord} FROM {@wake_enrollment_samples} WHERE {sample_seq} = $1`: `{@table}` or
//! `{@table alias}` names a table, `{column}` a column of the only table without an alias, `{alias.column}` one of a table with an alias, `{#alias}` the
//! columns of its primary key, `{*Type}` the column list of a row or record, `{Enum::Variant}` the stored text of a value as a literal. What lives here: reading such a text into parts, its checks,
//! and which words outside of braces may be columns, which the macro compares with the tables. What must not: what a name expands to
//! in Rust, which the macro decides, or knowledge of which tables there are.

use std::collections::BTreeSet;

/// One stretch of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// SQL as it stands.
    Sql(String),
    /// `{@table}`: the name of a table, with its alias.
    Table {
        /// Its name without schema: `audit_events`.
        table: String,
        /// What the statement calls it, if not by its name.
        alias: Option<String>,
    },
    /// `{column}` or `{alias.column}`: a column of a table that the statement names.
    Column {
        /// The alias or table before the dot.
        qualifier: Option<String>,
        /// The table that the column belongs to.
        table: String,
        /// Its name: `event_id`.
        column: String,
    },
    /// `{#alias}`: the primary key of a table that the statement names, column by column.
    Key {
        /// The alias, or the table where it has none.
        qualifier: String,
        /// The table that the statement names.
        table: String,
    },
    /// `{*Type}`: the columns of a row or record.
    Columns {
        /// The row or record as Rust names it: `AuditEventsRow`.
        of: String,
    },
    /// `{Enum::Variant}`: the stored text of a value, as a literal.
    Value {
        /// The enum as Rust names it: `IdentityStatus`.
        of: String,
        /// Its variant: `Active`.
        variant: String,
    },
}

/// A statement that does not keep the rules.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// A brace without its other half.
    #[error("a `{{` is never closed, or a `}}` closes nothing")]
    UnevenBrace,
    /// Something in braces that is neither a table, a column nor a type.
    #[error(
        "`{{{0}}}` is not understood: write `{{@table}}`, `{{@table alias}}`, `{{column}}`, `{{alias.column}}`, `{{#alias}}`, `{{*Type}}` or `{{Enum::Variant}}`"
    )]
    Unknown(String),
    /// A column whose table is not certain.
    #[error(
        "`{{{0}}}` could be a column of several tables, or of none: give the tables aliases and write `{{alias.column}}`"
    )]
    NoTable(String),
    /// A parameter out of order.
    #[error(
        "`${found}` stands where `${expected}` or an earlier parameter is due: parameters count up in the order of first appearance"
    )]
    ParameterOrder {
        /// The number that stands there.
        found: usize,
        /// The number that a new parameter has to have.
        expected: usize,
    },
    /// A parameter in a form that not every database takes.
    #[error("`{0}` is a parameter in a form that not every database takes: write `$1..$n`")]
    ParameterForm(char),
    /// All columns, whatever they are.
    #[error("`*` for all columns changes its meaning with every new column: name a type with `{{*Type}}`")]
    SelectStar,
}

/// The parts of a statement, in order.
///
/// # Errors
/// The first rule that the text breaks.
pub fn parts(text: &str) -> Result<Vec<Part>, StatementError> {
    let raw = split(text)?;
    let tables: Vec<(&str, Option<&str>)> = raw
        .iter()
        .filter_map(|piece| match piece {
            Piece::Name(name) => name.strip_prefix('@').map(table_and_alias),
            Piece::Sql(_) => None,
        })
        .collect();
    raw.iter()
        .map(|piece| match piece {
            Piece::Sql(sql) => Ok(Part::Sql((*sql).to_owned())),
            Piece::Name(name) => named(name, &tables),
        })
        .collect()
}

enum Piece<'a> {
    Sql(&'a str),
    Name(&'a str),
}

fn split(text: &str) -> Result<Vec<Piece<'_>>, StatementError> {
    let mut pieces = Vec::new();
    let mut parameters = 0;
    let mut rest = text;
    while let Some(open) = rest.find(['{', '}']) {
        let (sql, from_brace) = rest.split_at(open);
        let inside = from_brace.strip_prefix('{').ok_or(StatementError::UnevenBrace)?;
        let (name, after) = inside.split_once('}').ok_or(StatementError::UnevenBrace)?;
        check_sql(sql, &mut parameters)?;
        pieces.extend([Piece::Sql(sql), Piece::Name(name.trim())]);
        rest = after;
    }
    check_sql(rest, &mut parameters)?;
    pieces.push(Piece::Sql(rest));
    pieces.retain(|piece| !matches!(piece, Piece::Sql("")));
    Ok(pieces)
}

/// Parameters count up, and nothing asks for all columns.
fn check_sql(sql: &str, parameters: &mut usize) -> Result<(), StatementError> {
    let mut is_quoted = false;
    let mut before = "";
    for (index, c) in sql.char_indices() {
        match c {
            '\'' => is_quoted = !is_quoted,
            _ if is_quoted => {}
            '?' => return Err(StatementError::ParameterForm(c)),
            ':' if sql[index + 1..].starts_with(|c: char| c.is_ascii_alphabetic()) => {
                return Err(StatementError::ParameterForm(c));
            }
            '$' => {
                let digits: String = sql[index + 1..].chars().take_while(char::is_ascii_digit).collect();
                let found = digits.parse().map_err(|_| StatementError::ParameterForm(c))?;
                let expected = *parameters + 1;
                if found == 0 || found > expected {
                    return Err(StatementError::ParameterOrder { found, expected });
                }
                *parameters = found.max(*parameters);
            }
            // Behind a word it is no product, and `count(*)` has it behind a bracket.
            '*' if before.ends_with(|c: char| c.is_alphabetic() || [',', '.'].contains(&c)) => {
                return Err(StatementError::SelectStar);
            }
            _ => {}
        }
        if !c.is_whitespace() {
            before = &sql[..index + c.len_utf8()];
        }
    }
    Ok(())
}

fn table_and_alias(name: &str) -> (&str, Option<&str>) {
    name.split_once(' ').map_or((name, None), |(table, alias)| (table, Some(alias.trim())))
}

fn named(name: &str, tables: &[(&str, Option<&str>)]) -> Result<Part, StatementError> {
    let unknown = || StatementError::Unknown(name.to_owned());
    let checked = |word: &str| is_name(word).then(|| word.to_owned()).ok_or_else(unknown);
    if let Some(table) = name.strip_prefix('@') {
        let (table, alias) = table_and_alias(table);
        return Ok(Part::Table { table: checked(table)?, alias: alias.map(checked).transpose()? });
    }
    if let Some(of) = name.strip_prefix('*') {
        return Ok(Part::Columns { of: checked(of)? });
    }
    if let Some((of, variant)) = name.split_once("::") {
        return Ok(Part::Value { of: checked(of)?, variant: checked(variant)? });
    }
    let no_table = || StatementError::NoTable(name.to_owned());
    let table_of = |qualifier: &str| {
        tables.iter().find(|(table, alias)| alias.unwrap_or(table) == qualifier).ok_or_else(no_table)
    };
    if let Some(qualifier) = name.strip_prefix('#') {
        let (table, _) = table_of(qualifier)?;
        return Ok(Part::Key { qualifier: checked(qualifier)?, table: (*table).to_owned() });
    }
    if let Some((qualifier, column)) = name.split_once('.') {
        let (table, _) = table_of(qualifier)?;
        return Ok(Part::Column {
            qualifier: Some(checked(qualifier)?),
            table: (*table).to_owned(),
            column: checked(column)?,
        });
    }
    // Tables with an alias are those of inner queries and joins; their columns are named with it.
    let mut plain = tables.iter().filter(|(_, alias)| alias.is_none()).map(|(table, _)| *table);
    let table = plain.next().or_else(|| (tables.len() == 1).then(|| tables[0].0)).ok_or_else(no_table)?;
    if plain.any(|other| other != table) {
        return Err(no_table());
    }
    Ok(Part::Column { qualifier: None, table: table.to_owned(), column: checked(name)? })
}

/// The words of a statement that stand outside of braces and could name a column, in lower case as a database compares them: all
/// but the names of functions and what stands in quotes.
#[must_use]
pub fn bare_words(parts: &[Part]) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut is_quoted = false;
    for part in parts {
        let Part::Sql(sql) = part else { continue };
        let mut rest = sql.as_str();
        while let Some(c) = rest.chars().next() {
            let is_word = c.is_alphabetic() || c == '_';
            let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end.max(c.len_utf8()));
            is_quoted ^= c == '\'';
            if is_word && !is_quoted && !after.trim_start().starts_with('(') {
                words.insert(word.to_lowercase());
            }
            rest = after;
        }
    }
    words
}

fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_alphabetic())
        && word.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// The statement as a database reads it; `columns_of` gives the column list of a type, `key_of` the primary key of a table, `value_of`
/// the stored text of a variant of an enum, and all of them `None` where they know none.
///
/// # Errors
/// The first rule that the text breaks; a type without columns, a table without a key or a variant without text is not understood.
pub fn text(
    statement: &str,
    columns_of: impl Fn(&str) -> Option<String>,
    key_of: impl Fn(&str) -> Option<Vec<String>>,
    value_of: impl Fn(&str, &str) -> Option<String>,
) -> Result<String, StatementError> {
    parts(statement)?
        .into_iter()
        .map(|part| match part {
            Part::Sql(sql) => Ok(sql),
            Part::Table { table, alias: None } => Ok(table),
            Part::Table { table, alias: Some(alias) } => Ok(format!("{table} AS {alias}")),
            Part::Column { qualifier: None, column, .. } => Ok(column),
            Part::Column { qualifier: Some(qualifier), column, .. } => Ok(format!("{qualifier}.{column}")),
            Part::Key { qualifier, table } => {
                let key = key_of(&table).ok_or(StatementError::Unknown(table))?;
                let columns: Vec<String> = key.iter().map(|column| format!("{qualifier}.{column}")).collect();
                Ok(columns.join(", "))
            }
            Part::Columns { of } => columns_of(&of).ok_or(StatementError::Unknown(of)),
            Part::Value { of, variant } => value_of(&of, &variant)
                .map(|text| format!("'{text}'"))
                .ok_or_else(|| StatementError::Unknown(format!("{of}::{variant}"))),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_what_a_database_reads() {
        let statement = "SELECT {*Sample} FROM {@samples} WHERE {session} = $1 AND {seq} > $2 OR {seq} = $2";
        assert_eq!(
            text(statement, |ty| (ty == "Sample").then(|| "session, seq".to_owned()), |_| None, |_, _| None)
                .unwrap(),
            "SELECT session, seq FROM samples WHERE session = $1 AND seq > $2 OR seq = $2"
        );
        let joined =
            "SELECT {d.user_id}, count(*) FROM {@devices d} JOIN {@users} ON {users.id} = {d.user_id}";
        assert_eq!(
            text(joined, |_| None, |_| None, |_, _| None).unwrap(),
            "SELECT d.user_id, count(*) FROM devices AS d JOIN users ON users.id = d.user_id"
        );
    }

    #[test]
    fn a_value_becomes_a_literal() {
        let statement = "SELECT 1 FROM {@t} WHERE {a} = {Status::Active}";
        let value =
            |of: &str, variant: &str| (of == "Status" && variant == "Active").then(|| "ACTIVE".to_owned());
        assert_eq!(text(statement, |_| None, |_| None, value).unwrap(), "SELECT 1 FROM t WHERE a = 'ACTIVE'");
        let unknown = text(statement, |_| None, |_| None, |_, _| None);
        assert_eq!(unknown.unwrap_err(), StatementError::Unknown("Status::Active".to_owned()));
    }

    #[test]
    fn a_key_is_named_by_its_table_or_alias() {
        let key =
            |table: &str| (table == "bindings").then(|| vec!["user_id".to_owned(), "device_id".to_owned()]);
        let made = |statement| text(statement, |_| None, key, |_, _| None);
        let statement = "SELECT {#b} FROM {@bindings b} ORDER BY {#b}";
        let expected = "SELECT b.user_id, b.device_id FROM bindings AS b ORDER BY b.user_id, b.device_id";
        assert_eq!(made(statement).unwrap(), expected);
        assert_eq!(made("{#bindings} {@bindings}").unwrap(), "bindings.user_id, bindings.device_id bindings");
        assert_eq!(made("{#b} {@bindings}").unwrap_err(), StatementError::NoTable("#b".to_owned()));
        assert_eq!(made("{#users} {@users}").unwrap_err(), StatementError::Unknown("users".to_owned()));
    }

    #[test]
    fn a_column_knows_its_table() {
        let parts = parts("{@devices d} {@users u} {u.id}").unwrap();
        assert!(parts.contains(&Part::Column {
            qualifier: Some("u".to_owned()),
            table: "users".to_owned(),
            column: "id".to_owned()
        }));
    }

    #[test]
    fn words_outside_of_braces_may_be_columns() {
        let statement = "SELECT count(*), Max ({a}), status FROM {@t x} WHERE head.NEWEST = $1 AND {x.b} = 'of user_id' || y";
        let words = bare_words(&parts(statement).unwrap());
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert_eq!(words, ["and", "from", "head", "newest", "select", "status", "where", "y"]);
    }

    #[test]
    fn broken_rules_are_named() {
        let error = |text: &str| parts(text).unwrap_err();
        assert_eq!(error("SELECT {a"), StatementError::UnevenBrace);
        assert_eq!(error("SELECT a}"), StatementError::UnevenBrace);
        assert_eq!(error("{@t} {a b}"), StatementError::Unknown("a b".to_owned()));
        assert_eq!(error("{@t} {@u} {a}"), StatementError::NoTable("a".to_owned()));
        assert_eq!(error("{@t} {u.a}"), StatementError::NoTable("u.a".to_owned()));
        assert_eq!(error("{@t} = $2"), StatementError::ParameterOrder { found: 2, expected: 1 });
        assert_eq!(error("{@t} = ?1"), StatementError::ParameterForm('?'));
        assert_eq!(error("{@t} = :name"), StatementError::ParameterForm(':'));
        assert_eq!(error("SELECT * FROM {@t}"), StatementError::SelectStar);
        for all in [
            "SELECT t.* FROM {@t}",
            "SELECT ALL * FROM {@t}",
            "SELECT {a}, * FROM {@t}",
            "DELETE FROM {@t} RETURNING *",
        ] {
            assert_eq!(error(all), StatementError::SelectStar, "{all}");
        }
        assert!(parts("SELECT count(*) FROM {@t} WHERE {a} = '?:x$9' AND {a} = 2 * 3").is_ok());
    }
}
