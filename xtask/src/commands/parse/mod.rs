//! `cargo xtask parse`: documents as read, before any name is looked up.
//!
//! Documents are read a batch at a time, by as many threads as the machine has cores, and printed in their order: what is held
//! does not grow with their number.

mod batch;
mod view;

use std::io::Write as _;
use std::process::ExitCode;
use std::thread::ScopedJoinHandle;

use super::{exit_code, print, print_error, uses_colour};
use crate::cli::{ParseArgs, ParseFormat};
use crate::diagnostics::{Diagnostics, render};
use crate::read::find_documents;
use crate::source::Sources;
use batch::Parsed;

/// Runs the command.
#[must_use]
pub fn run(args: &ParseArgs) -> ExitCode {
    let mut walked = Diagnostics::default();
    let found = find_documents(&args.paths, &mut walked);
    let mut printer = Printer { format: args.format, documents: 0, errors: 0, warnings: 0 };
    // A batch is printed while the next one is read.
    std::thread::scope(|scope| {
        let mut reading = None;
        for documents in batch::batches(&found) {
            let next = scope.spawn(|| batch::parse(documents, args.format, uses_colour()));
            printer.print_read(reading.replace(next));
        }
        printer.print_read(reading);
    });
    printer.finish(&walked)
}

/// Prints documents one behind the other, as parts of one array where tools read them.
struct Printer {
    format: ParseFormat,
    documents: usize,
    errors: usize,
    warnings: usize,
}

impl Printer {
    /// Prints a batch as soon as it is read.
    fn print_read(&mut self, reading: Option<ScopedJoinHandle<'_, Vec<Parsed>>>) {
        match reading.map(ScopedJoinHandle::join) {
            Some(Ok(batch)) => self.print(batch),
            // A panic is a fault of this program, and no document may be lost in silence.
            Some(Err(panic)) => std::panic::resume_unwind(panic),
            None => {}
        }
    }

    fn print(&mut self, batch: Vec<Parsed>) {
        let mut text = String::new();
        for document in batch {
            if self.format == ParseFormat::Json {
                text.push_str(if self.documents == 0 { "[\n" } else { ",\n" });
            }
            text.push_str(&document.text);
            self.documents += 1;
            self.errors += document.errors;
            self.warnings += document.warnings;
            if !document.findings.is_empty() {
                self.write(&text);
                text.clear();
                print_error(&document.findings);
            }
        }
        self.write(&text);
    }

    /// What people read may hold colours that their terminal cannot show; what tools read holds none.
    fn write(&self, text: &str) {
        if self.format == ParseFormat::Text {
            print(text);
        } else {
            // A reader that has gone away is no error of ours.
            let _ = std::io::stdout().write_all(text.as_bytes());
        }
    }

    /// Prints what was found while looking for documents, and what belongs at the end.
    fn finish(mut self, walked: &Diagnostics) -> ExitCode {
        let sources = Sources::default();
        self.print(batch::unopened(walked, &sources, self.format, uses_colour()));
        match (self.format, self.documents) {
            (ParseFormat::Json | ParseFormat::Yaml, 0) => self.write("[]\n"),
            (ParseFormat::Json, _) => self.write("\n]\n"),
            _ => {}
        }
        print_error(&render::totals(self.errors, self.warnings));
        exit_code(self.errors == 0)
    }
}
