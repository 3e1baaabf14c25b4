//! The wake enrollment as a state machine. PH1.VOICE.ID has a file alike: its states, calls and columns are its own.

use selene_contracts::Capability as _;
use selene_contracts::ph1_w::{
    Ph1wEnrollCompleteCommitRow, Ph1wEnrollDeferReminderCommitRow, Ph1wEnrollSampleCommitRow,
    Ph1wEnrollStartDraftRow, WakeEnrollStatus, WakeEnrollmentSessionRecord,
};
use selene_contracts::row::Selection as _;

use super::super::moves::START;
use crate::rules::enrollment::Enrollment as _;
use crate::rules::machine::{EnrollmentCalls, Machine, of_enrollment};

pub(crate) fn machine() -> Machine {
    let all: Vec<_> = WakeEnrollStatus::ALL.iter().map(|status| (*status, status.as_str())).collect();
    let calls = EnrollmentCalls {
        start: Ph1wEnrollStartDraftRow::SPEC.id,
        sample: Ph1wEnrollSampleCommitRow::SPEC.id,
        complete: Ph1wEnrollCompleteCommitRow::SPEC.id,
        defer: Ph1wEnrollDeferReminderCommitRow::SPEC.id,
    };
    Machine {
        title: "Wake enrollment",
        engine: Ph1wEnrollStartDraftRow::SPEC.engine,
        table: WakeEnrollmentSessionRecord::TABLE,
        column: WakeEnrollmentSessionRecord::STATUS,
        source: "storage/src/rules/ph1_w/moves.rs",
        states: all.iter().map(|(_, name)| *name).collect(),
        moves: of_enrollment::<WakeEnrollmentSessionRecord>(&calls, START.as_str(), &all),
    }
}
