//! What must hold across documents, across engines, and against the contracts that were written before.
//!
//! What must not live here: looking names up, changing what was resolved, or writing.

mod contracts;
mod documents;
mod lock;
mod output;
mod reads;
mod reasons;
mod rust_names;
mod stored;
mod tables;

use contracts::check_contracts;
use documents::check_documents;
use lock::check_lock;
use output::check_output;
use reads::check_reads;
use reasons::{check_refusals, check_register};
use rust_names::check_rust_names;
use stored::check_stored;
use tables::{check_references, check_tables};

use std::path::Path;

use crate::diagnostics::Diagnostics;
use crate::parse::Parsed;
use crate::resolve::{Lost, Resolved};
use crate::source::Sources;
use crate::written::{Recorded, WrittenContracts};

/// Runs every check. Those that need the lexicon or the register are left out where it is absent.
///
/// `out` is the output folder, `recorded` what the last run recorded there, and `written` its contracts; all are only read.
pub fn check(
    resolved: &Resolved,
    parsed: &Parsed,
    lost: &Lost,
    (out, recorded, written): (&Path, &Recorded, &WrittenContracts),
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) {
    let Parsed { documents, lexicon, lexicon_file, register } = parsed;
    check_output(out, diagnostics);
    check_documents(documents, lexicon.as_ref(), lost, sources, diagnostics);
    if let (Some(lexicon), Some(file)) = (lexicon, lexicon_file) {
        check_refusals(lexicon, *file, diagnostics);
        // It leaves out findings that an earlier error may have caused, so that it runs after the documents are checked.
        check_reads(&resolved.contracts, documents, lexicon, lost, &resolved.provenance, diagnostics);
    }
    if let Some(lexicon) = lexicon {
        check_tables(resolved, lexicon, lost, diagnostics);
    }
    check_references(resolved, diagnostics);
    check_contracts(&resolved.contracts, documents, lost, &resolved.provenance, diagnostics);
    check_rust_names(&resolved.contracts, &resolved.provenance, diagnostics);
    if let Some(register) = register {
        check_register(register, &resolved.contracts, lost, diagnostics);
        check_lock(register, out, recorded, written, sources, diagnostics);
    }
    if let Some(lexicon) = lexicon {
        check_stored(resolved, lexicon, lost, written, diagnostics);
    }
}
