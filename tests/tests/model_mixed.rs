//! PH1.W, PH1.VOICE.ID, PH1.PERSONA, PH1.WRITE and the ledgers of PH1.F side by side, against the reference model:
//! random sequences of their writes, every answer, every table, every event.
//!
//! What stands here beside the other tests of the model is what only meets here: engines that share the keys of a
//! chain, and commits that bind a device to its first tenant. `PROPTEST_CASES=5000` runs more sequences than the
//! default.

use selene_acceptance::model::{agree, assert_reached, mixed_writes};

#[test]
fn store_and_model_agree_on_every_call() {
    agree(500, mixed_writes);
}

/// A sequence that never gets anywhere agrees on nothing: every answer that the specs know is among them.
#[test]
fn sequences_reach_every_answer() {
    assert_reached(&mixed_writes(), ANSWERS);
}

const ANSWERS: &str = "
    Memory APPLIED
    Memory REPLAYED
    Memory REPLAYED_DIFFERENT
    Memory F_CALLER_NOT_ALLOWED
    Memory F_CONTRACT_VALIDATION_FAILED
    Memory F_FOREIGN_KEY_MISSING
    Turn APPLIED
    Turn REPLAYED
    Turn REPLAYED_DIFFERENT
    Turn F_CALLER_NOT_ALLOWED
    Turn F_CONTRACT_VALIDATION_FAILED
    Turn F_FOREIGN_KEY_MISSING
    Turn F_SCOPE_VIOLATION
    Turn F_DUPLICATE_KEY
    Format APPLIED
    Format REPLAYED
    Format REPLAYED_DIFFERENT
    Format F_CALLER_NOT_ALLOWED
    Format WRITE_CONTRACT_VALIDATION_FAILED
    Format WRITE_SCOPE_VIOLATION
    Profile APPLIED
    Profile REPLAYED
    Profile REPLAYED_DIFFERENT
    Profile F_CALLER_NOT_ALLOWED
    Profile PERSONA_CONTRACT_VALIDATION_FAILED
    Profile PERSONA_SCOPE_VIOLATION
    WakeSample APPLIED COMPLETE without a reason
    VoiceSample APPLIED LOCKED without a reason
";
