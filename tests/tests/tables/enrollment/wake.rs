//! The table of wake enrollments: what each call does in each state.

use std::fmt;

use selene_acceptance::wake::calls;
use selene_acceptance::{Backend, Harness, World, context};
use selene_contracts::ph1_w::{
    Ph1WReasonCode as Code, Ph1wEnrollCompleteCommitRow, Ph1wEnrollDeferReminderCommitRow,
    Ph1wEnrollSampleCommitRow, Ph1wEnrollStartDraftRow, Ph1wReadEnrollmentSessionRow, WakeEnrollStatus,
    WakeEnrollmentSessionId, WakeEnrollmentSessionRecord, WakeSampleResult,
};
use selene_contracts::{Committed, StorageError};

use super::{Enrollment, NOW, Onboarding, Section, Try, status_cell, tables};
use crate::stage::Scene;

/// When the enrollment begins, and when it is late.
const START: u64 = 10;
const LATE: u64 = START + 180_000 * 1_000_000;

const LOW: Option<Code> = Some(Code::FailG3ScoreLow);
/// The reason that a PASS may have: it failed no gate.
const LATE_REASON: Option<Code> = Some(Code::WEnrollTimeout);

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    InProgress,
    Pending,
    /// Another enrollment of the pair is in progress.
    PendingBehind,
    Complete,
    /// Its profile is bound.
    CompleteBound,
    /// Written into the row by the test: no capability declines.
    Declined,
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InProgress => "IN_PROGRESS",
            Self::Pending => "PENDING",
            Self::PendingBehind => "PENDING, another is IN_PROGRESS",
            Self::Complete => "COMPLETE",
            Self::CompleteBound => "COMPLETE and bound",
            Self::Declined => "DECLINED",
        })
    }
}

struct Wake<B> {
    world: World<B>,
    id: WakeEnrollmentSessionId,
    standing: Standing,
    onboarding: Onboarding,
}

impl<B: Backend> Wake<B> {
    fn row(&self) -> Option<WakeEnrollmentSessionRecord> {
        let input = Ph1wReadEnrollmentSessionRow { wake_enrollment_session_id: self.id.clone() };
        self.world.store().ph1w_read_enrollment_session_row(&context(NOW), input).expect("it is read")
    }

    fn start(&self, idempotency_key: &str) -> String {
        let input = start(self.onboarding, idempotency_key);
        answer(self.world.store().ph1w_enroll_start_draft_row(&context(NOW), input))
    }

    fn sample(&self, now: u64, result: WakeSampleResult, reason: Option<Code>, key: &str) -> String {
        let input = Ph1wEnrollSampleCommitRow { reason_code: reason, ..calls::sample(&self.id, result, key) };
        answer(self.world.store().ph1w_enroll_sample_commit_row(&context(now), input))
    }

    fn complete(&self, now: u64, profile: &str, key: &str) -> String {
        let input = Ph1wEnrollCompleteCommitRow {
            wake_enrollment_session_id: self.id.clone(),
            wake_profile_id: profile.into(),
            idempotency_key: key.into(),
        };
        answer(self.world.store().ph1w_enroll_complete_commit_row(&context(now), input))
    }

    fn defer(&self, now: u64, key: &str) -> String {
        let input = Ph1wEnrollDeferReminderCommitRow {
            wake_enrollment_session_id: self.id.clone(),
            deferred_until: None,
            reason_code: Code::FailG0DeviceUnhealthy,
            idempotency_key: key.into(),
        };
        answer(self.world.store().ph1w_enroll_defer_reminder_commit_row(&context(now), input))
    }
}

fn answer(answer: Result<Committed<WakeEnrollmentSessionRecord>, StorageError>) -> String {
    status_cell(answer, |row| {
        (row.wake_enroll_status.to_string(), row.reason_code.map(|code| code.as_str().to_owned()))
    })
}

fn start(onboarding: Onboarding, idempotency_key: &str) -> Ph1wEnrollStartDraftRow {
    let onboarding_session_id = (onboarding != Onboarding::None).then(|| "onb".into());
    Ph1wEnrollStartDraftRow { onboarding_session_id, ..calls::start(idempotency_key) }
}

impl<B: Backend> Scene for Wake<B> {
    type Store = B;

    fn world(&self) -> &World<B> {
        &self.world
    }
}

impl<B: Backend> Enrollment for Wake<B> {
    type Standing = Standing;

    const PASSES: u8 = 3;

    fn begin(world: World<B>, standing: Standing, onboarding: Onboarding) -> Self {
        let started = world.store().ph1w_enroll_start_draft_row(&context(START), start(onboarding, "start"));
        let id = started.expect("it starts").value.wake_enrollment_session_id;
        Self { world, id, standing, onboarding }
    }

    fn is_passed(&self) -> bool {
        matches!(self.standing, Standing::Complete | Standing::CompleteBound)
    }

    fn take_sample(&self, passes: bool, key: &str) {
        let result = if passes { WakeSampleResult::Pass } else { WakeSampleResult::Fail };
        self.sample(20, result, None, key);
    }

    fn reach(&self) {
        match self.standing {
            Standing::InProgress | Standing::Complete => {}
            Standing::Pending | Standing::PendingBehind => {
                self.defer(30, "defer");
                if self.standing == Standing::PendingBehind {
                    self.start("another");
                }
            }
            Standing::CompleteBound => {
                self.complete(40, "hello", "complete");
            }
            Standing::Declined => {
                let row = self.row().expect("it is there");
                let row =
                    WakeEnrollmentSessionRecord { wake_enroll_status: WakeEnrollStatus::Declined, ..row };
                self.world.store().overwrite(&row).unwrap();
            }
        }
    }

    fn status(&self) -> String {
        self.row().expect("it is there").wake_enroll_status.to_string()
    }
}

fn samples<B: Backend>() -> Vec<Try<Wake<B>>> {
    use WakeSampleResult::{Fail, Pass};
    vec![
        Try::new("PASS", |scene: &Wake<B>| scene.sample(NOW, Pass, None, "new")),
        Try::new("FAIL", |scene: &Wake<B>| scene.sample(NOW, Fail, LOW, "new")),
        Try::new("PASS, the last one needed", |scene: &Wake<B>| scene.sample(LATE, Pass, LATE_REASON, "new"))
            .after_passes(2),
        Try::new("PASS, too late", |scene: &Wake<B>| scene.sample(LATE, Pass, None, "new")),
        Try::new("FAIL, too late", |scene: &Wake<B>| scene.sample(LATE, Fail, LOW, "new")),
        Try::new("PASS, the last attempt", |scene: &Wake<B>| scene.sample(NOW, Pass, None, "new"))
            .after_fails(7),
        Try::new("FAIL, the last attempt", |scene: &Wake<B>| scene.sample(NOW, Fail, LOW, "new"))
            .after_fails(7),
        Try::new("PASS, before the last change", |scene: &Wake<B>| scene.sample(9, Pass, None, "new")),
        Try::new("again, same key", |scene: &Wake<B>| scene.sample(NOW, Fail, None, "sample 0"))
            .after_fails(1),
    ]
}

/// Fills the tables.
pub fn every_standing_and_every_call<H: Harness>(harness: &H) {
    let standings = [
        Standing::InProgress,
        Standing::Pending,
        Standing::PendingBehind,
        Standing::Complete,
        Standing::CompleteBound,
        Standing::Declined,
    ];
    let onboardings = [Onboarding::None, Onboarding::Open, Onboarding::Complete, Onboarding::Declined];
    let capabilities: Vec<Section<Wake<H::Store>>> = vec![
        (
            "PH1W_ENROLL_START_DRAFT_ROW",
            vec![
                Try::new("new", |scene: &Wake<H::Store>| scene.start("new")),
                Try::new("again, same key", |scene: &Wake<H::Store>| scene.start("start")),
            ],
        ),
        ("PH1W_ENROLL_SAMPLE_COMMIT_ROW", samples()),
        (
            "PH1W_ENROLL_COMPLETE_COMMIT_ROW",
            vec![
                Try::new("with a profile", |scene: &Wake<H::Store>| scene.complete(NOW, "hello", "new")),
                Try::new("with another one", |scene: &Wake<H::Store>| scene.complete(NOW, "other", "new")),
                Try::new("before the last change", |scene: &Wake<H::Store>| {
                    scene.complete(9, "hello", "new")
                }),
                Try::new("again, same key", |scene: &Wake<H::Store>| match scene.standing {
                    Standing::CompleteBound => scene.complete(NOW, "other", "complete"),
                    _ => "-".to_owned(),
                }),
            ],
        ),
        (
            "PH1W_ENROLL_DEFER_REMINDER_COMMIT_ROW",
            vec![
                Try::new("deferred", |scene: &Wake<H::Store>| scene.defer(NOW, "new")),
                Try::new("before the last change", |scene: &Wake<H::Store>| scene.defer(9, "new")),
                Try::new("again, same key", |scene: &Wake<H::Store>| match scene.standing {
                    Standing::Pending | Standing::PendingBehind => scene.defer(NOW, "defer"),
                    _ => "-".to_owned(),
                }),
            ],
        ),
        (
            "PH1W_READ_ENROLLMENT_SESSION_ROW",
            vec![Try::new("read", |scene: &Wake<H::Store>| {
                scene
                    .row()
                    .map_or_else(|| "none".to_owned(), |row| format!("reads {}", row.wake_enroll_status))
            })],
        ),
    ];
    insta::assert_snapshot!("wake", tables(harness, &standings, &onboardings, capabilities));
}
