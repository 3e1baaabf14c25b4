//! Where nodes and edges lie, in units of the picture.

use std::collections::BTreeMap;

use super::layers::{Layers, Member};
use super::model::{Graph, Joined, Node};

/// The width of a character of the monospaced font.
pub(super) const CHARACTER: i32 = 7;
/// The height of a line.
pub(super) const LINE: i32 = 17;
/// The space within a box on each side.
pub(super) const PADDING: i32 = 10;
/// Between boxes of a layer.
const GAP: i32 = 18;
/// Around the whole.
const MARGIN: i32 = 16;
/// How much room an edge takes where it passes a layer.
const PASS: i32 = 10;
/// The least space between two layers.
const BETWEEN: i32 = 56;
/// The most boxes beside each other, of those without edges.
const ACROSS: usize = 4;

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

    const fn right(self) -> i32 {
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

/// Gives everything its place.
pub(super) fn placed(graph: &Graph, edges: &[Joined], layers: &Layers) -> Placed {
    let mut boxes: Vec<Rect> = graph.nodes.iter().map(size).collect();
    let loops_above = |node: usize| {
        let own = edges.iter().filter(|edge| edge.from == node && edge.to == node);
        own.map(|edge| as_i32(edge.labels.len()) * LINE + 26).sum::<i32>()
    };
    let mut passes: BTreeMap<Member, (i32, i32)> = BTreeMap::new();
    let heights: Vec<i32> = layers
        .members
        .iter()
        .map(|layer| {
            let each = layer.iter().map(|member| match member {
                Member::Node(node) => boxes[*node].height + loops_above(*node) + GAP,
                Member::Pass(edge, _) => PASS + as_i32(edges[*edge].labels.len()) * 4 + GAP,
            });
            each.sum()
        })
        .collect();
    let tallest = heights.iter().copied().max().unwrap_or(0);
    let between = BETWEEN.max(widest(edges) + 36);
    let mut x = MARGIN;
    for (layer, height) in layers.members.iter().zip(&heights) {
        let mut y = MARGIN + (tallest - height) / 2;
        let wide =
            layer.iter().map(|member| if let Member::Node(node) = member { boxes[*node].width } else { 0 });
        let wide = wide.max().unwrap_or(0);
        for member in layer {
            match member {
                Member::Node(node) => {
                    y += loops_above(*node);
                    boxes[*node].x = x + (wide - boxes[*node].width) / 2;
                    boxes[*node].y = y;
                    y += boxes[*node].height + GAP;
                }
                Member::Pass(edge, _) => {
                    passes.insert(*member, (x + wide / 2, y + PASS / 2));
                    y += PASS + as_i32(edges[*edge].labels.len()) * 4 + GAP;
                }
            }
        }
        x += wide + between;
    }
    let width = if layers.members.is_empty() { MARGIN } else { x - between };
    let mut placed = Placed { width, height: MARGIN + tallest, boxes, edges: Vec::new() };
    route(&mut placed, edges, layers, &passes);
    place_alone(&mut placed, &layers.alone);
    placed.width += MARGIN;
    placed.height += MARGIN;
    placed
}

/// Edges between the boxes, those that go back each at a depth of its own.
fn route(placed: &mut Placed, edges: &[Joined], layers: &Layers, passes: &BTreeMap<Member, (i32, i32)>) {
    let mut depth = placed.height + 6;
    for (number, edge) in edges.iter().enumerate() {
        let (from, to) = (placed.boxes[edge.from], placed.boxes[edge.to]);
        let lines = as_i32(edge.labels.len());
        let (route, label_at) = if edge.from == edge.to {
            let at = (from.centre(), from.y);
            (Route::Loop { at }, (at.0, at.1 - 16 - (lines - 1).max(0) * LINE))
        } else if let Some(path) = &layers.paths[number] {
            let (start, end) = (share(edges, number, from, true), share(edges, number, to, false));
            let mut points = vec![(from.right(), start)];
            points.extend(path.iter().filter_map(|member| passes.get(member).copied()));
            points.push((to.x, end));
            // In the first gap, where no box of another layer is in the way.
            let (a, b) = (points[0], points[1]);
            let at = (i32::midpoint(a.0, b.0), i32::midpoint(a.1, b.1) - (lines - 1).max(0) * LINE / 2 - 4);
            (Route::Right(points), at)
        } else {
            depth += lines.max(1) * LINE + 12;
            let route =
                Route::Back { from: (from.centre(), from.bottom()), to: (to.centre(), to.bottom()), depth };
            (route, (i32::midpoint(from.centre(), to.centre()), depth - (lines - 1).max(0) * LINE - 5))
        };
        placed.edges.push(PlacedEdge {
            from: edge.from,
            to: edge.to,
            route,
            labels: edge.labels.clone(),
            label_at,
        });
        placed.height = placed.height.max(depth);
    }
}

/// Where an edge meets the side of a box: edges share it, the one from the highest neighbour first.
fn share(edges: &[Joined], number: usize, side: Rect, is_start: bool) -> i32 {
    let node = if is_start { edges[number].from } else { edges[number].to };
    let same = edges
        .iter()
        .enumerate()
        .filter(|(_, edge)| edge.from != edge.to)
        .filter(|(_, edge)| if is_start { edge.from == node } else { edge.to == node });
    let all: Vec<usize> = same.map(|(index, _)| index).collect();
    let place = all.iter().position(|index| *index == number).unwrap_or(0);
    side.y + side.height * (as_i32(place) + 1) / (as_i32(all.len()) + 1)
}

/// What has no edges stands below all else.
fn place_alone(placed: &mut Placed, alone: &[usize]) {
    let mut top = placed.height + if alone.is_empty() { 0 } else { GAP };
    for row in alone.chunks(ACROSS) {
        let mut x = MARGIN;
        let mut tallest = 0;
        for node in row {
            placed.boxes[*node].x = x;
            placed.boxes[*node].y = top;
            x = placed.boxes[*node].right() + GAP;
            tallest = tallest.max(placed.boxes[*node].height);
        }
        placed.width = placed.width.max(x - GAP);
        top += tallest + GAP;
        placed.height = top - GAP;
    }
}

fn size(node: &Node) -> Rect {
    let longest = node.lines.iter().map(|line| line.chars().count()).max().unwrap_or(0);
    let width = as_i32(longest) * CHARACTER + 2 * PADDING + 4;
    Rect { x: 0, y: 0, width, height: as_i32(node.lines.len()) * LINE + PADDING + 4 }
}

fn widest(edges: &[Joined]) -> i32 {
    let labels = edges.iter().filter(|edge| edge.from != edge.to).flat_map(|edge| &edge.labels);
    labels.map(|label| as_i32(label.chars().count()) * 6).max().unwrap_or(0)
}

/// Counts of characters and lines are small.
fn as_i32(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX / 1_024)
}
