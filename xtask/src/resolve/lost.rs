//! Spec files that are there, but could not become a half of the engine that they are named after. What only they could
//! have stated is not reported as missing: the file itself has its finding.

use selene_codegen::contract::SpecKind;
use selene_codegen::naming::module_name;

use crate::parse::document::Document;
use crate::read::SpecFiles;
use crate::source::Sources;

/// In place of a file stem: every engine, because a whole folder cannot be listed.
const EVERY: &str = "*";

/// The halves that are lost.
#[derive(Debug, Default)]
pub struct Lost {
    halves: Vec<(SpecKind, String)>,
    /// Without a single document every engine would be unknown.
    is_all: bool,
}

impl Lost {
    /// Compares the files that are there with the documents that came of them.
    #[must_use]
    pub fn of(files: &SpecFiles, documents: &[Document], sources: &Sources) -> Self {
        let opened = files.ecm.iter().chain(&files.db_wiring).map(|id| sources.get(*id).relative.as_str());
        let there = opened.chain(files.unread.iter().map(String::as_str)).filter_map(named_half);
        let came = |kind: SpecKind, stem: &str| {
            documents.iter().any(|document| {
                let id = document.header.engine_id.as_ref();
                document.kind == Some(kind) && id.is_some_and(|id| module_name(&id.value) == stem)
            })
        };
        let halves = there.filter(|(kind, stem)| !came(*kind, stem)).collect();
        Self { halves, is_all: documents.is_empty() }
    }

    /// Whether a half of this engine may be among what is lost.
    #[must_use]
    pub fn concerns(&self, engine_id: &str) -> bool {
        let module = module_name(engine_id);
        self.is_all || self.halves.iter().any(|(_, stem)| *stem == module || stem == EVERY)
    }

    /// Whether any half of that kind is lost.
    #[must_use]
    pub fn any(&self, kind: SpecKind) -> bool {
        self.halves.iter().any(|(lost, _)| *lost == kind)
    }
}

/// `ecm/PH1_W.md` is named as the ECM half of `ph1_w`.
fn named_half(relative: &str) -> Option<(SpecKind, String)> {
    let (folder, name) = relative.rsplit_once('/')?;
    let kind = [SpecKind::Ecm, SpecKind::DbWiring].into_iter().find(|kind| kind.as_str() == folder)?;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    Some((kind, stem.to_ascii_lowercase()))
}
