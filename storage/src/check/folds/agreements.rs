//! Current rows that must agree with each other: what is bound, and what bound it.

use rusqlite::Connection;

use super::{FoldFaultKind, FoldReport};
use crate::failure::Failure;

/// Current rows that must agree with each other: a query of the keys of those that do not.
pub(super) struct Agreement {
    table: &'static str,
    field: &'static str,
    kind: FoldFaultKind,
    disagreeing: &'static str,
}

impl Agreement {
    pub(super) fn check(&self, connection: &Connection, report: &mut FoldReport) -> Result<(), Failure> {
        report.cover(self.table);
        let mut statement = connection.prepare(self.disagreeing)?;
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let key: rusqlite::Result<Vec<String>> = (0..columns).map(|column| row.get(column)).collect();
            report.add(self.table, key?.join(", "), self.field, self.kind);
        }
        Ok(())
    }
}

pub(super) const AGREEMENTS: [Agreement; 13] = [
    Agreement {
        table: "idempotency_records",
        field: "scope_digest",
        kind: FoldFaultKind::Differs,
        disagreeing: "SELECT event.event_id FROM idempotency_records AS record JOIN audit_events AS event USING (ledger_position)
            WHERE event.event_id <> 'aud_' || lower(hex(substr(record.scope_digest, 1, 16)))
            ORDER BY ledger_position",
    },
    Agreement {
        table: "wake_enrollment_sessions",
        field: "wake_enroll_status",
        kind: FoldFaultKind::Differs,
        disagreeing: "SELECT wake_enrollment_session_id FROM wake_enrollment_sessions AS session
            WHERE wake_enroll_status = 'IN_PROGRESS' AND EXISTS (
                SELECT 1 FROM wake_enrollment_sessions AS other
                WHERE other.wake_enroll_status = 'IN_PROGRESS' AND other.user_id = session.user_id
                  AND other.device_id = session.device_id
                  AND other.wake_enrollment_session_id <> session.wake_enrollment_session_id)
            ORDER BY wake_enrollment_session_id",
    },
    Agreement {
        table: "wake_enrollment_sessions",
        field: "wake_profile_id",
        kind: FoldFaultKind::Missing,
        disagreeing: "SELECT wake_enrollment_session_id FROM wake_enrollment_sessions AS session
            WHERE wake_profile_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM wake_profile_bindings AS binding
                WHERE binding.user_id = session.user_id AND binding.device_id = session.device_id
                  AND binding.wake_enrollment_session_id = session.wake_enrollment_session_id
                  AND binding.wake_profile_id = session.wake_profile_id)
            ORDER BY wake_enrollment_session_id",
    },
    Agreement {
        table: "wake_profile_bindings",
        field: "wake_profile_id",
        kind: FoldFaultKind::Unfounded,
        disagreeing:
            "SELECT user_id, device_id, wake_enrollment_session_id FROM wake_profile_bindings AS binding
            WHERE NOT EXISTS (
                SELECT 1 FROM wake_enrollment_sessions AS session
                WHERE session.wake_enrollment_session_id = binding.wake_enrollment_session_id
                  AND session.user_id = binding.user_id AND session.device_id = binding.device_id
                  AND session.wake_profile_id = binding.wake_profile_id)
            ORDER BY user_id, device_id, wake_enrollment_session_id",
    },
    // A completion is the last change of its enrollment. Times are only ever compared for being the same.
    Agreement {
        table: "wake_profile_bindings",
        field: "bound_at",
        kind: FoldFaultKind::Differs,
        disagreeing:
            "SELECT user_id, device_id, wake_enrollment_session_id FROM wake_profile_bindings AS binding
            WHERE EXISTS (
                SELECT 1 FROM wake_enrollment_sessions AS session
                WHERE session.wake_enrollment_session_id = binding.wake_enrollment_session_id
                  AND session.updated_at <> binding.bound_at)
            ORDER BY user_id, device_id, wake_enrollment_session_id",
    },
    Agreement {
        table: "voice_enrollment_sessions",
        field: "voice_profile_id",
        kind: FoldFaultKind::Missing,
        disagreeing: "SELECT voice_enrollment_session_id FROM voice_enrollment_sessions AS session
            WHERE voice_profile_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM voice_profiles AS profile JOIN voice_profile_bindings AS binding
                  ON binding.onboarding_session_id = profile.onboarding_session_id
                 AND binding.device_id = profile.device_id
                 AND binding.voice_profile_id = profile.voice_profile_id
                WHERE profile.voice_profile_id = session.voice_profile_id
                  AND profile.voice_enrollment_session_id = session.voice_enrollment_session_id
                  AND profile.onboarding_session_id = session.onboarding_session_id
                  AND profile.device_id = session.device_id)
            ORDER BY voice_enrollment_session_id",
    },
    Agreement {
        table: "voice_profiles",
        field: "voice_profile_id",
        kind: FoldFaultKind::Unfounded,
        disagreeing: "SELECT voice_profile_id FROM voice_profiles AS profile
            WHERE NOT EXISTS (
                SELECT 1 FROM voice_enrollment_sessions AS session
                WHERE session.voice_enrollment_session_id = profile.voice_enrollment_session_id
                  AND session.voice_profile_id = profile.voice_profile_id
                  AND session.voice_enroll_status = 'LOCKED')
            ORDER BY voice_profile_id",
    },
    Agreement {
        table: "voice_profile_bindings",
        field: "voice_profile_id",
        kind: FoldFaultKind::Unfounded,
        disagreeing: "SELECT onboarding_session_id, device_id FROM voice_profile_bindings AS binding
            WHERE NOT EXISTS (
                SELECT 1 FROM voice_profiles AS profile
                WHERE profile.voice_profile_id = binding.voice_profile_id
                  AND profile.onboarding_session_id = binding.onboarding_session_id
                  AND profile.device_id = binding.device_id)
            ORDER BY onboarding_session_id, device_id",
    },
    Agreement {
        table: "voice_profiles",
        field: "created_at",
        kind: FoldFaultKind::Differs,
        disagreeing: "SELECT voice_profile_id FROM voice_profiles AS profile
            WHERE EXISTS (
                SELECT 1 FROM voice_enrollment_sessions AS session
                WHERE session.voice_enrollment_session_id = profile.voice_enrollment_session_id
                  AND session.updated_at <> profile.created_at)
            ORDER BY voice_profile_id",
    },
    Agreement {
        table: "voice_profile_bindings",
        field: "bound_at",
        kind: FoldFaultKind::Differs,
        disagreeing: "SELECT onboarding_session_id, device_id FROM voice_profile_bindings AS binding
            WHERE EXISTS (
                SELECT 1 FROM voice_profiles AS profile
                WHERE profile.voice_profile_id = binding.voice_profile_id
                  AND profile.created_at <> binding.bound_at)
            ORDER BY onboarding_session_id, device_id",
    },
    // The end of an onboarding consumes its link, and nothing else does.
    Agreement {
        table: "links",
        field: "link_status",
        kind: FoldFaultKind::Differs,
        disagreeing: "SELECT token_id FROM links AS link
            WHERE (link_status = 'CONSUMED') <> EXISTS (
                SELECT 1 FROM onboarding_sessions AS session
                WHERE session.token_id = link.token_id AND session.status = 'COMPLETE')
            ORDER BY token_id",
    },
    Agreement {
        table: "onboarding_sessions",
        field: "prefilled_context",
        kind: FoldFaultKind::Differs,
        disagreeing: "SELECT onboarding_session_id FROM onboarding_sessions AS session
            WHERE EXISTS (
                SELECT 1 FROM links AS link
                WHERE link.token_id = session.token_id
                  AND link.prefilled_context IS NOT session.prefilled_context)
            ORDER BY onboarding_session_id",
    },
    Agreement {
        table: "onboarding_backfill_campaigns",
        field: "total_target_count",
        kind: FoldFaultKind::Differs,
        disagreeing: "SELECT campaign_id FROM onboarding_backfill_campaigns AS campaign
            WHERE total_target_count <> (
                SELECT count(*) FROM onboarding_backfill_targets AS target
                WHERE target.campaign_id = campaign.campaign_id)
            ORDER BY campaign_id",
    },
];
