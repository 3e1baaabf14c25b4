//! Rules across pages that earlier phases keep: without what they ask for, no contract could be made.

use super::rule::Rule;
use crate::diagnostics::codes;

/// In the order of their codes.
pub(super) static RULES: [Rule; 35] = [
    Rule::phase(
        codes::UNKNOWN_CALLER,
        "unknown_caller",
        "resolve",
        "The vocabulary of callers is `callers` of the lexicon.",
    ),
    Rule::phase(
        codes::UNKNOWN_SIDE_EFFECT,
        "unknown_side_effect",
        "resolve",
        "The vocabulary of side effects is `DECLARED (DB_WRITE)` and `NONE`.",
    ),
    Rule::phase(
        codes::UNKNOWN_VALUE,
        "unknown_fixed_value",
        "resolve",
        "A fixed value of an input is one that its type has.",
    ),
    Rule::phase(
        codes::UNKNOWN_TRUTH_TYPE,
        "unknown_truth_type",
        "resolve",
        "Rows of a LEDGER never change, those of a CURRENT table may; there is no third way.",
    ),
    Rule::phase(
        codes::UNKNOWN_COLUMN,
        "unknown_column",
        "check",
        "Keys, unique keys, foreign keys, required indices and what the lexicon says of a table name its columns.",
    ),
    Rule::phase(
        codes::UNKNOWN_KEY_FIELD,
        "unknown_key_field",
        "resolve",
        "A dedupe key is made of inputs of the capability and of its call context.",
    ),
    Rule::phase(
        codes::UNKNOWN_EVENT_FIELD,
        "unknown_event_field",
        "resolve",
        "A page can require of an event what an event has; everything else is a payload key.",
    ),
    Rule::phase(
        codes::MALFORMED_PAYLOAD_KEY,
        "malformed_payload_key",
        "resolve",
        "A payload key is a plain name, stated once: `key`, `key?` or `key=value`.",
    ),
    Rule::phase(
        codes::UNKNOWN_INVARIANT,
        "unknown_invariant",
        "check",
        "What the lexicon keeps of an invariant names the sentence of the DB wiring word by word.",
    ),
    Rule::phase(
        codes::WRONG_CONSTRAINT,
        "unfit_constraints",
        "check",
        "What a database shall keep of a table has to fit its columns.",
    ),
    Rule::phase(
        codes::UNREGISTERED_CODE,
        "unregistered_reason_code",
        "resolve",
        "A reason code that a page names is registered under its engine.",
    ),
    Rule::phase(
        codes::UNNAMED_CODE,
        "unnamed_reason_code",
        "resolve",
        "A registered code is named by a page, or retired.",
    ),
    Rule::phase(codes::REUSED_NUMBER, "reused_number", "check", "A number belongs to one code for ever."),
    Rule::phase(
        codes::WRONG_BLOCK,
        "number_outside_of_block",
        "check",
        "The high half of a number is the block of its engine.",
    ),
    Rule::phase(codes::REUSED_BLOCK, "reused_block", "check", "A block belongs to one engine."),
    Rule::phase(
        codes::CHANGED_NUMBER,
        "changed_and_vanished_number",
        "check",
        "Stored rows have the number of a code.",
    ),
    Rule::phase(
        codes::VANISHED_CODE,
        "changed_and_vanished_number",
        "check",
        "A released code stays in the register, retired where it is not used any more.",
    ),
    Rule::phase(
        codes::DUPLICATE_CODE,
        "duplicate_reason_code_of_two_engines",
        "check",
        "A code belongs to one engine.",
    ),
    Rule::phase(
        codes::RETIRED_CODE,
        "retired_reason_code",
        "resolve",
        "Nothing carries a retired code any more.",
    ),
    Rule::phase(
        codes::CONFLICTING_CODE,
        "conflicting_reason_code",
        "resolve",
        "The ECM and the DB wiring give the event of a capability the same code.",
    ),
    Rule::phase(
        codes::WRONG_CLASS,
        "wrong_classes",
        "resolve",
        "A code is used as one of its class, and a field takes classes that fit a code.",
    ),
    Rule::phase(
        codes::DUPLICATE_ENGINE,
        "two_documents_for_one_half",
        "check",
        "An engine has one ECM and one DB wiring.",
    ),
    Rule::phase(
        codes::WRONG_ENGINE_ID,
        "wrong_engine_id",
        "check",
        "The id of an engine fits its file and its other page.",
    ),
    Rule::phase(
        codes::DUPLICATE_CAPABILITY,
        "duplicate_capability",
        "check",
        "A capability id is unique across all engines.",
    ),
    Rule::phase(
        codes::UNKNOWN_CAPABILITY,
        "unknown_write",
        "resolve",
        "A write, an audit label and an entry of the lexicon lead to exactly one capability.",
    ),
    Rule::phase(
        codes::MISSING_WRITE,
        "missing_write",
        "resolve",
        "Every capability that writes has its write in the DB wiring.",
    ),
    Rule::phase(codes::DUPLICATE_WRITE, "duplicate_write", "resolve", "A capability has one write."),
    Rule::phase(
        codes::DUPLICATE_TEST,
        "duplicate_test",
        "check",
        "An acceptance test and its function are named once.",
    ),
    Rule::phase(
        codes::MISSING_TEST_FN,
        "missing_bullets",
        "resolve",
        "An acceptance test names the function that proves it.",
    ),
    Rule::phase(
        codes::DUPLICATE_TABLE,
        "lint/duplicate_table",
        "check",
        "A table stands once in a wiring, and has one truth type in all of them.",
    ),
    Rule::phase(
        codes::UNKNOWN_TABLE,
        "unknown_table",
        "check",
        "What is written, and what the lexicon names, is declared by a wiring.",
    ),
    Rule::phase(
        codes::UNKNOWN_ENGINE,
        "unknown_engine",
        "check",
        "Engines of the lexicon and the register have pages.",
    ),
    Rule::phase(codes::DUPLICATE_TRAIT, "lint/duplicate_trait", "check", "Two engines have two traits."),
    Rule::phase(
        codes::UNSCOPED_READ,
        "unscoped_read",
        "check",
        "A read returns the rows of one tenant or one row, unless the lexicon declares that it returns everything.",
    ),
    Rule::phase(
        codes::NEEDLESS_WHOLE_LEDGER,
        "needless_whole_ledger",
        "check",
        "Only reads that name neither a tenant nor a row are declared to return everything.",
    ),
];
