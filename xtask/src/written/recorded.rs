//! `sources.json`: for every contract the digest as it was written, and the reason codes that were ever released.
//!
//! The digests distinguish a file that someone edited from one that is only out of date. The numbers hold whatever becomes of the
//! contracts. The file is committed, but not reviewed. It holds no places: whoever needs one reads the specs at that moment,
//! so that a prose edit changes nothing here. Each engine has a block of its own, so that branches that touch different
//! engines change no lines next to each other.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use selene_codegen::naming::module_name;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::folder::{self, CONTRACTS, EntryKind};

/// Its path below the output folder.
pub const SOURCES_FILE: &str = "sources.json";

/// What the last run recorded, by the path of a contract below the output folder.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Recorded {
    /// One block per contract, also for engines whose contract is gone and whose codes stay.
    pub contracts: BTreeMap<String, RecordedContract>,
}

/// What is recorded of one contract.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedContract {
    /// `PH1.W`; absent for what all engines share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// SHA-256 of the file as it was written; absent where an engine has codes and no contract.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// Numbers of the released reason codes by name, retired ones too.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub released: BTreeMap<String, u32>,
}

/// The form that builds before this one wrote: only its numbers are still of use.
#[derive(Deserialize)]
struct Former {
    #[serde(rename = "files")]
    _files: BTreeMap<String, String>,
    #[serde(default)]
    released: BTreeMap<String, FormerCode>,
}

#[derive(Deserialize)]
struct FormerCode {
    engine: String,
    number: u32,
}

/// A reason code as it was released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReleasedCode<'a> {
    /// The engine that registers it.
    pub engine: &'a str,
    /// Its name: `W_ENROLL_TIMEOUT`.
    pub name: &'a str,
    /// Its permanent number: the high half is the engine.
    pub number: u32,
}

impl Recorded {
    /// What the last run recorded below `out`; nothing where there is no record, or none that can be read.
    #[must_use]
    pub fn load(out: &Path) -> Self {
        let text = fs::read_to_string(out.join(SOURCES_FILE)).unwrap_or_default();
        if let Ok(former) = serde_json::from_str::<Former>(&text) {
            let mut recorded = Self::default();
            for (name, code) in &former.released {
                recorded.release(&code.engine, name, code.number);
            }
            return recorded;
        }
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// As text; the same record always gives the same bytes.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Maps of strings and numbers always serialize.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// The digest of a contract as it was written.
    #[must_use]
    pub fn digest_of(&self, path: &str) -> Option<&str> {
        self.contracts.get(path)?.sha256.as_deref()
    }

    /// Every released reason code.
    pub fn released(&self) -> impl Iterator<Item = ReleasedCode<'_>> {
        self.contracts.values().filter_map(|block| Some((block.engine.as_deref()?, block))).flat_map(
            |(engine, block)| {
                block.released.iter().map(move |(name, number)| ReleasedCode {
                    engine,
                    name,
                    number: *number,
                })
            },
        )
    }

    /// Contracts that are still as they were written, by name. Where nothing is recorded of one, it counts as such.
    #[must_use]
    pub fn intact_contracts(&self, out: &Path) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for name in contract_names(out) {
            let path = format!("{CONTRACTS}/{name}");
            let Ok(text) = fs::read_to_string(out.join(&path)) else { continue };
            if self.digest_of(&path).is_none_or(|known| known == digest(text.as_bytes())) {
                found.push((name, text));
            }
        }
        found
    }

    /// Contracts that the last run wrote and that are gone or changed since, by path.
    pub fn changed_contracts(&self, out: &Path) -> impl Iterator<Item = &str> {
        let is_as_written =
            |path: &str, known: &str| fs::read(out.join(path)).is_ok_and(|bytes| digest(&bytes) == known);
        let written =
            self.contracts.iter().filter_map(|(path, block)| Some((path.as_str(), block.sha256.as_deref()?)));
        written.filter(move |(path, known)| !is_as_written(path, known)).map(|(path, _)| path)
    }

    /// Notes the digest of a contract, by its path below the output folder.
    pub fn write(&mut self, path: &str, text: &str) {
        self.block(path).sha256 = Some(digest(text.as_bytes()));
    }

    fn block(&mut self, path: &str) -> &mut RecordedContract {
        self.contracts.entry(path.to_owned()).or_default()
    }

    /// Notes a reason code as released.
    pub fn release(&mut self, engine: &str, name: &str, number: u32) {
        let block = self.block(&format!("{CONTRACTS}/{}.yaml", module_name(engine)));
        block.engine = Some(engine.to_owned());
        block.released.insert(name.to_owned(), number);
    }
}

/// Names of the YAML files in `contracts/`, sorted.
fn contract_names(out: &Path) -> impl Iterator<Item = String> {
    let files = folder::entries(out).into_iter().filter(|entry| entry.kind == EntryKind::File);
    files
        .map(|entry| entry.name)
        .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "yaml"))
}

/// SHA-256 in hexadecimal.
#[must_use]
pub fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
