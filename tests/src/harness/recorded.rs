//! A store under test whose calls are recorded: what came of each, and which reason codes it returned.
//!
//! It hands every call on as it is and every answer back as it is. What must not live here: where records are kept.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::str::FromStr as _;
use std::sync::Arc;

use selene_contracts::ph1_onb::OnboardingSessionRecord;
use selene_contracts::row::CurrentRow;
use selene_contracts::shared::OnboardingSessionId;
use selene_contracts::{
    CallContext, Capability, Committed, Page, PageRequest, PagedRead, ReadCapability, ReasonCode,
    StorageError, WriteCapability,
};
use selene_storage::test_support::{BrokenCommit, TableRows};
use selene_storage::{ChainError, ChainReport, FoldReport, RowReport, SavedHead, StoredPages, StoredWrite};
use serde::Serialize;
use xtask::coverage::record::{Check, Outcome, Seen};

use super::backend::Backend;
use super::codes;
use super::witness::{Attached, Witness};

/// A store whose calls are recorded.
#[derive(Debug, Clone)]
pub struct Recorded<S> {
    // Closed before the record is written.
    store: S,
    log: Log,
}

/// Where calls are recorded, if the running test has a name.
#[derive(Debug, Clone)]
struct Log(Option<Arc<Attached>>);

impl<S> Recorded<S> {
    /// Records the calls of a store for the test that runs on this thread.
    pub fn new(store: S) -> Self {
        Self { store, log: Log(Witness::of_this_test().map(Arc::new)) }
    }

    /// Makes a write.
    fn write<C: WriteCapability>(
        &self,
        context: &CallContext,
        input: C,
        call: impl FnOnce(&S, &CallContext, C) -> Result<Committed<C::Output>, StorageError>,
    ) -> Result<Committed<C::Output>, StorageError> {
        let answer = call(&self.store, context, input);
        self.log.write::<C>(&answer);
        answer
    }

    /// Makes a read, or tries a guard.
    fn read<C: ReadCapability>(
        &self,
        context: &CallContext,
        input: C,
        call: impl FnOnce(&S, &CallContext, C) -> Result<C::Output, StorageError>,
    ) -> Result<C::Output, StorageError> {
        let answer = call(&self.store, context, input);
        self.log.read::<C>(context, &answer);
        answer
    }
}

impl<S> Recorded<S> {
    /// Reads a page of a list.
    fn page<C: PagedRead>(
        &self,
        (context, input, page): (&CallContext, C, PageRequest),
        call: impl FnOnce(&S, &CallContext, C, PageRequest) -> Result<Page<C::Row>, StorageError>,
    ) -> Result<Page<C::Row>, StorageError> {
        let answer = call(&self.store, context, input, page);
        self.log.read_rows::<C, _>(context, &answer.as_ref().map(|page| &page.rows));
        answer
    }
}

macro_rules! record {
    ($($module:ident: $repo:ident {
        writes { $($write:ident => $writes:ident,)* }
        reads { $($read:ident => $reads:ident,)* }
        pages { $($paged:ident => $pages:ident,)* }
    })*) => {
        $(
            impl<S: selene_contracts::$module::$repo> selene_contracts::$module::$repo for Recorded<S> {
                $(
                    fn $writes(
                        &self,
                        context: &CallContext,
                        input: selene_contracts::$module::$write,
                    ) -> Result<
                        Committed<<selene_contracts::$module::$write as Capability>::Output>,
                        StorageError,
                    > {
                        self.write(context, input, <S as selene_contracts::$module::$repo>::$writes)
                    }
                )*
                $(
                    fn $reads(
                        &self,
                        context: &CallContext,
                        input: selene_contracts::$module::$read,
                    ) -> Result<<selene_contracts::$module::$read as Capability>::Output, StorageError> {
                        self.read(context, input, <S as selene_contracts::$module::$repo>::$reads)
                    }
                )*
                $(
                    fn $pages(
                        &self,
                        context: &CallContext,
                        input: selene_contracts::$module::$paged,
                        page: PageRequest,
                    ) -> Result<Page<<selene_contracts::$module::$paged as PagedRead>::Row>, StorageError> {
                        self.page((context, input, page), <S as selene_contracts::$module::$repo>::$pages)
                    }
                )*
            }
        )*
    };
}

selene_contracts::for_every_engine!(record);

impl Log {
    fn note(&self, note: impl FnOnce(&mut Seen) -> bool) {
        if let Some(attached) = &self.0 {
            attached.note(note);
        }
    }

    fn write<C: WriteCapability>(&self, answer: &Result<Committed<C::Output>, StorageError>) {
        self.note(|seen| match answer {
            Ok(committed) => {
                let outcome = if committed.is_applied() { Outcome::Applied } else { Outcome::Replayed };
                let is_new = called::<C>(seen, outcome);
                let has_code = returned::<C>(seen, committed.reason_code);
                rows::<C>(seen, &committed.value) | is_new | has_code
            }
            Err(error) => refused::<C>(seen, error),
        });
    }

    fn read<C: ReadCapability>(&self, context: &CallContext, answer: &Result<C::Output, StorageError>) {
        self.read_rows::<C, _>(context, &answer.as_ref());
    }

    fn read_rows<C: ReadCapability, R: Serialize>(
        &self,
        context: &CallContext,
        answer: &Result<R, &StorageError>,
    ) {
        self.note(|seen| match answer {
            Ok(output) => {
                let audits = context.mode.audits_reads();
                let is_new = called::<C>(seen, if audits { Outcome::Audited } else { Outcome::Answered });
                rows::<C>(seen, output) | is_new
            }
            Err(error) => refused::<C>(seen, error),
        });
    }

    fn check(&self, check: Check, found_nothing: bool) {
        self.note(|seen| found_nothing && seen.checks.insert(check));
    }
}

/// Notes what came of a call; whether that is new.
fn called<C: Capability>(seen: &mut Seen, outcome: Outcome) -> bool {
    put(&mut seen.calls, C::SPEC.id, |outcomes| outcomes.insert(outcome))
}

/// Notes a reason code that a call returned; whether that is new.
fn returned<C: Capability>(seen: &mut Seen, code: ReasonCode) -> bool {
    let id = C::SPEC.id;
    put(&mut seen.codes, code.as_str(), |by| !by.contains(id) && by.insert(id.to_owned()))
}

/// Notes every reason code in the rows that a call returned; whether one is new.
fn rows<C: Capability>(seen: &mut Seen, rows: &impl Serialize) -> bool {
    let mut is_new = false;
    codes::each(rows, &mut |name| {
        if seen.codes.get(name).is_some_and(|by| by.contains(C::SPEC.id)) {
            return;
        }
        if let Ok(code) = ReasonCode::from_str(name) {
            is_new |= returned::<C>(seen, code);
        }
    });
    is_new
}

/// Notes a refusal with its codes; whether that is new.
fn refused<C: Capability>(seen: &mut Seen, error: &StorageError) -> bool {
    let mut is_new = called::<C>(seen, kind(error));
    is_new |= returned::<C>(seen, error.reason_code());
    match error {
        StorageError::ContractViolation { violations, .. } => {
            for violation in violations {
                is_new |= returned::<C>(seen, violation.reason_code);
            }
        }
        StorageError::AppendOnlyViolation { table, .. } => {
            let id = C::SPEC.id;
            is_new |= put(&mut seen.locks, table, |by| !by.contains(id) && by.insert(id.to_owned()));
        }
        _ => {}
    }
    is_new
}

/// Changes the entry of a name, without a copy of the name where there is one.
fn put<T: Default>(
    entries: &mut BTreeMap<String, T>,
    name: &str,
    change: impl FnOnce(&mut T) -> bool,
) -> bool {
    match entries.get_mut(name) {
        Some(entry) => change(entry),
        None => change(entries.entry(name.to_owned()).or_default()),
    }
}

fn kind(error: &StorageError) -> Outcome {
    match error {
        StorageError::CallerNotAllowed { .. } => Outcome::CallerNotAllowed,
        StorageError::SimulationRequired { .. } => Outcome::SimulationRequired,
        StorageError::ContractViolation { .. } => Outcome::ContractViolation,
        StorageError::ForeignKey { .. } => Outcome::ForeignKey,
        StorageError::DuplicateKey { .. } => Outcome::DuplicateKey,
        StorageError::ScopeViolation { .. } => Outcome::ScopeViolation,
        StorageError::AppendOnlyViolation { .. } => Outcome::AppendOnlyViolation,
        StorageError::NotFound { .. } => Outcome::NotFound,
        StorageError::OutcomeUnknown { .. } => Outcome::OutcomeUnknown,
        StorageError::BackendUnavailable { .. } => Outcome::BackendUnavailable,
        _ => Outcome::Refused,
    }
}

impl<S: Backend> Backend for Recorded<S> {
    fn submit<C: StoredWrite>(
        &self,
        context: &CallContext,
        input: C,
    ) -> impl FnOnce() -> Result<Committed<C::Output>, StorageError> + use<S, C> + 'static {
        let ticket = self.store.submit(context, input);
        let log = self.log.clone();
        move || {
            let answer = ticket();
            log.write::<C>(&answer);
            answer
        }
    }

    fn each_row<C: StoredPages>(
        &self,
        context: &CallContext,
        input: C,
        mut visit: impl FnMut(C::Row) -> ControlFlow<()>,
    ) -> Result<(), StorageError> {
        let mut shown = Vec::new();
        let answer = self.store.each_row(context, input, |row: C::Row| {
            shown.push(row.clone());
            visit(row)
        });
        self.log.read_rows::<C, _>(context, &answer.as_ref().map(|()| &shown));
        answer
    }

    fn verify_chains(&self, saved: &[SavedHead]) -> Result<ChainReport, StorageError> {
        let report = self.store.verify_chains(saved)?;
        self.log.check(Check::Chains, report.is_intact());
        Ok(report)
    }

    fn verify_rows(&self) -> Result<RowReport, StorageError> {
        let report = self.store.verify_rows()?;
        self.log.check(Check::Rows, report.faults.is_empty());
        Ok(report)
    }

    fn verify_folds(&self) -> Result<FoldReport, StorageError> {
        let report = self.store.verify_folds()?;
        self.log.check(Check::Folds, report.faults.is_empty());
        Ok(report)
    }

    fn chain_heads(&self) -> Result<Vec<SavedHead>, ChainError> {
        self.store.chain_heads()
    }

    fn every_row(&self) -> Result<BTreeMap<String, TableRows>, StorageError> {
        self.store.every_row()
    }

    fn insert_onboarding_session(&self, row: &OnboardingSessionRecord) -> Result<(), StorageError> {
        self.store.insert_onboarding_session(row)
    }

    fn decline_onboarding_session(&self, id: &OnboardingSessionId) -> Result<(), StorageError> {
        self.store.decline_onboarding_session(id)
    }

    fn overwrite<R: CurrentRow + Clone + Send + 'static>(&self, row: &R) -> Result<(), StorageError> {
        self.store.overwrite(row)
    }

    fn break_next_commit(&self, broken: BrokenCommit) {
        self.store.break_next_commit(broken);
    }
}
