//! What lies in files outlives an edit of the specs: such edits are refused until the specs say what was meant.

mod common;

use std::fs;

use common::{Sandbox, generated};

const ECM: &str = "ecm/PH1_T.md";
const WIRING: &str = "db_wiring/PH1_T.md";
const LEXICON: &str = "lexicon.yaml";

fn refused(sandbox: &Sandbox, parts: &[&str]) {
    let before = sandbox.written();
    for arguments in [&["--check"][..], &[]] {
        let run = sandbox.regenerate(arguments);
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        for part in parts {
            assert!(run.stderr.contains(part), "{part:?} is missing in\n{}", run.stderr);
        }
    }
    assert_eq!(sandbox.written(), before, "nothing was written");
}

fn accepted(sandbox: &Sandbox) {
    let run = sandbox.regenerate(&[]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    // What was accepted once is accepted again, against what was just written and from nothing.
    let written = sandbox.written();
    let run = sandbox.regenerate(&["--check"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    fs::remove_dir_all(sandbox.out()).expect("the output is there");
    assert_eq!(sandbox.regenerate(&[]).code, Some(0));
    assert_eq!(sandbox.written(), written);
}

fn contract(sandbox: &Sandbox) -> String {
    fs::read_to_string(sandbox.out().join("contracts/ph1_t.yaml")).expect("the contract is there")
}

/// Gives the capability another name.
fn rename(sandbox: &Sandbox, bullet: &str) {
    let heading = format!("### `PH1T_MEMO_COMMIT_ROW`\n{bullet}");
    sandbox.edit(ECM, "### `PH1T_NOTE_COMMIT_ROW`\n", &heading);
    sandbox.edit(WIRING, "### Commit `note`", "### Commit `memo`");
}

#[test]
fn a_renamed_capability_needs_the_name_that_it_is_stored_under_and_keeps_it() {
    let sandbox = generated();
    rename(&sandbox, "");
    refused(
        &sandbox,
        &[
            "error[E0501]: the capability `PH1T_NOTE_COMMIT_ROW` has stored calls and is gone",
            "if `PH1T_MEMO_COMMIT_ROW` is its new name, add `` - `renamed_from`: `PH1T_NOTE_COMMIT_ROW` ``",
            "specs/ecm/PH1_T.md:12",
            "out/contracts/ph1_t.yaml:",
        ],
    );
    let sandbox = generated();
    rename(&sandbox, "- `renamed_from`: `PH1T_NOTE_COMMIT_ROW`\n");
    accepted(&sandbox);
    let text = contract(&sandbox);
    assert!(text.contains("- id: PH1T_MEMO_COMMIT_ROW\n  stored_name: PH1T_NOTE_COMMIT_ROW\n"), "{text}");
    // A second rename keeps the first name.
    sandbox.edit(ECM, "`PH1T_MEMO_COMMIT_ROW`", "`PH1T_PAGE_COMMIT_ROW`");
    sandbox.edit(WIRING, "### Commit `memo`", "### Commit `page`");
    accepted(&sandbox);
}

#[test]
fn the_space_of_a_renamed_capability_is_its_stored_name() {
    let sandbox = Sandbox::base();
    sandbox.edit(WIRING, "- `truth_type`: `LEDGER`", "- `truth_type`: `CURRENT`");
    // A table that changes is not append-only, and has no guard.
    sandbox.edit(WIRING, "  - append-only\n", "  - a note is never lost\n");
    sandbox.edit(ECM, "`PH1T_APPEND_ONLY_GUARD`", "`PH1T_READ_NOTE_ROW`");
    assert_eq!(sandbox.regenerate(&[]).code, Some(0));
    assert!(contract(&sandbox).contains("    space: PH1T_NOTE_COMMIT_ROW\n"), "{}", contract(&sandbox));
    rename(&sandbox, "- `renamed_from`: `PH1T_NOTE_COMMIT_ROW`\n");
    accepted(&sandbox);
    assert!(contract(&sandbox).contains("    space: PH1T_NOTE_COMMIT_ROW\n"), "{}", contract(&sandbox));
    // The table becomes a ledger: its writes would share a space in which no stored call is.
    sandbox.edit(WIRING, "- `truth_type`: `CURRENT`", "- `truth_type`: `LEDGER`");
    refused(&sandbox, &["error[E0502]", "put back the space `PH1T_NOTE_COMMIT_ROW`"]);
}

#[test]
fn a_dedupe_key_never_changes() {
    for key in ["(idempotency_key, user_id)", "(user_id, idempotency_key, stars)", "(idempotency_key)"] {
        let sandbox = generated();
        sandbox.edit(WIRING, "`(user_id, idempotency_key)`", &format!("`{key}`"));
        refused(&sandbox, &["error[E0502]", "the key `(user_id, idempotency_key)`", "specs/ecm/PH1_T.md:12"]);
    }
}

#[test]
fn a_rename_of_nothing_is_refused() {
    let sandbox = generated();
    let bullet = "### `PH1T_NOTE_COMMIT_ROW`\n- `renamed_from`: `PH1T_NEVER_COMMIT_ROW`\n";
    sandbox.edit(ECM, "### `PH1T_NOTE_COMMIT_ROW`\n", bullet);
    refused(&sandbox, &["error[E0503]: no capability of PH1.T was ever stored as `PH1T_NEVER_COMMIT_ROW`"]);
    let sandbox = generated();
    let bullet = "### `PH1T_READ_NOTE_ROWS`\n- `renamed_from`: `PH1T_NOTE_COMMIT_ROW`\n";
    sandbox.edit(ECM, "### `PH1T_READ_NOTE_ROWS`\n", bullet);
    refused(
        &sandbox,
        &["error[E0503]: `PH1T_READ_NOTE_ROWS` and `PH1T_NOTE_COMMIT_ROW` are stored under the same name"],
    );
}

/// Puts a field into the record that notes are answered with.
fn add_field(sandbox: &Sandbox, name: &str, meaning: &str) {
    sandbox.edit(LEXICON, "\"tags[]\"]", &format!("\"tags[]\", \"{name}\"]"));
    let bare = name.trim_end_matches("[]").trim_end_matches('?');
    sandbox.edit(LEXICON, "      note_seq:", &format!("      {bare}: {{ {meaning} }}\n      note_seq:"));
}

#[test]
fn a_field_that_stored_answers_do_not_have_needs_a_value_for_them() {
    let meaning = "type: Tag, doc: \"Where it lies.\"";
    let sandbox = generated();
    add_field(&sandbox, "shelf", meaning);
    refused(
        &sandbox,
        &[
            "error[E0504]: stored answers have no `NoteRecord.shelf`",
            "`shelf: { …, absent: VALUE }`",
            "specs/lexicon.yaml:",
        ],
    );
    for name in ["shelf?", "shelf[]"] {
        let sandbox = generated();
        add_field(&sandbox, name, meaning);
        accepted(&sandbox);
    }
    let sandbox = generated();
    add_field(&sandbox, "shelf", &format!("{meaning}, absent: HOME"));
    accepted(&sandbox);
    assert!(contract(&sandbox).contains("    absent: HOME\n"), "{}", contract(&sandbox));
    sandbox.edit(LEXICON, ", absent: HOME", "");
    refused(&sandbox, &["error[E0504]: answers from before `NoteRecord.shelf` are stored"]);
    let sandbox = generated();
    add_field(&sandbox, "shelf", &format!("{meaning}, absent: ATTIC"));
    refused(&sandbox, &["`ATTIC` is no value of `Tag`"]);
}

#[test]
fn an_answer_that_today_s_types_would_not_read_is_refused() {
    let edits = [
        (
            "title?, stars, \"tags[]\"]",
            "title, stars, \"tags[]\"]",
            "stored answers have `NoteRecord.title` as `Option<Title>`",
        ),
        (
            "stars: { type: u8, range: [1, 5], violation: T_STARS_INVALID,",
            "stars: { type: Tag,",
            "stored answers have `NoteRecord.stars` as `u8`",
        ),
        (
            "note_seq: { type: u64",
            "note_seq: { type: u32",
            "stored answers have `NoteRecord.note_seq` as `u64`",
        ),
        ("values: [WORK, HOME]", "values: [WORK]", "stored answers have `NoteRecord.tags` as `Vec<Tag>`"),
        (
            "title?, stars, \"tags[]\"]",
            "stars, \"tags[]\"]",
            "stored answers have `NoteRecord.title`, which could not be given again",
        ),
    ];
    for (old, new, message) in edits {
        let sandbox = generated();
        sandbox.edit(LEXICON, old, new);
        refused(&sandbox, &["error[E0504]", message]);
    }
}

#[test]
fn a_field_may_go_where_that_is_stated() {
    let sandbox = generated();
    sandbox.edit(LEXICON, "title?, stars, \"tags[]\"]", "stars, \"tags[]\"]");
    sandbox.edit(LEXICON, "callers:\n", "acknowledged: [NoteRecord.title]\n\ncallers:\n");
    accepted(&sandbox);
}

#[test]
fn wider_answers_are_read() {
    let sandbox = generated();
    sandbox.edit(LEXICON, "values: [WORK, HOME]", "values: [PLAY, WORK, HOME]");
    sandbox.edit(LEXICON, "stars: { type: u8, range: [1, 5]", "stars: { type: u16, range: [1, 500]");
    accepted(&sandbox);
}

#[test]
fn a_narrower_bound_is_reported_with_everything_that_it_shuts_out() {
    let edits = [
        (
            "UserId: { kind: id, max_len: 64",
            "UserId: { kind: id, max_len: 63",
            "UserId",
            "max_len 64 became 63",
        ),
        ("range: [1, 5]", "range: [2, 5]", "stars", "range 1..=5 became 2..=5"),
        ("max_items: 4", "max_items: 3", "tags", "max_items 4 became 3"),
    ];
    for (old, new, name, change) in edits {
        let sandbox = generated();
        sandbox.edit(LEXICON, old, new);
        let message = format!("error[E0505]: `{name}` admits less than what may be stored: {change}");
        refused(&sandbox, &[&message, &format!("add `{name}` to `acknowledged`"), "app.notes."]);
        sandbox.edit(LEXICON, "callers:\n", &format!("acknowledged: [{name}]\n\ncallers:\n"));
        accepted(&sandbox);
    }
    let sandbox = generated();
    sandbox.edit(LEXICON, "UserId: { kind: id, max_len: 64", "UserId: { kind: id, max_len: 63");
    refused(
        &sandbox,
        &["app.notes.user_id", "PH1T_NOTE_COMMIT_ROW (user_id)", "PH1T_READ_NOTE_ROWS (user_id)"],
    );
}
