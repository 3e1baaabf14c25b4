//! Where things stand in the specs, read at the moment when somebody asks.

use std::fmt;
use std::path::Path;

use selene_codegen::naming::module_name;
use serde::Serialize;

use crate::pipeline::{self, Run};
use crate::source::Span;

/// A line of the specs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Line {
    /// The path for people.
    pub path: String,
    /// The line, from 1.
    pub line: usize,
    /// Its text without the white space around it.
    pub text: String,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path, self.line, self.text)
    }
}

/// Specs as they stand now, for their lines.
#[derive(Debug)]
pub struct Places(Run);

impl Places {
    /// Reads the specs of a folder; `out` is only read.
    #[must_use]
    pub fn read(specs: &Path, out: &Path) -> Self {
        Self(pipeline::run_rules(specs, out, &|_| false))
    }

    /// The line of an item of an engine's contract: `["acceptance_tests", "AT-W-DB-01"]`.
    #[must_use]
    pub fn find(&self, engine: &str, path: &[&str]) -> Option<Line> {
        line_of(&self.0, engine, path)
    }
}

/// The line of an item of an engine's contract.
#[must_use]
pub fn line_of(run: &Run, engine: &str, path: &[&str]) -> Option<Line> {
    run.resolved.provenance.exact(&module_name(engine), path).map(|span| line_at(run, span))
}

/// The line on which a place lies.
#[must_use]
pub fn line_at(run: &Run, span: Span) -> Line {
    let file = run.sources.get(span.file);
    let text = file.text[file.line_of(span.start)].trim().to_owned();
    Line { path: file.path.clone(), line: run.sources.line(span), text }
}
