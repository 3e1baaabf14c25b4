//! The contracts that the last run wrote, read once for every phase that holds the specs against them.

use std::path::Path;

use selene_codegen::contract::{Contract, SharedContract};
use selene_codegen::yaml;

use super::folder::CONTRACTS;
use super::recorded::Recorded;
use crate::paths;
use crate::source::{FileId, Sources, Span};

/// The contracts of the last run that are still as it wrote them. A run of before the first one has none.
#[derive(Debug, Default)]
pub struct WrittenContracts {
    /// Types and records that all engines share; empty where they cannot be read.
    pub shared: SharedContract,
    /// Contracts of engines, in the order of their files.
    pub engines: Vec<WrittenContract>,
    /// Files of engines that are as they were written and cannot be read, as those of an earlier build of this tool.
    pub unreadable: Vec<UnreadableContract>,
}

/// The contract of one engine, with its place.
#[derive(Debug)]
pub struct WrittenContract {
    /// The contract that the file holds.
    pub contract: Contract,
    /// The file that it was read from.
    pub file: FileId,
    /// The text of that file.
    pub text: String,
}

/// A file that is no contract.
#[derive(Debug)]
pub struct UnreadableContract {
    /// Its path below the output folder: `contracts/ph1_w.yaml`.
    pub file: FileId,
    /// Its name without the extension: `ph1_write`.
    pub stem: String,
    /// What the reader says of it.
    pub error: String,
}

impl WrittenContracts {
    /// Reads the contracts below `out` that are as `recorded` says.
    #[must_use]
    pub fn read(out: &Path, recorded: &Recorded, sources: &mut Sources) -> Self {
        let mut written = Self::default();
        for (name, text) in recorded.intact_contracts(out) {
            let stem = name.trim_end_matches(".yaml").to_owned();
            if stem == paths::SHARED {
                written.shared = yaml::from_str(&text).unwrap_or_default();
                continue;
            }
            let path = paths::display(&out.join(CONTRACTS).join(&name));
            let file = sources.add(path, name, text.as_str());
            match yaml::from_str(&text) {
                Ok(contract) => written.engines.push(WrittenContract { contract, file, text }),
                Err(error) => {
                    written.unreadable.push(UnreadableContract { file, stem, error: error.to_string() });
                }
            }
        }
        written
    }
}

impl WrittenContract {
    /// The first place of a name in the file, or the start of the file.
    #[must_use]
    pub fn place(&self, name: &str) -> Span {
        self.place_within(name, name)
    }

    /// The place of a reason code.
    #[must_use]
    pub fn code_place(&self, name: &str) -> Span {
        self.place_within(&format!("- name: {name}\n"), name)
    }

    fn place_within(&self, line: &str, name: &str) -> Span {
        let within = line.find(name).unwrap_or(0);
        self.text.find(line).map_or(Span::start_of(self.file), |start| {
            Span::new(self.file, start + within, start + within + name.len())
        })
    }
}
