//! The dialect with plain or numbered headings: `## Capability List`, `## 4) Writes (outputs)`, keys in backticks.
//!
//! What lives here: how its pages are recognized, and what they must have. Its sections are read by
//! [`sections`]. What must not: reading a section, or looking names up.

use selene_codegen::contract::SpecKind;

use super::dialect::Dialect;
use super::document::Document;
use super::section::Section;
use super::sections::{self, Known, Rules};
use crate::diagnostics::Diagnostics;

/// Specs with headings such as `## Capability List` or `## 4) Writes`.
pub struct Plain;

static RULES: Rules = Rules {
    required: |kind| match kind {
        SpecKind::Ecm => &[
            Known::EngineHeader,
            Known::CapabilityList,
            Known::FailureModes,
            Known::AuditPerCapability,
            Known::Sources,
        ],
        SpecKind::DbWiring => &[
            Known::EngineHeader,
            Known::DataOwned,
            Known::Reads,
            Known::Writes,
            Known::Relations,
            Known::AuditEmissions,
            Known::AcceptanceTests,
        ],
    },
    header_keys: &["engine_id", "purpose", "version", "status"],
    capability_keys: &["name", "input_schema", "output_schema", "allowed_callers", "side_effects"],
    tables_are_complete: true,
};

impl Dialect for Plain {
    fn recognizes(&self, root: &Section<'_>) -> bool {
        sections::tops(root)
            .iter()
            .any(|section| Known::of(section).is_some_and(|known| known != Known::Prose))
    }

    fn parse(&self, root: &Section<'_>, document: &mut Document, diagnostics: &mut Diagnostics) {
        sections::read(root, &RULES, document, diagnostics);
    }
}
