//! The parts of a picture with their places, in units of the picture: `x` along the flow of the edges, `y` across it. What must not live here:
//! where anything goes.

use std::collections::BTreeMap;

use super::layers::Member;
use super::model::Joined;

/// The width of a character beside an edge.
pub(super) const WORD_CHARACTER: i32 = 6;
/// The height of a line.
pub(super) const LINE: i32 = 17;
/// The space within a box on each side.
pub(super) const PADDING: i32 = 10;
/// Pixels between the picture and its edge.
pub(super) const MARGIN: i32 = 16;

/// Where the edges of a picture lead, if nothing else decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// From left to right.
    Right,
    /// From top to bottom.
    Down,
}

impl Flow {
    /// What lies right and below of something, out of what lies along and across the flow; the same leads back.
    pub(super) const fn turn(self, (along, across): (i32, i32)) -> (i32, i32) {
        match self {
            Self::Right => (along, across),
            Self::Down => (across, along),
        }
    }

    /// How much room the words of an edge take along the flow, and across it.
    pub(super) fn room(self, edge: &Joined) -> (i32, i32) {
        let longest = edge.labels.iter().map(|label| label.chars().count()).max().unwrap_or(0);
        self.turn((as_i32(longest) * WORD_CHARACTER, as_i32(edge.labels.len()) * LINE))
    }
}

/// A box by its corner and its size.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rect {
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

impl Rect {
    pub const fn turned(self, flow: Flow) -> Self {
        let ((x, y), (width, height)) = (flow.turn((self.x, self.y)), flow.turn((self.width, self.height)));
        Self { x, y, width, height }
    }

    pub const fn centre(self) -> i32 {
        self.x + self.width / 2
    }

    pub const fn right(self) -> i32 {
        self.x + self.width
    }

    pub const fn bottom(self) -> i32 {
        self.y + self.height
    }
}

/// How an edge goes.
#[derive(Debug, Clone)]
pub(super) enum Route {
    /// Through these points, to the right.
    Right(Vec<(i32, i32)>),
    /// Back below the boxes, at this depth.
    Back { from: End, to: End, depth: i32 },
    /// From a box to itself, beside the flow: the middle, and how far from there it leaves.
    Loop { at: (i32, i32), reach: i32 },
}

/// Where an edge that goes back meets a box.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    /// The place at the side of the box.
    pub at: (i32, i32),
    /// Where another box is below this one: the lane behind the layer in which the edge passes it, and how deep.
    pub around: Option<(i32, i32)>,
}

impl End {
    /// Where the curve below the boxes begins or ends.
    pub fn below(self) -> (i32, i32) {
        self.around.unwrap_or(self.at)
    }
}

/// An edge with its place and its words.
#[derive(Debug, Clone)]
pub(super) struct PlacedEdge {
    pub from: usize,
    pub to: usize,
    pub route: Route,
    pub labels: Vec<String>,
    /// The middle of its words.
    pub label_at: (i32, i32),
}

/// A picture with all its places.
pub(super) struct Placed {
    pub flow: Flow,
    pub width: i32,
    pub height: i32,
    pub boxes: Vec<Rect>,
    pub edges: Vec<PlacedEdge>,
}

/// What lies between the boxes.
pub(super) struct Between {
    /// How far across the flow edges pass a layer.
    pub passes: BTreeMap<Member, i32>,
    /// Where each layer begins and ends.
    pub spans: Vec<(i32, i32)>,
    /// The middle of the space behind each layer.
    pub gaps: Vec<i32>,
}

/// Counts of characters and lines are small.
pub(super) fn as_i32(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX / 1_024)
}
