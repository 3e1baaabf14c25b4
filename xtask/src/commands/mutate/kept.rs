//! What is kept of mutants: verdicts between runs, and the reasons that people state.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use selene_codegen::yaml;
use serde::{Deserialize, Serialize};

use super::stages::{PROMISES, SCHEMA, Verdict};

/// The verdicts of earlier runs.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Verdicts {
    by_mutant: BTreeMap<String, Kept>,
    #[serde(skip)]
    path: PathBuf,
    #[serde(skip)]
    digests: [String; 3],
}

/// A verdict, and the files that it is about.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    stands_on: String,
    #[serde(flatten)]
    verdict: Verdict,
}

impl Verdicts {
    /// Reads what was kept. A verdict counts while the files are the same that it is about: those of the promises, of the tests of the
    /// schema, or of all stages, in this order.
    pub(super) fn load(root: &Path, digests: [String; 3], fresh: bool) -> Self {
        let path = root.join("target/mutate/verdicts.json");
        let kept: Option<Self> = fs::read(&path).ok().and_then(|text| serde_json::from_slice(&text).ok());
        let mut verdicts = Self { path, digests, ..kept.filter(|_| !fresh).unwrap_or_default() };
        let digests = verdicts.digests.clone();
        verdicts.by_mutant.retain(|_, kept| digests.contains(&kept.stands_on));
        verdicts
    }

    /// The verdict on a mutant.
    pub(super) fn get(&self, id: &str) -> Option<&Verdict> {
        self.by_mutant.get(id).map(|kept| &kept.verdict)
    }

    /// Keeps a verdict, on the disk too.
    pub(super) fn keep(&mut self, id: String, verdict: Verdict) -> io::Result<()> {
        let [promises, schema, all] = &self.digests;
        let stands_on = match verdict.stage() {
            Some(stage) if stage == PROMISES.name => promises,
            Some(stage) if stage == SCHEMA.name => schema,
            _ => all,
        };
        let stands_on = stands_on.clone();
        self.by_mutant.insert(id, Kept { stands_on, verdict });
        fs::write(&self.path, serde_json::to_vec_pretty(self).map_err(io::Error::other)?)
    }
}

/// The file of reasons, below the workspace.
pub(super) const REASONS: &str = "tests/mutants.yaml";

/// Why no test can notice a mutant.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reason {
    /// The id of the mutant, as a run prints it.
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
