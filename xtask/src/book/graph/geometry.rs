//! The parts of a picture with their places, in units of the picture. What must not live here: where anything goes.

use std::collections::BTreeMap;

use super::layers::Member;

/// The width of a character beside an edge.
pub(super) const WORD_CHARACTER: i32 = 6;
/// The height of a line.
pub(super) const LINE: i32 = 17;
/// The space within a box on each side.
pub(super) const PADDING: i32 = 10;
/// Around the whole.
pub(super) const MARGIN: i32 = 16;

/// A box.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rect {
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

impl Rect {
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
    Back { from: (i32, i32), to: (i32, i32), depth: i32 },
    /// From a box to itself: where it leaves, above.
    Loop { at: (i32, i32) },
}

/// An edge with its place and its words.
#[derive(Debug, Clone)]
pub(super) struct PlacedEdge {
    pub from: usize,
    pub to: usize,
    pub route: Route,
    pub labels: Vec<String>,
    /// Where the first line of its words stands, in the middle.
    pub label_at: (i32, i32),
}

/// A picture with all its places.
pub(super) struct Placed {
    pub width: i32,
    pub height: i32,
    pub boxes: Vec<Rect>,
    pub edges: Vec<PlacedEdge>,
}

/// What lies between the boxes.
pub(super) struct Between {
    /// Where edges pass a layer.
    pub passes: BTreeMap<Member, (i32, i32)>,
    /// The middle of the space behind each layer.
    pub gaps: Vec<i32>,
}

/// Counts of characters and lines are small.
pub(super) fn as_i32(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX / 1_024)
}
