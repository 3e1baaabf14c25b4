//! What sentences claim of other engines: who owns and writes a table, and which acceptance test proves something.

use std::collections::BTreeSet;

use selene_codegen::contract::Effect;
use selene_codegen::naming::without_schema;

use super::named::is_engine_id;
use super::values::notes;
use crate::diagnostics::{Diagnostic, Diagnostics, codes, guess_or};
use crate::lint::Subject;
use crate::lint::sentence::{Word, clauses, is_denied, raw, words};
use crate::lint::subject::{Engine, head};
use crate::parse::document::{Document, Text};
use crate::source::Span;

/// The table that every write appends its event to, whoever it is.
const EVENTS: &str = "audit_events";

/// Sentences of a page, bullets of capabilities, writes and reads among them.
pub(super) fn sentences(page: &Document) -> impl Iterator<Item = &Text> {
    let invariants = page.tables.iter().flat_map(|table| &table.invariants);
    let rules = page.relations.constraints.iter().chain(&page.audit_rules).chain(&page.failure_rules);
    invariants.chain(rules).chain(&page.prose).chain(notes(page).map(|(_, note)| note))
}

/// What a sentence claims that an engine does with a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Does {
    Own,
    Write,
    Read,
}

/// Sentences that give a table another owner, or another engine that writes it, than pages do.
pub fn of_tables(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        for clause in
            engine.each_page().flat_map(sentences).flat_map(|text| clauses(text.span, subject.sources))
        {
            if is_denied(clause, &["may", "would"], subject.sources) {
                continue;
            }
            let words = words(clause, subject.sources);
            for (whose, does, table) in stated(&words, subject) {
                report(whose, does, table, subject, diagnostics);
            }
        }
        of_capabilities(engine, subject, diagnostics);
    }
}

/// `PH1.W owns devices`, `devices are written by PH1.W`: who, what, and which table.
fn stated<'a>(words: &[Word<'a>], subject: &Subject<'a>) -> Vec<(&'a str, Does, Word<'a>)> {
    let is_table = |word: &Word<'_>| subject.tables.contains_key(without_schema(word.0));
    let mut found = Vec::new();
    for (index, (word, _)) in words.iter().enumerate() {
        let does = match *word {
            "owns" | "owned" => Does::Own,
            "writes" | "written" | "changed" | "updated" => Does::Write,
            "reads" => Does::Read,
            _ => continue,
        };
        let is_passive = word.ends_with("ed") || word.ends_with("en");
        let table = if is_passive {
            let before = words[..index].iter().rev();
            before
                .filter(|word| !["is", "are", "only"].contains(&word.0))
                .map(|word| is_table(word).then_some(word))
                .next()
        } else {
            words.get(index + 1).map(|word| is_table(word).then_some(word))
        };
        let Some(Some(table)) = table else { continue };
        let whose: Vec<&Word<'_>> = if is_passive {
            // `by PH1.W and by PH1.F`
            let behind = words[index + 1..].iter();
            let plain: Vec<_> = behind
                .clone()
                .take_while(|word| ["by", "and"].contains(&word.0) || is_engine_id(word.0))
                .collect();
            // `by a revocation of PH1.W`
            let of =
                behind.clone().take(6).position(|word| word.0 == "of").map(|of| words.get(index + 2 + of));
            let is_by = words.get(index + 1).is_some_and(|word| word.0 == "by");
            if plain.len() > 1 { plain } else { of.flatten().into_iter().filter(|_| is_by).collect() }
        } else {
            words[..index].last().into_iter().collect()
        };
        let of_capability = |id: &str| {
            let mut contracts = subject.engines.iter().map(|engine| (&engine.id.value, engine.contract));
            let found =
                contracts.find(|(_, one)| one.capabilities.iter().any(|capability| capability.id == id));
            found.filter(|_| does == Does::Read).map(|(id, _)| id.as_str())
        };
        let engines = whose
            .into_iter()
            .filter_map(|(word, _)| if is_engine_id(word) { Some(*word) } else { of_capability(word) });
        found.extend(engines.map(|whose| (whose, does, *table)));
    }
    found
}

fn report(
    whose: &str,
    does: Does,
    (table, place): Word<'_>,
    subject: &Subject<'_>,
    diagnostics: &mut Diagnostics,
) {
    let name = without_schema(table);
    let Some(engine) = subject.engines.iter().find(|engine| engine.id.value == whose) else { return };
    let Some((ecm, wiring)) = engine.pages().filter(|_| name != EVENTS) else { return };
    let has = match does {
        Does::Own => ecm.header.data_owned.iter().any(|owned| without_schema(&owned.value) == name),
        Does::Write => wiring
            .writes
            .iter()
            .flat_map(|write| &write.tables)
            .any(|written| without_schema(&written.value) == name),
        Does::Read => engine.seen_tables().contains(name),
    };
    if has {
        return;
    }
    let (what, at) = match does {
        Does::Own => ("owns", ecm.header.data_owned.first().map_or_else(|| head(ecm), |owned| owned.span)),
        Does::Read => ("reads", wiring.reads.first().map_or_else(|| head(wiring), |read| read.title.span)),
        Does::Write => {
            ("writes", wiring.writes.first().map_or_else(|| head(wiring), |write| write.heading.span))
        }
    };
    let message = format!("`{whose}` {what} `{name}` by a sentence, and not by its pages");
    diagnostics.push(
        Diagnostic::new(codes::TABLE_AGAINST_SENTENCE, message, place, "by this sentence")
            .and(at, format!("what `{whose}` {what}"))
            .help("name the engine that does, or mend its pages"),
    );
}

/// Bullets of a capability that say that it writes a table which it does not write.
fn of_capabilities(engine: &Engine<'_>, subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some((ecm, _)) = engine.pages() else { return };
    for (capability, text) in engine.contract.capabilities.iter().zip(&ecm.capabilities) {
        let written: BTreeSet<&str> = capability.writes.iter().map(|table| without_schema(table)).collect();
        for clause in text.notes.iter().flat_map(|(_, note)| clauses(note.span, subject.sources)) {
            let words = words(clause, subject.sources);
            let verb = words.iter().position(|(word, _)| *word == "writes");
            let Some(at) = verb.filter(|_| !is_denied(clause, &[], subject.sources)) else { continue };
            // It may be about another engine.
            if words[..at].iter().any(|(word, _)| {
                is_engine_id(word) || word.contains('_') && word.to_ascii_uppercase() == *word
            }) {
                continue;
            }
            let behind =
                words[at + 1..].iter().filter(|(word, _)| subject.tables.contains_key(without_schema(word)));
            let wrong = behind.filter(|(word, _)| {
                !written.contains(without_schema(word)) && without_schema(word) != EVENTS
            });
            for (table, place) in wrong {
                let message =
                    format!("`{}` writes `{table}` by a bullet, and not by its DB wiring", capability.id);
                let effects = text.side_effects.as_ref().filter(|_| capability.effect != Effect::Write);
                diagnostics.push(
                    Diagnostic::new(codes::TABLE_AGAINST_SENTENCE, message, *place, "by this bullet")
                        .and(effects.map_or(text.id.span, |effects| effects.span), "of this capability")
                        .help("add the table to the write, or mend the bullet"),
                );
            }
        }
    }
}

/// The ids of acceptance tests in a sentence: `AT-LINK-DB-04`.
fn test_ids(clause: Span, subject: &Subject<'_>) -> Vec<(String, Span)> {
    let text = raw(clause, subject.sources);
    let is_part = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
    let mut found = Vec::new();
    for (at, _) in text.match_indices("AT-") {
        if text[..at].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_') {
            continue;
        }
        let length = text[at..].find(|c| !is_part(c)).unwrap_or(text.len() - at);
        let id = text[at..at + length].trim_end_matches('-');
        let ends_in_number = id
            .rsplit('-')
            .next()
            .is_some_and(|last| !last.is_empty() && last.bytes().all(|b| b.is_ascii_digit()));
        if ends_in_number {
            let start = clause.start + at;
            found.push((id.to_owned(), Span::new(clause.file, start, start + id.len())));
        }
    }
    found
}

/// Acceptance tests that sentences name and no page has.
pub fn unknown_tests(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    if !subject.is_whole {
        return;
    }
    let pages = || subject.engines.iter().flat_map(Engine::each_page);
    let tests = || pages().flat_map(|page| &page.acceptance_tests);
    let known: BTreeSet<&str> = tests().map(|test| test.id.value.as_str()).collect();
    for engine in &subject.engines {
        for sentence in engine.each_page().flat_map(sentences) {
            for (id, place) in test_ids(sentence.span, subject) {
                if known.contains(id.as_str()) {
                    continue;
                }
                let own = engine.wiring.into_iter().flat_map(|page| &page.acceptance_tests).next();
                let message = format!("a sentence names the acceptance test `{id}`, which no page has");
                diagnostics.push(
                    Diagnostic::new(codes::UNKNOWN_TEST_IN_SENTENCE, message, place, "named here")
                        .and(own.map_or(engine.id.span, |test| test.id.span), "the tests of this engine")
                        .help(guess_or(
                            &id,
                            known.iter().copied(),
                            "name a test that is there, or add it to the DB wiring",
                        )),
                );
            }
        }
    }
}
