//! Rows of wake enrollments and of the profiles that they bind.

use rusqlite::{Connection, OptionalExtension as _, Row, named_params};
use selene_contracts::Admitted;
use selene_contracts::ph1_w::{
    Ph1WReasonCode, Ph1wEnrollCompleteCommitRow, Ph1wEnrollDeferReminderCommitRow, Ph1wEnrollStartDraftRow,
    Ph1wReadActiveWakeProfile, Ph1wReadEnrollmentSessionRow, WakeEnrollmentSessionId,
    WakeEnrollmentSessionRecord, WakeProfileId,
};
use selene_contracts::shared::{DeviceId, MonotonicTimeNs, OnboardingSessionId, UserId};

use crate::commit::read::StoredRead;
use crate::commit::write::StoredWrite;
use crate::failure::Failure;
use crate::rows::onboarding;
use crate::rows::person;
use crate::rows::standing;
use crate::rows::values::{named, number, optional_named, optional_number, stored};
use crate::rules::enrollment::EnrollmentFacts;
use crate::rules::ph1_w::{CompleteChange, CompleteFacts, StartFacts};

impl StoredWrite for Ph1wEnrollStartDraftRow {
    fn load(connection: &Connection, call: &Admitted<Self>) -> Result<StartFacts, Failure> {
        let input = call.input();
        let onboarding = match &input.onboarding_session_id {
            Some(onboarding_session_id) => onboarding::standing(connection, onboarding_session_id)?,
            None => None,
        };
        Ok(StartFacts {
            user: person::person(connection, &input.user_id)?,
            device: standing::device(connection, &input.device_id)?,
            onboarding,
            is_taken: in_progress(connection, &input.user_id, &input.device_id)?.is_some(),
        })
    }

    fn store(connection: &Connection, row: &WakeEnrollmentSessionRecord) -> Result<(), Failure> {
        connection
            .prepare_cached(
                "INSERT INTO wake_enrollment_sessions
                     (wake_enrollment_session_id, user_id, device_id, onboarding_session_id, wake_profile_id,
                      wake_enroll_status, pass_target, pass_count, attempt_count, max_attempts, enrollment_timeout_ms,
                      reason_code, created_at, updated_at, completed_at, deferred_until)
                 VALUES (:wake_enrollment_session_id, :user_id, :device_id, :onboarding_session_id, :wake_profile_id,
                         :wake_enroll_status, :pass_target, :pass_count, :attempt_count, :max_attempts,
                         :enrollment_timeout_ms, :reason_code, :created_at, :updated_at, :completed_at, :deferred_until)",
            )?
            .execute(named_params! {
                ":wake_enrollment_session_id": row.wake_enrollment_session_id.as_str(),
                ":user_id": row.user_id.as_str(),
                ":device_id": row.device_id.as_str(),
                ":onboarding_session_id": row.onboarding_session_id.as_ref().map(OnboardingSessionId::as_str),
                ":wake_profile_id": row.wake_profile_id.as_ref().map(WakeProfileId::as_str),
                ":wake_enroll_status": row.wake_enroll_status.as_str(),
                ":pass_target": row.pass_target,
                ":pass_count": row.pass_count,
                ":attempt_count": row.attempt_count,
                ":max_attempts": row.max_attempts,
                ":enrollment_timeout_ms": row.enrollment_timeout_ms,
                ":reason_code": row.reason_code.map(Ph1WReasonCode::as_str),
                ":created_at": stored(row.created_at.get()),
                ":updated_at": stored(row.updated_at.get()),
                ":completed_at": row.completed_at.map(|time| stored(time.get())),
                ":deferred_until": row.deferred_until.map(|time| stored(time.get())),
            })?;
        Ok(())
    }
}

impl StoredWrite for Ph1wEnrollCompleteCommitRow {
    fn load(connection: &Connection, call: &Admitted<Self>) -> Result<CompleteFacts, Failure> {
        let enrollment = facts(connection, &call.input().wake_enrollment_session_id)?;
        let active_since = match &enrollment.session {
            Some(session) => active_since(connection, &session.user_id, &session.device_id)?,
            None => None,
        };
        Ok(CompleteFacts { enrollment, active_since })
    }

    fn store(connection: &Connection, change: &Option<CompleteChange>) -> Result<(), Failure> {
        let Some(CompleteChange { session, wake_profile_id, bound_at }) = change else { return Ok(()) };
        update(connection, session)?;
        connection
            .prepare_cached(
                "UPDATE wake_profile_bindings SET active = 0, unbound_at = ?3
                 WHERE user_id = ?1 AND device_id = ?2 AND active = 1",
            )?
            .execute((session.user_id.as_str(), session.device_id.as_str(), stored(bound_at.get())))?;
        connection
            .prepare_cached(
                "INSERT INTO wake_profile_bindings
                     (user_id, device_id, wake_enrollment_session_id, wake_profile_id, active, bound_at, unbound_at)
                 VALUES (?1, ?2, ?3, ?4, 1, ?5, NULL)",
            )?
            .execute((
                session.user_id.as_str(),
                session.device_id.as_str(),
                session.wake_enrollment_session_id.as_str(),
                wake_profile_id.as_str(),
                stored(bound_at.get()),
            ))?;
        Ok(())
    }
}

impl StoredWrite for Ph1wEnrollDeferReminderCommitRow {
    fn load(connection: &Connection, call: &Admitted<Self>) -> Result<Self::Facts, Failure> {
        facts(connection, &call.input().wake_enrollment_session_id)
    }

    fn store(connection: &Connection, row: &WakeEnrollmentSessionRecord) -> Result<(), Failure> {
        update(connection, row)
    }
}

impl StoredRead for Ph1wReadEnrollmentSessionRow {
    fn read(
        connection: &Connection,
        call: &Admitted<Self>,
    ) -> Result<Option<WakeEnrollmentSessionRecord>, Failure> {
        Ok(session(connection, &call.input().wake_enrollment_session_id)?)
    }
}

impl StoredRead for Ph1wReadActiveWakeProfile {
    fn read(connection: &Connection, call: &Admitted<Self>) -> Result<Option<WakeProfileId>, Failure> {
        let input = call.input();
        let profile = connection
            .prepare_cached(
                "SELECT wake_profile_id FROM wake_profile_bindings
                 WHERE user_id = ?1 AND device_id = ?2 AND active = 1",
            )?
            .query_row((input.user_id.as_str(), input.device_id.as_str()), |row| row.get::<_, String>(0))
            .optional()?;
        Ok(profile.map(WakeProfileId::new))
    }
}

/// Since when a user has the profile that is active on a device; there is one at most.
fn active_since(
    connection: &Connection,
    user_id: &UserId,
    device_id: &DeviceId,
) -> rusqlite::Result<Option<MonotonicTimeNs>> {
    connection
        .prepare_cached(
            "SELECT bound_at FROM wake_profile_bindings
             WHERE user_id = ?1 AND device_id = ?2 AND active = 1",
        )?
        .query_row((user_id.as_str(), device_id.as_str()), |row| number(row, "bound_at"))
        .optional()
        .map(|since| since.map(MonotonicTimeNs::new))
}

/// The enrollment that is in progress for a user on a device; there is one at most.
pub(super) fn in_progress(
    connection: &Connection,
    user_id: &UserId,
    device_id: &DeviceId,
) -> rusqlite::Result<Option<String>> {
    connection
        .prepare_cached(
            "SELECT wake_enrollment_session_id FROM wake_enrollment_sessions
             WHERE user_id = ?1 AND device_id = ?2 AND wake_enroll_status = 'IN_PROGRESS'",
        )?
        .query_row((user_id.as_str(), device_id.as_str()), |row| row.get(0))
        .optional()
}

/// An enrollment with its device and its onboarding session.
pub(super) fn facts(
    connection: &Connection,
    wake_enrollment_session_id: &WakeEnrollmentSessionId,
) -> Result<EnrollmentFacts<WakeEnrollmentSessionRecord>, Failure> {
    let Some(session) = session(connection, wake_enrollment_session_id)? else {
        return Ok(EnrollmentFacts::default());
    };
    let onboarding = match &session.onboarding_session_id {
        Some(onboarding_session_id) => onboarding::standing(connection, onboarding_session_id)?,
        None => None,
    };
    let device = standing::device(connection, &session.device_id)?;
    Ok(EnrollmentFacts { session: Some(session), device, onboarding })
}

/// Writes what an enrollment's changes may change.
pub(crate) fn update(connection: &Connection, row: &WakeEnrollmentSessionRecord) -> Result<(), Failure> {
    connection
        .prepare_cached(
            "UPDATE wake_enrollment_sessions SET
                 wake_profile_id = :wake_profile_id, wake_enroll_status = :wake_enroll_status, pass_count = :pass_count,
                 attempt_count = :attempt_count, reason_code = :reason_code, updated_at = :updated_at,
                 completed_at = :completed_at, deferred_until = :deferred_until
             WHERE wake_enrollment_session_id = :wake_enrollment_session_id",
        )?
        .execute(named_params! {
            ":wake_enrollment_session_id": row.wake_enrollment_session_id.as_str(),
            ":wake_profile_id": row.wake_profile_id.as_ref().map(WakeProfileId::as_str),
            ":wake_enroll_status": row.wake_enroll_status.as_str(),
            ":pass_count": row.pass_count,
            ":attempt_count": row.attempt_count,
            ":reason_code": row.reason_code.map(Ph1WReasonCode::as_str),
            ":updated_at": stored(row.updated_at.get()),
            ":completed_at": row.completed_at.map(|time| stored(time.get())),
            ":deferred_until": row.deferred_until.map(|time| stored(time.get())),
        })?;
    Ok(())
}

fn session(
    connection: &Connection,
    wake_enrollment_session_id: &WakeEnrollmentSessionId,
) -> rusqlite::Result<Option<WakeEnrollmentSessionRecord>> {
    connection
        .prepare_cached("SELECT * FROM wake_enrollment_sessions WHERE wake_enrollment_session_id = ?1")?
        .query_row([wake_enrollment_session_id.as_str()], record)
        .optional()
}

fn record(row: &Row<'_>) -> rusqlite::Result<WakeEnrollmentSessionRecord> {
    let text = |column| row.get::<_, Option<String>>(column);
    Ok(WakeEnrollmentSessionRecord {
        wake_enrollment_session_id: WakeEnrollmentSessionId::new(
            row.get::<_, String>("wake_enrollment_session_id")?,
        ),
        user_id: UserId::new(row.get::<_, String>("user_id")?),
        device_id: DeviceId::new(row.get::<_, String>("device_id")?),
        onboarding_session_id: text("onboarding_session_id")?.map(OnboardingSessionId::new),
        wake_profile_id: text("wake_profile_id")?.map(WakeProfileId::new),
        wake_enroll_status: named(row, "wake_enroll_status")?,
        pass_target: row.get("pass_target")?,
        pass_count: row.get("pass_count")?,
        attempt_count: row.get("attempt_count")?,
        max_attempts: row.get("max_attempts")?,
        enrollment_timeout_ms: row.get("enrollment_timeout_ms")?,
        reason_code: optional_named(row, "reason_code")?,
        created_at: MonotonicTimeNs::new(number(row, "created_at")?),
        updated_at: MonotonicTimeNs::new(number(row, "updated_at")?),
        completed_at: optional_number(row, "completed_at")?.map(MonotonicTimeNs::new),
        deferred_until: optional_number(row, "deferred_until")?.map(MonotonicTimeNs::new),
    })
}
