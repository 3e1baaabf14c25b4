//! A released number never changes: the register is compared with the contracts that were written before, and with the
//! record of released codes, which holds them also where a contract is gone.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use selene_codegen::contract::ReasonClass;
use selene_codegen::naming::module_name;

use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::parse::reason_codes::Register;
use crate::source::{FileId, Position, Sources, Span};
use crate::written::{
    Recorded, ReleasedCode, SOURCES_FILE, UnreadableContract, WrittenContract, WrittenContracts,
};

const MENDING: &str = "take the file back from version control if reason codes changed since";

/// A code as it was released.
struct Released {
    engine: String,
    name: String,
    number: u32,
    /// Its class; absent where only the record knows the code.
    class: Option<ReasonClass>,
    /// The place of the code in the contract or the record.
    place: Span,
    /// What to do where the register is right: appended to the help, empty for a contract.
    otherwise: &'static str,
}

/// Compares the register with every contract below `out` that is still as it was written, and with the record. Where no
/// record holds numbers it says of every contract that cannot be read that it cannot be compared.
pub fn check_lock(
    register: &Register,
    out: &Path,
    recorded: &Recorded,
    written: &WrittenContracts,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) {
    let mut released: Vec<Released> = written.engines.iter().flat_map(of_contract).collect();
    if recorded.released().next().is_none() {
        report_unread(register, (out, recorded, written), diagnostics);
    } else {
        add_recorded(&mut released, out, recorded, sources);
    }
    for code in &released {
        compare(code, register, diagnostics);
    }
}

/// Contracts that cannot be read, and those that are gone or changed. Where not even their digests are recorded, every engine
/// is one whose contract may be gone, unless nothing was ever written.
fn report_unread(
    register: &Register,
    (out, recorded, written): (&Path, &Recorded, &WrittenContracts),
    diagnostics: &mut Diagnostics,
) {
    for UnreadableContract { file, error, .. } in &written.unreadable {
        let message = format!("the contract that was written before cannot be read: {error}");
        let at = Span::start_of(*file);
        diagnostics.push(
            Diagnostic::new(codes::UNREADABLE_CONTRACT, message, at, "its numbers are not compared")
                .help(MENDING),
        );
    }
    // Shared types and records hold no numbers.
    let readable = written.engines.iter().map(|written| module_name(&written.contract.engine.id));
    let read: Vec<String> = readable.chain(written.unreadable.iter().map(|file| file.stem.clone())).collect();
    let mut report = |path: &str| {
        let shown = crate::paths::display(&out.join(path));
        let message = format!("`{shown}` is gone or not as it was written, so its numbers are not compared");
        diagnostics.push(
            Diagnostic::outside(codes::UNREADABLE_CONTRACT, message, &shown, Position { line: 1, column: 1 })
                .help(MENDING),
        );
    };
    for path in recorded.changed_contracts(out) {
        report(path);
    }
    let is_fresh = read.is_empty() && !out.join(SOURCES_FILE).exists();
    if recorded.contracts.is_empty() && !is_fresh {
        for engine in &register.engines {
            let stem = module_name(&engine.id.value);
            if !read.contains(&stem) {
                report(&format!("contracts/{stem}.yaml"));
            }
        }
    }
}

fn of_contract(written: &WrittenContract) -> impl Iterator<Item = Released> {
    written.contract.reason_codes.iter().map(|code| Released {
        engine: written.contract.engine.id.clone(),
        name: code.name.clone(),
        number: code.number,
        class: Some(code.class),
        place: written.code_place(&code.name),
        otherwise: "",
    })
}

/// Adds what the record says and no contract has stated already.
fn add_recorded(released: &mut Vec<Released>, out: &Path, recorded: &Recorded, sources: &mut Sources) {
    let path = out.join(SOURCES_FILE);
    let text = fs::read_to_string(&path).unwrap_or_default();
    let file = sources.add(crate::paths::display(&path), SOURCES_FILE, text.as_str());
    let known: BTreeSet<(String, String, u32)> =
        released.iter().map(|code| (code.engine.clone(), code.name.clone(), code.number)).collect();
    for code in recorded.released() {
        let ReleasedCode { engine, name, number } = code;
        if !known.contains(&(engine.to_owned(), name.to_owned(), number)) {
            released.push(Released {
                engine: engine.to_owned(),
                name: name.to_owned(),
                number,
                class: None,
                place: place(file, &text, &format!("\"{name}\": "), name),
                otherwise: "; if the record itself was edited, take it back from version control",
            });
        }
    }
}

/// The name within the line that holds it, or the start of the file.
fn place(file: FileId, text: &str, line: &str, name: &str) -> Span {
    let within = line.find(name).unwrap_or(0);
    text.find(line)
        .map_or(Span::start_of(file), |index| Span::new(file, index + within, index + within + name.len()))
}

fn compare(old: &Released, register: &Register, diagnostics: &mut Diagnostics) {
    let engine = register.engine(&old.engine);
    let Some(new) = engine.and_then(|engine| engine.code(&old.name)) else {
        let at = engine.map_or(Span::start_of(register.file), |engine| engine.id.span);
        let message = format!("the reason code `{}` was released and is gone from the register", old.name);
        diagnostics.push(
            Diagnostic::new(codes::VANISHED_CODE, message, at, "no longer here")
                .and(old.place, "released here")
                .help(format!(
                    "put it back: `{}: {{ number: 0x{:08X}, class: {}, meaning: \"…\", source: \"…\", retired: true }}`{}",
                    old.name,
                    old.number,
                    old.class.map_or("…", ReasonClass::as_str),
                    old.otherwise
                )),
        );
        return;
    };
    if let Some(number) = new.number.as_ref().filter(|number| number.value != old.number) {
        let message = format!("the number of the released reason code `{}` has changed", old.name);
        diagnostics.push(
            Diagnostic::new(codes::CHANGED_NUMBER, message, number.span, "changed here")
                .and(old.place, "released here")
                .help(format!(
                    "put `number: 0x{:08X}` back; a new meaning needs a new code{}",
                    old.number, old.otherwise
                )),
        );
    }
    // Rows of earlier builds were admitted by the class that the code had then.
    if let (Some(old_class), Some(class)) = (old.class, &new.class)
        && class.value != old_class
    {
        let message = format!("the class of the released reason code `{}` has changed", old.name);
        diagnostics.push(
            Diagnostic::new(codes::CHANGED_CLASS, message, class.span, "changed here")
                .and(old.place, "released here")
                .help(format!("put `class: {}` back; another class needs a new code", old_class.as_str())),
        );
    }
}
