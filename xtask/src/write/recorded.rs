//! `sources.json`: where every contract item comes from, the digest of every file as it was written, and every reason
//! code that was ever released.
//!
//! The digests tell a file that someone edited from one that is only out of date. The numbers hold whatever becomes of the
//! contracts. The file is committed, but not reviewed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::Rendered;
use super::folder::{self, EntryKind};
use crate::parse::reason_codes::Register;
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
    /// Released reason codes by name, retired ones too. Records of earlier versions hold none.
    #[serde(default)]
    pub released: BTreeMap<String, ReleasedCode>,
}

/// A reason code as it was released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReleasedCode {
    /// The engine that registers it.
    pub engine: String,
    /// Its number.
    pub number: u32,
}

impl Recorded {
    /// What a run records.
    #[must_use]
    pub fn of(files: &[Rendered], provenance: &Provenance, register: &Register, sources: &Sources) -> Self {
        let place = |span| {
            let span: crate::source::Span = span;
            format!("{}:{}", sources.get(span.file).relative, sources.line(span))
        };
        let items = provenance.iter().map(|(file, items)| {
            let items = items.iter().map(|(path, span)| (path.clone(), place(*span))).collect();
            (format!("contracts/{file}.yaml"), items)
        });
        // Engines that are gone keep their codes in the register, so that it always holds all of them.
        let released = register.engines.iter().flat_map(|engine| {
            engine.codes.iter().filter_map(|code| {
                let number = code.number.as_ref()?.value;
                Some((code.name.value.clone(), ReleasedCode { engine: engine.id.value.clone(), number }))
            })
        });
        Self {
            released: released.collect(),
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
        // Maps of strings and numbers always serialize.
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
