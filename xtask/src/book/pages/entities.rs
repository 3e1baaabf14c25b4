//! Tables and their references, as a picture and in words.

use maud::{Markup, html};

use super::super::graph::{Graph, Node};
use super::picture::framed;

/// The picture, and what it shows in words.
pub(super) fn shown(graph: &Graph, label: &str) -> Markup {
    framed(graph, label, &html! { @for node in &graph.nodes { (words(graph, node)) } })
}

/// A table with its key, what it refers to, and what refers to it.
fn words(graph: &Graph, node: &Node) -> Markup {
    let (title, key) = node.lines.split_first().map_or(("", &[][..]), |(title, key)| (title.as_str(), key));
    let find = |id: &str| graph.nodes.iter().find(|other| other.id == id);
    let edges = || graph.edges.iter().filter(|edge| edge.from != edge.to);
    // An arrow is drawn from what is referred to.
    let named: Vec<&Node> =
        edges().filter(|edge| edge.to == node.id).filter_map(|edge| find(&edge.from)).collect();
    let naming: Vec<&Node> =
        edges().filter(|edge| edge.from == node.id).filter_map(|edge| find(&edge.to)).collect();
    html! {
        li class=(format!("hue{}", node.hue % 8)) {
            strong { (link(node, title)) }
            @if !key.is_empty() { p.key { (key.join("  ")) } }
            (row("refers to", &named))
            (row("referred to by", &naming))
        }
    }
}

fn row(label: &str, nodes: &[&Node]) -> Markup {
    html! {
        @if !nodes.is_empty() {
            p {
                (label)
                @for (place, node) in nodes.iter().enumerate() {
                    @if place > 0 { "," }
                    " " (link(node, &node.id))
                }
            }
        }
    }
}

fn link(node: &Node, words: &str) -> Markup {
    html! {
        @if let Some(href) = &node.href { a href=(href) { code { (words) } } } @else { code { (words) } }
    }
}
