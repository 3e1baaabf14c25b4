//! The reference models: an engine that none answers is named, so that nothing is asked of its tables there.

use super::drafted::Draft;
use super::places::MODEL;
use super::registration::Registrations;
use super::subject::Subject;
use super::tree::Tree;

/// Names the engine, unless a model knows its contract. A model is a second reading of the pages: nothing of it follows from the
/// contract.
pub(super) fn draft(
    subject: &Subject<'_>,
    tree: &Tree,
    registrations: &mut Registrations<'_>,
    _draft: &mut Draft,
) {
    let list = format!("{MODEL}/mod.rs");
    let entry = format!("    {:?},\n", subject.contract.engine.id);
    let is_named = tree.text(&list).is_some_and(|text| text.contains(&entry));
    if !is_named && !tree.says(MODEL, &format!("selene_contracts::{}", subject.module())) {
        registrations.entry(&list, ("pub const WITHOUT_MODEL", "];"), &entry);
    }
}
