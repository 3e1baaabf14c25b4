//! Writes of a DB wiring that belong to no capability of an ECM, such as those of a page whose other half is missing.

use super::change::Changes;
use super::pair::Pair;
use super::side::Side;
use super::{kind::Kind, kinds};
use crate::parse::document::{Text, WriteText};
use crate::source::Span;

/// Holds these writes of both sides against each other, by their headings.
pub(super) fn compare(pair: &Pair<'_>, changes: &mut Changes) {
    let old = alone(pair.sides.old, &pair.old.engine.id);
    let new = alone(pair.sides.new, &pair.new.engine.id);
    let all = |side: &Side, id: &str| -> Vec<String> {
        let page = side.pages(id).and_then(|pages| pages.db_wiring);
        page.into_iter().flat_map(|page| &page.writes).map(|write| write.heading.value.clone()).collect()
    };
    let at = pair.at(&["engine"]);
    let mut push = |kind: &'static Kind, item: &str, words: String, places: (Option<Span>, Option<Span>)| {
        pair.push_at(kind, item, words, places, &at, changes);
    };
    let is_there = all(pair.sides.new, &pair.new.engine.id);
    for was in &old {
        let heading = was.heading.value.as_str();
        let Some(is) = new.iter().find(|is| is.heading.value == heading) else {
            if !is_there.iter().any(|there| there == heading) {
                let words = "is written no longer".to_owned();
                push(kinds::WRITTEN_TABLES, heading, words, (Some(was.heading.span), None));
            }
            continue;
        };
        let places = |pick: &dyn Fn(&WriteText) -> Option<Span>| {
            (pick(was).or(Some(was.heading.span)), pick(is).or(Some(is.heading.span)))
        };
        let (before, now) = (key(was), key(is));
        if before != now {
            let of_key = |write: &WriteText| {
                let words = write.dedupe_words.as_ref().map(|words| words.span);
                write.dedupe.as_ref().map(|key| key.span).or(words)
            };
            let words = format!("is deduplicated by {now}, and was by {before}");
            push(kinds::DEDUPE_KEY, heading, words, places(&of_key));
        }
        if values(&was.tables) != values(&is.tables) {
            let words = format!("writes {}, and wrote {}", shown(&is.tables), shown(&was.tables));
            push(
                kinds::WRITTEN_TABLES,
                heading,
                words,
                places(&|write| write.tables.first().map(|one| one.span)),
            );
        }
        let code = |write: &WriteText| write.reason_code.as_ref().map(|code| code.value.clone());
        if values(&was.event_types) != values(&is.event_types) || code(was) != code(is) {
            let words = "its event has another type or another reason code".to_owned();
            push(
                kinds::EVENT_CHANGED,
                heading,
                words,
                places(&|write| write.event_types.first().map(|one| one.span)),
            );
        }
        let fields = |write: &WriteText| -> Vec<Text> {
            write.required_fields.iter().chain(&write.payload_keys).cloned().collect()
        };
        let (had, has) = (fields(was), fields(is));
        for lost in had.iter().filter(|one| !has.iter().any(|other| other.value == one.value)) {
            let words = format!("`{}` is required of the event no longer", lost.value);
            push(kinds::EVENT_LESS, heading, words, (Some(lost.span), Some(is.heading.span)));
        }
        for more in has.iter().filter(|one| !had.iter().any(|other| other.value == one.value)) {
            let words = format!("`{}` is required of the event", more.value);
            push(kinds::EVENT_MORE, heading, words, (Some(was.heading.span), Some(more.span)));
        }
    }
}

/// The writes of an engine that no capability has.
fn alone<'a>(side: &'a Side, engine: &str) -> Vec<&'a WriteText> {
    let ids = side.contract(engine).into_iter().flat_map(|contract| &contract.capabilities);
    let linked: Vec<Span> =
        ids.filter_map(|one| side.write_of(engine, &one.id)).map(|write| write.heading.span).collect();
    let page = side.pages(engine).and_then(|pages| pages.db_wiring);
    let writes = page.into_iter().flat_map(|page| &page.writes);
    writes.filter(|write| !linked.contains(&write.heading.span)).collect()
}

fn key(write: &WriteText) -> String {
    let names = write.dedupe.as_ref().map(|key| {
        let keys = key.value.iter().map(|names| format!("`({})`", values(names).join(", ")));
        keys.collect::<Vec<_>>().join(" or ")
    });
    let words = write.dedupe_words.as_ref().map(|words| format!("\"{}\"", words.value));
    names.or(words).unwrap_or_else(|| "nothing".to_owned())
}

fn values(texts: &[Text]) -> Vec<&str> {
    texts.iter().map(|text| text.value.as_str()).collect()
}

fn shown(texts: &[Text]) -> String {
    let names: Vec<String> = texts.iter().map(|text| format!("`{}`", text.value)).collect();
    if names.is_empty() { "nothing".to_owned() } else { names.join(", ") }
}
