//! Stored values that are read on the way.

use selene_contracts::row::Value;
use serde_json::Value as Json;

/// The document of a JSON text.
pub(super) fn document(value: &Value<'_>) -> Option<Json> {
    selene_contracts::row::document::read(value)
}
