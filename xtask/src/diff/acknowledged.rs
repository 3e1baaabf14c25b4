//! Lines of the new specs that acknowledge a break at the line below them, with a reason:
//! `<!-- breaking: callers because … -->` in a page, `# breaking: C0401 HOME because … ` in the lexicon and the register.
//!
//! A line acknowledges the changes of a class, or of one kind, whose new place is on the next line that says something; with a
//! name behind it only those about it. A line that the old specs have too has done its work: it acknowledges nothing,
//! and need not.

use std::collections::BTreeMap;

use super::change::Change;
use super::kind::{Class, Kind};
use super::kinds;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::read::remark::{ACKNOWLEDGEMENT, Remark, remarks};
use crate::source::{FileId, Sources, Span};

const HELP: &str = "write `breaking: callers because …`: one or more of `callers`, `backends`, `stored_data`, `weaker_proof`, or a kind that `cargo xtask diff --list` prints, and a reason";

/// A line that acknowledges.
#[derive(Debug)]
struct Line<'a> {
    what: Vec<What>,
    /// The name that a change must be about; empty for any.
    name: &'a str,
    reason: &'a str,
    remark: Remark<'a>,
    /// The old specs have it too.
    is_spent: bool,
}

/// What a line acknowledges.
#[derive(Debug, Clone, Copy)]
enum What {
    Class(Class),
    Kind(&'static Kind),
}

impl What {
    fn of(text: &str) -> Option<Self> {
        let lower = text.to_ascii_lowercase().replace('-', "_");
        let class = Class::ALL.into_iter().find(|class| class.as_str() == lower);
        let found =
            class.map(Self::Class).or_else(|| kinds::find(&text.to_ascii_uppercase()).map(Self::Kind))?;
        found.class().can_be_acknowledged().then_some(found)
    }

    const fn class(self) -> Class {
        match self {
            Self::Class(class) => class,
            Self::Kind(kind) => kind.class,
        }
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::Class(class) => class.as_str(),
            Self::Kind(kind) => kind.id,
        }
    }

    fn is_of(self, change: &Change) -> bool {
        match self {
            Self::Class(class) => change.kind.class == class,
            Self::Kind(kind) => change.kind == kind,
        }
    }
}

/// The reason of a change that is acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What the line says behind `because`.
    pub words: String,
    /// The line that acknowledges the change.
    pub place: Span,
}

/// For each change the reason that acknowledges it, if there is one. `old` and `new` are the files of both sides. Lines that
/// are malformed are reported, and those without a use where everything `is_whole`.
pub fn apply(
    changes: &[Change],
    (old, new): (&[FileId], &[FileId]),
    is_whole: bool,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) -> Vec<Option<Reason>> {
    let mut lines = Vec::new();
    let mut spent = spent(old, sources);
    for file in new {
        let source = sources.get(*file);
        for remark in remarks(ACKNOWLEDGEMENT, *file, &source.text) {
            let count = spent.get_mut(&(source.relative.as_str(), remark.words)).filter(|count| **count > 0);
            let is_spent = count.map(|count| *count -= 1).is_some();
            lines.extend(line(remark, is_spent, diagnostics));
        }
    }
    let mut is_used: Vec<Vec<bool>> = lines.iter().map(|line| vec![false; line.what.len()]).collect();
    let mut reasons = Vec::with_capacity(changes.len());
    for change in changes {
        let mut reason = None;
        for (line, is_used) in lines.iter().zip(&mut is_used) {
            if line.is_spent || !line.covers(change) {
                continue;
            }
            for (_, is_used) in line.what.iter().zip(is_used).filter(|(what, _)| what.is_of(change)) {
                *is_used = true;
                reason = reason
                    .or_else(|| Some(Reason { words: line.reason.to_owned(), place: line.remark.span }));
            }
        }
        reasons.push(reason);
    }
    if is_whole {
        for (line, is_used) in lines.iter().zip(&is_used).filter(|(line, _)| !line.is_spent) {
            for (what, _) in line.what.iter().zip(is_used).filter(|(_, is_used)| !**is_used) {
                report_unused(*what, line.remark.span, diagnostics);
            }
        }
    }
    reasons
}

fn report_unused(what: What, span: Span, diagnostics: &mut Diagnostics) {
    let message = format!("nothing at the line below breaks as `{}` says", what.as_str());
    let help = "take it out, or put it right above the line that the change names as the new one";
    diagnostics.push(
        Diagnostic::new(codes::UNUSED_ACKNOWLEDGEMENT, message, span, "acknowledges nothing").help(help),
    );
}

/// How often the old specs have which words, by the path of the file.
fn spent<'a>(files: &[FileId], sources: &'a Sources) -> BTreeMap<(&'a str, &'a str), usize> {
    let mut found = BTreeMap::new();
    for file in files {
        let source = sources.get(*file);
        for remark in remarks(ACKNOWLEDGEMENT, *file, &source.text) {
            *found.entry((source.relative.as_str(), remark.words)).or_default() += 1;
        }
    }
    found
}

impl Line<'_> {
    fn covers(&self, change: &Change) -> bool {
        let speaks_of_it = || {
            let is_item = |item: &String| item == self.name || item.split('.').any(|part| part == self.name);
            change.items.iter().any(is_item) || change.message.contains(&format!("`{}`", self.name))
        };
        change.new.is_some_and(|place| self.remark.covers(place)) && (self.name.is_empty() || speaks_of_it())
    }
}

/// `WHAT, WHAT NAME because REASON`.
fn line<'a>(remark: Remark<'a>, is_spent: bool, diagnostics: &mut Diagnostics) -> Option<Line<'a>> {
    let span = remark.span;
    let mut malformed = |message: String, help: String| {
        diagnostics.push(Diagnostic::new(codes::MALFORMED_ACKNOWLEDGEMENT, message, span, "").help(help));
    };
    let (head, reason) = remark.words.split_once("because").unwrap_or((remark.words, ""));
    let reason = reason.trim();
    if reason.is_empty() {
        malformed("a break is acknowledged without a reason".to_owned(), HELP.to_owned());
        return None;
    }
    let (list, name) = head.trim().rsplit_once(' ').map_or((head.trim(), ""), |(list, last)| {
        // Behind a comma stands one more of the list.
        if list.trim_end().ends_with(',') { (head.trim(), "") } else { (list.trim_end(), last) }
    });
    let mut what = Vec::new();
    for text in list.split(',').map(str::trim) {
        let Some(found) = What::of(text) else {
            let classes =
                Class::ALL.into_iter().filter(|class| class.can_be_acknowledged()).map(Class::as_str);
            let known = classes
                .chain(kinds::ALL.iter().filter(|kind| kind.class.can_be_acknowledged()).map(|kind| kind.id));
            malformed(
                format!("`{text}` is nothing that has to be acknowledged"),
                guess_or(text, known, HELP),
            );
            return None;
        };
        what.push(found);
    }
    Some(Line { what, name: name.trim_matches('`'), reason, remark, is_spent })
}
