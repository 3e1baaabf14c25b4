//! Any text as a spec: it is read, every byte is accounted for, and a page that says nothing has a finding.
#![no_main]

use libfuzzer_sys::fuzz_target;
use xtask::diagnostics::{Diagnostics, render};
use xtask::pipeline::parse_one;
use xtask::source::Sources;

fuzz_target!(|text: &str| {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let file = sources.add("specs/ecm/X.md", "ecm/X.md", text);
    let document = parse_one(file, &sources, &mut diagnostics);
    assert!(!document.is_bare() || diagnostics.iter().next().is_some(), "silence");
    let mut at = 0;
    for stretch in &document.stretches {
        assert_eq!(stretch.span.start, at, "stretches lie side by side");
        at = stretch.span.end;
    }
    assert_eq!(at, text.len(), "the last stretch ends with the page");
    let _ = render::to_text(&diagnostics, &sources, false);
});
