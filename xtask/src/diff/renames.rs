//! Fields, types, records, tables and columns with another name, as the new specs state it. The old side is read under the new
//! names, so that what was renamed is held against its former self; that it was renamed is a change of its own.

use selene_codegen::contract::Contract;

use super::change::Changes;
use super::renamed::found;
use super::rewrite::renamed;
use super::side::Side;
use super::stated::Rename;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};

impl Side {
    /// Reads this side under the names that the newer one states. A statement that the old specs have too has done its work; one
    /// that renames nothing is an error.
    pub fn take_names_of(&mut self, new: &Self, diagnostics: &mut Diagnostics) {
        let before = self.renames.clone();
        for rename in new.renames.iter().filter(|one| !before.iter().any(|known| known.is_same(one))) {
            let found = found(self, new, rename);
            if found.is_empty() {
                report(self, new, rename, diagnostics);
                continue;
            }
            for contract in self.resolved.contracts.iter_mut().filter(|one| rename.concerns(one)) {
                renamed(contract, rename);
            }
            if rename.engine.is_none() {
                renamed(&mut self.resolved.shared, rename);
            }
            self.former_names.insert(rename.to.clone(), rename.from.clone());
            self.renamed.extend(found);
        }
    }
}

/// The changes that the statements make.
pub(super) fn note(old: &Side, changes: &mut Changes) {
    old.renamed.iter().cloned().for_each(|change| changes.push(change));
}

fn report(old: &Side, new: &Side, rename: &Rename, diagnostics: &mut Diagnostics) {
    let Rename { from, to, engine, .. } = rename;
    // What could not be read may hold what was renamed.
    let is_lost = |one: &Contract| rename.concerns(one) && old.lost.concerns(&one.engine.id);
    if new.resolved.contracts.iter().any(is_lost) {
        return;
    }
    let whose = engine.as_ref().map_or_else(|| "any engine".to_owned(), |engine| format!("`{engine}`"));
    diagnostics.push(
        Diagnostic::new(
            codes::UNUSED_RENAME_STATEMENT,
            format!("nothing of {whose} was `{from}` in the specs that are compared with, and is `{to}` now"),
            rename.place,
            "renames nothing",
        )
        .help(format!(
            "take `renamed_from` away, or name what `{to}` was called; `{from}` may not be there any more"
        )),
    );
}
