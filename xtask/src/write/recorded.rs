//! `sources.json`: where every contract item comes from, and the digest of every file as it was written.
//!
//! The digests tell a file that someone edited from one that is only out of date. The file is committed, but not reviewed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Rendered;
use crate::resolve::Provenance;
use crate::source::Sources;

/// Its path below the output folder.
pub const SOURCES_FILE: &str = "sources.json";

/// What the last run recorded.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// SHA-256 of every generated file, by path below the output folder.
    pub files: BTreeMap<String, String>,
    /// `file:line` below the specs folder of every item, by contract file and path within it.
    pub items: BTreeMap<String, BTreeMap<String, String>>,
}

impl Recorded {
    /// What a run records.
    #[must_use]
    pub fn of(files: &[Rendered], provenance: &Provenance, sources: &Sources) -> Self {
        let place = |span| {
            let span: crate::source::Span = span;
            format!("{}:{}", sources.get(span.file).relative, sources.line(span))
        };
        let items = provenance.iter().map(|(file, items)| {
            let items = items.iter().map(|(path, span)| (path.clone(), place(*span))).collect();
            (format!("contracts/{file}.yaml"), items)
        });
        Self {
            items: items.collect(),
            files: files.iter().map(|file| (file.path.clone(), digest(file.text.as_bytes()))).collect(),
        }
    }

    /// What the last run recorded below `out`; nothing where there is no record, or none that can be read.
    #[must_use]
    pub fn load(out: &Path) -> Self {
        let text = fs::read_to_string(out.join(SOURCES_FILE)).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// As text; the same record always gives the same bytes.
    #[must_use]
    pub fn to_text(&self) -> String {
        // Maps of strings always serialize.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Contracts that are still as they were written, by name. Where nothing is recorded, all count as such.
    #[must_use]
    pub fn intact_contracts(&self, out: &Path) -> Vec<(String, String)> {
        let mut found = Vec::new();
        for name in contract_names(out) {
            let path = format!("contracts/{name}");
            let Ok(text) = fs::read_to_string(out.join(&path)) else { continue };
            let intact = self.files.get(&path).is_none_or(|known| *known == digest(text.as_bytes()));
            if intact {
                found.push((name, text));
            }
        }
        found
    }

    /// Contracts that the last run wrote and that are gone or changed since, by path.
    pub fn changed_contracts(&self, out: &Path) -> impl Iterator<Item = &str> {
        let is_as_written =
            |path: &str, known: &String| fs::read(out.join(path)).is_ok_and(|bytes| digest(&bytes) == *known);
        let contracts = self.files.iter().filter(|(path, _)| path.starts_with("contracts/"));
        contracts.filter(move |(path, known)| !is_as_written(path, known)).map(|(path, _)| path.as_str())
    }
}

/// Names of the YAML files in `contracts/`, sorted.
pub(super) fn contract_names(out: &Path) -> Vec<String> {
    let entries = fs::read_dir(out.join("contracts")).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "yaml"))
        .collect();
    names.sort();
    names
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
