//! What PH1.J has to allow in the events of audited reads and guards: the keys that they ask by. Its page is a person's.

use std::collections::BTreeSet;

use selene_codegen::contract::{Capability, Effect};

use super::drafted::Draft;
use super::registration::Registrations;
use super::subject::Subject;
use super::tree::Tree;

/// The capability whose payload keys the events of audited reads may have.
const APPEND: &str = "PH1J_AUDIT_APPEND_COMMIT_ROW";

/// Reports the keys of reads and guards that are not allowed yet.
pub(super) fn draft(
    subject: &Subject<'_>,
    _tree: &Tree,
    _registrations: &mut Registrations<'_>,
    draft: &mut Draft,
) {
    let capabilities = subject.contracts.iter().flat_map(|contract| &contract.capabilities);
    let append = capabilities.filter(|capability| capability.id == APPEND).find_map(|it| it.audit.as_ref());
    let Some(append) = append else { return };
    let is_allowed = |name: &str| {
        let mut keys = append.payload_keys.iter().map(|key| key.trim_end_matches('?'));
        // A secret stands there as its digest.
        keys.any(|key| key == name || key.strip_suffix("_digest") == Some(name))
    };
    let reads = subject.contract.served().filter(|capability| capability.effect != Effect::Write);
    let names = reads.flat_map(Capability::input_fields).map(|field| field.name.as_str());
    // The tenant is a field of the event itself.
    let missing: BTreeSet<&str> = names.filter(|name| *name != "tenant_id" && !is_allowed(name)).collect();
    if !missing.is_empty() {
        let keys: Vec<String> = missing.iter().map(|name| format!("- `{name}?`")).collect();
        draft.to_do.push(format!(
            "add to the payload keys of an audited read or guard in specs/db_wiring/PH1_J.md, then regenerate:\n{}",
            keys.join("\n")
        ));
    }
}
