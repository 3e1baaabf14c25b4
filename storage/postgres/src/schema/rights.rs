//! What the role of a store may do with each table: no less than calls need, and nothing that changes a ledger.

use std::collections::{BTreeMap, BTreeSet};

use super::tables;
use crate::connection::Connection;
use crate::connection::catalog::{SCHEMA, one, texts};
use crate::open_error::OpenError;

/// The rights of the role in the schema and in every table, each with its rights in this order; and functions that it owns. What must not be
/// done, no role may do that this one may become (`SET ROLE`).
const RIGHTS: &str =
    "WITH roles AS (SELECT oid FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER')),
    namespace AS (SELECT oid, nspname, nspowner FROM pg_namespace WHERE nspname = current_schema())
    SELECT class.relname || ' ' ||
        CASE WHEN has_table_privilege(class.oid, 'SELECT') THEN 'SELECT ' ELSE '' END ||
        CASE WHEN has_table_privilege(class.oid, 'INSERT') THEN 'INSERT ' ELSE '' END ||
        CASE WHEN has_any_column_privilege(class.oid, 'UPDATE') THEN 'UPDATE '
            WHEN EXISTS (SELECT FROM roles WHERE has_any_column_privilege(roles.oid, class.oid, 'UPDATE'))
                THEN 'UPDATE-AS-ANOTHER-ROLE ' ELSE '' END ||
        CASE WHEN EXISTS (SELECT FROM roles WHERE has_table_privilege(roles.oid, class.oid, 'DELETE'))
            THEN 'DELETE ' ELSE '' END ||
        CASE WHEN EXISTS (SELECT FROM roles WHERE has_table_privilege(roles.oid, class.oid, 'TRUNCATE'))
            THEN 'TRUNCATE ' ELSE '' END ||
        CASE WHEN EXISTS (SELECT FROM roles WHERE has_table_privilege(roles.oid, class.oid, 'TRIGGER'))
            THEN 'TRIGGER ' ELSE '' END ||
        CASE WHEN EXISTS (SELECT FROM roles WHERE roles.oid = class.relowner) THEN 'OWNER ' ELSE '' END
    FROM pg_class AS class JOIN namespace ON namespace.oid = class.relnamespace WHERE class.relkind = 'r'
    UNION ALL
    SELECT 'schema ' ||
        CASE WHEN has_schema_privilege(namespace.oid, 'USAGE') THEN 'USAGE ' ELSE '' END ||
        CASE WHEN EXISTS (SELECT FROM roles WHERE has_schema_privilege(roles.oid, namespace.oid, 'CREATE'))
            THEN 'CREATE ' ELSE '' END ||
        CASE WHEN EXISTS (SELECT FROM roles WHERE roles.oid = namespace.nspowner) THEN 'OWNER ' ELSE '' END
    FROM namespace
    UNION ALL
    SELECT pg_proc.proname || '() OWNER' FROM pg_proc JOIN namespace ON namespace.oid = pg_proc.pronamespace
    JOIN roles ON roles.oid = pg_proc.proowner
    ORDER BY 1";

/// Whether the one who logged in may become a role that no right holds: a superuser, one that gives itself other roles, or one that
/// writes files of the server.
const MAY_DO_EVERYTHING: &str = "SELECT coalesce(bool_or(rolsuper OR rolcreaterole
        OR rolname IN ('pg_write_server_files', 'pg_execute_server_program')), false)
    FROM pg_roles WHERE pg_has_role(session_user, oid, 'MEMBER')";

/// Refuses a role, or one that logged in, that no right keeps from changing a ledger.
pub(crate) fn check_role(connection: &Connection) -> Result<(), OpenError> {
    if one(connection, MAY_DO_EVERYTHING)? { Err(OpenError::Superuser) } else { Ok(()) }
}

/// Whether a role is one that owns the schema, a table or a function in it, or will own what the migration makes, or may become one.
const IS_OWNER: &str = "WITH namespace AS (SELECT oid, nspowner FROM pg_namespace WHERE nspname = $2::text),
    owners AS (
        SELECT oid FROM pg_roles WHERE rolname = current_user
        UNION SELECT nspowner FROM namespace
        UNION SELECT relowner FROM pg_class JOIN namespace ON namespace.oid = relnamespace
        UNION SELECT proowner FROM pg_proc JOIN namespace ON namespace.oid = pronamespace)
    SELECT bool_or(pg_has_role($1::text::name, oid, 'MEMBER')) FROM owners";

/// The statements that give owners of tables back what they lack there, as after a migration that took an owner for the role of the stores.
const OWNERS_LACK: &str =
    "SELECT format('GRANT ALL ON %I.%I TO %I', current_schema(), relname, pg_get_userbyid(relowner))
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE nspname = current_schema() AND relkind = 'r' AND NOT (
        has_table_privilege(relowner, pg_class.oid, 'SELECT') AND has_table_privilege(relowner, pg_class.oid, 'INSERT')
        AND has_table_privilege(relowner, pg_class.oid, 'UPDATE') AND has_table_privilege(relowner, pg_class.oid, 'DELETE')
        AND has_table_privilege(relowner, pg_class.oid, 'TRUNCATE') AND has_table_privilege(relowner, pg_class.oid, 'TRIGGER')
        AND has_table_privilege(relowner, pg_class.oid, 'REFERENCES'))
    ORDER BY 1";

/// Refuses a role that is to get the rights of a store, and would keep those of an owner.
pub(super) fn check_is_no_owner(connection: &Connection, role: &str) -> Result<(), OpenError> {
    let row = connection.wait(connection.client().query_one(IS_OWNER, &[&role, &SCHEMA]));
    let is_owner = row.and_then(|row| row.try_get(0)).map_err(OpenError::Sql)?;
    if is_owner { Err(OpenError::OwnerAsRole { role: role.to_owned() }) } else { Ok(()) }
}

/// The statements that give the owners of tables back what they lack there.
pub(super) fn of_owners(connection: &Connection) -> Result<String, OpenError> {
    Ok(texts(connection, OWNERS_LACK)?.join("; "))
}

/// Refuses a role with other rights.
pub(super) fn check(connection: &Connection) -> Result<(), OpenError> {
    let found = texts(connection, RIGHTS)?;
    let mut needed = tables::rights();
    needed.insert("schema", "USAGE");
    let differences = differences(&needed, &found);
    if differences.is_empty() { Ok(()) } else { Err(OpenError::Rights { differences }) }
}

/// A table that is neither a ledger nor another one of the store has no place in the schema, which its objects show.
fn differences(needed: &BTreeMap<&str, &str>, found: &[String]) -> Vec<String> {
    let found: BTreeMap<&str, &str> = found
        .iter()
        .filter_map(|row| row.split_once(' '))
        .map(|(name, rights)| (name, rights.trim_end()))
        .collect();
    let names: BTreeSet<&str> = needed.keys().chain(found.keys()).copied().collect();
    let rights = |of: &BTreeMap<&str, &'_ str>, name| match of.get(name) {
        None | Some(&"") => "nothing".to_owned(),
        Some(rights) => (*rights).to_owned(),
    };
    let compared = names.into_iter().map(|name| (name, rights(&found, name), rights(needed, name)));
    compared
        .filter(|(_, found, needed)| found != needed)
        .map(|(name, found, needed)| format!("{name}: {found} instead of {needed}"))
        .collect()
}

/// The statements that give a role what a store needs, and nothing else, neither to it nor to everybody. Everybody may read.
pub(super) fn grants(role: &str) -> String {
    let role = format!("\"{}\"", role.replace('"', "\"\""));
    let mut statements = vec![
        format!("REVOKE ALL ON ALL TABLES IN SCHEMA {SCHEMA} FROM {role}"),
        format!(
            "REVOKE INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER ON ALL TABLES IN SCHEMA {SCHEMA} FROM PUBLIC"
        ),
        format!("REVOKE CREATE ON SCHEMA {SCHEMA} FROM {role}, PUBLIC"),
        format!("GRANT USAGE ON SCHEMA {SCHEMA} TO {role}"),
    ];
    let grant =
        |(table, rights): (&str, &str)| format!("GRANT {} ON {table} TO {role}", rights.replace(' ', ", "));
    statements.extend(tables::rights().into_iter().map(grant));
    statements.join("; ")
}
