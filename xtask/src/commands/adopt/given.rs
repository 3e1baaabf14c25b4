//! The pages that are named on the command line, and their places in the specs folder.

use std::path::{Path, PathBuf};

use selene_codegen::contract::SpecKind;
use thiserror::Error;

use crate::diagnostics::Diagnostics;
use crate::parse::document::Document;
use crate::parse::page::PageKind;
use crate::pipeline::parse_one;
use crate::read::find_documents;
use crate::resolve::is_engine_id;
use crate::source::Sources;

/// A page that is adopted.
#[derive(Debug)]
pub struct Given {
    /// The id of the engine in its header: `PH1.W`.
    pub engine: String,
    /// Its place below the specs folder: `ecm/PH1_W.md`.
    pub relative: String,
    /// Its path as the command line names it, for messages.
    pub shown: String,
    /// Its text, without a byte order mark.
    pub text: String,
}

/// A page that has no place.
#[derive(Debug, Error)]
pub enum GivenError {
    /// It is an index, deprecated or empty.
    #[error("`{path}` is no spec, but {what}")]
    NoSpec {
        /// The page, as the command line names it: `drafts/PH1_NOTES.md`.
        path: String,
        /// What it is instead: `an index of others`.
        what: &'static str,
    },
    /// Nothing says which half it is.
    #[error("nothing says whether `{path}` is an ECM or a DB wiring")]
    NoKind {
        /// The page, as the command line names it: `drafts/PH1_NOTES.md`.
        path: String,
    },
    /// Its header has no id, or one that no file can be named after.
    #[error("the header of `{path}` names no engine")]
    NoEngine {
        /// The page, as the command line names it: `drafts/PH1_NOTES.md`.
        path: String,
    },
    /// Two pages are the same half of one engine.
    #[error("`{first}` and `{path}` are the same half of `{engine}`")]
    Twice {
        /// The page that comes second, as the command line names it: `drafts/PH1_NOTES.md`.
        path: String,
        /// The page that comes first, in the same form.
        first: String,
        /// The id of the engine in both headers: `PH1.NOTES`.
        engine: String,
    },
    /// Its place is taken.
    #[error("`{place}` stands there already and says something else than `{path}`")]
    Taken {
        /// The page, as the command line names it: `drafts/PH1_NOTES.md`.
        path: String,
        /// The file that stands at its place below the specs folder: `specs/ecm/PH1_NOTES.md`.
        place: String,
    },
}

impl GivenError {
    /// What to do about it.
    pub const fn help(&self) -> &'static str {
        match self {
            Self::NoSpec { .. } => "name pages that hold capabilities, or tables and writes",
            Self::NoKind { .. } => {
                "give it a title such as `# PH1.NOTES ECM Spec` or `# PH1.NOTES DB Wiring Spec`"
            }
            Self::NoEngine { .. } => "write `engine_id` in its header, as `PH1.NOTES`",
            Self::Twice { .. } => "name one page for each half",
            Self::Taken { .. } => "carry the change into the page that is there, and name that one",
        }
    }
}

/// Opens the pages and finds their places. What cannot be opened is a finding.
pub fn open(
    files: &[PathBuf],
    specs: &Path,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Vec<Result<Given, GivenError>> {
    let mut found: Vec<Result<Given, GivenError>> = Vec::new();
    for document in find_documents(files, diagnostics) {
        let Some(file) = document.open(sources, diagnostics) else { continue };
        // Whatever is wrong with the page is found again in its place.
        let page = parse_one(file, sources, &mut Diagnostics::default());
        let source = sources.get(file);
        let shown = source.path.clone();
        let placed = place(&page, &shown).and_then(|(engine, folder)| {
            let relative = format!("{folder}/{}.md", engine.replace('.', "_"));
            let relative = in_specs(document.path(), specs).unwrap_or(relative);
            let given = Given { engine, relative, shown, text: source.text.to_string() };
            let first = found.iter().flatten().find(|first| first.relative == given.relative);
            match first {
                Some(first) => Err(GivenError::Twice {
                    path: given.shown,
                    first: first.shown.clone(),
                    engine: given.engine,
                }),
                None => in_place(given, specs),
            }
        });
        found.push(placed);
    }
    found
}

/// The engine and the folder of a page.
fn place(page: &Document, shown: &str) -> Result<(String, &'static str), GivenError> {
    let path = shown.to_owned();
    let what = match page.page {
        PageKind::Spec => None,
        PageKind::Index => Some("an index of others"),
        PageKind::Deprecated => Some("a page that is no longer valid"),
        PageKind::Empty => Some("an empty page"),
    };
    if let Some(what) = what {
        return Err(GivenError::NoSpec { path, what });
    }
    let id = page.header.engine_id.as_ref().filter(|id| is_engine_id(&id.value));
    match (id, page.kind) {
        (None, _) => Err(GivenError::NoEngine { path }),
        (_, None) => Err(GivenError::NoKind { path }),
        (Some(id), Some(kind)) => Ok((id.value.clone(), folder(kind))),
    }
}

const fn folder(kind: SpecKind) -> &'static str {
    kind.as_str()
}

/// The place of a page that lies in the specs folder already.
fn in_specs(path: &Path, specs: &Path) -> Option<String> {
    let (path, specs) = (path.canonicalize().ok()?, specs.canonicalize().ok()?);
    let relative = crate::paths::slashed(path.strip_prefix(specs).ok()?);
    let in_folder = [SpecKind::Ecm, SpecKind::DbWiring].into_iter().any(|kind| {
        relative
            .strip_prefix(folder(kind))
            .and_then(|rest| rest.strip_prefix('/'))
            .is_some_and(|name| !name.contains('/'))
    });
    in_folder.then_some(relative)
}

/// A page that lies elsewhere may not take the place of another text. Where its place holds all that it says, it was adopted
/// before, and the text in its place counts.
fn in_place(given: Given, specs: &Path) -> Result<Given, GivenError> {
    let place = specs.join(&given.relative);
    let Ok(text) = std::fs::read_to_string(&place) else { return Ok(given) };
    let text = text.trim_start_matches('\u{feff}').to_owned();
    let shown = crate::paths::display(&place);
    if !holds_lines(&text, &given.text) {
        return Err(GivenError::Taken { path: given.shown, place: shown });
    }
    Ok(Given { shown, text, ..given })
}

/// Whether a text holds every line of another one, in its order.
fn holds_lines(text: &str, other: &str) -> bool {
    let mut lines = text.lines();
    other.lines().all(|line| lines.any(|known| known == line))
}
