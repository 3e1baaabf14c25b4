//! Contracts that no spec of this workspace gives, expanded and compiled: answers that are older than some of their fields,
//! a field whose name Rust keeps for itself, a capability that was renamed, and an engine that is gone.

#[allow(dead_code, unused_macros, reason = "a test uses a part of what a contract gives")]
pub mod ph1_t {
    selene_codegen_macros::contract!("tests/contracts/ph1_t.yaml");
}

#[allow(dead_code, reason = "a test uses a part of what a contract gives")]
pub mod ph1_gone {
    selene_codegen_macros::contract!("tests/contracts/ph1_gone.yaml");
}

use ph1_t::{NoteRecord, Tag};

use crate::shared::{CorrelationId, MonotonicTimeNs, TurnId};
use crate::{CallContext, Caller, Committed, StorageError};

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

/// A mock of a caller's test: what was written for the names of before still compiles against it.
struct Notes;

impl ph1_t::Ph1tNoteRepo for Notes {
    fn ph1t_note_commit_row(
        &self,
        _: &CallContext,
        _: ph1_t::Ph1tNoteCommitRow,
    ) -> Result<Committed<NoteRecord>, StorageError> {
        unreachable!("no test commits")
    }

    fn ph1t_read_note_rows(
        &self,
        _: &CallContext,
        _: ph1_t::Ph1tReadNoteRows,
    ) -> Result<ph1_t::Ph1tReadNoteRowsOutput, StorageError> {
        Ok(ph1_t::Ph1tReadNoteRowsOutput::NoteRecords(Vec::new()))
    }

    fn ph1t_append_only_guard(
        &self,
        _: &CallContext,
        _: ph1_t::Ph1tAppendOnlyGuard,
    ) -> Result<(), StorageError> {
        unreachable!("no test overwrites")
    }
}

#[test]
#[allow(deprecated, reason = "the first names of a renamed capability are what is tested")]
fn callers_of_before_find_a_renamed_capability_by_its_first_name() {
    use ph1_t::Ph1tNoteRepo as _;
    let context =
        CallContext::new(Caller::SeleneOs, MonotonicTimeNs::new(1), CorrelationId::new(2), TurnId::new(3));
    let input = ph1_t::Ph1tReadNotes::UserId { user_id: "ann".into() };
    let answer: ph1_t::Ph1tReadNotesOutput = Notes.ph1t_read_notes(&context, input).unwrap();
    assert_eq!(answer, ph1_t::Ph1tReadNoteRowsOutput::NoteRecords(Vec::new()));
}
