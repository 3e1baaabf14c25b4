//! Which capabilities that write answer to the words of a heading, a code or a label.

use std::collections::{BTreeMap, BTreeSet};

use selene_codegen::contract::{Capability, Effect};

/// The capabilities of an engine that write, by the words of their ids.
pub struct WritesByWords {
    /// Words of the engine's id, which every capability answers to.
    of_engine: BTreeSet<String>,
    /// Places among all capabilities, in their order.
    by_word: BTreeMap<String, Vec<usize>>,
    all: Vec<usize>,
    planned: BTreeSet<usize>,
}

/// Words in upper case, each once.
fn words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_uppercase)
        .collect()
}

impl WritesByWords {
    /// Takes in the ids; their first word stands for the engine's name.
    #[must_use]
    pub fn new(engine_id: &str, capabilities: &[Capability]) -> Self {
        let writes = || {
            let all = capabilities.iter().enumerate();
            all.filter(|(_, capability)| capability.effect == Effect::Write)
        };
        let mut by_word: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, capability) in writes() {
            for word in words(&capability.id) {
                by_word.entry(word).or_default().push(index);
            }
        }
        let planned = writes().filter(|(_, capability)| capability.planned).map(|(index, _)| index);
        Self {
            of_engine: words(engine_id),
            by_word,
            all: writes().map(|(index, _)| index).collect(),
            planned: planned.collect(),
        }
    }

    /// The places of those whose id holds all the words. What is planned takes no words from what is served.
    #[must_use]
    pub fn matching(&self, text: &str) -> Vec<usize> {
        let wanted = words(text);
        if wanted.is_empty() {
            return Vec::new();
        }
        let mut lists: Vec<&[usize]> = Vec::new();
        for word in wanted.iter().filter(|word| !self.of_engine.contains(*word)) {
            let Some(list) = self.by_word.get(word) else { return Vec::new() };
            lists.push(list);
        }
        lists.sort_by_key(|list| list.len());
        let shortest = lists.first().copied().unwrap_or(&self.all);
        let holds = |index: &&usize| lists.iter().all(|list| list.binary_search(index).is_ok());
        let mut found: Vec<usize> = shortest.iter().filter(holds).copied().collect();
        if found.iter().any(|index| !self.planned.contains(index)) {
            found.retain(|index| !self.planned.contains(index));
        }
        found
    }
}
