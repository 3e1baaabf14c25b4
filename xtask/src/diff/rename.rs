//! Renames that the new specs state (`renamed_from`), and that rename nothing.

use selene_codegen::contract::Capability;
use selene_codegen::naming::module_name;

use super::side::Side;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};

/// Reports every statement that names what no capability of the old specs was stored as.
pub fn report_unused(old: &Side, new: &Side, diagnostics: &mut Diagnostics) {
    let before = || old.resolved.contracts.iter().flat_map(|contract| &contract.capabilities);
    for contract in &new.resolved.contracts {
        // What could not be read may hold what was renamed.
        if old.lost.concerns(&contract.engine.id) {
            continue;
        }
        for capability in &contract.capabilities {
            let Some(name) = &capability.stored_name else { continue };
            let is_known = |one: &Capability| one.stored_name() == name;
            if before().any(is_known) {
                continue;
            }
            let file = module_name(&contract.engine.id);
            let path = ["capabilities", &capability.id, "notes", "renamed_from"];
            let provenance = &new.resolved.provenance;
            let Some(span) = provenance.find(&file, &path.map(str::to_owned)) else { continue };
            diagnostics.push(
                Diagnostic::new(
                    codes::UNUSED_RENAME_STATEMENT,
                    format!("`{}` was never `{name}` in the specs that are compared with", capability.id),
                    span,
                    "renames nothing",
                )
                .help(help(name, before().map(|one| one.id.as_str()))),
            );
        }
    }
}

fn help<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> String {
    crate::diagnostics::guess_or(
        name,
        known,
        "take the bullet `renamed_from` away, or name the id that the capability had first",
    )
}
