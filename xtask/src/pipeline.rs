//! The order of the phases. Each takes what the ones before it gave and changes none of it. What the last run
//! left in the output folder is read by all of them through [`written`](crate::written):
//!
//! 1. [`read`](mod@crate::read): files become trees.
//! 2. [`parse`](mod@crate::parse): trees become documents, a lexicon and a register.
//! 3. [`resolve`](mod@crate::resolve): documents become contracts.
//! 4. [`check`](mod@crate::check): contracts are held against each other, and against those that were written before.
//! 5. [`lint`](mod@crate::lint): pages, lexicon and register are held against each other, by a list of rules.
//! 6. [`emission`](crate::emission): contracts are emitted as Rust once, unless an earlier phase found an error.
//! 7. [`write`](mod@crate::write): contracts become the texts of files, unless an earlier phase found an error. Whether they are
//!    written to the disk is the caller's decision.

use std::path::Path;

use crate::check::check;
use crate::diagnostics::{Diagnostics, Severity, codes};
use crate::emission::try_emission;
use crate::lint::{Rule, Subject, lint};
use crate::parse::document::Document;
use crate::parse::lexicon::Lexicon;
use crate::parse::{Parsed, parse, parse_document};
use crate::read::{Overlay, markdown, read};
use crate::resolve::{Lost, Resolved, resolve};
use crate::source::{FileId, Sources};
use crate::write::{Rendered, record, render};
use crate::written::{Recorded, WrittenContracts};

/// What a run found and built.
#[derive(Debug, Default)]
pub struct Run {
    /// Every text that was read.
    pub sources: Sources,
    /// Everything that was found.
    pub diagnostics: Diagnostics,
    /// What could be built.
    pub resolved: Resolved,
    /// The files to be; empty if anything forbids to write.
    pub files: Vec<Rendered>,
    /// What the last run recorded.
    pub recorded: Recorded,
    /// What this run would record.
    pub record: Recorded,
}

/// Runs the phases over a specs folder, with the rules whose findings are errors. `out` is only read: what was written before
/// locks the numbers of reason codes and whatever lies in stored rows.
#[must_use]
pub fn run(specs: &Path, out: &Path) -> Run {
    run_with_rules(specs, out, &|rule| rule.code.severity == Severity::Error)
}

/// The same with the rules that are wanted.
#[must_use]
pub fn run_with_rules(specs: &Path, out: &Path, is_wanted: &dyn Fn(&Rule) -> bool) -> Run {
    run_over(specs, &Overlay::default(), out, is_wanted).0
}

/// The same over texts that stand in for some of the files, together with what the specs say before any name is looked up.
#[must_use]
pub fn run_over(
    specs: &Path,
    overlay: &Overlay,
    out: &Path,
    is_wanted: &dyn Fn(&Rule) -> bool,
) -> (Run, Parsed) {
    let (mut run, parsed) = checked(specs, overlay, out, is_wanted);
    let Run { diagnostics, resolved, files, record: to_record, .. } = &mut run;
    // Earlier findings would only come back here in other words.
    if !diagnostics.has_errors() {
        try_emission(resolved, diagnostics);
    }
    // A file that is missing or broken is an error, so that nothing is ever written without a register.
    if let Some(register) = parsed.register.as_ref().filter(|_| !diagnostics.has_errors()) {
        *files = render(resolved).unwrap_or_default();
        *to_record = record(files, register);
    }
    (run, parsed)
}

/// Runs the phases up to the rules that are wanted. Nothing is to be written then.
#[must_use]
pub fn run_rules(specs: &Path, out: &Path, is_wanted: &dyn Fn(&Rule) -> bool) -> Run {
    checked(specs, &Overlay::default(), out, is_wanted).0
}

fn checked(specs: &Path, overlay: &Overlay, out: &Path, is_wanted: &dyn Fn(&Rule) -> bool) -> (Run, Parsed) {
    let mut run = Run { recorded: Recorded::load(out), ..Run::default() };
    let Run { sources, diagnostics, resolved, recorded, .. } = &mut run;
    let trees = read(specs, overlay, sources, diagnostics);
    let parsed = parse(&trees, sources, diagnostics);
    let lost = Lost::of(&trees.files, &parsed.documents, sources);
    *resolved = resolve_readable(&parsed, &lost, diagnostics);
    let written = WrittenContracts::read(out, recorded, sources);
    check(resolved, &parsed, &lost, (out, recorded, &written), sources, diagnostics);
    // What pages say against a file that cannot be read follows from the one line that breaks it.
    let is_unread = parsed.lexicon.is_none() || parsed.register.is_none();
    if is_unread && diagnostics.iter().any(|one| one.code == codes::BROKEN_YAML) {
        return (run, parsed);
    }
    let subject = Subject::new(&parsed, resolved, &lost, &written, sources, diagnostics);
    lint(&subject, is_wanted, diagnostics);
    (run, parsed)
}

/// Resolves with whatever could be read. A lexicon that could not has its own finding, and what only it could show is not
/// reported.
fn resolve_readable(parsed: &Parsed, lost: &Lost, diagnostics: &mut Diagnostics) -> Resolved {
    let Parsed { documents, lexicon, register, .. } = parsed;
    let nothing = Lexicon::default();
    let known = lexicon.as_ref().unwrap_or(&nothing);
    let mut found = Diagnostics::default();
    let resolved = resolve(documents, known, register.as_ref(), lost, &mut found);
    diagnostics
        .absorb(found, |diagnostic| lexicon.is_some() || !codes::OF_UNKNOWN_NAMES.contains(&diagnostic.code));
    resolved
}

/// Reads and parses one document.
pub fn parse_one(id: FileId, sources: &Sources, diagnostics: &mut Diagnostics) -> Document {
    let page = markdown::read(id, sources.get(id));
    parse_document(&page, sources, diagnostics)
}
