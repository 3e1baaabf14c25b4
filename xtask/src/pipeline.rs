//! The phases in a row: read, parse, resolve, check. Writing is the caller's decision.

use std::path::Path;

use crate::diagnostics::{Diagnostics, codes};
use crate::parse::document::Document;
use crate::parse::lexicon::{self, Lexicon};
use crate::parse::parse_document;
use crate::parse::reason_codes::{self, Register};
use crate::read::{markdown, read_specs, yaml};
use crate::resolve::{Lost, Resolved, resolve};
use crate::source::{FileId, Sources};
use crate::write::{Recorded, Rendered, render};
use crate::{check, parse};

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

/// Runs the phases over a specs folder. `out` is only read: what was written before locks the numbers of reason codes.
#[must_use]
pub fn run(specs: &Path, out: &Path) -> Run {
    let mut run = Run { recorded: Recorded::load(out), ..Run::default() };
    let Run { sources, diagnostics, recorded, .. } = &mut run;
    let files = read_specs(specs, sources, diagnostics);
    let documents: Vec<Document> =
        files.ecm.iter().chain(&files.db_wiring).map(|id| parse_one(*id, sources, diagnostics)).collect();
    let lexicon = files.lexicon.and_then(|id| {
        let tree = yaml::read(id, sources.get(id), diagnostics)?;
        Some(lexicon::read(&tree, diagnostics))
    });
    let register = files.reason_codes.and_then(|id| {
        let tree = yaml::read(id, sources.get(id), diagnostics)?;
        Some(reason_codes::read(id, &tree, diagnostics))
    });
    let lost = Lost::of(&files, &documents, sources);
    check::check_output(out, diagnostics);
    if let (Some(lexicon), Some(id)) = (&lexicon, files.lexicon) {
        check::check_refusals(lexicon, id, diagnostics);
    }
    let mut resolved =
        resolve_readable(&documents, lexicon.as_ref(), register.as_ref(), &lost, sources, diagnostics);
    check::share_dedupe_spaces(&mut resolved.contracts);
    if let Some(lexicon) = &lexicon {
        let contracts = &mut resolved.contracts;
        check::scope_reads(contracts, &documents, lexicon, &lost, &resolved.provenance, diagnostics);
    }
    if let Some(lexicon) = &lexicon {
        check::check_tables(&resolved, lexicon, &lost, diagnostics);
    }
    check::check_references(&resolved, diagnostics);
    check::check_contracts(&resolved.contracts, &documents, &lost, &resolved.provenance, diagnostics);
    check::check_rust_names(&resolved.contracts, &resolved.provenance, diagnostics);
    if let Some(register) = &register {
        check::check_register(register, &resolved.contracts, &lost, diagnostics);
        check::check_lock(register, out, recorded, sources, diagnostics);
    }
    if let Some(lexicon) = &lexicon {
        check::check_stored(&resolved, lexicon, &lost, (out, recorded), sources, diagnostics);
    }
    // Earlier findings would only come back here in other words.
    if !diagnostics.has_errors() {
        check::check_emission(&resolved, diagnostics);
    }
    run.resolved = resolved;
    // A file that is missing or broken is an error, so that nothing is ever written without a register.
    if let Some(register) = register.filter(|_| !run.diagnostics.has_errors()) {
        run.files = render(&run.resolved).unwrap_or_default();
        run.record = Recorded::of(&run.files, &register);
    }
    run
}

/// Resolves with whatever could be read. A lexicon or register that could not has its own finding, and what only it could
/// tell is not reported.
fn resolve_readable(
    documents: &[Document],
    lexicon: Option<&Lexicon>,
    register: Option<&Register>,
    lost: &Lost,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Resolved {
    let nothing = Lexicon::default();
    let mut found = Diagnostics::default();
    let known = lexicon.unwrap_or(&nothing);
    check::check_documents(documents, known, lost, sources, &mut found);
    let resolved = resolve(documents, known, register, lost, &mut found);
    diagnostics
        .absorb(found, |diagnostic| lexicon.is_some() || !codes::OF_UNKNOWN_NAMES.contains(&diagnostic.code));
    resolved
}

/// Reads and parses one document.
pub fn parse_one(id: FileId, sources: &Sources, diagnostics: &mut Diagnostics) -> parse::document::Document {
    let page = markdown::read(id, sources.get(id));
    parse_document(&page, sources, diagnostics)
}
