//! Documents a batch at a time: read by several threads, given back in their order.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::Value;

use super::view::{View, unreadable};
use crate::cli::ParseFormat;
use crate::diagnostics::{Diagnostic, Diagnostics, Severity, render};
use crate::pipeline::parse_one;
use crate::read::FoundDocument;
use crate::source::Sources;

/// Bytes of documents that are held at once; a larger document is a batch of its own.
const BATCH_BYTES: u64 = 4 * 1024 * 1024;

/// Documents that are held at once, however small they are.
const BATCH_DOCUMENTS: usize = 512;

/// A document that was read, as it is printed.
pub struct Parsed {
    /// What it holds, in the format that was asked for.
    pub text: String,
    /// What was found in it, for people; empty where tools read it in the text.
    pub findings: String,
    /// How many of it are errors.
    pub errors: usize,
    /// How many of it are warnings.
    pub warnings: usize,
}

/// Cuts documents into batches, in their order.
pub fn batches(found: &[FoundDocument]) -> impl Iterator<Item = &[FoundDocument]> {
    let mut rest = found;
    std::iter::from_fn(move || {
        let mut size_bytes = 0;
        let fits = rest.iter().take(BATCH_DOCUMENTS).take_while(|document| {
            let fits = size_bytes < BATCH_BYTES;
            size_bytes += document.size_bytes();
            fits
        });
        let (batch, behind) = rest.split_at(fits.count());
        rest = behind;
        (!batch.is_empty()).then_some(batch)
    })
}

/// Reads a batch.
pub fn parse(found: &[FoundDocument], format: ParseFormat, colour: bool) -> Vec<Parsed> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::with_capacity(found.len()));
    let work = || {
        let mut mine = Vec::new();
        while let Some((index, document)) = {
            let index = next.fetch_add(1, Ordering::Relaxed);
            found.get(index).map(|document| (index, document))
        } {
            mine.extend(one(document, format, colour).into_iter().map(|parsed| (index, parsed)));
        }
        done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).append(&mut mine);
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(found.len());
    std::thread::scope(|scope| {
        for _ in 1..threads {
            scope.spawn(work);
        }
        work();
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    // A stable sort: what one document gives stays in its order.
    done.sort_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, parsed)| parsed).collect()
}

/// What was found beside the documents: one object per finding for tools, the findings for people.
pub fn unopened(
    diagnostics: &Diagnostics,
    sources: &Sources,
    format: ParseFormat,
    colour: bool,
) -> Vec<Parsed> {
    let (errors, warnings) = counts(diagnostics);
    if errors + warnings == 0 {
        return Vec::new();
    }
    let findings = render::each(diagnostics, sources, colour);
    if format == ParseFormat::Text {
        return vec![Parsed { text: String::new(), findings, errors, warnings }];
    }
    let mut parsed: Vec<Parsed> = diagnostics
        .iter()
        .map(|diagnostic: &Diagnostic| {
            let text = formatted(&unreadable(diagnostic, sources), format);
            Parsed { text, findings: String::new(), errors: 0, warnings: 0 }
        })
        .collect();
    if let Some(last) = parsed.last_mut() {
        *last = Parsed { text: std::mem::take(&mut last.text), findings, errors, warnings };
    }
    parsed
}

/// One document; several objects where it cannot be opened for several reasons.
fn one(found: &FoundDocument, format: ParseFormat, colour: bool) -> Vec<Parsed> {
    let mut sources = Sources::default();
    let mut diagnostics = Diagnostics::default();
    let Some(file) = found.open(&mut sources, &mut diagnostics) else {
        return unopened(&diagnostics, &sources, format, colour);
    };
    let document = parse_one(file, &sources, &mut diagnostics);
    let view = View { document: &document, sources: &sources, diagnostics: &diagnostics };
    let (errors, warnings) = counts(&diagnostics);
    let (text, findings) = match format {
        ParseFormat::Text => (view.to_text(), render::each(&diagnostics, &sources, colour)),
        // Tools find the findings in the document.
        ParseFormat::Json | ParseFormat::Yaml => (formatted(&view.to_json(), format), String::new()),
    };
    vec![Parsed { text, findings, errors, warnings }]
}

/// An object as an item of an array.
fn formatted(object: &Value, format: ParseFormat) -> String {
    if format == ParseFormat::Yaml {
        return selene_codegen::yaml::to_string(&[object]).unwrap_or_default();
    }
    // An array of one, without its brackets: indented as every item of the array is.
    let array = serde_json::to_string_pretty(&[object]).unwrap_or_default();
    array.strip_prefix("[\n").and_then(|rest| rest.strip_suffix("\n]")).unwrap_or_default().to_owned()
}

/// Errors and warnings of a document.
fn counts(diagnostics: &Diagnostics) -> (usize, usize) {
    (diagnostics.count(Severity::Error), diagnostics.count(Severity::Warning))
}
