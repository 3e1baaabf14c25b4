//! Types of a contract with those that all engines share, and places in today's specs.

use selene_codegen::contract::{Contract, SharedContract, TypeDef};
use selene_codegen::naming::module_name;

use crate::resolve::Resolved;
use crate::source::Span;

/// The types of one engine, shared ones included.
pub(super) fn type_of<'a>(
    contract: &'a Contract,
    shared: &'a SharedContract,
    name: &str,
) -> Option<&'a TypeDef> {
    contract.types.iter().chain(&shared.types).find(|ty| ty.name == name)
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
