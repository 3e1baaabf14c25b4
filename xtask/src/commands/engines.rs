//! Engines by the names that people type.

use selene_codegen::contract::Contract;
use selene_codegen::naming::module_name;

use crate::diagnostics::guess_or;

/// The ids of the named engines; all of them where none is named. `ph1_w` names PH1.W too.
pub(super) fn chosen<'c>(contracts: &'c [Contract], names: &[String]) -> Result<Vec<&'c str>, String> {
    let ids: Vec<&str> = contracts.iter().map(|contract| contract.engine.id.as_str()).collect();
    if names.is_empty() {
        return Ok(ids);
    }
    names
        .iter()
        .map(|name| {
            let is_named = |id: &&&str| id.eq_ignore_ascii_case(name) || module_name(id) == *name;
            ids.iter().find(is_named).copied().ok_or_else(|| {
                let known = format!("the engines are {}", ids.join(", "));
                format!("there is no engine `{name}`\nhelp: {}", guess_or(name, ids.iter().copied(), &known))
            })
        })
        .collect()
}
