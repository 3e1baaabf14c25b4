//! The page about one thing, for people and for tools.

use std::fmt::Write as _;

use serde::Serialize;

/// All that is known about one thing.
#[derive(Debug, Serialize)]
pub struct Page {
    /// What it is: `capability`, `reason code`, `table`, `field`, `type`, `record`, `engine`, `acceptance test`, `diagnostic`,
    /// `kind of change`.
    pub kind: &'static str,
    /// The name that is explained.
    pub name: String,
    /// The engine that states it, if one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// What is known, under headings. None is empty.
    pub sections: Vec<Section>,
}

/// What is known under one heading.
#[derive(Debug, Serialize)]
pub struct Section {
    /// `spec`, `contract`, `trait`, `rule`, `rows`, `tests` and the like.
    pub title: &'static str,
    /// One fact a line.
    pub lines: Vec<String>,
}

impl Page {
    /// A page without sections.
    pub fn new(kind: &'static str, name: &str, engine: Option<&str>) -> Self {
        Self { kind, name: name.to_owned(), engine: engine.map(str::to_owned), sections: Vec::new() }
    }

    /// Adds a section, unless nothing stands in it.
    #[must_use]
    pub fn with(mut self, title: &'static str, lines: impl IntoIterator<Item = String>) -> Self {
        let lines: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
        if !lines.is_empty() {
            self.sections.push(Section { title, lines });
        }
        self
    }

    /// The page as text.
    pub fn to_text(&self) -> String {
        let of = self.engine.as_ref().map_or(String::new(), |engine| format!(" of {engine}"));
        let mut text = format!("{} ({}{of})\n", self.name, self.kind);
        // Writing to a string cannot fail.
        for Section { title, lines } in &self.sections {
            let _ = writeln!(text, "\n{title}");
            for line in lines {
                let _ = writeln!(text, "  {line}");
            }
        }
        text
    }
}
