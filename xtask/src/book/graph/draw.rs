//! A picture that is laid out, as SVG. Colours are classes of the style sheet, so that it is light and dark with its page.

use std::fmt::Write as _;

use maud::{Markup, html};

use super::geometry::{LINE, PADDING, Placed, PlacedEdge, Rect, Route, WORD_CHARACTER, as_i32};
use super::model::{Graph, Look, Node};

pub(super) fn svg(graph: &Graph, placed: &Placed) -> Markup {
    let (width, height) = (placed.width, placed.height);
    html! {
        svg.graph viewBox=(format!("0 0 {width} {height}")) width=(width) height=(height) role="img"
            aria-label=(graph.title) xmlns="http://www.w3.org/2000/svg" {
            title { (graph.title) }
            @for edge in &placed.edges { (arrow(edge, graph.is_reversed)) }
            @for (node, rect) in graph.nodes.iter().zip(&placed.boxes) { (shape(node, *rect)) }
            @for edge in placed.edges.iter().filter(|edge| !edge.labels.is_empty()) { (words(edge)) }
        }
    }
}

fn shape(node: &Node, rect: Rect) -> Markup {
    let look = match node.look {
        Look::Plain => "node",
        Look::Faint => "node faint",
        Look::Start => "node start",
        Look::End => "node end",
    };
    let class = format!("{look} hue{}", node.hue % 8);
    let inner = html! {
        rect x=(rect.x) y=(rect.y) width=(rect.width) height=(rect.height) rx="6" {}
        @for (place, line) in (1_i32..).zip(&node.lines) {
            text class=(if place == 1 { "title" } else { "part" }) x=(rect.x + PADDING + 2)
                y=(rect.y + PADDING / 2 + place * LINE - 4) { (line) }
        }
    };
    let Some(href) = &node.href else { return html! { g class=(class) { (inner) } } };
    let title = node.lines.first().map_or("", String::as_str);
    html! { a class=(class) href=(href) aria-label=(title) { (inner) } }
}

fn arrow(edge: &PlacedEdge, is_reversed: bool) -> Markup {
    let (path, head) = match &edge.route {
        Route::Right(points) => {
            let path = through(points);
            let (first, last) = (points[0], points[points.len() - 1]);
            (path, if is_reversed { left(first) } else { right(last) })
        }
        Route::Back { from, to, depth } => {
            let path =
                format!("M{} {} C{} {depth} {} {depth} {} {}", from.0, from.1, from.0, to.0, to.0, to.1);
            (path, up(if is_reversed { *from } else { *to }))
        }
        Route::Loop { at: (x, y) } => {
            let path = format!("M{} {y} C{} {} {} {} {} {y}", x - 16, x - 30, y - 30, x + 30, y - 30, x + 16);
            (path, down((x + 16, *y)))
        }
    };
    html! {
        g.edge data-from=(edge.from) data-to=(edge.to) {
            path.line d=(path) {}
            path.head d=(head) {}
        }
    }
}

/// A curve that leaves and enters every point level.
fn through(points: &[(i32, i32)]) -> String {
    let mut path = format!("M{} {}", points[0].0, points[0].1);
    for pair in points.windows(2) {
        let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
        let middle = i32::midpoint(ax, bx);
        // Writing to a string cannot fail.
        let _ = write!(path, " C{middle} {ay} {middle} {by} {bx} {by}");
    }
    path
}

fn right((x, y): (i32, i32)) -> String {
    format!("M{x} {y} l-9 -4 l0 8 z")
}

fn left((x, y): (i32, i32)) -> String {
    format!("M{x} {y} l9 -4 l0 8 z")
}

fn up((x, y): (i32, i32)) -> String {
    format!("M{x} {y} l-4 9 l8 0 z")
}

fn down((x, y): (i32, i32)) -> String {
    format!("M{x} {y} l-6 -7 l8 -2 z")
}

/// The words of an edge, each line before a plate that hides what crosses it.
fn words(edge: &PlacedEdge) -> Markup {
    let (x, y) = edge.label_at;
    let lines = (0_i32..).zip(&edge.labels).map(|(place, label)| {
        let width = as_i32(label.chars().count()) * WORD_CHARACTER + 6;
        (y + place * LINE, width, label)
    });
    html! {
        @for (y, width, label) in lines {
            rect.plate x=(x - width / 2) y=(y - 10) width=(width) height="13" rx="3" {}
            text.word x=(x) y=(y) { (label) }
        }
    }
}
