//! What specs require of events, tried for every write capability: an event that is without any of it is refused, and
//! nothing is stored.

use std::marker::PhantomData;

use rusqlite::Connection;
use selene_contracts::ph1_f::{
    DeviceType, Ph1fDeviceInsertRow, Ph1fFoundationRepo as _, Ph1fSessionOpenCommitRow,
};
use selene_contracts::ph1_j::{Ph1jAuditRepo as _, Ph1jReadRows};
use selene_contracts::shared::{
    AuditEventType, AuditSeverity, CorrelationId, EngineId, MonotonicTimeNs, SessionId, SimulationId, TurnId,
};
use selene_contracts::{
    CallContext, Caller, Capability, CapabilityVisitor, Effect, Payload, Refusals, StorageError, engines,
};

use crate::commit::events::{self, Placed};
use crate::commit::operation::{Done, Work};
use crate::commit::transaction::Transaction;
use crate::failure::Failure;
use crate::observe::Call;
use crate::rules::EventDraft;
use crate::scope::event_id_at;
use crate::sqlite::store::SqliteStore;
use crate::test_support::inputs;

fn context() -> CallContext {
    CallContext::new(Caller::SeleneOs, MonotonicTimeNs::new(1), CorrelationId::new(1), TurnId::new(1))
        .with_simulation(SimulationId::new("sim"))
}

/// A store with somebody whom events can name.
fn store() -> SqliteStore {
    let store = SqliteStore::open_in_memory().unwrap();
    let identity = inputs::identity("ann", "k");
    store.ph1f_identity_insert_row(&context(), identity).unwrap();
    let device = Ph1fDeviceInsertRow {
        device_id: "phone".into(),
        user_id: "ann".into(),
        device_type: DeviceType::new("PHONE"),
        audio_profile_ref: None,
        tenant_id: Some("acme".into()),
        idempotency_key: "k".into(),
    };
    store.ph1f_device_insert_row(&context(), device).unwrap();
    let session = Ph1fSessionOpenCommitRow {
        session_id: SessionId::new(1),
        user_id: "ann".into(),
        device_id: "phone".into(),
        idempotency_key: "k".into(),
    };
    store.ph1f_session_open_commit_row(&context(), session).unwrap();
    store
}

/// An event of a capability with everything that an event can have; of a payload that may hold more keys than fit, the first.
fn whole<C: Capability>() -> EventDraft {
    let audit = &C::SPEC.audit;
    let keys = audit.payload_keys.iter().take(Payload::MAX_ENTRIES);
    let event_type = audit.event_types.first().and_then(|name| name.parse().ok());
    EventDraft {
        engine: EngineId::new(C::SPEC.engine),
        event_type: event_type.unwrap_or(AuditEventType::Other),
        reason_code: audit.reason_code.unwrap_or(C::SPEC.refusals.replay),
        severity: AuditSeverity::Info,
        tenant_id: Some("acme".into()),
        work_order_id: Some("work".into()),
        session_id: Some(SessionId::new(1)),
        user_id: Some("ann".into()),
        device_id: Some("phone".into()),
        payload: Payload::new(keys.map(|key| (key.name, key.fixed.unwrap_or("x")))),
        evidence_ref: Some("evidence".into()),
        idempotency_key: Some("k".into()),
    }
}

/// The event and the call without a field; with another value where the type leaves nothing out. `None` where the field can
/// be neither absent nor wrong.
fn without<C: Capability>(field: &str) -> Option<(EventDraft, CallContext)> {
    let (mut event, mut context) = (whole::<C>(), context());
    match field {
        "tenant_id" => event.tenant_id = None,
        "work_order_id" => event.work_order_id = None,
        "session_id" => event.session_id = None,
        "user_id" => event.user_id = None,
        "device_id" => event.device_id = None,
        "idempotency_key" => event.idempotency_key = None,
        "simulation_id" => context.simulation_id = None,
        "event_type" => {
            let allowed = C::SPEC.audit.event_types;
            let is_other = |kind: &&AuditEventType| !allowed.contains(&kind.as_str());
            event.event_type = *AuditEventType::ALL.iter().find(is_other).filter(|_| !allowed.is_empty())?;
        }
        "reason_code" => {
            C::SPEC.audit.reason_code?;
            event.reason_code = C::SPEC.refusals.replay;
        }
        "engine" => {
            let is_given = C::SPEC.input[0].iter().any(|field| field.name == "engine");
            event.engine = (!is_given).then(|| EngineId::new("PH9.X"))?;
        }
        // Admission refuses a call without them, and a severity is always one of three.
        "correlation_id" | "turn_id" | "severity" => return None,
        other => panic!("{}: nobody knows how to leave out `{other}`", C::SPEC.id),
    }
    Some((event, context))
}

/// Emits an event as a write does, after its rule has decided.
struct Emit<C>(EventDraft, CallContext, PhantomData<fn() -> C>);

impl<C: Capability> Work<Connection> for Emit<C> {
    type Output = ();

    fn run(&mut self, transaction: &mut Transaction<'_, Connection>) -> Result<Done<()>, Failure> {
        let event = self.0.clone().checked::<C>(&self.1)?;
        transaction.begin_change()?;
        let (place, head) = events::next_place(transaction, &event)?.expect("nobody else writes");
        let event_id = event_id_at(&place, C::SPEC.id);
        let placed = Placed { event_id: &event_id, place: &place, head, seals: &[] };
        events::append(transaction, &self.1, &event, &placed)?;
        Ok(Ok(()))
    }

    fn refusals(&self) -> &'static Refusals {
        C::SPEC.refusals
    }

    fn watch(&self) -> Call {
        Call::unwatched()
    }
}

/// Tries every write capability.
struct Tries {
    store: SqliteStore,
    capabilities: usize,
    refused: usize,
}

impl Tries {
    fn events(&self) -> usize {
        self.store.ph1j_read_rows(&context(), Ph1jReadRows {}).unwrap().len()
    }

    fn refuses<C: Capability>(&mut self, what: &str, event: EventDraft, context: CallContext) {
        let before = self.events();
        let answer = self.store.work(Emit::<C>(event, context, PhantomData));
        let Err(StorageError::ContractViolation { reason_code, violations, .. }) = answer else {
            panic!("{} without `{what}`: {answer:?}", C::SPEC.id);
        };
        assert_eq!(reason_code, C::SPEC.refusals.contract, "{} without `{what}`", C::SPEC.id);
        assert_eq!(violations[0].field, what, "{}", C::SPEC.id);
        assert_eq!(self.events(), before, "{} without `{what}` leaves nothing", C::SPEC.id);
        self.refused += 1;
    }
}

impl CapabilityVisitor for Tries {
    fn visit<C: Capability>(&mut self) {
        if C::SPEC.effect != Effect::Write {
            return;
        }
        self.capabilities += 1;
        let before = self.events();
        self.store.work(Emit::<C>(whole::<C>(), context(), PhantomData)).unwrap();
        assert_eq!(self.events(), before + 1, "{}: the whole event is stored", C::SPEC.id);
        for field in C::SPEC.audit.required_fields {
            if let Some((event, context)) = without::<C>(field) {
                self.refuses::<C>(field, event, context);
            }
        }
        for key in C::SPEC.audit.payload_keys {
            let rest = whole::<C>();
            let entries = rest.payload.iter().filter(|(name, _)| *name != key.name);
            let event = EventDraft { payload: Payload::new(entries), ..rest.clone() };
            if key.is_optional {
                self.store.work(Emit::<C>(event, context(), PhantomData)).unwrap();
            } else {
                self.refuses::<C>(key.name, event, context());
            }
            if key.fixed.is_some() {
                let entries = rest.payload.iter().chain([(key.name, "another")]);
                let event = EventDraft { payload: Payload::new(entries), ..rest.clone() };
                self.refuses::<C>("payload_min", event, context());
            }
        }
    }
}

#[test]
fn an_event_without_what_its_specs_require_is_never_stored() {
    let mut tries = Tries { store: store(), capabilities: 0, refused: 0 };
    engines::visit_capabilities(&mut tries);
    let writes = engines::ALL.iter().flat_map(|engine| engine.capabilities);
    let writes: Vec<_> = writes.filter(|capability| capability.effect == Effect::Write).collect();
    assert_eq!(tries.capabilities, writes.len());
    // Every write says at least what it is, under which code and in which chain of work.
    for capability in &writes {
        let required = capability.audit.required_fields;
        assert!(required.contains(&"event_type") && required.contains(&"reason_code"), "{}", capability.id);
    }
    assert!(tries.refused > 4 * writes.len(), "{} refusals of {} writes", tries.refused, writes.len());
}
