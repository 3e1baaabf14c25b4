//! How edges go, and where their words stand: no words of the same space over each other, and every curve through its own.

use std::collections::BTreeMap;

use super::back;
use super::geometry::{Between, Flow, LINE, MARGIN, Placed, PlacedEdge, Rect, Route, as_i32};
use super::layers::{Layers, Member};
use super::model::Joined;

/// How many points of an edge to the right lie before its words.
const BEFORE_WORDS: usize = 2;
/// Between the words of two edges.
const APART: i32 = 8;

/// The least height of a picture in which the words of every space have room.
pub(super) fn tallest(edges: &[Joined], layers: &Layers, flow: Flow) -> i32 {
    let mut heights: BTreeMap<usize, i32> = BTreeMap::new();
    for (number, edge) in edges.iter().enumerate().filter(|(number, _)| layers.paths[*number].is_some()) {
        if edge.from != edge.to {
            *heights.entry(layers.of(edges[number].from)).or_default() += flow.room(edge).1 + APART;
        }
    }
    heights.into_values().max().unwrap_or(0)
}

/// Edges between the boxes. Those that go back lie below all boxes, the shortest highest.
pub(super) fn route(placed: &mut Placed, edges: &[Joined], layers: &Layers, between: &Between) {
    let words = words(placed, edges, layers, between);
    let depths = depths(placed, edges, layers);
    for (number, edge) in edges.iter().enumerate() {
        let room = placed.flow.room(edge).1;
        let (route, label_at) = if edge.from == edge.to {
            let from = placed.boxes[edge.from];
            let at = (from.centre(), from.y);
            let reach = (from.width / 2 - 4).min(16);
            (Route::Loop { at, reach }, (at.0, at.1 - 22 - room / 2))
        } else if let Some(depth) = depths.get(&number) {
            let lowest = depth - room.max(LINE) / 2;
            let (from, to) = back::ends(placed, layers, between, edge, lowest);
            let (start, end) = (from.below(), to.below());
            let route = Route::Back { from, to, depth: back::control(start.1, end.1, lowest) };
            (route, (i32::midpoint(start.0, end.0), lowest))
        } else {
            let mut points = points(placed, edges, layers, between, number);
            let middle = words.get(&number).copied();
            if let Some(middle) = middle {
                points.insert(BEFORE_WORDS, middle);
            }
            let label_at = middle.unwrap_or(points[0]);
            (Route::Right(points), label_at)
        };
        let labels = edge.labels.clone();
        placed.edges.push(PlacedEdge { from: edge.from, to: edge.to, route, labels, label_at });
    }
    placed.height = depths.into_values().fold(placed.height, i32::max);
}

/// How deep every edge reaches that goes back, with its words. Two of them share a depth where one ends before the other begins.
fn depths(placed: &Placed, edges: &[Joined], layers: &Layers) -> BTreeMap<usize, i32> {
    let middle = |node: usize| placed.boxes[node].centre();
    let is_back =
        |number: &usize| edges[*number].from != edges[*number].to && layers.paths[*number].is_none();
    let mut back: Vec<(i32, i32, usize)> = (0..edges.len())
        .filter(is_back)
        .map(|number| (middle(edges[number].to), middle(edges[number].from), number))
        .collect();
    back.sort_by_key(|(start, end, number)| (end - start, *start, *number));
    let mut depths: BTreeMap<usize, i32> = BTreeMap::new();
    for (place, (start, end, number)) in back.iter().enumerate() {
        let over = back[..place].iter().filter(|(other, others_end, _)| other < end && start < others_end);
        let above =
            over.filter_map(|(_, _, other)| depths.get(other)).fold(placed.height + 6, |a, b| a.max(*b));
        depths.insert(*number, above + placed.flow.room(&edges[*number]).1.max(LINE) + APART);
    }
    depths
}

/// The middle of the words of every edge that leads to the right and has some.
fn words(
    placed: &Placed,
    edges: &[Joined],
    layers: &Layers,
    between: &Between,
) -> BTreeMap<usize, (i32, i32)> {
    let mut by_layer: BTreeMap<usize, Vec<(i32, usize)>> = BTreeMap::new();
    for (number, edge) in edges.iter().enumerate() {
        if edge.from == edge.to || edge.labels.is_empty() || layers.paths[number].is_none() {
            continue;
        }
        let points = points(placed, edges, layers, between, number);
        let wanted = i32::midpoint(points[0].1, points[BEFORE_WORDS].1);
        by_layer.entry(layers.of(edge.from)).or_default().push((wanted, number));
    }
    let height = |number: usize| placed.flow.room(&edges[number]).1;
    let mut found = BTreeMap::new();
    for (layer, mut wanted) in by_layer {
        wanted.sort_unstable();
        let all: i32 = wanted.iter().map(|(_, number)| height(*number) + APART).sum();
        let mean = wanted.iter().map(|(y, _)| y).sum::<i32>() / as_i32(wanted.len()).max(1);
        let mut top = (mean - all / 2).max(MARGIN);
        let mut middles = Vec::new();
        for (y, number) in wanted {
            let own = height(number);
            let middle = (y - own / 2).max(top) + own / 2;
            top = middle + own / 2 + APART;
            middles.push((number, middle));
        }
        // What would stand outside moves back, and what is in its way with it.
        let mut bottom = placed.height;
        for (number, middle) in middles.into_iter().rev() {
            let half = height(number) / 2;
            let middle = middle.min(bottom - half);
            bottom = middle - half - APART;
            found.insert(number, (between.gaps[layer], middle));
        }
    }
    found
}

/// The points of an edge to the right, without its words: where it leaves its box and its layer, where it passes others, where it enters
/// its last layer and its box. It passes every layer straight, so that it bends between the layers only, where no boxes are.
fn points(
    placed: &Placed,
    edges: &[Joined],
    layers: &Layers,
    between: &Between,
    number: usize,
) -> Vec<(i32, i32)> {
    let edge = &edges[number];
    let (from, to) = (placed.boxes[edge.from], placed.boxes[edge.to]);
    let leaves = share(placed, edges, layers, between, (number, true));
    let (first, last) = (layers.of(edge.from), layers.of(edge.to));
    let mut points = vec![(from.right(), leaves), (between.spans[first].1, leaves)];
    let path = layers.paths[number].iter().flatten();
    let passed = path.filter_map(|member| between.passes.get(member));
    for (layer, across) in (first + 1..).zip(passed) {
        let (begin, end) = between.spans[layer];
        points.extend([(begin, *across), (end, *across)]);
    }
    let enters = share(placed, edges, layers, between, (number, false));
    points.extend([(between.spans[last].0, enters), (to.x, enters)]);
    points
}

/// Where an edge meets the side of a box: edges share it, the one from the highest neighbour first.
fn share(
    placed: &Placed,
    edges: &[Joined],
    layers: &Layers,
    between: &Between,
    (number, is_start): (usize, bool),
) -> i32 {
    let node_of = |edge: &Joined| if is_start { edge.from } else { edge.to };
    let node = node_of(&edges[number]);
    let side: Rect = placed.boxes[node];
    let mut all: Vec<(i32, usize)> = Vec::new();
    let is_own = |edge: &Joined| edge.from != edge.to && node_of(edge) == node;
    for other in (0..edges.len()).filter(|other| is_own(&edges[*other])) {
        let Some(path) = &layers.paths[other] else { continue };
        let next =
            if is_start { path.get(1) } else { path.len().checked_sub(2).and_then(|place| path.get(place)) };
        let y = match next {
            Some(Member::Node(node)) => placed.boxes[*node].y + placed.boxes[*node].height / 2,
            Some(pass) => between.passes.get(pass).copied().unwrap_or(0),
            None => 0,
        };
        all.push((y, other));
    }
    all.sort_unstable();
    let place = all.iter().position(|(_, other)| *other == number).unwrap_or(0);
    side.y + side.height * (as_i32(place) + 1) / (as_i32(all.len()) + 1)
}
