//! A picture that is laid out, as SVG. Colours are classes of the style sheet, so that it is light and dark with its page.

use maud::{Markup, html};

use super::geometry::{End, Flow, LINE, PADDING, Placed, PlacedEdge, Rect, Route, WORD_CHARACTER, as_i32};
use super::model::{Graph, Look, Node};

/// How far an edge needs to turn into a lane: less than the space between two boxes of a layer.
const TURN: i32 = 12;

pub(super) fn svg(graph: &Graph, placed: &Placed) -> Markup {
    let flow = placed.flow;
    let (width, height) = flow.turn((placed.width, placed.height));
    html! {
        svg.graph viewBox=(format!("0 0 {width} {height}")) width=(width) height=(height) role="img"
            aria-label=(graph.title) xmlns="http://www.w3.org/2000/svg" {
            title { (graph.title) }
            @for edge in &placed.edges { (arrow(edge, flow, graph.is_reversed)) }
            @for (node, rect) in graph.nodes.iter().zip(&placed.boxes) { (shape(node, rect.turned(flow))) }
            @for edge in placed.edges.iter().filter(|edge| !edge.labels.is_empty()) { (words(edge, flow)) }
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

fn arrow(edge: &PlacedEdge, flow: Flow, is_reversed: bool) -> Markup {
    let pen = Pen(flow);
    let (path, head) = match &edge.route {
        Route::Right(points) => {
            let (first, last) = (points[0], points[points.len() - 1]);
            let head = if is_reversed {
                pen.head(first, [(9, -4), (0, 8)])
            } else {
                pen.head(last, [(-9, -4), (0, 8)])
            };
            (pen.through(points), head)
        }
        Route::Back { from, to, depth } => {
            let (start, end) = (from.below(), to.below());
            let below = pen.curve((start.0, *depth), (end.0, *depth), end);
            let path = [pen.start(from.at), pen.out(*from), below, pen.enter(*to)].concat();
            let end = if is_reversed { from } else { to };
            let sides = if end.around.is_some() { [(9, -4), (0, 8)] } else { [(-4, 9), (8, 0)] };
            (path, pen.head(end.at, sides))
        }
        Route::Loop { at: (x, y), reach } => {
            let (out, back) = ((x - reach, *y), (x + reach, *y));
            let curve = pen.curve((out.0 - 14, y - 30), (back.0 + 14, y - 30), back);
            (format!("{} {curve}", pen.start(out)), pen.head(back, [(-6, -7), (8, -2)]))
        }
    };
    html! {
        g.edge data-from=(edge.from) data-to=(edge.to) {
            path.line d=(path) {}
            path.head d=(head) {}
        }
    }
}

/// Draws what lies along and across a flow.
struct Pen(Flow);

impl Pen {
    fn point(&self, point: (i32, i32)) -> String {
        let (x, y) = self.0.turn(point);
        format!("{x} {y}")
    }

    fn start(&self, at: (i32, i32)) -> String {
        format!("M{}", self.point(at))
    }

    fn curve(&self, from: (i32, i32), to: (i32, i32), end: (i32, i32)) -> String {
        format!("C{} {} {}", self.point(from), self.point(to), self.point(end))
    }

    /// From the side of a box into the lane behind its layer, and down to where the way below the boxes begins.
    fn out(&self, end: End) -> String {
        let Some((lane, depth)) = end.around else { return " ".to_owned() };
        let (corner, turned) = ((lane, end.at.1), (lane, end.at.1 + TURN));
        let down = self.curve(turned, (lane, depth), (lane, depth));
        format!(" {} {down} ", self.curve(corner, corner, turned))
    }

    /// The same the other way.
    fn enter(&self, end: End) -> String {
        let Some((lane, depth)) = end.around else { return String::new() };
        let (corner, turned) = ((lane, end.at.1), (lane, end.at.1 + TURN));
        let up = self.curve((lane, depth), turned, turned);
        format!(" {up} {}", self.curve(corner, corner, end.at))
    }

    /// A curve that leaves and enters every point along the flow.
    fn through(&self, points: &[(i32, i32)]) -> String {
        let mut path = self.start(points[0]);
        for pair in points.windows(2).filter(|pair| pair[0] != pair[1]) {
            let (from, to) = (pair[0], pair[1]);
            let middle = i32::midpoint(from.0, to.0);
            path.push(' ');
            path.push_str(&self.curve((middle, from.1), (middle, to.1), to));
        }
        path
    }

    /// A triangle from its point on, by two of its sides.
    fn head(&self, at: (i32, i32), [first, second]: [(i32, i32); 2]) -> String {
        format!("{} l{} l{} z", self.start(at), self.point(first), self.point(second))
    }
}

/// The words of an edge, each line before a plate that hides what crosses it.
fn words(edge: &PlacedEdge, flow: Flow) -> Markup {
    let (x, middle) = flow.turn(edge.label_at);
    let first = middle - (as_i32(edge.labels.len()) - 1) * LINE / 2 + 4;
    let lines = (0_i32..).zip(&edge.labels).map(|(place, label)| {
        let width = as_i32(label.chars().count()) * WORD_CHARACTER + 6;
        (first + place * LINE, width, label)
    });
    html! {
        @for (y, width, label) in lines {
            rect.plate x=(x - width / 2) y=(y - 10) width=(width) height="13" rx="3" {}
            text.word x=(x) y=(y) { (label) }
        }
    }
}
