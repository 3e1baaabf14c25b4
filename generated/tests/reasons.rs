//! Which reason codes every write takes, code by code, as the pages say it; and the class of every registered code.
//!
//! `cargo xtask bless codes` shows what an edit of the specs changes in the pinned text, and accepts it. It names a folder in
//! `SELENE_PINNED` and takes the text from there.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use selene_contracts::{Effect, ReasonClass, ReasonCode, ValueSpec, engines};

/// Every reason code that an input of a write takes, by capability and field.
fn taken() -> BTreeMap<(&'static str, &'static str), Vec<&'static str>> {
    let mut found = BTreeMap::new();
    for spec in engines::ALL.iter().flat_map(|engine| engine.capabilities) {
        for field in spec.input.iter().copied().flatten() {
            let Some(takes) = field.reasons else { continue };
            let readable = ReasonCode::all().filter(|code| match &field.value {
                ValueSpec::OneOf(_) => code.engine() == spec.engine,
                _ => true,
            });
            let codes = readable.filter(|code| takes.takes(*code) && !code.is_retired());
            found.insert((spec.id, field.name), codes.map(ReasonCode::as_str).collect());
        }
    }
    found
}

/// The capability that may append an event of any engine.
const APPEND: (&str, &str) = ("PH1J_AUDIT_APPEND_COMMIT_ROW", "reason_code");

/// The pinned text: every field with its codes.
const PINNED: &str = "tests/pinned/taken.txt";

#[test]
fn every_field_takes_the_codes_of_its_page_and_no_others() {
    let mut taken = taken();
    // An event may be about anything but a replay, which emits none.
    let mut all: Vec<&str> = ReasonCode::all()
        .filter(|code| !code.as_str().ends_with("_IDEMPOTENCY_REPLAY") && !code.is_retired())
        .map(ReasonCode::as_str)
        .collect();
    let mut appended = taken.remove(&APPEND).expect("the field has a rule");
    all.sort_unstable();
    appended.sort_unstable();
    assert_eq!(appended, all);

    let mut text = String::new();
    for ((capability, field), mut codes) in taken {
        codes.sort_unstable();
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{capability}.{field}");
        for code in codes {
            let _ = writeln!(text, "  {code}");
        }
    }
    if let Some(stage) = std::env::var_os("SELENE_PINNED") {
        let path = Path::new(&stage).join("generated").join(PINNED);
        return fs::write(path, text).expect("the stage can be written");
    }
    let package = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo runs the tests");
    let pinned = fs::read_to_string(Path::new(&package).join(PINNED)).expect("the pinned text");
    assert_eq!(text, pinned, "if the specs say so now, `cargo xtask bless codes` accepts it");
}

#[test]
fn every_reason_code_that_a_write_takes_has_a_rule() {
    let writes = engines::ALL.iter().flat_map(|engine| engine.capabilities);
    for spec in writes.filter(|spec| spec.effect == Effect::Write) {
        for field in spec.input.iter().copied().flatten() {
            let is_reason = field.ty.contains("ReasonCode");
            assert_eq!(is_reason, field.reasons.is_some(), "{}.{}", spec.id, field.name);
        }
    }
}

#[test]
fn the_codes_that_a_contract_uses_itself_are_of_the_class_of_their_use() {
    for spec in engines::ALL.iter().flat_map(|engine| engine.capabilities) {
        if let Some(code) = spec.audit.reason_code {
            assert_eq!(code.class(), ReasonClass::Step, "{}: {code}", spec.id);
        }
        assert_eq!(spec.refusals.replay.class(), ReasonClass::Replay, "{}", spec.id);
        let refusals = spec.refusals;
        for code in [
            refusals.caller,
            refusals.simulation,
            refusals.contract,
            refusals.foreign_key,
            refusals.duplicate,
            refusals.scope,
            refusals.append_only,
            refusals.not_found,
            refusals.outcome_unknown,
            refusals.unavailable,
        ] {
            assert_eq!(code.class(), ReasonClass::Refusal, "{}: {code}", spec.id);
        }
    }
}
