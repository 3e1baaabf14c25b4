//! What sentences say that an engine or a capability does: what it never reads, what a bullet lists, who calls it.

use selene_codegen::naming::without_schema;

use super::named::is_engine_id;
use super::table_claims::sentences;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{Word, clauses, code_spans, is_denied, raw, words};
use crate::lint::subject::{Engine, head};
use crate::source::Span;

fn every_clause(engine: &Engine<'_>, subject: &Subject<'_>) -> Vec<Span> {
    engine.each_page().flat_map(sentences).flat_map(|text| clauses(text.span, subject.sources)).collect()
}

/// Sentences that say that an engine never reads a table which its wiring reads.
pub fn never_read(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for own in &subject.engines {
        for clause in every_clause(own, subject) {
            let words = words(clause, subject.sources);
            let verb = words
                .windows(2)
                .position(|two| matches!((two[0].0, two[1].0), ("never", "reads") | ("not", "read")));
            let Some(at) = verb else { continue };
            let [(table, place)] = words[at + 2..] else { continue };
            let name = without_schema(table);
            let whose = words[..at].iter().rev().find(|(word, _)| is_engine_id(word)).map(|(word, _)| *word);
            let whose = whose.unwrap_or(&own.id.value);
            let Some(engine) = subject.engines.iter().find(|engine| engine.id.value == whose) else {
                continue;
            };
            let reads = engine.wiring.into_iter().flat_map(|page| &page.reads).flat_map(|read| &read.tables);
            let mut reads = reads.filter(|read| without_schema(&read.value) == name);
            let Some(read) = reads.next() else { continue };
            let message =
                format!("`{whose}` never reads `{name}` by a sentence, and reads it by its DB wiring");
            diagnostics.push(
                Diagnostic::new(codes::TABLE_AGAINST_SENTENCE, message, place, "by this sentence")
                    .and(read.span, "read here")
                    .help("mend the sentence, or take the table out of the read"),
            );
        }
    }
}

/// Bullets `reads` and `writes` of a capability that name a table which its engine does not read, or it does not write; and
/// sentences that say so of a capability by its id.
pub fn listed(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let Some((ecm, wiring)) = engine.pages() else { continue };
        let seen = engine.seen_tables();
        let at = wiring.reads.first().map_or_else(|| head(wiring), |read| read.title.span);
        let clauses = every_clause(engine, subject).into_iter();
        let clauses: Vec<_> = clauses.map(|clause| (clause, words(clause, subject.sources))).collect();
        for (capability, text) in engine.contract.capabilities.iter().zip(&ecm.capabilities) {
            let writes = |name: &str| capability.writes.iter().any(|table| without_schema(table) == name);
            for (key, note) in &text.notes {
                let key = key.value.to_ascii_lowercase();
                let is_write = matches!(key.as_str(), "writes" | "tables_written" | "written tables");
                if !is_write && !matches!(key.as_str(), "reads" | "tables_read" | "read tables") {
                    continue;
                }
                for (table, place) in code_spans(note.span, subject.sources) {
                    let name = without_schema(table);
                    let has = if is_write { writes(name) } else { seen.contains(name) };
                    if has || !subject.tables.contains_key(name) {
                        continue;
                    }
                    let does = if is_write { "writes" } else { "reads" };
                    let message =
                        format!("`{}` {does} `{name}` by a bullet, and not by its DB wiring", capability.id);
                    against_wiring(message, place, at, diagnostics);
                }
            }
            for (clause, words) in &clauses {
                let claimed = words.windows(3).find(|three| {
                    three[0].0 == capability.id
                        && three[1].0 == "writes"
                        && subject.tables.contains_key(without_schema(three[2].0))
                });
                let Some([_, _, (table, place)]) = claimed else { continue };
                if writes(without_schema(table)) || is_denied(*clause, &["may", "would"], subject.sources) {
                    continue;
                }
                let message =
                    format!("`{}` writes `{table}` by a sentence, and not by its DB wiring", capability.id);
                against_wiring(message, *place, text.id.span, diagnostics);
            }
        }
    }
}

fn against_wiring(message: String, place: Span, at: Span, diagnostics: &mut Diagnostics) {
    diagnostics.push(
        Diagnostic::new(codes::TABLE_AGAINST_SENTENCE, message, place, "by these words")
            .and(at, "not by what stands here")
            .help("add the table to the DB wiring, or mend the words"),
    );
}

/// Sentences that let somebody call a capability who is not among its callers.
pub fn callers(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for own in &subject.engines {
        for clause in every_clause(own, subject) {
            if !raw(clause, subject.sources).contains("call")
                || is_denied(clause, &["may", "would", "if"], subject.sources)
            {
                continue;
            }
            let words = words(clause, subject.sources);
            for (caller, id) in stated(&words) {
                let found = subject.engines.iter().find_map(|engine| {
                    let texts = engine.ecm.into_iter().flat_map(|ecm| &ecm.capabilities);
                    let mut pairs = engine.contract.capabilities.iter().zip(texts);
                    pairs.find(|(capability, _)| capability.id == id)
                });
                let Some((capability, text)) = found else { continue };
                if capability.allowed_callers.iter().any(|allowed| allowed == caller.0) {
                    continue;
                }
                let message =
                    format!("`{}` calls `{id}` by a sentence, and is not among its callers", caller.0);
                let at = text.allowed_callers.as_ref().map_or(text.id.span, |callers| callers.span);
                diagnostics.push(
                    Diagnostic::new(codes::CALL_AGAINST_SENTENCE, message, caller.1, "this caller")
                        .and(at, "the allowed callers")
                        .help("name a group of callers that has it, or mend the sentence"),
                );
            }
        }
    }
}

/// `PH1.ONB calls X`, `X is called by PH1.ONB`: the engine, and what it calls.
fn stated<'a>(words: &[Word<'a>]) -> Vec<(Word<'a>, &'a str)> {
    let active = words.windows(3).filter(|three| three[1].0 == "calls").map(|three| (three[0], three[2].0));
    let passive = words
        .windows(5)
        .filter(|five| matches!((five[1].0, five[2].0, five[3].0), ("is", "called", "by")))
        .map(|five| (five[4], five[0].0));
    active.chain(passive).filter(|(caller, _)| is_engine_id(caller.0)).collect()
}
