//! What pages are made from: the specs with their lines, the contracts, the sources, and what tests saw.

use selene_codegen::contract::{Contract, Field};
use selene_codegen::naming::{module_name, pascal};

use crate::coverage::item::Kind;
use crate::coverage::place::{line_at, line_of};
use crate::coverage::proof::Proof;
use crate::coverage::report::{Report, Row};
use crate::coverage::rust::{RustPlace, RustSources};
use crate::pipeline::Run;
use crate::source::Span;

/// Where the specs lie; what was written before is read, too, and says nothing of its own.
const SPECS: &str = "specs/";

/// Everything that is known.
pub struct Known<'a> {
    pub run: &'a Run,
    pub rust: &'a RustSources,
    pub report: &'a Report,
}

impl<'a> Known<'a> {
    pub fn contracts(&self) -> &'a [Contract] {
        &self.run.resolved.contracts
    }

    /// The lines of these places of a contract, each once, in this order.
    pub fn spec_lines(&self, engine: &str, paths: &[&[&str]]) -> Vec<String> {
        let mut lines = Vec::new();
        for path in paths {
            if let Some(line) = line_of(self.run, engine, path).map(|line| line.to_string())
                && !lines.contains(&line)
            {
                lines.push(line);
            }
        }
        lines
    }

    /// Every line of the specs that names a word, in the order of files.
    pub fn lines_that_name(&self, word: &str) -> Vec<String> {
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
        let mut lines = Vec::new();
        for (id, file) in self.run.sources.iter().filter(|(_, file)| file.path.starts_with(SPECS)) {
            for (start, _) in file.text.match_indices(word) {
                let before = file.text[..start].chars().next_back();
                let after = file.text[start + word.len()..].chars().next();
                if before.is_some_and(is_part) || after.is_some_and(is_part) {
                    continue;
                }
                let line = line_at(self.run, Span::new(id, start, start + word.len())).to_string();
                if lines.last() != Some(&line) {
                    lines.push(line);
                }
            }
        }
        lines
    }

    /// The implementations for a capability below a folder of the store.
    pub fn implementations(&self, capability: &str, folder: &str) -> Vec<&'a RustPlace> {
        let places = self.rust.implementations(&pascal(capability)).iter();
        places.filter(|place| place.file.starts_with(folder)).collect()
    }

    /// The rows of the report that are about a thing.
    pub fn rows(&self, kind: Kind, is_about: impl Fn(&Row) -> bool) -> Vec<&'a Row> {
        self.report.rows.iter().filter(|row| row.kind == kind && is_about(row)).collect()
    }

    /// The state of the rows of a kind that are about a thing, and the tests that saw them.
    pub fn tests(&self, kind: Kind, is_about: impl Fn(&Row) -> bool) -> Vec<String> {
        self.rows(kind, is_about).into_iter().flat_map(tests).collect()
    }
}

/// The state of a row, then its tests.
pub fn tests(row: &Row) -> Vec<String> {
    let reason = row.reason.as_ref().map_or(String::new(), |reason| format!(": {reason}"));
    let head = format!("{} {}: {}{reason}", row.kind.as_str(), row.name, row.state.as_str());
    let mut shown: Vec<String> = Vec::new();
    for proof in &row.tests {
        let line = format!("  {}", test(proof));
        if !shown.contains(&line) {
            shown.push(line);
        }
    }
    std::iter::once(head).chain(shown).collect()
}

/// A test with its place and, where it counts no longer, why.
fn test(proof: &Proof) -> String {
    let place = proof.place.as_ref().map_or(String::new(), |place| format!(", {}", at(place)));
    let stale = proof.stale.map_or(String::new(), |why| format!(" ({why})"));
    format!("{} in {}{place}{stale}", proof.function, proof.program)
}

/// `generated/contracts/ph1_w.yaml`
pub fn contract_file(engine: &str) -> String {
    format!("generated/contracts/{}.yaml", module_name(engine))
}

/// `storage/src/rules/ph1_w/enroll.rs:32`
pub fn at(place: &RustPlace) -> String {
    format!("{}:{}", place.file, place.line)
}

/// `pass_target: u8 in 3..=8, else W_ENROLL_INVALID_BOUNDS. Passes that complete the enrollment.`
pub fn field(field: &Field) -> String {
    let range = field.range.as_ref().map_or(String::new(), |(min, max)| format!(" in {min}..={max}"));
    let items = field.max_items.map_or(String::new(), |most| format!(", at most {most} items"));
    let fixed = field.fixed.as_ref().map_or(String::new(), |fixed| format!(", always {fixed}"));
    let classes: Vec<&str> =
        field.classes.iter().map(|class| class.as_str()).chain(field.own_step.as_deref()).collect();
    let classes = if classes.is_empty() { String::new() } else { format!(", {}", classes.join(" or ")) };
    let violation = field.violation.as_ref().map_or(String::new(), |code| format!(", else {code}"));
    format!("{}: {}{range}{items}{fixed}{classes}{violation}. {}", field.name, field.ty, field.doc)
}
