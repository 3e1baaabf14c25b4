//! What the pages of five engines promise of each call, with every limit written by hand.
//!
//! `bounds.rs` takes its limits from the contracts, so it cannot know that one of them has moved. Here they stand as the pages, the
//! lexicon and the register state them, and calls are tried at, below and above them. Each test is about one capability, one type,
//! one reason code or one class of refusals, and its path says which: `ph1_w::ph1w_enroll_start_draft_row::callers`. It takes nothing
//! else of an engine, so that a failure has one cause.

mod call;
mod field;
mod named;
mod ph1_onb;
mod ph1_persona;
mod ph1_voice_id;
mod ph1_w;
mod ph1_write;
