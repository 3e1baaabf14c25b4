//! Rules of rows and calls: what is read, written, guarded, taken and answered.

use super::rule::Rule;
use super::rules::{answers, code_words, only_read, reads, references, stated_values, truth};
use crate::diagnostics::codes;

/// In the order of their codes.
pub(super) static RULES: [Rule; 10] = [
    Rule::lint(
        codes::CODE_OF_ANOTHER_ENGINE,
        "lint/code_of_another_engine",
        code_words::of_another_engine,
        "A call answers with a code of its own engine, or with one that the lexicon gives its refusals. A sentence that tells what another engine answers names that engine.",
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
];
