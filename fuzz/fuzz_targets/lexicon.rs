//! Any text as the lexicon: it ends in a tree or in findings, and every finding can be shown.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xtask::diagnostics::{Diagnostics, render};
use xtask::read::yaml;
use xtask::source::Sources;

fuzz_target!(|text: &str| {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let file = sources.add("specs/lexicon.yaml", "lexicon.yaml", text);
    let tree = yaml::read(file, sources.get(file), &mut diagnostics);
    assert!(tree.is_some() || diagnostics.has_errors(), "silence");
    if let Some(tree) = tree {
        let _ = xtask::parse::lexicon::read(&tree, &mut diagnostics);
    }
    let _ = render::to_text(&diagnostics, &sources, false);
});
