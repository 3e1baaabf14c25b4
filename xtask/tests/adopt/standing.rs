//! What stands is never changed: other engines, comments, order, line ends, and an engine that is known already.

use std::fs;

use crate::common::{Sandbox, ten_engines};
use crate::{added, pair};

#[test]
fn engines_that_lack_nothing_get_nothing() {
    let sandbox = Sandbox::ten_engines();
    let run = sandbox.adopt(&[sandbox.specs()], &["--accept"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), ""), "{}", run.stderr);
    assert_eq!(run.stderr, "nothing is missing\n");
}

#[test]
fn an_engine_that_is_known_gets_what_its_pages_name_anew() {
    let sandbox = Sandbox::ten_engines();
    sandbox.edit(
        "ecm/PH1_LINK.md",
        "## Failure Modes + Reason Codes\n",
        "### `PH1LINK_READ_OPENINGS`\n- `name`: Read how often a link was opened\n- `input_schema`: `token_id`\n\
         - `output_schema`: `(token_id, opening_count, last_opened_at?)`\n- `allowed_callers`: `SELENE_OS_ONLY`\n\
         - `side_effects`: `NONE`\n\n## Failure Modes + Reason Codes\n- the link was opened too often: `LINK_OPENED_TOO_OFTEN`\n",
    );
    let run = sandbox.adopt(&[sandbox.specs().join("ecm/PH1_LINK.md")], &["--accept"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let lexicon = "      opening_count: { type: u32, doc: \"How many opening.\" } # guess: its name ends with `_count`: a count\n\
                         last_opened_at: { type: MonotonicTimeNs, doc: \"When it was last opened.\" } # guess: its name ends with `_at`: a moment\n";
    assert_eq!(added(&sandbox, "lexicon.yaml"), lexicon.replace("\nlast", "\n      last"));
    let codes = added(&sandbox, "reason_codes.yaml");
    let code = "      LINK_OPENED_TOO_OFTEN: { number: 0x0008000A, class: refusal, meaning: \"The link was opened too often.\", source: \"ECM: Failure Modes + Reason Codes\" } # guess: ";
    assert!(codes.starts_with(code) && codes.lines().count() == 1, "{codes}");
    assert_eq!(sandbox.regenerate(&[]).code, Some(0));
}

#[test]
fn a_name_that_is_one_slip_away_from_a_known_one_is_left_to_a_person() {
    let sandbox = Sandbox::ten_engines();
    sandbox.edit(
        "ecm/PH1_LINK.md",
        "(now, token_id, device_fingerprint, idempotency_key)",
        "(now, token_id, device_fingerprnt, idempotency_key)",
    );
    sandbox.edit(
        "ecm/PH1_LINK.md",
        "of scope: `LINK_SCOPE_VIOLATION`",
        "of scope: `LINK_SCOPE_VIOLATIONS`, `LINK_SCOPE_VIOLATION`",
    );
    let before = sandbox.specs_texts();
    let run = sandbox.adopt(&[sandbox.specs().join("ecm/PH1_LINK.md")], &["--accept"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""), "{}", run.stderr);
    for guess in [
        "did you mean `device_fingerprint`?",
        "did you mean `LINK_SCOPE_VIOLATION`?",
        "2 findings are left for a person",
    ] {
        assert!(run.stderr.contains(guess), "{guess}: {}", run.stderr);
    }
    assert!(before == sandbox.specs_texts());
}

/// A lexicon with comments between, behind and after its entries, and its engines before other keys.
#[test]
fn comments_and_keys_behind_the_engines_stay_where_they_are() {
    let sandbox = Sandbox::ten_engines();
    let path = sandbox.specs().join("lexicon.yaml");
    let text = fs::read_to_string(&path).expect("a lexicon");
    let (head, engines) = text.split_once("\nengines:\n").expect("engines");
    let moved =
        format!("engines:\n{engines}    # the end of the last engine\n\n# what all engines share\n{head}\n");
    fs::write(&path, &moved).expect("a lexicon");
    let run = sandbox.adopt(&pair("plain"), &["--accept"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let new = fs::read_to_string(&path).expect("a lexicon");
    let (before, behind) = new.split_once("\n  PH1.NOTES:\n").expect("the new engine");
    assert!(before.ends_with("    # the end of the last engine\n"));
    assert!(moved.starts_with(before));
    assert!(
        behind.ends_with(moved.rsplit_once("    # the end of the last engine\n").expect("the comment").1)
    );
}

#[test]
fn line_ends_and_a_byte_order_mark_stay() {
    let sandbox = Sandbox::ten_engines();
    let path = sandbox.specs().join("lexicon.yaml");
    let text = fs::read_to_string(&path).expect("a lexicon");
    let windows = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    fs::write(&path, &windows).expect("a lexicon");
    let run = sandbox.adopt(&pair("plain"), &["--accept=lexicon"]);
    let new = fs::read_to_string(&path).expect("a lexicon");
    assert!(new.starts_with(&windows), "{}", run.stderr);
    assert!(!new.replace("\r\n", "").contains('\n'));
    assert!(new.contains("\r\n  PH1.NOTES:\r\n"));
}

#[test]
fn a_file_without_an_end_of_its_last_line_gets_one() {
    let sandbox = Sandbox::ten_engines();
    let path = sandbox.specs().join("reason_codes.yaml");
    let text = fs::read_to_string(&path).expect("a register");
    fs::write(&path, text.trim_end()).expect("a register");
    let run = sandbox.adopt(&pair("plain"), &["--accept"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let old = fs::read_to_string(ten_engines().join("specs/reason_codes.yaml")).expect("a register");
    assert!(fs::read_to_string(&path).expect("a register").starts_with(&old));
}
