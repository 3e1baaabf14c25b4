//! The phases in a row: read, parse, resolve, check. Writing is the caller's decision.

use std::path::Path;

use crate::diagnostics::Diagnostics;
use crate::parse::document::Document;
use crate::parse::{lexicon, parse_document, reason_codes};
use crate::read::{markdown, read_specs, yaml};
use crate::resolve::{Resolved, resolve};
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
    // Without names nothing can be resolved; the missing file has its own diagnostic.
    if let (Some(lexicon), Some(register)) = (lexicon, register) {
        check::check_documents(&documents, &lexicon, sources, diagnostics);
        let mut resolved = resolve(&documents, &lexicon, &register, diagnostics);
        check::share_dedupe_spaces(&mut resolved.contracts);
        check::check_contracts(&resolved.contracts, &resolved.provenance, diagnostics);
        check::check_register(&register, &lexicon, &resolved.contracts, diagnostics);
        check::check_lock(&register, out, recorded, sources, diagnostics);
        // Earlier findings would only come back here in other words.
        if !diagnostics.has_errors() {
            check::check_emission(&resolved, diagnostics);
        }
        run.resolved = resolved;
    }
    if !run.diagnostics.has_errors() {
        run.files = render(&run.resolved).unwrap_or_default();
        run.record = Recorded::of(&run.files, &run.resolved.provenance, &run.sources);
    }
    run
}

/// Reads and parses one document.
pub fn parse_one(id: FileId, sources: &Sources, diagnostics: &mut Diagnostics) -> parse::document::Document {
    let page = markdown::read(id, sources.get(id));
    parse_document(&page, sources, diagnostics)
}
