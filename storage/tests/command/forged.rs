//! Exports that are whole line by line and are no export of a store: two verifiers that share no code refuse each.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::common::World;
use crate::export::{exported, python, released};
use crate::program::{keep, on, text};

/// An export with several chains, line by line, and the heads of its store.
struct Forgery {
    _world: World,
    path: PathBuf,
    heads: PathBuf,
    lines: Vec<Value>,
}

impl Forgery {
    fn of(more: &[&str]) -> Self {
        let world = released("v6");
        let heads = world.path().with_extension("heads");
        keep("heads", &world.path(), &[], &heads);
        let (path, whole) = exported(&world, more);
        let lines = whole.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        Self { _world: world, path, heads, lines }
    }

    /// Where the chains begin, and where the last one ends.
    fn chains(&self) -> Vec<usize> {
        let is_edge =
            |place: &usize| ["chain", "end"].iter().any(|kind| self.lines[*place].get(kind).is_some());
        (0..self.lines.len()).filter(is_edge).collect()
    }

    /// Puts a line before the last one.
    fn push(&mut self, line: Value) {
        self.lines.insert(self.lines.len() - 1, line);
    }

    /// Lets both verifiers refuse it, though its last line says how much there is; heads of the store are at hand.
    #[track_caller]
    fn refuse(mut self, what: &str, of_python: &str) {
        let count = |kind: &str| self.lines.iter().filter(|line| line.get(kind).is_some()).count();
        let sealed = self.lines.iter().filter(|line| line["row"]["is_sealed"] == true).count();
        let (chains, events, rows) = (count("chain"), count("event"), count("row"));
        *self.lines.last_mut().unwrap() = json!({"end": {"chains": chains, "events": events, "rows": sealed, "unsealed_rows": rows - sealed}});
        let whole: Vec<String> = self.lines.iter().map(ToString::to_string).collect();
        std::fs::write(&self.path, whole.join("\n") + "\n").unwrap();
        on("verify-export", &self.path, &["--heads", text(&self.heads)]).ends_with(1).says(what);
        python(&self.path, &[]).ends_with(1).says(of_python);
    }
}

/// An event with the hash that it has to have, by the second verifier.
fn rehashed(mut line: Value) -> Value {
    let script = "import json, sys, verify_export; print(verify_export.event_hash(json.load(sys.stdin)))";
    let mut child = Command::new("python3")
        .args(["-B", "-c", script])
        .env("PYTHONPATH", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/command"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3");
    child.stdin.take().unwrap().write_all(line["event"].to_string().as_bytes()).unwrap();
    let hash = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
    line["event"]["hash"] = hash.trim().into();
    line
}

#[test]
fn the_second_verifier_hashes_an_event_of_the_store_as_the_store_does() {
    let export = Forgery::of(&[]);
    let event = export.lines.iter().find(|line| line.get("event").is_some()).unwrap();
    assert_eq!(&rehashed(event.clone()), event);
}

#[test]
fn a_chain_stands_once_and_in_its_place() {
    const ORDER: &str = "chains stand by tenant, each once";
    const OF_PYTHON: &str = "a chain that stood before, or that stands after a later one";
    let mut doubled = Forgery::of(&[]);
    let edges = doubled.chains();
    assert!(edges.len() > 2, "an export of several chains");
    let first = doubled.lines[edges[0]..edges[1]].to_vec();
    for line in first {
        doubled.push(line);
    }
    doubled.refuse(ORDER, OF_PYTHON);

    let mut swapped = Forgery::of(&[]);
    let edges = swapped.chains();
    swapped.lines[edges[0]..edges[2]].rotate_left(edges[1] - edges[0]);
    swapped.refuse(ORDER, OF_PYTHON);

    let mut forked = Forgery::of(&[]);
    let edges = forked.chains();
    let last = edges[edges.len() - 2];
    let (start, mut event) = (forked.lines[last].clone(), forked.lines[last + 1].clone());
    event["event"]["user_id"] = "mallory".into();
    event["event"]["row_seals"] = "[]".into();
    forked.push(start);
    forked.push(rehashed(event));
    forked.refuse(ORDER, OF_PYTHON);

    let mut nameless = Forgery::of(&["--tenant", "nobody"]);
    nameless.lines[0]["export"]["tenant_id"] = Value::Null;
    nameless.push(json!({"chain": {"tenant_id": "", "after_sequence": 0, "after_hash": "0".repeat(64)}}));
    nameless.refuse(ORDER, "the chain of another tenant");
}

#[test]
fn an_export_of_a_tenant_holds_the_chain_that_it_names() {
    let mut export = Forgery::of(&[]);
    export.lines[0]["export"]["tenant_id"] = "acme".into();
    export.refuse("the chain of another tenant than the export says", "the chain of another tenant");
}

#[test]
fn a_line_is_of_a_known_kind_in_its_place() {
    let mut export = Forgery::of(&[]);
    export.push(json!({"note": {}}));
    export.refuse("no line of an export", "no such kind of line");
    let mut export = Forgery::of(&[]);
    export.lines.remove(0);
    export.refuse("does not begin as an export", "the line of an export is the first one");
    let mut export = Forgery::of(&[]);
    let first = export.lines[0].clone();
    export.push(first);
    export.refuse("begins within another one", "the line of an export is the first one");
}

/// What no hash goes over could say anything.
#[test]
fn a_line_has_the_members_of_its_form_and_no_others() {
    const HASH: &str = "is not what its hash says";
    const OTHER: &str = "other members than the form has";
    for kind in ["event", "chain", "row"] {
        let mut export = Forgery::of(&[]);
        let line = export.lines.iter_mut().find(|line| line.get(kind).is_some()).unwrap();
        line[kind]["note"] = "approved".into();
        export.refuse("no line of an export", OTHER);
    }
    let last_event = |export: &mut Forgery, name: &str, value: Value| {
        let line = export.lines.iter_mut().rfind(|line| line.get("event").is_some()).unwrap();
        line["event"][name] = value;
    };
    let mut export = Forgery::of(&[]);
    last_event(&mut export, "row_seals", "[]".into());
    last_event(&mut export, "ledger_position", 7.into());
    export.refuse(HASH, OTHER);
    let mut export = Forgery::of(&[]);
    let line = export.lines.iter().rfind(|line| line.get("event").is_some()).unwrap();
    let padded = format!("0{}", line["event"]["correlation_id"].as_str().unwrap());
    last_event(&mut export, "correlation_id", padded.into());
    export.refuse(HASH, "a correlation in other digits than its number has");
}

/// Of two members of one name, one reader may take the first and another the last.
#[test]
fn a_member_that_stands_twice_is_refused() {
    let world = released("v6");
    let (path, whole) = exported(&world, &[]);
    let doubled = whole.replacen("\"reason_code\":", "\"reason_code\":\"OTHER\",\"reason_code\":", 1);
    assert_ne!(doubled, whole);
    std::fs::write(&path, doubled).unwrap();
    on("verify-export", &path, &[]).ends_with(1).says("no line of an export");
    python(&path, &[]).ends_with(1).says("a member that stands twice");
}

#[test]
fn events_and_rows_without_seals_stand_only_where_events_sealed_no_rows_yet() {
    let mut export = Forgery::of(&[]);
    let mut event = export.lines.iter().rfind(|line| line.get("event").is_some()).unwrap().clone();
    event["event"]["chain_sequence"] = (event["event"]["chain_sequence"].as_u64().unwrap() + 1).into();
    event["event"]["previous_hash"] = event["event"]["hash"].take();
    event["event"]["row_seals"] = Value::Null;
    event["event"]["ledger_position"] = 1.into();
    export.push(rehashed(event));
    export.refuse("has no seals, and one before it has", "an event without seals behind one with seals");

    let mut export = Forgery::of(&[]);
    let mut row = export.lines.iter().find(|line| line.get("row").is_some()).unwrap().clone();
    row["row"]["is_sealed"] = false.into();
    export.push(row);
    export.refuse("is of no event of this export", "a row of no event of this export");
}

#[test]
fn rows_without_seals_stand_behind_every_chain() {
    let world = released("v4");
    let (path, whole) = exported(&world, &[]);
    let lines = whole.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let heads = world.path().with_extension("heads");
    keep("heads", &world.path(), &[], &heads);
    let mut export = Forgery { _world: world, path, heads, lines };
    let (edges, row) = (export.chains(), export.lines.len() - 2);
    assert_eq!(export.lines[row]["row"]["is_sealed"], false);
    let row = export.lines.remove(row);
    export.lines.insert(edges[1], row);
    export.refuse("a chain begins behind the rows", "a chain behind the rows that no event seals");
}

#[test]
fn a_chain_that_was_cut_off_does_not_reach_its_head() {
    let export = Forgery::of(&[]);
    let heads = std::fs::read_to_string(&export.heads).unwrap();
    let head: Value = serde_json::from_str(heads.lines().nth(1).unwrap()).unwrap();
    let argument = |sequence: u64| {
        format!(
            "{sequence}@{}={}",
            head["tenant_id"].as_str().unwrap_or_default(),
            head["hash"].as_str().unwrap()
        )
    };
    let sequence = head["sequence"].as_u64().unwrap();
    python(&export.path, &[argument(sequence)]).ends_with(0);
    python(&export.path, &[argument(sequence + 1)]).ends_with(1).says("does not reach event");
}
