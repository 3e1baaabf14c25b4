//! Random onboardings: people of two tenants are invited and taken to access, side by side, while companies,
//! positions and schemas change and campaigns run.
//!
//! Calls that have nothing to do with each other are all refused, so a sequence is made of threads: the onboarding of a
//! person, the changes at a workplace, a campaign. The calls of a thread keep their order, but some are missing, doubled,
//! too early or wrong; then the threads are interleaved.

mod campaign;
mod changes;
mod colleague;
mod start;
mod steps;
mod unrelated;

use proptest::collection::vec;
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};
use proptest::sample::Index;
use selene_contracts::shared::MonotonicTimeNs;
use selene_contracts::{CallContext, CallMode};

use self::start::OFFICE;
pub(in crate::model) use self::start::simulated;
use super::context::{SECOND, START, contexts};
use super::draw::weighted;
use crate::model::calls::{Call, HiringCall, Script, Step};

/// Onboardings of several people, and changes, campaigns and unrelated calls between their steps.
pub fn onboarding_script() -> impl Strategy<Value = Script> {
    let journeys = prop_oneof![1 => Just(Vec::new()), 4 => vec(steps::journey(), 1..4)];
    let threads =
        (journeys, vec(campaign::campaign(), 0..3), changes::changes(), vec(unrelated::unrelated(), 0..8));
    let threads = threads.prop_map(|(journeys, campaigns, changes, unrelated)| {
        let mut threads = journeys;
        threads.extend(campaigns);
        threads.push(changes);
        threads.push(unrelated.concat());
        threads
    });
    // The context of each call, and the thread that is next. The lists are long enough for most sequences; else they are
    // repeated.
    let frames = vec((is_made(), around(), tick(), again()), 80);
    (frames, threads, vec(any::<Index>(), 40))
        .prop_map(|(frames, threads, turns)| script(&interleave(threads, &turns), &frames))
}

/// Interleaves threads; each keeps its order.
fn interleave(threads: Vec<Vec<HiringCall>>, turns: &[Index]) -> Vec<HiringCall> {
    let mut threads: Vec<_> = threads.into_iter().map(Vec::into_iter).collect();
    let mut calls = Vec::new();
    for turn in turns.iter().cycle() {
        threads.retain(|thread| thread.len() > 0);
        if threads.is_empty() {
            break;
        }
        let next = turn.index(threads.len());
        calls.extend(threads[next].next());
    }
    calls
}

type Frame = (bool, CallContext, i64, Option<Index>);

/// Whether a call is made: almost always. A failing sequence shrinks by calls that are not made.
fn is_made() -> BoxedStrategy<bool> {
    weighted(&[(1, false), (80, true)])
}

fn script(calls: &[HiringCall], frames: &[Frame]) -> Script {
    let mut steps: Vec<Step> = Vec::new();
    let mut clock = START;
    for (call, (is_made, context, tick, again)) in calls.iter().zip(frames.iter().cycle()) {
        if !is_made {
            continue;
        }
        // A call that lies earlier does not turn the clock back.
        let now = clock.saturating_add_signed(*tick);
        clock = clock.max(now);
        let context = context.clone().at(MonotonicTimeNs::new(now));
        if let (Some(again), false) = (again, steps.is_empty()) {
            let call = again.get(&steps).call.clone();
            steps.push(Step { context: context.clone(), call });
        }
        steps.push(Step { context, call: Call::Hiring(Box::new(call.clone())) });
    }
    Script { start: OFFICE, calls: steps }
}

fn tick() -> BoxedStrategy<i64> {
    let second = SECOND.cast_signed();
    weighted(&[(18, second), (6, 0), (3, 1), (3, 90 * 24 * 3_600 * second), (1, -1), (1, -2 * second)])
}

/// Whether an earlier call comes once more.
fn again() -> BoxedStrategy<Option<Index>> {
    prop_oneof![10 => Just(None), 1 => any::<Index>().prop_map(Some)].boxed()
}

/// Most contexts are valid, else few sequences reach access.
fn around() -> BoxedStrategy<CallContext> {
    prop_oneof![7 => Just(simulated()), 1 => odd()].boxed()
}

/// A context that is sometimes wrong.
pub(in crate::model) fn odd() -> BoxedStrategy<CallContext> {
    contexts(
        &[(20, 1), (20, 2), (5, u128::MAX), (1, 0)],
        &[(20, 1), (10, 2), (5, u64::MAX), (1, 0)],
        &[(20, Some("sim_1")), (10, Some("sim_2")), (5, None), (1, Some(" "))],
        &[(3, CallMode::Normal), (1, CallMode::Replay), (1, CallMode::Diagnostic)],
    )
}
