//! Rows of voice enrollments and of the profiles that they lead to.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use selene_contracts::Admitted;
use selene_contracts::ph1_voice_id::{
    Ph1VoiceIdReasonCode, VidEnrollCompleteCommitRow, VidEnrollDeferReminderCommitRow,
    VidEnrollStartDraftRow, VoiceEnrollmentSessionId, VoiceEnrollmentSessionRecord, VoiceProfileId,
    VoiceProfileRecord,
};
use selene_contracts::shared::{DeviceId, MonotonicTimeNs, OnboardingSessionId};

use crate::failure::Failure;
use crate::rows::onboarding;
use crate::rows::person;
use crate::rows::standing;
use crate::rows::stored::StoredWrite;
use crate::rows::values::{named, number, optional_named, optional_number, stored};
use crate::rules::enrollment::EnrollmentFacts;
use crate::rules::ph1_voice_id::{CompleteChange, StartFacts};
use crate::session::{Changes, Session};

impl StoredWrite for VidEnrollStartDraftRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<StartFacts, Failure> {
        let connection = db.connection();
        let input = call.input();
        let device = standing::device(connection, &input.device_id)?;
        let owner = match &device {
            Some(device) => person::person(connection, &device.owner)?,
            None => None,
        };
        let onboarding = onboarding::standing(connection, &input.onboarding_session_id)?;
        Ok(StartFacts { onboarding, device, owner })
    }

    fn store<S: Session>(
        changes: &mut Changes<'_, S>,
        row: &VoiceEnrollmentSessionRecord,
    ) -> Result<(), Failure> {
        let connection = changes.session().connection();
        connection
            .prepare_cached(
                "INSERT INTO voice_enrollment_sessions
                     (voice_enrollment_session_id, onboarding_session_id, device_id, voice_profile_id,
                      voice_enroll_status, lock_after_consecutive_passes, consecutive_passes, attempt_count,
                      max_total_attempts, max_session_enroll_time_ms, reason_code, deferred_until, created_at, updated_at)
                 VALUES (:voice_enrollment_session_id, :onboarding_session_id, :device_id, :voice_profile_id,
                         :voice_enroll_status, :lock_after_consecutive_passes, :consecutive_passes, :attempt_count,
                         :max_total_attempts, :max_session_enroll_time_ms, :reason_code, :deferred_until, :created_at,
                         :updated_at)",
            )?
            .execute(named_params! {
                ":voice_enrollment_session_id": row.voice_enrollment_session_id.as_str(),
                ":onboarding_session_id": row.onboarding_session_id.as_str(),
                ":device_id": row.device_id.as_str(),
                ":voice_profile_id": row.voice_profile_id.as_ref().map(VoiceProfileId::as_str),
                ":voice_enroll_status": row.voice_enroll_status.as_str(),
                ":lock_after_consecutive_passes": row.lock_after_consecutive_passes,
                ":consecutive_passes": row.consecutive_passes,
                ":attempt_count": row.attempt_count,
                ":max_total_attempts": row.max_total_attempts,
                ":max_session_enroll_time_ms": row.max_session_enroll_time_ms,
                ":reason_code": row.reason_code.map(Ph1VoiceIdReasonCode::as_str),
                ":deferred_until": row.deferred_until.map(|time| stored(time.get())),
                ":created_at": stored(row.created_at.get()),
                ":updated_at": stored(row.updated_at.get()),
            })?;
        Ok(())
    }
}

impl StoredWrite for VidEnrollCompleteCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Self::Facts, Failure> {
        let connection = db.connection();
        facts(connection, &call.input().voice_enrollment_session_id)
    }

    fn store<S: Session>(
        changes: &mut Changes<'_, S>,
        change: &Option<CompleteChange>,
    ) -> Result<(), Failure> {
        let connection = changes.session().connection();
        let Some(CompleteChange { session, profile }) = change else { return Ok(()) };
        connection
            .prepare_cached(
                "INSERT INTO voice_profiles
                     (voice_profile_id, voice_enrollment_session_id, onboarding_session_id, device_id, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((
                profile.voice_profile_id.as_str(),
                profile.voice_enrollment_session_id.as_str(),
                profile.onboarding_session_id.as_str(),
                profile.device_id.as_str(),
                stored(profile.created_at.get()),
            ))?;
        connection
            .prepare_cached(
                "INSERT INTO voice_profile_bindings (onboarding_session_id, device_id, voice_profile_id, bound_at)
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute((
                profile.onboarding_session_id.as_str(),
                profile.device_id.as_str(),
                profile.voice_profile_id.as_str(),
                stored(profile.created_at.get()),
            ))?;
        update(connection, session)
    }
}

impl StoredWrite for VidEnrollDeferReminderCommitRow {
    fn load<S: Session>(db: &S, call: &Admitted<Self>) -> Result<Self::Facts, Failure> {
        let connection = db.connection();
        facts(connection, &call.input().voice_enrollment_session_id)
    }

    fn store<S: Session>(
        changes: &mut Changes<'_, S>,
        row: &VoiceEnrollmentSessionRecord,
    ) -> Result<(), Failure> {
        let connection = changes.session().connection();
        update(connection, row)
    }
}

/// An enrollment with its onboarding session and its device.
pub(super) fn facts(
    connection: &Connection,
    voice_enrollment_session_id: &VoiceEnrollmentSessionId,
) -> Result<EnrollmentFacts<VoiceEnrollmentSessionRecord>, Failure> {
    let Some(session) = session(connection, voice_enrollment_session_id)? else {
        return Ok(EnrollmentFacts::default());
    };
    Ok(EnrollmentFacts {
        onboarding: onboarding::standing(connection, &session.onboarding_session_id)?,
        device: standing::device(connection, &session.device_id)?,
        session: Some(session),
    })
}

/// Writes what an enrollment's changes may change.
pub(crate) fn update(connection: &Connection, row: &VoiceEnrollmentSessionRecord) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "UPDATE voice_enrollment_sessions SET
                 voice_profile_id = :voice_profile_id, voice_enroll_status = :voice_enroll_status,
                 consecutive_passes = :consecutive_passes, attempt_count = :attempt_count, reason_code = :reason_code,
                 deferred_until = :deferred_until, updated_at = :updated_at
             WHERE voice_enrollment_session_id = :voice_enrollment_session_id",
        )?
        .execute(named_params! {
            ":voice_enrollment_session_id": row.voice_enrollment_session_id.as_str(),
            ":voice_profile_id": row.voice_profile_id.as_ref().map(VoiceProfileId::as_str),
            ":voice_enroll_status": row.voice_enroll_status.as_str(),
            ":consecutive_passes": row.consecutive_passes,
            ":attempt_count": row.attempt_count,
            ":reason_code": row.reason_code.map(Ph1VoiceIdReasonCode::as_str),
            ":deferred_until": row.deferred_until.map(|time| stored(time.get())),
            ":updated_at": stored(row.updated_at.get()),
        })?;
    Ok(())
}

/// One enrollment.
pub(super) fn session(
    connection: &Connection,
    voice_enrollment_session_id: &VoiceEnrollmentSessionId,
) -> rusqlite::Result<Option<VoiceEnrollmentSessionRecord>> {
    connection
        .prepare_cached("SELECT * FROM voice_enrollment_sessions WHERE voice_enrollment_session_id = ?1")?
        .query_row([voice_enrollment_session_id.as_str()], record)
        .optional()
}

fn record(row: &Row<'_>) -> rusqlite::Result<VoiceEnrollmentSessionRecord> {
    Ok(VoiceEnrollmentSessionRecord {
        voice_enrollment_session_id: VoiceEnrollmentSessionId::new(
            row.get::<_, String>("voice_enrollment_session_id")?,
        ),
        onboarding_session_id: OnboardingSessionId::new(row.get::<_, String>("onboarding_session_id")?),
        device_id: DeviceId::new(row.get::<_, String>("device_id")?),
        voice_profile_id: row.get::<_, Option<String>>("voice_profile_id")?.map(VoiceProfileId::new),
        voice_enroll_status: named(row, "voice_enroll_status")?,
        lock_after_consecutive_passes: row.get("lock_after_consecutive_passes")?,
        consecutive_passes: row.get("consecutive_passes")?,
        attempt_count: row.get("attempt_count")?,
        max_total_attempts: row.get("max_total_attempts")?,
        max_session_enroll_time_ms: row.get("max_session_enroll_time_ms")?,
        reason_code: optional_named(row, "reason_code")?,
        deferred_until: optional_number(row, "deferred_until")?.map(MonotonicTimeNs::new),
        created_at: MonotonicTimeNs::new(number(row, "created_at")?),
        updated_at: MonotonicTimeNs::new(number(row, "updated_at")?),
    })
}

/// One profile.
pub(super) fn profile(
    connection: &Connection,
    voice_profile_id: &VoiceProfileId,
) -> rusqlite::Result<Option<VoiceProfileRecord>> {
    connection
        .prepare_cached("SELECT * FROM voice_profiles WHERE voice_profile_id = ?1")?
        .query_row([voice_profile_id.as_str()], |row| {
            Ok(VoiceProfileRecord {
                voice_profile_id: VoiceProfileId::new(row.get::<_, String>("voice_profile_id")?),
                voice_enrollment_session_id: VoiceEnrollmentSessionId::new(
                    row.get::<_, String>("voice_enrollment_session_id")?,
                ),
                onboarding_session_id: OnboardingSessionId::new(
                    row.get::<_, String>("onboarding_session_id")?,
                ),
                device_id: DeviceId::new(row.get::<_, String>("device_id")?),
                created_at: MonotonicTimeNs::new(number(row, "created_at")?),
            })
        })
        .optional()
}
