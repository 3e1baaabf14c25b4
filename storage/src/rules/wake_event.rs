//! Wake events for tests, benchmarks and the demo, those of the rules too, which differ in a few values each: all others stand here, once.

use selene_contracts::ph1_w::{Ph1WReasonCode, Ph1wRuntimeEventCommitRow, WakeRuntimeEventRecord};

/// A wake word that a device accepted while it was silent; it names neither session, user nor profile.
#[must_use]
pub fn wake_event(wake_event_id: &str, device_id: &str, idempotency_key: &str) -> Ph1wRuntimeEventCommitRow {
    Ph1wRuntimeEventCommitRow {
        wake_event_id: wake_event_id.into(),
        session_id: None,
        user_id: None,
        device_id: device_id.into(),
        accepted: true,
        reason_code: Ph1WReasonCode::WakeRuntimeEventCommit,
        wake_profile_id: None,
        tts_active_at_trigger: false,
        media_playback_active_at_trigger: false,
        suppression_reason_code: None,
        idempotency_key: idempotency_key.into(),
    }
}

/// What became of a wake word: whether it was accepted, the reason, and why it was suppressed, where it was.
pub type Verdict = (bool, Ph1WReasonCode, Option<Ph1WReasonCode>);

/// An event with another verdict, which need not be one that the rules allow.
#[must_use]
pub fn with_verdict(
    event: Ph1wRuntimeEventCommitRow,
    (accepted, reason_code, suppression_reason_code): Verdict,
) -> Ph1wRuntimeEventCommitRow {
    Ph1wRuntimeEventCommitRow { accepted, reason_code, suppression_reason_code, ..event }
}

/// The verdict of a stored event.
#[must_use]
pub const fn verdict(row: &WakeRuntimeEventRecord) -> Verdict {
    (row.accepted, row.reason_code, row.suppression_reason_code)
}
