//! Calls and answers, and how a sequence of them is printed.

use std::fmt;

use selene_contracts::ph1_f::{
    ConversationTurnRecord, DeviceRecord, IdentityRecord, MemoryLedgerRecord,
    Ph1fConversationAppendCommitRow, Ph1fDeviceInsertRow, Ph1fIdentityInsertRow, Ph1fMemoryAppendCommitRow,
    Ph1fSessionOpenCommitRow, Ph1fSessionStateCommitRow, SessionRecord,
};
use selene_contracts::ph1_j::Ph1jAuditAppendCommitRow;
use selene_contracts::ph1_persona::Ph1personaProfileCommitRow;
use selene_contracts::ph1_voice_id::{
    VidAppendOnlyGuard, VidEnrollCompleteCommitRow, VidEnrollDeferReminderCommitRow,
    VidEnrollSampleCommitRow, VidEnrollStartDraftRow, VidReadEnrollmentState, VidReadEnrollmentStateOutput,
    VoiceEnrollmentSessionRecord,
};
use selene_contracts::ph1_w::{
    Ph1wAppendOnlyGuards, Ph1wEnrollCompleteCommitRow, Ph1wEnrollDeferReminderCommitRow,
    Ph1wEnrollSampleCommitRow, Ph1wEnrollStartDraftRow, Ph1wReadActiveWakeProfile,
    Ph1wReadEnrollmentSampleRows, Ph1wReadEnrollmentSessionRow, Ph1wReadRuntimeEventRows,
    Ph1wRuntimeEventCommitRow, WakeEnrollmentSampleRecord, WakeEnrollmentSessionRecord, WakeProfileId,
    WakeRuntimeEventRecord,
};
use selene_contracts::ph1_write::Ph1writeFormatCommitRow;
use selene_contracts::shared::{AuditEventId, DeviceId, OnboardingSessionId, TenantId};
use selene_contracts::{CallContext, ReasonCode};

use super::engine_call::{EngineCall, EngineValue};

mod hiring;

pub use hiring::{HiringCall, HiringValue};

/// One call of an engine that the model knows.
#[derive(Debug, Clone, PartialEq)]
pub enum Call {
    /// Inserts an identity.
    Identity(Ph1fIdentityInsertRow),
    /// Inserts a device.
    Device(Ph1fDeviceInsertRow),
    /// Opens a session.
    Session(Ph1fSessionOpenCommitRow),
    /// Moves a session to another state.
    State(Ph1fSessionStateCommitRow),
    /// Appends to the memory ledger.
    Memory(Ph1fMemoryAppendCommitRow),
    /// Appends a conversation turn.
    Turn(Ph1fConversationAppendCommitRow),
    /// Commits a formatting outcome.
    Format(Ph1writeFormatCommitRow),
    /// Commits a profile decision.
    Profile(Ph1personaProfileCommitRow),
    /// Appends an audit event directly.
    Append(Ph1jAuditAppendCommitRow),
    /// An onboarding session, which no capability of the model writes: its row is inserted without a call.
    Onboarding {
        /// Id of the onboarding session.
        id: OnboardingSessionId,
        /// Tenant of the session, where it has one.
        tenant: Option<TenantId>,
        /// The primary device that it confirmed.
        primary_device: Option<DeviceId>,
    },
    /// Declines the terms of an onboarding session, if there is one.
    Decline {
        /// Id of the onboarding session.
        id: OnboardingSessionId,
    },
    /// Starts a wake enrollment.
    WakeStart(Ph1wEnrollStartDraftRow),
    /// Commits a wake sample.
    WakeSample(Ph1wEnrollSampleCommitRow),
    /// Completes a wake enrollment.
    WakeComplete(Ph1wEnrollCompleteCommitRow),
    /// Defers a wake enrollment.
    WakeDefer(Ph1wEnrollDeferReminderCommitRow),
    /// Commits a wake runtime event.
    WakeRuntime(Ph1wRuntimeEventCommitRow),
    /// Reads a wake enrollment.
    WakeReadSession(Ph1wReadEnrollmentSessionRow),
    /// Reads the samples of a wake enrollment.
    WakeReadSamples(Ph1wReadEnrollmentSampleRows),
    /// Reads all wake runtime events.
    WakeReadRuntime(Ph1wReadRuntimeEventRows),
    /// Reads the active wake profile.
    WakeReadActive(Ph1wReadActiveWakeProfile),
    /// Tries to overwrite a wake ledger row.
    WakeGuard(Ph1wAppendOnlyGuards),
    /// Starts a voice enrollment.
    VoiceStart(VidEnrollStartDraftRow),
    /// Commits a voice sample.
    VoiceSample(VidEnrollSampleCommitRow),
    /// Completes a voice enrollment.
    VoiceComplete(VidEnrollCompleteCommitRow),
    /// Defers a voice enrollment.
    VoiceDefer(VidEnrollDeferReminderCommitRow),
    /// Reads a voice enrollment, its samples or a profile.
    VoiceRead(VidReadEnrollmentState),
    /// Tries to overwrite a voice sample.
    VoiceGuard(VidAppendOnlyGuard),
    /// A call of PH1.LINK, PH1.POSITION, PH2.ACCESS or PH1.ONB.
    Hiring(Box<HiringCall>),
    /// A call of an engine whose model is drafted.
    Engine(EngineCall),
}

impl Call {
    /// The name of the variant, as `WakeStart`, without its input.
    pub fn name(&self) -> String {
        if let Self::Engine(call) = self {
            return call.capability.id.to_owned();
        }
        let shown = match self {
            Self::Hiring(call) => format!("{call:?}"),
            call => format!("{call:?}"),
        };
        shown.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_owned()
    }

    /// Whether the call is a write: no read, and no guard.
    pub fn is_write(&self) -> bool {
        match self {
            Self::Hiring(call) => call.is_write(),
            Self::Engine(call) => call.is_write(),
            call => !matches!(
                call,
                Self::WakeReadSession(_)
                    | Self::WakeReadSamples(_)
                    | Self::WakeReadRuntime(_)
                    | Self::WakeReadActive(_)
                    | Self::WakeGuard(_)
                    | Self::VoiceRead(_)
                    | Self::VoiceGuard(_)
            ),
        }
    }
}

/// What a capability gives.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `()`, as of a guard.
    Unit,
    /// The row of an identity.
    Identity(IdentityRecord),
    /// The row of a device.
    Device(DeviceRecord),
    /// The row of a session.
    Session(SessionRecord),
    /// A row of the memory ledger.
    Memory(MemoryLedgerRecord),
    /// A conversation turn.
    Turn(ConversationTurnRecord),
    /// The event that a commit is.
    Event(AuditEventId),
    /// The event of a direct append.
    Appended(AuditEventId),
    /// A wake enrollment.
    Wake(WakeEnrollmentSessionRecord),
    /// A wake runtime event.
    WakeRuntime(WakeRuntimeEventRecord),
    /// A wake enrollment, or none.
    WakeFound(Option<WakeEnrollmentSessionRecord>),
    /// The samples of one wake enrollment, in their order.
    WakeSamples(Vec<WakeEnrollmentSampleRecord>),
    /// Wake runtime events.
    WakeRuntimes(Vec<WakeRuntimeEventRecord>),
    /// The active wake profile, or none.
    WakeActive(Option<WakeProfileId>),
    /// A voice enrollment.
    Voice(VoiceEnrollmentSessionRecord),
    /// What a read of voice state gives.
    VoiceState(VidReadEnrollmentStateOutput),
    /// What a call of PH1.LINK, PH1.POSITION, PH2.ACCESS or PH1.ONB gives.
    Hiring(Box<HiringValue>),
    /// What a call of an engine gives whose model is drafted.
    Engine(EngineValue),
}

/// How a call ends.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// A write that changed the store.
    Applied(Value),
    /// A write that was applied before.
    Replayed {
        /// Whether the first request was the same.
        identical: bool,
        /// What the first call gave.
        value: Value,
    },
    /// A read, with what it gives.
    Served(Value),
    /// A refused call, with the reason code of the refusal.
    Refused(ReasonCode),
}

impl Answer {
    /// The answer in short: `APPLIED` with status and reason of an enrollment, `REPLAYED`,
    /// `REPLAYED_DIFFERENT`, `SERVED`, or the code of the refusal.
    pub fn word(&self) -> String {
        match self {
            Self::Applied(Value::Wake(row)) => {
                let reason = row.reason_code.map_or("without a reason", |code| code.as_str());
                format!("APPLIED {} {reason}", row.wake_enroll_status)
            }
            Self::Applied(Value::Voice(row)) => {
                let reason = row.reason_code.map_or("without a reason", |code| code.as_str());
                format!("APPLIED {} {reason}", row.voice_enroll_status)
            }
            Self::Applied(Value::Hiring(value)) => format!("APPLIED {}", value.word()),
            Self::Applied(_) => "APPLIED".to_owned(),
            Self::Replayed { identical: true, .. } => "REPLAYED".to_owned(),
            Self::Replayed { identical: false, .. } => "REPLAYED_DIFFERENT".to_owned(),
            Self::Served(_) => "SERVED".to_owned(),
            Self::Refused(code) => code.to_string(),
        }
    }
}

/// One call in its context.
#[derive(Clone, PartialEq)]
pub struct Step {
    /// Who calls, when, and in which mode.
    pub context: CallContext,
    /// The capability and its input.
    pub call: Call,
}

impl fmt::Debug for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CallContext { caller, now, correlation_id, turn_id, simulation_id, mode } = &self.context;
        write!(f, "at {now} by {} ({mode:?}, chain {correlation_id}, turn {turn_id}", caller.as_str())?;
        if let Some(simulation_id) = simulation_id {
            write!(f, ", simulation {simulation_id}")?;
        }
        write!(f, "): {:?}", self.call)
    }
}

impl Step {
    /// Whether the store answers the call without the queue of what was handed over: such a call sees only what was committed before
    /// it. An audited read writes, and where there is one queue for all that is written it waits in it.
    pub fn goes_past_the_queue(&self, has_one_queue: bool) -> bool {
        !(self.call.is_write() || has_one_queue && self.context.mode.audits_reads())
    }
}

/// The calls that a sequence begins with, so that there is something for the others to act on.
#[derive(Clone, Copy)]
pub struct Start {
    /// The function in `selene_acceptance::model` that makes the calls, for whoever repeats a failing sequence.
    pub(super) name: &'static str,
    /// Makes the calls, in the order in which they are made.
    pub(super) steps: fn() -> Vec<Step>,
}

/// A sequence of calls behind a start; printed one call per line, so that a shrunk one can be read.
#[derive(Clone)]
pub struct Script {
    pub(super) start: Start,
    pub(super) calls: Vec<Step>,
}

impl Script {
    /// Every call, those that make the start included.
    pub fn steps(&self) -> Vec<Step> {
        let mut steps = (self.start.steps)();
        steps.extend(self.calls.iter().cloned());
        steps
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n  {} of selene_acceptance::model, then", self.start.name)?;
        for (number, step) in self.calls.iter().enumerate() {
            write!(f, "\n  {number:>3}. {step:?}")?;
        }
        Ok(())
    }
}
