//! The functions that look, one file per family. What must not live here: which rules there are; that is [`super::list`].

pub(super) mod answers;
pub(super) mod code_lists;
pub(super) mod code_words;
pub(super) mod codes_of_pages;
pub(super) mod dedupe;
pub(super) mod event_words;
pub(super) mod events;
pub(super) mod folds;
pub(super) mod guesses;
pub(super) mod header;
pub(super) mod keys;
pub(super) mod lexicon;
pub(super) mod meaning;
pub(super) mod named;
pub(super) mod only_read;
pub(super) mod owned;
pub(super) mod payload;
pub(super) mod reads;
pub(super) mod references;
pub(super) mod schemas;
pub(super) mod sentences;
pub(super) mod stated_values;
pub(super) mod tests;
pub(super) mod truth;
pub(super) mod twice;
pub(super) mod values;
