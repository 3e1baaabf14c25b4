//! Random sequences of calls. Few ids, so that calls meet; times that also stand still, jump and go back;
//! values at, below and above every bound; callers, modes and contexts that are sometimes wrong.

use std::ops::Range;

use proptest::collection::vec;
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};
use proptest::sample::Index;
use proptest::strategy::Union;
use selene_contracts::ph1_f::{
    DeviceType, IdentityStatus, Ph1fDeviceInsertRow, Ph1fIdentityInsertRow, Ph1fSessionOpenCommitRow,
};
use selene_contracts::shared::{
    CorrelationId, DeviceId, IdempotencyKey, MonotonicTimeNs, OnboardingSessionId, SessionId, SimulationId,
    TenantId, TurnId, UserId,
};
use selene_contracts::{CallContext, CallMode, Caller};

use super::calls::{Call, Script, Start, Step};

mod hiring;
mod ledgers;
mod voice;
mod wake;

pub use hiring::onboarding_script;
pub(super) use hiring::start_office;

/// Calls of PH1.W and of the foundation.
pub fn wake_script() -> impl Strategy<Value = Script> {
    moods(|mood| prop_oneof![40 => wake::write(mood), 8 => wake::read(), 2 => foundation()].boxed())
}

/// Calls of PH1.VOICE.ID and of the foundation.
pub fn voice_script() -> impl Strategy<Value = Script> {
    moods(|mood| prop_oneof![40 => voice::write(mood), 8 => voice::read(), 2 => foundation()].boxed())
}

/// Writes of both engines and of the foundation, its ledgers included; a sequence is mostly about one of the
/// two, or it gets nowhere.
pub fn mixed_writes() -> impl Strategy<Value = Script> {
    let mostly = |wake: u32, voice: u32| {
        moods(move |mood| {
            prop_oneof![
                wake => wake::write(mood),
                voice => voice::write(mood),
                2 => foundation(),
                5 => ledgers::write(),
            ]
            .boxed()
        })
    };
    prop_oneof![mostly(40, 3), mostly(3, 40)]
}

/// How the people of a sequence fare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    /// Samples pass and fail, and the clock runs.
    Mixed,
    /// Samples mostly fail, and the clock goes slowly: attempts are used up before the time is.
    Failing,
    /// Samples pass, and the clock goes slowly: one enrollment after the other is brought to its end.
    Passing,
}

impl Mood {
    /// How often a sample passes, of ten.
    const fn passes(self) -> u32 {
        match self {
            Self::Mixed => 5,
            Self::Failing => 2,
            Self::Passing => 9,
        }
    }
}

fn moods(calls: impl Fn(Mood) -> BoxedStrategy<Call>) -> BoxedStrategy<Script> {
    let quick = weighted(&[(12, Clock::Later(SECOND)), (3, Clock::Later(0)), (1, Clock::Earlier(1))]);
    prop_oneof![
        4 => script(calls(Mood::Mixed), clock(), 1..90),
        3 => script(calls(Mood::Failing), quick.clone(), 1..90),
        1 => script(calls(Mood::Passing), quick, 1..200),
    ]
    .boxed()
}

/// One of these, as often as its weight says.
fn weighted<T: Clone + std::fmt::Debug + 'static>(choices: &[(u32, T)]) -> BoxedStrategy<T> {
    Union::new_weighted(choices.iter().map(|(weight, value)| (*weight, Just(value.clone()))).collect())
        .boxed()
}

/// One of these texts; rarely one that is blank or longer than `max` bytes.
fn text(choices: &[(u32, &str)], max: usize) -> BoxedStrategy<String> {
    let known: Vec<(u32, String)> =
        choices.iter().map(|(weight, text)| (*weight * 20, (*text).to_owned())).collect();
    let bad = [(1, String::new()), (1, " \t".to_owned()), (1, "x".repeat(max + 1)), (1, "y".repeat(max))];
    weighted(&[known, bad.to_vec()].concat())
}

fn user_id() -> BoxedStrategy<UserId> {
    text(&[(12, "ann"), (4, "bob"), (1, "eve")], 128).prop_map(UserId::new).boxed()
}

fn device_id() -> BoxedStrategy<DeviceId> {
    let choices = [(12, "ann_phone"), (3, "ann_tablet"), (4, "bob_phone"), (1, "late_phone")];
    text(&choices, 128).prop_map(DeviceId::new).boxed()
}

fn onboarding_id() -> BoxedStrategy<OnboardingSessionId> {
    let choices =
        [(4, "onb_a"), (2, "onb_b"), (3, "onb_free"), (3, "onb_phone"), (2, "onb_soon"), (1, "onb_late")];
    text(&choices, 64).prop_map(OnboardingSessionId::new).boxed()
}

fn idempotency_key(few: u32) -> BoxedStrategy<IdempotencyKey> {
    let names: Vec<String> = (1..=few).map(|number| format!("k{number}")).collect();
    let choices: Vec<(u32, &str)> = names.iter().map(|name| (3, name.as_str())).collect();
    text(&choices, 128).prop_map(IdempotencyKey::new).boxed()
}

/// `usual` as a rule, sometimes one of `edges`.
fn edge<T: Clone + std::fmt::Debug + 'static>(usual: T, edges: &[T]) -> BoxedStrategy<T> {
    let mut choices = vec![(10 * u32::try_from(edges.len()).unwrap_or(1), usual)];
    choices.extend(edges.iter().map(|value| (1, value.clone())));
    weighted(&choices)
}

/// How a call's time lies to the one before.
#[derive(Debug, Clone, Copy)]
enum Clock {
    /// Later, and the clock goes on from there.
    Later(u64),
    /// Earlier; the clock goes on as if nothing had been.
    Earlier(u64),
    /// Somewhere else; the clock goes on as if nothing had been.
    At(u64),
}

const SECOND: u64 = 1_000_000_000;
const START: u64 = 1_000 * SECOND;

fn clock() -> BoxedStrategy<Clock> {
    weighted(&[
        (60, Clock::Later(SECOND)),
        (12, Clock::Later(0)),
        (3, Clock::Later(1)),
        (3, Clock::Later(60 * SECOND - 1)),
        (4, Clock::Later(60 * SECOND)),
        (2, Clock::Later(180 * SECOND - 1)),
        (3, Clock::Later(180 * SECOND)),
        (1, Clock::Later(600 * SECOND)),
        (2, Clock::Earlier(1)),
        (2, Clock::Earlier(100 * SECOND)),
        (1, Clock::At(0)),
        (1, Clock::At(1 << 63)),
        (1, Clock::At(u64::MAX)),
    ])
}

/// Everything of a context but its time.
fn around() -> BoxedStrategy<CallContext> {
    let caller = edge(Caller::SeleneOs, &[Caller::Operator, Caller::Engine]);
    let correlation = weighted(&[(30, 1), (20, 2), (5, u128::MAX), (1, 0)]);
    let turn = weighted(&[(30, 1), (10, 2), (5, u64::MAX), (1, 0)]);
    let simulation = weighted(&[(40, None), (4, Some("sim_1")), (1, Some(" "))]);
    let mode = weighted(&[(6, CallMode::Normal), (1, CallMode::Replay), (1, CallMode::Diagnostic)]);
    (caller, correlation, turn, simulation, mode)
        .prop_map(|(caller, correlation, turn, simulation, mode)| CallContext {
            caller,
            now: MonotonicTimeNs::new(0),
            correlation_id: CorrelationId::new(correlation),
            turn_id: TurnId::new(turn),
            simulation_id: simulation.map(SimulationId::new),
            mode,
        })
        .boxed()
}

fn script(
    call: BoxedStrategy<Call>,
    clock: BoxedStrategy<Clock>,
    length: Range<usize>,
) -> BoxedStrategy<Script> {
    // Half of the calls are made as they should be: else few sequences get far.
    let around = prop_oneof![Just(plain()), around()];
    // A retry comes as it was, or in another context.
    let again = prop_oneof![12 => Just(None), 1 => any::<Index>().prop_map(Some)];
    vec((clock, around, call, again), length)
        .prop_map(|calls| {
            let mut steps: Vec<Step> = Vec::new();
            let mut clock = START;
            for (tick, context, call, again) in calls {
                let now = match tick {
                    Clock::Later(by) => {
                        clock = clock.saturating_add(by);
                        clock
                    }
                    Clock::Earlier(by) => clock.saturating_sub(by),
                    Clock::At(time) => time,
                };
                let call = match again {
                    Some(earlier) if !steps.is_empty() => earlier.get(&steps).call.clone(),
                    _ => call,
                };
                steps.push(Step { context: context.at(MonotonicTimeNs::new(now)), call });
            }
            Script { start: Start::World, calls: steps }
        })
        .boxed()
}

fn plain() -> CallContext {
    let (correlation_id, turn_id) = (CorrelationId::new(1), TurnId::new(1));
    CallContext::new(Caller::SeleneOs, MonotonicTimeNs::new(1), correlation_id, turn_id)
}

/// Two people, three devices in two tenants and none, three sessions, five onboarding sessions; the last of them begins a
/// little after a sequence does.
pub(super) fn start_world() -> Vec<Step> {
    let mut calls = vec![identity("ann"), identity("bob")];
    calls.push(device("ann_phone", "ann", Some("tenant_a")));
    calls.push(device("ann_tablet", "ann", None));
    calls.push(device("bob_phone", "bob", Some("tenant_b")));
    calls.push(session(1, "ann", "ann_phone"));
    calls.push(session(2, "bob", "bob_phone"));
    calls.push(session(u64::MAX, "ann", "ann_tablet"));
    calls.push(onboarding("onb_a", Some("tenant_a"), None));
    calls.push(onboarding("onb_b", Some("tenant_b"), None));
    calls.push(onboarding("onb_free", None, None));
    calls.push(onboarding("onb_phone", Some("tenant_a"), Some("ann_phone")));
    let mut steps: Vec<Step> = calls.into_iter().map(|call| Step { context: plain(), call }).collect();
    let soon = plain().at(MonotonicTimeNs::new(START + 10 * SECOND));
    steps.push(Step { context: soon, call: onboarding("onb_soon", None, None) });
    steps
}

/// A call that changes the start world, or is refused.
fn foundation() -> BoxedStrategy<Call> {
    weighted(&[
        (1, identity("eve")),
        (1, device("late_phone", "ann", Some("tenant_a"))),
        (1, device("late_phone", "eve", None)),
        (1, session(3, "ann", "ann_phone")),
        (1, session(3, "ann", "bob_phone")),
        (1, onboarding("onb_late", Some("tenant_a"), Some("ann_tablet"))),
        (1, decline("onb_a")),
        (1, decline("onb_free")),
        (1, decline("onb_late")),
    ])
}

fn identity(user_id: &str) -> Call {
    Call::Identity(Ph1fIdentityInsertRow {
        user_id: UserId::new(user_id),
        speaker_id: None,
        primary_language: None,
        tenant_id: None,
        status: IdentityStatus::Active,
        idempotency_key: IdempotencyKey::new("identity"),
    })
}

/// The key names everything that the call says, so that the same key always means the same call.
fn device(device_id: &str, user_id: &str, tenant_id: Option<&str>) -> Call {
    Call::Device(Ph1fDeviceInsertRow {
        device_id: DeviceId::new(device_id),
        user_id: UserId::new(user_id),
        device_type: DeviceType::new("PHONE"),
        audio_profile_ref: None,
        tenant_id: tenant_id.map(TenantId::new),
        idempotency_key: IdempotencyKey::new(format!("device of {user_id}")),
    })
}

fn session(session_id: u64, user_id: &str, device_id: &str) -> Call {
    Call::Session(Ph1fSessionOpenCommitRow {
        session_id: SessionId::new(session_id),
        user_id: UserId::new(user_id),
        device_id: DeviceId::new(device_id),
        idempotency_key: IdempotencyKey::new(format!("session on {device_id}")),
    })
}

fn onboarding(id: &str, tenant: Option<&str>, primary_device: Option<&str>) -> Call {
    Call::Onboarding {
        id: OnboardingSessionId::new(id),
        tenant: tenant.map(TenantId::new),
        primary_device: primary_device.map(DeviceId::new),
    }
}

fn decline(id: &str) -> Call {
    Call::Decline { id: OnboardingSessionId::new(id) }
}

/// A number without bounds of its own: a usual one, an end of the type, or any.
fn real(usual: f32) -> BoxedStrategy<f32> {
    prop_oneof![
        60 => Just(usual),
        1 => Just(-0.0),
        1 => Just(f32::MAX),
        1 => Just(f32::MIN_POSITIVE / 4.0),
        1 => any::<f32>(),
        1 => weighted(&[(1, f32::NAN), (1, f32::INFINITY), (1, f32::NEG_INFINITY)]),
    ]
    .boxed()
}
