//! What became of each mutant.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::listed::Mutant;
use crate::rewrite::LeftOut;
use crate::trial::Verdict;

#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
#[serde(rename_all = "snake_case")]
enum Outcome {
    Failed,
    TooLong,
    Survived,
    NotReached,
    /// It does not compile, or has no switch.
    LeftOut,
}

/// A line of the report.
#[derive(Serialize, Deserialize)]
struct Entry {
    mutant: String,
    outcome: Outcome,
    /// The tests of which one failed, how many passed, or why it was left out.
    detail: String,
}

/// The report, which grows with each mutant.
pub struct Report<'a> {
    file: File,
    mutants: &'a [Mutant],
    outcomes: BTreeMap<usize, Outcome>,
}

impl<'a> Report<'a> {
    /// Opens a report, and keeps of a former one what was noticed or left out. Gives what was left out.
    ///
    /// # Errors
    /// The file cannot be read or written.
    pub fn open(path: &Path, mutants: &'a [Mutant]) -> Result<(Self, LeftOut), String> {
        let numbers: BTreeMap<&str, usize> =
            mutants.iter().enumerate().map(|(number, mutant)| (mutant.name.as_str(), number)).collect();
        let former = fs::read_to_string(path).unwrap_or_default();
        let mut kept = String::new();
        let mut outcomes = BTreeMap::new();
        let mut left_out = LeftOut::new();
        for line in former.lines() {
            let entry: Entry = serde_json::from_str(line).map_err(|error| error.to_string())?;
            let is_open = matches!(entry.outcome, Outcome::Survived | Outcome::NotReached);
            if let Some(number) = numbers.get(entry.mutant.as_str()).filter(|_| !is_open) {
                if entry.outcome == Outcome::LeftOut {
                    left_out.insert(*number, entry.detail);
                }
                outcomes.insert(*number, entry.outcome);
                kept = kept + line + "\n";
            }
        }
        fs::write(path, kept).map_err(|error| format!("{}: {error}", path.display()))?;
        let file = OpenOptions::new().append(true).open(path);
        let file = file.map_err(|error| format!("{}: {error}", path.display()))?;
        Ok((Self { file, mutants, outcomes }, left_out))
    }

    /// Whether a mutant is to be tried.
    pub fn is_open(&self, number: usize) -> bool {
        !self.outcomes.contains_key(&number)
    }

    /// Notes a mutant that is not in the build.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn leave_out(&mut self, number: usize, reason: &str) -> Result<(), String> {
        if self.outcomes.contains_key(&number) {
            return Ok(());
        }
        self.add(number, Outcome::LeftOut, reason.to_owned())
    }

    /// Notes how a mutant's trial ended.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn note(&mut self, number: usize, verdict: &Verdict) -> Result<(), String> {
        let (outcome, detail) = match verdict {
            Verdict::Failed(tests) => (Outcome::Failed, tests.join(", ")),
            Verdict::TooLong(tests) => (Outcome::TooLong, tests.join(", ")),
            Verdict::Survived { tests } => (Outcome::Survived, format!("{tests} tests passed")),
            Verdict::NotReached => (Outcome::NotReached, String::new()),
        };
        self.add(number, outcome, detail)
    }

    fn add(&mut self, number: usize, outcome: Outcome, detail: String) -> Result<(), String> {
        self.outcomes.insert(number, outcome);
        let entry = Entry { mutant: self.mutants[number].name.clone(), outcome, detail };
        let line = serde_json::to_string(&entry).map_err(|error| error.to_string())?;
        writeln!(self.file, "{line}").map_err(|error| error.to_string())
    }

    /// How many mutants ended in which way, and the names of those that no test noticed.
    pub fn summary(&self) -> String {
        let mut counts: BTreeMap<Outcome, usize> = BTreeMap::new();
        let mut shown = String::new();
        for (number, outcome) in &self.outcomes {
            *counts.entry(*outcome).or_default() += 1;
            if matches!(outcome, Outcome::Survived | Outcome::NotReached) {
                shown = shown + &format!("{outcome:?}: {}\n", self.mutants[*number].name);
            }
        }
        for (outcome, count) in counts {
            shown = shown + &format!("{count} {outcome:?}\n");
        }
        shown
    }
}
