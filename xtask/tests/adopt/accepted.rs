//! From pages that nothing knows to contracts.

use crate::common::Sandbox;
use crate::{added, adopted, pair};

/// The pairs of the fixtures whose drafts are enough as they are.
const WHOLE: [&str; 6] = ["plain", "lettered", "listed", "keys_only", "lone_ecm", "lone_wiring"];

#[test]
fn what_was_accepted_is_enough_for_regenerate() {
    for name in WHOLE {
        let (sandbox, run) = adopted(name);
        assert_eq!(run.code, Some(0), "{name}: {}", run.stderr);
        let run = sandbox.regenerate(&[]);
        assert_eq!(run.code, Some(0), "{name}: {}", run.stderr);
    }
}

#[test]
fn a_second_run_writes_nothing() {
    for name in WHOLE {
        let (sandbox, _) = adopted(name);
        let before = sandbox.specs_texts();
        let again = sandbox.adopt(&pair(name), &["--accept"]);
        assert_eq!((again.code, again.stdout.as_str()), (Some(0), ""), "{name}: {}", again.stderr);
        assert_eq!(again.stderr, "nothing is missing\n", "{name}");
        assert!(before == sandbox.specs_texts(), "{name}");
    }
}

#[test]
fn nothing_is_written_without_a_word() {
    let sandbox = Sandbox::ten_engines();
    let before = sandbox.specs_texts();
    let run = sandbox.adopt(&pair("plain"), &[]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stdout.contains("+  PH1.NOTES:"), "{}", run.stdout);
    assert!(
        run.stderr.contains("4 files are to be written; to do that: --accept=lexicon,codes,pair"),
        "{}",
        run.stderr
    );
    assert!(before == sandbox.specs_texts());
}

#[test]
fn parts_are_accepted_one_by_one() {
    let sandbox = Sandbox::ten_engines();
    for (part, left) in [("codes", "lexicon,pair"), ("lexicon", "pair")] {
        let run = sandbox.adopt(&pair("plain"), &[&format!("--accept={part}")]);
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        assert!(run.stderr.contains(&format!("to do that: --accept={left}\n")), "{part}: {}", run.stderr);
    }
    assert!(!sandbox.specs().join("ecm/PH1_NOTES.md").exists());
    let run = sandbox.adopt(&pair("plain"), &["--accept=pair"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(sandbox.regenerate(&[]).code, Some(0));
}

#[test]
fn a_plain_pair_is_drafted_in_the_form_of_the_files() {
    let (sandbox, _) = adopted("plain");
    insta::assert_snapshot!("plain_lexicon", added(&sandbox, "lexicon.yaml"));
    insta::assert_snapshot!("plain_codes", added(&sandbox, "reason_codes.yaml"));
}

#[test]
fn a_lettered_pair_is_drafted_from_its_words() {
    let (sandbox, _) = adopted("lettered");
    insta::assert_snapshot!("lettered_lexicon", added(&sandbox, "lexicon.yaml"));
    let page = std::fs::read_to_string(sandbox.specs().join("db_wiring/PH1_ALARM.md")).expect("a page");
    assert!(
        page.contains(
            "  the output is schema-valid.\n  - `at_alarm_01_selene_os_can_invoke_alarm_order_compute_and`\n"
        ),
        "{page}"
    );
}

#[test]
fn schemas_as_lists_are_drafted_from_their_names_and_values() {
    let (sandbox, _) = adopted("listed");
    insta::assert_snapshot!("listed_lexicon", added(&sandbox, "lexicon.yaml"));
}

#[test]
fn a_wiring_of_keys_gets_the_fields_that_its_writes_take() {
    let (sandbox, _) = adopted("keys_only");
    insta::assert_snapshot!("keys_only_lexicon", added(&sandbox, "lexicon.yaml"));
    let page = std::fs::read_to_string(sandbox.specs().join("db_wiring/PH1_PARCEL.md")).expect("a page");
    let fields: Vec<&str> = page.lines().filter(|line| line.contains("`fields`")).collect();
    assert_eq!(
        fields,
        [
            "  - `fields`: `(tenant_id, parcel_id, user_id, shelf_row, parcel_state?, pickup_note?, created_at, updated_at)`",
            "  - `fields`: `(tenant_id, parcel_id, parcel_event_seq, parcel_state?, created_at)`",
        ]
    );
    assert_eq!(sandbox.regenerate(&[]).code, Some(0));
    let contract =
        std::fs::read_to_string(sandbox.out().join("contracts/ph1_parcel.yaml")).expect("a contract");
    for stated in [
        "purpose: Keeps what arrives at the desk of a house until somebody fetches it",
        "name: pickup_note\n    type: Option<PickupNote>",
        "name: page_limit\n    type: Option<u32>",
    ] {
        assert!(contract.contains(stated), "{stated}: {contract}");
    }
}

#[test]
fn the_missing_half_is_drafted_from_the_one_that_is_there() {
    for (name, page) in [("lone_ecm", "db_wiring/PH1_CHORES.md"), ("lone_wiring", "ecm/PH1_MEALS.md")] {
        let (sandbox, _) = adopted(name);
        let drafted = std::fs::read_to_string(sandbox.specs().join(page)).expect("a page");
        insta::assert_snapshot!(format!("half_of_{name}"), drafted);
        let lint = sandbox.lint(&["--rule", "W0703"]);
        assert!(lint.stdout.contains(page), "{}", lint.stdout);
    }
}

#[test]
fn the_report_as_json_has_files_guesses_and_findings() {
    let sandbox = Sandbox::ten_engines();
    let run = sandbox.adopt(&pair("plain"), &["--format", "json", "--accept=codes"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let files: Vec<String> = report["files"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|file| format!("{} {} {}", file["part"], file["kind"], file["written"]))
        .collect();
    let expected = [
        "\"lexicon\" \"changed\" false",
        "\"codes\" \"changed\" true",
        "\"pair\" \"new\" false",
        "\"pair\" \"new\" false",
    ];
    assert_eq!(files, expected);
    let guess = &report["guesses"][0];
    assert_eq!(guess["from"], "the code ends with `CONTRACT_VALIDATION_FAILED`");
    assert!(guess["line"].as_u64().is_some_and(|line| line > 100), "{guess}");
    assert_eq!((report["errors"].as_u64(), run.code), (Some(0), Some(1)));
}
