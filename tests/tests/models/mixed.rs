//! Every answer of PH1.PERSONA, PH1.WRITE, the appends of PH1.J, and the sessions and ledgers of PH1.F that their specs know: `CALL ANSWER`.
//!
//! Their sequences also hold writes of PH1.W and PH1.VOICE.ID: engines that share the keys of a chain, and commits that
//! bind a device to its first tenant, meet nowhere else.

pub const ANSWERS: &str = "
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
    State APPLIED
    State REPLAYED
    State REPLAYED_DIFFERENT
    State F_CALLER_NOT_ALLOWED
    State F_CONTRACT_VALIDATION_FAILED
    State F_NOT_FOUND
    State F_SESSION_STATE_INVALID
    Append APPLIED
    Append REPLAYED
    Append REPLAYED_DIFFERENT
    Append F_CALLER_NOT_ALLOWED
    Append J_CONTRACT_VALIDATION_FAILED
    Append J_TENANT_SCOPE_VIOLATION
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
