//! PH1.LINK, PH1.POSITION, PH2.ACCESS and PH1.ONB against the reference model: random journeys of several
//! people and tenants, every answer, every table, every event.
//!
//! `PROPTEST_CASES=5000` runs more sequences than the default.

use proptest::test_runner::{Config, TestCaseError, TestRunner};
use selene_acceptance::model::{Run, Script, cases, onboarding_script, reached};
use selene_storage::SqliteStore;

fn hold(script: &Script) -> Result<(), String> {
    let store = SqliteStore::open_in_memory().map_err(|error| error.to_string())?;
    let mut run = Run::new(&store);
    for step in &script.steps() {
        run.step(step)?;
    }
    run.finish()
}

#[test]
fn store_and_model_agree_on_every_call() {
    let config = Config { cases: cases(250), failure_persistence: None, ..Config::default() };
    let checked = TestRunner::new(config)
        .run(&onboarding_script(), |script| hold(&script).map_err(TestCaseError::fail));
    if let Err(difference) = checked {
        panic!("{difference}");
    }
}

/// A sequence that never gets anywhere agrees on nothing: every answer that the specs know is among them.
#[test]
fn sequences_reach_every_answer() {
    let reached = reached(&onboarding_script(), 1000);
    let missing: Vec<&str> = ANSWERS
        .lines()
        .map(str::trim)
        .filter(|answer| !answer.is_empty() && !reached.contains(*answer))
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

const ANSWERS: &str = "
    AccessCreate ACCESS_CONTRACT_VALIDATION_FAILED
    AccessCreate ACCESS_SCOPE_VIOLATION
    AccessCreate APPLIED ACTIVE
    AccessCreate APPLIED RESTRICTED
    AccessCreate APPLIED SUSPENDED
    AccessCreate F_CALLER_NOT_ALLOWED
    AccessCreate F_SIMULATION_REQUIRED
    AccessCreate REPLAYED
    AccessLifecycle ACCESS_CONTRACT_VALIDATION_FAILED
    AccessLifecycle ACCESS_SCOPE_VIOLATION
    AccessLifecycle APPLIED ACTIVE
    AccessLifecycle APPLIED RESTRICTED
    AccessLifecycle APPLIED SUSPENDED
    AccessLifecycle F_CALLER_NOT_ALLOWED
    AccessLifecycle F_SIMULATION_REQUIRED
    AccessRead ACCESS_CONTRACT_VALIDATION_FAILED
    AccessRead F_CALLER_NOT_ALLOWED
    AccessRead SERVED
    BackfillComplete APPLIED COMPLETED
    BackfillComplete F_CALLER_NOT_ALLOWED
    BackfillComplete F_SIMULATION_REQUIRED
    BackfillComplete ONB_BACKFILL_NOT_TERMINAL
    BackfillComplete ONB_CONTRACT_VALIDATION_FAILED
    BackfillComplete ONB_SCOPE_MISMATCH
    BackfillComplete REPLAYED
    BackfillNotify APPLIED REQUESTED
    BackfillNotify F_CALLER_NOT_ALLOWED
    BackfillNotify F_SIMULATION_REQUIRED
    BackfillNotify ONB_CONTRACT_VALIDATION_FAILED
    BackfillNotify ONB_SCOPE_MISMATCH
    BackfillNotify ONB_STATE_INVALID
    BackfillNotify REPLAYED
    BackfillStart APPLIED COMPLETED
    BackfillStart APPLIED RUNNING
    BackfillStart F_CALLER_NOT_ALLOWED
    BackfillStart F_SIMULATION_REQUIRED
    BackfillStart ONB_BACKFILL_SCOPE_INVALID
    BackfillStart ONB_CONTRACT_VALIDATION_FAILED
    BackfillStart ONB_SCOPE_MISMATCH
    BackfillStart ONB_STATE_INVALID
    BackfillStart REPLAYED
    BackfillStart REPLAYED_DIFFERENT
    CompanyInsert APPLIED ACTIVE
    CompanyInsert APPLIED CLOSED
    CompanyInsert APPLIED SUSPENDED
    CompanyInsert F_CALLER_NOT_ALLOWED
    CompanyInsert F_SIMULATION_REQUIRED
    CompanyInsert POSITION_CONTRACT_VALIDATION_FAILED
    CompanyInsert POSITION_DUPLICATE_KEY
    CompanyInsert REPLAYED
    CompanyInsert REPLAYED_DIFFERENT
    CompanyRead F_CALLER_NOT_ALLOWED
    CompanyRead POSITION_CONTRACT_VALIDATION_FAILED
    CompanyRead SERVED
    CompanyState APPLIED ACTIVE
    CompanyState APPLIED CLOSED
    CompanyState APPLIED SUSPENDED
    CompanyState F_CALLER_NOT_ALLOWED
    CompanyState F_SIMULATION_REQUIRED
    CompanyState POSITION_CONTRACT_VALIDATION_FAILED
    CompanyState POSITION_SCOPE_VIOLATION
    CompanyState POSITION_STATE_INVALID
    CompanyState REPLAYED
    Journey COMPLETE with 0 gates
    Journey COMPLETE with 2 gates
    Journey TERMS_DECLINED with 0 gates
    Journey TERMS_DECLINED with 2 gates
    Journey TERMS_DECLINED with 2 gates under a retired schema
    Journey VERIFICATION_REJECTED with 2 gates
    LinkGenerate APPLIED DRAFT_CREATED
    LinkGenerate F_CALLER_NOT_ALLOWED
    LinkGenerate F_SIMULATION_REQUIRED
    LinkGenerate LINK_CONTRACT_VALIDATION_FAILED
    LinkGenerate LINK_SCOPE_VIOLATION
    LinkGenerate REPLAYED
    LinkGenerate REPLAYED_DIFFERENT
    LinkOpen APPLIED ACTIVATED
    LinkOpen APPLIED BLOCKED
    LinkOpen F_CALLER_NOT_ALLOWED
    LinkOpen F_SIMULATION_REQUIRED
    LinkOpen LINK_CONTRACT_VALIDATION_FAILED
    LinkOpen LINK_SCOPE_VIOLATION
    LinkOpen LINK_STATE_INVALID
    LinkOpen REPLAYED
    LinkRead F_CALLER_NOT_ALLOWED
    LinkRead LINK_CONTRACT_VALIDATION_FAILED
    LinkRead SERVED
    LinkRevoke APPLIED REVOKED
    LinkRevoke F_CALLER_NOT_ALLOWED
    LinkRevoke F_SIMULATION_REQUIRED
    LinkRevoke LINK_CONTRACT_VALIDATION_FAILED
    LinkRevoke LINK_SCOPE_VIOLATION
    LinkRevoke LINK_STATE_INVALID
    LinkRevoke REPLAYED
    LinkRevoke REPLAYED_DIFFERENT
    OnbAccess APPLIED ACCESS_INSTANCE_CREATED
    OnbAccess F_CALLER_NOT_ALLOWED
    OnbAccess F_SIMULATION_REQUIRED
    OnbAccess ONB_CONTRACT_VALIDATION_FAILED
    OnbAccess ONB_GATE_DEVICE_REQUIRED
    OnbAccess ONB_GATE_TERMS_REQUIRED
    OnbAccess ONB_GATE_VERIFICATION_REQUIRED
    OnbAccess ONB_LINK_NOT_ACTIVATED
    OnbAccess ONB_POSITION_PREREQ_FAILED
    OnbAccess ONB_SCOPE_MISMATCH
    OnbAccess ONB_STATE_INVALID
    OnbAccess REPLAYED
    OnbAccess REPLAYED_DIFFERENT
    OnbComplete APPLIED COMPLETE
    OnbComplete F_CALLER_NOT_ALLOWED
    OnbComplete F_SIMULATION_REQUIRED
    OnbComplete ONB_CONTRACT_VALIDATION_FAILED
    OnbComplete ONB_GATE_ACCESS_REQUIRED
    OnbComplete ONB_GATE_DEVICE_REQUIRED
    OnbComplete ONB_GATE_TERMS_REQUIRED
    OnbComplete ONB_GATE_VERIFICATION_REQUIRED
    OnbComplete ONB_LINK_NOT_ACTIVATED
    OnbComplete ONB_POSITION_PREREQ_FAILED
    OnbComplete ONB_SCOPE_MISMATCH
    OnbComplete ONB_STATE_INVALID
    OnbComplete REPLAYED
    OnbDevice APPLIED PRIMARY_DEVICE_CONFIRMED
    OnbDevice APPLIED TERMS_ACCEPTED
    OnbDevice APPLIED VERIFICATION_CONFIRMED
    OnbDevice F_CALLER_NOT_ALLOWED
    OnbDevice F_SIMULATION_REQUIRED
    OnbDevice ONB_CONTRACT_VALIDATION_FAILED
    OnbDevice ONB_GATE_TERMS_REQUIRED
    OnbDevice ONB_SCOPE_MISMATCH
    OnbDevice ONB_STATE_INVALID
    OnbDevice REPLAYED
    OnbDevice REPLAYED_DIFFERENT
    OnbPhoto APPLIED VERIFICATION_PENDING
    OnbPhoto F_CALLER_NOT_ALLOWED
    OnbPhoto F_SIMULATION_REQUIRED
    OnbPhoto ONB_CONTRACT_VALIDATION_FAILED
    OnbPhoto ONB_GATE_NOT_APPLICABLE
    OnbPhoto ONB_GATE_TERMS_REQUIRED
    OnbPhoto ONB_SCOPE_MISMATCH
    OnbPhoto ONB_STATE_INVALID
    OnbPhoto REPLAYED
    OnbPhoto REPLAYED_DIFFERENT
    OnbRead F_CALLER_NOT_ALLOWED
    OnbRead ONB_CONTRACT_VALIDATION_FAILED
    OnbRead SERVED
    OnbReadAll F_CALLER_NOT_ALLOWED
    OnbReadAll ONB_CONTRACT_VALIDATION_FAILED
    OnbReadAll SERVED
    OnbStart APPLIED DRAFT_CREATED ASK_MISSING with 0 gates
    OnbStart APPLIED DRAFT_CREATED LOAD_PREFILLED with 0 gates
    OnbStart APPLIED DRAFT_CREATED LOAD_PREFILLED with 2 gates
    OnbStart APPLIED DRAFT_CREATED TERMS with 0 gates
    OnbStart F_CALLER_NOT_ALLOWED
    OnbStart F_SIMULATION_REQUIRED
    OnbStart ONB_CONTRACT_VALIDATION_FAILED
    OnbStart ONB_FINGERPRINT_MISMATCH
    OnbStart ONB_LINK_NOT_ACTIVATED
    OnbStart ONB_SCOPE_MISMATCH
    OnbStart REPLAYED
    OnbStart REPLAYED_DIFFERENT
    OnbTerms APPLIED TERMS_ACCEPTED
    OnbTerms APPLIED TERMS_DECLINED
    OnbTerms F_CALLER_NOT_ALLOWED
    OnbTerms F_SIMULATION_REQUIRED
    OnbTerms ONB_CONTRACT_VALIDATION_FAILED
    OnbTerms ONB_SCOPE_MISMATCH
    OnbTerms ONB_STATE_INVALID
    OnbTerms REPLAYED
    OnbTerms REPLAYED_DIFFERENT
    OnbVerify APPLIED VERIFICATION_CONFIRMED
    OnbVerify APPLIED VERIFICATION_REJECTED
    OnbVerify F_CALLER_NOT_ALLOWED
    OnbVerify F_SIMULATION_REQUIRED
    OnbVerify ONB_CONTRACT_VALIDATION_FAILED
    OnbVerify ONB_GATE_NOT_APPLICABLE
    OnbVerify ONB_GATE_TERMS_REQUIRED
    OnbVerify ONB_SCOPE_MISMATCH
    OnbVerify ONB_STATE_INVALID
    OnbVerify REPLAYED
    PositionDraft APPLIED DRAFT
    PositionDraft F_CALLER_NOT_ALLOWED
    PositionDraft F_SIMULATION_REQUIRED
    PositionDraft POSITION_CONTRACT_VALIDATION_FAILED
    PositionDraft POSITION_DUPLICATE_KEY
    PositionDraft POSITION_SCOPE_VIOLATION
    PositionDraft REPLAYED
    PositionGuard F_CALLER_NOT_ALLOWED
    PositionGuard POSITION_APPEND_ONLY_VIOLATION
    PositionGuard POSITION_CONTRACT_VALIDATION_FAILED
    PositionGuard POSITION_SCOPE_VIOLATION
    PositionLifecycle APPLIED ACTIVE
    PositionLifecycle APPLIED RETIRED
    PositionLifecycle APPLIED SUSPENDED
    PositionLifecycle F_CALLER_NOT_ALLOWED
    PositionLifecycle F_SIMULATION_REQUIRED
    PositionLifecycle POSITION_CONTRACT_VALIDATION_FAILED
    PositionLifecycle POSITION_SCOPE_VIOLATION
    PositionLifecycle POSITION_STATE_INVALID
    PositionLifecycle REPLAYED
    PositionLifecycle REPLAYED_DIFFERENT
    PositionRead F_CALLER_NOT_ALLOWED
    PositionRead POSITION_CONTRACT_VALIDATION_FAILED
    PositionRead SERVED
    SchemaActivate APPLIED ACTIVE
    SchemaActivate F_CALLER_NOT_ALLOWED
    SchemaActivate F_SIMULATION_REQUIRED
    SchemaActivate POSITION_CONTRACT_VALIDATION_FAILED
    SchemaActivate POSITION_SCOPE_VIOLATION
    SchemaActivate POSITION_STATE_INVALID
    SchemaActivate REPLAYED
    SchemaDraft APPLIED DRAFT
    SchemaDraft F_CALLER_NOT_ALLOWED
    SchemaDraft F_SIMULATION_REQUIRED
    SchemaDraft POSITION_CONTRACT_VALIDATION_FAILED
    SchemaDraft POSITION_DUPLICATE_KEY
    SchemaDraft POSITION_SCOPE_VIOLATION
    SchemaDraft REPLAYED
    SchemaRead POSITION_CONTRACT_VALIDATION_FAILED
    SchemaRead SERVED
";
