//! The rounds: the phases run, what they find missing is drafted, and they run again over the drafts, until nothing new is found.

use std::collections::BTreeSet;
use std::path::Path;

use super::given::Given;
use crate::adopt::{NoPlace, Subject, draft};
use crate::diagnostics::{Diagnostics, Place, Severity};
use crate::lint::Rule;
use crate::parse::Parsed;
use crate::pipeline::{Run, run_over};
use crate::read::Overlay;

/// The most rounds. A draft needs what another one names, and no chain of them is as long.
const MOST_ROUNDS: usize = 12;

/// What came of the rounds.
pub struct Drafted {
    /// Every page that was given, and every text that was drafted.
    pub overlay: Overlay,
    /// The last run, over all of them, with the rules that `regenerate` runs.
    pub run: Run,
    /// Whether a file could not be read as it is meant, so that nothing was drafted from it.
    pub is_broken: bool,
}

/// Drafts what the pages need.
///
/// # Errors
/// A YAML file is written in a form that nothing can be added to.
pub fn run(specs: &Path, out: &Path, given: &[Given]) -> Result<Drafted, NoPlace> {
    let mut overlay = Overlay::default();
    for page in given {
        overlay.put(&page.relative, page.shown.clone(), page.text.clone());
    }
    let engines: BTreeSet<String> = given.iter().map(|page| page.engine.clone()).collect();
    let mut rounds = 0;
    loop {
        // Rules across pages ask for nothing that could be drafted.
        let (run, parsed) = run_over(specs, &overlay, out, &|_| false);
        // What was drafted since is no fault of the files.
        let is_broken = rounds == 0 && is_broken(&run.diagnostics, &parsed);
        let subject =
            Subject::new(&parsed, &run.resolved.contracts, &run.sources, &run.diagnostics, &engines);
        let drafts = match subject.filter(|_| !is_broken && rounds < MOST_ROUNDS) {
            Some(subject) => draft(&subject)?,
            None => crate::adopt::Drafts::new(),
        };
        if drafts.is_empty() {
            let is_wanted = |rule: &Rule| rule.code.severity == Severity::Error;
            let (run, _) = run_over(specs, &overlay, out, &is_wanted);
            return Ok(Drafted { overlay, run, is_broken });
        }
        for (relative, text) in drafts {
            overlay.put(&relative, crate::paths::display(&specs.join(&relative)), text);
        }
        rounds += 1;
    }
}

/// Whether a file could not be read, or one of the YAML files says something in a form that nobody reads.
fn is_broken(diagnostics: &Diagnostics, parsed: &Parsed) -> bool {
    let register = parsed.register.as_ref().map(|register| register.file);
    let yaml = [parsed.lexicon_file, register];
    let is_in_yaml = |place: &Place| match place {
        Place::Span(span) => yaml.contains(&Some(span.file)),
        Place::Outside { .. } => false,
    };
    let errors = diagnostics.iter().filter(|one| one.code.severity == Severity::Error);
    parsed.lexicon.is_none()
        || parsed.register.is_none()
        || errors.into_iter().any(|one| {
            let first = one.labels.first().map(|label| &label.place);
            one.code.id < "E0100" || one.code.id < "E0200" && first.is_some_and(is_in_yaml)
        })
}
