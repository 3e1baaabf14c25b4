//! State machines, as a test of the store writes them down from the rules that run (`storage/machines.json`).

use std::path::Path;

use serde::Deserialize;

/// Where they lie, below the workspace.
const FILE: &str = "storage/machines.json";

/// The states of one column and what moves a row from one to another.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Machine {
    /// What goes through the states, for people.
    pub title: String,
    /// The engine that states it.
    pub engine: String,
    /// The table and its column.
    pub table: String,
    /// The column that holds the state.
    pub column: String,
    /// Where the rules stand that it is taken from.
    pub source: String,
    /// Every state, in the order of the contract.
    pub states: Vec<String>,
    /// Every move of the machine, refusals included.
    pub moves: Vec<Move>,
}

/// What a call does in a state.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// The id of the capability: `PH1W_ENROLL_SAMPLE_COMMIT_ROW`.
    pub call: String,
    /// The state before; none where the call makes the row.
    pub from: Option<String>,
    /// The condition in words; empty where there is none.
    pub when: String,
    /// The state after; none where the call is refused.
    pub to: Option<String>,
    /// The reason code of the refusal, or that the row gets; empty where there is none to say.
    pub reason: String,
}

/// The machines of a workspace; none where it has no such file.
///
/// # Errors
/// The file cannot be read.
pub fn read_machines(workspace: &Path) -> Result<Vec<Machine>, String> {
    let path = workspace.join(FILE);
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(format!("`{FILE}` cannot be read: {}", error.kind())),
    };
    serde_json::from_str(&text).map_err(|error| format!("`{FILE}`: {error}"))
}
