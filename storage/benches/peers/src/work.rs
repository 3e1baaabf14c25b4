//! What is to be committed: statements, settings, and the values of each event, as the benchmark writes them.

use serde::Deserialize;

/// A whole work file.
#[derive(Deserialize)]
pub struct Work {
    /// Set on every connection.
    pub pragmas: Vec<(String, String)>,
    /// The statements of an event, in order; those that read come first.
    pub statements: Vec<String>,
    /// For each event, the values of each statement.
    pub events: Vec<Vec<Vec<Value>>>,
}

/// A bound value.
#[derive(Deserialize, Clone)]
#[serde(rename_all = "lowercase")]
pub enum Value {
    Null,
    Integer(i64),
    Text(String),
    Bytes(Vec<u8>),
}

impl Work {
    /// Reads a work file.
    pub fn read(path: &str) -> Result<Self, String> {
        let text = std::fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
        serde_json::from_str(&text).map_err(|error| format!("{path}: {error}"))
    }

    /// The events of each of so many callers.
    pub fn shares(self, callers: usize) -> Vec<Vec<Vec<Vec<Value>>>> {
        let mut shares: Vec<Vec<_>> = (0..callers).map(|_| Vec::new()).collect();
        for (number, event) in self.events.into_iter().enumerate() {
            shares[number % callers].push(event);
        }
        shares
    }
}
