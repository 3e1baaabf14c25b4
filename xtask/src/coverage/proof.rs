//! Which tests saw an item at work, from their records. What must not live here: what is written in Rust.

use std::collections::{BTreeMap, BTreeSet};

use selene_codegen::contract::{Capability, Contract, ReasonClass};
use selene_codegen::naming::{module_name, without_schema};
use serde::Serialize;

use super::item::{Item, Subject};
use super::record::{Check, Keeper, Outcome, Record, Seen};
use super::rust::{RustPlace, RustSources};
use crate::paths::SHARED;

/// The tables that every commit writes, whatever the wiring of its capability says.
const OF_EVERY_COMMIT: [&str; 2] = ["audit_events", "idempotency_records"];

/// A test that saw an item at work.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Proof {
    /// Why it counts no longer, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stale: Option<&'static str>,
    /// The function of the test.
    pub function: String,
    /// Where it stands now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<RustPlace>,
    /// The name of the test program: `acceptance`.
    pub program: String,
    /// The test by its path within the program.
    pub test: String,
}

/// The records, and what they are held against.
pub struct Evidence<'a> {
    records: &'a [Record],
    contracts: &'a [Contract],
    /// The digests of the contracts as they are now.
    digests: &'a BTreeMap<String, String>,
    rust: &'a RustSources,
}

impl<'a> Evidence<'a> {
    /// Records to look through.
    #[must_use]
    pub const fn new(
        records: &'a [Record],
        contracts: &'a [Contract],
        digests: &'a BTreeMap<String, String>,
        rust: &'a RustSources,
    ) -> Self {
        Self { records, contracts, digests, rust }
    }

    /// Every test that saw the item at work and passed; those that still count first.
    #[must_use]
    pub fn proofs(&self, item: &Item<'_>) -> Vec<Proof> {
        let records = self.records.iter().filter(|record| record.passed && self.proves(record, item));
        let mut proofs: Vec<Proof> = records.map(|record| self.proof(record, item.contract)).collect();
        // Acceptance tests first: they are what the specs name.
        proofs.sort_by_key(|proof| {
            let is_acceptance = proof.place.as_ref().is_some_and(|place| place.file.contains("/suites/"));
            (proof.stale.is_some(), !is_acceptance, proof.program.clone(), proof.test.clone())
        });
        proofs
    }

    /// Every test that was to prove the item and failed.
    #[must_use]
    pub fn failures(&self, item: &Item<'_>) -> Vec<Proof> {
        let Subject::Test(test) = item.subject else { return Vec::new() };
        let failed = self.records.iter().filter(|record| !record.passed && record.function() == test.test_fn);
        failed.map(|record| self.proof(record, item.contract)).filter(|proof| proof.stale.is_none()).collect()
    }

    /// The capabilities that returned a reason code to a test that passed.
    #[must_use]
    pub fn returned_by(&self, item: &Item<'_>) -> BTreeSet<String> {
        let Subject::Code(code) = item.subject else { return BTreeSet::new() };
        let passed = self.records.iter().filter(|record| record.passed);
        passed.filter_map(|record| record.seen.codes.get(&code.name)).flatten().cloned().collect()
    }

    fn proof(&self, record: &Record, contract: &Contract) -> Proof {
        let place = self.rust.function(record.function()).cloned();
        let is_as_it_was = |file: &str| record.contracts.get(file) == self.digests.get(file);
        let stale = if place.is_none() {
            Some("there is no such test any more")
        } else if is_as_it_was(&module_name(&contract.engine.id)) && is_as_it_was(SHARED) {
            None
        } else {
            Some("it ran against another contract")
        };
        Proof {
            stale,
            function: record.function().to_owned(),
            place,
            program: record.program.clone(),
            test: record.test.clone(),
        }
    }

    fn proves(&self, record: &Record, item: &Item<'_>) -> bool {
        let seen = &record.seen;
        match item.subject {
            Subject::Capability(capability, wanted) => came_of(seen, capability, wanted),
            Subject::Code(code) => seen.codes.contains_key(&code.name),
            // A body that makes no call proves nothing.
            Subject::Test(test) => record.function() == test.test_fn && !seen.calls.is_empty(),
            Subject::Sentence(table, text) => self.keeps(seen, table, text),
            Subject::Refusal(capability, outcome) => came_of(seen, capability, &[outcome]),
            Subject::Condition(capability) => is_refused_by_its_own_code(seen, item.contract, capability),
            Subject::Ledger(table) => seen.locks.contains_key(table),
        }
    }

    /// Whether a test saw what keeps a sentence at work on its table.
    fn keeps(&self, seen: &Seen, table: &str, text: &str) -> bool {
        let keeper = |seen: &Seen| Keeper::from_words(seen.sentences.get(table)?.get(text)?);
        if keeper(seen) == Some(Keeper::Schema) {
            return true;
        }
        // One test states what keeps it, and others see it at work.
        let passed = self.records.iter().filter(|record| record.passed);
        passed.filter_map(|record| keeper(&record.seen)).any(|keeper| {
            let came = |outcome| self.writers(table).any(|writer| came_of(seen, writer, &[outcome]));
            let checked = |check| seen.checks.contains(&check) && came(Outcome::Applied);
            match keeper {
                Keeper::Schema => false,
                Keeper::Folds => checked(Check::Folds),
                Keeper::Rows => checked(Check::Rows),
                Keeper::Chains => checked(Check::Chains),
                Keeper::Rules => checked(Check::Model),
                Keeper::Admission => came(Outcome::ContractViolation),
                Keeper::Dedupe => came(Outcome::Replayed),
            }
        })
    }

    /// The writes that change a table: all of them where every commit does.
    fn writers<'t>(&'t self, table: &'t str) -> impl Iterator<Item = &'t Capability> {
        let is_of_every_commit = OF_EVERY_COMMIT.contains(&table);
        let writes = move |capability: &&Capability| {
            capability.writes.iter().any(|name| without_schema(name) == table)
        };
        let all = self.contracts.iter().flat_map(Contract::served);
        all.filter(move |capability| is_of_every_commit || writes(capability))
    }
}

fn came_of(seen: &Seen, capability: &Capability, wanted: &[Outcome]) -> bool {
    let outcomes = seen.calls.get(&capability.id);
    outcomes.is_some_and(|outcomes| wanted.iter().any(|wanted| outcomes.contains(wanted)))
}

/// Whether a capability was refused with a code that its engine has for this alone: none of those of whole classes of refusals.
fn is_refused_by_its_own_code(seen: &Seen, contract: &Contract, capability: &Capability) -> bool {
    let is_of_class = |name: &str| contract.refusals.values().any(|code| code.name == name);
    let own = contract.reason_codes.iter().filter(|code| code.class == ReasonClass::Refusal);
    own.filter(|code| !is_of_class(&code.name))
        .any(|code| seen.codes.get(&code.name).is_some_and(|by| by.contains(&capability.id)))
}
