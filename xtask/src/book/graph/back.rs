//! Edges that go back: below all boxes, and around those that lie between them and the boxes that they join.

use super::geometry::{Between, End, Placed, Rect};
use super::layers::Layers;
use super::model::Joined;

/// How far behind a layer the lane lies in which edges pass its boxes: before the words of the space there.
const LANE: i32 = 11;
/// In how many parts a curve is looked at.
const PARTS: i64 = 64;

/// Where an edge meets its two boxes, if its middle lies so deep: below both, where no other box is in the way.
pub(super) fn ends(
    placed: &Placed,
    layers: &Layers,
    between: &Between,
    edge: &Joined,
    lowest: i32,
) -> (End, End) {
    let plain = |node: usize| {
        let own = placed.boxes[node];
        End { at: (own.centre(), own.bottom()), around: None }
    };
    let around = |node: usize| {
        let own = placed.boxes[node];
        let at = (own.right(), own.bottom() - (own.height / 8).clamp(6, 14));
        End { at, around: Some((between.spans[layers.of(node)].1 + LANE, placed.height)) }
    };
    let (from, to) = (edge.from, edge.to);
    let others: Vec<Rect> = (0..placed.boxes.len())
        .filter(|node| *node != from && *node != to && !layers.alone.contains(node))
        .map(|node| placed.boxes[node])
        .collect();
    let ways = [(plain(from), plain(to)), (around(from), plain(to)), (plain(from), around(to))];
    let is_clear = |(from, to): &(End, End)| {
        let (start, end) = (from.below(), to.below());
        let depth = control(start.1, end.1, lowest);
        let curve = [start, (start.0, depth), (end.0, depth), end];
        !others.iter().any(|other| crosses(curve, *other))
    };
    ways.into_iter().find(is_clear).unwrap_or((around(from), around(to)))
}

/// How deep the handles of a curve between two depths hang, so that its middle is at a third one.
pub(super) const fn control(from: i32, to: i32, middle: i32) -> i32 {
    (8 * middle - from - to) / 6
}

/// Whether a curve, by its ends and its handles, touches a box.
fn crosses([start, first, second, end]: [(i32, i32); 4], other: Rect) -> bool {
    let at = |part: i64, pick: fn((i32, i32)) -> i32| -> i64 {
        let rest = PARTS - part;
        let [start, first, second, end] = [start, first, second, end].map(|point| i64::from(pick(point)));
        let sum = rest.pow(3) * start
            + 3 * rest.pow(2) * part * first
            + 3 * rest * part.pow(2) * second
            + part.pow(3) * end;
        sum / PARTS.pow(3)
    };
    let (left, right) = (i64::from(other.x), i64::from(other.right()));
    let (top, bottom) = (i64::from(other.y), i64::from(other.bottom()));
    (0..=PARTS).any(|part| {
        let (x, y) = (at(part, |point| point.0), at(part, |point| point.1));
        (left..=right).contains(&x) && (top..=bottom).contains(&y)
    })
}
