//! What is hand-written for an engine, as a draft: contract in, texts of files out.
//!
//! What lives here: one file per kind of output (`rules`, `rows`, `lists`, `suite`, `model`, `migration`, `answers`, `scenario`, `sentences`,
//! `audited`), what they share of a contract (`subject`, `rust_type`, `statement`, `write_shape`), and where a line of a new file goes into an existing one
//! (`registration`). A draft says what follows from the contract; what a person has to decide is a body with the one mark
//! `skeleton!`. What must not: reading and writing files, which is the command's.

mod answers;
mod audited;
mod drafted;
mod lists;
mod migration;
mod model;
mod places;
mod registration;
mod rows;
mod rules;
mod rust_type;
mod scenario;
mod sentences;
mod subject;
mod suite;
mod tree;
mod write_shape;

use selene_codegen::contract::{Contract, SharedContract};
use selene_codegen::schema::Schema;

pub use drafted::{Draft, NewFile};
pub use registration::Registration;
pub use tree::Tree;

use registration::Registrations;
use subject::Subject;

/// Drafts what an engine lacks. `contract` is one of `contracts`; `tree` has the workspace's files below [`Tree::FOLDERS`].
#[must_use]
pub fn draft(
    contract: &Contract,
    contracts: &[Contract],
    shared: &SharedContract,
    schema: &Schema,
    tree: &Tree,
) -> Draft {
    let subject = Subject { contract, contracts, shared, schema };
    let mut draft = Draft::default();
    let mut registrations = Registrations::new(tree);
    for part in [
        rules::draft,
        rows::draft,
        migration::draft,
        answers::draft,
        suite::draft,
        model::draft,
        scenario::draft,
        sentences::draft,
        audited::draft,
    ] {
        part(&subject, tree, &mut registrations, &mut draft);
    }
    let (made, to_do) = registrations.finish();
    draft.registrations = made;
    draft.to_do.extend(to_do);
    let (there, files): (Vec<_>, Vec<_>) =
        draft.files.into_iter().partition(|file| tree.text(&file.path).is_some());
    draft.files = files;
    draft.to_do.extend(there.into_iter().map(|NewFile { path, text }| {
        format!("{path} is there already, and stays as it is. It lacks:\n{}", text.trim_end())
    }));
    draft
}
