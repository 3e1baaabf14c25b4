//! Stored values that are read on the way, and what is said of one that cannot be.

use selene_contracts::row::Value;
use serde_json::Value as Json;

use crate::failure::Failure;

pub(super) fn unreadable(table: &str, column: &str) -> Failure {
    Failure::Unreadable(format!("{table}.{column}"))
}

/// The document of a JSON text.
pub(super) fn document(value: &Value<'_>) -> Option<Json> {
    selene_contracts::row::document::read(value)
}
