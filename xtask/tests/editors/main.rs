//! The JSON Schemas for editors take what the readers take and refuse what they refuse.
//!
//! Two files that hold every key that there is are changed at every place: a key taken out, one put in that nobody knows, a value
//! replaced by one of another kind. Reader and schema must give the same answer each time, so that neither can change alone.

mod checker;
#[path = "../common/mod.rs"]
mod common;

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use common::{Sandbox, fixtures, ten_engines, workspace, xtask};
use serde_json::Value;
use xtask::diagnostics::{Diagnostics, Severity};
use xtask::editors;
use xtask::parse::{lexicon, reason_codes};
use xtask::read::yaml::{self, Kind, Node};
use xtask::source::{FileId, Sources, Spanned};

/// A YAML file with every key of its form.
struct Full {
    describes: &'static str,
    text: &'static str,
}

const FULL: [Full; 2] = [
    Full { describes: "lexicon.yaml", text: include_str!("lexicon.yaml") },
    Full { describes: "reason_codes.yaml", text: include_str!("reason_codes.yaml") },
];

fn schema(describes: &str) -> Value {
    editors::ALL.iter().find(|schema| schema.describes == describes).expect("a schema").value()
}

fn tree(text: &str) -> (FileId, Node) {
    let mut sources = Sources::default();
    let file = sources.add("x.yaml", "x.yaml", text);
    let mut diagnostics = Diagnostics::default();
    let tree = yaml::read(file, sources.get(file), &mut diagnostics).expect("YAML");
    (file, tree)
}

/// The errors of the reader.
fn refused(describes: &str, file: FileId, node: &Node) -> Vec<String> {
    let mut found = Diagnostics::default();
    if describes == "lexicon.yaml" {
        let _ = lexicon::read(node, &mut found);
    } else {
        let _ = reason_codes::read(file, node, &mut found);
    }
    found.iter().filter(|one| one.code.severity == Severity::Error).map(|one| one.message.clone()).collect()
}

/// A tree as editors see it.
fn as_json(node: &Node) -> Value {
    match &node.kind {
        Kind::Null => Value::Null,
        Kind::List(items) => items.iter().map(as_json).collect(),
        Kind::Map(entries) => {
            entries.iter().map(|(key, value)| (key.value.clone(), as_json(value))).collect()
        }
        Kind::Scalar(text) => match (xtask::read::number::whole_number(text), text.as_str()) {
            (Ok(number), _) => u64::try_from(number).map_or_else(|_| Value::from(u64::MAX), Value::from),
            (_, "true") => Value::Bool(true),
            (_, "false") => Value::Bool(false),
            _ => Value::String(text.clone()),
        },
    }
}

/// Every tree that differs at one place, with a word about the change.
fn changed(root: &Node) -> Vec<(String, Node)> {
    let mut found = Vec::new();
    let mut places = vec![Vec::new()];
    while let Some(place) = places.pop() {
        let node = at(&mut root.clone(), &place).clone();
        let name = path(root, &place);
        let mut with = |word: &str, kind: Kind| {
            let mut tree = root.clone();
            at(&mut tree, &place).kind = kind;
            found.push((format!("{name}: {word}"), tree));
        };
        let word = Node { span: node.span, kind: Kind::Scalar("WORD".to_owned()) };
        with("nothing", Kind::Null);
        with("a word", word.kind.clone());
        with("an empty list", Kind::List(Vec::new()));
        with("a list", Kind::List(vec![word.clone()]));
        with("an empty map", Kind::Map(Vec::new()));
        with("a list of a map", Kind::List(vec![Node { span: node.span, kind: Kind::Map(Vec::new()) }]));
        let count = match &node.kind {
            Kind::List(items) => items.len(),
            Kind::Map(entries) => {
                let mut more = entries.clone();
                more.push((Spanned::new("unheard_of".to_owned(), node.span), word.clone()));
                with("one more key", Kind::Map(more));
                for index in 0..entries.len() {
                    let mut fewer = entries.clone();
                    let (key, _) = fewer.remove(index);
                    with(&format!("without `{}`", key.value), Kind::Map(fewer));
                }
                entries.len()
            }
            _ => 0,
        };
        places.extend((0..count).map(|index| [&place[..], &[index]].concat()));
    }
    found
}

fn at<'a>(node: &'a mut Node, place: &[usize]) -> &'a mut Node {
    let Some((first, rest)) = place.split_first() else { return node };
    match &mut node.kind {
        Kind::List(items) => at(&mut items[*first], rest),
        Kind::Map(entries) => at(&mut entries[*first].1, rest),
        _ => panic!("a place leads into a scalar"),
    }
}

fn path(node: &Node, place: &[usize]) -> String {
    let Some((first, rest)) = place.split_first() else { return String::new() };
    match &node.kind {
        Kind::Map(entries) => format!("/{}{}", entries[*first].0.value, path(&entries[*first].1, rest)),
        Kind::List(items) => format!("/{first}{}", path(&items[*first], rest)),
        _ => String::new(),
    }
}

#[test]
fn reader_and_schema_give_the_same_answer_to_every_change() {
    for Full { describes, text } in FULL {
        let (file, root) = tree(text);
        let schema = schema(describes);
        assert_eq!(refused(describes, file, &root), Vec::<String>::new(), "{describes}");
        assert_eq!(checker::problem(&schema, &as_json(&root)), None, "{describes}");
        let changed = changed(&root);
        let mut refusals = 0;
        let mut different = Vec::new();
        for (what, tree) in &changed {
            let of_reader = refused(describes, file, tree);
            let of_schema = checker::problem(&schema, &as_json(tree));
            refusals += usize::from(!of_reader.is_empty());
            if of_reader.is_empty() != of_schema.is_none() {
                different.push(format!("{what}\n  reader: {of_reader:?}\n  schema: {of_schema:?}"));
            }
        }
        assert!(different.is_empty(), "{describes}:\n{}", different.join("\n"));
        assert!(refusals * 2 > changed.len() && refusals < changed.len(), "{refusals} of {}", changed.len());
    }
}

/// Every key that a schema names, in any of its maps.
fn keys(schema: &Value, found: &mut BTreeSet<String>) {
    match schema {
        Value::Object(entries) => {
            for (key, value) in entries {
                if key == "properties" {
                    found.extend(value.as_object().into_iter().flatten().map(|(key, _)| key.clone()));
                }
                keys(value, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| keys(item, found)),
        _ => {}
    }
}

#[test]
fn the_full_files_hold_every_key() {
    for Full { describes, text } in FULL {
        let mut named = BTreeSet::new();
        keys(&schema(describes), &mut named);
        let missing: Vec<&String> = named.iter().filter(|key| !text.contains(&format!("{key}:"))).collect();
        assert!(missing.is_empty(), "{describes}: {missing:?}");
    }
}

#[test]
fn every_word_of_a_fixed_list_is_known_to_the_reader() {
    let (file, root) = tree(FULL[0].text);
    assert!(refused("lexicon.yaml", file, &root).is_empty());
    for repr in ["u8", "u16", "u32", "u64", "u128"] {
        let text = FULL[0].text.replace("repr: u64", &format!("repr: {repr}"));
        let (file, root) = tree(&text);
        assert_eq!(refused("lexicon.yaml", file, &root), Vec::<String>::new());
        assert_eq!(checker::problem(&schema("lexicon.yaml"), &as_json(&root)), None);
    }
}

/// The folders with specs that lie around.
fn specs() -> Vec<PathBuf> {
    let mut found = vec![workspace().join("specs"), ten_engines().join("specs")];
    for parent in [fixtures(), fixtures().join("lint")] {
        let entries = fs::read_dir(parent).expect("the fixtures exist");
        found.extend(entries.map(|entry| entry.expect("an entry").path().join("specs")));
    }
    found.retain(|folder| folder.is_dir());
    found.sort();
    found
}

#[test]
fn every_file_that_a_reader_takes_a_schema_takes() {
    let mut taken = 0;
    for folder in specs() {
        for Full { describes, .. } in FULL {
            let Ok(text) = fs::read_to_string(folder.join(describes)) else { continue };
            let mut sources = Sources::default();
            let file = sources.add("x.yaml", "x.yaml", text.as_str());
            let mut diagnostics = Diagnostics::default();
            let Some(root) = yaml::read(file, sources.get(file), &mut diagnostics) else { continue };
            let of_reader = refused(describes, file, &root);
            let of_schema = checker::problem(&schema(describes), &as_json(&root));
            // The reader also looks at how words are written; a schema that takes those is no less true.
            let is_refused_too = !of_reader.is_empty();
            assert!(of_schema.is_none() || is_refused_too, "{}: {of_schema:?}", folder.display());
            taken += usize::from(of_schema.is_none());
        }
    }
    assert!(taken >= 20, "{taken}");
}

#[test]
fn the_files_of_the_workspace_name_the_schemas_that_the_code_gives() {
    let run = Sandbox::base().run(xtask().args(["schema", "--check"]).current_dir(workspace()));
    assert_eq!(run.code, Some(0), "run `cargo xtask schema`: {}", run.stderr);
    for schema in &editors::ALL {
        let path = workspace().join("specs").join(schema.describes);
        let text = fs::read_to_string(path).expect("the file is there");
        assert_eq!(text.lines().next(), Some(schema.first_line().as_str()), "{}", schema.describes);
    }
}

#[test]
fn a_schema_that_differs_is_named_and_written() {
    let sandbox = Sandbox::base();
    let out = sandbox.out();
    let run = |arguments: &[&str]| sandbox.run(xtask().arg("schema").args(arguments).arg("--out").arg(&out));
    let first = run(&["--check"]);
    assert_eq!(first.code, Some(1));
    assert!(first.stderr.contains("stale: out/schemas/lexicon.schema.json"), "{}", first.stderr);
    assert!(!out.exists(), "a check writes nothing");
    assert_eq!(run(&[]).stdout.matches("wrote out/schemas/").count(), 2);
    assert_eq!(run(&["--check"]).code, Some(0));
    let help = sandbox.run(xtask().args(["schema", "--help"])).stdout;
    assert!(help.contains("Examples:") && help.contains("Exit codes:"), "{help}");
}
