//! Rules of rows and calls: what is read, written, guarded, taken and answered.

use super::rule::Rule;
use super::rules::{
    answers, code_words, of_calls, only_read, payload, reads, references, refusals, row_counts, state_moves,
    stated_values, tests, truth, twice, units, values,
};
use crate::diagnostics::codes;

/// In the order of their codes.
pub(super) static RULES: [Rule; 22] = [
    Rule::lint(
        codes::CODE_OF_ANOTHER_ENGINE,
        "lint/code_of_another_engine",
        code_words::of_another_engine,
        "A call answers with a code of its own engine, or with one that the lexicon gives its refusals. A sentence that says what another engine answers names that engine.",
    ),
    Rule::lint(
        codes::INPUT_AGAINST_COLUMN,
        "lint/input_against_column",
        answers::input_of_column,
        "What a call may lack cannot be stored in a column that every row has, nor a list in a column of one value.",
    ),
    Rule::lint(
        codes::VALUES_AGAINST_FIELD,
        "lint/values_against_field",
        stated_values::other_values,
        "The lexicon says what a field may hold: `is one of` names every value of its enum, and `between 3 and 8` its bounds.",
    ),
    Rule::lint(
        codes::UNKNOWN_COLUMN_OF_READ,
        "lint/unknown_column_of_read",
        reads::columns,
        "`reads: identities.user_id` reads one column of a table, which the table has to have.",
    ),
    Rule::lint(
        codes::WRITE_OF_ONLY_READ,
        "lint/write_of_only_read",
        only_read::written,
        "A page that says that a table is only read, or never written, has no write of it.",
    ),
    Rule::lint(
        codes::LEDGER_OUTSIDE_GUARDS,
        "lint/ledger_outside_guards",
        truth::ledger_outside_guards,
        "A guard tries to overwrite a row that it finds by a key. A ledger whose key no guard takes is tried by nobody.",
    ),
    Rule::lint(
        codes::REFERENCE_TO_PART_OF_KEY,
        "lint/reference_to_part_of_key",
        references::to_part_of_key,
        "A foreign key leads to one row. A part of a key leads to many, so the references of one table to another make up a whole key.",
    ),
    Rule::lint(
        codes::ANSWER_OF_ANOTHER_TABLE,
        "lint/answer_of_another_table",
        answers::of_another_table,
        "A write answers with a row that it wrote, a read with one that its input leads to, and the end of something with that something.",
    ),
    Rule::lint(
        codes::MARKED_CONTEXT,
        "lint/marked_context",
        answers::context,
        "Time, chain and turn are part of every call. Only a simulation may be missing, where none gates the call.",
    ),
    Rule::lint(
        codes::UNREAD_REFERENCE,
        "lint/unread_reference",
        references::unread,
        "A foreign key that stands in a sentence is checked by nobody. It is read in the list of keys, in a table of them, and in an invariant of the table that it leads from.",
    ),
    Rule::lint(
        codes::ROWS_AGAINST_ID,
        "lint/rows_against_id",
        row_counts::against_id,
        "`…_ROW` reads one row, `…_ROWS` a list of them: callers choose by the name.",
    ),
    Rule::lint(
        codes::READ_WITHOUT_KEY,
        "lint/read_without_key",
        row_counts::without_key,
        "One row is found by a whole key of its table. By anything less several rows are found, and nobody says which is meant.",
    ),
    Rule::lint(
        codes::ANSWER_OF_GUARD,
        "lint/answer_of_guard",
        row_counts::of_guards,
        "A guard tries what must fail, so it has nothing to give.",
    ),
    Rule::lint(
        codes::TITLE_AGAINST_FN,
        "lint/title_against_fn",
        tests::titles,
        "Title and function of a test are named after the same thing. Where no word is the same, one of them was copied from another test.",
    ),
    Rule::lint(
        codes::UNIT_AGAINST_NAME,
        "lint/unit_against_name",
        units::differing,
        "`_ms` at the end of a name, the `unit` of its type and `in milliseconds` in its words say the same unit.",
    ),
    Rule::lint(
        codes::SAME_MEANING,
        "lint/same_meaning",
        twice::meanings,
        "A code differs from the others of its engine by its meaning.",
    ),
    Rule::lint(
        codes::ABSENCE_AGAINST_FIELD,
        "lint/absence_against_field",
        values::absence,
        "`closed_at?` may be absent, `closed_at` never is. A sentence about it says the same.",
    ),
    Rule::lint(
        codes::PAYLOAD_AGAINST_SENTENCE,
        "lint/payload_against_sentence",
        payload::denied_keys,
        "A sentence that keeps something out of events is a promise to the person whom it is about.",
    ),
    Rule::lint(
        codes::CALL_AGAINST_SENTENCE,
        "lint/call_against_sentence",
        of_calls::against_callers,
        "Who may call, and whether a simulation gates the call, stands at the callers of a capability. A sentence about it says the same.",
    ),
    Rule::lint(
        codes::MOVE_FROM_END,
        "lint/move_from_end",
        state_moves::from_end,
        "`CLOSED is the end` leaves no sentence in which CLOSED goes to something else.",
    ),
    Rule::lint(
        codes::REFUSED_WITH_OTHER_CLASS,
        "lint/refused_with_other_class",
        refusals::of_other_class,
        "A refusal gives a code of class `refusal`. Codes of steps, outcomes and gates stand in rows and events.",
    ),
    Rule::lint(
        codes::REFUSAL_AGAINST_LEXICON,
        "lint/refusal_against_lexicon",
        refusals::other_code,
        "`refusals` of the lexicon says what a replay, a change of a ledger, and a value out of bounds or out of scope are answered with. A line of the ECM about the same failure names the same code.",
    ),
];
