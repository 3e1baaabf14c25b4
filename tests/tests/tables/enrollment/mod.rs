//! What happens to an enrollment in every status, whatever of the calls that could move it is made.
//!
//! Every cell is a call on a store of its own, where an enrollment was brought into its status. DECLINED is written into the
//! rows, for no call leads to it. `voice` and `wake` are alike because the two specs are; what both do is here.

pub mod voice;
pub mod wake;

use std::fmt::{Display, Write as _};

use selene_acceptance::{Backend, Harness, World};
use selene_contracts::ph1_onb::{OnboardingStatus, TermsStatus};
use selene_contracts::{Committed, StorageError};
use selene_storage::test_support::onboarding_session;

use crate::stage::{Column, Scene, Stage, cell};
use crate::text::table;

/// How the onboarding that an enrollment belongs to stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Onboarding {
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
    fn world<H: Harness>(self, harness: &H) -> World<H::Store> {
        let world = World::with_people(harness);
        let mut row = onboarding_session("onb".into(), Some("tenant_a".into()), Some("ann_phone".into()));
        if self == Self::Complete {
            row.status = OnboardingStatus::Complete;
            row.terms_status = Some(TermsStatus::Accepted);
        }
        world.store().insert_onboarding_session(&row).expect("the row is inserted");
        world
    }

    /// Declines the onboarding where it should be, once the enrollment has its status.
    fn decline_if_declined(self, world: &World<impl Backend>) {
        if self == Self::Declined {
            world.store().decline_onboarding_session(&"onb".into()).expect("the row is changed");
        }
    }
}

/// When calls are made that are neither late nor early, in nanoseconds. Scenes are made before.
const NOW: u64 = 100;

/// The cell of an answer: status and reason of the enrollment, where it was applied.
fn status_cell<T>(
    answer: Result<Committed<T>, StorageError>,
    status: impl Fn(&T) -> (String, Option<String>),
) -> String {
    cell(answer, |value| match status(value) {
        (status, Some(reason)) => format!("{status} {reason}"),
        (status, None) => status,
    })
}

/// A call of a capability, made in a scene with so many samples before it: fails first, then passes.
struct Try<S> {
    column: Column<S>,
    fails: u8,
    passes: u8,
}

impl<S: 'static> Try<S> {
    fn new(name: &'static str, call: fn(&S) -> String) -> Self {
        Self { column: Column::new(name, call), fails: 0, passes: 0 }
    }

    fn after_fails(self, fails: u8) -> Self {
        Self { fails, ..self }
    }

    fn after_passes(self, passes: u8) -> Self {
        Self { passes, ..self }
    }
}

/// An enrollment in its world.
trait Enrollment: Scene + Sized {
    type Standing: Copy + Display;

    /// Passes without a fail that an enrollment needs.
    const PASSES: u8;

    /// Starts an enrollment that is to come into a standing.
    fn begin(world: World<Self::Store>, standing: Self::Standing, onboarding: Onboarding) -> Self;

    /// Whether enough samples pass before it is in its standing.
    fn is_passed(&self) -> bool;

    /// Takes a sample of before [`NOW`].
    fn take_sample(&self, passes: bool, key: &str);

    /// Makes what leads to its standing, once the samples are taken.
    fn reach(&self);

    /// Its status as it is stored.
    fn status(&self) -> String;
}

/// Brings an enrollment into a standing. One that is done was passed without a fail.
fn brought_into<S: Enrollment>(
    harness: &impl Harness<Store = S::Store>,
    standing: S::Standing,
    onboarding: Onboarding,
    call: &Try<S>,
) -> S {
    let scene = S::begin(onboarding.world(harness), standing, onboarding);
    let (fails, passes) = if scene.is_passed() { (0, S::PASSES) } else { (call.fails, call.passes) };
    for number in 0..fails + passes {
        scene.take_sample(number >= fails, &format!("sample {number}"));
    }
    scene.reach();
    let status = scene.status();
    assert!(standing.to_string().starts_with(&status), "{standing} is {status}");
    onboarding.decline_if_declined(scene.world());
    scene
}

/// The calls of a capability.
type Section<S> = (&'static str, Vec<Try<S>>);

/// What every call is answered in every standing: a line for each call.
fn lines<S: Enrollment>(
    harness: &impl Harness<Store = S::Store>,
    standings: &[S::Standing],
    onboarding: Onboarding,
    calls: &[Try<S>],
) -> Vec<Vec<String>> {
    let line = |call: &Try<S>| {
        let answers = standings.iter().map(|standing| {
            let make = || brought_into(harness, *standing, onboarding, call);
            format!("| {}", Stage::new(make).attempt(&call.column))
        });
        [call.column.name.to_owned()].into_iter().chain(answers).collect()
    };
    calls.iter().map(line).collect()
}

/// Tables for each capability: a line for every call, a column for every standing. Onboardings that make no difference
/// share a table.
fn tables<S: Enrollment>(
    harness: &impl Harness<Store = S::Store>,
    standings: &[S::Standing],
    onboardings: &[Onboarding],
    capabilities: Vec<Section<S>>,
) -> String {
    let mut text = String::new();
    for (capability, calls) in capabilities {
        let mut found: Vec<(Vec<&str>, Vec<Vec<String>>)> = Vec::new();
        for onboarding in onboardings {
            let lines = lines(harness, standings, *onboarding, &calls);
            match found.iter_mut().find(|(_, same)| *same == lines) {
                Some((names, _)) => names.push(onboarding.name()),
                None => found.push((vec![onboarding.name()], lines)),
            }
        }
        for (names, lines) in found {
            let head = standings.iter().map(|standing| format!("| {standing}"));
            let mut rows: Vec<Vec<String>> = vec![["call".to_owned()].into_iter().chain(head).collect()];
            rows.extend(lines);
            let (names, rows) = (names.join(", "), table(&rows));
            writeln!(text, "{capability}, onboarding {names}\n{}\n", rows.trim_end())
                .expect("a text can be written to");
        }
    }
    text.trim_end().to_owned()
}
