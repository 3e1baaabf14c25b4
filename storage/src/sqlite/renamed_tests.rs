//! A capability with another name is the same capability to what it stored.

use selene_contracts::ph1_f::{IdentityRecord, Ph1fIdentityInsertRow};
use selene_contracts::shared::{CorrelationId, IdempotencyKey, MonotonicTimeNs, TenantId, TurnId};
use selene_contracts::{
    Admitted, AuditSpec, CallContext, Caller, Capability, CapabilitySpec, DedupeKey, Disposition, Effect,
    StorageError, Violations, WriteCapability,
};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::rows::stored::StoredWrite;
use crate::rules::{Decision, WriteRule};
use crate::session::Session;
use crate::sqlite::store::SqliteStore;
use crate::test_support::inputs;

const FIRST: &CapabilitySpec = Ph1fIdentityInsertRow::SPEC;

/// The insert of a person under a name that it got later.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
struct Renamed(Ph1fIdentityInsertRow);

impl Capability for Renamed {
    type Output = IdentityRecord;

    const SPEC: &'static CapabilitySpec = &CapabilitySpec {
        id: "PH1F_PERSON_INSERT_ROW",
        stored_name: FIRST.stored_name,
        method: "ph1f_person_insert_row",
        engine: FIRST.engine,
        name: FIRST.name,
        effect: Effect::Write,
        read_scope: FIRST.read_scope,
        allowed_callers: FIRST.allowed_callers,
        simulation_gated: false,
        context: FIRST.context,
        input: FIRST.input,
        variants: FIRST.variants,
        output: FIRST.output,
        writes: FIRST.writes,
        dedupe: FIRST.dedupe,
        audit: AuditSpec { ..FIRST.audit },
        notes: FIRST.notes,
        refusals: FIRST.refusals,
    };

    fn check_bounds(&self, violations: &mut Violations) {
        self.0.check_bounds(violations);
    }

    fn dedupe_key(&self, context: &CallContext) -> Option<DedupeKey> {
        self.0.dedupe_key(context)
    }

    fn tenant_id(&self) -> Option<&TenantId> {
        self.0.tenant_id()
    }

    fn idempotency_key(&self) -> Option<&IdempotencyKey> {
        self.0.idempotency_key()
    }
}

impl WriteCapability for Renamed {}

impl WriteRule for Renamed {
    type Facts = ();
    type Change = ();

    fn decide(_: &Admitted<Self>, (): ()) -> Result<Decision<Self>, StorageError> {
        unreachable!("a retry decides nothing")
    }
}

impl StoredWrite for Renamed {
    fn load<S: Session>(_: &S, _: &Admitted<Self>) -> Result<(), Failure> {
        unreachable!("a retry loads nothing")
    }
}

#[test]
fn a_retry_under_the_new_name_gets_the_answer_that_was_stored_under_the_first() {
    let store = SqliteStore::open_in_memory().unwrap();
    let context =
        CallContext::new(Caller::SeleneOs, MonotonicTimeNs::new(1), CorrelationId::new(1), TurnId::new(1));
    let input = inputs::identity("ada", "k");
    let first = store.submit(&context, input.clone()).wait().unwrap();
    let again = store.submit(&context, Renamed(input)).wait().unwrap();
    assert_eq!(again.disposition, Disposition::Replayed { identical: true });
    assert_eq!((again.value, again.event_id), (first.value, first.event_id));
    assert!(store.verify_folds().unwrap().is_intact());
}
