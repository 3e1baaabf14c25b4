//! Numbers are for ever: the contracts that were written before lock them.

use std::path::Path;

use selene_codegen::contract::Contract;
use selene_codegen::yaml;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::reason_codes::Register;
use crate::source::{Position, Sources, Span};
use crate::write::Recorded;

/// Compares the register with every contract below `out` that is still as it was written, and says of every other one
/// that it cannot be compared.
pub fn check_lock(
    register: &Register,
    out: &Path,
    recorded: &Recorded,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) {
    for path in recorded.changed_contracts(out) {
        let shown = crate::paths::display(&out.join(path));
        diagnostics.push(
            Diagnostic::outside(
                codes::UNREADABLE_CONTRACT,
                format!("`{shown}` is gone or not as it was written, so its numbers are not compared"),
                &shown,
                Position { line: 1, column: 1 },
            )
            .help("take the file back from version control if reason codes changed since"),
        );
    }
    for (name, text) in recorded.intact_contracts(out) {
        let path = out.join("contracts").join(&name);
        let file = sources.add(crate::paths::display(&path), name, text.as_str());
        // Shared types and records hold no numbers.
        if path.file_stem().is_some_and(|stem| stem == crate::resolve::SHARED) {
            continue;
        }
        match yaml::from_str::<Contract>(&text) {
            Ok(contract) => compare(&contract, register, file, &text, diagnostics),
            Err(error) => diagnostics.push(
                Diagnostic::new(
                    codes::UNREADABLE_CONTRACT,
                    format!("the contract that was written before cannot be read: {error}"),
                    Span::start_of(file),
                    "its numbers are not compared",
                )
                .help("take the file back from version control if reason codes changed since"),
            ),
        }
    }
}

fn compare(
    contract: &Contract,
    register: &Register,
    file: crate::source::FileId,
    text: &str,
    diagnostics: &mut Diagnostics,
) {
    let engine = register.engine(&contract.engine.id);
    for old in &contract.reason_codes {
        let start = text.find(&format!("- name: {}\n", old.name)).map_or(0, |index| index + "- name: ".len());
        let released = Span::new(file, start, if start == 0 { 0 } else { start + old.name.len() });
        let Some(new) = engine.and_then(|engine| engine.code(&old.name)) else {
            let at = engine.map_or(Span::start_of(register.file), |engine| engine.id.span);
            let message =
                format!("the reason code `{}` was released and is gone from the register", old.name);
            diagnostics.push(
                Diagnostic::new(codes::VANISHED_CODE, message, at, "no longer here")
                    .and(released, "released here")
                    .help(format!(
                        "put it back: `{}: {{ number: 0x{:08X}, meaning: \"…\", source: \"…\", retired: true }}`",
                        old.name, old.number
                    )),
            );
            continue;
        };
        if let Some(number) = new.number.as_ref().filter(|number| number.value != old.number) {
            let message = format!("the number of the released reason code `{}` has changed", old.name);
            diagnostics.push(
                Diagnostic::new(codes::CHANGED_NUMBER, message, number.span, "changed here")
                    .and(released, "released here")
                    .help(format!("put `number: 0x{:08X}` back; a new meaning needs a new code", old.number)),
            );
        }
    }
}
