//! Phase one: files become texts, and texts become trees. Nothing here knows what a spec means.
//!
//! What lives here: finding and opening files, the Markdown tree ([`markdown`]) and the YAML tree ([`yaml`]), both with
//! exact places, and which characters and numbers a text may hold. What must not: engine names, sections, keys.

pub mod characters;
pub mod files;
pub mod inline;
pub mod markdown;
pub mod number;
pub mod silence;
pub mod yaml;

pub use files::{FoundDocument, SpecFiles, find_documents, read_specs};

use std::path::Path;

use crate::diagnostics::Diagnostics;
use crate::source::{FileId, Sources};
use markdown::Page;
use yaml::Node;

/// The trees of a specs folder.
#[derive(Debug)]
pub struct SpecTrees {
    /// What was found in the folder.
    pub files: SpecFiles,
    /// The ECMs by file name, then the DB wirings by file name.
    pub pages: Vec<Page>,
    /// `lexicon.yaml`; absent where it is missing or no YAML.
    pub lexicon: Option<(FileId, Node)>,
    /// `reason_codes.yaml`; absent where it is missing or no YAML.
    pub reason_codes: Option<(FileId, Node)>,
}

/// Reads a specs folder. What cannot be opened or is no YAML is reported and left out.
pub fn read(specs: &Path, sources: &mut Sources, diagnostics: &mut Diagnostics) -> SpecTrees {
    let files = read_specs(specs, sources, diagnostics);
    let pages = files.ecm.iter().chain(&files.db_wiring).map(|id| markdown::read(*id, sources.get(*id)));
    let pages = pages.collect();
    let mut tree = |id: Option<FileId>| {
        let id = id?;
        Some((id, yaml::read(id, sources.get(id), diagnostics)?))
    };
    let (lexicon, reason_codes) = (tree(files.lexicon), tree(files.reason_codes));
    SpecTrees { files, pages, lexicon, reason_codes }
}
