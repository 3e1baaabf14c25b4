//! Sentences of two revisions: which of them are the same in other words.

use similar::TextDiff;

use crate::lint::is_reversed;

/// How alike two sentences have to be to be versions of one, from 0 to 1.
const ALIKE: f32 = 0.55;

/// Words that carry what a sentence demands. Names, numbers and whatever stands in backticks carry it as well.
const DEMANDS: [&str; 47] = [
    "all",
    "allowed",
    "always",
    "any",
    "append",
    "at",
    "before",
    "after",
    "between",
    "bounded",
    "cannot",
    "each",
    "every",
    "exactly",
    "except",
    "fails",
    "forbidden",
    "immutable",
    "least",
    "less",
    "may",
    "missing",
    "more",
    "most",
    "must",
    "never",
    "no",
    "none",
    "nor",
    "not",
    "nothing",
    "null",
    "once",
    "one",
    "only",
    "optional",
    "or",
    "prohibited",
    "refused",
    "rejected",
    "required",
    "same",
    "two",
    "under",
    "unique",
    "unless",
    "without",
];

/// What has become of the sentences of a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sentences {
    /// Sentences without a successor, by their place in the old list.
    pub(super) removed: Vec<usize>,
    /// Sentences without a predecessor, by their place in the new list.
    pub(super) added: Vec<usize>,
    /// Versions of one sentence: the places in both lists, and whether they say the same.
    pub(super) changed: Vec<(usize, usize, bool)>,
}

/// Holds two lists against each other. Sentences that stand on both sides are left out, wherever they stand.
pub(super) fn compare(old: &[String], new: &[String]) -> Sentences {
    let mut removed: Vec<usize> = Vec::new();
    let mut added: Vec<usize> = (0..new.len()).collect();
    for (index, sentence) in old.iter().enumerate() {
        match added.iter().position(|place| new[*place] == *sentence) {
            Some(place) => {
                added.remove(place);
            }
            None => removed.push(index),
        }
    }
    let mut changed = Vec::new();
    removed.retain(|index| {
        let scored = added.iter().map(|place| (likeness(&old[*index], &new[*place]), *place));
        let Some((score, place)) = scored.max_by(|one, other| one.0.total_cmp(&other.0)) else { return true };
        if score < ALIKE {
            return true;
        }
        added.retain(|other| *other != place);
        changed.push((*index, place, has_same_meaning(&old[*index], &new[place])));
        false
    });
    Sentences { removed, added, changed }
}

fn likeness(old: &str, new: &str) -> f32 {
    TextDiff::from_words(old, new).ratio()
}

/// Whether two sentences demand the same: the same names, numbers and demanding words, and none of them turned round.
pub(super) fn has_same_meaning(old: &str, new: &str) -> bool {
    demands(old) == demands(new)
        && moves(old) == moves(new)
        && !is_reversed(old, new)
        && !prefers_another(old, new)
        && !orders_otherwise(old, new)
}

/// Whether the same words stand on other sides of `else`: `the one given, else that of the link`.
fn prefers_another(old: &str, new: &str) -> bool {
    let sides = |text: &str| -> Vec<Vec<String>> {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
        let words: Vec<String> = words.map(str::to_lowercase).collect();
        let sides = words.split(|word| word == "else" || word == "otherwise");
        sides.map(|side| sorted(side.to_vec())).collect()
    };
    let (old, new) = (sides(old), sides(new));
    old.len() > 1 && old != new && sorted(old.concat()) == sorted(new.concat())
}

/// Whether a sentence about an order has the same parts in another one: `refused in this order: no user; no device`.
fn orders_otherwise(old: &str, new: &str) -> bool {
    let parts = |text: &str| -> Vec<String> {
        text.split([':', ';', ',', '.']).map(|part| part.trim().to_lowercase()).collect()
    };
    let (old, new) = (parts(old), parts(new));
    let is_of_order = |parts: &[String]| parts.iter().any(|part| part.split(' ').any(|word| word == "order"));
    is_of_order(&old) && old != new && sorted(old) == sorted(new)
}

fn sorted(mut words: Vec<String>) -> Vec<String> {
    words.sort();
    words
}

/// Words and signs that lead from what stands before them to what stands behind.
const LEADS: [&str; 15] = [
    "->", "\u{2192}", "goes", "go", "becomes", "become", "moves", "move", "leads", "lead", "to", "into",
    "before", "after", "than",
];

/// What the parts of a sentence lead from and to, each side in no order: `OPEN goes to CLOSED` is not `CLOSED goes to OPEN`.
fn moves(sentence: &str) -> Vec<Vec<Vec<String>>> {
    let parts = sentence.split([';', '\n']).flat_map(|part| part.split(". "));
    let mut found: Vec<Vec<Vec<String>>> = parts
        .map(|part| {
            let mut sides = vec![String::new()];
            for word in part.split_whitespace() {
                let bare = word.trim_matches(|c: char| c.is_ascii_punctuation() && !matches!(c, '-' | '>'));
                if LEADS.contains(&bare.to_ascii_lowercase().as_str()) {
                    sides.push(String::new());
                } else if let Some(side) = sides.last_mut() {
                    side.push_str(word);
                    side.push(' ');
                }
            }
            sides.iter().map(|side| demands(side)).filter(|names| !names.is_empty()).collect()
        })
        .filter(|sides: &Vec<Vec<String>>| sides.len() > 1)
        .collect();
    found.sort();
    found
}

/// Whether a sentence demands anything, in words that do.
pub(super) fn demands_something(sentence: &str) -> bool {
    let mut words = sentence.split(|c: char| !c.is_alphanumeric()).map(str::to_ascii_lowercase);
    words.any(|word| DEMANDS.contains(&word.as_str()))
}

/// What a sentence demands, in no order.
fn demands(sentence: &str) -> Vec<String> {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '=');
    let words = sentence.split(|c: char| !is_part(c)).map(|word| word.trim_matches('.'));
    let counts = |word: &&str| {
        let lower = word.to_ascii_lowercase();
        let is_name = word.contains(['_', '.', '=']) || word.chars().skip(1).any(|c| c.is_ascii_uppercase());
        is_name || word.contains(|c: char| c.is_ascii_digit()) || DEMANDS.contains(&lower.as_str())
    };
    let mut found: Vec<String> = words
        .filter(|word| !word.is_empty())
        .filter(counts)
        .map(|word| {
            if DEMANDS.contains(&word.to_ascii_lowercase().as_str()) {
                word.to_ascii_lowercase()
            } else {
                word.to_owned()
            }
        })
        .chain(sentence.split('`').skip(1).step_by(2).map(str::to_owned))
        .collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(sentences: &[&str]) -> Vec<String> {
        sentences.iter().map(|sentence| (*sentence).to_owned()).collect()
    }

    #[test]
    fn other_words_for_the_same_demand_are_not_another_demand() {
        let same = [
            (
                "rows are append-only; overwrite is prohibited",
                "rows are append-only; an overwrite is prohibited here",
            ),
            ("the kind of a label never changes", "the kind of any one label never changes"),
        ];
        assert!(has_same_meaning(same[0].0, same[0].1));
        assert!(!has_same_meaning(same[1].0, same[1].1));
        assert!(has_same_meaning(
            "OPEN goes to CLOSED and HELD",
            "a note that is OPEN goes to HELD and CLOSED"
        ));
        for (old, new) in [
            ("at most 5 stars", "at most 6 stars"),
            ("a row must never change", "a row may change"),
            ("`title` is kept", "`stars` is kept"),
            ("the row is known to the user", "the row is unknown to the user"),
            ("OPEN goes to CLOSED and HELD", "CLOSED goes to OPEN and HELD"),
            ("it is the one given, else that of the link", "it is that of the link, else the one given"),
            ("asked in this order: no user; no device", "asked in this order: no device; no user"),
            ("`bound_at` lies before `unbound_at`", "`unbound_at` lies before `bound_at`"),
        ] {
            assert!(!has_same_meaning(old, new), "{old} / {new}");
        }
    }

    #[test]
    fn sentences_are_paired_with_the_one_that_is_most_alike() {
        let old = texts(&["append-only", "the kind of a label never changes", "one note per person"]);
        let new =
            texts(&["one note per person", "the kind of a label may change", "a new sentence about nothing"]);
        let found = compare(&old, &new);
        assert_eq!(found, Sentences { removed: vec![0], added: vec![2], changed: vec![(1, 1, false)] });
    }
}
