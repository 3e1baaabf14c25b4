//! The live schema is what the contracts want, and what a store expects at its opening.

use std::collections::BTreeSet;
use std::fs;

use selene_acceptance::{Contracts, Database, place};
use selene_codegen::schema::Dialect;
use selene_storage_postgres::test_support::own_tables;

/// What the catalog says of the tables of contracts, without the name of the schema.
fn of_contracts(database: &Database, schema: &str) -> BTreeSet<String> {
    let raw = database.raw();
    raw.run(&format!("SET search_path = {schema}")).unwrap();
    let objects = raw.objects().unwrap();
    raw.run("SET search_path = selene").unwrap();
    let of_own = |object: &String| own_tables().any(|own| object.contains(own));
    let objects = objects.into_iter().filter(|object| !of_own(object));
    objects.map(|object| object.replace(&format!("{schema}."), "")).collect()
}

#[test]
fn the_migrations_make_what_the_contracts_want() {
    let database = Database::empty();
    let raw = database.raw();
    let schema = Contracts::read(&place::workspace()).schema();
    let tables: Vec<_> = schema.tables.iter().collect();
    raw.run("CREATE SCHEMA wanted; SET search_path = wanted").unwrap();
    for statement in Dialect::Postgres.statements(&tables) {
        raw.run(&statement).unwrap_or_else(|error| panic!("{error}:\n{statement}"));
    }
    let (wanted, made) = (of_contracts(&database, "wanted"), of_contracts(&database, "selene"));
    raw.run("DROP SCHEMA wanted CASCADE").unwrap();
    let missing: Vec<_> = wanted.difference(&made).collect();
    let unknown: Vec<_> = made.difference(&wanted).collect();
    assert!(missing.is_empty() && unknown.is_empty(), "missing: {missing:#?}\nunknown: {unknown:#?}");
}

#[test]
fn a_store_expects_what_the_migrations_make() {
    let objects = Database::empty().raw().objects().unwrap();
    let made = objects.iter().fold(String::new(), |text, object| text + object + "\n");
    let file = place::workspace().join("storage/postgres/src/schema/objects.txt");
    if std::env::var_os("UPDATE_FIXTURES").is_some() {
        fs::write(&file, &made).unwrap();
    }
    assert_eq!(fs::read_to_string(&file).unwrap(), made, "UPDATE_FIXTURES=1 writes {}", file.display());
}
