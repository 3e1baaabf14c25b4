//! What sentences say in words of states and of answers: where a state may go, and which values callers get.

use std::collections::BTreeSet;

use super::change::Changes;
use super::kinds;
use super::pair::{At, Pair};
use super::words::has_same_meaning;

/// From where to where; from nothing where a sentence says only what something becomes.
type Move = (String, String);

/// Notes the moves and the answers in which two versions of a sentence differ. Returns whether they differ in nothing else.
pub(super) fn compare(
    pair: &Pair<'_>,
    item: &str,
    (old, new): (&str, &str),
    at: &At,
    changes: &mut Changes,
) -> bool {
    let (was, is) = (moves(old), moves(new));
    let (answered_before, answered) = (answers(old), answers(new));
    let names = |moves: &BTreeSet<Move>, other: &BTreeSet<Move>| -> String {
        let only = moves.difference(other).map(|(from, to)| match from.as_str() {
            "" => format!("to `{to}`"),
            _ => format!("from `{from}` to `{to}`"),
        });
        only.collect::<Vec<_>>().join(", ")
    };
    let (gone, come) = (names(&was, &is), names(&is, &was));
    if !gone.is_empty() {
        pair.push(kinds::MOVE_REMOVED, item, format!("nothing goes {gone} any more"), at, changes);
    }
    if !come.is_empty() {
        pair.push(kinds::MOVE_ADDED, item, format!("something may go {come}"), at, changes);
    }
    let is_other_answer = !answered.is_empty() && !answered_before.is_empty() && answered != answered_before;
    if is_other_answer {
        let list = |values: BTreeSet<String>| values.into_iter().collect::<Vec<_>>().join("`, `");
        let words = format!("callers get `{}`, and got `{}`", list(answered), list(answered_before));
        pair.push(kinds::ANSWER_IN_WORDS, item, words, at, changes);
    }
    let is_classed = is_other_answer || !gone.is_empty() || !come.is_empty();
    is_classed && has_same_meaning(&rest(old, is_other_answer), &rest(new, is_other_answer))
}

fn clauses(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '\n']).flat_map(|part| part.split(". "))
}

/// `OPEN`, `SOFT_CLOSED`; not `A` and not `Another`.
fn is_state(word: &str) -> bool {
    word.len() > 2
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

/// A word without the marks around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| c.is_ascii_punctuation() && !matches!(c, '-' | '>' | '_'))
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_whitespace().map(bare).filter(|word| !word.is_empty())
}

/// The moves between states that a text lets happen: `OPEN and HELD go to each other and to CLOSED`.
fn moves(text: &str) -> BTreeSet<Move> {
    clauses(text).flat_map(moves_of).collect()
}

fn moves_of(clause: &str) -> BTreeSet<Move> {
    let mut found = BTreeSet::new();
    let mut group: Vec<&str> = Vec::new();
    let mut from: Vec<&str> = Vec::new();
    let mut leads = false;
    let words: Vec<&str> = clause.split_whitespace().collect();
    for (at, raw) in words.iter().enumerate() {
        let word = bare(raw);
        if word.is_empty() {
            continue;
        }
        if is_state(word) {
            if leads && begins_a_list(&words, at) {
                leads = false;
            }
            if !leads {
                group.push(word);
            } else if from.is_empty() {
                found.insert((String::new(), word.to_owned()));
            }
            found.extend(from.iter().filter(|_| leads).map(|from| ((*from).to_owned(), word.to_owned())));
            continue;
        }
        match word {
            "and" | "or" | "on" | "back" | "each" | "either" => {}
            "other" => {
                for one in from.iter().filter(|_| leads) {
                    let others = from.iter().filter(|other| *other != one);
                    found.extend(others.map(|other| ((*one).to_owned(), (*other).to_owned())));
                }
            }
            "goes" | "go" | "becomes" | "become" | "returns" | "return" | "->" | "\u{2192}" => {
                from = std::mem::take(&mut group);
                leads = true;
            }
            // `OPEN to CLOSED`
            "to" | "into" => {
                if !group.is_empty() {
                    from = std::mem::take(&mut group);
                    leads = true;
                }
            }
            _ => {
                group.clear();
                leads = false;
            }
        }
    }
    found
}

/// Whether a state behind the end of a list begins the next one, of states that something leaves:
/// `PENDING to REQUESTED, and REQUESTED and REMINDED to REMINDED`, `OPEN goes to HELD and HELD goes to CLOSED`.
fn begins_a_list(words: &[&str], at: usize) -> bool {
    let before = words[..at].iter().rev();
    let joined = before.clone().take_while(|word| matches!(**word, "and" | "or")).count();
    let is_behind_comma = before.clone().nth(joined).is_some_and(|word| word.ends_with(','));
    let behind = words[at..].iter().map(|word| bare(word));
    let list: Vec<&str> = behind.take_while(|word| is_state(word) || matches!(*word, "and" | "or")).collect();
    let ends_with_state = list.last().is_some_and(|word| is_state(word));
    match words.get(at + list.len()).map(|word| bare(word)) {
        Some("to" | "into") => is_behind_comma && ends_with_state,
        Some("goes" | "go" | "becomes" | "become" | "returns" | "return" | "->" | "\u{2192}") => {
            ends_with_state && (is_behind_comma || joined > 0 && list.len() == 1)
        }
        _ => false,
    }
}

/// The values that callers get: those right behind the words that say so.
fn answers(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut is_behind = false;
    for word in words(text) {
        match word {
            "told" | "answer" | "answered" | "returned" | "returns" => is_behind = true,
            "is" | "the" | "with" | "as" | "a" | "or" => {}
            _ if is_behind && is_state(word) => {
                found.insert(word.to_owned());
            }
            _ => is_behind = false,
        }
    }
    found
}

/// A text without its clauses about moves, and without the values that callers get where those are another matter.
fn rest(text: &str, without_answers: bool) -> String {
    let answered = if without_answers { answers(text) } else { BTreeSet::new() };
    let kept = clauses(text).filter(|clause| moves_of(clause).is_empty());
    let kept = kept.map(|clause| {
        let words = clause.split_whitespace();
        let words =
            words.filter(|word| !answered.contains(word.trim_matches(|c: char| c.is_ascii_punctuation())));
        words.collect::<Vec<_>>().join(" ")
    });
    kept.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moves_in(text: &str) -> Vec<String> {
        moves(text).into_iter().map(|(from, to)| format!("{from}>{to}")).collect()
    }

    #[test]
    fn moves_are_read_with_every_pair_of_states() {
        assert_eq!(moves_in("OPEN goes to HELD or CLOSED; CLOSED is the end."), ["OPEN>CLOSED", "OPEN>HELD"]);
        assert_eq!(
            moves_in("OPEN and HELD go to each other and to CLOSED"),
            ["HELD>CLOSED", "HELD>OPEN", "OPEN>CLOSED", "OPEN>HELD"]
        );
        assert_eq!(moves_in("HELD and LATE go back to OPEN or on to CLOSED").len(), 4);
        assert_eq!(moves_in("OPEN -> CLOSED"), ["OPEN>CLOSED"]);
        assert_eq!(moves_in("a call moves OPEN to CLOSED"), ["OPEN>CLOSED"]);
        assert_eq!(moves_in("the note becomes CLOSED, an end"), [">CLOSED"]);
        assert_eq!(
            moves_in("it moves OPEN to HELD, and HELD and LATE to LATE"),
            ["HELD>LATE", "LATE>LATE", "OPEN>HELD"]
        );
        assert_eq!(moves_in("OPEN goes to HELD and HELD goes to CLOSED"), ["HELD>CLOSED", "OPEN>HELD"]);
        assert_eq!(moves_in("OPEN goes to HELD, LATE or CLOSED").len(), 3);
        assert_eq!(moves_in("OPEN goes to HELD, and LATE to CLOSED"), ["LATE>CLOSED", "OPEN>HELD"]);
        assert_eq!(moves_in("Becoming OPEN needs an OPEN house."), [""; 0]);
    }

    #[test]
    fn answers_are_the_values_behind_their_words() {
        let values = |text: &str| answers(text).into_iter().collect::<Vec<_>>();
        assert_eq!(values("Another one is told BLOCKED and nothing else, and it becomes LATE"), ["BLOCKED"]);
        assert_eq!(values("it gets the answer OPEN"), ["OPEN"]);
        assert_eq!(values("it is OPEN"), [""; 0]);
    }

    #[test]
    fn the_rest_is_what_is_no_move() {
        assert_eq!(rest("OPEN goes to HELD; HELD is the end", false), "HELD is the end");
        assert_eq!(rest("it is told OPEN at once", true), "it is told at once");
    }
}
