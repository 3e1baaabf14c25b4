//! Where nodes and edges lie, along the flow and across it.

use std::collections::BTreeMap;

use super::geometry::{Between, Flow, LINE, MARGIN, PADDING, Placed, Rect, as_i32};
use super::layers::{Layers, Member};
use super::model::{Graph, Joined, Node};
use super::route;

/// Between boxes of a layer.
const GAP: i32 = 18;
/// How much room an edge takes where it passes a layer.
const PASS: i32 = 10;
/// The least space between two layers.
const BETWEEN: i32 = 56;
/// The most boxes beside each other, of those without edges.
const ACROSS: usize = 4;
/// The width of a character of the monospaced font.
const CHARACTER: i32 = 7;

/// Gives everything its place.
pub(super) fn placed(graph: &Graph, edges: &[Joined], layers: &Layers, flow: Flow) -> Placed {
    let mut boxes: Vec<Rect> = graph.nodes.iter().map(|node| size(node).turned(flow)).collect();
    let loops = |node: usize| edges.iter().filter(move |edge| edge.from == node && edge.to == node);
    let above = |node: usize| loops(node).map(|edge| flow.room(edge).1 + 26).sum::<i32>();
    let across = |node: usize| loops(node).map(|edge| flow.room(edge).0).max().unwrap_or(0);
    let mut passes: BTreeMap<Member, i32> = BTreeMap::new();
    let heights: Vec<i32> = layers
        .members
        .iter()
        .map(|layer| {
            let each = layer.iter().map(|member| match member {
                Member::Node(node) => boxes[*node].height + above(*node) + GAP,
                Member::Pass(..) => PASS + GAP,
            });
            each.sum()
        })
        .collect();
    let tallest = heights.iter().copied().max().unwrap_or(0).max(route::tallest(edges, layers, flow));
    // The words of an edge stand in the space behind its first box.
    let between = |layer: &[Member]| {
        let leaves = |edge: &&Joined| edge.from != edge.to && layer.contains(&Member::Node(edge.from));
        BETWEEN.max(edges.iter().filter(leaves).map(|edge| flow.room(edge).0).max().unwrap_or(0) + 44)
    };
    let (mut x, mut width) = (MARGIN, MARGIN);
    let (mut gaps, mut spans) = (Vec::new(), Vec::new());
    for (layer, height) in layers.members.iter().zip(&heights) {
        let mut y = MARGIN + (tallest - height) / 2;
        let wide = layer.iter().map(|member| match member {
            Member::Node(node) => boxes[*node].width.max(across(*node)),
            Member::Pass(..) => 0,
        });
        let wide = wide.max().unwrap_or(0);
        for member in layer {
            match member {
                Member::Node(node) => {
                    y += above(*node);
                    boxes[*node].x = x + (wide - boxes[*node].width) / 2;
                    boxes[*node].y = y;
                    y += boxes[*node].height + GAP;
                }
                Member::Pass(..) => {
                    passes.insert(*member, y + PASS / 2);
                    y += PASS + GAP;
                }
            }
        }
        spans.push((x, x + wide));
        width = x + wide;
        x = width + between(layer);
        gaps.push(i32::midpoint(width, x));
    }
    let mut placed = Placed { flow, width, height: MARGIN + tallest, boxes, edges: Vec::new() };
    route::route(&mut placed, edges, layers, &Between { passes, spans, gaps });
    place_alone(&mut placed, &layers.alone);
    placed.width += MARGIN;
    placed.height += MARGIN;
    placed
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
