//! Two revisions of the specs, read and resolved as far as they can be.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostics::{Diagnostics, Place, Severity, codes, primary_position};
use crate::diff::{Line, Side, guessed, stated};
use crate::parse::lexicon::{self, Lexicon};
use crate::parse::{Parsed, parse};
use crate::read::yaml::Node;
use crate::read::{SpecTrees, Tree};
use crate::resolve::{Lost, resolve};
use crate::source::{FileId, Sources};

/// Both sides, with everything that is needed to report about them.
pub struct Loaded {
    /// What is compared with.
    pub old: Side,
    /// What it has become.
    pub new: Side,
    /// The files of both sides that people edit.
    pub files: (Vec<FileId>, Vec<FileId>),
    /// The texts of both sides.
    pub sources: Sources,
    /// What people have to know of how far the sides could be read.
    pub notes: Vec<String>,
    /// Whether both sides were read wholly, so that what is not found is not there.
    pub is_whole: bool,
}

/// A side that is read and not resolved yet.
struct Pages {
    label: String,
    trees: SpecTrees,
    parsed: Parsed,
    found: Diagnostics,
}

/// Reads and resolves both sides. One without a lexicon is read by that of the other.
pub fn load(old: Tree, new: Tree) -> Loaded {
    let mut sources = Sources::default();
    let [mut old, mut new] = [old, new].map(|tree| pages(tree, &mut sources));
    let lexicons = [lexicon_of(&old), lexicon_of(&new)];
    let [own, other] = &lexicons;
    let mut notes = Vec::new();
    let mut is_whole = true;
    let mut side = |pages: &mut Pages, own: Option<&Node>, other: Option<&Node>| {
        let mut problems = Vec::new();
        match (own, other) {
            (Some(_), _) => {}
            (None, Some(_)) => problems
                .push("has no lexicon.yaml: its names are read by the lexicon of the other side".to_owned()),
            (None, None) => {
                problems.push("has no lexicon.yaml: names are compared as they are written".to_owned());
            }
        }
        if pages.parsed.register.is_none() {
            problems.push("has no reason_codes.yaml: reason codes are compared by their names".to_owned());
        }
        let side = resolved(pages, own.or(other), &sources);
        problems.extend(errors(&pages.found, &sources));
        is_whole &= problems.is_empty();
        notes.extend(problems.into_iter().map(|words| format!("`{}` {words}", pages.label)));
        side
    };
    let old_side = side(&mut old, own.as_ref(), other.as_ref());
    let new_side = side(&mut new, other.as_ref(), own.as_ref());
    let files = (edited(&old.trees), edited(&new.trees));
    Loaded { old: old_side, new: new_side, files, sources, notes, is_whole }
}

fn pages(tree: Tree, sources: &mut Sources) -> Pages {
    let label = tree.label.trim_end_matches('/').to_owned();
    let mut found = Diagnostics::default();
    let trees = tree.read(sources, &mut found);
    let parsed = parse(&trees, sources, &mut found);
    Pages { label, trees, parsed, found }
}

fn lexicon_of(pages: &Pages) -> Option<Node> {
    pages.trees.lexicon.as_ref().map(|(_, node)| node.clone())
}

/// The files that may acknowledge a break.
fn edited(trees: &SpecTrees) -> Vec<FileId> {
    let files = &trees.files;
    let pages = files.ecm.iter().chain(&files.db_wiring);
    pages.copied().chain(files.lexicon).chain(files.reason_codes).collect()
}

fn resolved(pages: &mut Pages, node: Option<&Node>, sources: &Sources) -> Side {
    let lost = Lost::of(&pages.trees.files, &pages.parsed.documents, sources);
    // Faults of the lexicon of the other side are reported there.
    let read = |node| lexicon::read(node, &mut Diagnostics::default());
    let mut lexicon = node.map_or_else(Lexicon::default, read);
    let documents = std::mem::take(&mut pages.parsed.documents);
    let errors = pages.found.iter().filter(|one| one.code.severity == Severity::Error);
    let unread = errors.flat_map(|one| &one.labels).filter_map(|label| match label.place {
        Place::Span(span) => Some(span),
        Place::Outside { .. } => None,
    });
    let unread = unread.collect();
    let register = pages.parsed.register.as_ref();
    let mut found = Diagnostics::default();
    let is_own = pages.parsed.lexicon.is_some();
    let renames = stated::stated(Some(&lexicon).filter(|_| is_own), &documents);
    let guessed: BTreeSet<String> = guessed::declare(&mut lexicon, &documents);
    let resolved = resolve(&documents, &lexicon, register, &lost, &mut found);
    // Without its own lexicon, what a page says may not fit the one of the other side.
    pages.found.absorb(found, |one| is_own && !codes::OF_UNKNOWN_NAMES.contains(&one.code));
    let callers = lexicon.callers.iter().map(|(name, _)| (name.value.clone(), name.span)).collect();
    let pages = documents.iter().map(|page| page.file);
    let lines = pages.map(|file| (file, Line::all(file, &sources.get(file).text))).collect();
    Side {
        lines,
        resolved,
        documents,
        lost,
        has_register: register.is_some(),
        guessed,
        callers,
        unread,
        renames,
        former_names: BTreeMap::new(),
        renamed: Vec::new(),
    }
}

/// How many errors there are, with the first of them.
fn errors(found: &Diagnostics, sources: &Sources) -> Option<String> {
    let first = found.sorted(sources).into_iter().find(|one| one.code.severity == Severity::Error)?;
    let (path, position) = primary_position(first, sources);
    let count = match found.count(Severity::Error) {
        1 => "1 error".to_owned(),
        count => format!("{count} errors"),
    };
    Some(format!(
        "has {count}, and is compared as far as it was read; {path}:{}:{}: {}",
        position.line, position.column, first.message
    ))
}
