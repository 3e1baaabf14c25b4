//! Where things of an engine lie in the workspace.

/// The rules of the store.
pub(super) const RULES: &str = "storage/src/rules";
/// The rows of the store.
pub(super) const ROWS: &str = "storage/src/rows";
/// The migrations of SQLite.
pub(super) const MIGRATIONS: &str = "storage/src/sqlite/migrations";
/// The list of them.
pub(super) const SCHEMA: &str = "storage/src/sqlite/schema.rs";
/// Files of every released schema version.
pub(super) const RELEASED: &str = "storage/tests/migrations/released";
/// Which answers hold which fields of which rows.
pub(super) const ANSWERS: &str = "storage/src/check/folds/answers/tables";
/// The acceptance suites.
pub(super) const SUITES: &str = "tests/src/suites";
/// The reference models.
pub(super) const MODEL: &str = "tests/src/model";
/// What inputs say themselves.
pub(super) const INPUTS: &str = "tests/tests/every_call/inputs.rs";
/// What keeps the sentences of the specs about rows.
pub(super) const SENTENCES: &str = "tests/tests/conformance/invariants/sentences.rs";
