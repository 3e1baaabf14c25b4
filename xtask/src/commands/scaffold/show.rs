//! A draft for people.

use std::fmt::Write as _;

use similar::TextDiff;

use crate::scaffold::Draft;

/// Every new file with its text, the lines of existing ones, and what a person has to do. What was written is named alone.
pub(super) fn shown(draft: &Draft, is_written: bool) -> String {
    let mut text = String::new();
    for file in &draft.files {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "new      {} ({} lines)", file.path, file.text.lines().count());
        if !is_written {
            file.text.lines().for_each(|line| {
                let _ = writeln!(text, "    {line}");
            });
            text.push('\n');
        }
    }
    for registration in &draft.registrations {
        let diff = TextDiff::from_lines(&registration.old, &registration.new);
        let _ = writeln!(text, "changed  {}", registration.path);
        for line in diff.unified_diff().context_radius(1).to_string().lines() {
            let _ = writeln!(text, "    {line}");
        }
        text.push('\n');
    }
    for to_do in &draft.to_do {
        let _ = writeln!(text, "to do    {}\n", to_do.replace('\n', "\n    "));
    }
    let bodies: usize = draft.files.iter().map(|file| file.text.matches("skeleton!(").count()).sum();
    let lines: usize = draft.files.iter().map(|file| file.text.lines().count()).sum();
    let _ = writeln!(
        text,
        "{} files with {lines} lines, lines in {} more; {bodies} bodies to write: they say skeleton!",
        draft.files.len(),
        draft.registrations.len()
    );
    text
}
