//! Rules of sentences: what they count, limit, let happen and keep, against each other and against what pages and lexicon state.

use super::rule::Rule;
use super::rules::{
    allowed, bullets, call_words, claims, code_names, counts, docs, event_facts, for_good, kept, lifecycle,
    limits, meaning_words, meanings, row_claims, states, tenants, uniqueness,
};
use crate::diagnostics::codes;

/// In the order of their codes.
pub(super) static RULES: [Rule; 27] = [
    Rule::lint(
        codes::COUNT_AGAINST_LIST,
        "lint/count_against_list",
        counts::against_lists,
        "`three states: OPEN, CLOSED` was true once. Numbers in words are compared with the list behind them, with the values of a field, and with what a page has.",
    ),
    Rule::lint(
        codes::STATED_TWICE,
        "lint/stated_twice",
        limits::stated_twice,
        "`at most 5 links per inviter` and `a link expires after 7 days` hold for backends and callers alike, so each has one value on both pages.",
    ),
    Rule::lint(
        codes::SEVERAL_PER_KEY,
        "lint/several_per_key",
        uniqueness::against_keys,
        "A key keeps one row for each value. `two … per (a, b)`, `a is not unique`, and `one … DRAFT per (a, b)` where the key is of ACTIVE rows ask for another key.",
    ),
    Rule::lint(
        codes::STATE_OF_ANOTHER_ENUM,
        "lint/state_of_another_enum",
        states::of_no_enum,
        "What goes from one state to another stays in one column, and so within one enum.",
    ),
    Rule::lint(
        codes::TWO_STARTS,
        "lint/two_starts",
        lifecycle::starts,
        "`starts as DRAFT` leaves no sentence that lets the same thing start as ACTIVE.",
    ),
    Rule::lint(
        codes::FORGOTTEN_STATE,
        "lint/forgotten_state",
        states::forgotten,
        "Where sentences say how something comes to every state but one, that one was added to the lexicon alone, or lost from the page.",
    ),
    Rule::lint(
        codes::KEPT_OTHERWISE,
        "lint/kept_otherwise",
        kept::turned,
        "A database keeps what the lexicon says, and people read the sentence: `IS NULL` for `has`, `>=` for `never above`, and a column that the sentence is not about are slips.",
    ),
    Rule::lint(
        codes::DOC_AGAINST_ENTRY,
        "lint/doc_against_entry",
        docs::against_entries,
        "Words of the lexicon become the documentation of types and fields, and `from 1`, `at most 64 bytes` and values in them are believed.",
    ),
    Rule::lint(
        codes::KEYS_AGAINST_SENTENCE,
        "lint/keys_against_sentence",
        tenants::against_sentences,
        "`every key leads with the tenant` is a promise about each primary key of the tables whose rows have one.",
    ),
    Rule::lint(
        codes::TENANT_OUTSIDE_KEY,
        "lint/tenant_outside_key",
        tenants::left_out,
        "Where the other primary keys, or the other dedupe keys, of an engine have the tenant, one without it lets two tenants share a value.",
    ),
    Rule::lint(
        codes::EVENT_AGAINST_SENTENCE,
        "lint/event_against_sentence",
        event_facts::denied,
        "`an event has no tenant` leaves no write that requires `tenant_id`, and every applied write emits the same number of events.",
    ),
    Rule::lint(
        codes::INPUT_AGAINST_SENTENCE,
        "lint/input_against_sentence",
        bullets::of_inputs,
        "Callers read the bullets, and programs the `input_schema`: what is required, optional, given or derived is the same in both.",
    ),
    Rule::lint(
        codes::ANSWER_AGAINST_SENTENCE,
        "lint/answer_against_sentence",
        bullets::of_answers,
        "`answers with …` in a bullet names the type of the `output_schema`.",
    ),
    Rule::lint(
        codes::NAME_AGAINST_ID,
        "lint/name_against_id",
        bullets::of_names,
        "`…_ROW` is about one row, `…_ROWS` about several, and a guard tries what must fail; a name says the same.",
    ),
    Rule::lint(
        codes::MEANING_OF_ANOTHER,
        "lint/meaning_of_another",
        code_names::of_another,
        "A meaning that has no word of its own code and every word of another one was copied to the wrong line.",
    ),
    Rule::lint(
        codes::LEDGER_CHANGED_BY_CALL,
        "lint/ledger_changed_by_call",
        row_claims::changed_ledgers,
        "Rows of a LEDGER never change, so a write whose id holds UPDATE, DELETE, OVERWRITE, EDIT, PURGE, REPLACE or ERASE has a CURRENT table.",
    ),
    Rule::lint(
        codes::REFERENCE_ACTION,
        "lint/reference_action",
        row_claims::reference_actions,
        "`on delete cascade` deletes rows and `set null` empties columns: rows of a LEDGER stay as they are, and a column without `?` has a value.",
    ),
    Rule::lint(
        codes::LINE_OF_ANOTHER_CODE,
        "lint/line_of_another_code",
        code_names::of_lines,
        "Two lines of failures with each other's codes look right one by one. The words of a line are compared with the names and meanings of the register.",
    ),
    Rule::lint(
        codes::MEANING_AGAINST_NAME,
        "lint/meaning_against_name",
        meaning_words::against_names,
        "`TERMS_REQUIRED` with the meaning \"The terms are accepted.\" means the opposite to people of what its name means to programs. A number keeps its meaning, so the slip is mended before it is released.",
    ),
    Rule::lint(
        codes::REPLAY_OF_OTHER_CLASS,
        "lint/replay_of_other_class",
        meanings::of_replays,
        "Callers distinguish a replay from a refusal by the class of the code, so the code of a line about replays is registered with `class: replay`.",
    ),
    Rule::lint(
        codes::REFUSAL_OF_ANOTHER_KIND,
        "lint/refusal_of_another_kind",
        claims::refusals_of_others,
        "`append_only: T_SCOPE_VIOLATION` beside a code `T_APPEND_ONLY_VIOLATION` is a slip of the lexicon: the backend would answer with the wrong code.",
    ),
    Rule::lint(
        codes::RANGE_BELOW_TARGET,
        "lint/range_below_target",
        claims::ranges_below_targets,
        "Passes that are never above a target of 3 to 8 reach every target, so their range ends at 8 as well.",
    ),
    Rule::lint(
        codes::CLASSES_AGAINST_LIST,
        "lint/classes_against_list",
        claims::classes_against_lists,
        "`gate reason codes of samples:` over a list says which calls take codes of class `gate`; the `classes` of the lexicon are what is checked.",
    ),
    Rule::lint(
        codes::CHANGE_AGAINST_SENTENCE,
        "lint/change_against_sentence",
        for_good::changed,
        "`a device belongs to one user` and `a device may belong to two users` cannot both hold, on whichever pages they stand.",
    ),
    Rule::lint(
        codes::COLUMN_OF_ANOTHER_STATE,
        "lint/column_of_another_state",
        for_good::of_another_state,
        "`closed_at` that is there exactly when the state is CLOSED is not there for an OPEN row, whatever another sentence says.",
    ),
    Rule::lint(
        codes::EFFECT_AGAINST_WORDS,
        "lint/effect_against_words",
        call_words::against_effects,
        "A read that marks something writes, and a write whose bullet says that nothing is written reads: one of the two is out of date.",
    ),
    Rule::lint(
        codes::ALLOWED_AND_REFUSED,
        "lint/allowed_and_refused",
        allowed::and_refused,
        "`a move may lie before the last change` beside a failure for a time before the last change, and `a start needs no consent` beside an input that asks for one: callers and backends would each believe another one.",
    ),
];
