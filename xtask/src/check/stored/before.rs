//! The contracts that were written before, and places in them and in today's specs.

use std::path::Path;

use selene_codegen::contract::{Contract, SharedContract, TypeDef};
use selene_codegen::naming::module_name;
use selene_codegen::yaml;

use crate::resolve::{Resolved, SHARED};
use crate::source::{FileId, Sources, Span};
use crate::written::Recorded;

/// The contracts that were written before, with their texts.
pub(super) struct Before {
    /// Types and records that all engines share.
    pub(super) shared: SharedContract,
    /// Contracts of engines, each with its file and text.
    pub(super) contracts: Vec<(Contract, FileId, String)>,
}

impl Before {
    /// Reads what is still as it was written. What cannot be read has its own finding.
    pub(super) fn read(out: &Path, recorded: &Recorded, sources: &mut Sources) -> Self {
        let mut before = Self { shared: SharedContract::default(), contracts: Vec::new() };
        for (name, text) in recorded.intact_contracts(out) {
            if name.trim_end_matches(".yaml") == SHARED {
                before.shared = yaml::from_str(&text).unwrap_or_default();
            } else if let Ok(contract) = yaml::from_str(&text) {
                let path = crate::paths::display(&out.join("contracts").join(&name));
                let file = sources.add(path, name, text.as_str());
                before.contracts.push((contract, file, text));
            }
        }
        before
    }
}

/// The types of one engine, shared ones included.
pub(super) fn type_of<'a>(
    contract: &'a Contract,
    shared: &'a SharedContract,
    name: &str,
) -> Option<&'a TypeDef> {
    contract.types.iter().chain(&shared.types).find(|ty| ty.name == name)
}

/// The name within the contract that was written before, or the start of that file.
pub(super) fn place(file: FileId, text: &str, name: &str) -> Span {
    text.find(name).map_or(Span::start_of(file), |start| Span::new(file, start, start + name.len()))
}

/// Where an item of today's contract comes from, or the contract's first capability.
pub(super) fn origin(resolved: &Resolved, contract: &Contract, path: &[&str]) -> Option<Span> {
    let file = module_name(&contract.engine.id);
    let parts: Vec<String> = path.iter().map(|part| (*part).to_owned()).collect();
    let first = contract.capabilities.first().map(|capability| ["capabilities", capability.id.as_str()]);
    let provenance = &resolved.provenance;
    let nearest = provenance.find(&file, &parts);
    nearest.or_else(|| provenance.exact(&file, &first?)).or_else(|| provenance.any(&file))
}
