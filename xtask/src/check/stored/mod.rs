//! What lies in files outlives an edit of the specs: the contracts that were written before say what that is, and an edit
//! after which it could not be used as before is refused.
//!
//! `capabilities`: names, dedupe spaces and dedupe keys. `answers`: the stored answers of writes. `bounds`: what is stored
//! and no longer admitted. What must not live here: reason codes, which are locked by `check/lock`.

mod answers;
mod bounds;
mod capabilities;

use std::path::Path;

use selene_codegen::contract::{Contract, SharedContract, TypeDef};
use selene_codegen::naming::module_name;
use selene_codegen::yaml;

use crate::diagnostics::Diagnostics;
use crate::parse::lexicon::Lexicon;
use crate::resolve::{Lost, Resolved, SHARED};
use crate::source::{FileId, Sources, Span};
use crate::write::Recorded;

/// The contracts that were written before, with their texts.
struct Before {
    shared: SharedContract,
    contracts: Vec<(Contract, FileId, String)>,
}

impl Before {
    /// Reads what is still as it was written. What cannot be read has its own finding.
    fn read(out: &Path, recorded: &Recorded, sources: &mut Sources) -> Self {
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
fn type_of<'a>(contract: &'a Contract, shared: &'a SharedContract, name: &str) -> Option<&'a TypeDef> {
    contract.types.iter().chain(&shared.types).find(|ty| ty.name == name)
}

/// The name within the contract that was written before, or the start of that file.
fn place(file: FileId, text: &str, name: &str) -> Span {
    text.find(name).map_or(Span::start_of(file), |start| Span::new(file, start, start + name.len()))
}

/// Where an item of today's contract comes from, or the contract's first capability.
fn origin(resolved: &Resolved, contract: &Contract, path: &[&str]) -> Option<Span> {
    let file = module_name(&contract.engine.id);
    let parts: Vec<String> = path.iter().map(|part| (*part).to_owned()).collect();
    let first = contract.capabilities.first().map(|capability| ["capabilities", capability.id.as_str()]);
    let provenance = &resolved.provenance;
    let nearest = provenance.find(&file, &parts);
    nearest.or_else(|| provenance.exact(&file, &first?)).or_else(|| provenance.any(&file))
}

/// Compares every contract with the one that was written before.
pub fn check_stored(
    resolved: &Resolved,
    lexicon: &Lexicon,
    lost: &Lost,
    (out, recorded): (&Path, &Recorded),
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) {
    let before = Before::read(out, recorded, sources);
    for contract in &resolved.contracts {
        capabilities::report_shared_names(resolved, contract, diagnostics);
    }
    for (old, file, text) in &before.contracts {
        let id = &old.engine.id;
        // An engine that is gone has its own findings; one that could not be read has them too.
        let Some(new) = resolved.contracts.iter().find(|contract| contract.engine.id == *id) else {
            continue;
        };
        if lost.concerns(id) || new.capabilities.is_empty() {
            continue;
        }
        capabilities::check(resolved, (old, new), (*file, text), diagnostics);
        answers::check(resolved, &before.shared, lexicon, (old, new), (*file, text), diagnostics);
    }
    bounds::check(resolved, &before, lexicon, diagnostics);
}
