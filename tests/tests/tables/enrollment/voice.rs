//! The table of voice enrollments: what each call does in each state.

use std::fmt;

use selene_acceptance::{Backend, Harness, World, context};
use selene_contracts::ph1_voice_id::{
    Ph1VoiceIdReasonCode as Code, VidEnrollCompleteCommitRow, VidEnrollDeferReminderCommitRow,
    VidEnrollSampleCommitRow, VidEnrollStartDraftRow, VidReadEnrollmentState, VidReadEnrollmentStateOutput,
    VoiceEnrollStatus, VoiceEnrollmentSessionId, VoiceEnrollmentSessionRecord, VoiceSampleResult,
};
use selene_contracts::{Committed, StorageError};
use selene_storage::test_support::inputs;

use super::{Enrollment, NOW, Onboarding, Section, Try, status_cell, tables};
use crate::stage::Scene;

/// When the enrollment begins, and when it is late.
const START: u64 = 10;
const LATE: u64 = START + 60_000 * 1_000_000;

/// The reason of a PASS, and one of a FAIL.
const PASSED: Code = Code::VidEnrollSampleCommit;
const FAILED: Code = Code::VidFailNoSpeech;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    InProgress,
    Pending,
    Locked,
    /// Its profile is written.
    LockedDone,
    /// Written into the row by the test: no capability declines.
    Declined,
}

impl fmt::Display for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InProgress => "IN_PROGRESS",
            Self::Pending => "PENDING",
            Self::Locked => "LOCKED",
            Self::LockedDone => "LOCKED with a profile",
            Self::Declined => "DECLINED",
        })
    }
}

struct Voice<B> {
    world: World<B>,
    id: VoiceEnrollmentSessionId,
    standing: Standing,
}

impl<B: Backend> Voice<B> {
    fn row(&self) -> VoiceEnrollmentSessionRecord {
        let input = VidReadEnrollmentState::Session { voice_enrollment_session_id: self.id.clone() };
        match self.world.store().vid_read_enrollment_state(&context(NOW), input) {
            Ok(VidReadEnrollmentStateOutput::VoiceEnrollmentSessionRecord(row)) => row,
            other => panic!("a session was asked for: {other:?}"),
        }
    }

    fn start(&self, device: &str) -> String {
        answer(self.world.store().vid_enroll_start_draft_row(&context(NOW), start(device)))
    }

    fn sample(&self, now: u64, result: VoiceSampleResult, reason_code: Code, key: &str) -> String {
        let input = VidEnrollSampleCommitRow {
            voice_enrollment_session_id: self.id.clone(),
            audio_sample_ref: "audio".into(),
            attempt_index: 1,
            result,
            reason_code,
            idempotency_key: key.into(),
        };
        answer(self.world.store().vid_enroll_sample_commit_row(&context(now), input))
    }

    fn complete(&self, now: u64, key: &str) -> String {
        let input = VidEnrollCompleteCommitRow {
            voice_enrollment_session_id: self.id.clone(),
            idempotency_key: key.into(),
        };
        answer(self.world.store().vid_enroll_complete_commit_row(&context(now), input))
    }

    fn defer(&self, now: u64, key: &str) -> String {
        let input = VidEnrollDeferReminderCommitRow {
            voice_enrollment_session_id: self.id.clone(),
            reason_code: Code::VidReauthRequired,
            idempotency_key: key.into(),
        };
        answer(self.world.store().vid_enroll_defer_reminder_commit_row(&context(now), input))
    }
}

/// The engine has one code for every refusal of a call, so the cell is the field that the refusal names.
fn answer(answer: Result<Committed<VoiceEnrollmentSessionRecord>, StorageError>) -> String {
    if let Err(StorageError::ContractViolation { reason_code, violations, .. }) = &answer {
        assert_eq!(*reason_code, Code::VidContractValidationFailed.into());
        return format!("refused: {}", violations[0].field);
    }
    status_cell(answer, |row| {
        (row.voice_enroll_status.to_string(), row.reason_code.map(|code| code.as_str().to_owned()))
    })
}

fn start(device: &str) -> VidEnrollStartDraftRow {
    inputs::voice_start("onb", device)
}

impl<B: Backend> Scene for Voice<B> {
    type Store = B;

    fn world(&self) -> &World<B> {
        &self.world
    }
}

impl<B: Backend> Enrollment for Voice<B> {
    type Standing = Standing;

    const PASSES: u8 = 2;

    fn begin(world: World<B>, standing: Standing, _onboarding: Onboarding) -> Self {
        let started = world.store().vid_enroll_start_draft_row(&context(START), start("ann_phone"));
        let id = started.expect("it starts").value.voice_enrollment_session_id;
        Self { world, id, standing }
    }

    fn is_passed(&self) -> bool {
        matches!(self.standing, Standing::Locked | Standing::LockedDone)
    }

    fn take_sample(&self, passes: bool, key: &str) {
        let (result, reason) =
            if passes { (VoiceSampleResult::Pass, PASSED) } else { (VoiceSampleResult::Fail, FAILED) };
        self.sample(20, result, reason, key);
    }

    fn reach(&self) {
        match self.standing {
            Standing::InProgress | Standing::Locked => {}
            Standing::Pending => {
                self.defer(30, "defer");
            }
            Standing::LockedDone => {
                self.complete(40, "complete");
            }
            Standing::Declined => {
                let row = VoiceEnrollmentSessionRecord {
                    voice_enroll_status: VoiceEnrollStatus::Declined,
                    ..self.row()
                };
                self.world.store().overwrite(&row).unwrap();
            }
        }
    }

    fn status(&self) -> String {
        self.row().voice_enroll_status.to_string()
    }
}

fn samples<B: Backend>() -> Vec<Try<Voice<B>>> {
    use VoiceSampleResult::{Fail, Pass};
    vec![
        Try::new("PASS", |scene: &Voice<B>| scene.sample(NOW, Pass, PASSED, "new")),
        Try::new("FAIL", |scene: &Voice<B>| scene.sample(NOW, Fail, FAILED, "new")),
        Try::new("PASS, the last one needed", |scene: &Voice<B>| scene.sample(LATE, Pass, PASSED, "new"))
            .after_passes(1),
        Try::new("PASS, too late", |scene: &Voice<B>| scene.sample(LATE, Pass, PASSED, "new")),
        Try::new("FAIL, too late", |scene: &Voice<B>| scene.sample(LATE, Fail, FAILED, "new")),
        Try::new("PASS, the last attempt", |scene: &Voice<B>| scene.sample(NOW, Pass, PASSED, "new"))
            .after_fails(4),
        Try::new("FAIL, the last attempt", |scene: &Voice<B>| scene.sample(NOW, Fail, FAILED, "new"))
            .after_fails(4),
        Try::new("PASS with a FAIL's reason", |scene: &Voice<B>| scene.sample(NOW, Pass, FAILED, "new")),
        Try::new("PASS, before the last change", |scene: &Voice<B>| scene.sample(9, Pass, PASSED, "new")),
        Try::new("again, same key", |scene: &Voice<B>| scene.sample(NOW, Fail, FAILED, "sample 0"))
            .after_fails(1),
    ]
}

/// Fills the tables.
pub fn every_standing_and_every_call<H: Harness>(harness: &H) {
    let standings =
        [Standing::InProgress, Standing::Pending, Standing::Locked, Standing::LockedDone, Standing::Declined];
    let onboardings = [Onboarding::Open, Onboarding::Complete, Onboarding::Declined];
    let capabilities: Vec<Section<Voice<H::Store>>> = vec![
        (
            "VID_ENROLL_START_DRAFT_ROW",
            vec![
                Try::new("on another device", |scene: &Voice<H::Store>| scene.start("ann_tablet")),
                Try::new("again, same device", |scene: &Voice<H::Store>| scene.start("ann_phone")),
            ],
        ),
        ("VID_ENROLL_SAMPLE_COMMIT_ROW", samples()),
        (
            "VID_ENROLL_COMPLETE_COMMIT_ROW",
            vec![
                Try::new("completed", |scene: &Voice<H::Store>| scene.complete(NOW, "new")),
                Try::new("before the last change", |scene: &Voice<H::Store>| scene.complete(9, "new")),
                Try::new("again, same key", |scene: &Voice<H::Store>| match scene.standing {
                    Standing::LockedDone => scene.complete(NOW, "complete"),
                    _ => "-".to_owned(),
                }),
            ],
        ),
        (
            "VID_ENROLL_DEFER_REMINDER_COMMIT_ROW",
            vec![
                Try::new("deferred", |scene: &Voice<H::Store>| scene.defer(NOW, "new")),
                Try::new("before the last change", |scene: &Voice<H::Store>| scene.defer(9, "new")),
                Try::new("again, same key", |scene: &Voice<H::Store>| match scene.standing {
                    Standing::Pending => scene.defer(NOW, "defer"),
                    _ => "-".to_owned(),
                }),
            ],
        ),
        (
            "VID_READ_ENROLLMENT_STATE",
            vec![Try::new("read", |scene: &Voice<H::Store>| {
                format!("reads {}", scene.row().voice_enroll_status)
            })],
        ),
    ];
    let text = tables(harness, &standings, &onboardings, capabilities);
    insta::assert_snapshot!(
        "voice",
        format!("refused: VID_CONTRACT_VALIDATION_FAILED, with the field\n\n{text}")
    );
}
