//! What pages need and lexicon, register and the other half do not have yet: drafts of it, from what the phases found unknown.
//!
//! What lives here: reading findings as what is missing (`unknown`), guesses with their reasons (`guess`), one file for each
//! noun that is drafted, and the places of texts where a draft goes (`insert`). Everything is pure: what was read and found
//! goes in, texts come out. What must not: opening or writing files, running phases, or a word of a finding's message.
//!
//! A draft is text that is added. What stands is never changed, and what is guessed says so in a mark that a rule finds.

mod codes;
mod entry;
mod fields;
mod functions;
mod groups;
pub mod guess;
mod half;
mod insert;
mod lexicon;
mod records;
mod refusals;
mod slips;
mod subject;
mod types;
mod unknown;

pub use insert::NoPlace;
pub use subject::{Drafts, Subject};

/// Drafts what the findings of one run of the phases ask for. Nothing is drafted where nothing is missing any more.
///
/// # Errors
/// A file is written in a form that nothing can be added to.
pub fn draft(subject: &Subject<'_>) -> Result<Drafts, NoPlace> {
    let mut drafts = Drafts::new();
    // The other half comes first: what both say together explains names and codes better.
    half::add(subject, &mut drafts);
    if !drafts.is_empty() {
        return Ok(drafts);
    }
    let codes = codes::drafts(subject);
    let mut entries = lexicon::Entries::new();
    for engine in &subject.engines {
        let mut own = Vec::new();
        groups::draft(subject, engine, &mut own);
        records::draft(subject, engine, &mut own);
        types::draft(subject, engine, &mut own);
        fields::draft(subject, engine, codes.get(engine.id), &mut own);
        refusals::draft(subject, engine, codes.get(engine.id), &mut own);
        if !own.is_empty() {
            entries.insert(engine.id.to_owned(), own);
        }
    }
    lexicon::add(subject, &entries, &mut drafts)?;
    codes::add(subject, &codes, &mut drafts)?;
    functions::add(subject, &mut drafts);
    Ok(drafts)
}
