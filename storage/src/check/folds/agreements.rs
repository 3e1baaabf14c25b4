//! Current rows that must agree with each other: what is bound, and what bound it.

use selene_contracts::ph1_f::IdempotencyRecordsRow;
use selene_contracts::ph1_j::AuditEventsRow;
use selene_contracts::ph1_link::{LinkStatus, LinksRow};
use selene_contracts::ph1_onb::{OnboardingBackfillCampaignsRow, OnboardingSessionsRow, OnboardingStatus};
use selene_contracts::ph1_voice_id::{
    VoiceEnrollStatus, VoiceEnrollmentSessionsRow, VoiceProfileBindingsRow, VoiceProfilesRow,
};
use selene_contracts::ph1_w::{WakeEnrollStatus, WakeEnrollmentSessionsRow, WakeProfileBindingsRow};
use selene_contracts::row::{Selection, cell};
use selene_contracts::tables::{
    audit_events, idempotency_records, links, onboarding_backfill_campaigns, onboarding_sessions,
    voice_enrollment_sessions, voice_profile_bindings, voice_profiles, wake_enrollment_sessions,
    wake_profile_bindings,
};
use selene_contracts::{Digest, sql};

use super::{FoldFaultKind, FoldReport};
use crate::encode::short_id;
use crate::failure::Failure;
use crate::seal::shown;
use crate::session::Session;

/// Compares current rows with each other, and every idempotency record with the event of its write.
pub(super) fn check(db: &impl Session, report: &mut FoldReport) -> Result<(), Failure> {
    check_event_ids(db, report)?;
    AGREEMENTS.iter().try_for_each(|agreement| agreement.check(db, report))
}

/// The id of an event follows from the scope of its write.
fn check_event_ids(db: &impl Session, report: &mut FoldReport) -> Result<(), Failure> {
    report.cover(IdempotencyRecordsRow::TABLE);
    db.visit(
        sql!(
            "SELECT {event.event_id}, {record.scope_digest}, {record.chain_id}, {record.chain_sequence}
             FROM {@idempotency_records record}
             JOIN {@audit_events event}
               ON {event.chain_id} = {record.chain_id} AND {event.chain_sequence} = {record.chain_sequence}
             ORDER BY {record.chain_id}, {record.chain_sequence}"
        ),
        &[],
        &mut |cells| {
            let place = || format!("{}, {}", shown(&cells.cell(2)), shown(&cells.cell(3)));
            match (cell::<String>(cells, 0), cell::<Digest>(cells, 1)) {
                (Ok(event_id), Ok(scope)) if event_id == short_id("aud_", &scope.0) => {}
                (Ok(event_id), Ok(_)) => {
                    let field = idempotency_records::SCOPE_DIGEST;
                    report.add(IdempotencyRecordsRow::TABLE, event_id, field, FoldFaultKind::Differs);
                }
                (Err(_), _) => {
                    let (table, field) = (AuditEventsRow::TABLE, audit_events::EVENT_ID);
                    report.add(table, place(), field, FoldFaultKind::Unreadable);
                }
                (_, Err(_)) => {
                    let (table, field) = (IdempotencyRecordsRow::TABLE, idempotency_records::SCOPE_DIGEST);
                    report.add(table, place(), field, FoldFaultKind::Unreadable);
                }
            }
            Ok(())
        },
    )
}

/// Current rows that must agree with each other: a query of the keys of those that do not.
struct Agreement {
    table: &'static str,
    key: &'static [&'static str],
    field: &'static str,
    kind: FoldFaultKind,
    /// Gives the primary keys of rows, in their order.
    disagreeing: &'static str,
}

impl Agreement {
    /// About rows of this type's table.
    const fn of<R: Selection>(field: &'static str, kind: FoldFaultKind, disagreeing: &'static str) -> Self {
        Self { table: R::TABLE, key: R::KEY, field, kind, disagreeing }
    }

    fn check(&self, db: &impl Session, report: &mut FoldReport) -> Result<(), Failure> {
        report.cover(self.table);
        db.visit(self.disagreeing, &[], &mut |cells| {
            // A key that cannot be read is reported where its table is walked over.
            let key: Vec<String> = (0..self.key.len()).map(|position| shown(&cells.cell(position))).collect();
            report.add(self.table, key.join(", "), self.field, self.kind);
            Ok(())
        })
    }
}

static AGREEMENTS: [Agreement; 12] = [
    Agreement::of::<WakeEnrollmentSessionsRow>(
        wake_enrollment_sessions::WAKE_ENROLL_STATUS,
        FoldFaultKind::Differs,
        sql!(
            "SELECT {#session} FROM {@wake_enrollment_sessions session}
             WHERE {session.wake_enroll_status} = {WakeEnrollStatus::InProgress} AND EXISTS (
                SELECT 1 FROM {@wake_enrollment_sessions other}
                WHERE {other.wake_enroll_status} = {WakeEnrollStatus::InProgress} AND {other.user_id} = {session.user_id}
                  AND {other.device_id} = {session.device_id}
                  AND {other.wake_enrollment_session_id} <> {session.wake_enrollment_session_id})
             ORDER BY {#session}"
        ),
    ),
    Agreement::of::<WakeEnrollmentSessionsRow>(
        wake_enrollment_sessions::WAKE_PROFILE_ID,
        FoldFaultKind::Missing,
        sql!(
            "SELECT {#session} FROM {@wake_enrollment_sessions session}
             WHERE {session.wake_profile_id} IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM {@wake_profile_bindings binding}
                WHERE {binding.user_id} = {session.user_id} AND {binding.device_id} = {session.device_id}
                  AND {binding.wake_enrollment_session_id} = {session.wake_enrollment_session_id}
                  AND {binding.wake_profile_id} = {session.wake_profile_id})
             ORDER BY {#session}"
        ),
    ),
    Agreement::of::<WakeProfileBindingsRow>(
        wake_profile_bindings::WAKE_PROFILE_ID,
        FoldFaultKind::Unfounded,
        sql!(
            "SELECT {#binding}
             FROM {@wake_profile_bindings binding}
             WHERE NOT EXISTS (
                SELECT 1 FROM {@wake_enrollment_sessions session}
                WHERE {session.wake_enrollment_session_id} = {binding.wake_enrollment_session_id}
                  AND {session.user_id} = {binding.user_id} AND {session.device_id} = {binding.device_id}
                  AND {session.wake_profile_id} = {binding.wake_profile_id})
             ORDER BY {#binding}"
        ),
    ),
    // A completion is the last change of its enrollment. Times are only ever compared for being the same.
    Agreement::of::<WakeProfileBindingsRow>(
        wake_profile_bindings::BOUND_AT,
        FoldFaultKind::Differs,
        sql!(
            "SELECT {#binding}
             FROM {@wake_profile_bindings binding}
             WHERE EXISTS (
                SELECT 1 FROM {@wake_enrollment_sessions session}
                WHERE {session.wake_enrollment_session_id} = {binding.wake_enrollment_session_id}
                  AND {session.updated_at} <> {binding.bound_at})
             ORDER BY {#binding}"
        ),
    ),
    Agreement::of::<VoiceEnrollmentSessionsRow>(
        voice_enrollment_sessions::VOICE_PROFILE_ID,
        FoldFaultKind::Missing,
        sql!(
            "SELECT {#session} FROM {@voice_enrollment_sessions session}
             WHERE {session.voice_profile_id} IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM {@voice_profiles profile} JOIN {@voice_profile_bindings binding}
                  ON {binding.onboarding_session_id} = {profile.onboarding_session_id}
                 AND {binding.device_id} = {profile.device_id}
                 AND {binding.voice_profile_id} = {profile.voice_profile_id}
                WHERE {profile.voice_profile_id} = {session.voice_profile_id}
                  AND {profile.voice_enrollment_session_id} = {session.voice_enrollment_session_id}
                  AND {profile.onboarding_session_id} = {session.onboarding_session_id}
                  AND {profile.device_id} = {session.device_id})
             ORDER BY {#session}"
        ),
    ),
    Agreement::of::<VoiceProfilesRow>(
        voice_profiles::VOICE_PROFILE_ID,
        FoldFaultKind::Unfounded,
        sql!(
            "SELECT {#profile} FROM {@voice_profiles profile}
             WHERE NOT EXISTS (
                SELECT 1 FROM {@voice_enrollment_sessions session}
                WHERE {session.voice_enrollment_session_id} = {profile.voice_enrollment_session_id}
                  AND {session.voice_profile_id} = {profile.voice_profile_id}
                  AND {session.voice_enroll_status} = {VoiceEnrollStatus::Locked})
             ORDER BY {#profile}"
        ),
    ),
    Agreement::of::<VoiceProfileBindingsRow>(
        voice_profile_bindings::VOICE_PROFILE_ID,
        FoldFaultKind::Unfounded,
        sql!(
            "SELECT {#binding} FROM {@voice_profile_bindings binding}
             WHERE NOT EXISTS (
                SELECT 1 FROM {@voice_profiles profile}
                WHERE {profile.voice_profile_id} = {binding.voice_profile_id}
                  AND {profile.onboarding_session_id} = {binding.onboarding_session_id}
                  AND {profile.device_id} = {binding.device_id})
             ORDER BY {#binding}"
        ),
    ),
    Agreement::of::<VoiceProfilesRow>(
        voice_profiles::CREATED_AT,
        FoldFaultKind::Differs,
        sql!(
            "SELECT {#profile} FROM {@voice_profiles profile}
             WHERE EXISTS (
                SELECT 1 FROM {@voice_enrollment_sessions session}
                WHERE {session.voice_enrollment_session_id} = {profile.voice_enrollment_session_id}
                  AND {session.updated_at} <> {profile.created_at})
             ORDER BY {#profile}"
        ),
    ),
    Agreement::of::<VoiceProfileBindingsRow>(
        voice_profile_bindings::BOUND_AT,
        FoldFaultKind::Differs,
        sql!(
            "SELECT {#binding} FROM {@voice_profile_bindings binding}
             WHERE EXISTS (
                SELECT 1 FROM {@voice_profiles profile}
                WHERE {profile.voice_profile_id} = {binding.voice_profile_id}
                  AND {profile.created_at} <> {binding.bound_at})
             ORDER BY {#binding}"
        ),
    ),
    // The end of an onboarding consumes its link, and nothing else does.
    Agreement::of::<LinksRow>(
        links::LINK_STATUS,
        FoldFaultKind::Differs,
        sql!(
            "SELECT {#link} FROM {@links link}
             WHERE ({link.link_status} = {LinkStatus::Consumed}) <> EXISTS (
                SELECT 1 FROM {@onboarding_sessions session}
                WHERE {session.token_id} = {link.token_id} AND {session.status} = {OnboardingStatus::Complete})
             ORDER BY {#link}"
        ),
    ),
    Agreement::of::<OnboardingSessionsRow>(
        onboarding_sessions::PREFILLED_CONTEXT,
        FoldFaultKind::Differs,
        sql!(
            "SELECT {#session} FROM {@onboarding_sessions session}
             WHERE EXISTS (
                SELECT 1 FROM {@links link}
                WHERE {link.token_id} = {session.token_id}
                  AND {link.prefilled_context} IS DISTINCT FROM {session.prefilled_context})
             ORDER BY {#session}"
        ),
    ),
    Agreement::of::<OnboardingBackfillCampaignsRow>(
        onboarding_backfill_campaigns::TOTAL_TARGET_COUNT,
        FoldFaultKind::Differs,
        sql!(
            "SELECT {#campaign} FROM {@onboarding_backfill_campaigns campaign}
             WHERE {campaign.total_target_count} <> (
                SELECT count(*) FROM {@onboarding_backfill_targets target}
                WHERE {target.campaign_id} = {campaign.campaign_id})
             ORDER BY {#campaign}"
        ),
    ),
];
