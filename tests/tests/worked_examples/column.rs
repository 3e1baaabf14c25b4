//! A new column is one line in a spec and one statement in a migration of each database; nothing else is asked for where the row is made
//! of another one that has the value. Where none has it, the compiler asks for it at the one place that makes the row.
//!
//! The example stands in ARCHITECTURE.md. Whoever has to edit a list of columns by hand to make it work has broken a promise.

use std::path::Path;

use selene_acceptance::{context, place};
use selene_contracts::ph1_position::{
    Ph1PositionRepo as _, Ph1positionLifecycleCommitRow, PositionLifecycle,
};
use selene_contracts::shared::SimulationId;
use selene_storage::SqliteStore;

use super::checkout::Checkout;
use super::document::Section;

/// Where the migrations of a database lie, and the file that lists them.
struct Migrations {
    folder: &'static str,
    list: &'static str,
}

const SQLITE: Migrations =
    Migrations { folder: "storage/src/sqlite/migrations", list: "storage/src/sqlite/schema.rs" };
#[cfg(feature = "postgres")]
const POSTGRES: Migrations = Migrations {
    folder: "storage/postgres/src/schema/migrations",
    list: "storage/postgres/src/schema/migrate.rs",
};

#[test]
fn a_new_column_is_one_line_and_one_statement() {
    let example = Section::of("ARCHITECTURE.md", "### A new column");
    let [spec] = example.blocks("diff");
    let [on_sqlite, on_postgres] = example.blocks("sql");
    let [asked] = example.blocks("text");

    let checkout = Checkout::new();
    checkout.apply(spec);
    SQLITE.add(&checkout, on_sqlite);
    let ran = checkout.cargo(&["xtask", "regenerate"]);
    assert!(ran.is_success, "{}", ran.text);

    // No place has to say a value.
    let ran = checkout.cargo(&["check", "--package", "selene-storage"]);
    assert!(ran.is_success, "{}", ran.text);

    // The schema of a store is that of the contracts, and rows have the column; those of the build before are as sealed.
    write_sealed_row(&checkout.path("tests/tests/sealed.db"));
    checkout.write("tests/tests/new_column.rs", include_str!("column/round_trip.rs"));
    let tests =
        ["contracts_and_schema_agree", "the_migrations_make_the_same", "the_column_is_written_and_read"];
    let test =
        ["test", "--package", "selene-acceptance", "--test", "conformance", "--test", "new_column", "--"];
    let ran = checkout.cargo(&[&test[..], &tests].concat());
    assert!(ran.is_success, "{}", ran.text);
    for test in tests {
        assert!(ran.text.contains(&format!("{test} ... ok")), "{}", ran.text);
    }
    step_on_postgres(&checkout, on_postgres);
    value_that_no_row_has(&checkout, asked);
}

/// The compiler asks for the value of a column that no other row has, at one place and at no other.
fn value_that_no_row_has(checkout: &Checkout, asked: &str) {
    let page = "specs/db_wiring/PH1_POSITION.md";
    let edited = checkout.read(page).replace(", company_id?)`", ", device_id?)`");
    checkout.write(page, &edited);
    let ran = checkout.cargo(&["xtask", "regenerate"]);
    assert!(ran.is_success, "{}", ran.text);
    let ran = checkout.cargo(&["check", "--package", "selene-storage"]);
    assert!(!ran.is_success, "{}", ran.text);
    for line in asked.lines() {
        assert!(ran.text.contains(line), "{line}\n{}", ran.text);
    }
}

/// The migration of PostgreSQL makes what the contracts want, and a store of the new build opens on it.
#[cfg(feature = "postgres")]
fn step_on_postgres(checkout: &Checkout, statement: &str) {
    POSTGRES.add(checkout, statement);
    let test =
        ["test", "--package", "selene-acceptance", "--features", "postgres", "--test", "postgres", "--"];
    let ran = checkout.cargo_updating_fixtures(&[&test[..], &["a_store_expects"]].concat());
    assert!(ran.is_success, "{}", ran.text);
    let tests = ["the_migrations_make_what_the_contracts_want", "a_store_expects_what_the_migrations_make"];
    let ran = checkout.cargo(&[&test[..], &tests, &["a_text_that_no_row_can_hold"]].concat());
    assert!(ran.is_success, "{}", ran.text);
    for test in tests {
        assert!(ran.text.contains(&format!("{test} ... ok")), "{}", ran.text);
    }
}

/// Without a server, the example is that of SQLite.
#[cfg(not(feature = "postgres"))]
fn step_on_postgres(_checkout: &Checkout, _statement: &str) {}

/// A file of the build before the edit: a released one, with a row of the table that an event seals. SQLite's alone: of released builds
/// only files are kept.
fn write_sealed_row(path: &Path) {
    std::fs::copy(place::workspace().join("storage/tests/migrations/released/v5/store.db"), path)
        .expect("a copy");
    let store = SqliteStore::open(path).expect("it opens");
    let input = Ph1positionLifecycleCommitRow {
        tenant_id: "acme".into(),
        position_id: "nurse".into(),
        position_lifecycle: PositionLifecycle::Retired,
        idempotency_key: "retire".into(),
    };
    let now = context(1_000_000_000).with_simulation(SimulationId::new("simulation"));
    store.ph1position_lifecycle_commit_row(&now, input).expect("it is applied");
}

impl Migrations {
    /// Adds a migration with one statement, and its line to the list.
    fn add(&self, checkout: &Checkout, statement: &str) {
        let files = checkout.files(self.folder);
        let version = files.len() + 1;
        let name = format!("{version:04}_new_column.sql");
        checkout.write(&format!("{}/{name}", self.folder), statement);
        let newest = format!("migrations/{}", files.last().expect("there are migrations"));
        let text = checkout.read(self.list);
        let line = text.lines().position(|line| line.contains(&newest)).expect("it is listed");
        let entry = format!("    ({version}, include_str!(\"migrations/{name}\")),\n");
        checkout.insert(self.list, line + 1, &entry);
    }
}
