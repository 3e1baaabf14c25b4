//! Limits and times that two sentences state: how many per something, and how long something is kept.

use std::collections::BTreeMap;

use selene_codegen::naming::without_schema;

use super::table_claims::sentences;
use crate::diagnostics::{Diagnostic, Diagnostics, codes};
use crate::lint::Subject;
use crate::lint::sentence::{Word, clauses, number_of, words};
use crate::lint::subject::Engine;
use crate::source::Span;

/// A sentence's limit or time: what it says, and where.
struct Stated {
    words: String,
    value: f64,
    place: Span,
}

/// Sentences of an engine that give one limit, or one time, two values.
pub fn stated_twice(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    for engine in &subject.engines {
        let mut first: BTreeMap<String, Stated> = BTreeMap::new();
        let mut compare = |key: String, stated: Stated| match first.get(&key) {
            Some(known) if (known.value - stated.value).abs() > f64::EPSILON => {
                let message = format!("{} by one sentence, and {} by another one", known.words, stated.words);
                diagnostics.push(
                    Diagnostic::new(codes::STATED_TWICE, message, stated.place, "this sentence")
                        .and(known.place, "the other one")
                        .help("say it once, or the same in both"),
                );
            }
            Some(_) => {}
            None => {
                first.insert(key, stated);
            }
        };
        for (sentence, table) in all(engine) {
            for clause in clauses(sentence, subject.sources) {
                let words = words(clause, subject.sources);
                for (key, stated) in limits(&words).into_iter().chain(times(&words, table)) {
                    compare(key, stated);
                }
            }
        }
    }
}

/// Every sentence of an engine, with the table that it stands below.
fn all<'a>(engine: &Engine<'a>) -> Vec<(Span, Option<&'a str>)> {
    let pages = || engine.each_page();
    let purposes = pages().filter_map(|page| page.header.purpose.as_ref());
    let plain = pages().flat_map(sentences).chain(purposes).map(|text| (text.span, None));
    let tables = pages().flat_map(|page| &page.tables);
    let below = tables.flat_map(|table| {
        let name = without_schema(&table.name.value);
        let texts = table.invariants.iter().chain(table.notes.iter().map(|(_, note)| note));
        texts.map(move |text| (text.span, Some(name)))
    });
    // Invariants are among the sentences too; below their table they say more.
    let below: Vec<(Span, Option<&str>)> = below.collect();
    let mut found: Vec<(Span, Option<&str>)> =
        plain.filter(|(span, _)| !below.iter().any(|(other, _)| other == span)).collect();
    found.extend(below);
    found
}

/// A word without its ending.
fn stem(word: &str) -> String {
    let lower = word.to_ascii_lowercase();
    if let Some(rest) = lower.strip_suffix("ies") {
        return format!("{rest}y");
    }
    let rest = lower.strip_suffix('s').filter(|rest| rest.len() > 2).map(str::to_owned);
    rest.unwrap_or(lower)
}

/// `at most 5 open links per inviter`: the limit of links per inviter.
fn limits(words: &[Word<'_>]) -> Vec<(String, Stated)> {
    let mut found = Vec::new();
    for (at, (word, place)) in words.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", |before| words[before].0).to_ascii_lowercase();
        let kind = match (before.as_str(), *word) {
            ("at", "most") | ("up", "to") | ("more", "than") => "most",
            ("at", "least") => "least",
            _ => continue,
        };
        let Some(number) = words.get(at + 1).and_then(|(word, _)| number_of(word)) else { continue };
        let behind = &words[at + 2..];
        let per = behind.iter().take(6).position(|(word, _)| *word == "per");
        let Some(per) = per.filter(|per| *per > 0) else { continue };
        let Some((of, last)) =
            behind[per + 1..].iter().find(|(word, _)| !["a", "an", "the", "one", "each"].contains(word))
        else {
            continue;
        };
        let nouns: Vec<String> = behind[..per].iter().map(|(word, _)| stem(word)).collect();
        let key = format!("{kind} {} per {}", nouns.join(" "), stem(of));
        #[expect(clippy::cast_precision_loss, reason = "limits in sentences are small")]
        let value = number as f64;
        let words = format!("at {kind} {number} {} per {of}", nouns.join(" "));
        let place = Span::new(place.file, place.start, last.end);
        found.push((key, Stated { words, value, place }));
    }
    found
}

/// Seconds of a unit.
fn seconds(unit: &str) -> Option<f64> {
    Some(match stem(unit).as_str() {
        "second" => 1.0,
        "minute" => 60.0,
        "hour" => 3_600.0,
        "day" => 86_400.0,
        "week" => 604_800.0,
        "month" => 2_592_000.0,
        "year" => 31_536_000.0,
        _ => return None,
    })
}

/// A text about a field in milliseconds, or in another unit that its name ends with: its times in that unit, without their own.
pub(super) fn in_unit_of(field: &str, text: &str) -> Option<String> {
    let unit = match field.rsplit('_').next()? {
        "ns" => 1e-9,
        "us" => 1e-6,
        "ms" => 1e-3,
        "s" | "sec" | "secs" | "seconds" => 1.0,
        _ => return None,
    };
    let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    let bare = |word: &str| word.trim_end_matches(|c: char| c.is_ascii_punctuation()).to_owned();
    let number = |word: &str| bare(word).replace([',', '_'], "").parse::<f64>().ok();
    let at =
        words.windows(2).position(|two| number(&two[0]).is_some() && seconds(&bare(&two[1])).is_some())?;
    let factor = seconds(&bare(&words[at + 1]))? / unit;
    for word in &mut words[..=at] {
        if let Some(number) = number(word) {
            *word = (number * factor).to_string();
        }
    }
    // What stood behind the unit ends the number.
    let end: String = words.remove(at + 1).chars().filter(char::is_ascii_punctuation).collect();
    words[at].push_str(&end);
    Some(format!(" {}", words.join(" ")))
}

/// Words that say that something is there for a time.
const LASTS: [&str; 12] = [
    "expires", "expire", "kept", "retained", "deleted", "purged", "removed", "erased", "lives", "live",
    "held", "stored",
];
/// Words that stand between a thing and what becomes of it.
const BETWEEN: [&str; 12] =
    ["is", "are", "be", "must", "will", "shall", "should", "may", "and", "then", "only", "always"];

/// `rows are kept for 30 days`, `a link expires after 7 days`: how long something lasts.
fn times(words: &[Word<'_>], table: Option<&str>) -> Vec<(String, Stated)> {
    let mut found = Vec::new();
    for (at, (word, place)) in words.iter().enumerate() {
        if !LASTS.contains(word) {
            continue;
        }
        let Some((length, last, value)) = duration(&words[at + 1..]) else { continue };
        let subject = words[..at].iter().rev().find(|(word, _)| !BETWEEN.contains(word)).copied();
        // Below a table, nothing else is meant.
        let own = table.map(|table| (table, *place));
        let Some((thing, from)) = subject.or(own).filter(|(word, _)| *word != "never") else { continue };
        let thing = without_schema(thing);
        let is_row = ["row", "rows", "it", "they", "record", "records", "entry", "entries"].contains(&thing);
        let thing = table.filter(|_| is_row).unwrap_or(thing);
        let words = format!("`{thing}` is there {length}");
        let span = Span::new(place.file, from.start, last.end);
        // What is over may be kept for long.
        let what = if ["expires", "expire", "lives", "live"].contains(word) { "lives" } else { "is kept" };
        found.push((format!("{} {what}", stem(thing)), Stated { words, value, place: span }));
    }
    found
}

/// `for 30 days`, `after one year`, `for ever`: in words, with its end, in seconds.
fn duration(words: &[Word<'_>]) -> Option<(String, Span, f64)> {
    match words {
        [("for", _), ("ever", last), ..] | [("forever" | "indefinitely", last), ..] => {
            Some(("for ever".to_owned(), *last, f64::MAX))
        }
        [("for" | "after" | "within", _), (number, _), (unit, last), ..] => {
            #[expect(clippy::cast_precision_loss, reason = "times in sentences are small")]
            let count = number_of(number)? as f64;
            Some((format!("for {number} {unit}"), *last, count * seconds(unit)?))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn keys(text: &str) -> Vec<(String, f64)> {
        let mut sources = Sources::default();
        let file = sources.add("page.md", "page.md", text);
        let words = words(Span::new(file, 0, text.len()), &sources);
        let found = limits(&words).into_iter().chain(times(&words, Some("notes")));
        found.map(|(key, stated)| (key, stated.value)).collect()
    }

    #[test]
    fn limits_and_times_are_read_with_what_they_are_about() {
        assert_eq!(
            keys("at most 5 open links per inviter"),
            [("most open link per inviter".to_owned(), 5.0)]
        );
        assert_eq!(keys("at most two notes per person"), [("most note per person".to_owned(), 2.0)]);
        assert_eq!(keys("a link expires after 7 days"), [("link lives".to_owned(), 604_800.0)]);
        assert_eq!(keys("rows are kept for one day"), [("note is kept".to_owned(), 86_400.0)]);
        assert_eq!(keys("rows are kept for ever"), [("note is kept".to_owned(), f64::MAX)]);
        assert_eq!(keys("at most 5 links"), []);
        assert_eq!(keys("it is deleted by its owner"), []);
    }

    #[test]
    fn times_are_read_in_the_unit_of_their_field() {
        let read = |field, text| in_unit_of(field, text);
        assert_eq!(read("timeout_ms", " is at most 10 minutes.").as_deref(), Some(" is at most 600000."));
        assert_eq!(read("wait_s", " is between 1 and 2 hours").as_deref(), Some(" is between 3600 and 7200"));
        assert_eq!(read("timeout_ms", " is at most 600,000"), None);
        assert_eq!(read("pass_target", " is at most 10 minutes"), None);
    }
}
