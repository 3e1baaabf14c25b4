//! Pictures of nodes and edges, laid out in layers from left to right: the same graph gives the same picture.
//!
//! What must not live here: what a node stands for.

mod draw;
mod geometry;
mod layers;
mod model;
mod place;
mod route;

use maud::Markup;

pub use model::{Edge, Graph, Look, Node};

/// The picture of a graph.
pub fn svg(graph: &Graph) -> Markup {
    let joined = graph.joined();
    let layers = layers::of(graph.nodes.len(), &joined);
    draw::svg(graph, &place::placed(graph, &joined, &layers))
}
