//! The texts that are to be written: what differs from the files that are there, and the one way to write them.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::given::Given;
use crate::cli::AdoptPart;
use crate::commands::difference::Difference;
use crate::paths;
use crate::read::Overlay;
use crate::write::prepared;

/// A text that is to be written.
pub struct Draft {
    /// The part of the drafts that it belongs to.
    pub part: AdoptPart,
    place: PathBuf,
    /// The lines that the draft adds.
    pub difference: Difference,
    /// What people are shown of a page that gets a place: where it comes from, and what is added to it.
    pub shown: Option<String>,
    /// Whether it is in its place.
    pub is_written: bool,
}

/// What differs from the files that are there.
pub fn drafts_of(overlay: &Overlay, given: &[Given], specs: &Path) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    for (relative, text) in overlay.iter() {
        let place = specs.join(relative);
        let old = fs::read_to_string(&place).ok();
        // A byte order mark was not read, and stays.
        let mark = old.as_deref().is_some_and(|old| old.starts_with('\u{feff}'));
        let new = if mark { format!("\u{feff}{}", text.text) } else { text.text.clone() };
        let part = match relative {
            "lexicon.yaml" => AdoptPart::Lexicon,
            "reason_codes.yaml" => AdoptPart::Codes,
            _ => AdoptPart::Pair,
        };
        if let Some(difference) = Difference::between(paths::display(&place), old, Some(new)) {
            let page = given.iter().find(|page| page.relative == relative);
            let shown = page.filter(|_| difference.old.is_none()).map(|page| placed(page, &difference));
            drafts.push(Draft { part, place, difference, shown, is_written: false });
        }
    }
    drafts.sort_by_key(|draft| draft.part);
    drafts
}

/// A page with the place that it gets, and what is added to it.
fn placed(page: &Given, difference: &Difference) -> String {
    let new = difference.new.clone();
    let mut shown = format!("new      {}\n    as {}\n", difference.file, page.shown);
    if let Some(added) = Difference::between(String::new(), Some(page.text.clone()), new) {
        added.lines().lines().for_each(|line| shown.extend(["    ", line, "\n"]));
    }
    shown
}

/// Writes drafts. Every text is on the disk, under another name, before the first of them takes its place.
pub fn write(drafts: Vec<&mut Draft>) -> Result<(), String> {
    let problem = |draft: &Draft, error: &io::Error| {
        format!("`{}` cannot be written: {}", draft.difference.file, error.kind())
    };
    let mut ready = Vec::new();
    for draft in drafts {
        let text = draft.difference.new.as_deref().unwrap_or_default();
        let folder = draft.place.parent().unwrap_or(Path::new("."));
        let file = prepared(text, folder).map_err(|error| problem(draft, &error))?;
        ready.push((draft, file));
    }
    for (draft, file) in ready {
        file.persist(&draft.place).map_err(|error| problem(draft, &error.error))?;
        draft.is_written = true;
    }
    Ok(())
}
