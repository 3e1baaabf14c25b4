//! Nodes and edges before they are laid out.

use std::collections::BTreeMap;

/// The most characters of a line beside an edge in a picture that has to be narrow.
const NARROW: usize = 17;

/// A node of a graph, with what is written on it.
#[derive(Debug, Clone)]
pub struct Node {
    /// What edges name it by.
    pub id: String,
    /// Its lines; the first is its title.
    pub lines: Vec<String>,
    /// Where it leads, if anywhere.
    pub href: Option<String>,
    /// The form in which the node is drawn.
    pub look: Look,
    /// Which of the eight hues it has.
    pub hue: usize,
}

/// How a node looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// A rectangle with words.
    Plain,
    /// A box of another part of the picture.
    Faint,
    /// The point at which a state machine begins.
    Start,
    /// The point at which a state machine ends.
    End,
}

/// An edge; what stands between the same two nodes is one edge with several lines.
#[derive(Debug, Clone)]
pub struct Edge {
    /// The id of the node on the left, where the layout can choose.
    pub from: String,
    /// The id of the other.
    pub to: String,
    /// What stands beside it.
    pub label: String,
}

/// A picture before it is laid out.
#[derive(Debug, Clone, Default)]
pub struct Graph {
    /// What it shows, for those who do not see it.
    pub title: String,
    /// The nodes; those that come first are on the left where nothing else decides.
    pub nodes: Vec<Node>,
    /// The edges. One that names an unknown node is left out.
    pub edges: Vec<Edge>,
    /// Whether the arrow stands at `from`.
    pub is_reversed: bool,
}

impl Graph {
    /// The edges by the numbers of their nodes, each pair once.
    pub(super) fn joined(&self) -> Vec<Joined> {
        let numbers: BTreeMap<&str, usize> =
            self.nodes.iter().enumerate().map(|(number, node)| (node.id.as_str(), number)).collect();
        let mut joined: Vec<Joined> = Vec::new();
        for edge in &self.edges {
            let (Some(&from), Some(&to)) = (numbers.get(edge.from.as_str()), numbers.get(edge.to.as_str()))
            else {
                continue;
            };
            let label = (!edge.label.is_empty()).then(|| edge.label.clone());
            match joined.iter_mut().find(|known| (known.from, known.to) == (from, to)) {
                Some(known) => known.labels.extend(label.filter(|label| !known.labels.contains(label))),
                None => joined.push(Joined { from, to, labels: label.into_iter().collect() }),
            }
        }
        joined
    }
}

/// All edges from one node to another.
#[derive(Debug, Clone)]
pub(super) struct Joined {
    pub(super) from: usize,
    pub(super) to: usize,
    pub(super) labels: Vec<String>,
}

impl Joined {
    /// The same in more and shorter lines, where words beside each other take room. A condition begins a line, unless all of it has room
    /// behind the end of its call.
    pub(super) fn narrowed(&self) -> Self {
        let lines = self.labels.iter().flat_map(|label| match label.split_once(": ") {
            Some((call, condition)) => {
                let mut lines = broken(&format!("{call}:"));
                let last = lines.last_mut().filter(|last| length(last) + 1 + length(condition) <= NARROW);
                match last {
                    Some(last) => last.extend([" ", condition]),
                    None => lines.extend(broken(condition)),
                }
                lines
            }
            None => broken(label),
        });
        Self { labels: lines.collect(), ..*self }
    }
}

/// Words in lines of no more than so many characters, unless one word alone has more.
fn broken(words: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match lines.last_mut().filter(|line| length(line) + 1 + length(word) <= NARROW) {
            Some(line) => line.extend([" ", word]),
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

fn length(words: &str) -> usize {
    words.chars().count()
}

#[cfg(test)]
mod tests {
    use super::Joined;

    fn narrowed(label: &str) -> Vec<String> {
        Joined { from: 0, to: 1, labels: vec![label.to_owned()] }.narrowed().labels
    }

    #[test]
    fn words_beside_an_edge_break_between_words_and_conditions_stay_whole_where_they_can() {
        assert_eq!(narrowed("complete"), ["complete"]);
        assert_eq!(narrowed("employee photo capture send"), ["employee photo", "capture send"]);
        assert_eq!(narrowed("employee sender verify: confirmed"), ["employee sender", "verify: confirmed"]);
        assert_eq!(
            narrowed("primary device confirm: not proven"),
            ["primary device", "confirm:", "not proven"]
        );
        assert_eq!(
            narrowed("a_word_that_is_longer_than_a_line too"),
            ["a_word_that_is_longer_than_a_line", "too"]
        );
    }
}
