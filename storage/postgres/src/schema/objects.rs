//! The objects of the schema in the catalog, one a line, compared with those that this build's migrations make.
//!
//! `objects.txt` is what they make. A test of the whole workspace writes it with `UPDATE_FIXTURES=1` and compares it with the
//! contracts.

use std::collections::BTreeSet;

use selene_storage::backend::Failure;

use crate::batch::lane::LANES;
use crate::connection::Connection;
use crate::connection::catalog::{SCHEMA, texts};
use crate::open_error::OpenError;

/// What the migrations make, one object a line.
const MADE: &str = include_str!("objects.txt");

/// A trigger as a line: what it does, and when it fires.
macro_rules! trigger_line {
    () => {
        "'trigger ' || pg_get_triggerdef(pg_trigger.oid) || ' ' || tgenabled::text"
    };
}

/// The triggers of a table.
const TRIGGERS: &str = concat!(
    "SELECT ",
    trigger_line!(),
    " FROM pg_trigger WHERE tgrelid = to_regclass($1) AND NOT tgisinternal"
);

/// Every column, constraint, index, trigger, function, rule and other relation of the schema, with a word where it does not do what
/// it is there for. A constraint says nothing of NOT NULL: newer servers list those as well.
pub(crate) const OBJECTS: &str = concat!(
    r#"WITH relations AS (
    SELECT class.oid, class.relname, class.relkind, class.relrowsecurity, class.relpersistence FROM pg_class AS class
    JOIN pg_namespace AS namespace ON namespace.oid = class.relnamespace
    WHERE namespace.nspname = current_schema())
SELECT object COLLATE "C" AS object FROM (
    SELECT 'relation ' || relname || ' ' || relkind::text || CASE WHEN relrowsecurity THEN ' row security' ELSE '' END
        || CASE WHEN relpersistence <> 'p' THEN ' that a crash empties' ELSE '' END AS object
    FROM relations WHERE relkind <> 'i'
    UNION ALL
    SELECT 'column ' || relname || '.' || attname || ' ' || format_type(atttypid, atttypmod)
        || coalesce(' collate ' || collname, '') || CASE WHEN attnotnull THEN ' not null' ELSE '' END
        || coalesce(' default ' || pg_get_expr(adbin, adrelid), '')
    FROM relations JOIN pg_attribute ON attrelid = relations.oid AND attnum > 0 AND NOT attisdropped
    LEFT JOIN pg_collation ON pg_collation.oid = attcollation
    LEFT JOIN pg_attrdef ON adrelid = relations.oid AND adnum = attnum
    WHERE relkind = 'r'
    UNION ALL
    SELECT 'constraint ' || relname || '.' || conname || ' ' || pg_get_constraintdef(pg_constraint.oid)
    FROM relations JOIN pg_constraint ON conrelid = relations.oid AND contype <> 'n'
    UNION ALL
    SELECT 'index ' || pg_get_indexdef(relations.oid) || CASE WHEN indisvalid AND indisready AND indislive THEN '' ELSE ' not valid' END
    FROM relations JOIN pg_index ON indexrelid = relations.oid WHERE relkind = 'i'
    UNION ALL
    SELECT "#,
    trigger_line!(),
    r#"
    FROM relations JOIN pg_trigger ON tgrelid = relations.oid AND NOT tgisinternal
    UNION ALL
    SELECT DISTINCT 'reference ' || conname || ' of ' || relname || ' that is not looked at'
    FROM relations JOIN pg_trigger ON tgrelid = relations.oid AND tgisinternal AND tgenabled <> 'O'
    JOIN pg_constraint ON pg_constraint.oid = tgconstraint
    UNION ALL
    SELECT 'rule ' || pg_get_ruledef(pg_rewrite.oid) FROM relations JOIN pg_rewrite ON ev_class = relations.oid
    UNION ALL
    SELECT 'function ' || proname || ' ' || md5(prosrc) || coalesce(' with ' || array_to_string(proconfig, ', '), '')
        || CASE WHEN prosecdef THEN ' as its owner' ELSE '' END
    FROM pg_proc
    JOIN pg_namespace AS namespace ON namespace.oid = pronamespace WHERE namespace.nspname = current_schema()
) AS objects ORDER BY 1"#
);

/// Refuses a schema that is not what the migrations make: a lock may be gone, or something there that acts on rows without the
/// store's knowledge.
pub(super) fn check(connection: &Connection) -> Result<(), OpenError> {
    compare(&texts(connection, OBJECTS)?)
}

/// The same beside objects with a name.
pub(super) fn check_beside(connection: &Connection, name: &str) -> Result<(), OpenError> {
    let mut found = texts(connection, OBJECTS)?;
    found.retain(|object| !object.contains(name));
    compare(&found)
}

/// Refuses a schema in which a lane has no row: no chain of that lane could be written to.
pub(super) fn check_lanes(connection: &Connection) -> Result<(), OpenError> {
    let found = texts(connection, "SELECT lane::text FROM commit_lanes")?;
    let is_missing = |lane: &String| !found.contains(lane);
    let missing = (0..LANES).map(|lane| lane.to_string()).filter(is_missing);
    let differences: Vec<String> =
        missing.map(|lane| format!("missing: the row of lane {lane} in commit_lanes")).collect();
    if differences.is_empty() { Ok(()) } else { Err(OpenError::Schema { differences }) }
}

/// Whether the triggers of a table are those that the migrations make, and fire.
pub(crate) fn has_triggers_of(connection: &Connection, table: &str) -> Result<bool, Failure> {
    let statement = connection.statement(TRIGGERS)?;
    let rows = connection.ask(connection.client().query(&statement, &[&table]))?;
    let found: BTreeSet<&str> = rows.iter().filter_map(|row| row.try_get(0).ok()).collect();
    Ok(triggers_of(MADE, table).eq(found))
}

/// The lines of a table's triggers, in their order.
fn triggers_of<'a>(made: &'a str, table: &str) -> impl Iterator<Item = &'a str> {
    let on = format!(" ON {SCHEMA}.{table} ");
    let lines: BTreeSet<&str> =
        made.lines().filter(|line| line.starts_with("trigger ") && line.contains(&on)).collect();
    lines.into_iter()
}

fn compare(found: &[String]) -> Result<(), OpenError> {
    let differences = differences(MADE, found);
    if differences.is_empty() { Ok(()) } else { Err(OpenError::Schema { differences }) }
}

fn differences(made: &str, found: &[String]) -> Vec<String> {
    let made: BTreeSet<&str> = made.lines().collect();
    let found: BTreeSet<&str> = found.iter().map(String::as_str).collect();
    let missing = made.difference(&found).map(|object| format!("missing: {object}"));
    missing.chain(found.difference(&made).map(|object| format!("unknown: {object}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ledger_has_triggers_that_stop_what_changes_its_rows() {
        for ledger in selene_storage::backend::ledgers() {
            let lines: Vec<&str> = triggers_of(MADE, ledger).collect();
            for event in ["UPDATE", "DELETE", "TRUNCATE"] {
                let stops = |line: &&&str| line.contains(&format!(" BEFORE {event} ON "));
                assert_eq!(lines.iter().filter(stops).count(), 1, "{ledger}, {event}: {lines:?}");
            }
        }
    }

    #[test]
    fn what_is_gone_and_what_is_new_are_named() {
        let found = ["table a".to_owned(), "trigger c O".to_owned()];
        assert_eq!(
            differences("table a\ntrigger b O\n", &found),
            ["missing: trigger b O", "unknown: trigger c O"]
        );
        assert_eq!(differences("table a\ntrigger c O\n", &found), [""; 0]);
    }
}
