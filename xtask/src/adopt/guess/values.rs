//! The values of a choice, as the pages name them: `status in DRAFT | SENT`, `kind=NOTE`, `state (OPEN, CLOSED)`.

use crate::adopt::subject::{Adopted, Subject};
use crate::parse::document::Document;
use crate::parse::schema::{Expr, ExprKind};

/// What may stand between a name and its values.
const BETWEEN: [&str; 12] = [
    "=",
    " = ",
    ": ",
    " in ",
    " is one of ",
    " one of ",
    " is ",
    " (",
    " values: ",
    " values ",
    " examples: ",
    " of ",
];

/// The values that the pages of an engine give a field, in the order in which they name them.
pub(in crate::adopt) fn of_field(subject: &Subject<'_>, engine: &Adopted<'_>, field: &str) -> Vec<String> {
    let mut found = Vec::new();
    for schema in engine.schemas() {
        fixed(schema, field, &mut found);
    }
    for page in engine.each_page() {
        let text = subject.text(page.file);
        // The status of a page is none of its rows.
        let head = page
            .header
            .status
            .as_ref()
            .map(|status| subject.sources.get(page.file).line_of(status.span.start));
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            // Without backticks a name and its values look alike, however they are marked.
            if head.as_ref().is_none_or(|head| head.start != start) {
                in_line(&line.replace('`', ""), field, &mut found);
            }
            start += line.len();
        }
    }
    found
}

/// Whether the pages give a field `true` or `false`.
pub(in crate::adopt) fn is_yes_or_no(engine: &Adopted<'_>, subject: &Subject<'_>, field: &str) -> bool {
    let given = [format!("{field}=true"), format!("{field}=false"), format!("{field}=bool")];
    engine.each_page().any(|page| given.iter().any(|given| subject.text(page.file).contains(given)))
}

/// Words in capitals in the sentences about tables: what a column may hold that nothing else explains.
pub(in crate::adopt) fn of_sentences(engine: &Adopted<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let is_no_code = |word: &&str| engine.each_page().all(|page| !page.has_reason_code(word));
    for sentence in engine.each_page().flat_map(sentences) {
        // Those that stand behind the name of a field are that field's.
        let mut of_others = Vec::new();
        let words = || sentence.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        for field in
            words().filter(|word| word.contains('_') && word.starts_with(|c: char| c.is_ascii_lowercase()))
        {
            in_line(&sentence.replace('`', ""), field, &mut of_others);
        }
        let is_free =
            |word: &&str| !OTHER_WORDS.contains(word) && !of_others.iter().any(|known| known == word);
        for word in words().filter(|word| is_value(word)).filter(is_free).filter(is_no_code) {
            push(&mut found, word);
        }
    }
    found
}

/// Words in capitals that are no values.
const OTHER_WORDS: [&str; 14] = [
    "AND", "NOT", "NULL", "NONE", "FOREIGN", "PRIMARY", "UNIQUE", "LEDGER", "CURRENT", "INFO", "WARN",
    "ERROR", "JSON", "UTC",
];

fn sentences(page: &Document) -> impl Iterator<Item = &str> {
    let invariants = page.tables.iter().flat_map(|table| &table.invariants);
    invariants.chain(&page.relations.constraints).map(|sentence| sentence.value.as_str())
}

fn fixed(expr: &Expr, field: &str, found: &mut Vec<String>) {
    match &expr.kind {
        ExprKind::Fixed { name, value } if name.value == field => {
            let stored = selene_codegen::naming::upper_snake(&value.value);
            if is_value(&stored) {
                push(found, &stored);
            }
        }
        ExprKind::Values { name, values } if name.value == field => {
            let stored = values.iter().map(|value| selene_codegen::naming::upper_snake(&value.value));
            for value in stored.filter(|value| is_value(value)) {
                push(found, &value);
            }
        }
        ExprKind::Optional(inner) | ExprKind::List(inner) => fixed(inner, field, found),
        ExprKind::Tuple(parts)
        | ExprKind::OneOf(parts)
        | ExprKind::Record { fields: parts, .. }
        | ExprKind::Generic { args: parts, .. } => parts.iter().for_each(|part| fixed(part, field, found)),
        _ => {}
    }
}

fn in_line(line: &str, field: &str, found: &mut Vec<String>) {
    for (at, _) in line.match_indices(field) {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let behind = &line[at + field.len()..];
        if line[..at].ends_with(is_part) || behind.starts_with(is_part) {
            continue;
        }
        let behind = behind.strip_prefix('?').unwrap_or(behind);
        for between in BETWEEN {
            let Some(listed) = behind.strip_prefix(between) else { continue };
            for value in leading(listed.trim_start_matches(['(', '[', '{', ' '])) {
                push(found, value);
            }
        }
    }
}

/// The values at the start of words: `A | B`, `A, B or C`, `A/B`.
fn leading(words: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = words;
    loop {
        let length = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        let (word, behind) = rest.split_at(length);
        if !is_value(word) {
            return found;
        }
        found.push(word);
        let next = behind.trim_start_matches([' ', '|', ',', '/']);
        let next = ["or ", "and "].iter().find_map(|joint| next.strip_prefix(joint)).unwrap_or(next);
        if next.len() == behind.len() {
            return found;
        }
        rest = next;
    }
}

/// A word in capitals, at least two letters long.
fn is_value(word: &str) -> bool {
    word.len() > 1
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
        && !word.ends_with('_')
}

fn push(found: &mut Vec<String>, value: &str) {
    if !found.iter().any(|known| known == value) {
        found.push(value.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(line: &str) -> Vec<String> {
        let mut found = Vec::new();
        in_line(line, "state", &mut found);
        found
    }

    #[test]
    fn values_are_found_behind_their_field() {
        for (line, expected) in [
            ("- state in OPEN | CLOSED when present", &["OPEN", "CLOSED"][..]),
            ("- state=OPEN, then state=DONE", &["OPEN", "DONE"]),
            ("the state is one of OPEN, HELD or CLOSED.", &["OPEN", "HELD", "CLOSED"]),
            ("`user` and state (OPEN/CLOSED)", &["OPEN", "CLOSED"]),
            ("the state? in A1 | B2", &["A1", "B2"]),
            ("session_state in OPEN | CLOSED", &[]),
            ("the state of things", &[]),
            ("state machine is bounded", &[]),
        ] {
            assert_eq!(values(line), expected, "{line}");
        }
    }
}
