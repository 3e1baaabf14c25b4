//! The voice enrollment as a state machine. PH1.W has a file alike: its states, calls and columns are its own.

use selene_contracts::Capability as _;
use selene_contracts::ph1_voice_id::{
    VidEnrollCompleteCommitRow, VidEnrollDeferReminderCommitRow, VidEnrollSampleCommitRow,
    VidEnrollStartDraftRow, VoiceEnrollStatus, VoiceEnrollmentSessionRecord,
};
use selene_contracts::row::Selection as _;

use super::super::moves::START;
use crate::rules::enrollment::Enrollment as _;
use crate::rules::machine::{EnrollmentCalls, Machine, of_enrollment};

pub(crate) fn machine() -> Machine {
    let all: Vec<_> = VoiceEnrollStatus::ALL.iter().map(|status| (*status, status.as_str())).collect();
    let calls = EnrollmentCalls {
        start: VidEnrollStartDraftRow::SPEC.id,
        sample: VidEnrollSampleCommitRow::SPEC.id,
        complete: VidEnrollCompleteCommitRow::SPEC.id,
        defer: VidEnrollDeferReminderCommitRow::SPEC.id,
    };
    Machine {
        title: "Voice enrollment",
        engine: VidEnrollStartDraftRow::SPEC.engine,
        table: VoiceEnrollmentSessionRecord::TABLE,
        column: VoiceEnrollmentSessionRecord::STATUS,
        source: "storage/src/rules/ph1_voice_id/moves.rs",
        states: all.iter().map(|(_, name)| *name).collect(),
        moves: of_enrollment::<VoiceEnrollmentSessionRecord>(&calls, START.as_str(), &all),
    }
}
