//! The register of reason codes in itself: blocks, numbers, names.

use selene_codegen::contract::{Contract, RefusalClass};
use selene_codegen::naming;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::lexicon::Lexicon;
use crate::parse::reason_codes::{Register, RegisteredCode, RegisteredEngine};
use crate::parse::rust_names;
use crate::resolve::Lost;
use crate::source::{FileId, Span};

/// Checks that blocks, numbers and names are unique.
pub fn check_register(
    register: &Register,
    contracts: &[Contract],
    lost: &Lost,
    diagnostics: &mut Diagnostics,
) {
    let mut codes_so_far: Vec<&RegisteredCode> = Vec::new();
    for (index, engine) in register.engines.iter().enumerate() {
        check_block(engine, &register.engines[..index], diagnostics);
        let known = contracts.iter().map(|contract| contract.engine.id.as_str());
        // The numbers of an engine that is gone stay taken, but nothing may use its codes any more.
        let in_use = engine.codes.iter().any(|code| !code.retired);
        if in_use && !known.clone().any(|id| id == engine.id.value) && !lost.concerns(&engine.id.value) {
            super::documents::unknown_engine(&engine.id.value, engine.id.span, known, diagnostics);
        }
        let names = engine.codes.iter().map(|code| (&code.name, naming::pascal(&code.name.value)));
        rust_names::report_same("reason codes", names, diagnostics);
        for code in &engine.codes {
            check_code(code, engine, &codes_so_far, diagnostics);
            codes_so_far.push(code);
        }
    }
}

/// Checks that every class of refusal has a code.
pub fn check_refusals(lexicon: &Lexicon, file: FileId, diagnostics: &mut Diagnostics) {
    for class in RefusalClass::ALL {
        if !lexicon.shared.refusals.contains_key(&class) {
            let span = lexicon.ambient.first().map_or(Span::start_of(file), |name| name.span);
            diagnostics.push(
                Diagnostic::new(
                    codes::MISSING_REFUSAL,
                    format!("the class of refusal `{}` has no reason code", class.as_str()),
                    span,
                    "in this file",
                )
                .help(format!("add `{}: CODE` to `refusals` in lexicon.yaml", class.as_str())),
            );
        }
    }
}

fn check_block(engine: &RegisteredEngine, before: &[RegisteredEngine], diagnostics: &mut Diagnostics) {
    let Some(block) = &engine.block else { return };
    let other = before.iter().find_map(|other| {
        let known = other.block.as_ref().filter(|known| known.value == block.value)?;
        Some((other, known.span))
    });
    if let Some((other, span)) = other {
        let message = format!("`{}` and `{}` have the same block", other.id.value, engine.id.value);
        diagnostics.push(
            Diagnostic::new(codes::REUSED_BLOCK, message, block.span, "again")
                .and(span, "taken here")
                .help("give the engine a block that no other one has"),
        );
    }
}

fn check_code(
    code: &RegisteredCode,
    engine: &RegisteredEngine,
    before: &[&RegisteredCode],
    diagnostics: &mut Diagnostics,
) {
    let name = &code.name;
    let upper = naming::upper_snake(&name.value);
    if upper != name.value || upper.is_empty() {
        let help = if upper.is_empty() {
            "write words in upper case".to_owned()
        } else {
            format!("write `{upper}`")
        };
        let message = format!("`{}` is not in UPPER_SNAKE", name.value);
        diagnostics.push(Diagnostic::new(codes::MALFORMED_NAME, message, name.span, "").help(help));
    } else {
        rust_names::check(name, &naming::pascal(&name.value), diagnostics);
    }
    if let Some(other) = before.iter().find(|other| other.name.value == name.value) {
        diagnostics.push(
            Diagnostic::new(
                codes::DUPLICATE_CODE,
                format!("the reason code `{}` is registered twice", name.value),
                name.span,
                "again",
            )
            .and(other.name.span, "first here")
            .help("a code belongs to one engine; give this one another name"),
        );
    }
    let Some(number) = &code.number else { return };
    let taken = before.iter().find_map(|other| {
        let known = other.number.as_ref().filter(|known| known.value == number.value)?;
        Some((other, known.span))
    });
    let next =
        engine.next_number().map_or_else(|| "a free number".to_owned(), |next| format!("0x{next:08X}"));
    if let Some((other, span)) = taken {
        let message = format!("`{}` has the number of `{}`", name.value, other.name.value);
        diagnostics.push(
            Diagnostic::new(codes::REUSED_NUMBER, message, number.span, "again")
                .and(span, "taken here")
                .help(format!("numbers are never reused; the next one of this block is {next}")),
        );
    }
    if let Some(block) = &engine.block
        && number.value >> 16 != u32::from(block.value)
    {
        let message = format!("the number of `{}` is not in the block of `{}`", name.value, engine.id.value);
        diagnostics.push(
            Diagnostic::new(codes::WRONG_BLOCK, message, number.span, "high half differs")
                .and(block.span, "the block")
                .help(format!("the next number of this block is {next}")),
        );
    }
}
