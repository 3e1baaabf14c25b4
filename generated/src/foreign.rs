//! Contracts that no spec of this workspace gives, expanded and compiled: answers that are older than some of their fields,
//! a field whose name Rust keeps for itself, and an engine that is gone.

#[allow(dead_code, unused_macros, reason = "a test uses a part of what a contract gives")]
pub mod ph1_t {
    selene_codegen_macros::contract!("tests/contracts/ph1_t.yaml");
}

#[allow(dead_code, reason = "a test uses a part of what a contract gives")]
pub mod ph1_gone {
    selene_codegen_macros::contract!("tests/contracts/ph1_gone.yaml");
}

use ph1_t::{NoteRecord, Tag};

#[test]
fn an_answer_of_before_a_field_was_there_is_read_with_what_the_lexicon_says() {
    let before = r#"{"user_id":"ann","note_seq":3,"stars":5}"#;
    let read: NoteRecord = serde_json::from_str(before).unwrap();
    assert_eq!((read.r#gen, read.tag, read.tags.len(), read.title.is_none()), (7, Tag::Work, 0, true));
    // An answer that has the field keeps it, and what nobody knows any more is passed over.
    let today =
        r#"{"user_id":"ann","note_seq":3,"stars":5,"tags":["HOME"],"gen":9,"tag":"HOME","gone":true}"#;
    let read: NoteRecord = serde_json::from_str(today).unwrap();
    assert_eq!((read.r#gen, read.tag, read.tags.as_slice()), (9, Tag::Home, &[Tag::Home][..]));
    // What never could be absent still cannot.
    assert!(serde_json::from_str::<NoteRecord>(r#"{"user_id":"ann","note_seq":3}"#).is_err());
}

#[test]
fn a_name_that_rust_keeps_is_plain_in_what_is_stored() {
    let read: NoteRecord = serde_json::from_str(r#"{"user_id":"ann","note_seq":3,"stars":5}"#).unwrap();
    let written = serde_json::to_value(read).unwrap();
    assert_eq!((written["gen"].as_u64(), written["tag"].as_str()), (Some(7), Some("WORK")));
}

#[test]
fn codes_of_an_engine_that_is_gone_keep_name_number_and_meaning() {
    let [code] = ph1_gone::ENGINE.reason_codes else { panic!("one code is left") };
    assert_eq!((code.as_str(), code.number(), code.is_retired()), ("GONE_REFUSED", 0x0002_0001, true));
    assert_eq!("GONE_REFUSED".parse(), Ok(ph1_gone::Ph1GoneReasonCode::GoneRefused));
    assert!(ph1_gone::ENGINE.capabilities.is_empty() && ph1_gone::ENGINE.tables.is_empty());
}
