//! What was drafted, printed.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::draft::Draft;
use crate::cli::AdoptPart;
use crate::diagnostics::{Severity, json as diagnostics_json};
use crate::pipeline::Run;
use crate::read::guess::Guess;
use crate::source::SourceFile;

/// The name of a part on the command line.
const fn name(part: AdoptPart) -> &'static str {
    match part {
        AdoptPart::Lexicon => "lexicon",
        AdoptPart::Codes => "codes",
        AdoptPart::Pair => "pair",
    }
}

/// The guesses of a draft that still carry their marks: line, and what it was made from.
fn guesses(draft: &Draft) -> Vec<(usize, Guess)> {
    let text = draft.difference.new.as_deref().unwrap_or_default();
    let source = SourceFile::new("", "", text);
    let found =
        if draft.part == AdoptPart::Pair { Guess::all_in_page(text) } else { Guess::all_in_yaml(text) };
    found.into_iter().map(|guess| (source.position(guess.range.start).line, guess)).collect()
}

/// Differences, file by file. Of a page that gets a place only what is added to it is shown.
pub fn as_text(drafts: &[Draft]) -> String {
    let mut text = String::new();
    for draft in drafts {
        // Writing to a string cannot fail.
        let _ = match &draft.shown {
            Some(page) => writeln!(text, "{page}"),
            None => write!(text, "{}", draft.difference),
        };
    }
    text
}

/// What is left to do, for people.
pub fn summary(drafts: &[Draft], run: &Run, is_broken: bool) -> String {
    let mut text = String::new();
    let (written, waiting): (Vec<&Draft>, Vec<&Draft>) = drafts.iter().partition(|draft| draft.is_written);
    // Writing to a string cannot fail.
    if !written.is_empty() {
        let guesses: usize = written.iter().map(|draft| guesses(draft).len()).sum();
        let _ = writeln!(text, "wrote {} files", written.len());
        if guesses > 0 {
            let _ = writeln!(
                text,
                "{guesses} guesses are marked with `guess:` in them; correct them and take the marks away"
            );
        }
    }
    if !waiting.is_empty() {
        let parts: Vec<&str> = [AdoptPart::Lexicon, AdoptPart::Codes, AdoptPart::Pair]
            .into_iter()
            .filter(|part| waiting.iter().any(|draft| draft.part == *part))
            .map(name)
            .collect();
        let _ = writeln!(
            text,
            "{} files are to be written; to do that: --accept={}",
            waiting.len(),
            parts.join(",")
        );
    }
    let errors = run.diagnostics.count(Severity::Error);
    if is_broken {
        let _ = writeln!(text, "a file cannot be read as it is meant, so nothing was drafted from it");
    } else if errors > 0 {
        let are = if errors == 1 { "finding is" } else { "findings are" };
        let _ = writeln!(text, "{errors} {are} left for a person");
    } else if drafts.is_empty() {
        let _ = writeln!(text, "nothing is missing");
    }
    text
}

/// Everything as one object.
pub fn as_json(drafts: &[Draft], run: &Run) -> Value {
    let files = drafts.iter().map(|draft| {
        json!({
            "file": draft.difference.file,
            "part": name(draft.part),
            "kind": draft.difference.kind(),
            "written": draft.is_written,
            "diff": draft.difference.lines(),
        })
    });
    let marks = drafts.iter().flat_map(|draft| {
        guesses(draft)
            .into_iter()
            .map(|(line, guess)| json!({ "file": draft.difference.file, "line": line, "from": guess.from }))
    });
    let found = run.diagnostics.sorted(&run.sources).into_iter();
    json!({
        "files": files.collect::<Vec<_>>(),
        "guesses": marks.collect::<Vec<_>>(),
        "errors": run.diagnostics.count(Severity::Error),
        "diagnostics": found.map(|one| diagnostics_json::diagnostic(one, &run.sources)).collect::<Vec<_>>(),
    })
}
