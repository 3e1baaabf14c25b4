//! A capability's name is part of the key of every call that was stored: it may change, the stored name may not.

use selene_codegen::contract::{Capability, Contract, Effect};

use super::origins::origin;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, nearest};
use crate::resolve::Resolved;
use crate::source::Span;
use crate::written::WrittenContract;

/// Two capabilities that are stored under one name could not be distinguished.
pub(super) fn report_shared_names(resolved: &Resolved, contract: &Contract, diagnostics: &mut Diagnostics) {
    for (index, capability) in contract.capabilities.iter().enumerate() {
        let same = |other: &&Capability| other.stored_name() == capability.stored_name();
        let (Some(renamed), Some(other)) = (
            &capability.stored_name,
            contract
                .capabilities
                .iter()
                .enumerate()
                .find_map(|(at, other)| (at != index).then_some(other).filter(same)),
        ) else {
            continue;
        };
        let message = format!("`{}` and `{}` are stored under the same name", capability.id, other.id);
        push(resolved, contract, capability, codes::UNUSED_RENAME, message, diagnostics, |diagnostic| {
            diagnostic.help(format!("only one of them was `{renamed}`; take the bullet `renamed_from` away"))
        });
    }
}

/// Holds names, spaces and keys against those of before.
pub(super) fn check(
    resolved: &Resolved,
    (written, new): (&WrittenContract, &Contract),
    diagnostics: &mut Diagnostics,
) {
    let old = &written.contract;
    let stored = |contract: &Contract, name: &str| {
        contract.served().any(|capability| capability.stored_name() == name)
    };
    for capability in old.served().filter(|capability| capability.effect == Effect::Write) {
        let at = written.place(&format!("- id: {}", capability.id));
        let name = capability.stored_name();
        if let Some(other) = new.served().find(|other| other.stored_name() == name) {
            check_key(resolved, new, (capability, other), at, diagnostics);
            continue;
        }
        let added =
            new.served().filter(|other| other.effect == Effect::Write && !stored(old, other.stored_name()));
        let added: Vec<&str> = added.map(|other| other.id.as_str()).collect();
        let meant = nearest(&capability.id, added.iter().copied()).or(added.first().copied());
        let back = "put it back: its calls are stored, and a retry must get its answer";
        let help = meant.map_or_else(
            || back.to_owned(),
            |meant| {
                format!(
                    "if `{meant}` is its new name, add `` - `renamed_from`: `{name}` `` to it; else {back}"
                )
            },
        );
        let message = format!("the capability `{}` has stored calls and is gone", capability.id);
        let span = origin(resolved, new, &["capabilities", meant.unwrap_or_default()]).unwrap_or(at);
        diagnostics.push(
            Diagnostic::new(codes::VANISHED_CAPABILITY, message, span, "not in this engine any more")
                .and(at, "written before")
                .help(help),
        );
    }
    for capability in new.served() {
        if let Some(name) = &capability.stored_name
            && !stored(old, name)
        {
            let message = format!("no capability of {} was ever stored as `{name}`", new.engine.id);
            push(resolved, new, capability, codes::UNUSED_RENAME, message, diagnostics, |diagnostic| {
                diagnostic
                    .help("take the bullet `renamed_from` away, or name the id that the capability had first")
            });
        }
    }
}

fn check_key(
    resolved: &Resolved,
    contract: &Contract,
    (old, new): (&Capability, &Capability),
    at: Span,
    diagnostics: &mut Diagnostics,
) {
    // What had no key was never stored under one.
    let Some(before) = &old.dedupe else { return };
    if new.dedupe.as_ref() == Some(before) {
        return;
    }
    let shown = |keys: &[Vec<String>]| {
        keys.iter().map(|key| format!("({})", key.join(", "))).collect::<Vec<_>>().join(" or ")
    };
    let message = format!("the dedupe key of `{}` is not the one that its calls are stored under", new.id);
    let help = format!(
        "put back the space `{}` and the key `{}`; what is meant to be another call needs a capability of its own",
        before.space,
        shown(&before.keys)
    );
    push(resolved, contract, new, codes::CHANGED_DEDUPE, message, diagnostics, |diagnostic| {
        diagnostic.and(at, "written before").help(help)
    });
}

fn push(
    resolved: &Resolved,
    contract: &Contract,
    capability: &Capability,
    code: &'static crate::diagnostics::Code,
    message: String,
    diagnostics: &mut Diagnostics,
    finish: impl FnOnce(Diagnostic) -> Diagnostic,
) {
    if let Some(span) = origin(resolved, contract, &["capabilities", &capability.id]) {
        diagnostics.push(finish(Diagnostic::new(code, message, span, "this capability")));
    }
}
