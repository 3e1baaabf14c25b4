//! Names that only lack their backticks: where the words of a bullet are a list of names and nothing else, each is read as if it had them.
//!
//! What lives here: which words are such a list, for the sections in which names are what counts. Schemas of capabilities are read without
//! backticks anyway, and sentences stay sentences. What must not: what a name means.

use super::section::without_mark;
use super::sections::known::Known;
use super::sections::words::is_lower_snake;
use crate::read::markdown::{Block, Inline, Item, Page};

/// The page with the code spans that stand there without their backticks.
#[must_use]
pub fn assume(page: &Page) -> Page {
    let mut known = None;
    let blocks = page.blocks.iter().map(|block| {
        if let Block::Heading { level, words } = block {
            let name = words.plain();
            let here = Known::of_name(without_mark(&name));
            // A heading below a section is one of its entries, unless it is a section of its own.
            known = if *level <= 2 { here } else { here.or(known) };
        }
        match (block, known) {
            (
                Block::List(items),
                Some(
                    Known::EngineHeader
                    | Known::FailureModes
                    | Known::AuditPerCapability
                    | Known::DataOwned
                    | Known::Reads
                    | Known::Writes
                    | Known::Relations
                    | Known::ReasonCodes
                    | Known::AuditEmissions,
                ),
            ) => Block::List(items.iter().map(item).collect()),
            _ => block.clone(),
        }
    });
    page.with_blocks(blocks.collect())
}

fn item(found: &Item) -> Item {
    item_below(found, false)
}

/// `is_named` says whether a single word is a name here.
fn item_below(found: &Item, is_named: bool) -> Item {
    let mut words = marked_as(&found.words, is_named || found.key.is_some());
    if words.codes.is_empty() {
        words = marked_among_words(&words);
    }
    // Below `payload keys:` stand names, if all of it are names.
    let are_named = found.words.raw().ends_with(':')
        && found.children.iter().all(|child| !marked_as(&child.words, true).codes.is_empty());
    let children = found.children.iter().map(|child| item_below(child, are_named)).collect();
    Item {
        key: found.key.clone(),
        words,
        column: found.column,
        rank: found.rank,
        children,
        strays: found.strays.clone(),
    }
}

/// The words, with a code span for each name of the list that they are, or that stands behind their key. Words with a code span stay as
/// they are.
fn marked_as(words: &Inline, is_named: bool) -> Inline {
    if !words.codes.is_empty() {
        return words.clone();
    }
    let raw = words.raw();
    let start = value_start(raw);
    let mut places = Vec::new();
    let value = &raw[start..];
    let is_list = match reference(value) {
        Some((from, to)) => {
            places.extend([from, to]);
            true
        }
        None => names(value, is_named || start > 0, &mut places),
    };
    if !is_list {
        return words.clone();
    }
    let at = words.span.start + start;
    words.with_codes(places.into_iter().map(|(from, to)| at + from..at + to))
}

/// The fewest names that a list must have for words to be one of its entries.
const FEWEST_NAMES: usize = 3;

/// A list that begins with names and has words among them: `tenant_id, engine=PH1.X, turn_id, references to the user`.
fn marked_among_words(words: &Inline) -> Inline {
    let raw = words.raw();
    let mut places = Vec::new();
    let mut at = 0;
    for piece in raw.split(',') {
        let name = piece.trim();
        let start = at + (piece.len() - piece.trim_start().len());
        at += piece.len() + 1;
        if is_name(name, false) {
            places.push((words.span.start + start, name.len()));
        } else if places.is_empty() {
            break;
        }
    }
    if places.len() < FEWEST_NAMES || raw.contains(". ") {
        return words.clone();
    }
    words.with_codes(places.into_iter().map(|(start, length)| start..start + length))
}

/// The words with the code spans that they would have if they were a bullet.
pub(super) fn marked(words: &Inline) -> Inline {
    marked_as(words, false)
}

/// Where the value starts: behind `key:`, and behind `dedupe key =`.
fn value_start(raw: &str) -> usize {
    let is_colon = |at: &usize| raw[at + 1..].starts_with(char::is_whitespace);
    let behind_colon = raw.match_indices(':').map(|(at, _)| at).find(is_colon).map_or(0, |colon| colon + 1);
    let behind_colon = behind_colon + (raw[behind_colon..].len() - raw[behind_colon..].trim_start().len());
    let value = &raw[behind_colon..];
    let is_plain = |head: &str| head.chars().all(|c| c.is_ascii_lowercase() || c.is_whitespace() || c == '_');
    let is_key = |at: &usize| is_plain(&value[..*at]) && value[at + 2..].trim_start().starts_with('(');
    match value.find(" =").filter(is_key) {
        Some(at) => behind_colon + value.len() - value[at + 2..].trim_start().len(),
        None => behind_colon,
    }
}

/// Where something stands in a text, in bytes.
type Place = (usize, usize);

/// `a.b -> c.d`, whatever the arrow, or `a.b references c.d`, with a remark in brackets: the places of the two names.
fn reference(value: &str) -> Option<(Place, Place)> {
    let (at, behind) = ["->", "\u{2192}", "=>", "references"].into_iter().find_map(|joint| {
        let at = value.find(joint)?;
        let behind = at + joint.len();
        // White space is whatever separates words, also what an entity leaves behind it.
        let is_apart =
            value[..at].ends_with(char::is_whitespace) && value[behind..].starts_with(char::is_whitespace);
        is_apart.then_some((at, behind))
    })?;
    let behind = behind + (value[behind..].len() - value[behind..].trim_start().len());
    let before = value[..at].trim_end();
    let before = [" FK", " fk"].into_iter().find_map(|key| before.strip_suffix(key)).unwrap_or(before);
    let at = before.trim_end().len();
    let from = value[..at].rsplit(char::is_whitespace).next()?;
    let before = value[..at - from.len()].trim().to_ascii_lowercase();
    // The second name may have brackets for its dot: `identities(user_id)`.
    let is_of_column = |c: char| is_of_name(c) || matches!(c, '.' | '(' | ')');
    let rest = &value[behind..];
    let to = rest[..rest.find(|c| !is_of_column(c)).unwrap_or(rest.len())].trim_end_matches('.');
    let is_fine = matches!(before.as_str(), "" | "fk" | "fk:" | "optional" | "optional fk")
        && is_column(from)
        && is_column(&to.replace('(', ".").replace(')', ""));
    is_fine.then_some(((at - from.len(), at), (behind, behind + to.len())))
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'
}

/// `table.column`, maybe with a schema.
fn is_column(text: &str) -> bool {
    text.contains('.') && text.split('.').all(is_lower_snake)
}

/// Whether a value is a list of names, joined by commas, `+`, `|` or `and`; a remark in brackets may stand behind each. A single word
/// is one only behind a key.
fn names(value: &str, has_key: bool, places: &mut Vec<Place>) -> bool {
    let mut start = 0;
    let pieces = pieces(value);
    let has_key = has_key || (pieces.len() > 1 && pieces.iter().any(|piece| is_name(piece.trim(), false)));
    for piece in pieces {
        let at = start + (piece.len() - piece.trim_start().len());
        start += piece.len() + separator_length(&value[start + piece.len()..]);
        let piece = piece.trim().trim_end_matches('.');
        if piece.is_empty() {
            continue;
        }
        let name = without_remark(piece);
        if !is_name(name, has_key) {
            return false;
        }
        places.push((at, at + name.len()));
    }
    !places.is_empty()
}

/// What joins two names of a list.
const JOINTS: [&str; 6] = [", and ", ",", " + ", " and ", " | ", ";"];

fn separator_length(rest: &str) -> usize {
    JOINTS.iter().find(|joint| rest.starts_with(**joint)).map_or(0, |joint| joint.len())
}

/// The stretches between joints that stand outside of brackets.
fn pieces(value: &str) -> Vec<&str> {
    let (mut found, mut depth, mut start, mut skip) = (Vec::new(), 0_usize, 0, 0);
    for (at, c) in value.char_indices() {
        match c {
            '(' | '{' => depth += 1,
            ')' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        let length = if depth == 0 && at >= skip { separator_length(&value[at..]) } else { 0 };
        if length > 0 {
            found.push(&value[start..at]);
            (start, skip) = (at + length, at + length);
        }
    }
    found.push(&value[start..]);
    found
}

/// `identities(user_id)` of `identities(user_id) (PK)`
fn without_remark(piece: &str) -> &str {
    match piece.find(" (") {
        Some(at) if at > 0 && piece.ends_with(')') => piece[..at].trim_end(),
        _ => piece,
    }
}

/// Words that say that there is nothing.
const NOTHING: [&str; 5] = ["none", "nothing", "no", "any", "all"];

/// A name as pages put it into backticks: `user_id`, `due_at?`, `tags[]`, `event_type=STATE_TRANSITION`, `W_ENROLL_TIMEOUT`, `(a, b)`,
/// `identities(user_id)`, `os_core.notes`.
fn is_name(text: &str, has_key: bool) -> bool {
    if NOTHING.contains(&text.to_ascii_lowercase().as_str()) {
        return false;
    }
    if let Some((name, value)) = text.split_once('=').filter(|(name, _)| !name.contains('(')) {
        return is_lower_snake(name.trim_end_matches('?'))
            && !value.is_empty()
            && !value.contains(char::is_whitespace);
    }
    if let Some((head, inner)) = text.strip_suffix(')').and_then(|text| text.split_once('(')) {
        let columns = inner.split([',', '+']).map(str::trim);
        return (head.is_empty() || head.split('.').all(is_lower_snake))
            && columns
                .into_iter()
                .all(|column| is_lower_snake(column.trim_end_matches("[]").trim_end_matches('?')));
    }
    let bare = text.trim_end_matches('?').trim_end_matches("[]");
    let is_snake = bare.split('.').all(is_lower_snake);
    if bare.contains(['_', '.']) {
        return is_snake || bare.split(['.', '_']).all(is_upper);
    }
    has_key && (is_snake || is_word(bare))
}

fn is_upper(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
}

/// One word that is a value: `STATE_TRANSITION`, `Other`, `PH1.WRITE`.
fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':'))
}

#[cfg(test)]
mod tests {
    use crate::source::{Sources, Span};

    use super::*;

    fn codes(text: &str) -> Vec<String> {
        let source: std::sync::Arc<str> = text.into();
        let file = Sources::default().add("", "", text);
        let words = Inline::of_stretch(Span::new(file, 0, text.len()), &source);
        item(&Item::new(words)).words.codes.into_iter().map(|code| code.text).collect()
    }

    #[test]
    fn lists_of_names_are_read_without_backticks() {
        for (text, expected) in [
            ("data_owned: tasks, task_events", &["tasks", "task_events"][..]),
            (
                "event_type=STATE_TRANSITION, reason_code=TASK_OPEN, tenant_id",
                &["event_type=STATE_TRANSITION", "reason_code=TASK_OPEN", "tenant_id"],
            ),
            ("payload keys: task_id, due_at?, tags[]", &["task_id", "due_at?", "tags[]"]),
            ("dedupe key = (tenant_id, task_id)", &["(tenant_id, task_id)"]),
            ("dedupe key = (a, b) | (c, d)", &["(a, b)", "(c, d)"]),
            ("identities(user_id) (PK)", &["identities(user_id)"]),
            ("tasks.user_id -> identities.user_id", &["tasks.user_id", "identities.user_id"]),
            (
                "optional tasks.user_id \u{2192} os_core.identities.user_id (nullable)",
                &["tasks.user_id", "os_core.identities.user_id"],
            ),
            ("tasks.user_id references identities(user_id)", &["tasks.user_id", "identities(user_id)"]),
            ("T_OPEN_COMMIT", &["T_OPEN_COMMIT"]),
            ("engine, turn_id", &["engine", "turn_id"]),
            ("a.b_c FK -> d.e", &["a.b_c", "d.e"]),
            (
                "tenant_id, turn_id, engine=PH1.X, references to the user",
                &["tenant_id", "turn_id", "engine=PH1.X"],
            ),
            ("tenant_id, engine=Other(\"PH1.T\")", &["tenant_id", "engine=Other(\"PH1.T\")"]),
        ] {
            assert_eq!(codes(text), expected, "{text}");
        }
    }

    #[test]
    fn sentences_stay_sentences() {
        for text in [
            "purpose: Keep the tasks of a tenant",
            "append-only",
            "tasks",
            "writes: occurrence state and the next retry",
            "data_owned: none",
            "Time does not run backwards: a move does not lie before the last change.",
            "a task goes from draft -> done",
            "one name, and words behind it",
            "user_id, device_id and words behind them",
            "It needs user_id, device_id, session_id, turn_id",
        ] {
            assert_eq!(codes(text), [""; 0], "{text}");
        }
    }
}
