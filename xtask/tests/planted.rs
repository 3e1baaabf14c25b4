//! Contradictions between and within the pages, lexicon and register of ten engines, each planted alone: `planted.txt` says
//! what is put in and which rule has to name it. None may pass in silence.
//!
//! The ten engines are a copy (`ten_engines`), so that an edit of the workspace's own specs turns nothing red here. Of those it is
//! only asked that no rule finds anything in them.

mod common;

use std::path::Path;

use common::edits::{self, Edit};
use common::{copy, ten_engines, workspace};
use tempfile::TempDir;
use xtask::lint::list;
use xtask::pipeline;

/// A contradiction that is planted into a copy of the specs.
struct Planted {
    /// The line of `planted.txt` that it begins at.
    line: usize,
    /// The rule that has to name it.
    rule: String,
    edits: Vec<Edit>,
}

fn planted() -> Vec<Planted> {
    let text = include_str!("planted.txt");
    let mut texts: Vec<(usize, String, String)> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let mut line = line;
        if line.starts_with(['E', 'W']) {
            let (rule, file) = line.split_once(' ').expect("a rule and a file");
            texts.push((index + 1, rule.to_owned(), String::new()));
            line = file;
        }
        if let Some((_, _, text)) = texts.last_mut() {
            *text += line;
            text.push('\n');
        }
    }
    let planted = texts.into_iter();
    planted.map(|(line, rule, text)| Planted { line, rule, edits: edits::read(&text) }).collect()
}

/// The ids of everything that is found, each with how many places it names.
fn found(specs: &Path, out: &Path) -> Vec<(&'static str, usize)> {
    let run = pipeline::run_rules(specs, out, &|_| true);
    run.diagnostics.iter().map(|one| (one.code.id, one.labels.len())).collect()
}

/// Rules that compare with what was released. Reading it takes longer than all other rules, so only they are given it.
const OF_RELEASED: [&str; 3] = ["E0307", "E0650", "W0651"];

/// Whether the rule names a contradiction that was planted into a copy of the specs.
fn is_named(planted: &Planted, released: &Path) -> Result<(), String> {
    let folder = TempDir::new().expect("a temporary folder");
    let specs = folder.path().join("specs");
    copy(&ten_engines().join("specs"), &specs);
    edits::apply(&planted.edits, &specs, &format!("planted.txt:{}", planted.line));
    let nothing = folder.path().join("out");
    let is_compared = OF_RELEASED.contains(&planted.rule.as_str());
    let found = found(&specs, if is_compared { released } else { &nothing });
    let ids: Vec<&str> = found.iter().map(|(id, _)| *id).collect();
    if ids.contains(&planted.rule.as_str()) {
        return Ok(());
    }
    Err(format!("planted.txt:{}: {} is not found, but {ids:?}", planted.line, planted.rule))
}

#[test]
fn no_planted_contradiction_passes_in_silence() {
    let planted = planted();
    assert!(planted.len() >= 60, "{} are planted", planted.len());
    let released = ten_engines().join("generated");
    let cut = planted.len() / 2;
    let look = |some: &[Planted]| -> Vec<String> {
        some.iter().filter_map(|one| is_named(one, &released).err()).collect()
    };
    let silent = std::thread::scope(|scope| {
        let first = scope.spawn(|| look(&planted[..cut]));
        let mut silent = look(&planted[cut..]);
        silent.extend(first.join().expect("the other half is looked at"));
        silent
    });
    assert!(silent.is_empty(), "{} of {}:\n{}", silent.len(), planted.len(), silent.join("\n"));
}

#[test]
fn every_rule_of_the_list_has_a_planted_contradiction() {
    let planted = planted();
    let own = list::all().filter(|rule| rule.can_be_silenced());
    let missing: Vec<&str> =
        own.map(|rule| rule.code.id).filter(|id| !planted.iter().any(|one| one.rule == *id)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_ten_engines_say_nothing_against_themselves() {
    let found = found(&ten_engines().join("specs"), &ten_engines().join("generated"));
    assert_eq!(found, [], "what is planted into them could not be distinguished from this");
}

#[test]
fn the_workspace_says_nothing_against_itself() {
    let found = found(&workspace().join("specs"), &workspace().join("generated"));
    assert_eq!(found, [], "`cargo xtask lint` shows where");
}

#[test]
fn a_sentence_may_name_capabilities_beside_states() {
    let folder = TempDir::new().expect("a temporary folder");
    let specs = folder.path().join("specs");
    copy(&ten_engines().join("specs"), &specs);
    let edit = "db_wiring/PH2_ACCESS.md\n\
                - State/boundary constraints:\n\
                + State/boundary constraints:\\n- `PH2ACCESS_LIFECYCLE_COMMIT_ROW` moves ACTIVE to SUSPENDED.\n";
    edits::apply(&edits::read(edit), &specs, "capability in a sentence");
    assert_eq!(found(&specs, &folder.path().join("out")), []);
}
