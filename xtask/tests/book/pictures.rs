//! Pictures show every node, hardly shrink, and lead no edge through a box that it does not join.

use std::collections::BTreeSet;

use selene_codegen::naming::without_schema;
use xtask::book::{self, File, Machine, Move, Subject};

use super::{Own, Specs, own, text};

/// How many steps of each curve are looked at.
const STEPS: u32 = 200;
/// How far the middle of a line may reach into a box by rounding.
const TOUCH: f64 = 0.5;

type Point = (f64, f64);

/// A box of a picture: its title, its corner and its size.
struct Node<'t> {
    title: &'t str,
    corner: Point,
    size: Point,
}

impl Node<'_> {
    fn holds(&self, (x, y): Point) -> bool {
        let within = |at: f64, start: f64, size: f64| at > start + TOUCH && at < start + size - TOUCH;
        within(x, self.corner.0, self.size.0) && within(y, self.corner.1, self.size.1)
    }
}

/// What stands between two texts, behind the first of them.
fn between<'t>(text: &'t str, start: &str, end: &str) -> Option<&'t str> {
    text.split_once(start).and_then(|(_, rest)| rest.split_once(end)).map(|(found, _)| found)
}

fn number(tag: &str, name: &str) -> f64 {
    let value = between(tag, &format!(" {name}=\""), "\"");
    value.and_then(|value| value.parse().ok()).unwrap_or_else(|| panic!("no number `{name}` in {tag}"))
}

fn pictures(files: &[File]) -> Vec<(&str, &str)> {
    let pages = files.iter().map(|file| (file.path.as_str(), file.text.as_str()));
    pages
        .flat_map(|(path, text)| {
            let pictures = text.split("<svg class=\"graph\"").skip(1);
            pictures.map(move |rest| (path, rest.split("</svg>").next().unwrap_or(rest)))
        })
        .collect()
}

fn nodes(picture: &str) -> Vec<Node<'_>> {
    picture
        .split(" class=\"node")
        .skip(1)
        .map(|rest| {
            let tag = between(rest, "<rect", ">").expect("a node has a box");
            let corner = (number(tag, "x"), number(tag, "y"));
            let size = (number(tag, "width"), number(tag, "height"));
            let title = between(rest, "class=\"title\"", "</text>").and_then(|rest| rest.split_once('>'));
            Node { title: title.expect("a node has a title").1, corner, size }
        })
        .collect()
}

/// The points of a path of curves, close enough that none skips a box.
fn along(path: &str) -> Vec<Point> {
    let words = path.replace(['M', 'C'], " ");
    assert!(!words.contains(char::is_alphabetic), "a path of other parts than curves: {path}");
    let numbers: Vec<f64> = words.split_whitespace().map(|word| word.parse().expect("a number")).collect();
    let points: Vec<Point> = numbers.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
    let curves = points[1..].chunks_exact(3);
    assert!(curves.remainder().is_empty(), "{path}");
    let starts = std::iter::once(points[0]).chain(curves.clone().map(|curve| curve[2]));
    let mut found = Vec::new();
    for (start, curve) in starts.zip(curves) {
        for step in 0..=STEPS {
            let part = f64::from(step) / f64::from(STEPS);
            let rest = 1.0 - part;
            let weights = [rest.powi(3), 3.0 * rest.powi(2) * part, 3.0 * rest * part.powi(2), part.powi(3)];
            let sum = |pick: fn(&Point) -> f64| {
                let places = [&start, &curve[0], &curve[1], &curve[2]];
                places.into_iter().zip(weights).map(|(place, weight)| pick(place) * weight).sum::<f64>()
            };
            found.push((sum(|point| point.0), sum(|point| point.1)));
        }
    }
    found
}

/// Every edge that leads through a box that is none of its ends, and how many edges there are.
fn crossings(files: &[File]) -> (Vec<String>, usize) {
    let (mut found, mut count) = (Vec::new(), 0);
    for (path, picture) in pictures(files) {
        let nodes = nodes(picture);
        for edge in picture.split("data-from=\"").skip(1) {
            let from: usize = edge.split('"').next().and_then(|number| number.parse().ok()).expect("a node");
            let to =
                between(edge, "data-to=\"", "\"").and_then(|number| number.parse().ok()).expect("a node");
            let points = along(between(edge, "class=\"line\" d=\"", "\"").expect("an edge has a line"));
            count += 1;
            for (number, node) in nodes.iter().enumerate().filter(|(number, _)| ![from, to].contains(number))
            {
                if points.iter().any(|point| node.holds(*point)) {
                    let (from, to) = (nodes[from].title, nodes[to].title);
                    found.push(format!("{path}: {from} -> {to} through {} ({number})", node.title));
                }
            }
        }
    }
    (found, count)
}

#[test]
fn no_edge_leads_through_a_box_that_it_does_not_join() {
    let (found, count) = crossings(&own().files);
    assert!(found.is_empty(), "{found:#?}");
    assert!(count > 200, "{count} edges");
}

/// Machines with moves to and fro at random, the same ones in every run.
fn machines(count: u32) -> Vec<Machine> {
    let mut seed = 1_u32;
    let mut below = move |limit: u32| {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 16) % limit
    };
    (0..count)
        .map(|place| {
            let states: Vec<String> = (0..4 + below(6))
                .map(|state| format!("STATE_{state}_{}", "X".repeat(state as usize * 2)))
                .collect();
            let named = |number: u32| states[number as usize].clone();
            let all = u32::try_from(states.len()).expect("a few states");
            let moves = (0..all + below(2 * all)).map(|number| Move {
                call: format!("CALL_{number}_COMMIT_ROW"),
                from: Some(named(below(all))),
                when: if below(2) == 0 { String::new() } else { "under some condition".to_owned() },
                to: Some(named(below(all))),
                reason: String::new(),
            });
            let moves = moves.collect();
            let table = format!("table_{place}");
            Machine {
                title: format!("Machine {place}"),
                engine: "PH1.W".to_owned(),
                table,
                column: "state".to_owned(),
                source: "here".to_owned(),
                states,
                moves,
            }
        })
        .collect()
}

#[test]
fn edges_of_any_machine_go_round_boxes() {
    let machines = machines(120);
    let Specs { run, parsed } = &own().specs;
    let files = book::site(Subject { run, parsed, report: None, machines: &machines, changes: None });
    let (found, count) = crossings(&files);
    assert!(found.is_empty(), "{} of {count}: {found:#?}", found.len());
    assert!(count > 1_000, "{count} edges");
}

#[test]
fn every_picture_has_its_nodes() {
    let Own { specs: Specs { run, .. }, machines, files } = own();
    let overview = text(files, "index.html");
    let tables: BTreeSet<&str> = run
        .resolved
        .contracts
        .iter()
        .flat_map(|one| &one.tables)
        .map(|table| without_schema(&table.name))
        .collect();
    for table in tables {
        assert!(
            overview.contains(&format!("href=\"tables/{table}.html\" aria-label=\"{table}\"")),
            "{table}"
        );
    }
    assert!(overview.matches("class=\"edge\"").count() > 20);
    for contract in run.resolved.contracts.iter().filter(|one| !one.tables.is_empty()) {
        let module = contract.engine.id.to_lowercase().replace('.', "_");
        assert!(text(files, &format!("engines/{module}.html")).contains("<svg class=\"graph\""), "{module}");
    }
    let pictures = text(files, "machines.html").matches("<svg class=\"graph\"").count();
    assert_eq!(pictures, machines.len());
}

/// Onboarding leads through nine states: side by side they would be 2,400 wide. A page of a screen of 1,280 has 949 for a picture, so the
/// widest shrinks by a tenth.
#[test]
fn pictures_of_states_hardly_shrink_on_a_screen() {
    let files = &own().files;
    let machines = text(files, "machines.html");
    let widths: Vec<u32> = machines
        .split("<svg class=\"graph\"")
        .skip(1)
        .map(|svg| {
            let width = svg.split(" width=\"").nth(1).and_then(|rest| rest.split('"').next());
            width.and_then(|width| width.parse().ok()).expect("a picture says its width")
        })
        .collect();
    assert!(!widths.is_empty() && widths.iter().all(|width| *width <= 1_050), "{widths:?}");
}
