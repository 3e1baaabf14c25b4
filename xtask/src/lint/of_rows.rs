//! Rules of rows and calls: what is read, written, guarded, taken and answered.

use super::rule::Rule;
use super::rules::{
    answers, call_forms, code_words, dedupe, facts, gates, header, item_limits, joined, lifecycle, lists,
    only_read, payload, purposes, read_words, reads, references, refusals, row_counts, table_claims, tests,
    truth, twice, units,
};
use crate::diagnostics::codes;

/// In the order of their codes.
pub(super) static RULES: [Rule; 36] = [
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
        item_limits::other_values,
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
        joined::absence,
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
        joined::claims_of_callers,
        "Who may call, and whether a simulation gates the call, stands at the callers of a capability. A sentence about it says the same.",
    ),
    Rule::lint(
        codes::MOVE_FROM_END,
        "lint/move_from_end",
        lifecycle::from_end,
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
    Rule::lint(
        codes::VERSION_AGAINST_TITLE,
        "lint/version_against_title",
        header::title_versions,
        "A title is what people remember of a page. `v1` and `v1.0` are one version.",
    ),
    Rule::lint(
        codes::ITEMS_OF_NO_LIST,
        "lint/items_of_no_list",
        lists::bounds_of_none,
        "`max_items` says how many values a list may have. Of a field that has one value it bounds nothing, so a list was meant, or another field.",
    ),
    Rule::lint(
        codes::TIME_OF_READ,
        "lint/time_of_read",
        call_forms::time_of_reads,
        "A read answers with the rows that are there. One whose answer depends on a time says so in its bullets, or is one of several of its engine.",
    ),
    Rule::lint(
        codes::WRITE_WITHOUT_RESULT,
        "lint/write_without_result",
        call_forms::without_result,
        "What changes rows can be refused, so its answer is a `Result`. The writes of one page are held against each other, a single one against those of all pages.",
    ),
    Rule::lint(
        codes::WRITE_WITHOUT_TIME,
        "lint/write_without_time",
        call_forms::without_time,
        "A change has a time, which every call brings along. Where the writes of a page state it, one without it looks like one that needs none.",
    ),
    Rule::lint(
        codes::GATE_OF_OTHER_CLASS,
        "lint/gate_of_other_class",
        gates::of_other_class,
        "A gate is passed or not, and has codes of class `gate` and events that begin with GATE. Steps say what was done.",
    ),
    Rule::lint(
        codes::TABLE_OF_PURPOSE,
        "lint/table_of_purpose",
        purposes::tables,
        "Whoever looks for the engine of a table reads the purposes. A table that one of them names is owned, read or written by that engine.",
    ),
    Rule::lint(
        codes::UNKNOWN_NAME_OF_READ,
        "lint/unknown_name_of_read",
        read_words::unknown_names,
        "Scope rules say which rows count. Names in backticks in them are columns, tables, inputs or fields of the lexicon.",
    ),
    Rule::lint(
        codes::UNUSED_INPUT,
        "lint/unused_input",
        call_forms::unused_inputs,
        "What a call is given is stored, is part of a key or of the event, or stands in a sentence that says what it is for.",
    ),
    Rule::lint(
        codes::UNKNOWN_TEST_IN_SENTENCE,
        "lint/unknown_test_in_sentence",
        table_claims::unknown_tests,
        "Whoever relies on a sentence looks for the test that it names: `AT-W-DB-01`.",
    ),
    Rule::lint(
        codes::TABLE_AGAINST_SENTENCE,
        "lint/table_against_sentence",
        joined::claims_of_tables,
        "`PH1.W owns …`, `… is written by PH1.W`, and `writes …` in a bullet of a capability say the same as `data_owned` and the section `Writes`.",
    ),
    Rule::lint(
        codes::KEY_WITHOUT_SCOPE,
        "lint/key_without_scope",
        dedupe::without_scope,
        "Callers choose idempotency keys, and two may choose the same. The rest of a dedupe key says whose it is.",
    ),
    Rule::lint(
        codes::FACT_AGAINST_SENTENCE,
        "lint/fact_against_sentence",
        joined::facts_of_tables,
        "`devices` is a ledger, the primary key of `devices` is `device_id`: a sentence says the same as the table's own bullets.",
    ),
    Rule::lint(
        codes::CODE_AGAINST_WORDS,
        "lint/code_against_words",
        facts::denying_codes,
        "`the company is ACTIVE: COMPANY_NOT_ACTIVE` is the opposite of what is meant: people read the words, and programs the code.",
    ),
];
