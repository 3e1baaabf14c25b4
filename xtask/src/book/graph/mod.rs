//! Pictures of nodes and edges, laid out in layers from left to right, or from top to bottom where that is too wide: the same graph gives the
//! same picture.
//!
//! What must not live here: what a node stands for.

mod back;
mod draw;
mod geometry;
mod layers;
mod model;
mod place;
mod route;

use geometry::{Flow, Placed};
use maud::Markup;
use model::Joined;

pub use model::{Edge, Graph, Look, Node};

/// The widest picture that is laid out from left to right, where one from top to bottom is narrower.
const WIDEST: i32 = 1_000;

/// The picture of a graph, laid out.
pub struct Drawn(Placed);

impl Drawn {
    /// Lays a graph out.
    pub fn of(graph: &Graph) -> Self {
        let joined = graph.joined();
        let layers = layers::of(graph.nodes.len(), &joined);
        let right = place::placed(graph, &joined, &layers, Flow::Right);
        if right.width <= WIDEST {
            return Self(right);
        }
        let narrow: Vec<Joined> = joined.iter().map(Joined::narrowed).collect();
        let down = place::placed(graph, &narrow, &layers, Flow::Down);
        let width_of_down = down.flow.turn((down.width, down.height)).0;
        Self(if width_of_down < right.width { down } else { right })
    }

    /// How wide it is.
    pub const fn width(&self) -> i32 {
        self.0.flow.turn((self.0.width, self.0.height)).0
    }

    /// The picture of the graph that was laid out.
    pub fn svg(&self, graph: &Graph) -> Markup {
        draw::svg(graph, &self.0)
    }
}
