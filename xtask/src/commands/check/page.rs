//! The page as people, tools and a workflow get it.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::section::{Section, Verdict};
use crate::cli::FindingFormat;

/// All sections in one form.
pub fn printed(sections: &[Section], format: FindingFormat) -> String {
    match format {
        FindingFormat::Text => as_text(sections),
        FindingFormat::Json => format!("{:#}\n", as_json(sections)),
        FindingFormat::Github => sections.iter().map(|section| section.annotations.as_str()).collect(),
    }
}

/// One line per section, then the details of those that have any.
fn as_text(sections: &[Section]) -> String {
    let mut text = String::new();
    // Writing to a string cannot fail.
    for Section { title, verdict, summary, .. } in sections {
        let _ = writeln!(text, "{:<12}  {title:<12}  {summary}", verdict.as_str());
    }
    for section in sections.iter().filter(|section| !section.details.is_empty()) {
        let _ = writeln!(text, "\n== {}\n{}", section.title, section.details.trim_end());
    }
    let failed = sections.iter().filter(|section| section.verdict == Verdict::Failed);
    let failed: Vec<&str> = failed.map(|section| section.title).collect();
    if !failed.is_empty() {
        let _ = writeln!(text, "\nfailed: {}", failed.join(", "));
    }
    text
}

fn as_json(sections: &[Section]) -> Value {
    let objects = sections.iter().map(|section| {
        json!({
            "title": section.title,
            "verdict": section.verdict.as_str(),
            "summary": section.summary,
            "data": section.data,
        })
    });
    let failed = sections.iter().any(|section| section.verdict == Verdict::Failed);
    json!({ "passed": !failed, "sections": objects.collect::<Vec<_>>() })
}
