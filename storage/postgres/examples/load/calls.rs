//! The calls: what they are is known from a number, so that each can be made again.

use std::fmt;
use std::str::FromStr;

use selene_contracts::ph1_f::{Ph1fDeviceInsertRow, Ph1fFoundationRepo as _, Ph1fIdentityInsertRow};
use selene_contracts::ph1_w::{
    Ph1wEnrollSampleCommitRow, Ph1wEnrollStartDraftRow, Ph1wRuntimeEventCommitRow, Ph1wWakeRepo as _,
    WakeEnrollmentSessionId, WakeSampleResult,
};
use selene_contracts::shared::{AuditEventId, CorrelationId, MonotonicTimeNs, TurnId};
use selene_contracts::{CallContext, Caller, Committed, Disposition, StorageError};
use selene_storage::test_support::inputs;
use selene_storage::test_support::wake_event;
use selene_storage_postgres::PostgresStore;

/// Tenants, each with a chain of its own.
const TENANTS: u64 = 8;

/// Events that a prepared store holds: a person of each tenant.
pub const PREPARED_EVENTS: u64 = TENANTS;

/// The capability that a call is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Adds a person, an identity of the tenant.
    Identity,
    /// Adds a device of the tenant's first person.
    Device,
    /// Starts the enrollment of a wake word on that device.
    Start,
    /// Adds a sample of the enrollment, which changes its current row.
    Sample,
    /// Adds a wake event of the device.
    Wake,
}

/// Every kind, with its word in a journal.
const KINDS: [(Kind, &str); 5] = [
    (Kind::Identity, "identity"),
    (Kind::Device, "device"),
    (Kind::Start, "start"),
    (Kind::Sample, "sample"),
    (Kind::Wake, "wake"),
];

/// A call as a journal names it: `17 sample`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// Which errand it belongs to.
    pub number: u64,
    /// The capability.
    pub kind: Kind,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = KINDS.iter().find(|(kind, _)| *kind == self.kind).map_or("", |(_, word)| word);
        write!(f, "{word}:{}", self.number)
    }
}

impl FromStr for Call {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (word, number) = text.split_once(':').ok_or(())?;
        let (kind, _) = KINDS.iter().find(|(_, known)| *known == word).ok_or(())?;
        Ok(Self { number: number.parse().map_err(|_| ())?, kind: *kind })
    }
}

/// What a call gave.
pub struct Done {
    /// Its audit event, or that of the first call.
    pub event_id: AuditEventId,
    /// Whether this call was applied, or replayed.
    pub disposition: Disposition,
}

/// Calls that build on each other: each needs the answer of the one before.
pub struct Errand {
    number: u64,
    session: Option<WakeEnrollmentSessionId>,
}

impl Errand {
    /// The errand with a number.
    pub const fn new(number: u64) -> Self {
        Self { number, session: None }
    }

    /// What is called, in order.
    pub const fn kinds(&self) -> &'static [Kind] {
        if self.number.is_multiple_of(4) {
            &[Kind::Device, Kind::Start, Kind::Sample, Kind::Wake]
        } else {
            &[Kind::Identity]
        }
    }

    /// Makes one call, for the first time or again.
    ///
    /// # Errors
    /// What the store answers.
    pub fn make(&mut self, store: &PostgresStore, kind: Kind) -> Result<Done, StorageError> {
        let context = context(self.number);
        match kind {
            Kind::Identity => {
                let person = identity(&format!("user-{}", self.number), self.number);
                store.ph1f_identity_insert_row(&context, person).map(done)
            }
            Kind::Device => store.ph1f_device_insert_row(&context, self.device()).map(done),
            Kind::Start => {
                let started = store.ph1w_enroll_start_draft_row(&context, self.start())?;
                self.session = Some(started.value.wake_enrollment_session_id.clone());
                Ok(done(started))
            }
            Kind::Sample => store.ph1w_enroll_sample_commit_row(&context, self.sample()).map(done),
            Kind::Wake => store.ph1w_runtime_event_commit_row(&context, self.wake()).map(done),
        }
    }

    fn device_id(&self) -> String {
        format!("device-{}", self.number)
    }

    fn key(&self) -> String {
        format!("key-{}", self.number)
    }

    fn device(&self) -> Ph1fDeviceInsertRow {
        Ph1fDeviceInsertRow {
            device_id: self.device_id().into(),
            user_id: owner(self.number).into(),
            device_type: "speaker".into(),
            audio_profile_ref: None,
            tenant_id: Some(tenant(self.number).into()),
            idempotency_key: self.key().into(),
        }
    }

    fn start(&self) -> Ph1wEnrollStartDraftRow {
        inputs::wake_start(owner(self.number), self.device_id(), self.key())
    }

    fn sample(&self) -> Ph1wEnrollSampleCommitRow {
        Ph1wEnrollSampleCommitRow {
            // An enrollment that was not started has no sample: the store refuses it.
            wake_enrollment_session_id: self.session.clone().unwrap_or_else(|| "none".into()),
            sample_duration_ms: 900,
            vad_coverage: 0.8,
            snr_db: 21.0,
            clipping_pct: 0.0,
            rms_dbfs: -21.0,
            noise_floor_dbfs: -58.0,
            peak_dbfs: -3.0,
            overlap_ratio: 0.1,
            result: WakeSampleResult::Pass,
            reason_code: None,
            idempotency_key: self.key().into(),
        }
    }

    fn wake(&self) -> Ph1wRuntimeEventCommitRow {
        let event = wake_event(&format!("wake-{}", self.number), &self.device_id(), &self.key());
        Ph1wRuntimeEventCommitRow { user_id: Some(owner(self.number).into()), ..event }
    }
}

/// Puts the first person of each tenant into an empty store.
///
/// # Errors
/// What the store answers.
pub fn prepare(store: &PostgresStore) -> Result<(), StorageError> {
    for number in 0..TENANTS {
        store.ph1f_identity_insert_row(&context(number), identity(&owner(number), number))?;
    }
    Ok(())
}

fn identity(user_id: &str, number: u64) -> Ph1fIdentityInsertRow {
    Ph1fIdentityInsertRow {
        tenant_id: Some(tenant(number).into()),
        ..inputs::identity(user_id, format!("key-{user_id}"))
    }
}

fn tenant(number: u64) -> String {
    format!("tenant-{}", number % TENANTS)
}

fn owner(number: u64) -> String {
    format!("owner-{}", number % TENANTS)
}

/// Every errand is a chain of work of its own.
fn context(number: u64) -> CallContext {
    CallContext::new(
        Caller::SeleneOs,
        MonotonicTimeNs::new(1_000),
        CorrelationId::new(u128::from(number) + 1),
        TurnId::new(1),
    )
}

fn done<T>(committed: Committed<T>) -> Done {
    Done { event_id: committed.event_id, disposition: committed.disposition }
}
