//! The acceptance tests AT-VID-DB-01..04: voice enrollments and profiles.

use selene_contracts::ph1_voice_id::{
    Ph1VidEnrollmentRepo, Ph1VoiceIdAcceptance, Ph1VoiceIdReasonCode as Code, VidAppendOnlyGuard,
    VidEnrollCompleteCommitRow, VidEnrollDeferReminderCommitRow, VidEnrollSampleCommitRow,
    VidEnrollStartDraftRow, VidReadEnrollmentState, VidReadEnrollmentStateOutput,
    VoiceEnrollStatus as Status, VoiceEnrollmentSampleRecord, VoiceEnrollmentSessionId,
    VoiceEnrollmentSessionRecord, VoiceProfileRecord, VoiceSampleResult,
};
use selene_contracts::shared::{AuditEventType, DeviceId, EvidenceRef, TenantId, UserId};
use selene_storage::test_support::inputs;

use crate::harness::{Backend, Harness};
use crate::world::{World, context, key};

/// The acceptance tests of PH1.VOICE.ID on the stores of a harness.
pub struct VoiceSuite<H>(pub H);

/// The time after which the enrollments of this suite wait.
const TIMEOUT_NS: u64 = 60_000 * 1_000_000;

fn start(onboarding_session_id: &str, device_id: &str) -> VidEnrollStartDraftRow {
    inputs::voice_start(onboarding_session_id, DeviceId::new(device_id))
}

fn sample(
    session: &VoiceEnrollmentSessionId,
    attempt_index: u16,
    result: VoiceSampleResult,
) -> VidEnrollSampleCommitRow {
    VidEnrollSampleCommitRow {
        voice_enrollment_session_id: session.clone(),
        audio_sample_ref: format!("audio_{attempt_index}").into(),
        attempt_index,
        result,
        reason_code: match result {
            VoiceSampleResult::Pass => Code::VidEnrollSampleCommit,
            VoiceSampleResult::Fail => Code::VidFailLowConfidence,
        },
        idempotency_key: key("k"),
    }
}

fn complete(session: &VoiceEnrollmentSessionId, idempotency_key: &str) -> VidEnrollCompleteCommitRow {
    VidEnrollCompleteCommitRow {
        voice_enrollment_session_id: session.clone(),
        idempotency_key: key(idempotency_key),
    }
}

fn defer(session: &VoiceEnrollmentSessionId, reason_code: Code) -> VidEnrollDeferReminderCommitRow {
    VidEnrollDeferReminderCommitRow {
        voice_enrollment_session_id: session.clone(),
        reason_code,
        idempotency_key: key("k"),
    }
}

/// A world with an onboarding session for each of its people.
fn onboarded<H: Harness>(harness: &H) -> World<H::Store> {
    let world = World::with_people(harness);
    world.onboarding("onb_ann", Some("tenant_a"), None);
    world.onboarding("onb_bob", Some("tenant_b"), Some("bob_phone"));
    world.onboarding("onb_free", None, None);
    world.onboarding("onb_phone", Some("tenant_a"), Some("ann_phone"));
    world.at_home("cleo", "tenant_c");
    world.device("cleo_tablet", "cleo", None);
    world.onboarding("onb_declined", Some("tenant_a"), None);
    world.store().decline_onboarding_session(&"onb_declined".into()).expect("the terms are declined");
    world
}

fn begin(world: &World<impl Backend>, now: u64, input: VidEnrollStartDraftRow) -> VoiceEnrollmentSessionId {
    let started = world.store().vid_enroll_start_draft_row(&context(now), input);
    started.expect("the enrollment starts").value.voice_enrollment_session_id
}

/// Commits a sample and gives the enrollment after it.
fn take(
    world: &World<impl Backend>,
    now: u64,
    input: VidEnrollSampleCommitRow,
) -> VoiceEnrollmentSessionRecord {
    let taken = world.store().vid_enroll_sample_commit_row(&context(now), input);
    taken.expect("the sample is taken").value
}

fn read(world: &World<impl Backend>, input: VidReadEnrollmentState) -> VidReadEnrollmentStateOutput {
    world.store().vid_read_enrollment_state(&context(1), input).expect("the read is served")
}

fn session_of(
    world: &World<impl Backend>,
    session: &VoiceEnrollmentSessionId,
) -> VoiceEnrollmentSessionRecord {
    let input = VidReadEnrollmentState::Session { voice_enrollment_session_id: session.clone() };
    match read(world, input) {
        VidReadEnrollmentStateOutput::VoiceEnrollmentSessionRecord(row) => row,
        other => panic!("a session was asked for: {other:?}"),
    }
}

fn samples_of(
    world: &World<impl Backend>,
    session: &VoiceEnrollmentSessionId,
) -> Vec<VoiceEnrollmentSampleRecord> {
    let input = VidReadEnrollmentState::Samples { voice_enrollment_session_id: session.clone() };
    match read(world, input) {
        VidReadEnrollmentStateOutput::VoiceEnrollmentSampleRecords(rows) => rows,
        other => panic!("samples were asked for: {other:?}"),
    }
}

fn profile_of(world: &World<impl Backend>, row: &VoiceEnrollmentSessionRecord) -> VoiceProfileRecord {
    let voice_profile_id = row.voice_profile_id.clone().expect("the enrollment has a profile");
    match read(world, VidReadEnrollmentState::Profile { voice_profile_id }) {
        VidReadEnrollmentStateOutput::VoiceProfileRecord(row) => row,
        other => panic!("a profile was asked for: {other:?}"),
    }
}

/// Who may start an enrollment, in which onboarding session and when.
fn starts_stay_in_their_scope(world: &World<impl Backend>) {
    for (onboarding, device) in [
        ("onb_x", "ann_phone"),
        ("onb_ann", "no_phone"),
        ("onb_ann", "bob_phone"),
        ("onb_bob", "ann_phone"),
        // The tablet has no tenant, but the onboarding session has a person of its own.
        ("onb_bob", "ann_tablet"),
    ] {
        world.refuses(Code::VidScopeViolation, |store| {
            store.vid_enroll_start_draft_row(&context(2), start(onboarding, device))
        });
    }
    let refusal = |onboarding| {
        let input = start(onboarding, "ann_phone");
        world.store().vid_enroll_start_draft_row(&context(2), input).unwrap_err().to_string()
    };
    assert_eq!(
        refusal("onb_bob"),
        refusal("onb_x"),
        "another tenant's session is refused like one that is not there"
    );
    let unasserted = VidEnrollStartDraftRow { consent_asserted: false, ..start("onb_ann", "ann_phone") };
    for (now, input) in [
        (2, unasserted),
        (2, start("onb_declined", "ann_phone")),
        (0, start("onb_ann", "ann_phone")),
        // Nothing leads to a tenant, and every event of the engine has one.
        (2, start("onb_free", "ann_tablet")),
    ] {
        world.refuses(Code::VidContractValidationFailed, |store| {
            store.vid_enroll_start_draft_row(&context(now), input)
        });
    }
}

impl<H: Harness> Ph1VoiceIdAcceptance for VoiceSuite<H> {
    fn at_vid_db_01_tenant_isolation_enforced(&self) {
        let mut world = onboarded(&self.0);
        starts_stay_in_their_scope(&world);
        let nobody = VoiceEnrollmentSessionId::new("ves_nobody");
        world.refuses(Code::VidScopeViolation, |store| {
            store.vid_enroll_sample_commit_row(&context(2), sample(&nobody, 1, VoiceSampleResult::Pass))
        });
        world.refuses(Code::VidScopeViolation, |store| {
            store.vid_enroll_complete_commit_row(&context(2), complete(&nobody, "k"))
        });
        world.refuses(Code::VidScopeViolation, |store| {
            store.vid_enroll_defer_reminder_commit_row(&context(2), defer(&nobody, Code::VidReauthRequired))
        });
        for input in [
            VidReadEnrollmentState::Session { voice_enrollment_session_id: nobody.clone() },
            VidReadEnrollmentState::Samples { voice_enrollment_session_id: nobody },
            VidReadEnrollmentState::Profile { voice_profile_id: "vpr_nobody".into() },
        ] {
            world.refuses(Code::VidScopeViolation, |store| {
                store.vid_read_enrollment_state(&context(2), input)
            });
        }
        let expected = [
            ("onb_ann", "ann_phone", Some("tenant_a"), "ann"),
            ("onb_ann", "ann_tablet", Some("tenant_a"), "ann"),
            ("onb_bob", "bob_phone", Some("tenant_b"), "bob"),
            // Whose the primary device is, may enroll on another one too.
            ("onb_phone", "ann_tablet", Some("tenant_a"), "ann"),
            ("onb_phone", "ann_phone", Some("tenant_a"), "ann"),
            ("onb_free", "bob_phone", Some("tenant_b"), "bob"),
            // Neither has a tenant, but the owner has a home.
            ("onb_free", "cleo_tablet", Some("tenant_c"), "cleo"),
        ];
        let begun = expected.map(|(onboarding, device, _, _)| {
            let started = world.store().vid_enroll_start_draft_row(&context(3), start(onboarding, device));
            started.expect("the enrollment starts").event_id
        });
        world.reopen();
        world.chains_verify();
        let mut events = world.events();
        events.retain(|event| event.engine.as_str() == "PH1.VOICE.ID");
        assert_eq!(events.len(), expected.len());
        for (event_id, (onboarding, device, tenant, owner)) in begun.iter().zip(expected) {
            let event = events.iter().find(|event| event.event_id == *event_id).expect("it left an event");
            assert_eq!(event.tenant_id, tenant.map(TenantId::new), "{onboarding} on {device}");
            assert_eq!(event.user_id, Some(UserId::new(owner)));
            assert_eq!(event.device_id, Some(DeviceId::new(device)));
            assert_eq!(event.payload_min.get("onboarding_session_id"), Some(onboarding));
            assert!(event.idempotency_key.is_some(), "a start has a key that is derived");
        }
    }

    fn at_vid_db_02_append_only_enforced(&self) {
        let mut world = onboarded(&self.0);
        let session = begin(&world, 10, start("onb_ann", "ann_phone"));
        take(&world, 11, sample(&session, 1, VoiceSampleResult::Fail));
        take(&world, 12, sample(&session, 2, VoiceSampleResult::Pass));
        world.reopen();
        let before = samples_of(&world, &session);
        for sample_seq in [1, 2] {
            world.refuses(Code::VidAppendOnlyViolation, |store| {
                let guard = VidAppendOnlyGuard { voice_enrollment_session_id: session.clone(), sample_seq };
                store.vid_append_only_guard(&context(13), guard)
            });
        }
        world.refuses(Code::VidScopeViolation, |store| {
            let guard = VidAppendOnlyGuard { voice_enrollment_session_id: session.clone(), sample_seq: 3 };
            store.vid_append_only_guard(&context(13), guard)
        });
        take(&world, 14, sample(&session, 3, VoiceSampleResult::Pass));
        world.refuses(Code::VidContractValidationFailed, |store| {
            store.vid_enroll_sample_commit_row(&context(15), sample(&session, 4, VoiceSampleResult::Fail))
        });
        let after = samples_of(&world, &session);
        assert_eq!((&after[..2], after.len()), (&before[..], 3), "a later sample changes no earlier one");
    }

    fn at_vid_db_03_idempotency_dedupe_works(&self) {
        let mut world = onboarded(&self.0);
        let replay = Code::VidIdempotencyReplay;
        let input = start("onb_ann", "ann_phone");
        // One enrollment per onboarding session and device, whatever else the call says.
        let other = VidEnrollStartDraftRow { max_total_attempts: 20, ..input.clone() };
        let started = world.replays(replay, input, other, Ph1VidEnrollmentRepo::vid_enroll_start_draft_row);
        assert_eq!(started.max_total_attempts, 5);
        // The consent is asked before a replay is answered.
        world.refuses(Code::VidContractValidationFailed, |store| {
            let without = VidEnrollStartDraftRow { consent_asserted: false, ..start("onb_ann", "ann_phone") };
            store.vid_enroll_start_draft_row(&context(50), without)
        });
        let session = started.voice_enrollment_session_id;
        let taken = world.replays(
            replay,
            sample(&session, 1, VoiceSampleResult::Pass),
            sample(&session, 1, VoiceSampleResult::Fail),
            Ph1VidEnrollmentRepo::vid_enroll_sample_commit_row,
        );
        assert_eq!((taken.consecutive_passes, taken.attempt_count), (1, 1));
        // The same key under another attempt is another sample.
        let locked = take(&world, 60, sample(&session, 2, VoiceSampleResult::Pass));
        assert_eq!(locked.voice_enroll_status, Status::Locked);
        let store = world.store();
        let first = store.vid_enroll_complete_commit_row(&context(61), complete(&session, "c1")).unwrap();
        let events = world.events();
        let again = store.vid_enroll_complete_commit_row(&context(62), complete(&session, "c1")).unwrap();
        assert!(!again.is_applied());
        assert_eq!((&again.value, world.events()), (&first.value, events));
        let new_key = store.vid_enroll_complete_commit_row(&context(63), complete(&session, "c2")).unwrap();
        assert!(new_key.is_applied());
        assert_eq!(new_key.value, first.value, "the same profile, and nothing but an event");

        let waiting = begin(&world, 64, start("onb_bob", "bob_phone"));
        let deferred = world_defers(&world, &waiting);
        assert_eq!(deferred.reason_code, Some(Code::VidEnrollmentRequired));
        world.reopen();
        let again = world.store().vid_enroll_start_draft_row(&context(99), start("onb_ann", "ann_phone"));
        assert!(!again.unwrap().is_applied(), "keys never expire");
    }

    fn at_vid_db_04_current_table_consistency_with_sample_ledger(&self) {
        let mut world = onboarded(&self.0);
        let locked = folds_to_its_row(&world);
        waits_when_late_or_used_up(&world);
        world.refuses(Code::VidContractValidationFailed, |store| {
            let input = defer(&locked.voice_enrollment_session_id, Code::VidReauthRequired);
            store.vid_enroll_defer_reminder_commit_row(&context(99), input)
        });
        let completed = world.store().vid_enroll_complete_commit_row(
            &context(100),
            complete(&locked.voice_enrollment_session_id, "c"),
        );
        let completed = completed.unwrap().value;
        world.reopen();
        world.chains_verify();
        assert_eq!(session_of(&world, &completed.voice_enrollment_session_id), completed);
        let profile = profile_of(&world, &completed);
        assert_eq!(profile.voice_enrollment_session_id, completed.voice_enrollment_session_id);
        assert_eq!((profile.onboarding_session_id.as_str(), profile.created_at.get()), ("onb_ann", 100));
        let events = world.events();
        let of_samples: Vec<_> = events
            .iter()
            .filter(|event| event.reason_code == Code::VidEnrollSampleCommit.into())
            .filter(|event| event.device_id == Some(DeviceId::new("ann_phone")))
            .collect();
        let samples = samples_of(&world, &completed.voice_enrollment_session_id);
        assert_eq!(of_samples.len(), samples.len());
        for (event, sample) in of_samples.iter().zip(&samples) {
            assert_eq!(event.event_type, AuditEventType::PerceptionSignalEmitted);
            assert_eq!(event.evidence_ref, Some(EvidenceRef::new(sample.audio_sample_ref.as_str())));
        }
    }
}

fn world_defers<B: Backend>(
    world: &World<B>,
    session: &VoiceEnrollmentSessionId,
) -> VoiceEnrollmentSessionRecord {
    let (given, other) =
        (defer(session, Code::VidEnrollmentRequired), defer(session, Code::VidReauthRequired));
    let at_later_time = |store: &B, context: &selene_contracts::CallContext, input| {
        let later = context.clone().at((context.now.get() + 100).into());
        store.vid_enroll_defer_reminder_commit_row(&later, input)
    };
    world.replays(Code::VidIdempotencyReplay, given, other, at_later_time)
}

/// The row of an enrollment is the fold of its samples at every step, until it is locked.
fn folds_to_its_row(world: &World<impl Backend>) -> VoiceEnrollmentSessionRecord {
    use VoiceSampleResult::{Fail, Pass};
    let session = begin(world, 10, start("onb_ann", "ann_phone"));
    for (result, reason_code) in [(Pass, Code::VidFailLowConfidence), (Fail, Code::VidEnrollSampleCommit)] {
        world.refuses(Code::VidContractValidationFailed, |store| {
            let input = VidEnrollSampleCommitRow { reason_code, ..sample(&session, 1, result) };
            store.vid_enroll_sample_commit_row(&context(11), input)
        });
    }
    assert_eq!(samples_of(world, &session), []);
    for (attempt, result) in [(1, Pass), (2, Fail), (3, Pass), (4, Pass)] {
        let row = take(world, 10 + u64::from(attempt), sample(&session, attempt, result));
        let ledger = samples_of(world, &session);
        let passes = ledger.iter().rev().take_while(|row| row.result == Pass).count();
        assert_eq!(usize::from(row.consecutive_passes), passes);
        assert_eq!(usize::from(row.attempt_count), ledger.len());
        let places: Vec<_> = ledger.iter().map(|row| row.sample_seq).collect();
        assert_eq!(places, (1..=u32::from(row.attempt_count)).collect::<Vec<_>>());
        assert_eq!(row.reason_code, (result == Fail).then_some(Code::VidFailLowConfidence));
        assert_eq!(row.updated_at, ledger.last().unwrap().created_at);
        assert_eq!(session_of(world, &session), row);
    }
    let locked = session_of(world, &session);
    assert_eq!((locked.voice_enroll_status, locked.voice_profile_id.clone()), (Status::Locked, None));
    locked
}

/// An enrollment that takes too long or too many attempts waits, and takes no more samples.
fn waits_when_late_or_used_up(world: &World<impl Backend>) {
    use VoiceSampleResult::{Fail, Pass};
    let slow = begin(world, 10, start("onb_bob", "bob_phone"));
    take(world, 9 + TIMEOUT_NS, sample(&slow, 1, Fail));
    let row = take(world, 10 + TIMEOUT_NS, sample(&slow, 2, Pass));
    assert_eq!((row.voice_enroll_status, row.reason_code), (Status::Pending, Some(Code::VidEnrollTimeout)));
    let failing = begin(world, 10, start("onb_ann", "ann_tablet"));
    for attempt in 1..=5 {
        let row = take(world, 20 + u64::from(attempt), sample(&failing, attempt, Fail));
        let expected = if attempt < 5 { Status::InProgress } else { Status::Pending };
        assert_eq!(row.voice_enroll_status, expected);
        assert_eq!(row.reason_code, Some(Code::VidFailLowConfidence), "a sample's own reason stands");
    }
    for session in [&slow, &failing] {
        world.refuses(Code::VidContractValidationFailed, |store| {
            store.vid_enroll_sample_commit_row(&context(11 + TIMEOUT_NS), sample(session, 9, Pass))
        });
        world.refuses(Code::VidContractValidationFailed, |store| {
            store.vid_enroll_complete_commit_row(&context(11 + TIMEOUT_NS), complete(session, "c"))
        });
        world.refuses(Code::VidContractValidationFailed, |store| {
            store.vid_enroll_defer_reminder_commit_row(&context(12), defer(session, Code::VidReauthRequired))
        });
    }
}
