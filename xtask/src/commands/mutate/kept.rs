//! What is kept of mutants: verdicts between runs, and the reasons that people state.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use selene_codegen::yaml;
use serde::{Deserialize, Serialize};

use super::stages::Verdict;

/// The verdicts of earlier runs on the same workspace.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Verdicts {
    /// The digest of the workspace that they are about.
    stands_on: String,
    by_mutant: BTreeMap<String, Verdict>,
    #[serde(skip)]
    path: PathBuf,
}

impl Verdicts {
    /// Reads what was kept; nothing of it counts where the workspace is another one.
    pub(super) fn load(root: &Path, digest: &str, fresh: bool) -> Self {
        let path = root.join("target/mutate/verdicts.json");
        let kept: Option<Self> = fs::read(&path).ok().and_then(|text| serde_json::from_slice(&text).ok());
        match kept.filter(|kept| kept.stands_on == digest && !fresh) {
            Some(kept) => Self { path, ..kept },
            None => Self { stands_on: digest.to_owned(), by_mutant: BTreeMap::new(), path },
        }
    }

    /// The verdict on a mutant.
    pub(super) fn get(&self, id: &str) -> Option<&Verdict> {
        self.by_mutant.get(id)
    }

    /// Keeps a verdict, on the disk too.
    pub(super) fn keep(&mut self, id: String, verdict: Verdict) -> io::Result<()> {
        self.by_mutant.insert(id, verdict);
        fs::write(&self.path, serde_json::to_vec_pretty(self).map_err(io::Error::other)?)
    }
}

/// The file of reasons, below the workspace.
pub(super) const REASONS: &str = "tests/mutants.yaml";

/// Why no test can notice a mutant.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reason {
    /// Its id.
    pub(super) mutant: String,
    /// The reason, for people.
    pub(super) reason: String,
}

/// The stated reasons; none where there is no file.
pub(super) fn reasons(root: &Path) -> Result<Vec<Reason>, String> {
    let text = match fs::read_to_string(root.join(REASONS)) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(format!("`{REASONS}` cannot be read: {}", error.kind())),
    };
    let reasons: Vec<Reason> = yaml::from_str(&text).map_err(|error| format!("`{REASONS}`: {error}"))?;
    match reasons.iter().find(|entry| entry.reason.trim().is_empty()) {
        Some(entry) => Err(format!("`{REASONS}`: `{}` has no reason", entry.mutant)),
        None => Ok(reasons),
    }
}
