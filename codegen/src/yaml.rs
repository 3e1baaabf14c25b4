//! Contract YAML in and out. The only module that knows `serde_yaml`, so that replacing it changes nothing else.
//!
//! Reading is `serde_yaml`'s. The text is written here, because `serde_yaml` leaves plain what it reads as a text itself
//! and others read as something else: `1e3`, `12:30:45`, `0o17`, `=`.

mod plain;
mod write;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_yaml::Value;

/// A contract file that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct YamlError {
    /// What is wrong, with the line and column where the reader stopped.
    pub message: String,
}

/// Reads a contract.
///
/// # Errors
/// The text is not YAML, or not of the shape of `T`.
pub fn from_str<T: DeserializeOwned>(text: &str) -> Result<T, YamlError> {
    serde_yaml::from_str(text).map_err(|error| YamlError { message: error.to_string() })
}

/// Writes a contract; the same value always gives the same bytes. Every text that some reader of YAML would take for
/// something else is quoted.
///
/// # Errors
/// The value holds something that YAML cannot express.
pub fn to_string<T: Serialize>(value: &T) -> Result<String, YamlError> {
    let tree: Value =
        serde_yaml::to_value(value).map_err(|error| YamlError { message: error.to_string() })?;
    Ok(write::document(&tree))
}
