//! Rules of what the pages of an engine say about each other: headers, tables, writes, events, codes, references.

use super::rule::Rule;
use super::rules::{
    code_lists, code_words, codes_of_pages, dedupe, events, header, keys, owned, payload, references, truth,
};
use crate::diagnostics::codes;

/// In the order of their codes.
pub(super) static RULES: [Rule; 34] = [
    Rule::lint(
        codes::DIFFERENT_VERSIONS,
        "lint/different_versions",
        header::versions,
        "The two pages describe one engine at one time. Where one is newer, nobody knows which of its sentences the other one does not have yet.",
    ),
    Rule::lint(
        codes::DIFFERENT_STATUS,
        "lint/different_status",
        header::statuses,
        "ACTIVE and PASS mean in use, DEFERRED, DRAFT, PLANNED and PROPOSED not yet, DEPRECATED and RETIRED no longer.",
    ),
    Rule::lint(
        codes::UNKNOWN_STATUS,
        "lint/unknown_status",
        header::unknown_status,
        "Only words of the vocabulary can be compared: ACTIVE, PASS, DEFERRED, DRAFT, PLANNED, PROPOSED, DEPRECATED, RETIRED.",
    ),
    Rule::lint(
        codes::DEFERRED_ENGINE,
        "lint/deferred_engine",
        header::deferred,
        "A contract is made of every page in specs/, so an engine that is not in use gets traits and tables like any other.",
    ),
    Rule::lint(
        codes::OWNED_UNDECLARED,
        "lint/owned_undeclared",
        owned::owned_undeclared,
        "`data_owned` promises tables. One that the wiring does not declare gets no row type, no migration and no test.",
    ),
    Rule::lint(
        codes::DECLARED_UNOWNED,
        "lint/declared_unowned",
        owned::declared_unowned,
        "Every declared table belongs to the ECM of the engine, or to that of another engine in whose table it keeps rows.",
    ),
    Rule::lint(
        codes::TWO_OWNERS,
        "lint/two_owners",
        owned::two_owners,
        "One engine decides about the rows of a table. Others declare it again, read it or write it, and do not own it.",
    ),
    Rule::lint(
        codes::DIFFERENT_TABLES,
        "lint/different_tables",
        owned::different_tables,
        "A database has each table once. A wiring may leave the columns of another engine's table out, but not change them.",
    ),
    Rule::lint(
        codes::FOREIGN_WRITE,
        "lint/foreign_write",
        owned::foreign_write,
        "Whoever changes rows of another engine looks at them first, so the table stands under `Reads` with what is asked of it.",
    ),
    Rule::lint(
        codes::UNWRITTEN_TABLE,
        "lint/unwritten_table",
        owned::unwritten,
        "A table without a write stays empty. Where something else fills it, a silence says what.",
    ),
    Rule::lint(
        codes::TRUTH_CONTRADICTED,
        "lint/truth_contradicted",
        truth::contradicted,
        "Rows of a LEDGER never change, which three locks keep; rows of a CURRENT table may. A table cannot be both.",
    ),
    Rule::lint(
        codes::GUARD_WITHOUT_LEDGER,
        "lint/guard_without_ledger",
        truth::guard_without_ledger,
        "A guard tries to overwrite a ledger row and must fail. Without a ledger it proves nothing.",
    ),
    Rule::lint(
        codes::LEDGER_WITHOUT_GUARD,
        "lint/ledger_without_guard",
        truth::ledger_without_guard,
        "That rows never change is proven by a capability that tries to change one.",
    ),
    Rule::lint(
        codes::OPTIONAL_DEDUPE,
        "lint/optional_dedupe",
        dedupe::optional_field,
        "The first alternative whose fields are all there is the key of a call. Where every field of the last one is always there, every call has a key.",
    ),
    Rule::lint(
        codes::UNUSED_IDEMPOTENCY_KEY,
        "lint/unused_idempotency_key",
        dedupe::unused_key,
        "Two calls with different idempotency keys are meant as two changes. A dedupe key without it would answer the second one with the first.",
    ),
    Rule::lint(
        codes::DIFFERENT_DEDUPE,
        "lint/different_dedupe",
        dedupe::sentences,
        "A key in brackets in a sentence about dedupe is meant to be that of the writes.",
    ),
    Rule::lint(
        codes::UNGATED_SIMULATION,
        "lint/ungated_simulation",
        events::ungated_simulation,
        "Only a simulation-gated call always has a simulation. An event that needs one would refuse the others when it is stored.",
    ),
    Rule::lint(
        codes::UNREQUIRED_SIMULATION,
        "lint/unrequired_simulation",
        events::unrequired_simulation,
        "A gated write was allowed by a simulation, and its event should be able to say by which.",
    ),
    Rule::lint(
        codes::UNREACHABLE_EVENT_FIELD,
        "lint/unreachable_event_field",
        events::unreachable_field,
        "What an event must carry has to come from an input, from the call context, or from a row of a table that the wiring names.",
    ),
    Rule::lint(
        codes::UNKNOWN_PAYLOAD_KEY,
        "lint/unknown_payload_key",
        payload::unknown_key,
        "A payload key is an input, a column or a field of the answer, or is made of one: `gate_reason_code`, `session_state_from`, `target_count`.",
    ),
    Rule::lint(
        codes::OPTIONAL_PAYLOAD_KEY,
        "lint/optional_payload_key",
        payload::optional_key,
        "A key without `?` is asked of every event. Where the call may lack the input, the write could not be stored.",
    ),
    Rule::lint(
        codes::DIFFERENT_PAYLOAD,
        "lint/different_payload",
        payload::listed_keys,
        "Invariants and the audit section may list the payload keys again. The lists are compared both ways.",
    ),
    Rule::lint(
        codes::UNKNOWN_EVENT_TYPE,
        "lint/unknown_event_type",
        events::unknown_type,
        "The vocabulary is the enum of the lexicon's shared field `event_type`.",
    ),
    Rule::lint(
        codes::DIFFERENT_EVENT_TYPES,
        "lint/different_event_types",
        events::different_types,
        "The ECM may name the class of an event by words of a capability, and a sentence by `event_type=…`. The write decides.",
    ),
    Rule::lint(
        codes::ONE_SIDED_STEP,
        "lint/one_sided_step",
        codes_of_pages::one_sided_steps,
        "An ECM that lists the steps of its writes lists all of them and no others.",
    ),
    Rule::lint(
        codes::MISFILED_CODE,
        "lint/misfiled_code",
        code_lists::misfiled,
        "The ECM names refusals and replays under its failures, and everything else under its audit section.",
    ),
    Rule::lint(
        codes::UNKNOWN_CODE_IN_SENTENCE,
        "lint/unknown_code_in_sentence",
        code_words::unknown,
        "A word that begins as the engine's reason codes do is meant as one, wherever it stands.",
    ),
    Rule::lint(
        codes::WRONG_SOURCE,
        "lint/wrong_source",
        codes_of_pages::wrong_source,
        "The register says of each code which section of which page it comes from: `ECM: Failure Modes + Reason Codes`.",
    ),
    Rule::lint(
        codes::UNKNOWN_REFERENCE,
        "lint/unknown_reference",
        references::unknown,
        "A foreign key begins with a table of its own wiring, and leads to one that a wiring declares or that is stated as outside: `- outside: ` with its name, under `Reads`.",
    ),
    Rule::lint(
        codes::UNKNOWN_INDEX,
        "lint/unknown_index",
        keys::unknown_index,
        "A required index is written `table(column, …)`, and belongs to a table of the same read.",
    ),
    Rule::lint(
        codes::WRONG_PRIMARY_INDEX,
        "lint/wrong_primary_index",
        keys::wrong_primary,
        "`(PK)` behind an index says that it is the whole primary key, in its order.",
    ),
    Rule::lint(
        codes::REFERENCE_TO_NO_KEY,
        "lint/reference_to_no_key",
        references::to_no_key,
        "A foreign key leads to one row, so its end is a key of that table or part of one.",
    ),
    Rule::lint(
        codes::DIFFERENT_NULLABILITY,
        "lint/different_nullability",
        references::nullability,
        "`(nullable)` stands behind the foreign keys of optional columns, and behind no others.",
    ),
    Rule::lint(
        codes::DIFFERENT_REFERENCE_TYPES,
        "lint/different_reference_types",
        references::types,
        "Values of the two ends are compared, so they are of one type.",
    ),
];
