//! Rows and answers in database files stay as they are when the specs change. The contracts that were written before say
//! their form, and an edit after which they could not be used as before is refused.
//!
//! `capabilities`: names, dedupe spaces and dedupe keys. `answers`: the stored answers of writes. `bounds`: what is stored
//! and no longer admitted. What must not live here: reason codes, which are locked by `check/lock`.

mod answers;
mod bounds;
mod capabilities;
mod origins;

use crate::diagnostics::Diagnostics;
use crate::parse::lexicon::Lexicon;
use crate::resolve::{Lost, Resolved};
use crate::written::WrittenContracts;

/// Compares every contract with the one that was written before.
pub fn check_stored(
    resolved: &Resolved,
    lexicon: &Lexicon,
    lost: &Lost,
    before: &WrittenContracts,
    diagnostics: &mut Diagnostics,
) {
    for contract in &resolved.contracts {
        capabilities::report_shared_names(resolved, contract, diagnostics);
    }
    for written in &before.engines {
        let old = &written.contract;
        let id = &old.engine.id;
        // An engine that is gone has its own findings; one that could not be read has them too.
        let Some(new) = resolved.contracts.iter().find(|contract| contract.engine.id == *id) else {
            continue;
        };
        if lost.concerns(id) || new.capabilities.is_empty() {
            continue;
        }
        capabilities::check(resolved, (written, new), diagnostics);
        answers::check(resolved, &before.shared, lexicon, (written, new), diagnostics);
    }
    bounds::check(resolved, before, lexicon, diagnostics);
}
