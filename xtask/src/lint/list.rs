//! Every rule. A new one is one entry here, a code in `diagnostics/codes.rs`, a function in `rules/`, and a fixture.

use super::known::KNOWN;
use super::rule::{Finder, Rule};
use super::rules::{
    codes_of_pages, dedupe, events, header, keys, lexicon, meaning, named, owned, payload, reads, references,
    sentences, tests, truth,
};
use super::subject::Subject;
use crate::diagnostics::{Code, Diagnostics, codes};

/// Every rule: those of earlier phases first, in the order of their codes.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    KNOWN.iter().chain(&RULES)
}

/// The rule of that id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Rule> {
    all().find(|rule| rule.code.id == id)
}

const fn rule(
    code: &'static Code,
    fixture: &'static str,
    run: fn(&Subject<'_>, &mut Diagnostics),
    explain: &'static str,
) -> Rule {
    Rule { code, explain, fixture, finder: Finder::Lint(run) }
}

static RULES: [Rule; 51] = [
    rule(
        codes::DIFFERENT_VERSIONS,
        "lint/different_versions",
        header::versions,
        "The two pages describe one engine at one time. Where one is newer, nobody knows which of its sentences the other one has not heard of yet.",
    ),
    rule(
        codes::DIFFERENT_STATUS,
        "lint/different_status",
        header::statuses,
        "ACTIVE and PASS mean in use, DEFERRED, DRAFT, PLANNED and PROPOSED not yet, DEPRECATED and RETIRED no longer.",
    ),
    rule(
        codes::UNKNOWN_STATUS,
        "lint/unknown_status",
        header::unknown_status,
        "Only words of the vocabulary can be compared: ACTIVE, PASS, DEFERRED, DRAFT, PLANNED, PROPOSED, DEPRECATED, RETIRED.",
    ),
    rule(
        codes::DEFERRED_ENGINE,
        "lint/deferred_engine",
        header::deferred,
        "A contract is made of every page in specs/, so an engine that is not in use gets traits and tables like any other.",
    ),
    rule(
        codes::OWNED_UNDECLARED,
        "lint/owned_undeclared",
        owned::owned_undeclared,
        "`data_owned` promises tables. One that the wiring does not declare gets no row type, no migration and no test.",
    ),
    rule(
        codes::DECLARED_UNOWNED,
        "lint/declared_unowned",
        owned::declared_unowned,
        "Every declared table belongs to the ECM of the engine, or to that of another engine in whose table it keeps rows.",
    ),
    rule(
        codes::TWO_OWNERS,
        "lint/two_owners",
        owned::two_owners,
        "One engine decides about the rows of a table. Others declare it again, read it or write it, and do not own it.",
    ),
    rule(
        codes::DIFFERENT_TABLES,
        "lint/different_tables",
        owned::different_tables,
        "A database has each table once. A wiring may leave the columns of another engine's table out, but not change them.",
    ),
    rule(
        codes::FOREIGN_WRITE,
        "lint/foreign_write",
        owned::foreign_write,
        "Whoever changes rows of another engine looks at them first, so the table stands under `Reads` with what is asked of it.",
    ),
    rule(
        codes::UNWRITTEN_TABLE,
        "lint/unwritten_table",
        owned::unwritten,
        "A table without a write stays empty. Where something else fills it, a silence says what.",
    ),
    rule(
        codes::TRUTH_CONTRADICTED,
        "lint/truth_contradicted",
        truth::contradicted,
        "Rows of a LEDGER never change, which three locks keep; rows of a CURRENT table may. A table cannot be both.",
    ),
    rule(
        codes::GUARD_WITHOUT_LEDGER,
        "lint/guard_without_ledger",
        truth::guard_without_ledger,
        "A guard tries to overwrite a ledger row and must fail. Without a ledger it proves nothing.",
    ),
    rule(
        codes::LEDGER_WITHOUT_GUARD,
        "lint/ledger_without_guard",
        truth::ledger_without_guard,
        "That rows never change is proven by a capability that tries to change one.",
    ),
    rule(
        codes::OPTIONAL_DEDUPE,
        "lint/optional_dedupe",
        dedupe::optional_field,
        "The first alternative whose fields are all there is the key of a call. Where every field of the last one is always there, every call has a key.",
    ),
    rule(
        codes::UNUSED_IDEMPOTENCY_KEY,
        "lint/unused_idempotency_key",
        dedupe::unused_key,
        "Two calls with different idempotency keys are meant as two changes. A dedupe key without it would answer the second one with the first.",
    ),
    rule(
        codes::DIFFERENT_DEDUPE,
        "lint/different_dedupe",
        dedupe::sentences,
        "A key in brackets in a sentence about dedupe is meant to be that of the writes.",
    ),
    rule(
        codes::UNGATED_SIMULATION,
        "lint/ungated_simulation",
        events::ungated_simulation,
        "Only a simulation-gated call always has a simulation. An event that needs one would refuse the others when it is stored.",
    ),
    rule(
        codes::UNREQUIRED_SIMULATION,
        "lint/unrequired_simulation",
        events::unrequired_simulation,
        "A gated write was allowed by a simulation, and its event should be able to say by which.",
    ),
    rule(
        codes::UNREACHABLE_EVENT_FIELD,
        "lint/unreachable_event_field",
        events::unreachable_field,
        "What an event must carry has to come from an input, from the call context, or from a row of a table that the wiring names.",
    ),
    rule(
        codes::UNKNOWN_PAYLOAD_KEY,
        "lint/unknown_payload_key",
        payload::unknown_key,
        "A payload key is an input, a column or a field of the answer, or is made of one: `gate_reason_code`, `session_state_from`, `target_count`.",
    ),
    rule(
        codes::OPTIONAL_PAYLOAD_KEY,
        "lint/optional_payload_key",
        payload::optional_key,
        "A key without `?` is asked of every event. Where the call may lack the input, the write could not be stored.",
    ),
    rule(
        codes::DIFFERENT_PAYLOAD,
        "lint/different_payload",
        payload::listed_keys,
        "Invariants and the audit section may list the payload keys again. The lists are compared both ways.",
    ),
    rule(
        codes::UNKNOWN_EVENT_TYPE,
        "lint/unknown_event_type",
        events::unknown_type,
        "The vocabulary is the enum of the lexicon's shared field `event_type`.",
    ),
    rule(
        codes::DIFFERENT_EVENT_TYPES,
        "lint/different_event_types",
        events::different_types,
        "The ECM may name the class of an event by words of a capability, and a sentence by `event_type=…`. The write decides.",
    ),
    rule(
        codes::ONE_SIDED_STEP,
        "lint/one_sided_step",
        codes_of_pages::one_sided_steps,
        "An ECM that lists the steps of its writes lists all of them and no others.",
    ),
    rule(
        codes::MISFILED_CODE,
        "lint/misfiled_code",
        codes_of_pages::misfiled,
        "The ECM names refusals and replays under its failures, and everything else under its audit section.",
    ),
    rule(
        codes::UNKNOWN_CODE_IN_SENTENCE,
        "lint/unknown_code_in_sentence",
        codes_of_pages::in_sentences,
        "A word that begins as the engine's reason codes do is meant as one, wherever it stands.",
    ),
    rule(
        codes::WRONG_SOURCE,
        "lint/wrong_source",
        codes_of_pages::wrong_source,
        "The register says of each code which section of which page it comes from: `ECM: Failure Modes + Reason Codes`.",
    ),
    rule(
        codes::UNKNOWN_REFERENCE,
        "lint/unknown_reference",
        references::unknown,
        "A foreign key begins with a table of its own wiring, and leads to one that a wiring declares or that is stated as outside: `- outside: ` with its name, under `Reads`.",
    ),
    rule(
        codes::UNKNOWN_INDEX,
        "lint/unknown_index",
        keys::unknown_index,
        "A required index is written `table(column, …)`, and belongs to a table of the same read.",
    ),
    rule(
        codes::WRONG_PRIMARY_INDEX,
        "lint/wrong_primary_index",
        keys::wrong_primary,
        "`(PK)` behind an index says that it is the whole primary key, in its order.",
    ),
    rule(
        codes::REFERENCE_TO_NO_KEY,
        "lint/reference_to_no_key",
        references::to_no_key,
        "A foreign key leads to one row, so its end is a key of that table or part of one.",
    ),
    rule(
        codes::DIFFERENT_NULLABILITY,
        "lint/different_nullability",
        references::nullability,
        "`(nullable)` stands behind the foreign keys of optional columns, and behind no others.",
    ),
    rule(
        codes::DIFFERENT_REFERENCE_TYPES,
        "lint/different_reference_types",
        references::types,
        "Values of the two ends are compared, so they are of one type.",
    ),
    rule(
        codes::OPTIONAL_KEY,
        "lint/optional_key",
        keys::optional,
        "SQL never finds two rows equal that lack a value, so a key with an optional column does not keep rows apart.",
    ),
    rule(
        codes::NEEDLESS_KEY,
        "lint/needless_key",
        keys::needless,
        "A key that stands twice is a slip: another column was meant, or the second one costs an index for nothing.",
    ),
    rule(
        codes::UNKNOWN_COLUMN_IN_SENTENCE,
        "lint/unknown_column_in_sentence",
        sentences::columns,
        "Names in backticks in an invariant are columns of its table, or other tables and their columns.",
    ),
    rule(
        codes::UNKNOWN_VALUE_IN_SENTENCE,
        "lint/unknown_value_in_sentence",
        sentences::values,
        "Words in capitals are values of enums. An invariant speaks of values that its own engine knows.",
    ),
    rule(
        codes::UNKEPT_UNIQUE,
        "lint/unkept_unique",
        sentences::unkept_unique,
        "`one … per (a, b)` is kept by a primary key, a unique key, or a `unique_where` of the lexicon.",
    ),
    rule(
        codes::READ_OF_NOBODY,
        "lint/read_of_nobody",
        reads::of_nobody,
        "What is read has an owner whose wiring declares it. What lives elsewhere is stated under the read: `- outside: ` with its name.",
    ),
    rule(
        codes::OUTSIDE_AND_DECLARED,
        "lint/outside_and_declared",
        reads::outside_and_declared,
        "A statement that a table lives elsewhere is out of date once a wiring declares it.",
    ),
    rule(
        codes::DIFFERENT_TEST_FN,
        "lint/different_test_fn",
        tests::functions,
        "`AT-W-DB-01` is proven by a function that begins with `at_w_db_01`, so a failing test leads to its line.",
    ),
    rule(
        codes::TEST_OF_ANOTHER_ENGINE,
        "lint/test_of_another_engine",
        tests::of_another_engine,
        "Tests of one wiring are numbered under one name.",
    ),
    rule(
        codes::CAPABILITY_OF_ANOTHER_ENGINE,
        "lint/capability_of_another_engine",
        named::capabilities,
        "Ids of capabilities begin with a word that says whose they are.",
    ),
    rule(
        codes::EFFECT_AGAINST_ID,
        "lint/effect_against_id",
        events::effect_against_id,
        "Ids with READ or APPEND_ONLY_GUARD do not write; ids with COMMIT, DRAFT or INSERT do.",
    ),
    rule(
        codes::RECORD_AGAINST_TABLE,
        "lint/record_against_table",
        keys::records,
        "A record with the columns of a table is read from its rows, so both say alike what may be absent and what is a list.",
    ),
    rule(
        codes::UNKNOWN_ENGINE_IN_SENTENCE,
        "lint/unknown_engine_in_sentence",
        sentences::engines,
        "A sentence about an engine that is not there is about nothing.",
    ),
    rule(
        codes::UNUSED_ENTRY,
        "lint/unused_entry",
        lexicon::unused,
        "What nobody uses is out of date, or the name of what was meant is spelled otherwise.",
    ),
    rule(
        codes::SPELLED_ALIKE,
        "lint/spelled_alike",
        lexicon::spelled_alike,
        "Two names that differ by an underscore or a letter are one name, or will be taken for one.",
    ),
    rule(
        codes::REVERSED_MEANING,
        "lint/reversed_meaning",
        meaning::reversed,
        "Stored rows keep the number of a code for ever. A meaning that was turned round would turn round what they say.",
    ),
    rule(
        codes::CHANGED_MEANING,
        "lint/changed_meaning",
        meaning::changed,
        "Told once, until `regenerate` has written the new words: whoever changes a meaning should look at it twice.",
    ),
];

/// The findings about silences; they are no rules, because nothing silences them.
pub static OF_SILENCES: [(&Code, &str); 2] = [
    (
        codes::MALFORMED_SILENCE,
        "A silence names a rule of this list and a reason: `<!-- lint: allow E0606 because … -->` in a page, `# lint: allow W0648 because …` in the lexicon and the register. It covers the next line that says something; with a name behind the rule only what is found of that name.",
    ),
    (codes::UNUSED_SILENCE, "A silence that is left behind would hide the next contradiction at its place."),
];
