//! What words say of a table's truth type and primary key, and of a code whose name denies something.

use selene_codegen::naming::without_schema;

use super::table_claims::sentences;
use super::values::notes;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{self, Word, clauses, code_spans, is_denied, names_of, raw, words};
use crate::lint::subject::{Declared, Engine};
use crate::parse::document::Document;
use crate::parse::reason_codes::RegisteredEngine;
use crate::source::Span;

/// Sentences that give a table another truth type or another primary key than its DB wiring.
pub fn of_tables(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let pages = subject.engines.iter().flat_map(Engine::each_page);
    for clause in pages.flat_map(sentences).flat_map(|text| clauses(text.span, subject.sources)) {
        if !is_denied(clause, &["may", "would", "if"], subject.sources) {
            truth(clause, subject, diagnostics);
            key(clause, subject, diagnostics);
        }
        no_key(clause, subject, diagnostics);
    }
}

fn declared<'s, 'a>(table: &str, subject: &'s Subject<'a>) -> Option<&'s Declared<'a>> {
    subject.tables.get(without_schema(table))?.first()
}

/// `devices` is a ledger.
fn truth(clause: Span, subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for window in words(clause, subject.sources).windows(4) {
        let [(table, place), (verb, _), (article, _), (what, _)] = window else { continue };
        let of_sentence = match (*verb, *article, what.to_ascii_lowercase().as_str()) {
            ("is" | "are", "a", "ledger") => "LEDGER",
            ("is" | "are", "a" | "the", "current") => "CURRENT",
            _ => continue,
        };
        let Some(table) = declared(table, subject).map(|declared| declared.text) else { continue };
        let Some(of_page) = table.truth_type.as_ref().filter(|truth| truth.value != of_sentence) else {
            continue;
        };
        let name = without_schema(&table.name.value);
        let message =
            format!("`{name}` is `{of_sentence}` by a sentence, and `{}` by its page", of_page.value);
        diagnostics.push(
            Diagnostic::new(codes::FACT_AGAINST_SENTENCE, message, *place, "by this sentence")
                .and(of_page.span, "its truth type")
                .help("mend the sentence, or the `truth_type` of the table"),
        );
    }
}

/// `links` has no foreign key.
fn no_key(clause: Span, subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for window in words(clause, subject.sources).windows(5) {
        let [(table, place), ("has" | "have", _), ("no", _), (kind, _), (what, _)] = window else { continue };
        let Some(known) = declared(table, subject).filter(|_| what.starts_with("key")) else { continue };
        let own = known.text;
        let relations = subject.engines.iter().filter_map(|engine| engine.wiring).map(|page| &page.relations);
        let of_table = |column: &str| column.split('.').next() == Some(without_schema(&own.name.value));
        let at = match *kind {
            "foreign" => {
                let mut keys = relations.flat_map(|relations| &relations.foreign_keys);
                keys.find(|(from, _, _)| of_table(&from.value)).map(|(from, _, _)| from.span)
            }
            "unique" => own.unique_keys.iter().flatten().next().map(|column| column.span),
            "primary" => own.primary_key.first().map(|column| column.span),
            _ => None,
        };
        let Some(at) = at else { continue };
        let message = format!("`{}` has no {kind} key by a sentence, and has one", without_schema(table));
        diagnostics.push(
            Diagnostic::new(codes::FACT_AGAINST_SENTENCE, message, *place, "by this sentence")
                .and(at, "this key")
                .help("mend the sentence, or take out the key"),
        );
    }
}

/// The primary key of `devices` is `device_id`.
fn key(clause: Span, subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let text = raw(clause, subject.sources).to_ascii_lowercase();
    let spans = code_spans(clause, subject.sources);
    let Some(at) = text.find("primary key of ") else { return };
    let mut behind = spans.iter().filter(|(_, place)| place.start > clause.start + at);
    let (Some(table), Some(stated)) = (behind.next(), behind.next()) else { return };
    let between = raw(Span::new(clause.file, table.1.end, stated.1.start), subject.sources);
    let Some(declared) = declared(table.0, subject).filter(|_| between.contains(" is ")) else { return };
    let stated_key: Vec<&str> = names_of(*stated).into_iter().map(|(name, _)| name).collect();
    let own = &declared.text.primary_key;
    let is_same = own.len() == stated_key.len() && own.iter().all(|it| stated_key.contains(&&*it.value));
    let Some(first) = own.first().filter(|_| !stated_key.is_empty() && !is_same) else { return };
    let message = format!("`{}` has another primary key than a sentence says", table.0);
    diagnostics.push(
        Diagnostic::new(codes::FACT_AGAINST_SENTENCE, message, stated.1, "by this sentence")
            .and(first.span, "its primary key")
            .help("mend the sentence, or the `primary key` of the table"),
    );
}

/// Whether the name of a code denies something: `COMPANY_NOT_ACTIVE`.
fn denies(code: &str) -> bool {
    code.split('_').any(|part| part == "NOT")
}

/// Whether words deny something, by themselves or by a word that does.
pub(super) fn is_negative(text: &str) -> bool {
    // Words that begin like a denial and are none.
    const PLAIN: [&str; 9] =
        ["invit", "input", "instan", "insert", "integ", "interval", "until", "unit", "unique"];
    const BEGINS: [&str; 6] = ["un", "in", "mis", "non", "outside", "fail"];
    const OTHERS: [&str; 19] = [
        "without", "before", "other", "another", "else", "only", "refused", "lacks", "less", "fewer",
        "beyond", "ended", "short", "below", "too", "yet", "disabled", "away", "still",
    ];
    let begins =
        |word: &str| BEGINS.iter().any(|begin| word.starts_with(begin) && word.len() > begin.len() + 3);
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let mut words =
        words.filter(|word| !PLAIN.iter().any(|plain| word.to_ascii_lowercase().starts_with(plain)));
    sentence::denies(text, &OTHERS) || words.any(|word| begins(&word.to_ascii_lowercase()))
}

/// Codes of the register whose name denies something that their meaning does not.
fn denying_meanings(engine: &Engine<'_>, registered: &RegisteredEngine, diagnostics: &mut Diagnostics) {
    let codes = registered.codes.iter().filter(|code| !code.retired && denies(&code.name.value));
    for code in codes.filter(|code| !code.meaning.is_empty() && !is_negative(&code.meaning)) {
        let name = &code.name;
        let named =
            engine.each_page().flat_map(|page| &page.reason_codes).find(|other| other.value == name.value);
        let Some(named) = named else { continue };
        let message =
            format!("`{}` denies something by its name, and means \"{}\"", name.value, code.meaning);
        diagnostics.push(
            Diagnostic::new(codes::CODE_AGAINST_WORDS, message, name.span, "this meaning")
                .and(named.span, "named here")
                .help("say in words what the code says, or name another code"),
        );
    }
}

/// Meanings, and lines that describe a failure, in words that do not deny, of a code whose name does.
pub fn denying_codes(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let Some(register) = subject.register() else { return };
    for engine in &subject.engines {
        let Some(registered) = register.engine(&engine.id.value) else { continue };
        denying_meanings(engine, registered, diagnostics);
        let lines = engine.each_page().flat_map(failures);
        for (line, code) in lines.filter_map(|line| Some((line, only_code(line, subject)?))) {
            let Some(known) = registered.code(code.0).filter(|_| denies(code.0)) else { continue };
            let before = Span::new(line.file, line.start, code.1.start);
            if raw(before, subject.sources).trim_matches(['`', ' ', ':']).is_empty()
                || is_negative(raw(before, subject.sources))
            {
                continue;
            }
            let message = format!("`{}` denies something by its name, and these words do not", code.0);
            diagnostics.push(
                Diagnostic::new(codes::CODE_AGAINST_WORDS, message, before, "these words")
                    .and(known.name.span, "registered here")
                    .help("say in words what the code says, or name another code"),
            );
        }
    }
}

fn failures(page: &Document) -> impl Iterator<Item = Span> {
    let of_capabilities = page.capabilities.iter().flat_map(|capability| &capability.failure_modes);
    let bullets = notes(page).filter(|(key, _)| key.value.contains("fail")).map(|(_, note)| note);
    page.failure_rules.iter().chain(of_capabilities).chain(bullets).map(|text| text.span)
}

/// The one code that stands at the end of a line; a line about several says nothing of one alone.
fn only_code<'a>(line: Span, subject: &Subject<'a>) -> Option<Word<'a>> {
    let spans = code_spans(line, subject.sources);
    let [code] = spans.as_slice() else { return None };
    raw(Span::new(line.file, line.start, code.1.start), subject.sources).contains(':').then_some(*code)
}
