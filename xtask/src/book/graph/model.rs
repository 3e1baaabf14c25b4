//! Nodes and edges before they are laid out.

use std::collections::BTreeMap;

/// A node of a graph, with what is written on it.
#[derive(Debug, Clone)]
pub struct Node {
    /// What edges name it by.
    pub id: String,
    /// Its lines; the first is its title.
    pub lines: Vec<String>,
    /// Where it leads, if anywhere.
    pub href: Option<String>,
    /// How it looks.
    pub look: Look,
    /// Which of the eight hues it has.
    pub hue: usize,
}

/// How a node looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// A box.
    Plain,
    /// A box of another part of the picture.
    Faint,
    /// Where something begins.
    Start,
    /// Where something ends.
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
    /// The same with every condition on a line of its own, where words beside each other take room.
    pub(super) fn narrowed(&self) -> Self {
        let lines = self.labels.iter().flat_map(|label| match label.split_once(": ") {
            Some((call, condition)) => vec![format!("{call}:"), condition.to_owned()],
            None => vec![label.clone()],
        });
        Self { labels: lines.collect(), ..*self }
    }
}
