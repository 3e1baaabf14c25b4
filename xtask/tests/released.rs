//! The number of a released reason code stays what it is, whatever became of the files that state it.

mod common;

use std::fs;
use std::path::Path;

use common::{Sandbox, generated};

const RELEASED: &str = "T_NOTE_COMMIT: { number: 0x00010003";
const CHANGED: &str = "T_NOTE_COMMIT: { number: 0x00010004";
const RENAMED: &str = "T_NOTE_COMMITTED: { number: 0x00010003";

fn contract(sandbox: &Sandbox) -> std::path::PathBuf {
    sandbox.out().join("contracts/ph1_t.yaml")
}

fn record(sandbox: &Sandbox) -> std::path::PathBuf {
    sandbox.out().join("sources.json")
}

/// Puts a number into the contract by hand that is not the released one.
fn edit_by_hand(path: &Path) {
    let text = fs::read_to_string(path).expect("the file is there");
    assert!(text.contains("65539"), "{text}");
    fs::write(path, text.replace("65539", "65540")).expect("the file can be written");
}

#[test]
fn a_hand_edited_number_is_mended_and_not_taken_for_a_released_one() {
    let sandbox = generated();
    let path = sandbox.out().join("contracts/ph1_t.yaml");
    let text = fs::read_to_string(&path).expect("the contract is there");
    fs::write(&path, text.replace("number: 65539", "number: 65599")).expect("the contract can be written");
    let run = sandbox.regenerate(&["--check"]);
    assert!(run.stderr.contains("hand-edited out/contracts/ph1_t.yaml"), "{}", run.stderr);
    assert_eq!(sandbox.regenerate(&[]).code, Some(0));
    assert_eq!(fs::read_to_string(&path).expect("the contract is there"), text);
}

#[test]
fn a_changed_or_vanished_number_is_refused_whatever_became_of_the_contract() {
    let spoils: [fn(&Sandbox); 4] = [
        |_| {},
        |sandbox| fs::remove_file(contract(sandbox)).expect("the contract is there"),
        |sandbox| edit_by_hand(&contract(sandbox)),
        |sandbox| fs::remove_dir_all(sandbox.out().join("contracts")).expect("the folder is there"),
    ];
    for (index, spoil) in spoils.iter().enumerate() {
        for (new, code) in [(CHANGED, "error[E0307]"), (RENAMED, "error[E0308]")] {
            let sandbox = generated();
            spoil(&sandbox);
            sandbox.edit("reason_codes.yaml", RELEASED, new);
            let before = sandbox.written();
            let run = sandbox.regenerate(&[]);
            assert_eq!(run.code, Some(1), "{index}: {}", run.stderr);
            assert_eq!(run.stderr.matches(code).count(), 1, "{index}: {}", run.stderr);
            assert!(!run.stderr.contains("W0313"), "{index}: {}", run.stderr);
            let place = if index == 0 { "out/contracts/ph1_t.yaml:" } else { "out/sources.json:" };
            assert!(run.stderr.contains(place), "{index}: {}", run.stderr);
            assert_eq!(sandbox.written(), before, "{index}");
        }
    }
}

#[test]
fn the_class_of_a_released_code_stays_what_it_is() {
    let sandbox = generated();
    sandbox.edit(
        "reason_codes.yaml",
        "T_REFUSED: { number: 0x00010002, class: refusal",
        "T_REFUSED: { number: 0x00010002, class: replay",
    );
    let before = sandbox.written();
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert_eq!(
        run.stderr.matches("error[E0317]: the class of the released reason code `T_REFUSED`").count(),
        1,
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("put `class: refusal` back"), "{}", run.stderr);
    assert_eq!(sandbox.written(), before);
}

#[test]
fn a_code_stays_released_after_its_engine_is_gone() {
    let sandbox = generated();
    let retired = "  PH1.U:\n    block: 0x0002\n    codes:\n      U_OLD: { number: 0x00020001, class: step, meaning: \"Old.\", source: \"ECM\", retired: true }\n";
    let path = sandbox.specs().join("reason_codes.yaml");
    let register = fs::read_to_string(&path).expect("the register is there");
    fs::write(&path, format!("{register}{retired}")).expect("the register can be written");
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    fs::write(&path, register).expect("the register can be written");
    let contract = "out/contracts/ph1_u.yaml";
    // The contract of names and numbers knows the code; where it is lost, the record does.
    for place in [&format!("{contract}:"), "out/sources.json:"] {
        let run = sandbox.regenerate(&[]);
        assert_eq!(run.code, Some(1), "{}", run.stderr);
        let message = "error[E0308]: the reason code `U_OLD` was released and is gone from the register";
        assert!(run.stderr.contains(message), "{}", run.stderr);
        assert!(run.stderr.contains(place), "{}", run.stderr);
        let _ = fs::remove_file(sandbox.root().join(contract));
    }
}

#[test]
fn the_numbers_of_a_record_in_the_form_of_before_still_hold() {
    let sandbox = generated();
    let written = sandbox.written();
    let former = r#"{
      "files": { "contracts/ph1_t.yaml": "0000" },
      "items": { "contracts/ph1_t.yaml": { "engine": "ecm/PH1_T.md:4" } },
      "released": { "T_NOTE_COMMIT": { "engine": "PH1.T", "number": 65539 } }
    }"#;
    fs::write(record(&sandbox), former).expect("the record can be written");
    fs::remove_file(contract(&sandbox)).expect("the contract is there");
    sandbox.edit("reason_codes.yaml", RELEASED, CHANGED);
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("error[E0307]"), "{}", run.stderr);
    sandbox.edit("reason_codes.yaml", CHANGED, RELEASED);
    assert_eq!(sandbox.regenerate(&[]).code, Some(0));
    assert_eq!(sandbox.written(), written, "and it gets today's form");
}

#[test]
fn a_record_edited_by_hand_does_not_free_a_number() {
    let sandbox = generated();
    edit_by_hand(&record(&sandbox));
    sandbox.edit("reason_codes.yaml", RELEASED, CHANGED);
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(run.stderr.contains("error[E0307]"), "{}", run.stderr);
}

#[test]
fn numbers_that_stand_nowhere_any_more_are_not_left_uncompared_in_silence() {
    let lost: [fn(&Sandbox); 2] = [
        |sandbox| fs::write(record(sandbox), "<<<<<<< ours\n").expect("the record can be written"),
        // A record of a version that kept digests only.
        |sandbox| {
            let text = fs::read_to_string(record(sandbox)).expect("the record is there");
            let mut value: serde_json::Value = serde_json::from_str(&text).expect("the record is JSON");
            let block = value["contracts/ph1_t.yaml"].as_object_mut().expect("the engine has a block");
            assert!(block.remove("released").is_some());
            fs::write(record(sandbox), value.to_string()).expect("the record can be written");
        },
    ];
    for lose_record in lost {
        let sandbox = generated();
        lose_record(&sandbox);
        // The contract alone still locks its numbers, and that is no reason to warn.
        assert_eq!(sandbox.regenerate(&["--dry-run"]).stderr, "");
        fs::remove_file(contract(&sandbox)).expect("the contract is there");
        let run = sandbox.regenerate(&["--dry-run"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let warning = "warning[W0313]: `out/contracts/ph1_t.yaml` is gone or not as it was written";
        assert!(run.stderr.contains(warning), "{}", run.stderr);
        assert_eq!(sandbox.regenerate(&[]).code, Some(0));
        assert_eq!(sandbox.regenerate(&["--dry-run"]).stderr, "");
    }
}

#[test]
fn a_fresh_folder_needs_no_record_and_a_folder_without_one_gets_it_back() {
    let sandbox = generated();
    let written = sandbox.written();
    assert!(String::from_utf8_lossy(&fs::read(record(&sandbox)).expect("the record")).contains("65539"));
    fs::remove_file(record(&sandbox)).expect("the record is there");
    let run = sandbox.regenerate(&[]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_eq!(sandbox.written(), written);
    fs::remove_dir_all(sandbox.out()).expect("the output is there");
    let run = sandbox.regenerate(&[]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert_eq!(sandbox.written(), written);
}

#[test]
fn a_record_that_cannot_be_read_costs_nothing_but_its_own_renewal() {
    let sandbox = generated();
    let written = sandbox.written();
    fs::write(sandbox.out().join("sources.json"), "<<<<<<< ours\n").expect("the record can be written");
    let run = sandbox.regenerate(&[]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(sandbox.written(), written);
}
