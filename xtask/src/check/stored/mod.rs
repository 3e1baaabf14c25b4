//! Rows and answers in database files stay as they are when the specs change. The contracts that were written before say
//! their form, and an edit after which they could not be used as before is refused.
//!
//! `capabilities`: names, dedupe spaces and dedupe keys. `answers`: the stored answers of writes. `bounds`: what is stored
//! and no longer admitted. What must not live here: reason codes, which are locked by `check/lock`.

mod answers;
mod before;
mod bounds;
mod capabilities;

use std::path::Path;

use crate::diagnostics::Diagnostics;
use crate::parse::lexicon::Lexicon;
use crate::resolve::{Lost, Resolved};
use crate::source::Sources;
use crate::written::Recorded;
use before::Before;

/// Compares every contract with the one that was written before.
pub fn check_stored(
    resolved: &Resolved,
    lexicon: &Lexicon,
    lost: &Lost,
    (out, recorded): (&Path, &Recorded),
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) {
    let before = Before::read(out, recorded, sources);
    for contract in &resolved.contracts {
        capabilities::report_shared_names(resolved, contract, diagnostics);
    }
    for (old, file, text) in &before.contracts {
        let id = &old.engine.id;
        // An engine that is gone has its own findings; one that could not be read has them too.
        let Some(new) = resolved.contracts.iter().find(|contract| contract.engine.id == *id) else {
            continue;
        };
        if lost.concerns(id) || new.capabilities.is_empty() {
            continue;
        }
        capabilities::check(resolved, (old, new), (*file, text), diagnostics);
        answers::check(resolved, &before.shared, lexicon, (old, new), (*file, text), diagnostics);
    }
    bounds::check(resolved, &before, lexicon, diagnostics);
}
