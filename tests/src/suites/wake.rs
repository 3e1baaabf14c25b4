//! The acceptance tests AT-W-DB-01..04: wake enrollments, profiles and runtime events.

pub mod calls;

use selene_contracts::ph1_w::{
    Ph1WAcceptance, Ph1WReasonCode as Code, Ph1wAppendOnlyGuards, Ph1wEnrollDeferReminderCommitRow,
    Ph1wEnrollStartDraftRow, Ph1wReadRuntimeEventRows, Ph1wRuntimeEventCommitRow, Ph1wWakeRepo,
    WakeEnrollStatus as Status, WakeEnrollmentSessionId, WakeProfileId, WakeSampleResult,
};
use selene_contracts::shared::{AuditEventType, DeviceId, MonotonicTimeNs, SessionId, TenantId, UserId};
use selene_storage::test_support::{wake_event, with_verdict};

use crate::harness::{Backend, Harness};
use crate::world::{World, context, key};
use calls::{
    active, begin, complete, defer, pass_all, read, sample, samples, says_its_row, start, take, wakes,
};

/// The acceptance tests of PH1.W on the stores of a harness.
pub struct WakeSuite<H>(pub H);

/// The time after which the enrollments of this suite wait.
const TIMEOUT_NS: u64 = 180_000 * 1_000_000;

/// Who may start an enrollment on which device, and in which onboarding session.
fn starts_stay_in_their_scope(world: &World<impl Backend>) {
    let starts = |user: &str, device: &str, onboarding: Option<&str>| Ph1wEnrollStartDraftRow {
        user_id: UserId::new(user),
        device_id: DeviceId::new(device),
        onboarding_session_id: onboarding.map(Into::into),
        ..start("scope")
    };
    world.onboarding("onb_a", Some("tenant_a"), None);
    world.onboarding("onb_b", Some("tenant_b"), None);
    world.identity("cid");
    world.device("cid_phone", "cid", Some("tenant_a"));
    world.onboarding("onb_cid", Some("tenant_a"), Some("cid_phone"));
    world.onboarding("onb_declined", Some("tenant_a"), Some("ann_phone"));
    world.store().decline_onboarding_session(&"onb_declined".into()).unwrap();
    for (code, user, device, onboarding) in [
        (Code::WEnrollUserMissing, "eve", "ann_phone", None),
        (Code::WEnrollDeviceMissing, "ann", "no_phone", None),
        (Code::WScopeViolation, "ann", "ann_phone", Some("onb_x")),
        (Code::WEnrollDeviceOwnershipMismatch, "bob", "ann_phone", None),
        (Code::WScopeViolation, "ann", "ann_phone", Some("onb_b")),
        // Of the same tenant, but the onboarding is another person's.
        (Code::WScopeViolation, "ann", "ann_phone", Some("onb_cid")),
        (Code::WOnboardingDeclined, "ann", "ann_phone", Some("onb_declined")),
    ] {
        world.refuses(code, |store| {
            store.ph1w_enroll_start_draft_row(&context(2), starts(user, device, onboarding))
        });
    }
    let refusal = |onboarding| {
        let input = starts("ann", "ann_phone", Some(onboarding));
        world.store().ph1w_enroll_start_draft_row(&context(2), input).unwrap_err().to_string()
    };
    assert_eq!(
        refusal("onb_b"),
        refusal("onb_x"),
        "another tenant's session is refused like one that is not there"
    );
    world.refuses(Code::WEnrollTimeInvalid, |store| {
        let input = starts("ann", "ann_phone", Some("onb_a"));
        store.ph1w_enroll_start_draft_row(&context(0), input)
    });
    begin(world, 3, starts("ann", "ann_phone", Some("onb_a")));
    world.refuses(Code::WEnrollAlreadyInProgress, |store| {
        store.ph1w_enroll_start_draft_row(&context(4), start("second"))
    });
    begin(world, 4, starts("ann", "ann_tablet", Some("onb_b")));
}

/// Whose wake words a device may report.
fn wake_events_stay_in_their_scope(world: &World<impl Backend>) {
    world.session(5, "ann", "ann_phone");
    world.session(6, "bob", "bob_phone");
    let wakes = |device: &str, session: Option<u64>, user: Option<&str>| Ph1wRuntimeEventCommitRow {
        session_id: session.map(SessionId::new),
        user_id: user.map(UserId::new),
        ..wake_event("wake_scope", device, "scope")
    };
    for (code, device, session, user) in [
        (Code::WRuntimeDeviceMissing, "no_phone", Some(9), Some("eve")),
        (Code::WRuntimeSessionInvalid, "ann_phone", Some(9), Some("eve")),
        (Code::WRuntimeSessionInvalid, "ann_phone", Some(6), None),
        (Code::WRuntimeSessionInvalid, "ann_phone", Some(5), Some("bob")),
        (Code::WRuntimeUserInvalid, "ann_phone", None, Some("bob")),
        (Code::WRuntimeUserInvalid, "ann_phone", None, Some("eve")),
    ] {
        world.refuses(code, |store| {
            store.ph1w_runtime_event_commit_row(&context(6), wakes(device, session, user))
        });
    }
    world.refuses(Code::WContractValidationFailed, |store| {
        store.ph1w_runtime_event_commit_row(&context(6), wake_event(" ", "ann_phone", "scope"))
    });
    let store = world.store();
    store.ph1w_runtime_event_commit_row(&context(6), wakes("ann_phone", Some(5), Some("ann"))).unwrap();
    store.ph1w_runtime_event_commit_row(&context(7), wake_event("wake_bob", "bob_phone", "scope")).unwrap();
}

impl<H: Harness> Ph1WAcceptance for WakeSuite<H> {
    fn at_w_db_01_tenant_isolation_enforced(&self) {
        let mut world = World::with_people(&self.0);
        starts_stay_in_their_scope(&world);
        wake_events_stay_in_their_scope(&world);
        // An unknown row and a row of somebody else are refused alike.
        let nobody = WakeEnrollmentSessionId::new("wes_nobody");
        world.refuses(Code::WScopeViolation, |store| {
            let input = sample(&nobody, WakeSampleResult::Pass, "k");
            store.ph1w_enroll_sample_commit_row(&context(9), input)
        });
        world.refuses(Code::WScopeViolation, |store| {
            store.ph1w_enroll_complete_commit_row(&context(9), complete(&nobody, "p", "k"))
        });
        world.refuses(Code::WScopeViolation, |store| {
            store.ph1w_enroll_defer_reminder_commit_row(&context(9), defer(&nobody, "k"))
        });
        assert_eq!((read(&world, &nobody), samples(&world, &nobody)), (None, Vec::new()));
        world.reopen();
        world.chains_verify();
        let tenant_of = |key_text: &str, device: &str| {
            let events = world.events();
            let event = events.iter().find(|event| {
                event.engine.as_str() == "PH1.W"
                    && event.idempotency_key == Some(key(key_text))
                    && event.device_id == Some(DeviceId::new(device))
            });
            event.expect("the event is there").tenant_id.clone()
        };
        assert_eq!(tenant_of("scope", "ann_phone"), Some(TenantId::new("tenant_a")));
        assert_eq!(tenant_of("scope", "bob_phone"), Some(TenantId::new("tenant_b")));
        assert_eq!(
            tenant_of("scope", "ann_tablet"),
            Some(TenantId::new("tenant_b")),
            "the onboarding session's"
        );
        assert_eq!(world.tenant_of("ann_tablet"), None, "an onboarding session binds no device");
    }

    fn at_w_db_02_append_only_enforced(&self) {
        let mut world = World::with_people(&self.0);
        let session = begin(&world, 10, start("s1"));
        pass_all(&world, 11, &session);
        world
            .store()
            .ph1w_runtime_event_commit_row(&context(20), wake_event("w1", "ann_phone", "w1"))
            .unwrap();
        world.reopen();
        let before = (samples(&world, &session), wakes(&world));
        for sample_seq in 1..=3 {
            world.refuses(Code::WAppendOnlyViolation, |store| {
                let guard = Ph1wAppendOnlyGuards::WakeEnrollmentSessionIdAndSampleSeq {
                    wake_enrollment_session_id: session.clone(),
                    sample_seq,
                };
                store.ph1w_append_only_guards(&context(21), guard)
            });
        }
        world.refuses(Code::WAppendOnlyViolation, |store| {
            let guard = Ph1wAppendOnlyGuards::WakeEventId { wake_event_id: "w1".into() };
            store.ph1w_append_only_guards(&context(21), guard)
        });
        world.refuses(Code::WScopeViolation, |store| {
            let guard = Ph1wAppendOnlyGuards::WakeEventId { wake_event_id: "no_wake".into() };
            store.ph1w_append_only_guards(&context(21), guard)
        });
        // A wake event that was committed cannot be committed again with other values.
        world.refuses(Code::WRuntimeEventDuplicate, |store| {
            store.ph1w_runtime_event_commit_row(&context(22), wake_event("w1", "ann_phone", "w2"))
        });
        world.refuses(Code::WEnrollSampleSessionClosed, |store| {
            let late = sample(&session, WakeSampleResult::Fail, "late");
            store.ph1w_enroll_sample_commit_row(&context(23), late)
        });
        world
            .store()
            .ph1w_runtime_event_commit_row(&context(24), wake_event("w0", "ann_phone", "w0"))
            .unwrap();
        assert_eq!(samples(&world, &session), before.0);
        assert_eq!(
            (before.1, wakes(&world)),
            (vec!["w1".to_owned()], vec!["w1".to_owned(), "w0".to_owned()])
        );
    }

    fn at_w_db_03_idempotency_dedupe_works(&self) {
        let mut world = World::with_people(&self.0);
        let replay = Code::WIdempotencyReplay;
        let other_target = Ph1wEnrollStartDraftRow { pass_target: 8, ..start("s1") };
        let started =
            world.replays(replay, start("s1"), other_target, Ph1wWakeRepo::ph1w_enroll_start_draft_row);
        assert_eq!(started.pass_target, 3);
        let session = started.wake_enrollment_session_id;
        let taken = world.replays(
            replay,
            sample(&session, WakeSampleResult::Fail, "k"),
            sample(&session, WakeSampleResult::Pass, "k"),
            Ph1wWakeRepo::ph1w_enroll_sample_commit_row,
        );
        assert_eq!((taken.pass_count, taken.attempt_count), (0, 1));
        assert_eq!(samples(&world, &session).len(), 1, "a replay adds no sample");
        let later = Ph1wEnrollDeferReminderCommitRow { deferred_until: None, ..defer(&session, "k") };
        let deferred = world.replays(
            replay,
            defer(&session, "k"),
            later,
            Ph1wWakeRepo::ph1w_enroll_defer_reminder_commit_row,
        );
        assert_eq!(deferred.deferred_until, Some(MonotonicTimeNs::new(900)));
        pass_all(&world, 60, &session);
        world.refuses(Code::WEnrollTimeInvalid, |store| {
            store.ph1w_enroll_complete_commit_row(&context(50), complete(&session, "p1", "k"))
        });
        let completed = |now, profile: &str, idempotency_key: &str| {
            let input = complete(&session, profile, idempotency_key);
            world.store().ph1w_enroll_complete_commit_row(&context(now), input)
        };
        let first = completed(70, "p1", "k").unwrap();
        let again = completed(71, "p2", "k").unwrap();
        assert!(!again.is_applied(), "the key was used");
        assert_eq!(again.value, first.value);
        let other = Ph1wRuntimeEventCommitRow {
            accepted: false,
            reason_code: Code::FailG3ScoreLow,
            ..wake_event("w1", "ann_phone", "k")
        };
        world.replays(
            replay,
            wake_event("w1", "ann_phone", "k"),
            other,
            Ph1wWakeRepo::ph1w_runtime_event_commit_row,
        );
        // The key is free on another device.
        let elsewhere = wake_event("w2", "bob_phone", "k");
        world.store().ph1w_runtime_event_commit_row(&context(80), elsewhere).unwrap();
        world.reopen();
        let again =
            world.store().ph1w_runtime_event_commit_row(&context(90), wake_event("w1", "ann_phone", "k"));
        assert!(!again.unwrap().is_applied(), "keys never expire");
        assert_eq!(wakes(&world), ["w1", "w2"]);
    }

    fn at_w_db_04_current_state_consistent_with_ledgers(&self) {
        let mut world = World::with_people(&self.0);
        let first = begin(&world, 10, start("s1"));
        counts_like_its_samples(&world, &first);
        let second = waits_and_goes_on(&world, &first);
        ends_late_and_binds(&world, &first, &second);
        world.reopen();
        world.chains_verify();
        assert_eq!(active(&world, "ann", "ann_phone"), Some(WakeProfileId::new("p2")));
        assert_eq!(active(&world, "ann", "ann_tablet"), None);
        let events = world.events();
        let of_samples =
            events.iter().filter(|event| event.reason_code == Code::WakeEnrollSampleCommit.into());
        assert_eq!(
            of_samples.clone().count(),
            samples(&world, &first).len() + samples(&world, &second).len()
        );
        for event in of_samples {
            assert_eq!(event.event_type, AuditEventType::PerceptionSignalEmitted);
            assert_eq!(event.payload_min.get("user_id"), Some("ann"));
            assert!(event.payload_min.get("sample_seq").is_some());
        }
        runtime_events_keep_their_order(&world);
    }
}

/// The counters of an enrollment are the fold of its samples at every step.
fn counts_like_its_samples(world: &World<impl Backend>, session: &WakeEnrollmentSessionId) {
    let results = [WakeSampleResult::Fail, WakeSampleResult::Pass, WakeSampleResult::Fail];
    for (step, result) in results.into_iter().enumerate() {
        let row = take(world, 20 + step as u64, sample(session, result, &format!("fold_{step}")));
        let ledger = samples(world, session);
        let passes = ledger.iter().filter(|row| row.result == WakeSampleResult::Pass).count();
        assert_eq!(usize::from(row.pass_count), passes);
        assert_eq!(row.attempt_count as usize, ledger.len());
        let places: Vec<_> = ledger.iter().map(|row| row.sample_seq).collect();
        assert_eq!(places, (1..=row.attempt_count).collect::<Vec<_>>());
        assert_eq!(row.updated_at, ledger.last().unwrap().captured_at);
        assert_eq!(read(world, session), Some(row));
    }
    let stored = samples(world, session).remove(0);
    let given = sample(session, WakeSampleResult::Fail, "fold_0");
    let of_row = [stored.vad_coverage, stored.snr_db, stored.clipping_pct, stored.rms_dbfs, stored.peak_dbfs];
    let of_call = [given.vad_coverage, given.snr_db, given.clipping_pct, given.rms_dbfs, given.peak_dbfs];
    assert_eq!(of_row.map(f32::to_bits), of_call.map(f32::to_bits), "a measurement is kept to the last bit");
}

/// A deferred enrollment waits, and goes on with its next sample unless another one is in progress by then.
fn waits_and_goes_on(
    world: &World<impl Backend>,
    first: &WakeEnrollmentSessionId,
) -> WakeEnrollmentSessionId {
    let store = world.store();
    let deferred =
        store.ph1w_enroll_defer_reminder_commit_row(&context(30), defer(first, "d1")).unwrap().value;
    assert_eq!(deferred.wake_enroll_status, Status::Pending);
    assert_eq!(deferred.reason_code, Some(Code::FailG0DeviceUnhealthy));
    let second = begin(world, 31, start("s2"));
    let row = take(world, 32, sample(first, WakeSampleResult::Fail, "waiting"));
    assert_eq!(row.wake_enroll_status, Status::Pending, "the other one is in progress");
    store.ph1w_enroll_defer_reminder_commit_row(&context(33), defer(&second, "d2")).unwrap();
    let row = take(world, 34, sample(first, WakeSampleResult::Fail, "going_on"));
    assert_eq!(row.wake_enroll_status, Status::InProgress);
    world.refuses(Code::WEnrollAlreadyInProgress, |store| {
        store.ph1w_enroll_start_draft_row(&context(35), start("s3"))
    });
    world.refuses(Code::WEnrollTimeInvalid, |store| {
        store.ph1w_enroll_sample_commit_row(&context(33), sample(first, WakeSampleResult::Fail, "back"))
    });
    second
}

/// Late and used-up enrollments wait and may still be completed; the last profile that was bound is the active one.
fn ends_late_and_binds(
    world: &World<impl Backend>,
    first: &WakeEnrollmentSessionId,
    second: &WakeEnrollmentSessionId,
) {
    let late = 10 + TIMEOUT_NS;
    let row = take(world, late - 1, sample(first, WakeSampleResult::Fail, "in_time"));
    assert_eq!(row.wake_enroll_status, Status::InProgress);
    let row = take(world, late, sample(first, WakeSampleResult::Fail, "late"));
    assert_eq!((row.wake_enroll_status, row.reason_code), (Status::Pending, Some(Code::WEnrollTimeout)));
    for step in 0..8 {
        let row = take(world, 40 + step, sample(second, WakeSampleResult::Fail, &format!("use_{step}")));
        let expected = if step < 7 { Status::InProgress } else { Status::Pending };
        assert_eq!(row.wake_enroll_status, expected, "attempt {}", row.attempt_count);
    }
    let used_up = read(world, second).unwrap();
    assert_eq!(used_up.reason_code, Some(Code::WEnrollMaxAttempts));
    let store = world.store();
    let bind = |now, session, profile: &str, key_text: &str| {
        store.ph1w_enroll_complete_commit_row(&context(now), complete(session, profile, key_text))
    };
    world.refuses(Code::WEnrollPassTargetNotMet, |_| bind(late, second, "p2", "early"));

    take(world, late + 1, sample(first, WakeSampleResult::Pass, "pass_1"));
    let row = take(world, late + 2, sample(first, WakeSampleResult::Pass, "pass_2"));
    assert_eq!((row.wake_enroll_status, row.reason_code), (Status::Complete, None));
    assert_eq!((row.completed_at, row.deferred_until), (Some(MonotonicTimeNs::new(late + 2)), None));
    world.refuses(Code::WEnrollDeferSessionClosed, |store| {
        store.ph1w_enroll_defer_reminder_commit_row(&context(late + 3), defer(first, "closed"))
    });
    assert_eq!(active(world, "ann", "ann_phone"), None, "nothing is bound before the completion");
    bind(late + 3, first, "p1", "c1").unwrap();
    assert_eq!(active(world, "ann", "ann_phone"), Some(WakeProfileId::new("p1")));
    world.refuses(Code::WEnrollProfileConflict, |_| bind(late + 4, first, "p9", "c2"));

    // The second one is complete before, but what it replaces began later than this.
    pass_all(world, 50, second);
    world.refuses(Code::WEnrollTimeInvalid, |_| bind(late + 2, second, "p2", "too_early"));
    assert_eq!(active(world, "ann", "ann_phone"), Some(WakeProfileId::new("p1")));
    bind(late + 20, second, "p2", "c3").unwrap();
    let before = read(world, first);
    assert!(bind(late + 21, first, "p1", "c4").unwrap().is_applied(), "the same profile under a new key");
    assert_eq!(read(world, first), before, "and nothing but the event");
}

/// Wake events of a tenant come back in the order of its chain, each as it was committed: at its time, also one before its session opened and
/// before the event committed last, and with its reason.
fn runtime_events_keep_their_order(world: &World<impl Backend>) {
    let rejected = Ph1wRuntimeEventCommitRow {
        accepted: false,
        reason_code: Code::FailG3ScoreLow,
        ..wake_event("z_first", "ann_phone", "z")
    };
    let cooldown = (false, Code::SuppressCooldown, Some(Code::SuppressCooldown));
    let suppressed = Ph1wRuntimeEventCommitRow {
        wake_profile_id: Some(WakeProfileId::new("p2")),
        ..with_verdict(wake_event("a_second", "ann_phone", "a"), cooldown)
    };
    let store = world.store();
    world.session(8, "ann", "ann_phone");
    let early = Ph1wRuntimeEventCommitRow {
        session_id: Some(SessionId::new(8)),
        ..wake_event("m_third", "ann_phone", "m")
    };
    let committed = [(7, rejected), (7, suppressed), (0, early)]
        .map(|(now, input)| store.ph1w_runtime_event_commit_row(&context(now), input).unwrap().value);
    assert_eq!(committed.each_ref().map(|row| row.created_at.get()), [7, 7, 0]);
    let rows = store.ph1w_read_runtime_event_rows(&context(8), Ph1wReadRuntimeEventRows {}).unwrap();
    assert_eq!(rows, committed);
    let events = world.events();
    let of = |id| events.iter().find(|event| event.payload_min.get("wake_event_id") == Some(id)).unwrap();
    let suppressed = of("a_second");
    assert_eq!(suppressed.reason_code, Code::WakeRuntimeEventCommit.into());
    assert_eq!(suppressed.payload_min.get("gate_reason_code"), Some("SUPPRESS_COOLDOWN"));
    for row in &committed {
        says_its_row(of(row.wake_event_id.as_str()), row);
    }
    let early = of("m_third");
    assert_eq!(early.payload_min.get("accepted"), Some("true"));
    assert_eq!(early.payload_min.get("gate_reason_code"), Some("WAKE_RUNTIME_EVENT_COMMIT"));
}
