//! Trying mutants in three steps, from the cheapest to the dearest; what none of them notices is open.
//!
//! 1. **schema**: tests that read contracts while they run, so that nothing is built for a mutant of a table.
//! 2. **promises**: tests of what is written by hand of each capability, type, code and class of refusals. In both steps several mutants
//!    are tried at once, and a failure is put down to one of them by the rule of `rounds`.
//! 3. **groups**: all stages run with some mutants in the contracts. Where all pass, all mutants of the group are open; where one
//!    fails, its halves are tried, down to a single mutant.

use std::collections::BTreeSet;
use std::io;
use std::path::Path;

use super::copy::Copy;
use super::kept::Verdicts;
use super::rounds::{self, Kind};
use super::stages::{self, PROMISES, Ran, SCHEMA, Verdict};
use crate::commands::print_error;
use crate::mutate::{Mutant, mutants, texts};
use crate::pipeline::Run;

/// Tests of the schema that are quick, so they are asked about one mutant at a time.
const QUICK: [&str; 2] =
    ["ddl::the_migrations_make_the_same", "ddl::what_a_row_holds_as_a_list_or_a_document_has_a_longest_text"];

/// Tests of the schema that try rows, and name the place of each difference.
const THOROUGH: [&str; 2] = ["contracts_and_schema_agree", "ddl::what_the_contracts_make_is_what_they_state"];

/// Most mutants that are tried together at first.
const GROUP: usize = 16;

/// Mutants on trial.
pub(super) struct Trial<'a> {
    pub(super) copy: Copy,
    pub(super) verdicts: Verdicts,
    pub(super) run: &'a Run,
    /// How many mutants were asked for, and how many have a verdict.
    pub(super) progress: (usize, usize),
    /// Whether all stages passed without any change.
    pub(super) is_sound: bool,
}

impl Trial<'_> {
    /// Gives every mutant a verdict.
    pub(super) fn try_all(&mut self, wanted: &[Mutant]) -> Result<(), String> {
        let known = wanted.iter().filter(|mutant| self.verdicts.get(&mutant.id()).is_some()).count();
        self.progress = (wanted.len(), known);
        self.schema(wanted)?;
        self.promises(wanted)?;
        self.groups(wanted)
    }

    fn left<'m>(&self, wanted: &'m [Mutant], is_of: impl Fn(&Mutant) -> bool) -> Vec<&'m Mutant> {
        let has_none = |mutant: &&Mutant| self.verdicts.get(&mutant.id()).is_none();
        wanted.iter().filter(has_none).filter(|mutant| is_of(mutant)).collect()
    }

    fn schema(&mut self, wanted: &[Mutant]) -> Result<(), String> {
        let tried = self.left(wanted, rounds::is_of_schema);
        if tried.is_empty() {
            return Ok(());
        }
        let folder = self.copy.folder().to_owned();
        let program = stages::build(&folder, &SCHEMA).map_err(|error| no_copy(&error))?;
        let run = |test: &str| stages::run_built(&folder, &SCHEMA, &program, test);
        for test in QUICK.iter().chain(&THOROUGH) {
            unchanged(run(test).map_err(|error| no_copy(&error))?.verdict)?;
        }
        for (mutant, test) in tried.iter().flat_map(|mutant| QUICK.map(|test| (*mutant, test))) {
            if self.verdicts.get(&mutant.id()).is_some() {
                continue;
            }
            let verdict = self.with(&[mutant], || run(test))?.verdict;
            if verdict != Verdict::Open {
                self.keep(mutant.id(), verdict)?;
            }
        }
        for (kind, test) in rounds::SCHEMA_KINDS.iter().flat_map(|kind| THOROUGH.map(|test| (kind, test))) {
            for round in rounds::of(kind, &self.left(wanted, rounds::is_of_schema), usize::MAX) {
                self.round(kind, &round, &|_| run(test))?;
            }
        }
        Ok(())
    }

    fn promises(&mut self, wanted: &[Mutant]) -> Result<(), String> {
        let run = |folder: &Path| stages::run_one(folder, &PROMISES);
        if !self.left(wanted, |_| true).is_empty() {
            unchanged(run(self.copy.folder()).map_err(|error| no_copy(&error))?.verdict)?;
        }
        for kind in rounds::PROMISE_KINDS {
            for round in rounds::of(&kind, &self.left(wanted, |_| true), usize::MAX) {
                self.round(&kind, &round, &run)?;
            }
        }
        Ok(())
    }

    fn round(
        &mut self,
        kind: &Kind,
        round: &[&Mutant],
        run: &dyn Fn(&Path) -> io::Result<Ran>,
    ) -> Result<(), String> {
        let folder = self.copy.folder().to_owned();
        let ran = self.with(round, || run(&folder))?;
        match ran.verdict {
            Verdict::Open => Ok(()),
            Verdict::Compiler { .. } if round.len() > 1 => {
                let (first, second) = round.split_at(round.len() / 2);
                self.round(kind, first, run)?;
                self.round(kind, second, run)
            }
            verdict @ Verdict::Compiler { .. } => self.keep(round[0].id(), verdict),
            Verdict::Noticed { stage, .. } => {
                for (mutant, test) in rounds::noticed(kind, round, &ran.failed) {
                    self.keep(mutant.id(), Verdict::Noticed { stage: stage.clone(), test })?;
                }
                Ok(())
            }
        }
    }

    fn groups(&mut self, wanted: &[Mutant]) -> Result<(), String> {
        let groups = rounds::of(&rounds::ANY, &self.left(wanted, |_| true), GROUP);
        groups.iter().try_for_each(|group| self.group(group))
    }

    fn group(&mut self, group: &[&Mutant]) -> Result<(), String> {
        let folder = self.copy.folder().to_owned();
        match self.with(group, || stages::run(&folder))? {
            Verdict::Open => group.iter().try_for_each(|mutant| self.keep(mutant.id(), Verdict::Open)),
            verdict if group.len() == 1 => {
                self.stages_pass_unchanged()?;
                self.keep(group[0].id(), verdict)
            }
            _ => {
                self.stages_pass_unchanged()?;
                let (first, second) = group.split_at(group.len() / 2);
                self.group(first)?;
                self.group(second)
            }
        }
    }

    /// A failure says something about mutants only where nothing fails without them; asked once.
    fn stages_pass_unchanged(&mut self) -> Result<(), String> {
        if !self.is_sound {
            print_error("running all stages without any change\n");
            unchanged(stages::run(self.copy.folder()).map_err(|error| no_copy(&error))?)?;
            self.is_sound = true;
        }
        Ok(())
    }

    /// Runs something with mutants in the contracts of the copy.
    fn with<T>(&self, changed: &[&Mutant], run: impl FnOnce() -> io::Result<T>) -> Result<T, String> {
        let ids: BTreeSet<String> = changed.iter().map(|mutant| mutant.id()).collect();
        let again = mutants(&self.run.resolved).into_iter().filter(|mutant| ids.contains(&mutant.id()));
        let texts = texts(again.collect()).map_err(|error| format!("{ids:?} are no contracts: {error}"))?;
        self.copy.with(&texts, run).and_then(|result| result).map_err(|error| no_copy(&error))
    }

    fn keep(&mut self, id: String, verdict: Verdict) -> Result<(), String> {
        self.progress.1 += 1;
        print_error(&format!("{} of {}: {id}: {verdict}\n", self.progress.1, self.progress.0));
        self.verdicts.keep(id, verdict).map_err(|error| no_copy(&error))
    }
}

fn no_copy(error: &io::Error) -> String {
    format!("the copy below target/mutate cannot be used: {error}")
}

fn unchanged(verdict: Verdict) -> Result<(), String> {
    match verdict {
        Verdict::Open => Ok(()),
        verdict => Err(format!("the tests fail without any change: {verdict:?}")),
    }
}
