//! What happens to an enrollment in every status, whatever of the calls that could move it is made: tables to be read
//! beside the specs of PH1.W and PH1.VOICE.ID.
//!
//! Every cell is a call on a store where an enrollment was brought into its status. A refusal or a replay must leave the
//! enrollment and the trail as they were. DECLINED is written by hand, for nothing leads to it.

mod voice;
mod wake;

use std::fmt::{Display, Write as _};

use selene_acceptance::onboarding::table;
use selene_acceptance::{InMemory, World};
use selene_contracts::ph1_onb::{OnboardingStatus, TermsStatus};
use selene_contracts::shared::{CorrelationId, MonotonicTimeNs, TurnId};
use selene_contracts::{CallContext, Caller, Committed, StorageError};
use selene_storage::test_support::onboarding_session;

/// How the onboarding that an enrollment belongs to stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Onboarding {
    None,
    Open,
    Complete,
    Declined,
}

impl Onboarding {
    const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Open => "open",
            Self::Complete => "complete",
            Self::Declined => "declined",
        }
    }

    /// A world with `ann` and her phone, and `onb`, her onboarding session.
    fn world(self) -> World {
        let world = World::with_people(&InMemory);
        let mut row = onboarding_session("onb".into(), Some("tenant_a".into()), Some("ann_phone".into()));
        if self == Self::Complete {
            row.status = OnboardingStatus::Complete;
            row.terms_status = Some(TermsStatus::Accepted);
        }
        world.store().insert_onboarding_session(&row).unwrap();
        world
    }

    /// What befalls the onboarding once the enrollment stands where it should.
    fn befall(self, world: &World) {
        if self == Self::Declined {
            world.store().decline_onboarding_session(&"onb".into()).unwrap();
        }
    }
}

/// When calls are made that are neither late nor early. Scenes are played before.
const NOW: u64 = 100;

fn context(now: u64) -> CallContext {
    let (chain, turn) = (CorrelationId::new(1), TurnId::new(1));
    CallContext::new(Caller::SeleneOs, MonotonicTimeNs::new(now), chain, turn)
}

/// What a caller is told, in a few words.
fn told<T>(
    answer: Result<Committed<T>, StorageError>,
    standing: impl Fn(&T) -> (String, Option<String>),
) -> String {
    match answer {
        Ok(committed) if committed.is_applied() => match standing(&committed.value) {
            (status, Some(reason)) => format!("-> {status} {reason}"),
            (status, None) => format!("-> {status}"),
        },
        Ok(_) => "replayed".to_owned(),
        Err(error) => error.reason_code().to_string(),
    }
}

/// A call of a capability under a name, made in a scene with so many samples before it: fails first, then passes.
struct Try<S> {
    name: &'static str,
    fails: u8,
    passes: u8,
    call: fn(&S) -> String,
}

impl<S> Try<S> {
    const fn new(name: &'static str, call: fn(&S) -> String) -> Self {
        Self { name, fails: 0, passes: 0, call }
    }

    const fn after_fails(self, fails: u8) -> Self {
        Self { fails, ..self }
    }

    const fn after_passes(self, passes: u8) -> Self {
        Self { passes, ..self }
    }
}

/// An enrollment in its world.
trait Scene: Sized {
    type Standing: Copy + Display;
    type Row: PartialEq;

    /// Brings an enrollment into a standing. One that is done was passed without a fail.
    fn new(standing: Self::Standing, onboarding: Onboarding, fails: u8, passes: u8) -> Self;
    fn world(&self) -> &World;
    fn row(&self) -> Self::Row;

    /// Makes one call. What is not applied changes nothing.
    fn attempt(&self, call: fn(&Self) -> String) -> String {
        let before = (self.row(), self.world().events());
        let answer = call(self);
        if !answer.starts_with("->") {
            assert!(before == (self.row(), self.world().events()), "{answer} changes nothing");
        }
        answer
    }
}

/// What every call is told in every standing: a line for each call.
type Answers = Vec<Vec<String>>;

fn answers<S: Scene>(standings: &[S::Standing], onboarding: Onboarding, calls: &[Try<S>]) -> Answers {
    let line = |call: &Try<S>| {
        let told = standings.iter().map(|standing| {
            let scene = S::new(*standing, onboarding, call.fails, call.passes);
            format!("| {}", scene.attempt(call.call))
        });
        [call.name.to_owned()].into_iter().chain(told).collect()
    };
    calls.iter().map(line).collect()
}

/// Tables for each capability: a line for every call, a column for every standing. Onboardings that make no difference
/// share a table.
fn tables<S: Scene>(
    standings: &[S::Standing],
    onboardings: &[Onboarding],
    capabilities: Vec<(&'static str, Vec<Try<S>>)>,
) -> String {
    let mut text = String::new();
    for (capability, calls) in capabilities {
        let mut found: Vec<(Vec<&str>, Answers)> = Vec::new();
        for onboarding in onboardings {
            let told = answers(standings, *onboarding, &calls);
            match found.iter_mut().find(|(_, same)| *same == told) {
                Some((names, _)) => names.push(onboarding.name()),
                None => found.push((vec![onboarding.name()], told)),
            }
        }
        for (names, told) in found {
            let head = standings.iter().map(|standing| format!("| {standing}"));
            let mut rows: Answers = vec![["call".to_owned()].into_iter().chain(head).collect()];
            rows.extend(told);
            let onboarding = names.join(", ");
            writeln!(text, "{capability}, onboarding {onboarding}\n{}\n", table(&rows).trim_end()).unwrap();
        }
    }
    text.trim_end().to_owned()
}
