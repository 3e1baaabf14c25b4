//! What one test saw, in a file that its harness wrote when the test was over. What must not live here: what it proves.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::write::Rendered;
use crate::written::{self, CONTRACTS, EntryKind, digest};

/// Where the records lie below the workspace: `PROGRAM/TEST.json`.
pub const FOLDER: &str = "target/coverage";

/// What one test saw. A rerun of the test replaces it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The test program: `acceptance`.
    pub program: String,
    /// The test by its path within the program: `on_disk::at_w_db_01_tenant_isolation_enforced`.
    pub test: String,
    /// Whether it has not panicked.
    pub passed: bool,
    /// The contracts that it stands on: SHA-256 of every contract file, by its name without `.yaml`.
    pub contracts: BTreeMap<String, String>,
    /// What the test program saw.
    pub seen: Seen,
}

/// What a test can see of a store.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// Capabilities with what came of their calls.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub calls: BTreeMap<String, BTreeSet<Outcome>>,
    /// Reason codes with the capabilities that returned them: in a refusal, beside an outcome, or in a row.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub codes: BTreeMap<String, BTreeSet<String>>,
    /// Checks over a whole store that found nothing.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub checks: BTreeSet<Check>,
    /// Sentences about the rows of a table with what keeps each of them in the words of [`Keeper`] or others, by the name of the
    /// table in SQL.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub sentences: BTreeMap<String, BTreeMap<String, String>>,
    /// Ledgers by their names in SQL, with what tried to change them and failed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub locks: BTreeMap<String, BTreeSet<String>>,
}

/// What came of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// A write changed the store.
    Applied,
    /// A write was answered with what an earlier call gave.
    Replayed,
    /// A read gave what it found.
    Answered,
    /// A read gave what it found and emitted an event.
    Audited,
    /// Its caller may not make it.
    CallerNotAllowed,
    /// It came without a simulation.
    SimulationRequired,
    /// A value or the state of the rows does not allow it.
    ContractViolation,
    /// A row that it names is missing.
    ForeignKey,
    /// A key that must be new exists already.
    DuplicateKey,
    /// It reaches out of its scope.
    ScopeViolation,
    /// A ledger row was to be changed.
    AppendOnlyViolation,
    /// What it works on is not there.
    NotFound,
    /// Its commit may or may not be durable.
    OutcomeUnknown,
    /// The store could not serve it.
    BackendUnavailable,
    /// Any other refusal.
    Refused,
}

/// What looks at a whole store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Hash chains.
    Chains,
    /// Rows against the events that seal them.
    Rows,
    /// Current rows against the fold of their ledgers.
    Folds,
    /// Every answer, row and event against the reference model.
    Model,
}

/// What keeps a sentence about rows, where tests see it at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeper {
    /// The schema: rows that break it were tried, or the lock, key or counter that keeps it was compared.
    Schema,
    /// The check of folds.
    Folds,
    /// The check of rows against their seals.
    Rows,
    /// The check of chains.
    Chains,
    /// The rules, as the reference model says.
    Rules,
    /// Admission, and the types of the contracts.
    Admission,
    /// The idempotency records.
    Dedupe,
}

impl Keeper {
    const ALL: [Self; 7] =
        [Self::Schema, Self::Folds, Self::Rows, Self::Chains, Self::Rules, Self::Admission, Self::Dedupe];

    /// The keeper that goes by these words.
    #[must_use]
    pub fn from_words(words: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|keeper| keeper.as_str() == words)
    }

    /// What keeps it, in words.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Schema => "the schema",
            Self::Folds => "`SqliteStore::verify_folds`",
            Self::Rows => "`SqliteStore::verify_rows`",
            Self::Chains => "`SqliteStore::verify_chains`",
            Self::Rules => "the rules, against the reference model",
            Self::Admission => "admission, and the types of the contracts",
            Self::Dedupe => "the idempotency records, whose key is compared",
        }
    }
}

/// A record that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[error("`{}`: {problem}", path.display())]
pub struct RecordError {
    /// The file or folder.
    pub path: PathBuf,
    /// What is wrong with it.
    pub problem: String,
}

impl RecordError {
    /// A problem with a file or folder.
    #[must_use]
    pub fn new(path: &Path, problem: &dyn fmt::Display) -> Self {
        Self { path: path.to_owned(), problem: problem.to_string() }
    }
}

impl Record {
    /// The last part of the test's path: the name of its function.
    #[must_use]
    pub fn function(&self) -> &str {
        self.test.rsplit("::").next().unwrap_or_default()
    }

    /// Writes the record below a folder, whole or not at all, in the place of an earlier one of the same test.
    ///
    /// # Errors
    /// The folder cannot be made or written.
    pub fn write(&self, folder: &Path) -> Result<(), RecordError> {
        let folder = folder.join(&self.program);
        let path = folder.join(format!("{}.json", self.test.replace("::", ".")));
        let failed = |error: io::Error| RecordError::new(&path, &error);
        fs::create_dir_all(&folder).map_err(failed)?;
        let file = tempfile::NamedTempFile::new_in(&folder).map_err(failed)?;
        serde_json::to_writer_pretty(&file, self).map_err(|error| failed(error.into()))?;
        file.persist(&path).map_err(|error| failed(error.error))?;
        Ok(())
    }

    /// Every record below a folder, by program and test; none where there is no such folder.
    ///
    /// # Errors
    /// A file that is no record.
    pub fn read_all(folder: &Path) -> Result<Vec<Self>, RecordError> {
        let mut records = Vec::new();
        for program in entries(folder)?.iter().filter(|path| path.is_dir()) {
            for path in entries(program)?.iter().filter(|path| path.extension() == Some("json".as_ref())) {
                let text = fs::read_to_string(path).map_err(|error| RecordError::new(path, &error))?;
                let record = serde_json::from_str(&text).map_err(|error| RecordError::new(path, &error))?;
                records.push(record);
            }
        }
        Ok(records)
    }
}

/// The paths in a folder, sorted; none where it does not exist.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, RecordError> {
    let failed = |error: io::Error| RecordError::new(folder, &error);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(failed(error)),
    };
    let mut paths = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, _>>().map_err(failed)?;
    paths.sort();
    Ok(paths)
}

/// The digest of every contract file below an output folder, by its name without `.yaml`.
#[must_use]
pub fn written_contracts(out: &Path) -> BTreeMap<String, String> {
    let files = written::entries(out).into_iter().filter(|entry| entry.kind == EntryKind::File);
    let contracts = files.filter_map(|entry| {
        Some((entry.name.strip_suffix(".yaml")?.to_owned(), digest(&fs::read(&entry.path).ok()?)))
    });
    contracts.collect()
}

/// The same of the contracts that the specs give now.
#[must_use]
pub fn rendered_contracts(files: &[Rendered]) -> BTreeMap<String, String> {
    let contracts = files.iter().filter_map(|file| {
        let name = file.path.strip_prefix(CONTRACTS)?.strip_prefix('/')?.strip_suffix(".yaml")?;
        Some((name.to_owned(), digest(file.text.as_bytes())))
    });
    contracts.collect()
}
