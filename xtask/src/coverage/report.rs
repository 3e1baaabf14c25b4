//! The state of everything that the specs state.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use selene_codegen::contract::{Contract, Field};
use selene_codegen::naming::pascal;
use selene_codegen::yaml;
use serde::Serialize;

use super::item::{Item, Kind, Subject, items};
use super::place::{Line, line_of};
use super::proof::{Evidence, Proof};
use super::record::{self, Record, RecordError};
use super::rust::{RustPlace, RustSources};
use crate::pipeline::Run;

/// What no test can see, with reasons, below the workspace.
pub const UNPROVEN: &str = "tests/unproven.yaml";

/// How far something has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// A test saw it at work.
    Tested,
    /// It is written, and no test saw it at work.
    Implemented,
    /// Its body only says that nobody has written it.
    Skeleton,
    /// Nothing is written.
    Missing,
    /// A test saw it at work under another contract, or is no more.
    Stale,
    /// The test that is to prove it fails.
    Failed,
    /// It is written, and no test can see it at work, for a stated reason.
    Excused,
    /// The specs announce it, and nobody has to serve it yet.
    Planned,
    /// Its number stays taken, and nothing returns it.
    Retired,
}

impl State {
    /// Every state, in the order of reports.
    pub const ALL: [Self; 9] = [
        Self::Tested,
        Self::Implemented,
        Self::Skeleton,
        Self::Missing,
        Self::Stale,
        Self::Failed,
        Self::Excused,
        Self::Planned,
        Self::Retired,
    ];

    /// The name of the verdict in a report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tested => "tested",
            Self::Implemented => "implemented",
            Self::Skeleton => "skeleton",
            Self::Missing => "missing",
            Self::Stale => "stale",
            Self::Failed => "failed",
            Self::Excused => "excused",
            Self::Planned => "planned",
            Self::Retired => "retired",
        }
    }
}

/// Something that the specs state, with its state.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// The engine that states it.
    pub engine: String,
    /// What kind of thing it is.
    pub kind: Kind,
    /// What it is called.
    pub name: String,
    /// How far it has come.
    pub state: State,
    /// The line that states it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spec: Option<Line>,
    /// Where it is written.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub written: Vec<RustPlace>,
    /// The tests that saw it at work; of one that fails, the tests that failed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<Proof>,
    /// The capabilities that returned it, of a reason code that tests saw.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub returned_by: BTreeSet<String>,
    /// Why no test can see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Row {
    /// What it is, what it is called and how far it has come: ``capability `PH1W_…` is missing``.
    #[must_use]
    pub fn sentence(&self) -> String {
        let come = if self.state == State::Failed {
            "fails".to_owned()
        } else {
            format!("is {}", self.state.as_str())
        };
        format!("{} `{}` {come}", self.kind.as_str(), self.name)
    }
}

/// The state of everything.
#[derive(Debug, Default)]
pub struct Report {
    /// Engine by engine, kind by kind.
    pub rows: Vec<Row>,
    /// What is wrong with the list of what no test can see.
    pub problems: Vec<String>,
    /// How many tests left a record.
    pub records: usize,
}

impl Report {
    /// Holds the specs of a run against the sources and records of a workspace.
    ///
    /// # Errors
    /// A file of the records, or the list of what no test can see, cannot be read.
    pub fn of(run: &Run, workspace: &Path) -> Result<Self, RecordError> {
        let contracts = &run.resolved.contracts;
        let rust = RustSources::read(workspace);
        let records = Record::read_all(&workspace.join(record::FOLDER))?;
        let digests = record::rendered_contracts(&run.files);
        let mut unproven = unproven(&workspace.join(UNPROVEN))?;
        let evidence = Evidence::new(&records, contracts, &digests, &rust);
        let mut report = Self { records: records.len(), ..Self::default() };
        for contract in contracts {
            let mut rows: Vec<Row> = items(contract)
                .iter()
                .map(|item| row(item, &evidence, &rust, run, unproven.remove(&item.name)))
                .collect();
            rows.sort_by_key(|row| row.kind);
            report.rows.extend(rows);
        }
        let proven = report.rows.iter().filter(|row| row.reason.is_some() && row.state == State::Tested);
        report.problems.extend(
            proven.map(|row| format!("{UNPROVEN}: `{}` is proven after all; take its entry away", row.name)),
        );
        let unknown = unproven.keys().map(|name| format!("{UNPROVEN}: nothing is called `{name}`"));
        report.problems.extend(unknown);
        Ok(report)
    }

    /// How many rows of an engine and a kind are in a state.
    #[must_use]
    pub fn count(&self, engine: &str, kind: Kind, state: State) -> usize {
        let rows = self.rows.iter().filter(|row| row.engine == engine && row.kind == kind);
        rows.filter(|row| row.state == state).count()
    }
}

/// The list of what no test can see: names with reasons.
fn unproven(path: &Path) -> Result<BTreeMap<String, String>, RecordError> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
        Err(error) => return Err(RecordError::new(path, &error)),
    };
    yaml::from_str(&text).map_err(|error| RecordError::new(path, &error))
}

fn row(
    item: &Item<'_>,
    evidence: &Evidence<'_>,
    rust: &RustSources,
    run: &Run,
    reason: Option<String>,
) -> Row {
    let (mut tests, failures) = (evidence.proofs(item), evidence.failures(item));
    let written = written(item, rust);
    let engine = item.contract.engine.id.clone();
    let path: Vec<&str> = item.path.iter().map(String::as_str).collect();
    let spec = (1..=path.len()).rev().find_map(|length| line_of(run, &engine, &path[..length]));
    let state = if is_planned(item.subject) {
        State::Planned
    } else if is_retired(item.subject) {
        State::Retired
    } else if !failures.is_empty() {
        tests = failures;
        State::Failed
    } else if is_skeleton(item.subject, rust) {
        State::Skeleton
    } else if tests.first().is_some_and(|proof| proof.stale.is_none()) {
        State::Tested
    } else if !tests.is_empty() {
        State::Stale
    } else if reason.is_some() {
        State::Excused
    } else if written.is_empty() {
        State::Missing
    } else {
        State::Implemented
    };
    let returned_by = evidence.returned_by(item);
    let (kind, name) = (item.subject.kind(), item.name.clone());
    Row { engine, kind, name, state, spec, written, tests, returned_by, reason }
}

/// Whether a body of it says that nobody has written it.
fn is_skeleton(subject: Subject<'_>, rust: &RustSources) -> bool {
    let name = match subject {
        Subject::Capability(capability, _) | Subject::Condition(capability) => &capability.id,
        Subject::Test(test) => &test.id,
        // Admission keeps callers and simulations of every call, written or not.
        Subject::Refusal(..) | Subject::Code(_) | Subject::Sentence(..) | Subject::Ledger(_) => return false,
    };
    rust.skeleton(name).is_some()
}

const fn is_planned(subject: Subject<'_>) -> bool {
    matches!(subject, Subject::Capability(capability, _) if capability.planned)
}

const fn is_retired(subject: Subject<'_>) -> bool {
    matches!(subject, Subject::Code(code) if code.retired)
}

/// Where an item is written.
fn written(item: &Item<'_>, rust: &RustSources) -> Vec<RustPlace> {
    let one = |place: Option<&RustPlace>| place.into_iter().cloned().collect();
    match item.subject {
        Subject::Capability(capability, _)
        | Subject::Refusal(capability, _)
        | Subject::Condition(capability) => rust.implementations(&pascal(&capability.id)).to_vec(),
        Subject::Code(code) => {
            let by_name = rust.word(&pascal(&code.name));
            let by_contract = || writers_of(item.contract, &code.name, rust).into_iter().next();
            by_name.cloned().or_else(by_contract).into_iter().collect()
        }
        Subject::Test(test) => one(rust.function(&test.test_fn)),
        Subject::Sentence(table, text) => {
            // What the schema keeps, the lexicon says; what else keeps it, a test does.
            let constraints = item.contract.tables.iter().flat_map(|table| &table.constraints);
            let by_schema = constraints.filter_map(|one| one.keeps.as_deref()).any(|kept| kept == text);
            let made = rust.table(table).filter(|_| by_schema).cloned();
            made.or_else(|| rust.literal(text)).into_iter().collect()
        }
        Subject::Ledger(table) => one(rust.trigger(table)),
    }
}

/// The capabilities that a contract lets return a code, where they are written: for their events, for a class of refusals, for a
/// bound, or because a caller gives it.
fn writers_of(contract: &Contract, code: &str, rust: &RustSources) -> Vec<RustPlace> {
    let is_of_class = contract.refusals.values().any(|refusal| refusal.name == code);
    let class = contract.reason_codes.iter().find(|known| known.name == code).map(|known| known.class);
    let returns = contract.served().filter(|capability| {
        let of_event = capability.audit.as_ref().and_then(|rule| rule.reason_code.as_deref());
        let of_input = |field: &Field| {
            field.violation.as_deref() == Some(code)
                || class.is_some_and(|class| field.classes.contains(&class))
        };
        is_of_class || of_event == Some(code) || capability.input_fields().any(of_input)
    });
    returns.flat_map(|capability| rust.implementations(&pascal(&capability.id)).iter().cloned()).collect()
}
