//! The files of a specs folder as trees.

use std::path::Path;

use super::files::{SpecFiles, read_specs};
use super::markdown::{self, Page};
use super::overlay::Overlay;
use super::yaml::{self, Node};
use crate::diagnostics::Diagnostics;
use crate::parallel;
use crate::source::{FileId, Sources};

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

/// Reads a specs folder, with the texts that stand in for some of its files. What cannot be opened or is no YAML is reported
/// and left out.
pub fn read(
    specs: &Path,
    overlay: &Overlay,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> SpecTrees {
    let files = read_specs(specs, overlay, sources, diagnostics);
    trees_of(files, sources, diagnostics)
}

/// The trees of files that were opened.
pub(super) fn trees_of(files: SpecFiles, sources: &Sources, diagnostics: &mut Diagnostics) -> SpecTrees {
    let pages: Vec<FileId> = files.ecm.iter().chain(&files.db_wiring).copied().collect();
    let pages = parallel::map(&pages, |id| markdown::read(*id, sources.get(*id)));
    let mut tree = |id: Option<FileId>| {
        let id = id?;
        Some((id, yaml::read(id, sources.get(id), diagnostics)?))
    };
    let (lexicon, reason_codes) = (tree(files.lexicon), tree(files.reason_codes));
    SpecTrees { files, pages, lexicon, reason_codes }
}
