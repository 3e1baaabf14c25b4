//! What every way of writing specs can do.

use super::document::Document;
use super::section::Section;
use crate::diagnostics::Diagnostics;

/// One way of writing specs.
pub trait Dialect: Sync {
    /// Whether a page is written in this way.
    fn recognizes(&self, root: &Section<'_>) -> bool;

    /// Reads a page. Whatever it does not understand ends in a diagnostic.
    fn parse(&self, root: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics);
}
