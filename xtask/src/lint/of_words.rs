//! Rules of keys and sentences, of names, of the lexicon and the register.

use super::rule::Rule;
use super::rules::{
    code_lists, event_words, events, folds, guesses, keys, lexicon, meaning, named, reads, sentences, tests,
    truth, twice, values,
};
use crate::diagnostics::codes;

/// In the order of their codes.
pub(super) static RULES: [Rule; 34] = [
    Rule::lint(
        codes::OPTIONAL_KEY,
        "lint/optional_key",
        keys::optional,
        "SQL never finds two rows equal that lack a value, so a key with an optional column does not keep rows apart.",
    ),
    Rule::lint(
        codes::NEEDLESS_KEY,
        "lint/needless_key",
        keys::needless,
        "A key that stands twice is a slip: another column was meant, or the second one costs an index for nothing.",
    ),
    Rule::lint(
        codes::UNKNOWN_COLUMN_IN_SENTENCE,
        "lint/unknown_column_in_sentence",
        sentences::columns,
        "Names in backticks in an invariant are columns of its table, or other tables and their columns.",
    ),
    Rule::lint(
        codes::UNKNOWN_VALUE_IN_SENTENCE,
        "lint/unknown_value_in_sentence",
        sentences::values,
        "Words in capitals are values of enums. An invariant names only values that its own engine knows.",
    ),
    Rule::lint(
        codes::UNKEPT_UNIQUE,
        "lint/unkept_unique",
        sentences::unkept_unique,
        "`one … per (a, b)` is kept by a primary key, a unique key, or a `unique_where` of the lexicon.",
    ),
    Rule::lint(
        codes::READ_OF_NOBODY,
        "lint/read_of_nobody",
        reads::of_nobody,
        "What is read has an owner whose wiring declares it. What lives elsewhere is stated under the read: `- outside: ` with its name.",
    ),
    Rule::lint(
        codes::OUTSIDE_AND_DECLARED,
        "lint/outside_and_declared",
        reads::outside_and_declared,
        "A statement that a table lives elsewhere is out of date once a wiring declares it.",
    ),
    Rule::lint(
        codes::DIFFERENT_TEST_FN,
        "lint/different_test_fn",
        tests::functions,
        "`AT-W-DB-01` is proven by a function that begins with `at_w_db_01`, so a failing test leads to its line.",
    ),
    Rule::lint(
        codes::TEST_OF_ANOTHER_ENGINE,
        "lint/test_of_another_engine",
        tests::of_another_engine,
        "Tests of one wiring are numbered under one name.",
    ),
    Rule::lint(
        codes::CAPABILITY_OF_ANOTHER_ENGINE,
        "lint/capability_of_another_engine",
        named::capabilities,
        "Ids of capabilities begin with a word that says whose they are.",
    ),
    Rule::lint(
        codes::EFFECT_AGAINST_ID,
        "lint/effect_against_id",
        events::effect_against_id,
        "Ids with READ or APPEND_ONLY_GUARD do not write; ids with COMMIT, DRAFT or INSERT do.",
    ),
    Rule::lint(
        codes::RECORD_AGAINST_TABLE,
        "lint/record_against_table",
        keys::records,
        "A record with the columns of a table is read from its rows, so both say alike what may be absent and what is a list.",
    ),
    Rule::lint(
        codes::UNKNOWN_ENGINE_IN_SENTENCE,
        "lint/unknown_engine_in_sentence",
        sentences::engines,
        "A sentence about an engine that is not there is about nothing.",
    ),
    Rule::lint(
        codes::UNUSED_ENTRY,
        "lint/unused_entry",
        lexicon::unused,
        "What nobody uses is out of date, or the name of what was meant is spelled otherwise.",
    ),
    Rule::lint(
        codes::SPELLED_ALIKE,
        "lint/spelled_alike",
        lexicon::spelled_alike,
        "Two names that differ by an underscore or a letter are one name, or will be taken for one.",
    ),
    Rule::lint(
        codes::REVERSED_MEANING,
        "lint/reversed_meaning",
        meaning::reversed,
        "Stored rows keep the number of a code for ever. A meaning that was turned round would turn round what they say.",
    ),
    Rule::lint(
        codes::CHANGED_MEANING,
        "lint/changed_meaning",
        meaning::changed,
        "Reported once, until `regenerate` has written the new words: whoever changes a meaning should look at it twice.",
    ),
    Rule::lint(
        codes::UNKNOWN_VALUE_OF_FIELD,
        "lint/unknown_value_of_field",
        values::of_fields,
        "`rollout_scope=NewHiresOnly` in a sentence, a fixed payload key, and values listed below a bullet that names a field are values of the field's enum.",
    ),
    Rule::lint(
        codes::WIRING_OF_ANOTHER,
        "lint/wiring_of_another",
        named::wirings,
        "The Sources of an ECM name its own DB wiring.",
    ),
    Rule::lint(
        codes::TITLE_OF_ANOTHER,
        "lint/title_of_another",
        named::titles,
        "Title, header and file of a page name one engine.",
    ),
    Rule::lint(
        codes::NEARLY_A_NAME,
        "lint/nearly_a_name",
        sentences::nearly_names,
        "A name in backticks that is one slip away from a column, a table, a field or a payload key was meant to be it.",
    ),
    Rule::lint(
        codes::CALLERS_AGAINST_NAME,
        "lint/callers_against_name",
        named::callers,
        "`SELENE_OS_ONLY` lets SELENE_OS in and nobody else.",
    ),
    Rule::lint(
        codes::CHECK_AGAINST_SENTENCE,
        "lint/check_against_sentence",
        values::checks,
        "Where the lexicon keeps an invariant with a condition or a key of some rows, both name the same values, and of the columns in backticks.",
    ),
    Rule::lint(
        codes::PRESENCE_AGAINST_FIELD,
        "lint/presence_against_field",
        values::presence,
        "`closed_at` is there exactly when … is about an optional column: `closed_at?`.",
    ),
    Rule::lint(
        codes::ONE_SIDED_REQUIRED,
        "lint/one_sided_required",
        events::one_sided_required,
        "What the ECM requires of every event is listed at every write, so that each page can be read alone.",
    ),
    Rule::lint(
        codes::ENGINE_IN_SENTENCE,
        "lint/engine_in_sentence",
        named::engine_in_sentence,
        "`engine=…` in an invariant or the audit section names the engine that the page is about.",
    ),
    Rule::lint(
        codes::GUARD_AGAINST_KEY,
        "lint/guard_against_key",
        truth::guard_against_key,
        "A guard is given a whole key of a ledger row, tries to change that row, and must fail.",
    ),
    Rule::lint(
        codes::FOLD_WITHOUT_LEDGER,
        "lint/fold_without_ledger",
        folds::without_ledger,
        "A row that equals the fold of a ledger changes together with it. A change without a ledger row would not follow from the ledger.",
    ),
    Rule::lint(
        codes::NAMED_TWICE,
        "lint/named_twice",
        twice::named,
        "A table, an index, a field or a code that stands in a list twice is a slip: something else was meant.",
    ),
    Rule::lint(
        codes::READ_AS_WRITE,
        "lint/read_as_write",
        reads::as_writes,
        "An idempotency key keeps a change from being made twice, and a simulation allows a change. A read makes none.",
    ),
    Rule::lint(
        codes::EVENT_OF_NO_WRITE,
        "lint/event_of_no_write",
        event_words::of_no_write,
        "Whoever reads that something is an event of a type looks for such events, and a write has to make them: `event_type=`.",
    ),
    Rule::lint(
        codes::INCOMPLETE_LIST,
        "lint/incomplete_list",
        code_lists::incomplete,
        "Callers take a list of refusals, outcomes, gates or suppressions for the whole of them, in the section of failures and in the audit sections.",
    ),
    Rule::lint(
        codes::SAME_TITLE,
        "lint/same_title",
        twice::titles,
        "Names stand in pages, tools and documentation. Two capabilities with one name, or two tests with one title, were copied from each other.",
    ),
    Rule::lint(
        codes::STANDING_GUESS,
        "lint/standing_guess",
        guesses::standing,
        "`cargo xtask adopt` marks what it guesses. Whoever has checked or corrected the line takes the mark away.",
    ),
];
