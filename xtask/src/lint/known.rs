//! Rules across pages that earlier phases keep: without what they ask for, no contract could be made.

use super::rule::{Finder, Rule};
use crate::diagnostics::{Code, codes};

const fn rule(
    code: &'static Code,
    fixture: &'static str,
    phase: &'static str,
    explain: &'static str,
) -> Rule {
    Rule { code, explain, fixture, finder: Finder::Phase(phase) }
}

/// In the order of their codes.
pub(super) static KNOWN: [Rule; 35] = [
    rule(
        codes::UNKNOWN_CALLER,
        "unknown_caller",
        "resolve",
        "The vocabulary of callers is `callers` of the lexicon.",
    ),
    rule(
        codes::UNKNOWN_SIDE_EFFECT,
        "unknown_side_effect",
        "resolve",
        "The vocabulary of side effects is `DECLARED (DB_WRITE)` and `NONE`.",
    ),
    rule(
        codes::UNKNOWN_VALUE,
        "unknown_fixed_value",
        "resolve",
        "A fixed value of an input is one that its type has.",
    ),
    rule(
        codes::UNKNOWN_TRUTH_TYPE,
        "unknown_truth_type",
        "resolve",
        "Rows of a LEDGER never change, those of a CURRENT table may; there is no third way.",
    ),
    rule(
        codes::UNKNOWN_COLUMN,
        "unknown_column",
        "check",
        "Keys, unique keys, foreign keys, required indices and what the lexicon says of a table name its columns.",
    ),
    rule(
        codes::UNKNOWN_KEY_FIELD,
        "unknown_key_field",
        "resolve",
        "A dedupe key is made of inputs of the capability and of its call context.",
    ),
    rule(
        codes::UNKNOWN_EVENT_FIELD,
        "unknown_event_field",
        "resolve",
        "A page can require of an event what an event has; everything else is a payload key.",
    ),
    rule(
        codes::MALFORMED_PAYLOAD_KEY,
        "malformed_payload_key",
        "resolve",
        "A payload key is a plain name, stated once: `key`, `key?` or `key=value`.",
    ),
    rule(
        codes::UNKNOWN_INVARIANT,
        "unknown_invariant",
        "check",
        "What the lexicon keeps of an invariant names the sentence of the DB wiring word by word.",
    ),
    rule(
        codes::WRONG_CONSTRAINT,
        "unfit_constraints",
        "check",
        "What a database shall keep of a table has to fit its columns.",
    ),
    rule(
        codes::UNREGISTERED_CODE,
        "unregistered_reason_code",
        "resolve",
        "A reason code that a page names is registered under its engine.",
    ),
    rule(
        codes::UNNAMED_CODE,
        "unnamed_reason_code",
        "resolve",
        "A registered code is named by a page, or retired.",
    ),
    rule(codes::REUSED_NUMBER, "reused_number", "check", "A number belongs to one code for ever."),
    rule(
        codes::WRONG_BLOCK,
        "number_outside_of_block",
        "check",
        "The high half of a number is the block of its engine.",
    ),
    rule(codes::REUSED_BLOCK, "reused_block", "check", "A block belongs to one engine."),
    rule(
        codes::CHANGED_NUMBER,
        "changed_and_vanished_number",
        "check",
        "Stored rows have the number of a code.",
    ),
    rule(
        codes::VANISHED_CODE,
        "changed_and_vanished_number",
        "check",
        "A released code stays in the register, retired where it is not used any more.",
    ),
    rule(
        codes::DUPLICATE_CODE,
        "duplicate_reason_code_of_two_engines",
        "check",
        "A code belongs to one engine.",
    ),
    rule(codes::RETIRED_CODE, "retired_reason_code", "resolve", "Nothing carries a retired code any more."),
    rule(
        codes::CONFLICTING_CODE,
        "conflicting_reason_code",
        "resolve",
        "The ECM and the DB wiring give the event of a capability the same code.",
    ),
    rule(
        codes::WRONG_CLASS,
        "wrong_classes",
        "resolve",
        "A code is used as one of its class, and a field takes classes that fit a code.",
    ),
    rule(
        codes::DUPLICATE_ENGINE,
        "two_documents_for_one_half",
        "check",
        "An engine has one ECM and one DB wiring.",
    ),
    rule(
        codes::WRONG_ENGINE_ID,
        "wrong_engine_id",
        "check",
        "The id of an engine fits its file and its other page.",
    ),
    rule(
        codes::DUPLICATE_CAPABILITY,
        "duplicate_capability",
        "check",
        "A capability id is unique across all engines.",
    ),
    rule(
        codes::UNKNOWN_CAPABILITY,
        "unknown_write",
        "resolve",
        "A write, an audit label and an entry of the lexicon lead to exactly one capability.",
    ),
    rule(
        codes::MISSING_WRITE,
        "missing_write",
        "resolve",
        "Every capability that writes has its write in the DB wiring.",
    ),
    rule(codes::DUPLICATE_WRITE, "duplicate_write", "resolve", "A capability has one write."),
    rule(
        codes::DUPLICATE_TEST,
        "duplicate_test",
        "check",
        "An acceptance test and its function are named once.",
    ),
    rule(
        codes::MISSING_TEST_FN,
        "missing_bullets",
        "resolve",
        "An acceptance test names the function that proves it.",
    ),
    rule(
        codes::DUPLICATE_TABLE,
        "lint/duplicate_table",
        "check",
        "A table stands once in a wiring, and has one truth type in all of them.",
    ),
    rule(
        codes::UNKNOWN_TABLE,
        "unknown_table",
        "check",
        "What is written, and what the lexicon speaks of, is declared by a wiring.",
    ),
    rule(
        codes::UNKNOWN_ENGINE,
        "unknown_engine",
        "check",
        "Engines of the lexicon and the register have pages.",
    ),
    rule(codes::DUPLICATE_TRAIT, "lint/duplicate_trait", "check", "Two engines have two traits."),
    rule(
        codes::UNSCOPED_READ,
        "unscoped_read",
        "check",
        "A read tells the rows of one tenant or one row, unless the lexicon declares that it tells everything.",
    ),
    rule(
        codes::NEEDLESS_WHOLE_LEDGER,
        "needless_whole_ledger",
        "check",
        "Only reads that name neither a tenant nor a row are declared to tell everything.",
    ),
];
