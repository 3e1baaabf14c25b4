//! Sequences about enrollments: calls of one strategy, each in a context of its own, behind a start.

use std::ops::Range;

use proptest::collection::vec;
use proptest::prelude::{BoxedStrategy, Just, Strategy, any, prop_oneof};
use proptest::sample::Index;
use selene_contracts::shared::MonotonicTimeNs;
use selene_contracts::{CallContext, CallMode};

use super::context::{Clock, SECOND, START, clock, contexts, plain};
use super::draw::weighted;
use super::start::WORLD;
use crate::model::calls::{Call, Script, Step};

/// How the enrollments of a sequence go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outlook {
    /// Samples pass and fail, and the clock runs.
    Mixed,
    /// Samples mostly fail, and the clock goes slowly: attempts are used up before the time is.
    Failing,
    /// Samples pass, and the clock goes slowly: one enrollment after the other is brought to its end.
    Passing,
}

impl Outlook {
    /// How often a sample passes, of ten.
    pub(super) const fn passes(self) -> u32 {
        match self {
            Self::Mixed => 5,
            Self::Failing => 2,
            Self::Passing => 9,
        }
    }
}

/// Sequences of each outlook.
pub(super) fn outlooks(calls: impl Fn(Outlook) -> BoxedStrategy<Call>) -> BoxedStrategy<Script> {
    let quick = weighted(&[(12, Clock::Later(SECOND)), (3, Clock::Later(0)), (1, Clock::Earlier(1))]);
    prop_oneof![
        4 => script(calls(Outlook::Mixed), clock(), 1..90),
        3 => script(calls(Outlook::Failing), quick.clone(), 1..90),
        1 => script(calls(Outlook::Passing), quick, 1..200),
    ]
    .boxed()
}

/// Everything of a context but its time.
fn around() -> BoxedStrategy<CallContext> {
    contexts(
        &[(30, 1), (20, 2), (5, u128::MAX), (1, 0)],
        &[(30, 1), (10, 2), (5, u64::MAX), (1, 0)],
        &[(40, None), (4, Some("sim_1")), (1, Some(" "))],
        &[(6, CallMode::Normal), (1, CallMode::Replay), (1, CallMode::Diagnostic)],
    )
}

fn script(
    call: BoxedStrategy<Call>,
    clock: BoxedStrategy<Clock>,
    length: Range<usize>,
) -> BoxedStrategy<Script> {
    // Half of the calls are made as they should be: else few enrollments are completed.
    let around = prop_oneof![Just(plain()), around()];
    // A retry comes as it was, or in another context.
    let again = prop_oneof![12 => Just(None), 1 => any::<Index>().prop_map(Some)];
    vec((clock, around, call, again), length)
        .prop_map(|calls| {
            let mut steps: Vec<Step> = Vec::new();
            let mut clock = START;
            for (tick, context, call, again) in calls {
                let now = tick.next(&mut clock);
                let call = match again {
                    Some(earlier) if !steps.is_empty() => earlier.get(&steps).call.clone(),
                    _ => call,
                };
                steps.push(Step { context: context.at(MonotonicTimeNs::new(now)), call });
            }
            Script { start: WORLD, calls: steps }
        })
        .boxed()
}
